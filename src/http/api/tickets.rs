//! Data transfer objects of a ticket and its messages.

use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;

use crate::domain::enums::{Category, Channel, DeliveryState, MessageKind, Priority, Role, TicketStatus};
use crate::domain::ids::{MessageId, TicketId};
use crate::domain::views::{MessageView, TicketFacts, TicketView};

/// A ticket as its customer sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct TicketPage {
    #[serde(flatten)]
    pub ticket: Ticket,
    /// Oldest first, this ticket's only, no notes.
    pub messages: Vec<Message>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Ticket {
    pub ticket_id: TicketId,
    /// The number by which people speak of the ticket; it gives no access to it.
    #[schema(example = "T-1042")]
    pub ticket_number: String,
    pub status: TicketStatus,
    pub subject: String,
    pub category: Category,
    pub priority: Priority,
    pub channel: Channel,
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(required)]
    pub resolved_at: Option<OffsetDateTime>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Message {
    pub id: MessageId,
    pub role: Role,
    pub kind: MessageKind,
    pub content: String,
    pub channel: Channel,
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// Null for messages that need no delivery.
    #[schema(required)]
    pub delivery_status: Option<DeliveryState>,
}

impl From<TicketView> for TicketPage {
    fn from(view: TicketView) -> Self {
        let messages = view.messages.into_iter().map(Message::from).collect();
        Self { ticket: view.ticket.into(), messages }
    }
}

impl From<TicketFacts> for Ticket {
    fn from(facts: TicketFacts) -> Self {
        Self {
            ticket_id: facts.ticket_id,
            ticket_number: facts.ticket_number,
            status: facts.status,
            subject: facts.subject,
            category: facts.category,
            priority: facts.priority,
            channel: facts.channel,
            created_at: facts.created_at,
            updated_at: facts.updated_at,
            resolved_at: facts.resolved_at,
        }
    }
}

impl From<MessageView> for Message {
    fn from(view: MessageView) -> Self {
        Self {
            id: view.id,
            role: view.role,
            kind: view.kind,
            content: view.content,
            channel: view.channel,
            created_at: view.created_at,
            delivery_status: view.delivery_status,
        }
    }
}
