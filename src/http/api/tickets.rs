//! Data transfer objects of a ticket's page: the ticket, its messages, its rating, and the request for a person.

use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;

use crate::domain::enums::{Category, Channel, DeliveryState, MessageKind, Priority, Role, TicketStatus};
use crate::domain::ids::{MessageId, TicketId};
use crate::domain::knowledge::Source;
use crate::domain::views::{MessageView, RatingView, TicketFacts, TicketMessageView, TicketView};

/// The messages of a page take no more in JSON, so that a page fits into 512 KiB (API-STAFF.md, section 1).
pub const MESSAGES_MAX_BYTES: usize = 496 * 1024;

/// A page of a ticket as its customer sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct TicketPage {
    #[serde(flatten)]
    pub ticket: Ticket,
    /// Oldest first, this ticket's only, no notes.
    pub messages: Vec<TicketMessage>,
    /// The value of `before` for the page with older messages; null where there are none.
    #[schema(required)]
    pub older: Option<MessageId>,
    #[schema(required)]
    pub rating: Option<TicketRating>,
    /// The number that this ticket goes on under, if staff have merged it into another one. It gives no access to that.
    #[schema(required, example = "T-1043")]
    pub continues_as: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct TicketMessage {
    #[serde(flatten)]
    pub message: Message,
    /// The articles of the help centre that the answer cites.
    pub sources: Vec<ArticleRef>,
}

/// A section of the public documents.
#[derive(Debug, Serialize, ToSchema)]
pub struct ArticleRef {
    #[schema(example = "product-docs.md#passwords")]
    pub id: String,
    pub title: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct TicketRating {
    #[schema(minimum = 1, maximum = 5)]
    pub score: u8,
    #[schema(required)]
    pub comment: Option<String>,
    #[serde(with = "time::serde::rfc3339")]
    pub rated_at: OffsetDateTime,
}

/// A customer's rating. Unknown fields are refused.
#[derive(Debug, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RatingRequest {
    #[schema(minimum = 1, maximum = 5)]
    pub score: u8,
    #[schema(max_length = 1_000)]
    pub comment: Option<String>,
}

/// An empty object. Unknown fields are refused.
#[derive(Debug, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonWish {}

/// A person will answer.
#[derive(Debug, Serialize, ToSchema)]
pub struct PersonReceipt {
    pub status: TicketStatus,
    /// The acknowledgement.
    pub message_id: MessageId,
    #[serde(with = "time::serde::rfc3339")]
    pub expected_by: OffsetDateTime,
}

/// The data of an event `message`.
#[derive(Debug, Serialize, ToSchema)]
pub struct MessageChange {
    pub message_id: MessageId,
    #[schema(required)]
    pub delivery_status: Option<DeliveryState>,
}

/// The data of an event `ticket`.
#[derive(Debug, Serialize, ToSchema)]
pub struct StatusChange {
    pub status: TicketStatus,
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
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

#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
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
        let messages: Vec<_> = view.messages.into_iter().map(TicketMessage::from).collect();
        let found = messages.len();
        let messages = fitting(messages, MESSAGES_MAX_BYTES);
        let has_older = view.has_older || messages.len() < found;
        let older = messages.first().map(|oldest| oldest.message.id).filter(|_| has_older);
        Self {
            ticket: view.ticket.into(),
            messages,
            older,
            rating: view.rating.map(TicketRating::from),
            continues_as: view.continues_as,
        }
    }
}

/// The newest messages that take no more than `max_bytes` in JSON. The newest one is never left out, but cut.
fn fitting(mut messages: Vec<TicketMessage>, max_bytes: usize) -> Vec<TicketMessage> {
    let mut left = max_bytes;
    let mut kept = 0;
    for message in messages.iter_mut().rev() {
        let size = json_bytes(message) + 1;
        if size > left && kept > 0 {
            break;
        }
        if size > left {
            cut(&mut message.message.content, max_bytes / MAX_ESCAPED_BYTES);
        }
        left = left.saturating_sub(size);
        kept += 1;
    }
    messages.split_off(messages.len() - kept)
}

/// Bytes that JSON may need for one byte of a text: a control character is written as `\u0001`.
const MAX_ESCAPED_BYTES: usize = 8;

fn json_bytes(value: &impl Serialize) -> usize {
    serde_json::to_vec(value).map_or(0, |json| json.len())
}

fn cut(text: &mut String, max_bytes: usize) {
    let end = (0..=max_bytes.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    text.truncate(end);
    text.push('…');
}

impl From<TicketMessageView> for TicketMessage {
    fn from(view: TicketMessageView) -> Self {
        let sources =
            view.sources.into_iter().map(|Source { id, title, .. }| ArticleRef { id, title }).collect();
        Self { message: view.message.into(), sources }
    }
}

impl From<RatingView> for TicketRating {
    fn from(view: RatingView) -> Self {
        Self { score: view.score, comment: view.comment, rated_at: view.rated_at }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn message(id: u128, content: &str) -> TicketMessage {
        let message = Message {
            id: MessageId(uuid::Uuid::from_u128(id)),
            role: Role::Customer,
            kind: MessageKind::Message,
            content: content.to_owned(),
            channel: Channel::Email,
            created_at: OffsetDateTime::UNIX_EPOCH,
            delivery_status: None,
        };
        TicketMessage { message, sources: Vec::new() }
    }

    fn ids(messages: &[TicketMessage]) -> Vec<u128> {
        messages.iter().map(|message| message.message.id.0.as_u128()).collect()
    }

    #[test]
    fn the_newest_messages_fit_and_a_single_one_is_cut() {
        let messages = || vec![message(1, &"a".repeat(900)), message(2, &"b".repeat(900)), message(3, "c")];
        let size = |messages: &Vec<TicketMessage>| json_bytes(messages);
        let all = size(&messages()) + 10;
        for (max_bytes, expected) in [(all, vec![1, 2, 3]), (all - 1000, vec![2, 3]), (400, vec![3])] {
            let fitted = fitting(messages(), max_bytes);
            assert_eq!(ids(&fitted), expected, "{max_bytes}");
            assert!(size(&fitted) <= max_bytes, "{max_bytes}");
        }
        for huge in ["\u{1}".repeat(100_000), "ä".repeat(300_000)] {
            let fitted = fitting(vec![message(1, &huge)], MESSAGES_MAX_BYTES);
            assert!(size(&fitted) <= MESSAGES_MAX_BYTES && fitted[0].message.content.ends_with('…'));
        }
    }
}
