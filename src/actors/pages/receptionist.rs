//! `Receptionist`: hands a ticket over to people when its customer or a program asks for one. The texts are those
//! of an escalation by a turn; the store decides whether the ticket is with people already.

use std::sync::Arc;

use actix::prelude::*;

use crate::actors::messages::{AskForPerson, PersonAnswer};
use crate::actors::runtime::ask::Answer;
use crate::actors::runtime::supervised::{Work, Worker, WorkerContext};
use crate::actors::store::crm::{Wake, wake};
use crate::actors::store::store_handle::StoreHandle;
use crate::agent::handbook::Handbook;
use crate::agent::{expected_by, on_request};
use crate::channels::format::{Occasion, render_reply};
use crate::clock;
use crate::crm::port::TicketPages;
use crate::domain::conversations::escalation::{
    HandOverAnswer, HandOverWish, PersonRequest, RequestedHandOver,
};
use crate::domain::enums::MessageKind;
use crate::domain::ids::TicketId;

/// Arguments of a `Receptionist`.
pub struct ReceptionistArgs {
    pub pages: StoreHandle<dyn TicketPages>,
    pub handbook: Arc<Handbook>,
    /// Woken when there may be an acknowledgement to send.
    pub senders: Vec<Recipient<Wake>>,
}

pub struct Receptionist {
    pages: StoreHandle<dyn TicketPages>,
    handbook: Arc<Handbook>,
    senders: Vec<Recipient<Wake>>,
}

impl Worker for Receptionist {
    type Args = ReceptionistArgs;
    const MAILBOX: usize = 64;

    fn new(args: &ReceptionistArgs) -> Self {
        Self {
            pages: args.pages.clone(),
            handbook: Arc::clone(&args.handbook),
            senders: args.senders.clone(),
        }
    }
}

impl Work<AskForPerson> for Receptionist {
    fn work(&mut self, order: AskForPerson, ctx: &mut WorkerContext<'_, Self>) {
        let AskForPerson { ticket, wish, reply } = order;
        let asked = ask_for_person(self.pages.clone(), Arc::clone(&self.handbook), ticket, wish);
        ctx.perform(asked, move |receptionist, answer, _| {
            receptionist.senders.iter().for_each(wake);
            reply.send(answer);
        });
    }
}

async fn ask_for_person(
    pages: StoreHandle<dyn TicketPages>,
    handbook: Arc<Handbook>,
    ticket: TicketId,
    wish: HandOverWish,
) -> Answer<PersonAnswer> {
    let Some(request) = pages.call(move |pages| pages.person_request(ticket)).await? else {
        return Ok(PersonAnswer::NoTicket);
    };
    let order = requested(ticket, &request, &wish, &handbook);
    Ok(match pages.call(move |pages| pages.ask_for_person(order)).await? {
        HandOverAnswer::NoTicket => PersonAnswer::NoTicket,
        HandOverAnswer::TicketClosed => PersonAnswer::TicketClosed,
        HandOverAnswer::Escalated(escalation) => PersonAnswer::Coming {
            escalation: escalation.escalation,
            status: escalation.status,
            message: escalation.message,
            expected_by: expected_by(&handbook, escalation.reason, escalation.severity, escalation.at),
        },
    })
}

fn requested(
    ticket: TicketId,
    request: &PersonRequest,
    wish: &HandOverWish,
    handbook: &Handbook,
) -> RequestedHandOver {
    let hand_over = on_request(request, wish, handbook);
    let occasion = Occasion {
        customer_name: &request.customer_name,
        ticket: request.ticket_number,
        kind: MessageKind::Acknowledgement,
    };
    let text = &hand_over.acknowledgement;
    RequestedHandOver {
        ticket,
        message: clock::new_v7().into(),
        delivery: clock::new_v7().into(),
        escalation: clock::new_v7().into(),
        acknowledgement: render_reply(request.channel, text, &occasion, &handbook.voice),
        reason: hand_over.reason,
        severity: hand_over.severity,
        summary: hand_over.summary,
    }
}
