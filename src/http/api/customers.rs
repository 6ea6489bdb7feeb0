//! Data transfer objects of a customer as staff see them.

use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;

use crate::domain::enums::{Channel, ConversationStatus, IdentifierKind};
use crate::domain::ids::{ConversationId, CustomerId};
use crate::domain::views::{ConversationLine, CustomerView, IdentifierView};

/// A customer with their identifiers and conversations.
#[derive(Debug, Serialize, ToSchema)]
pub struct Customer {
    pub customer_id: CustomerId,
    pub name: String,
    pub identifiers: Vec<CustomerIdentifier>,
    pub conversations: Vec<ConversationSummary>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct CustomerIdentifier {
    pub kind: IdentifierKind,
    pub value: String,
    /// Whether a channel has proved that it is the customer's.
    pub attested: bool,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ConversationSummary {
    pub conversation_id: ConversationId,
    pub channel: Channel,
    pub status: ConversationStatus,
    #[serde(with = "time::serde::rfc3339")]
    pub last_message_at: OffsetDateTime,
}

impl From<CustomerView> for Customer {
    fn from(view: CustomerView) -> Self {
        Self {
            customer_id: view.customer_id,
            name: view.name,
            identifiers: view.identifiers.into_iter().map(CustomerIdentifier::from).collect(),
            conversations: view.conversations.into_iter().map(ConversationSummary::from).collect(),
        }
    }
}

impl From<IdentifierView> for CustomerIdentifier {
    fn from(view: IdentifierView) -> Self {
        Self { kind: view.kind, value: view.value, attested: view.attested }
    }
}

impl From<ConversationLine> for ConversationSummary {
    fn from(line: ConversationLine) -> Self {
        Self {
            conversation_id: line.conversation_id,
            channel: line.channel,
            status: line.status,
            last_message_at: line.last_message_at,
        }
    }
}
