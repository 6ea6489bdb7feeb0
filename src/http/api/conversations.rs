//! Data transfer objects of a conversation as staff see it.

use serde::Serialize;
use utoipa::ToSchema;

use super::deliveries::{MailDetail, MessageDelivery};
use super::tickets::{Message, Ticket};
use crate::domain::enums::{AttachmentState, Channel, ConversationStatus};
use crate::domain::ids::{AttachmentId, ConversationId, CustomerId};
use crate::domain::knowledge::Source;
use crate::domain::views::{AttachmentView, ConversationView, StaffMessageView, ToolView};

/// A conversation with everything that staff may see.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConversationDetail {
    pub conversation_id: ConversationId,
    pub customer_id: CustomerId,
    pub channel: Channel,
    pub status: ConversationStatus,
    /// From 0 (negative) to 1 (positive); null while no message has shown any.
    #[schema(required, minimum = 0, maximum = 1)]
    pub sentiment: Option<f32>,
    pub ticket: Ticket,
    /// Oldest first, notes included.
    pub messages: Vec<StaffMessage>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct StaffMessage {
    #[serde(flatten)]
    pub message: Message,
    /// The sections of documents that the answer cites.
    pub sources: Vec<CitedSource>,
    /// In the order in which they ran, prefetched ones included.
    pub tool_calls: Vec<ExecutedTool>,
    #[schema(required)]
    pub tokens: Option<i32>,
    #[schema(required)]
    pub latency_ms: Option<i32>,
    #[schema(required)]
    pub model: Option<String>,
    /// Files that the customer sent along; absent where there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub attachments: Vec<MessageAttachment>,
    /// Why it was not delivered or was postponed; absent otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub delivery_error: Option<String>,
    /// Its parts on their way, in order; empty for what a customer wrote.
    pub deliveries: Vec<MessageDelivery>,
    /// Of a mail that came to us; absent otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub mail: Option<MailDetail>,
}

/// A section of a document.
#[derive(Debug, Serialize, ToSchema)]
pub struct CitedSource {
    #[schema(example = "product-docs.md#passwords")]
    pub id: String,
    pub title: String,
    pub score: f64,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ExecutedTool {
    pub name: String,
}

/// A file beside a message.
#[derive(Debug, Serialize, ToSchema)]
pub struct MessageAttachment {
    pub id: AttachmentId,
    #[schema(example = "photo, 1.2 MB")]
    pub description: String,
    pub content_type: String,
    /// Null until it was fetched.
    #[schema(required)]
    pub size_bytes: Option<i64>,
    pub state: AttachmentState,
    /// Why the file is not available.
    #[schema(required)]
    pub note: Option<String>,
}

/// The bytes of a file.
#[derive(Debug, ToSchema)]
#[schema(value_type = String, format = Binary)]
pub struct FileContent(pub Vec<u8>);

impl From<ConversationView> for ConversationDetail {
    fn from(view: ConversationView) -> Self {
        Self {
            conversation_id: view.conversation_id,
            customer_id: view.customer_id,
            channel: view.channel,
            status: view.status,
            sentiment: view.sentiment,
            ticket: view.ticket.into(),
            messages: view.messages.into_iter().map(StaffMessage::from).collect(),
        }
    }
}

impl From<StaffMessageView> for StaffMessage {
    fn from(view: StaffMessageView) -> Self {
        Self {
            message: view.message.into(),
            sources: view.sources.into_iter().map(CitedSource::from).collect(),
            tool_calls: view.tool_calls.into_iter().map(|ToolView { name }| ExecutedTool { name }).collect(),
            tokens: view.tokens,
            latency_ms: view.latency_ms,
            model: view.model,
            attachments: view.attachments.into_iter().map(MessageAttachment::from).collect(),
            delivery_error: view.delivery_error,
            deliveries: view.deliveries.into_iter().map(MessageDelivery::from).collect(),
            mail: view.mail.map(MailDetail::from),
        }
    }
}

impl From<Source> for CitedSource {
    fn from(source: Source) -> Self {
        Self { id: source.id, title: source.title, score: source.score }
    }
}

impl From<AttachmentView> for MessageAttachment {
    fn from(view: AttachmentView) -> Self {
        Self {
            id: view.id,
            description: view.description,
            content_type: view.file.content_type,
            size_bytes: view.file.size_bytes,
            state: view.file.state,
            note: view.note,
        }
    }
}
