//! Commands that say what belongs together: merges of customers and of conversations, their undoing, and splits.

use crate::domain::ids::{ConversationId, CustomerId, MergeId, MessageId, TicketId};

/// The notes that record a merge of conversations; staff alone see them. `{ticket}` is the number of the other ticket.
pub const MERGED_NOTE: &str = "Merged into {ticket}.";
pub const RECEIVED_NOTE: &str = "{ticket} was merged into this conversation.";
/// Messages that one split moves.
pub const MAX_SPLIT: usize = 100;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rearrangement {
    /// Everything of `from` becomes that of `into`.
    MergeCustomers {
        from: CustomerId,
        into: CustomerId,
        merge: MergeId,
    },
    UndoMerge {
        merge: MergeId,
    },
    MergeConversations(Box<ConversationMerge>),
    Unmerge {
        conversation: ConversationId,
    },
    Split(Box<ConversationSplit>),
}

/// A conversation that is to go on in another one of its customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConversationMerge {
    pub source: ConversationId,
    pub target: ConversationId,
    pub merge: MergeId,
    pub source_note: MessageId,
    pub target_note: MessageId,
}

/// Messages that are to become a conversation of their own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConversationSplit {
    pub conversation: ConversationId,
    pub messages: Vec<MessageId>,
    pub subject: String,
    pub new: ConversationId,
    pub ticket: TicketId,
}
