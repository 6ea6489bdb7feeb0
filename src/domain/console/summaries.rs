//! Summaries of long threads for staff: what they are made from, what they say, and what is kept of them.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::domain::enums::{MessageKind, Role, SummaryKind};
use crate::domain::ids::{ConversationId, MessageId, StaffId};
use crate::domain::messages::inquiry::TicketNumber;

/// The newest messages that are read of a thread, beside the customer's first one: it bounds the work for a summary.
pub const MAX_MESSAGES: i64 = 1_000;
/// Characters that are read of one message.
pub const MESSAGE_MAX_CHARS: i32 = 1_200;
/// Points of a summary.
pub const MAX_POINTS: usize = 12;
/// Characters of one point.
pub const POINT_MAX_CHARS: usize = 400;
/// Messages that one point names.
pub const POINT_MAX_SOURCES: usize = 8;

/// A message that a summary may cover: no note, and nothing that was taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThreadMessage {
    pub id: MessageId,
    /// Its number in the conversation.
    pub seq: i64,
    pub role: Role,
    pub kind: MessageKind,
    pub text: String,
    pub at: OffsetDateTime,
}

/// What a summary is made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LongThread {
    pub conversation: ConversationId,
    pub ticket: TicketNumber,
    /// The messages that the thread has.
    pub total: i64,
    /// Those that were read, oldest first; never empty.
    pub messages: Vec<ThreadMessage>,
}

/// A point of a summary as a model proposes it, from messages that it was given by numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProposedPoint {
    pub kind: SummaryKind,
    pub text: String,
    /// The numbers of the messages that say so.
    pub messages: Vec<usize>,
}

/// One point of a summary, with the messages behind it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SummaryPoint {
    pub kind: SummaryKind,
    pub text: String,
    pub sources: Vec<MessageId>,
}

/// A summary to keep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSummary {
    pub conversation: ConversationId,
    /// Who asked for it.
    pub staff: StaffId,
    pub points: Vec<SummaryPoint>,
    /// The messages that it was made from.
    pub covered: i64,
    /// The messages that the thread had then.
    pub total: i64,
    /// The number of the newest of them.
    pub through: i64,
    /// `None` where it was extracted without a model.
    pub model: Option<String>,
}

/// A summary as staff see it.
#[derive(Clone, Debug, PartialEq)]
pub struct SummaryView {
    pub points: Vec<SummaryPoint>,
    pub covered: i64,
    pub total: i64,
    /// The newest message that it covers.
    pub through: MessageId,
    /// Messages since then.
    pub newer: i64,
    pub model: Option<String>,
    /// How the customer's last messages sound, from 0 (angry) to 1.
    pub sentiment: Option<f32>,
    pub at: OffsetDateTime,
}

/// What is kept of a conversation.
#[derive(Clone, Debug, PartialEq)]
pub enum KeptSummary {
    /// There is none, or its customer was erased.
    NoConversation,
    /// Nothing that still holds.
    Nothing,
    Kept(Box<SummaryView>),
}

/// Which summary is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SummaryWish {
    /// The one that is kept, however old; a new one where there is none.
    Any,
    /// One of the whole thread. The one that is kept still does where nothing was said since.
    UpToDate,
}

impl SummaryWish {
    /// Whether a summary that is kept answers it. One that was made without a model may be made again.
    pub fn is_met_by(self, kept: &SummaryView) -> bool {
        match self {
            Self::Any => true,
            Self::UpToDate => kept.newer == 0 && kept.model.is_some(),
        }
    }
}
