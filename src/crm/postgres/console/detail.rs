//! A conversation as staff see it, page by page, read in one snapshot.

use deadpool_postgres::{Pool, Transaction};
use serde::de::DeserializeOwned;
use tokio_postgres::types::Json;
use tokio_postgres::{IsolationLevel, Row};
use uuid::Uuid;

use super::super::facts::{attachments, message, ticket_facts};
use super::super::rows::{optional_word, word};
use crate::crm::port::CrmError;
use crate::domain::console::detail::{
    DeskFacts, DueTimes, HandOffView, MAX_PARTICIPANTS, MAX_TURNS, ParticipantView, TurnView,
};
use crate::domain::ids::{ConversationId, MessageId, TurnId};
use crate::domain::views::{ConversationFound, ConversationView, PageRequest, StaffMessageView};

const HEAD: &str = "\
select c.customer_id, c.channel as channel, c.status as conversation_status, c.sentiment, c.tags, c.severity, c.reason, \
       c.snoozed_until, person(c.assignee) as assignee, \
       array(select d.id from dead_letters d where d.conversation_id = c.id and d.ended_at is null \
             order by d.created_at, d.id) as parked, \
       k.first_response_due, k.next_response_due, k.resolution_due, coalesce(k.due_at <= now(), false) as breached, \
       clocks_paused(c.id) as paused, \
       array(select s.id from side_conversations s \
             where s.conversation_id = c.id \
                or s.conversation_id in (select m.id from conversations m where m.merged_into = c.id) \
             order by s.created_at, s.id) as side, c.merged_into, \
       (select jsonb_agg(person(w.staff_id) order by w.staff_id) from conversation_watchers w \
        where w.conversation_id = c.id) as watchers, \
       t.id, t.number, t.status, t.subject, t.category, t.priority, t.created_at, t.updated_at, t.resolved_at \
from conversations c cross join lateral current_ticket(c.id) t \
left join conversation_clocks k on k.conversation_id = c.id where c.id = $1";

const PLACE: &str =
    "select m.seq from messages m where m.id = $1 and m.conversation_id = $2 and m.seq is not null";

/// Of the messages before `$2`: the newest `$3` whose texts have together `$4` bytes, and the newest one in any case.
/// `older` tells on each row whether there are more.
const PAGE: &str = "\
select p.id, p.seq, p.found > count(*) over () as older \
from (select s.id, s.seq, row_number() over newest as place, sum(octet_length(s.content)) over newest as bytes, \
             count(*) over () as found \
      from (select m.id, m.seq, m.content from messages m \
            where m.conversation_id = $1 and m.seq < $2 order by m.seq desc limit $3::bigint + 1) s \
      window newest as (order by s.seq desc)) p \
where p.place = 1 or (p.place <= $3 and p.bytes <= $4::bigint) order by p.seq";

/// Where an outbound message has several parts, its delivery is as far as the part that is least far.
const MESSAGES: &str = "\
select m.id, m.role, m.kind, m.content, m.channel, m.created_at, m.sources, m.tool_calls, m.tokens, m.latency_ms, \
       m.model, m.turn_id, person(s.staff_id) as author, d.state, d.error, \
       case when m.kind = 'note' then ( \
           select jsonb_agg(person(n.staff_id) order by n.staff_id) \
           from staff_mentions n where n.message_id = m.id) end as mentions, \
       (select jsonb_agg(jsonb_build_object( \
            'id', p.id, 'channel', p.channel, 'state', p.state, \
            'to', case when p.channel = 'web_form' then '[]' else ( \
                select coalesce(jsonb_agg(t.address), '[]') from ( \
                    select coalesce(p.address, (select o.value from delivery_address(p.id) o)) \
                    union all select jsonb_array_elements_text(p.recipients -> 'to')) t (address) \
                where t.address is not null) end, \
            'cc', coalesce(p.recipients -> 'cc', '[]'), 'bcc', coalesce(p.recipients -> 'bcc', '[]'), \
            'in_doubt', p.state = 'sending' and p.lease_until < clock_timestamp() \
                or p.state = 'failed' and p.cause is null and p.unresolved_attempts > 0, \
            'send_at', rfc3339(coalesce(p.not_before, p.created_at)), \
            'failed', (select coalesce(jsonb_agg(jsonb_build_object( \
                           'address', f.address, 'cause', f.cause, 'detail', f.detail) order by f.address), '[]') \
                       from delivery_failures f where f.delivery_id = p.id)) order by p.part) \
        from deliveries p where p.message_id = m.id) as deliveries, \
       case when m.channel = 'email' then ( \
           select jsonb_build_object( \
               'authentication', e.authentication, 'unanswered', e.reason, 'remarks', coalesce(e.remarks, '[]'), \
               'full_text', e.full_text, 'has_source', e.raw_sha256 is not null) \
           from message_emails e where e.message_id = m.id and not e.is_copy limit 1) end as mail, \
       case when m.channel <> 'web_form' then ( \
           select jsonb_agg(jsonb_build_object( \
               'id', a.id, 'content_type', coalesce(a.content_type, a.announced_type), \
               'size_bytes', a.size_bytes, 'state', a.state, 'note', a.note) order by a.position) \
           from attachments a where a.message_id = m.id) end as attachments \
from messages m \
left join staff_messages s on s.message_id = m.id \
left join lateral ( \
    select d.state, d.error from deliveries d where d.message_id = m.id and d.resent_as is null \
    order by array_position(array['failed', 'withdrawn', 'pending', 'sending', 'sent', 'delivered', 'read'], d.state) \
    limit 1 \
) d on true \
where m.id = any ($1) order by m.seq";

