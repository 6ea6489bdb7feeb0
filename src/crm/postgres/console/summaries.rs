//! Summaries of long threads: what they are made from, and what is kept of them.

use deadpool_postgres::Pool;
use tokio_postgres::Row;
use tokio_postgres::types::Json;
use uuid::Uuid;

use super::super::PgStore;
use super::super::rows::word;
use crate::crm::port::{CrmError, StoreFuture, Summaries};
use crate::domain::console::summaries::{
    KeptSummary, LongThread, MAX_MESSAGES, MESSAGE_MAX_CHARS, NewSummary, SummaryView, ThreadMessage,
};
use crate::domain::ids::ConversationId;
use crate::domain::messages::inquiry::TicketNumber;

/// A summary whose messages are others now says `is_void`.
const KEPT: &str = "\
select y.points, y.covered, y.thread_messages, y.model, y.created_at, c.sentiment, m.id as through, n.newer, \
       y.conversation_id is null or n.until <> y.thread_messages as is_void \
from conversations c \
left join conversation_summaries y on y.conversation_id = c.id \
left join messages m on m.conversation_id = c.id and m.seq = y.through_seq \
left join lateral ( \
    select count(*) filter (where s.seq <= y.through_seq) as until, count(*) filter (where s.seq > y.through_seq) as newer \
    from summarized_messages(y.conversation_id) s) n on true \
where c.id = $1 and c.erased_at is null";
const THREAD: &str = "\
with newest as ( \
    select s.id, s.seq, s.role, s.kind, left(s.content, $3) as content, s.created_at \
    from summarized_messages($1) s order by s.seq desc limit $2 \
), opening as ( \
    select s.id, s.seq, s.role, s.kind, left(s.content, $3) as content, s.created_at \
    from summarized_messages($1) s where s.role = 'customer' order by s.seq limit 1 \
) \
select r.*, (select count(*) from summarized_messages($1)) as total, \
       (select t.number from current_ticket($1) t) as ticket_number \
from (select * from newest union select * from opening) r \
where exists (select from conversations c where c.id = $1 and c.erased_at is null) \
order by r.seq";
/// An erasure that is under way is waited for.
const KEEP: &str = "\
with held as ( \
    select c.id from conversations c where c.id = $1 and c.erased_at is null for no key update \
), kept as ( \
    insert into conversation_summaries as y \
        (conversation_id, points, covered, thread_messages, through_seq, model) \
    select h.id, $3, $4, $5, $6, $7 from held h \
    on conflict (conversation_id) do update \
    set points = excluded.points, covered = excluded.covered, thread_messages = excluded.thread_messages, \
        through_seq = excluded.through_seq, model = excluded.model, created_at = now() \
    returning y.conversation_id \
) \
insert into audit_log (actor, action, subject_kind, subject_id, conversation_id) \
select $2, 'summary.made', 'conversation', k.conversation_id::text, k.conversation_id from kept k";

impl Summaries for PgStore {
    fn kept_summary(&self, conversation: ConversationId) -> StoreFuture<Result<KeptSummary, CrmError>> {
        Box::pin(kept(self.pools.general.clone(), conversation))
    }

    fn long_thread(&self, conversation: ConversationId) -> StoreFuture<Result<Option<LongThread>, CrmError>> {
        Box::pin(thread(self.pools.general.clone(), conversation))
    }

    fn keep_summary(&self, summary: NewSummary) -> StoreFuture<Result<(), CrmError>> {
        Box::pin(keep(self.pools.general.clone(), summary))
    }
}

async fn kept(pool: Pool, conversation: ConversationId) -> Result<KeptSummary, CrmError> {
    let client = pool.get().await?;
    let statement = client.prepare_cached(KEPT).await?;
    let Some(row) = client.query_opt(&statement, &[&conversation.0]).await? else {
        return Ok(KeptSummary::NoConversation);
    };
    let (Some(through), false) = (row.try_get::<_, Option<Uuid>>("through")?, row.try_get("is_void")?) else {
        return Ok(KeptSummary::Nothing);
    };
    let Json(points) = row.try_get("points")?;
    Ok(KeptSummary::Kept(Box::new(SummaryView {
        points,
        covered: row.try_get("covered")?,
        total: row.try_get("thread_messages")?,
        through: through.into(),
        newer: row.try_get("newer")?,
        model: row.try_get("model")?,
        sentiment: row.try_get("sentiment")?,
        at: row.try_get("created_at")?,
    })))
}

async fn thread(pool: Pool, conversation: ConversationId) -> Result<Option<LongThread>, CrmError> {
    let client = pool.get().await?;
    let statement = client.prepare_cached(THREAD).await?;
    let rows = client.query(&statement, &[&conversation.0, &MAX_MESSAGES, &MESSAGE_MAX_CHARS]).await?;
    let Some(first) = rows.first() else {
        return Ok(None);
    };
    Ok(Some(LongThread {
        conversation,
        ticket: TicketNumber(first.try_get("ticket_number")?),
        total: first.try_get("total")?,
        messages: rows.iter().map(message).collect::<Result<_, _>>()?,
    }))
}

fn message(row: &Row) -> Result<ThreadMessage, CrmError> {
    Ok(ThreadMessage {
        id: row.try_get::<_, Uuid>("id")?.into(),
        seq: row.try_get("seq")?,
        role: word(row, "role")?,
        kind: word(row, "kind")?,
        text: row.try_get("content")?,
        at: row.try_get("created_at")?,
    })
}

async fn keep(pool: Pool, summary: NewSummary) -> Result<(), CrmError> {
    let client = pool.get().await?;
    let statement = client.prepare_cached(KEEP).await?;
    let NewSummary { conversation, staff, points, covered, total, through, model } = summary;
    client
        .execute(&statement, &[&conversation.0, &staff.0, &Json(points), &covered, &total, &through, &model])
        .await?;
    Ok(())
}
