//! Data transfer objects of a conversation as staff see it.

use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;

use super::conversation_parts::{BotTurn, HandOffBrief, Participant, SlaClocks};
use super::deliveries::{MailDetail, MessageDelivery};
use super::people::Person;
use super::tickets::{Message, Ticket};
use crate::domain::enums::{AttachmentState, Channel, ConversationStatus, Reason, Severity};
use crate::domain::ids::{AttachmentId, ConversationId, CustomerId, DeadLetterId, MessageId, SideId, TurnId};
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
    #[schema(required)]
    pub assignee: Option<Person>,
    pub tags: Vec<String>,
    #[schema(required)]
    pub severity: Option<Severity>,
    /// Of the newest escalation.
    #[schema(required)]
    pub reason: Option<Reason>,
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(required)]
    pub snoozed_until: Option<OffsetDateTime>,
    /// The parked messages that wait for staff.
    pub parked: Vec<DeadLetterId>,
    /// The side conversations.
    pub side: Vec<SideId>,
    /// The conversation that this one goes on in, if staff have merged it.
    #[schema(required)]
    pub merged_into: Option<ConversationId>,
    /// The accounts that are told of what happens in it.
    pub watchers: Vec<Person>,
    pub sla: SlaClocks,
    /// Null if the conversation was never escalated.
    #[schema(required)]
    pub hand_off: Option<HandOffBrief>,
    /// The bot's turns for the messages of this page, oldest first; the newest 50 of them.
    pub turns: Vec<BotTurn>,
    pub participants: Vec<Participant>,
    /// Oldest first, notes included.
    pub messages: Vec<StaffMessage>,
    /// The value of `before` for the page with older messages; null where there are none.
    #[schema(required)]
    pub older: Option<MessageId>,
}

#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
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
    /// Who of staff wrote it; null where a customer or the bot did.
    #[schema(required)]
    pub author: Option<Person>,
    /// Whom of staff a note mentions; absent where it mentions no one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub mentions: Vec<Person>,
    /// The turn of the bot that wrote it.
    #[schema(required)]
    pub turn_id: Option<TurnId>,
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
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct CitedSource {
    #[schema(example = "product-docs.md#passwords")]
    pub id: String,
    pub title: String,
    pub score: f64,
}

#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ExecutedTool {
    pub name: String,
}

/// A file beside a message.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
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
        let messages: Vec<_> = view.messages.into_iter().map(StaffMessage::from).collect();
        let oldest = messages.first().map(|oldest| oldest.message.id);
        Self {
            conversation_id: view.conversation_id,
            customer_id: view.customer_id,
            channel: view.channel,
            status: view.status,
            sentiment: view.sentiment,
            ticket: view.ticket.into(),
            assignee: view.desk.assignee.map(Person::from),
            tags: view.desk.tags,
            severity: view.desk.severity,
            reason: view.desk.reason,
            snoozed_until: view.desk.snoozed_until,
            parked: view.desk.parked,
            side: view.desk.side,
            merged_into: view.desk.merged_into,
            watchers: view.desk.watchers.into_iter().map(Person::from).collect(),
            sla: view.desk.sla.into(),
            hand_off: view.hand_off.map(HandOffBrief::from),
            turns: view.turns.into_iter().map(BotTurn::from).collect(),
            participants: view.participants.into_iter().map(Participant::from).collect(),
            messages,
            older: oldest.filter(|_| view.has_older),
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
            author: view.author.map(Person::from),
            mentions: view.mentions.into_iter().map(Person::from).collect(),
            turn_id: view.turn,
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