/// A turn that has written nothing covers what was not answered before it began.
const TURNS: &str = "\
select t.*, \
       array(select m.id from messages m \
             where m.conversation_id = t.conversation_id and m.direction = 'inbound' and m.seq <= t.covers \
               and (m.answered_by = t.id \
                    or t.outcome is null and (m.answered_by is null or coalesce( \
                        (select o.ended_at from turns o where o.id = m.answered_by), \
                        (select o.created_at from messages o where o.id = m.answered_by)) > t.started_at)) \
             order by m.seq) as covered, \
       coalesce((select jsonb_agg(jsonb_build_object('number', s.number, 'step', s.content) \
                                  order by s.number) from turn_steps s where s.turn_id = t.id), '[]') as steps, \
       coalesce(r.sources, '[]') as sources, coalesce(a.model, r.model) as model, \
       coalesce(a.tokens_in + a.tokens_out, u.tokens, 0)::bigint as tokens, \
       coalesce(a.cost_micros, u.cost, 0)::bigint as cost_micros \
from (select t.* from turns t where t.conversation_id = $1 and t.covers between $2 and $3 \
      order by t.started_at desc, t.id desc limit $4) t \
left join agent_metrics a on a.turn_id = t.id \
left join lateral (select m.sources, m.model from messages m \
                   where m.conversation_id = t.conversation_id and m.turn_id = t.id order by m.seq limit 1) r on true \
left join lateral ( \
    select sum(coalesce((s.content #>> '{said,usage,tokens_in}')::bigint, 0) \
               + coalesce((s.content #>> '{said,usage,tokens_out}')::bigint, 0)) as tokens, \
           sum(coalesce((s.content #>> '{said,usage,cost_micros}')::bigint, 0)) as cost \
    from turn_steps s where s.turn_id = t.id and s.kind = 'modelled' \
) u on true \
order by t.started_at, t.id";

const PARTICIPANTS: &str = "\
with senders as ( \
    select m.identifier_kind as kind, m.identifier_value as value, min(m.seq) as place, bool_or(m.attested) as attested, \
           bool_or(exists (select from message_emails e \
                           where e.message_id = m.id and e.authentication = 'fail')) as failed \
    from messages m \
    where m.conversation_id = $1 and m.direction = 'inbound' and m.identifier_value is not null \
    group by 1, 2 \
), copied as ( \
    select distinct lower(a.address) as value \
    from (select m.metadata -> 'mail' -> 'cc' as cc from messages m \
          where m.conversation_id = $1 and m.direction = 'inbound' and m.channel = 'email' \
          order by m.seq desc limit 1) m \
    cross join lateral jsonb_array_elements_text(m.cc) a (address) \
) \
select s.kind, s.value, coalesce(u.name, '') as name, \
       case when i.customer_id = c.customer_id then 'customer' else 'other' end as role, \
       case when s.attested then 'attested' \
            when c.channel = 'web_form' then case when c.proved then 'code' else 'claim' end \
            when i.attested and exists (select from link_challenges h \
                                        where h.email = s.value and h.state in ('proved', 'used')) then 'code' \
            when i.attested then 'attested' \
            when s.failed then 'failed' else 'claim' end as proof, s.place \
from senders s \
join conversations c on c.id = $1 \
left join customer_identifiers i on i.kind = s.kind and i.value = s.value \
left join customers u on u.id = i.customer_id \
  union all \
select 'email', p.value, '', 'cc', 'claim', 9223372036854775807 \
from copied p where not exists (select from senders s where s.kind = 'email' and s.value = p.value) \
order by place, value limit $2";

