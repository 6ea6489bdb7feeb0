//! Read models for programs: the conversations that a token may show, and who owns a conversation.

use super::customers::contact::Address;
use super::enums::{Channel, ConversationStatus, TicketStatus};
use super::ids::{ConversationId, CustomerId, TicketId};
use super::views::MessageView;

/// Whose conversations are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HistoryOf {
    /// All of a customer, or one of them.
    Customer { customer: CustomerId, only: Option<ConversationId> },
    /// One conversation, and with it the others of its customer if the senders of both are attested (PROTOCOL.md 8.3).
    Conversation(ConversationId),
}

/// The most that one answer holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HistoryLimits {
    pub conversations: i64,
    /// The newest messages of each conversation.
    pub messages: i64,
    /// All texts together, in bytes.
    pub bytes: i64,
}

/// Conversations with what was said publicly in them: no notes, nothing that was withdrawn or not sent yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// The conversation that was asked for, then the others by their last message, newest first.
    pub conversations: Vec<ConversationHistory>,
    /// Whether the limits left something out.
    pub is_truncated: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConversationHistory {
    pub conversation_id: ConversationId,
    pub channel: Channel,
    pub status: ConversationStatus,
    /// Oldest first.
    pub messages: Vec<MessageView>,
}

/// In whose hands its customer sees a conversation: while a reply has not left, in those before it.
pub fn shown_hands(status: ConversationStatus, before_pending: Option<TicketStatus>) -> ConversationStatus {
    match (status, before_pending) {
        (ConversationStatus::Closed, _) | (_, None) => status,
        (
            ConversationStatus::Active | ConversationStatus::Escalated,
            Some(TicketStatus::Escalated | TicketStatus::InProgress),
        ) => ConversationStatus::Escalated,
        (
            ConversationStatus::Active | ConversationStatus::Escalated,
            Some(
                TicketStatus::Open
                | TicketStatus::WaitingCustomer
                | TicketStatus::Resolved
                | TicketStatus::Closed,
            ),
        ) => ConversationStatus::Active,
    }
}

/// Whose a conversation is, and its current ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConversationOwner {
    pub customer: CustomerId,
    pub ticket: TicketId,
    pub ticket_number: String,
    pub subject: String,
    pub status: TicketStatus,
    /// The status that the customer sees: until a reply has left, the one before it.
    pub shown_status: TicketStatus,
}

impl ConversationOwner {
    /// What the customer may learn of it.
    pub fn for_customer(self) -> Self {
        Self { status: self.shown_status, ..self }
    }
}

/// How a customer is known: the name, and the address that new tickets are opened for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerContact {
    pub name: String,
    pub address: Address,
}
