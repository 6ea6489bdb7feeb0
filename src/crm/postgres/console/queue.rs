//! Queues: one statement reads the page and counts every queue, so that both are of one snapshot.

use deadpool_postgres::Pool;
use tokio_postgres::Row;
use tokio_postgres::types::{Json, ToSql};
use uuid::Uuid;

use super::super::PgStore;
use super::super::facts::ticket_facts;
use super::super::rows::{mismatch, optional_word, word};
use crate::crm::port::{CrmError, Queues, StoreFuture};
use crate::domain::console::detail::PersonRef;
use crate::domain::console::queue::{AssigneeFilter, QueueCursor, QueueItem, QueuePage, QueueRequest};
use crate::domain::enums::{
    Channel, ConversationStatus, DeskQueue, Priority, Reason, Severity, TicketStatus,
};

/// Characters of a preview.
const PREVIEW_CHARS: i32 = 160;

/// Conversations that are closed may be most of the database: of these, the page comes from `closed_conversations` in an
/// order that has an index, and their numbers are the sums of `closed_counts`. All others are read. A closed one that is
/// parked is read too, but for the queues of closed ones it counts as the others do.
///
/// `$1` is who looks; `$2` to `$13` are filters, null for none. The places of an order are numbers that grow along it:
/// microseconds, those of a descending order negated. `$15` to `$17` is the position, and `$18` at most 100.
const QUEUE: &str = include_str!("queue.sql");

impl Queues for PgStore {
    fn queue(&self, request: QueueRequest) -> StoreFuture<Result<QueuePage, CrmError>> {
        Box::pin(queue(self.pools.general.clone(), request))
    }
}

pub(super) async fn queue(pool: Pool, request: QueueRequest) -> Result<QueuePage, CrmError> {
    let client = pool.get().await?;
    let statement = client.prepare_cached(QUEUE).await?;
    let rows = client.query(&statement, &QueueParameters::new(&request).slice()).await?;
    let Some(first) = rows.first() else {
        return Err(mismatch("the counts of the queues are missing"));
    };
    let count = |queue: &DeskQueue| Ok((*queue, first.try_get::<_, i64>(format!("count_{queue}").as_str())?));
    let counts = DeskQueue::ALL.iter().map(count).collect::<Result<_, CrmError>>()?;
    let limit = usize::from(request.limit);
    let found: Vec<&Row> = rows
        .iter()
        .filter(|row| matches!(row.try_get::<_, Option<Uuid>>("conversation_id"), Ok(Some(_))))
        .collect();
    let page = found.get(..limit).unwrap_or(&found);
    let next = page.last().filter(|_| found.len() > limit).map(|row| cursor(row, &request)).transpose()?;
    Ok(QueuePage {
        items: page.iter().map(|row| item(row)).collect::<Result<_, _>>()?,
        next,
        counts,
        as_of: first.try_get("as_of")?,
    })
}

/// The parameters in the order of the statement.
struct QueueParameters<'a> {
    viewer: Uuid,
    words: [Option<&'a str>; 6],
    has_no_assignee: bool,
    ids: [Option<Uuid>; 2],
    tag: Option<&'a str>,
    breached: Option<bool>,
    order: &'static str,
    queue: &'static str,
    after: (Option<i64>, Option<i64>, Option<Uuid>),
    limit: i64,
    preview: i32,
}

impl<'a> QueueParameters<'a> {
    fn new(request: &'a QueueRequest) -> Self {
        let filter = &request.filter;
        let assignee = match filter.assignee {
            Some(AssigneeFilter::Staff(id)) => Some(id.0),
            Some(AssigneeFilter::Unassigned) | None => None,
        };
        Self {
            viewer: request.viewer.0,
            words: [
                filter.channel.map(Channel::as_str),
                filter.status.map(ConversationStatus::as_str),
                filter.ticket_status.map(TicketStatus::as_str),
                filter.priority.map(Priority::as_str),
                filter.severity.map(Severity::as_str),
                filter.reason.map(Reason::as_str),
            ],
            has_no_assignee: filter.assignee == Some(AssigneeFilter::Unassigned),
            ids: [assignee, filter.customer.map(|id| id.0)],
            tag: filter.tag.as_deref(),
            breached: filter.breached,
            order: request.order.as_str(),
            queue: request.queue.as_str(),
            after: (
                request.after.map(|after| after.first),
                request.after.map(|after| after.second),
                request.after.map(|after| after.conversation.0),
            ),
            limit: i64::from(request.limit),
            preview: PREVIEW_CHARS,
        }
    }

    fn slice(&self) -> [&(dyn ToSql + Sync); 19] {
        let [channel, status, ticket_status, priority, severity, reason] = &self.words;
        let [assignee, customer] = &self.ids;
        [
            &self.viewer,
            channel,
            status,
            ticket_status,
            &self.has_no_assignee,
            assignee,
            &self.tag,
            priority,
            severity,
            reason,
            customer,
            &self.breached,
            &self.order,
            &self.queue,
            &self.after.0,
            &self.after.1,
            &self.after.2,
            &self.limit,
            &self.preview,
        ]
    }
}

fn cursor(row: &Row, request: &QueueRequest) -> Result<QueueCursor, CrmError> {
    Ok(QueueCursor {
        order: request.order,
        first: row.try_get("first_place")?,
        second: row.try_get("second_place")?,
        conversation: row.try_get::<_, Uuid>("conversation_id")?.into(),
    })
}

fn item(row: &Row) -> Result<QueueItem, CrmError> {
    let Json(customer) = row.try_get::<_, Json<PersonRef>>("customer")?;
    let assignee = row.try_get::<_, Option<Json<PersonRef>>>("assignee")?;
    Ok(QueueItem {
        conversation_id: row.try_get::<_, Uuid>("conversation_id")?.into(),
        channel: word(row, "channel")?,
        status: word(row, "conversation_status")?,
        ticket: ticket_facts(row)?,
        customer,
        assignee: assignee.map(|Json(assignee)| assignee),
        tags: row.try_get("tags")?,
        severity: optional_word(row, "severity")?,
        reason: optional_word(row, "reason")?,
        sentiment: row.try_get("sentiment")?,
        preview: row.try_get("preview")?,
        last_message_at: row.try_get("last_message_at")?,
        due_at: row.try_get("due_at")?,
        breached: row.try_get("breached")?,
        snoozed_until: row.try_get("snoozed_until")?,
    })
}
