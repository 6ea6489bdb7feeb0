//! Test fixtures of this folder: turn contexts and passages.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use time::OffsetDateTime;
use uuid::Uuid;

use super::handbook::{Catalogue, ContextSource, Handbook, RULES_FILE, VOICE_FILE};
use crate::domain::conversations::turn::{
    Consent, PoisonState, TicketBrief, ToolCall, TurnContext, Utterance,
};
use crate::domain::customers::linking::Linking;
use crate::domain::enums::{Category, Channel, Priority, Role};
use crate::domain::ids::{ConversationId, TicketId, TurnId};
use crate::domain::knowledge::{Findings, Passage};
use crate::domain::messages::inquiry::TicketNumber;

static HANDBOOK: LazyLock<Arc<Handbook>> = LazyLock::new(|| {
    // Read at run time, so that rules can be changed without a build.
    let read = |name: &str| {
        std::fs::read_to_string(format!("{}/context/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
    };
    let (rules, voice) = (read(RULES_FILE), read(VOICE_FILE));
    let texts = Handbook::own_texts().map(|own| (own, read(own.source.name)));
    let source = |name, text| ContextSource { name, text };
    let texts: Vec<Catalogue<'_>> = texts
        .iter()
        .map(|(own, text)| Catalogue { language: own.language, source: source(own.source.name, text) })
        .collect();
    match Handbook::read(source(RULES_FILE, &rules), source(VOICE_FILE, &voice), &texts) {
        Ok(handbook) => Arc::new(handbook),
        Err(faults) => panic!("{faults}"),
    }
});

/// The shipped handbook.
pub fn handbook() -> Arc<Handbook> {
    Arc::clone(&HANDBOOK)
}

pub fn passage(id: &str, text: &str) -> Passage {
    Passage {
        id: id.to_owned(),
        title: "Reset a forgotten password".to_owned(),
        section: "Account and password > Reset a forgotten password".to_owned(),
        text: text.to_owned(),
        score: 0.9,
    }
}

pub fn relevant(passages: Vec<Passage>) -> Findings {
    Findings { passages, relevant: true, ..Findings::default() }
}

pub fn said_by(role: Role, text: &str) -> Utterance {
    Utterance {
        role,
        text: text.to_owned(),
        at: OffsetDateTime::UNIX_EPOCH,
        attachments: Vec::new(),
        opt_out: None,
        is_unsupported: false,
        unanswered: None,
    }
}

/// A first turn on the web form about these messages.
pub fn context(messages: &[&str]) -> TurnContext {
    TurnContext {
        conversation: ConversationId(Uuid::nil()),
        turn: TurnId(Uuid::nil()),
        epoch: 1,
        covers: 1,
        channel: Channel::WebForm,
        ticket: TicketBrief {
            id: TicketId(Uuid::nil()),
            number: TicketNumber(1042),
            subject: "Question".to_owned(),
            category: Category::General,
            priority: Priority::Medium,
        },
        customer_name: "Ann".to_owned(),
        unanswered: messages.iter().map(|text| said_by(Role::Customer, text)).collect(),
        history: Vec::new(),
        waited: Duration::ZERO,
        steps: Vec::new(),
        poison: PoisonState::Healthy,
        language: None,
        consent: Consent::Given,
        linking: Linking::default(),
        recent_replies: 0,
        instruction: None,
        account: None,
    }
}

pub fn call(id: &str, name: &str, arguments: &str) -> ToolCall {
    ToolCall { id: id.to_owned(), name: name.to_owned(), arguments: arguments.to_owned() }
}
