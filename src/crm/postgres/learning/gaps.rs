//! Gaps of the knowledge: questions that are grouped by meaning as they come.

use std::time::Duration;

use deadpool_postgres::{Pool, Transaction};
use pgvector::Vector;
use tokio_postgres::Row;
use uuid::Uuid;

use super::super::PgStore;
use super::lessons::{self, LOCK};
use crate::crm::port::{CrmError, Gaps, StoreFuture};
use crate::domain::ids::{ConversationId, EscalationId, GapId};
use crate::domain::learning::drafting::{AnsweredTicket, Lesson};
use crate::domain::learning::gaps::{
    CleanQuestion, GapCursor, GapView, MAX_CONVERSATIONS, RawQuestion, SAME_QUESTION, SAME_WORDS, SHOWN_FOR,
};
use crate::domain::learning::proposals::TicketDraft;

/// The job of one round.
const JOB: &str = "learning";

const CLAIM: &str = "select claim_job($1, make_interval(secs => $2))";
/// What a turn answered by giving the conversation to people, else the newest message before.
const UNGROUPED: &str = "\
select q.escalation_id, coalesce(asked.text, newest.text, '') as text, \
       array_append(array(select s.name from staff s order by s.created_at limit 500), u.name) as names \
from (select escalation_id, conversation_id from knowledge_questions where content is null \
      order by asked_at limit $1) q \
join escalations e on e.id = q.escalation_id \
join conversations c on c.id = q.conversation_id \
join customers u on u.id = c.customer_id \
left join lateral ( \
    select string_agg(left(m.content, 4000), E'\\n' order by m.seq) as text from messages m \
    where m.conversation_id = q.conversation_id and m.direction = 'inbound' and m.kind = 'message' \
      and m.answered_by = e.turn_id) asked on true \
left join lateral ( \
    select left(m.content, 4000) as text from messages m \
    where m.conversation_id = q.conversation_id and m.direction = 'inbound' and m.kind = 'message' \
      and m.created_at <= e.created_at order by m.seq desc limit 1) newest on true";
const NEAREST: &str = "\
select q.gap_id from knowledge_questions q join knowledge_gaps g on g.id = q.gap_id \
where g.closed_at is null and q.model = $1 and q.asked_at > now() - make_interval(secs => $4) \
  and 1 - (q.embedding <=> $2) >= $3 \
order by q.embedding <=> $2 limit 1";
const ALIKE: &str = "\
select q.gap_id from knowledge_questions q join knowledge_gaps g on g.id = q.gap_id \
where g.closed_at is null and q.asked_at > now() - make_interval(secs => $3) \
  and similarity(q.content, $1) >= $2 \
order by similarity(q.content, $1) desc limit 1";
const GROUP: &str = "\
update knowledge_questions set content = $2, gap_id = $3, model = $4, embedding = $5 \
where escalation_id = $1 and content is null";
const GAPS: &str = "\
select g.id, f.count, f.last_asked_at, \
       (select q.content from knowledge_questions q where q.gap_id = g.id order by q.asked_at desc limit 1) as question, \
       array(select r.conversation_id from ( \
                 select q.conversation_id, max(q.asked_at) as at from knowledge_questions q \
                 where q.gap_id = g.id group by q.conversation_id order by at desc limit $4) r) as conversations \
from knowledge_gaps g \
join (select q.gap_id, count(*) as count, max(q.asked_at) as last_asked_at \
      from knowledge_questions q group by q.gap_id) f on f.gap_id = g.id \
where g.closed_at is null and f.last_asked_at > now() - make_interval(secs => $5) \
  and ($1::bigint is null or (f.count, g.id) < ($1, $2::uuid)) \
order by f.count desc, g.id desc limit $3";

impl Gaps for PgStore {
    fn claim_learning(&self, every: Duration) -> StoreFuture<Result<bool, CrmError>> {
        Box::pin(claim(self.pools.general.clone(), every))
    }

    fn ungrouped_questions(&self, limit: i64) -> StoreFuture<Result<Vec<RawQuestion>, CrmError>> {
        Box::pin(ungrouped(self.pools.general.clone(), limit))
    }

    fn group_question(&self, question: CleanQuestion) -> StoreFuture<Result<(), CrmError>> {
        Box::pin(group(self.pools.general.clone(), question))
    }