/// The newest escalation, with what was said until then.
const HAND_OFF: &str = "\
select e.id, \
       coalesce((select left(m.content, 1000) from messages m \
                 where m.conversation_id = $1 and m.direction = 'inbound' and m.created_at <= e.created_at \
                 order by m.seq limit 1), '') as wish, \
       coalesce((select left(m.content, 1000) from messages m \
                 where m.conversation_id = $1 and m.direction = 'inbound' and m.created_at <= e.created_at \
                 order by m.seq desc limit 1), '') as open_question, \
       array(select r.said from ( \
                 select m.seq, left(m.content, 400) as said from messages m \
                 where m.conversation_id = $1 and m.role = 'agent' and m.kind = 'message' \
                   and not is_withdrawn(m.id) and m.created_at <= e.created_at order by m.seq desc limit 5) r \
             order by r.seq) as tried, \
       array(select left(m.content, 1000) from messages m \
             where m.conversation_id = $1 and m.role = 'agent' and m.kind = 'acknowledgement' \
               and not is_withdrawn(m.id) and m.created_at <= e.created_at order by m.seq desc limit 5) as promises, \
       coalesce((select jsonb_agg(distinct s.source) from messages m \
                 cross join lateral jsonb_array_elements(m.sources) s (source) \
                 where m.conversation_id = $1 and m.role = 'agent' and m.created_at <= e.created_at), '[]') as sources \
from escalations e where e.conversation_id = $1 order by e.created_at desc, e.id desc limit 1";

pub async fn page(
    pool: Pool,
    id: ConversationId,
    request: PageRequest,
) -> Result<ConversationFound, CrmError> {
    let mut client = pool.get().await?;
    let snapshot = client.build_transaction().isolation_level(IsolationLevel::RepeatableRead).read_only(true);
    let transaction = snapshot.start().await?;
    let statement = transaction.prepare_cached(HEAD).await?;
    let Some(head) = transaction.query_opt(&statement, &[&id.0]).await? else {
        return Ok(ConversationFound::NoConversation);
    };
    let Some(before) = place(&transaction, id, request.before).await? else {
        return Ok(ConversationFound::UnknownMessage);
    };
    let statement = transaction.prepare_cached(PAGE).await?;
    let limit = i64::from(request.limit);
    let page = transaction.query(&statement, &[&id.0, &before, &limit, &request.max_bytes]).await?;
    let ids = page.iter().map(|row| row.try_get("id")).collect::<Result<Vec<Uuid>, _>>()?;
    let first = page.first().map_or(Ok(0), |row| row.try_get::<_, i64>("seq"))?;
    Ok(ConversationFound::Page(Box::new(ConversationView {
        conversation_id: id,
        customer_id: head.try_get::<_, Uuid>("customer_id")?.into(),
        channel: word(&head, "channel")?,
        status: word(&head, "conversation_status")?,
        sentiment: head.try_get("sentiment")?,
        ticket: ticket_facts(&head)?,
        desk: desk_facts(&head)?,
        hand_off: hand_off(&transaction, id).await?,
        turns: turns(&transaction, id, first, before).await?,
        participants: participants(&transaction, id).await?,
        messages: messages(&transaction, &ids).await?,
        has_older: page.first().map_or(Ok(false), |row| row.try_get("older"))?,
    })))
}

/// The number before which messages are wanted; `None` if there is no such message in the conversation.
async fn place(
    transaction: &Transaction<'_>,
    conversation: ConversationId,
    before: Option<MessageId>,
) -> Result<Option<i64>, CrmError> {
    let Some(before) = before else {
        return Ok(Some(i64::MAX));
    };
    let statement = transaction.prepare_cached(PLACE).await?;
    let row = transaction.query_opt(&statement, &[&before.0, &conversation.0]).await?;
    row.map(|row| Ok(row.try_get("seq")?)).transpose()
}

fn desk_facts(row: &Row) -> Result<DeskFacts, CrmError> {
    Ok(DeskFacts {
        assignee: optional_json(row, "assignee")?,
        tags: row.try_get("tags")?,
        severity: optional_word(row, "severity")?,
        reason: optional_word(row, "reason")?,
        snoozed_until: row.try_get("snoozed_until")?,
        parked: row.try_get::<_, Vec<Uuid>>("parked")?.into_iter().map(Into::into).collect(),
        sla: DueTimes {
            first_response: row.try_get("first_response_due")?,
            next_response: row.try_get("next_response_due")?,
            resolution: row.try_get("resolution_due")?,
            breached: row.try_get("breached")?,
            paused: row.try_get("paused")?,
        },
        side: row.try_get::<_, Vec<Uuid>>("side")?.into_iter().map(Into::into).collect(),
        merged_into: row.try_get::<_, Option<Uuid>>("merged_into")?.map(Into::into),
        watchers: optional_json(row, "watchers")?.unwrap_or_default(),
    })
}

