//! One turn of the bot: what it starts from, the steps it records, and what it decides.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::attachment::{Attachment, AttachmentKind};
use super::consent::Wish;
use super::ids::{ConversationId, DeliveryId, EscalationId, MessageId, TicketId, TurnId};
use super::inquiry::TicketNumber;
use super::knowledge::{Findings, Source};
use super::linking::{LinkStep, Linking};
use super::words::{Category, Channel, Outcome, Priority, Reason, Role, Severity};

/// Messages before the unanswered ones that a turn is told of.
pub const HISTORY_LENGTH: i64 = 60;

/// What a turn starts from: everything it may know, read in the transaction that made it the owner.
#[derive(Clone, Debug, PartialEq)]
pub struct Briefing {
    pub conversation: ConversationId,
    pub turn: TurnId,
    /// The fencing token: whoever holds an older one writes nothing any more.
    pub epoch: i64,
    /// The newest inbound message (its number in the conversation) that this turn may settle.
    pub covers: i64,
    pub channel: Channel,
    pub ticket: TicketBrief,
    pub customer_name: String,
    /// Inbound messages not settled yet, oldest first; never empty.
    pub unsettled: Vec<Utterance>,
    /// What was said before them, oldest first, as far as it may be shown.
    pub history: Vec<Utterance>,
    /// How long the oldest unsettled message has waited, by the database's clock.
    pub waited: std::time::Duration,
    /// The steps of an unfinished turn which this one goes on with.
    pub steps: Vec<Step>,
    pub suspicion: Suspicion,
    /// The language that the customer writes (ISO 639), as last detected.
    pub language: Option<String>,
    pub consent: Consent,
    pub linking: Linking,
}

/// Whether a customer wants messages on the channel that they write on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consent {
    Given,
    /// They ordered us to stop: nothing but the confirmation of that may be sent.
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
    /// Files beside the text.
    pub attachments: Vec<Attachment>,
    /// Where this message changed its sender's consent.
    pub wish: Option<Wish>,
}

impl Utterance {
    /// The text with its files, as a reader is told of them: `[photo, 1.2 MB]`.
    pub fn shown(&self) -> String {
        let files = self.attachments.iter().map(|file| format!("[{file}]"));
        let words = Some(self.text.clone()).filter(|text| !text.is_empty());
        words.into_iter().chain(files).collect::<Vec<_>>().join(" ")
    }

    /// Whether there are files that may ask for something. A sticker says no more than an emoji.
    pub fn shows_something(&self) -> bool {
        let kinds = self.attachments.iter().map(|file| AttachmentKind::of(&file.content_type));
        kinds.filter(|kind| *kind != AttachmentKind::Sticker).count() > 0
    }
}

/// What earlier ends of processes and faults say about the messages of a turn (PROTOCOL.md 5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suspicion {
    Unsuspected,
    /// Three processes died while it ran: it runs alone from now on.
    Suspect,
    /// It made turns fail too often: it must be parked, not run.
    Condemned,
}

/// Deaths of its process while a message's turn ran, after which it is a suspect.
const DEATHS_OF_A_SUSPECT: i16 = 3;
/// Faults in the turn itself, as panics, at which a message is parked.
const FAULTS_TO_PARK: i16 = 3;

impl Suspicion {
    pub fn judge(deaths: i16, faults: i16) -> Self {
        if deaths > DEATHS_OF_A_SUSPECT || faults >= FAULTS_TO_PARK {
            Self::Condemned
        } else if deaths == DEATHS_OF_A_SUSPECT {
            Self::Suspect
        } else {
            Self::Unsuspected
        }
    }
}

/// One recorded step of a turn: what cost time, money or luck, and must not be done again after a crash.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Step {
    /// The runtime's own look-ups before the first model call.
    Prefetched { query: String, findings: Findings },
    /// The model spoke.
    Modelled { said: ModelTurn },
    /// The provider will not answer as things are.
    ModelFailed,
    /// A tool that the model called was carried out (or refused: then `result` says why).
    ToolRan { call_id: String, name: String, result: String, findings: Findings },
}

impl Step {
    /// What the step cost, if it was a model call.
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

/// What a model said in one call.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelTurn {
    pub text: Option<String>,
    pub calls: Vec<ToolCall>,
    pub usage: Usage,
    /// Which model spoke, where it may be another than the one that was meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
}

