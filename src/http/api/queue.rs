//! Data transfer objects of the queues.

use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;

use super::people::Person;
use super::tickets::Ticket;
use crate::domain::console::queue::{QueueItem, QueuePage};
use crate::domain::enums::{Channel, ConversationStatus, DeskQueue, Reason, Severity};
use crate::domain::ids::ConversationId;

/// A page of a queue, of one snapshot with the counts.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConversationQueue {
    pub items: Vec<QueuedConversation>,
    #[schema(required)]
    pub next_cursor: Option<String>,
    pub counts: QueueCounts,
    #[serde(with = "time::serde::rfc3339")]
    pub as_of: OffsetDateTime,
}

/// How many conversations each queue has, with the same filters.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct QueueCounts {
    pub needs_me: i64,
    pub unassigned: i64,
    pub mine: i64,
    pub watching: i64,
    pub bot: i64,
    pub snoozed: i64,
    pub parked: i64,
    pub resolved: i64,
    pub all: i64,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct QueuedConversation {
    pub conversation_id: ConversationId,
    pub channel: Channel,
    pub status: ConversationStatus,
    pub ticket: Ticket,
    pub customer: Person,
    #[schema(required)]
    pub assignee: Option<Person>,
    pub tags: Vec<String>,
    #[schema(required)]
    pub severity: Option<Severity>,
    #[schema(required)]
    pub reason: Option<Reason>,
    #[schema(required, minimum = 0, maximum = 1)]
    pub sentiment: Option<f32>,
    /// The beginning of the newest public message.
    pub preview: String,
    #[serde(with = "time::serde::rfc3339")]
    pub last_message_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(required)]
    pub due_at: Option<OffsetDateTime>,
    pub breached: bool,
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(required)]
    pub snoozed_until: Option<OffsetDateTime>,
}

impl From<QueuePage> for ConversationQueue {
    fn from(page: QueuePage) -> Self {
        Self {
            items: page.items.into_iter().map(QueuedConversation::from).collect(),
            next_cursor: page.next.map(|cursor| cursor.to_string()),
            counts: counts(&page.counts),
            as_of: page.as_of,
        }
    }
}

fn counts(counts: &[(DeskQueue, i64)]) -> QueueCounts {
    let mut named = QueueCounts::default();
    for (queue, count) in counts {
        let place = match queue {
            DeskQueue::NeedsMe => &mut named.needs_me,
            DeskQueue::Unassigned => &mut named.unassigned,
            DeskQueue::Mine => &mut named.mine,
            DeskQueue::Watching => &mut named.watching,
            DeskQueue::Bot => &mut named.bot,
            DeskQueue::Snoozed => &mut named.snoozed,
            DeskQueue::Parked => &mut named.parked,
            DeskQueue::Resolved => &mut named.resolved,
            DeskQueue::All => &mut named.all,
        };
        *place = *count;
    }
    named
}

impl From<QueueItem> for QueuedConversation {
    fn from(item: QueueItem) -> Self {
        Self {
            conversation_id: item.conversation_id,
            channel: item.channel,
            status: item.status,
            ticket: item.ticket.into(),
            customer: item.customer.into(),
            assignee: item.assignee.map(Person::from),
            tags: item.tags,
            severity: item.severity,
            reason: item.reason,
            sentiment: item.sentiment,
            preview: item.preview,
            last_message_at: item.last_message_at,
            due_at: item.due_at,
            breached: item.breached,
            snoozed_until: item.snoozed_until,
        }
    }
}
