//! Queues of the console: which conversations are asked for, one page of them, and the position of the next page.

use time::OffsetDateTime;
use uuid::Uuid;

use super::detail::PersonRef;
use crate::domain::enums::{
    Channel, ConversationStatus, DeskQueue, Priority, QueueOrder, Reason, Severity, TicketStatus,
};
use crate::domain::ids::{ConversationId, CustomerId, StaffId};
use crate::domain::views::TicketFacts;

/// Which conversations are asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct QueueRequest {
    /// Who asks.
    pub viewer: StaffId,
    pub queue: DeskQueue,
    pub order: QueueOrder,
    pub filter: QueueFilter,
    pub limit: u8,
    pub after: Option<QueueCursor>,
}

/// What all of them must have; the counts of every queue are of these.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct QueueFilter {
    pub channel: Option<Channel>,
    pub status: Option<ConversationStatus>,
    pub ticket_status: Option<TicketStatus>,
    pub assignee: Option<AssigneeFilter>,
    pub tag: Option<String>,
    pub priority: Option<Priority>,
    pub severity: Option<Severity>,
    pub reason: Option<Reason>,
    pub customer: Option<CustomerId>,
    pub breached: Option<bool>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AssigneeFilter {
    Unassigned,
    Staff(StaffId),
}

/// The place of a conversation in an order: what comes after it is on the next page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueueCursor {
    pub order: QueueOrder,
    pub first: i64,
    pub second: i64,
    pub conversation: ConversationId,
}

impl QueueCursor {
    /// Parses what [`Self::to_string`] has written; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let [order, first, second, id] = text.split('_').collect::<Vec<_>>().try_into().ok()?;
        let order = QueueOrder::ALL.iter().copied().find(|known| letter(*known) == order)?;
        let id = Uuid::try_parse(id).ok().filter(|_| id.len() == uuid::fmt::Simple::LENGTH)?;
        Some(Self {
            order,
            first: first.parse().ok()?,
            second: second.parse().ok()?,
            conversation: ConversationId(id),
        })
    }
}

impl std::fmt::Display for QueueCursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { order, first, second, conversation } = self;
        write!(f, "{}_{first}_{second}_{}", letter(*order), conversation.0.simple())
    }
}

fn letter(order: QueueOrder) -> &'static str {
    match order {
        QueueOrder::Due => "d",
        QueueOrder::NewestMessage => "m",
        QueueOrder::Created => "c",
    }
}

/// One conversation in a queue.
#[derive(Clone, Debug, PartialEq)]
pub struct QueueItem {
    pub conversation_id: ConversationId,
    pub channel: Channel,
    pub status: ConversationStatus,
    pub ticket: TicketFacts,
    pub customer: PersonRef,
    pub assignee: Option<PersonRef>,
    pub tags: Vec<String>,
    pub severity: Option<Severity>,
    pub reason: Option<Reason>,
    pub sentiment: Option<f32>,
    /// The beginning of its newest public message.
    pub preview: String,
    pub last_message_at: OffsetDateTime,
    pub due_at: Option<OffsetDateTime>,
    pub breached: bool,
    pub snoozed_until: Option<OffsetDateTime>,
}

/// A page of a queue, with the number of conversations in each queue, all of one snapshot.
#[derive(Clone, Debug, PartialEq)]
pub struct QueuePage {
    pub items: Vec<QueueItem>,
    pub next: Option<QueueCursor>,
    /// In the order of `DeskQueue::ALL`.
    pub counts: Vec<(DeskQueue, i64)>,
    pub as_of: OffsetDateTime,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back_as_itself_and_nothing_else_is_one() {
        for order in QueueOrder::ALL.iter().copied() {
            let conversation = ConversationId(Uuid::from_u128(7));
            let cursor = QueueCursor { order, first: i64::MAX, second: -5, conversation };
            assert_eq!(QueueCursor::parse(&cursor.to_string()), Some(cursor));
        }
        let id = Uuid::from_u128(7);
        let others = [
            String::new(),
            "d_1_2".to_owned(),
            format!("x_1_2_{}", id.simple()),
            format!("d_1_2_{id}"),
            format!("d_1.5_2_{}", id.simple()),
            format!("d_1_2_{}_", id.simple()),
        ];
        for text in others {
            assert_eq!(QueueCursor::parse(&text), None, "{text}");
        }
    }
}
