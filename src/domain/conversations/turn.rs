//! One turn of the bot: its input, the steps it records, and its decision.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::answer_fault::AnswerFault;
use crate::domain::customers::consent::OptOutCommand;
use crate::domain::customers::linking::{LinkStep, Linking};
use crate::domain::customers::web_identity::AccountTicket;
use crate::domain::enums::{Category, Channel, Outcome, Priority, Reason, Role, Severity, Unanswered};
use crate::domain::ids::{ConversationId, DeliveryId, EscalationId, MessageId, TicketId, TurnId};
use crate::domain::knowledge::{Findings, Source};
use crate::domain::messages::attachment::{Attachment, AttachmentKind};
use crate::domain::messages::inquiry::TicketNumber;

/// Messages before the unanswered ones that a turn is told of.
pub const HISTORY_LENGTH: i64 = 60;

/// The input of a turn: everything it may know, read in the transaction that made it the owner.
#[derive(Clone, Debug, PartialEq)]
pub struct TurnContext {
    pub conversation: ConversationId,
    pub turn: TurnId,
    /// The fencing token: a write with an older one is refused.
    pub epoch: i64,
    /// The newest inbound message (its number in the conversation) that this turn may answer.
    pub covers: i64,
    pub channel: Channel,
    pub ticket: TicketBrief,
    pub customer_name: String,
    /// Unanswered inbound messages, oldest first; never empty.
    pub unanswered: Vec<Utterance>,
    /// Earlier messages, oldest first, as far as they may be shown.
    pub history: Vec<Utterance>,
    /// Age of the oldest unanswered message, by the database's clock.
    pub waited: std::time::Duration,
    /// The steps of an unfinished turn that this one resumes.
    pub steps: Vec<Step>,
    pub poison: PoisonState,
    /// The customer's language (ISO 639), as last detected.
    pub language: Option<String>,
    pub consent: Consent,
    pub linking: Linking,
    /// Automatic replies by mail to the sender of the newest message within the last hour.
    pub recent_replies: i64,
    /// What staff told the bot when they handed the conversation back.
    pub instruction: Option<String>,
    /// The customer's other tickets; `None` unless the address is proved.
    pub account: Option<Vec<AccountTicket>>,
}

/// Automatic replies by mail that one sender gets within an hour; more of them are a loop.
pub const REPLIES_PER_HOUR: i64 = 5;

/// Whether a customer accepts messages on their channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consent {
    Given,
    /// They opted out: only the confirmation of that may be sent.
    Withdrawn,
}

/// The open ticket of a conversation, as a turn sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketBrief {
    pub id: TicketId,
    pub number: TicketNumber,
    pub subject: String,
    pub category: Category,
    pub priority: Priority,
}

/// One message of the conversation, as a turn sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Utterance {
    pub role: Role,
    pub text: String,
    pub at: OffsetDateTime,
    /// Attachments.
    pub attachments: Vec<Attachment>,
    /// Set if this message changed its sender's consent.
    pub opt_out: Option<OptOutCommand>,
    /// The provider could not pass on what this message holds, such as a poll.
    pub is_unsupported: bool,
    /// Why this mail gets no automatic answer.
    pub unanswered: Option<Unanswered>,
}

impl Utterance {
    /// The text with its attachments in words, whose content was not read: `[photo, 1.2 MB, not read]`.
    pub fn shown(&self) -> String {
        let files = self.attachments.iter().map(|file| format!("[{file}, not read]"));
        let words = Some(self.text.clone()).filter(|text| !text.is_empty());
        words.into_iter().chain(files).collect::<Vec<_>>().join(" ")
    }

    /// Whether there are attachments that may contain a request. A sticker means no more than an emoji.
    pub fn shows_something(&self) -> bool {
        let kinds = self.attachments.iter().map(|file| AttachmentKind::of(&file.content_type));
        kinds.filter(|kind| *kind != AttachmentKind::Sticker).count() > 0
    }
}

