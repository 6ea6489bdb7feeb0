//! Read models: what customers and staff are shown of the stored conversations. `http::api` has their JSON shapes.

use serde::Deserialize;
use time::OffsetDateTime;

use super::console::detail::{DeskFacts, HandOffView, ParticipantView, PersonRef, TurnView};
use super::enums::{
    Authentication, Category, Channel, ConversationStatus, DeliveryState, FailureCause, IdentifierKind,
    MessageKind, Priority, Role, TicketStatus, Unanswered,
};
use super::ids::{AttachmentId, ConversationId, CustomerId, DeliveryId, MessageId, TicketId, TurnId};
use super::knowledge::Source;
use crate::domain::messages::attachment::Attachment;

/// A page of a ticket as its customer sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct TicketView {
    pub ticket: TicketFacts,
    /// The ticket that this one goes on under, because staff have merged the two.
    pub continues_as: Option<String>,
    /// Oldest first, this ticket's only, nothing that the customer must not see.
    pub messages: Vec<TicketMessageView>,
    /// Whether there are older messages than these.
    pub has_older: bool,
    pub rating: Option<RatingView>,
}

/// Which messages of a ticket to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageRequest {
    /// Only messages older than this one.
    pub before: Option<MessageId>,
    pub limit: u8,
    /// The newest messages whose texts have together so many bytes, but at least one.
    pub max_bytes: i64,
}

/// What a look for a page of a ticket has found.
#[derive(Clone, Debug, PartialEq)]
pub enum PageFound {
    Page(Box<TicketView>),
    NoTicket,
    /// It was closed so long ago that its page is gone.
    Expired,
    /// `before` is no message of this ticket.
    UnknownMessage,
    /// It opens to its customer's browsers alone.
    Locked,
}

#[derive(Clone, Debug, PartialEq)]
pub struct TicketMessageView {
    pub message: MessageView,
    /// The sections that the reply cites.
    pub sources: Vec<Source>,
}

/// How a customer rated a ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RatingView {
    pub score: u8,
    pub comment: Option<String>,
    pub rated_at: OffsetDateTime,
}

