//! Bulk actions (saga): one action of staff for many conversations, a transaction each, with what is needed to undo it.

use std::time::Duration;

use time::OffsetDateTime;

use super::actions::{ConversationChange, RequestKey, StaffCommand, StaffReply};
use super::queue::QueueRequest;
use crate::domain::enums::{BulkAction, Priority, Severity, StaffRole};
use crate::domain::ids::{BulkId, ConversationId, DeliveryId, MessageId, StaffId};

/// Conversations of one bulk action.
pub const MAX_CONVERSATIONS: usize = 500;
/// How long a bulk action can be undone. Its replies wait so long, unless their author says otherwise.
pub const UNDO_WITHIN: Duration = Duration::from_secs(60);

/// A bulk action, and who asks for it.
#[derive(Clone, Debug, PartialEq)]
pub struct BulkOrder {
    pub id: BulkId,
    pub actor: StaffId,
    pub role: StaffRole,
    pub key: Option<RequestKey>,
    pub work: BulkWork,
    pub targets: BulkTargets,
    /// What has changed since is left alone.
    pub as_of: OffsetDateTime,
}

#[derive(Clone, Debug, PartialEq)]
pub enum BulkTargets {
    Ids(Vec<ConversationId>),
    /// Those of a queue; its page is ignored.
    Filter(Box<QueueRequest>),
}

/// What is done to each conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BulkWork {
    Assign {
        to: StaffId,
        force: bool,
    },
    Release,
    Snooze {
        until: OffsetDateTime,
    },
    Patch {
        priority: Option<Priority>,
        severity: Option<Severity>,
        add_tags: Vec<String>,
        remove_tags: Vec<String>,
    },
    Resolve,
    HandBack {
        instruction: Option<String>,
    },
    Reply {
        text: String,
        delay: Option<Duration>,
        resolves: bool,
        force: bool,
    },
}

/// One conversation of a bulk action, with fresh ids for what is written in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BulkStep {
    pub bulk: BulkId,
    pub conversation: ConversationId,
    pub message: MessageId,
    pub delivery: DeliveryId,
}

impl BulkWork {
    pub fn action(&self) -> BulkAction {
        match self {
            Self::Assign { .. } => BulkAction::Assign,
            Self::Release => BulkAction::Release,
            Self::Snooze { .. } => BulkAction::Snooze,
            Self::Patch { .. } => BulkAction::Patch,
            Self::Resolve => BulkAction::Resolve,
            Self::HandBack { .. } => BulkAction::HandBack,
            Self::Reply { .. } => BulkAction::Reply,
        }
    }

    /// The action in one conversation, whose newest public message is `seen`.
    pub fn command(&self, step: &BulkStep, seen: MessageId) -> StaffCommand {
        let conversation = step.conversation;
        match self.clone() {
            Self::Assign { to, force } => StaffCommand::Assign { conversation, to, force },
            Self::Release => StaffCommand::Release { conversation },
            Self::Snooze { until } => StaffCommand::Snooze { conversation, until: Some(until) },
            Self::Patch { priority, severity, add_tags, remove_tags } => {
                let change = ConversationChange { conversation, priority, severity, add_tags, remove_tags };
                StaffCommand::Change(Box::new(change))
            }
            Self::Resolve => StaffCommand::Resolve { conversation, note: step.message, seen },
            Self::HandBack { instruction } => StaffCommand::HandBack { conversation, instruction },
            Self::Reply { text, delay, resolves, force } => StaffCommand::Reply(Box::new(StaffReply {
                conversation,
                message: step.message,
                delivery: step.delivery,
                text,
                seen,
                channel: None,
                cc: None,
                bcc: None,
                delay,
                usual_delay: UNDO_WITHIN,
                resolves,
                suggestion: None,
                sources: Vec::new(),
                force,
                channels: Vec::new(),
            })),
        }
    }
}

/// What the store makes of a bulk action, or of its undoing, before the first conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BulkOpening {
    /// These conversations have their turn, in this order. Repeated with its key, an action goes on as the same one.
    Open {
        bulk: BulkId,
        targets: Vec<ConversationId>,
    },
    Refused(BulkRefusal),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BulkRefusal {
    NoBulk,
    /// A colleague's.
    NotTheAuthor,
    /// It was longer ago than [`UNDO_WITHIN`].
    TooLate,
    /// The bot may have answered.
    NotUndoable,
    /// More than [`MAX_CONVERSATIONS`].
    TooMany,
    UnknownStaff,
    KeyReused,
}

/// What became of one conversation; `code` says why nothing was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BulkStepEnd {
    pub conversation: ConversationId,
    pub code: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BulkAnswer {
    Done(BulkReport),
    Refused(BulkRefusal),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BulkReport {
    pub bulk: BulkId,
    /// Conversations that were changed.
    pub done: usize,
    pub failed: Vec<BulkStepEnd>,
}

impl BulkReport {
    pub fn of(bulk: BulkId, ends: Vec<BulkStepEnd>) -> Self {
        let (failed, done): (Vec<_>, Vec<_>) = ends.into_iter().partition(|end| end.code.is_some());
        Self { bulk, done: done.len(), failed }
    }
}