/// A model's wish to call a tool; the arguments are unchecked JSON text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToolCall {
    pub id: String,
    pub name: String,
    pub arguments: String,
}

/// What model calls cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    pub tokens_in: u32,
    pub tokens_out: u32,
    /// Millionths of a US dollar; 0 where the model's price is not known.
    #[serde(default)]
    pub cost_micros: u64,
    /// How long the model took, waits on a failing provider not counted.
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

/// What model calls have used up in all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spend {
    pub tokens: u64,
    pub cost_micros: u64,
}

/// What was used up before a turn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    pub conversation: Spend,
    /// By every conversation, since midnight UTC.
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

/// A conversation goes to staff, and the customer is told so once.
#[derive(Clone, Debug, PartialEq)]
pub struct HandOver {
    pub reason: Reason,
    pub severity: Severity,
    /// For staff: what the customer wants, in a few lines.
    pub summary: String,
    pub acknowledgement: String,
}

/// How a decision came about; kept with the reply for staff and for the metrics.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Provenance {
    pub model: String,
    pub prompt_version: String,
    pub usage: Usage,
    pub model_calls: u32,
    /// Names of the tools in the order they ran, the prefetched ones first.
    pub tools: Vec<String>,
    pub latency_ms: i32,
}

/// A decision on its way to become true; ids are made before the first try.
#[derive(Clone, Debug, PartialEq)]
pub struct Finish {
    pub conversation: ConversationId,
    pub turn: TurnId,
    pub epoch: i64,
    pub covers: i64,
    pub haste: Haste,
    pub decision: Decision,
    /// What it makes of codes that were typed and addresses that were named.
    pub link: Option<LinkStep>,
    pub provenance: Provenance,
    /// How the covered messages sound, from 0 to 1; `None` where nobody listened.
    pub sentiment: Option<f32>,
    /// Why the covered messages are parked as dead letters, if they are.
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

/// Whether a turn still yields to a newer message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Haste {
    /// A newer inbound message makes it start again.
    Yields,
    /// It was superseded often or waited long enough: it settles what it covers, the rest gets the next turn.
    Insists,
}

/// Supersedes after which a turn answers what it has (PROTOCOL.md 4.4).
const SUPERSEDES_AT_MOST: u32 = 3;
/// Age of the oldest unsettled message from which a turn answers what it has (PROTOCOL.md 4.4).
const WAIT_AT_MOST: std::time::Duration = std::time::Duration::from_secs(30);

impl Haste {
    pub fn after(supersedes: u32, waited: std::time::Duration) -> Self {
        if supersedes >= SUPERSEDES_AT_MOST || waited >= WAIT_AT_MOST { Self::Insists } else { Self::Yields }
    }
}

/// What asking to begin a turn came to.
#[derive(Clone, Debug, PartialEq)]
pub enum Begun {
    /// Nothing to answer, or not in the bot's hands: nothing was changed.
    Idle,
    Started(Box<Briefing>),
}

/// What asking to finish a turn came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finished {
    /// The decision is true. With `Rest::Waiting` newer messages wait for the next turn.
    Committed(Rest),
    Refused(Refusal),
}

/// Whether a conversation has more to answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rest {
    Nothing,
    Waiting,
}

/// Why a turn may not write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// A newer message came: start again with it.
    Newer,
    /// Another owner began a turn: stop.
    Fenced,
    /// People took over: stop.
    TakenOver,
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_message_is_parked_after_three_faults_or_a_fourth_death() {
        let cases = [
            (0, 0, Suspicion::Unsuspected),
            (2, 2, Suspicion::Unsuspected),
            (3, 0, Suspicion::Suspect),
            (3, 2, Suspicion::Suspect),
            (0, 3, Suspicion::Condemned),
            (4, 0, Suspicion::Condemned),
        ];
        for (deaths, faults, verdict) in cases {
            assert_eq!(Suspicion::judge(deaths, faults), verdict, "{deaths} deaths, {faults} faults");
        }
    }

    #[test]
    fn a_turn_yields_three_times_and_for_thirty_seconds() {
        assert_eq!(Haste::after(2, Duration::from_secs(29)), Haste::Yields);
        assert_eq!(Haste::after(3, Duration::ZERO), Haste::Insists);
        assert_eq!(Haste::after(0, Duration::from_secs(30)), Haste::Insists);
    }
}