/// Poison message state, from earlier crashes and faults of its turns (PROTOCOL.md 5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PoisonState {
    Healthy,
    /// Three processes died while its turn ran: from now on it runs serialized.
    Quarantined,
    /// Its turns failed too often: it is parked, not run.
    DeadLetter,
}

/// Process crashes during a message's turn after which it is quarantined.
const CRASHES_TO_QUARANTINE: i16 = 3;
/// Faults of the turn itself, such as panics, at which a message is parked.
const FAULTS_TO_PARK: i16 = 3;

impl PoisonState {
    pub fn judge(crash_count: i16, faults: i16) -> Self {
        if crash_count > CRASHES_TO_QUARANTINE || faults >= FAULTS_TO_PARK {
            Self::DeadLetter
        } else if crash_count == CRASHES_TO_QUARANTINE {
            Self::Quarantined
        } else {
            Self::Healthy
        }
    }
}

/// A recorded step of a turn: what cost time or money, or was not deterministic, and must not be repeated after a
/// crash.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Step {
    /// The prefetched search before the first model call.
    Prefetched { query: String, findings: Findings },
    /// An answer of the model.
    Modelled { said: ModelTurn },
    /// The provider refuses for good.
    ModelFailed,
    /// A tool call of the model was executed (or refused: then `result` says why).
    ToolRan { call_id: String, name: String, result: String, findings: Findings },
}

impl Step {
    /// The step's cost if it was a model call.
    pub fn usage(&self) -> Option<Usage> {
        match self {
            Self::Modelled { said } => Some(said.usage),
            Self::Prefetched { .. } | Self::ModelFailed | Self::ToolRan { .. } => None,
        }
    }

    pub fn kind(&self) -> &'static str {
        match self {
            Self::Prefetched { .. } => "prefetched",
            Self::Modelled { .. } => "modelled",
            Self::ModelFailed => "model_failed",
            Self::ToolRan { .. } => "tool_ran",
        }
    }
}

/// A model's answer to one call.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelTurn {
    pub text: Option<String>,
    pub calls: Vec<ToolCall>,
    pub usage: Usage,
    /// The model that answered, if it was the fallback.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// Why the answer can't be used; then it has neither text nor calls.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<AnswerFault>,
}

/// A tool call requested by the model; the arguments are unvalidated JSON text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToolCall {
    pub id: String,
    pub name: String,
    pub arguments: String,
}

/// Usage of model calls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    pub tokens_in: u32,
    pub tokens_out: u32,
    /// Millionths of a US dollar; 0 if the model's price is unknown.
    #[serde(default)]
    pub cost_micros: u64,
    /// Duration of the model call in milliseconds, without waits on a failing provider.
    #[serde(default)]
    pub took_ms: u32,
}

impl Usage {
    pub fn tokens(self) -> u32 {
        self.tokens_in.saturating_add(self.tokens_out)
    }

    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            tokens_in: self.tokens_in.saturating_add(other.tokens_in),
            tokens_out: self.tokens_out.saturating_add(other.tokens_out),
            cost_micros: self.cost_micros.saturating_add(other.cost_micros),
            took_ms: self.took_ms.saturating_add(other.took_ms),
        }
    }
}

/// Total usage of model calls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spend {
    pub tokens: u64,
    pub cost_micros: u64,
}

/// Usage before a turn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    pub conversation: Spend,
    /// Of all conversations, since midnight UTC.
    pub day: Spend,
}

/// The one terminal action of a turn.
#[derive(Clone, Debug, PartialEq)]
pub enum Decision {
    Answer { text: String, sources: Vec<Source> },
    Escalate(HandOver),
    Silent,
}

impl Decision {
    pub fn outcome(&self) -> Outcome {
        match self {
            Self::Answer { .. } => Outcome::Answer,
            Self::Escalate(_) => Outcome::Escalate,
            Self::Silent => Outcome::Silent,
        }
    }
}

