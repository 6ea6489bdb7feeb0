//! Lessons from resolved tickets: which ones have an answer of staff, and the drafts that were made of them.

use deadpool_postgres::Pool;
use pgvector::Vector;
use tokio_postgres::Row;

use crate::crm::port::CrmError;
use crate::domain::accounts::SERVICE_ACCOUNT;
use crate::domain::ids::{ConversationId, GapId};
use crate::domain::learning::drafting::{AnsweredTicket, Lesson, SAME_DRAFT};
use crate::domain::learning::gaps::SAME_WORDS;
use crate::domain::learning::proposals::TicketDraft;

/// One process at a time puts questions into groups and keeps drafts: the key of the advisory lock.
pub(super) const LOCK: i64 = 0x66_74_65_67_61;

const ANSWERED: &str = "\
select q.conversation_id, q.gap_id, q.content, t.subject, \
       array(select left(m.content, 10000) from messages m \
             where m.conversation_id = q.conversation_id and m.direction = 'outbound' and m.role = 'staff' \
               and m.kind = 'message' and m.created_at >= q.asked_at and not is_withdrawn(m.id) \
             order by m.seq limit 20) as replies, \
       array_append(array(select s.name from staff s order by s.created_at limit 500), u.name) as names \
from ( \
    select distinct on (l.conversation_id) l.conversation_id, l.gap_id, l.content, l.asked_at \
    from knowledge_questions l \
    where l.gap_id is not null and l.learned_at is null and exists ( \
        select from tickets t where t.conversation_id = l.conversation_id and t.status in ('resolved', 'closed')) \
    order by l.conversation_id, l.asked_at desc limit $1 \
) q \
join conversations c on c.id = q.conversation_id \
join customers u on u.id = c.customer_id \
cross join lateral current_ticket(q.conversation_id) t \
where t.status in ('resolved', 'closed')";
const LEARN: &str = "\
update knowledge_questions set learned_at = now() \
where conversation_id = $1 and gap_id is not null and learned_at is null";
/// An open draft about the same gap, or of the same meaning.
const HAS_ALIKE: &str = "\
select exists ( \
    select from knowledge_proposals p \
    where p.state = 'draft' \
      and (p.gap_id = $1 \
           or p.model = $2 and p.embedding is not null and 1 - (p.embedding <=> $3) >= $4 \
           or ($3::vector is null and similarity(p.title, $5) >= $6)))";
const KEEP: &str = "\
with kept as ( \
    insert into knowledge_proposals (id, op, title, body, gap_id, ticket_id, author, model, embedding) \
    select $1, 'create', $2, $3, $4, t.id, $6, $7, $8 from current_ticket($5) t \
    on conflict (ticket_id) do nothing returning id \
) \
insert into audit_log (actor, action, subject_kind, subject_id, conversation_id) \
select $6, 'proposal.drafted', 'proposal', k.id::text, $5 from kept k";

pub(super) async fn answered(pool: Pool, limit: i64) -> Result<Vec<AnsweredTicket>, CrmError> {
    let client = pool.get().await?;
    client.query(ANSWERED, &[&limit]).await?.iter().map(ticket).collect()
}

fn ticket(row: &Row) -> Result<AnsweredTicket, CrmError> {
    Ok(AnsweredTicket {
        conversation: ConversationId(row.try_get("conversation_id")?),
        gap: GapId(row.try_get("gap_id")?),
        question: row.try_get("content")?,
        subject: row.try_get("subject")?,
        replies: row.try_get("replies")?,
        names: row.try_get("names")?,
    })
}

pub(super) async fn nothing(pool: Pool, conversation: ConversationId) -> Result<(), CrmError> {
    let client = pool.get().await?;
    client.execute(LEARN, &[&conversation.0]).await?;
    Ok(())
}

pub(super) async fn keep(pool: Pool, gap: GapId, draft: TicketDraft) -> Result<Lesson, CrmError> {
    let mut client = pool.get().await?;
    let transaction = client.transaction().await?;
    transaction.execute("select pg_advisory_xact_lock($1)", &[&LOCK]).await?;
    let TicketDraft { id, conversation, title, body, vector } = draft;
    let (model, vector) = match vector {
        Some(vector) => (Some(vector.model.name), Some(Vector::from(vector.values))),
        None => (None, None),
    };
    let learned = transaction.execute(LEARN, &[&conversation.0]).await?;
    let alike = transaction
        .query_one(HAS_ALIKE, &[&gap.0, &model, &vector, &SAME_DRAFT, &title, &SAME_WORDS])
        .await?;
    let is_duplicate: bool = learned == 0 || alike.try_get(0)?;
    let kept = if is_duplicate {
        0
    } else {
        let author = SERVICE_ACCOUNT.0;
        transaction
            .execute(KEEP, &[&id.0, &title, &body, &gap.0, &conversation.0, &author, &model, &vector])
            .await?
    };
    transaction.commit().await?;
    Ok(if kept > 0 { Lesson::Drafted } else { Lesson::Duplicate })
}
