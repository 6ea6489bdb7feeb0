//! Read models: what customers and staff are shown of the stored conversations. `http::api` has their JSON shapes.

use serde::Deserialize;
use time::OffsetDateTime;

use super::enums::{
    Category, Channel, ConversationStatus, DeliveryState, IdentifierKind, MessageKind, Priority, Role,
    TicketStatus,
};
use super::ids::{AttachmentId, ConversationId, CustomerId, MessageId, TicketId};
use super::knowledge::Source;
use crate::domain::messages::attachment::Attachment;

/// A ticket as its customer sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct TicketView {
    pub ticket: TicketFacts,
    /// Oldest first, this ticket's only, no notes.
    pub messages: Vec<MessageView>,
}

impl TicketView {
    /// What the customer may see: no notes, nothing pending or withdrawn. Until a reply is visible, the ticket shows
    /// the status before it.
    pub fn for_customer(mut ticket: TicketFacts, messages: Vec<MessageView>) -> Self {
        let pending = |message: &MessageView| message.delivery_status == Some(DeliveryState::Pending);
        let withdrawn = |message: &MessageView| message.delivery_status == Some(DeliveryState::Withdrawn);
        let answered = matches!(ticket.status, TicketStatus::WaitingCustomer | TicketStatus::Escalated);
        if answered && messages.iter().any(pending) {
            ticket.status = TicketStatus::Open;
        }
        let shown = |message: &MessageView| {
            message.kind != MessageKind::Note && !pending(message) && !withdrawn(message)
        };
        Self { ticket, messages: messages.into_iter().filter(shown).collect() }
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
    /// Oldest first, notes included.
    pub messages: Vec<StaffMessageView>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct StaffMessageView {
    pub message: MessageView,
    pub sources: Vec<Source>,
    pub tool_calls: Vec<ToolView>,
    pub tokens: Option<i32>,
    pub latency_ms: Option<i32>,
    pub model: Option<String>,
    /// The customer's attachments.
    pub attachments: Vec<AttachmentView>,
    /// Why it was not delivered, or was postponed.
    pub delivery_error: Option<String>,
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

    fn message(kind: MessageKind, delivery_status: Option<DeliveryState>) -> MessageView {
        MessageView {
            id: MessageId(uuid::Uuid::nil()),
            role: Role::Agent,
            kind,
            content: "text".to_owned(),
            channel: Channel::WebForm,
            created_at: OffsetDateTime::UNIX_EPOCH,
            delivery_status,
        }
    }

    fn facts(status: TicketStatus) -> TicketFacts {
        TicketFacts {
            ticket_id: TicketId(uuid::Uuid::nil()),
            ticket_number: "T-1001".to_owned(),
            status,
            subject: "subject".to_owned(),
            category: Category::General,
            priority: Priority::Medium,
            channel: Channel::WebForm,
            created_at: OffsetDateTime::UNIX_EPOCH,
            updated_at: OffsetDateTime::UNIX_EPOCH,
            resolved_at: None,
        }
    }

    #[test]
    fn a_customer_sees_no_notes_and_nothing_that_was_taken_back() {
        let delivered = message(MessageKind::Message, Some(DeliveryState::Delivered));
        let messages = vec![
            delivered.clone(),
            message(MessageKind::Note, None),
            message(MessageKind::Message, Some(DeliveryState::Withdrawn)),
        ];
        let view = TicketView::for_customer(facts(TicketStatus::WaitingCustomer), messages);
        assert_eq!(
            view,
            TicketView { ticket: facts(TicketStatus::WaitingCustomer), messages: vec![delivered] }
        );
    }

    #[test]
    fn a_ticket_counts_as_answered_when_its_reply_shows() {
        let pending = message(MessageKind::Message, Some(DeliveryState::Pending));
        let view = TicketView::for_customer(facts(TicketStatus::WaitingCustomer), vec![pending]);
        assert_eq!(view, TicketView { ticket: facts(TicketStatus::Open), messages: vec![] });
    }
}