/// Hand-off of a conversation to staff, acknowledged to the customer once.
#[derive(Clone, Debug, PartialEq)]
pub struct HandOver {
    pub reason: Reason,
    pub severity: Severity,
    /// For staff: what the customer wants, in a few lines.
    pub summary: String,
    /// Empty where the customer must get none, as in a mail loop.
    pub acknowledgement: String,
}

/// How a decision was made; stored with the reply for staff and metrics.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Provenance {
    pub model: String,
    pub prompt_version: String,
    pub usage: Usage,
    pub model_calls: u32,
    /// Names of the tools in the order they ran, prefetched ones first.
    pub tools: Vec<String>,
    pub latency_ms: i32,
}

/// A decision to commit; its ids are created before the first attempt, so that a retry is idempotent.
#[derive(Clone, Debug, PartialEq)]
pub struct Finish {
    pub conversation: ConversationId,
    pub turn: TurnId,
    pub epoch: i64,
    pub covers: i64,
    pub supersede: SupersedePolicy,
    pub decision: Decision,
    /// The result of verification codes typed and addresses asserted in the covered messages.
    pub link: Option<LinkStep>,
    pub provenance: Provenance,
    /// Sentiment of the covered messages, from 0 to 1; `None` if it was not computed.
    pub sentiment: Option<f32>,
    /// Why the covered messages are parked as dead letters; `None` if they are not.
    pub dead_letter: Option<String>,
    pub ids: FinishIds,
}

/// Ids of the rows that a finished turn writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FinishIds {
    pub message: MessageId,
    pub delivery: DeliveryId,
    pub escalation: EscalationId,
}

/// Whether a newer message restarts a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SupersedePolicy {
    /// A newer inbound message makes it start again.
    Restart,
    /// It was superseded often or waited long enough: it answers what it covers, and the rest gets the next turn.
    Commit,
}

/// Supersedes after which a turn commits what it has (PROTOCOL.md 4.4).
const MAX_SUPERSEDES: u32 = 3;
/// Age of the oldest unanswered message from which a turn commits what it has (PROTOCOL.md 4.4).
const MAX_WAIT: std::time::Duration = std::time::Duration::from_secs(30);

impl SupersedePolicy {
    pub fn after(supersedes: u32, waited: std::time::Duration) -> Self {
        if supersedes >= MAX_SUPERSEDES || waited >= MAX_WAIT { Self::Commit } else { Self::Restart }
    }
}

/// The result of beginning a turn.
#[derive(Clone, Debug, PartialEq)]
pub enum Begun {
    /// Nothing to answer, or in human hands: nothing was changed.
    Idle,
    Started(Box<TurnContext>),
}

/// The result of finishing a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finished {
    /// The decision is committed. `Rest::Waiting` means that newer messages need another turn.
    Committed(Rest),
    Refused(Refusal),
}

/// Whether a conversation has unanswered messages left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rest {
    Nothing,
    Waiting,
}

/// Why a turn may not commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// A newer message arrived: restart with it.
    Newer,
    /// Fenced: another owner began a turn; stop.
    Fenced,
    /// Staff took over; stop.
    TakenOver,
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_message_is_parked_after_three_faults_or_a_fourth_death() {
        let cases = [
            (0, 0, PoisonState::Healthy),
            (2, 2, PoisonState::Healthy),
            (3, 0, PoisonState::Quarantined),
            (3, 2, PoisonState::Quarantined),
            (0, 3, PoisonState::DeadLetter),
            (4, 0, PoisonState::DeadLetter),
        ];
        for (crash_count, faults, verdict) in cases {
            assert_eq!(
                PoisonState::judge(crash_count, faults),
                verdict,
                "{crash_count} crash_count, {faults} faults"
            );
        }
    }

    #[test]
    fn a_turn_yields_three_times_and_for_thirty_seconds() {
        assert_eq!(SupersedePolicy::after(2, Duration::from_secs(29)), SupersedePolicy::Restart);
        assert_eq!(SupersedePolicy::after(3, Duration::ZERO), SupersedePolicy::Commit);
        assert_eq!(SupersedePolicy::after(0, Duration::from_secs(30)), SupersedePolicy::Commit);
    }
}