/// The status that a ticket's customer is shown: until a reply has left, the status before it.
pub fn shown_status(status: TicketStatus, before_pending: Option<TicketStatus>) -> TicketStatus {
    match status {
        TicketStatus::WaitingCustomer | TicketStatus::Escalated | TicketStatus::Resolved => {
            before_pending.unwrap_or(status)
        }
        TicketStatus::Open | TicketStatus::InProgress | TicketStatus::Closed => status,
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketFacts {
    pub ticket_id: TicketId,
    pub ticket_number: String,
    pub status: TicketStatus,
    pub subject: String,
    pub category: Category,
    pub priority: Priority,
    pub channel: Channel,
    pub created_at: OffsetDateTime,
    pub updated_at: OffsetDateTime,
    pub resolved_at: Option<OffsetDateTime>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageView {
    pub id: MessageId,
    pub role: Role,
    pub kind: MessageKind,
    pub content: String,
    pub channel: Channel,
    pub created_at: OffsetDateTime,
    pub delivery_status: Option<DeliveryState>,
}

/// A conversation as staff see it.
#[derive(Clone, Debug, PartialEq)]
pub struct ConversationView {
    pub conversation_id: ConversationId,
    pub customer_id: CustomerId,
    pub channel: Channel,
    pub status: ConversationStatus,
    pub sentiment: Option<f32>,
    pub ticket: TicketFacts,
    pub desk: DeskFacts,
    pub hand_off: Option<HandOffView>,
    /// The turns for the messages of this page, oldest first.
    pub turns: Vec<TurnView>,
    pub participants: Vec<ParticipantView>,
    /// Oldest first, notes included.
    pub messages: Vec<StaffMessageView>,
    /// Whether there are older messages than these.
    pub has_older: bool,
}

/// What a look for a page of a conversation has found.
#[derive(Clone, Debug, PartialEq)]
pub enum ConversationFound {
    Page(Box<ConversationView>),
    NoConversation,
    /// `before` is no message of this conversation.
    UnknownMessage,
}

#[derive(Clone, Debug, PartialEq)]
pub struct StaffMessageView {
    pub message: MessageView,
    /// Who of staff wrote it; `None` where a customer or the bot did.
    pub author: Option<PersonRef>,
    /// Whom a note is to be read by.
    pub mentions: Vec<PersonRef>,
    pub turn: Option<TurnId>,
    pub sources: Vec<Source>,
    pub tool_calls: Vec<ToolView>,
    pub tokens: Option<i32>,
    pub latency_ms: Option<i32>,
    pub model: Option<String>,
    /// The customer's attachments.
    pub attachments: Vec<AttachmentView>,
    /// Why it was not delivered, or was postponed.
    pub delivery_error: Option<String>,
    /// Its parts, in order.
    pub deliveries: Vec<DeliveryView>,
    /// Of a mail that came to us.
    pub mail: Option<MailView>,
}

/// One part of an outbound message on its way to its recipients.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct DeliveryView {
    pub id: DeliveryId,
    pub channel: Channel,
    /// Empty where nothing is sent to an address, as on the ticket's page.
    pub to: Vec<String>,
    pub cc: Vec<String>,
    pub bcc: Vec<String>,
    pub state: DeliveryState,
    /// It is unknown whether it was sent.
    pub in_doubt: bool,
    /// When it leaves, or was to leave.
    #[serde(with = "time::serde::rfc3339")]
    pub send_at: OffsetDateTime,
    pub failed: Vec<RecipientFailure>,
}

/// A recipient whom a delivery did not reach.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct RecipientFailure {
    pub address: String,
    pub cause: FailureCause,
    /// The words of the provider or of a mail server.
    pub detail: String,
}

/// What is known of a mail beside its author's words.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct MailView {
    pub authentication: Authentication,
    /// Why it got no automatic answer; `None` for a customer's mail.
    pub unanswered: Option<Unanswered>,
    /// What the reader should know first, such as that it is encrypted.
    pub remarks: Vec<String>,
    /// The whole text with quotes and signatures, where the message holds less than that.
    pub full_text: Option<String>,
    /// The mail as it came is kept.
    pub has_source: bool,
}

/// An attachment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttachmentView {
    pub id: AttachmentId,
    /// As in "photo, 1.2 MB".
    pub description: String,
    pub file: Attachment,
    /// Why it is not available.
    pub note: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ToolView {
    pub name: String,
}

/// A customer as staff see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerView {
    pub customer_id: CustomerId,
    pub name: String,
    pub identifiers: Vec<IdentifierView>,
    pub conversations: Vec<ConversationLine>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentifierView {
    pub kind: IdentifierKind,
    pub value: String,
    pub attested: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConversationLine {
    pub conversation_id: ConversationId,
    pub channel: Channel,
    pub status: ConversationStatus,
    pub last_message_at: OffsetDateTime,
}

/// Activity of one channel in a time window.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ChannelMetrics {
    /// Conversations with a message in the window.
    pub conversations: i64,
    pub inbound: i64,
    pub outbound: i64,
    pub escalations: i64,
    /// Mean duration of a turn, from begin to commit.
    pub avg_latency_ms: Option<f64>,
    pub avg_sentiment: Option<f64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_counts_as_answered_when_its_reply_shows() {
        for status in TicketStatus::ALL.iter().copied() {
            assert_eq!(shown_status(status, None), status);
            let follows_a_reply = matches!(
                status,
                TicketStatus::WaitingCustomer | TicketStatus::Escalated | TicketStatus::Resolved
            );
            for before in [TicketStatus::Open, TicketStatus::InProgress] {
                let expected = if follows_a_reply { before } else { status };
                assert_eq!(shown_status(status, Some(before)), expected);
            }
        }
    }
}