    fn gaps(&self, after: Option<GapCursor>, limit: i64) -> StoreFuture<Result<Vec<GapView>, CrmError>> {
        Box::pin(gaps(self.pools.general.clone(), after, limit))
    }

    fn answered_tickets(&self, limit: i64) -> StoreFuture<Result<Vec<AnsweredTicket>, CrmError>> {
        Box::pin(lessons::answered(self.pools.general.clone(), limit))
    }

    fn nothing_learned(&self, conversation: ConversationId) -> StoreFuture<Result<(), CrmError>> {
        Box::pin(lessons::nothing(self.pools.general.clone(), conversation))
    }

    fn keep_ticket_draft(&self, gap: GapId, draft: TicketDraft) -> StoreFuture<Result<Lesson, CrmError>> {
        Box::pin(lessons::keep(self.pools.general.clone(), gap, draft))
    }
}

async fn claim(pool: Pool, every: Duration) -> Result<bool, CrmError> {
    let client = pool.get().await?;
    Ok(client.query_one(CLAIM, &[&JOB, &every.as_secs_f64()]).await?.try_get(0)?)
}

async fn ungrouped(pool: Pool, limit: i64) -> Result<Vec<RawQuestion>, CrmError> {
    let client = pool.get().await?;
    let rows = client.query(UNGROUPED, &[&limit]).await?;
    rows.iter()
        .map(|row| {
            Ok(RawQuestion {
                escalation: EscalationId(row.try_get("escalation_id")?),
                text: row.try_get("text")?,
                names: row.try_get("names")?,
            })
        })
        .collect()
}

async fn group(pool: Pool, question: CleanQuestion) -> Result<(), CrmError> {
    let mut client = pool.get().await?;
    let transaction = client.transaction().await?;
    transaction.execute("select pg_advisory_xact_lock($1)", &[&LOCK]).await?;
    let CleanQuestion { escalation, gap, content, vector } = question;
    let (model, vector) = match vector {
        Some(vector) => (Some(vector.model.name), Some(Vector::from(vector.values))),
        None => (None, None),
    };
    let gap = if content.is_empty() {
        None
    } else {
        let known = known_gap(&transaction, &content, model.as_deref(), vector.as_ref()).await?;
        if known.is_none() {
            transaction.execute("insert into knowledge_gaps (id) values ($1)", &[&gap.0]).await?;
        }
        Some(known.unwrap_or(gap.0))
    };
    let grouped = transaction.execute(GROUP, &[&escalation.0, &content, &gap, &model, &vector]).await?;
    if grouped > 0 {
        transaction.commit().await?;
    }
    Ok(())
}

async fn known_gap(
    transaction: &Transaction<'_>,
    content: &str,
    model: Option<&str>,
    vector: Option<&Vector>,
) -> Result<Option<Uuid>, CrmError> {
    let kept = SHOWN_FOR.as_secs_f64();
    let row = match (model, vector) {
        (Some(model), Some(vector)) => {
            transaction.query_opt(NEAREST, &[&model, vector, &SAME_QUESTION, &kept]).await?
        }
        (Some(_) | None, Some(_) | None) => {
            transaction.query_opt(ALIKE, &[&content, &SAME_WORDS, &kept]).await?
        }
    };
    row.map(|row| Ok(row.try_get(0)?)).transpose()
}

async fn gaps(pool: Pool, after: Option<GapCursor>, limit: i64) -> Result<Vec<GapView>, CrmError> {
    let client = pool.get().await?;
    let (count, id) = (after.map(|after| after.count), after.map(|after| after.gap.0));
    let shown = SHOWN_FOR.as_secs_f64();
    let rows = client.query(GAPS, &[&count, &id, &limit, &MAX_CONVERSATIONS, &shown]).await?;
    rows.iter().map(gap).collect()
}

fn gap(row: &Row) -> Result<GapView, CrmError> {
    let conversations: Vec<Uuid> = row.try_get("conversations")?;
    Ok(GapView {
        id: GapId(row.try_get("id")?),
        question: row.try_get("question")?,
        count: row.try_get("count")?,
        conversations: conversations.into_iter().map(ConversationId).collect(),
        last_asked_at: row.try_get("last_asked_at")?,
    })
}
