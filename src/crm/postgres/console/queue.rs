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

/// `$1` is who looks; `$2` to `$13` are filters, null for none. The places of an order are numbers that grow along it:
/// microseconds, those of a descending order negated.
const QUEUE: &str = "\
with found as materialized ( \
    select c.*, t.status as ticket_status, k.due_at, coalesce(k.due_at <= now(), false) as breached, \
           c.status = 'escalated' as in_human_hands, coalesce(c.snoozed_until > now(), false) as is_snoozed, \
           t.status in ('resolved', 'closed') as is_over, \
           c.id in (select l.conversation_id from dead_letters l where l.ended_at is null) as is_parked \
    from conversations c cross join lateral current_ticket(c.id) t \
    left join conversation_clocks k on k.conversation_id = c.id \
    where ($2::text is null or c.channel = $2) and ($3::text is null or c.status = $3) \
      and ($4::text is null or t.status = $4) and (not $5 or c.assignee is null) \
      and ($6::uuid is null or c.assignee = $6) and ($7::text is null or $7 = any (c.tags)) \
      and ($8::text is null or t.priority = $8) and ($9::text is null or c.severity = $9) \
      and ($10::text is null or c.reason = $10) and ($11::uuid is null or c.customer_id = $11) \
), placed as materialized ( \
    select f.*, \
           in_human_hands and ticket_status in ('escalated', 'in_progress') and not is_snoozed \
               and (assignee is null or assignee = $1) as needs_me, \
           in_human_hands and assignee is null and not is_snoozed and not is_over as unassigned, \
           coalesce(assignee = $1, false) and not is_snoozed and not is_over as mine, \
           f.status = 'active' and ticket_status in ('open', 'waiting_customer') as bot, \
           case $13 when 'due' then coalesce((extract(epoch from due_at) * 1000000)::bigint, 9223372036854775807) \
                    when '-last_message' then -(extract(epoch from last_message_at) * 1000000)::bigint \
                    else (extract(epoch from created_at) * 1000000)::bigint end as first_place, \
           case $13 when 'due' then (extract(epoch from last_message_at) * 1000000)::bigint else 0 end \
               as second_place \
    from found f where $12::boolean is null or f.breached = $12 \
), page as ( \
    select p.* from placed p \
    where case $14 when 'needs_me' then needs_me when 'unassigned' then unassigned when 'mine' then mine \
                   when 'bot' then bot when 'snoozed' then is_snoozed when 'parked' then is_parked \
                   when 'resolved' then is_over else true end \
      and ($15::bigint is null or (first_place, second_place, p.id) > ($15, $16::bigint, $17::uuid)) \
    order by first_place, second_place, p.id limit $18::bigint + 1 \
) \
select n.*, now() as as_of, p.id as conversation_id, p.channel, p.status as conversation_status, p.tags, p.severity, \
       p.reason, p.sentiment, p.last_message_at, p.due_at, p.breached, p.snoozed_until, p.first_place, p.second_place, \
       jsonb_build_object('id', u.id, 'name', u.name) as customer, person(p.assignee) as assignee, \
       coalesce(left(m.content, $19), '') as preview, \
       t.id, t.number, t.status, t.subject, t.category, t.priority, t.created_at, t.updated_at, t.resolved_at \
from (select count(*) filter (where needs_me) as count_needs_me, count(*) filter (where unassigned) as count_unassigned, \
             count(*) filter (where mine) as count_mine, count(*) filter (where bot) as count_bot, \
             count(*) filter (where is_snoozed) as count_snoozed, count(*) filter (where is_parked) as count_parked, \
             count(*) filter (where is_over) as count_resolved, count(*) as count_all from placed) n \
left join page p on true \
left join customers u on u.id = p.customer_id \
left join lateral current_ticket(p.id) t on true \
left join lateral ( \
    select m.content from messages m \
    where m.conversation_id = p.id and m.kind <> 'note' and m.seq is not null \
      and (m.direction = 'inbound' or not is_withdrawn(m.id)) \
    order by m.seq desc limit 1 \
) m on true \
order by p.first_place, p.second_place, p.id";

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
