//! What staff see of a conversation beside its messages: the turns of the bot, the hand-off, and who takes part.

use serde::Deserialize;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::domain::conversations::turn::Step;
use crate::domain::enums::{
    AddressProof, IdentifierKind, Outcome, ParticipantRole, Reason, Severity, TurnState,
};
use crate::domain::ids::{ConversationId, DeadLetterId, EscalationId, MessageId, SideId, TurnId};
use crate::domain::knowledge::Source;

/// Turns that one page of a conversation shows.
pub const MAX_TURNS: i64 = 50;
/// Addresses that one conversation shows.
pub const MAX_PARTICIPANTS: i64 = 50;

/// An account, or a customer, as others see them.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct PersonRef {
    pub id: Uuid,
    pub name: String,
}

/// What a conversation is to staff.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeskFacts {
    pub assignee: Option<PersonRef>,
    pub tags: Vec<String>,
    pub severity: Option<Severity>,
    pub reason: Option<Reason>,
    pub snoozed_until: Option<OffsetDateTime>,
    /// Messages that were parked and wait for staff.
    pub parked: Vec<DeadLetterId>,
    /// Side conversations, oldest first.
    pub side: Vec<SideId>,
    /// Where it goes on, if it is merged into another conversation.
    pub merged_into: Option<ConversationId>,
    /// Who is told of what happens in it.
    pub watchers: Vec<PersonRef>,
    pub sla: DueTimes,
}

/// When answers of people are due; nothing is while the bot has the conversation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DueTimes {
    pub first_response: Option<OffsetDateTime>,
    pub next_response: Option<OffsetDateTime>,
    pub resolution: Option<OffsetDateTime>,
    /// One of them is over.
    pub breached: bool,
    /// The conversation waits for its customer, or support is closed.
    pub paused: bool,
}

/// What a person who takes over must know, as it was at the hand-off.
#[derive(Clone, Debug, PartialEq)]
pub struct HandOffView {
    pub escalation: EscalationId,
    /// What the customer came with.
    pub wish: String,
    /// What the bot answered, oldest first.
    pub tried: Vec<String>,
    /// What was not answered.
    pub open_question: String,
    /// What the customer was told that people will do.
    pub promises: Vec<String>,
    pub sources: Vec<Source>,
}

/// One turn of the bot.
#[derive(Clone, Debug, PartialEq)]
pub struct TurnView {
    pub id: TurnId,
    pub outcome: Option<Outcome>,
    pub state: TurnState,
    pub started_at: OffsetDateTime,
    pub ended_at: Option<OffsetDateTime>,
    pub covers: Vec<MessageId>,
    pub steps: Vec<StepView>,
    pub sources: Vec<Source>,
    pub model: Option<String>,
    pub tokens: i64,
    pub cost_micros: i64,
}

/// One recorded step of a turn.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct StepView {
    pub number: i32,
    pub step: Step,
}

/// An address that takes part in a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParticipantView {
    pub kind: IdentifierKind,
    pub value: String,
    pub name: String,
    pub role: ParticipantRole,
    pub proof: AddressProof,
}