/// These messages as staff see them, in their order.
pub async fn messages(
    transaction: &Transaction<'_>,
    ids: &[Uuid],
) -> Result<Vec<StaffMessageView>, CrmError> {
    let statement = transaction.prepare_cached(MESSAGES).await?;
    transaction.query(&statement, &[&ids]).await?.iter().map(staff_message).collect()
}

fn staff_message(row: &Row) -> Result<StaffMessageView, CrmError> {
    Ok(StaffMessageView {
        message: message(row)?,
        author: optional_json(row, "author")?,
        mentions: optional_json(row, "mentions")?.unwrap_or_default(),
        turn: row.try_get::<_, Option<Uuid>>("turn_id")?.map(TurnId),
        deliveries: optional_json(row, "deliveries")?.unwrap_or_default(),
        sources: optional_json(row, "sources")?.unwrap_or_default(),
        tool_calls: optional_json(row, "tool_calls")?.unwrap_or_default(),
        tokens: row.try_get("tokens")?,
        latency_ms: row.try_get("latency_ms")?,
        model: row.try_get("model")?,
        attachments: attachments(row)?,
        delivery_error: row.try_get("error")?,
        mail: optional_json(row, "mail")?,
    })
}

/// The turns for the messages from number `first` on and before `before`.
async fn turns(
    transaction: &Transaction<'_>,
    conversation: ConversationId,
    first: i64,
    before: i64,
) -> Result<Vec<TurnView>, CrmError> {
    let statement = transaction.prepare_cached(TURNS).await?;
    let last = before.saturating_sub(1);
    let rows = transaction.query(&statement, &[&conversation.0, &first, &last, &MAX_TURNS]).await?;
    rows.iter().map(turn).collect()
}

fn turn(row: &Row) -> Result<TurnView, CrmError> {
    Ok(TurnView {
        id: row.try_get::<_, Uuid>("id")?.into(),
        outcome: optional_word(row, "outcome")?,
        state: word(row, "state")?,
        started_at: row.try_get("started_at")?,
        ended_at: row.try_get("ended_at")?,
        covers: row.try_get::<_, Vec<Uuid>>("covered")?.into_iter().map(Into::into).collect(),
        steps: optional_json(row, "steps")?.unwrap_or_default(),
        sources: optional_json(row, "sources")?.unwrap_or_default(),
        model: row.try_get("model")?,
        tokens: row.try_get("tokens")?,
        cost_micros: row.try_get("cost_micros")?,
    })
}

async fn participants(
    transaction: &Transaction<'_>,
    conversation: ConversationId,
) -> Result<Vec<ParticipantView>, CrmError> {
    let statement = transaction.prepare_cached(PARTICIPANTS).await?;
    let rows = transaction.query(&statement, &[&conversation.0, &MAX_PARTICIPANTS]).await?;
    rows.iter()
        .map(|row| {
            Ok(ParticipantView {
                kind: word(row, "kind")?,
                value: row.try_get("value")?,
                name: row.try_get("name")?,
                role: word(row, "role")?,
                proof: word(row, "proof")?,
            })
        })
        .collect()
}

async fn hand_off(
    transaction: &Transaction<'_>,
    conversation: ConversationId,
) -> Result<Option<HandOffView>, CrmError> {
    let statement = transaction.prepare_cached(HAND_OFF).await?;
    let row = transaction.query_opt(&statement, &[&conversation.0]).await?;
    row.map(|row| {
        Ok(HandOffView {
            escalation: row.try_get::<_, Uuid>("id")?.into(),
            wish: row.try_get("wish")?,
            tried: row.try_get("tried")?,
            open_question: row.try_get("open_question")?,
            promises: row.try_get("promises")?,
            sources: optional_json(&row, "sources")?.unwrap_or_default(),
        })
    })
    .transpose()
}

fn optional_json<T: DeserializeOwned>(row: &Row, column: &str) -> Result<Option<T>, CrmError> {
    Ok(row.try_get::<_, Option<Json<T>>>(column)?.map(|Json(value)| value))
}
