//! Test data builders: inquiries and turns for tests of the records.

use fte::clock;
use fte::crm::port::{BeginTurn, Inquiries, TicketPages, Turns};
use fte::crm::postgres::PgStore;
use fte::domain::conversations::turn::{
    Begun, Decision, Finish, FinishIds, Finished, HandOver, Provenance, SupersedePolicy, TurnContext,
};
use fte::domain::customers::contact::{Address, Email};
use fte::domain::enums::{Category, Channel, Priority, Reason, Severity};
use fte::domain::ids::{ConversationId, ProcessId, TicketId};
use fte::domain::messages::inquiry::{
    Attestation, Extras, Inquiry, Opening, Receipt, Sender, Stored, Thread,
};
use fte::domain::views::{PageFound, PageRequest, TicketView};

use super::postgres::connector;

pub fn store(url: &str) -> PgStore {
    PgStore::new(&connector(url)).unwrap()
}

/// A submission of the web form; `external` makes it unique.
pub fn submission(email: &str, external: &str) -> Inquiry {
    let opening = Opening {
        conversation: clock::new_v7().into(),
        ticket: clock::new_v4().into(),
        customer: clock::new_v7().into(),
        sender: Sender {
            address: Address::Email(Email::parse(email).unwrap()),
            attestation: Attestation::Unverified,
            name: "Ann".to_owned(),
        },
        subject: "Password".to_owned(),
        category: Category::Technical,
        priority: Priority::Medium,
        contact_phone: None,
    };
    message(external, Thread::Opens(Box::new(opening)))
}

pub fn follow_up(ticket: TicketId, external: &str) -> Inquiry {
    message(external, Thread::Continues(ticket))
}

fn message(external: &str, thread: Thread) -> Inquiry {
    Inquiry {
        message: clock::new_v7().into(),
        channel: Channel::WebForm,
        external_id: external.to_owned(),
        fingerprint: [7; 32],
        text: format!("How do I reset my password? ({external})"),
        thread,
        extras: Extras::default(),
    }
}

/// The newest page of a ticket.
pub async fn page(store: &PgStore, ticket: TicketId) -> TicketView {
    let request = PageRequest { before: None, limit: 100, max_bytes: i64::MAX };
    match store.page(ticket, None, request).await.unwrap() {
        PageFound::Page(page) => *page,
        other
        @ (PageFound::NoTicket | PageFound::Expired | PageFound::Locked | PageFound::UnknownMessage) => {
            panic!("no page: {other:?}")
        }
    }
}

/// Stores one inquiry, which must be accepted.
pub async fn accept(store: &PgStore, inquiry: Inquiry) -> Receipt {
    let stored = store.store_inquiries(vec![inquiry]).await.remove(0).unwrap();
    let Stored::Accepted(receipt) = stored else {
        panic!("not accepted: {stored:?}");
    };
    receipt
}

pub fn process() -> ProcessId {
    clock::new_v7().into()
}

/// Begins a turn, if there is anything to answer.
pub async fn begin(store: &PgStore, conversation: ConversationId, owner: ProcessId) -> Option<TurnContext> {
    let opt_out = BeginTurn { conversation, turn: clock::new_v7().into(), owner };
    match store.begin_turns(vec![opt_out]).await.remove(0).unwrap() {
        Begun::Idle => None,
        Begun::Started(context) => Some(*context),
    }
}

pub fn answer(context: &TurnContext, text: &str) -> Finish {
    decide(context, Decision::Answer { text: text.to_owned(), sources: vec![] })
}

pub fn escalate(context: &TurnContext) -> Finish {
    let hand_over = HandOver {
        reason: Reason::Refund,
        severity: Severity::Normal,
        summary: "wants a refund".to_owned(),
        acknowledgement: "A colleague will answer you.".to_owned(),
    };
    decide(context, Decision::Escalate(hand_over))
}

pub fn decide(context: &TurnContext, decision: Decision) -> Finish {
    Finish {
        conversation: context.conversation,
        turn: context.turn,
        epoch: context.epoch,
        covers: context.covers,
        supersede: SupersedePolicy::Restart,
        decision,
        link: None,
        provenance: Provenance { model: "test".to_owned(), ..Provenance::default() },
        sentiment: None,
        dead_letter: None,
        ids: FinishIds {
            message: clock::new_v7().into(),
            delivery: clock::new_v7().into(),
            escalation: clock::new_v7().into(),
        },
    }
}

pub async fn finish(store: &PgStore, finish: Finish) -> Finished {
    store.finish_turns(vec![finish]).await.remove(0).unwrap()
}
