//! Tickets' pages: the page by page view of a ticket, its rating, the request for a person, and the end of idle tickets.

use std::time::Duration;

use deadpool_postgres::{Pool, Transaction};
use tokio_postgres::types::Json;
use tokio_postgres::{IsolationLevel, Row};
use uuid::Uuid;

use super::PgStore;
use super::facts::{message, ticket_facts};
use super::rows::{optional_word, word};
use crate::crm::port::{CrmError, PageState, Rating, StoreFuture, TicketPages};
use crate::domain::conversations::escalation::{
    HandOverAnswer, PersonRequest, RequestedEscalation, RequestedHandOver,
};
use crate::domain::conversations::idle::IdleLimits;
use crate::domain::ids::{MessageId, TicketId};
use crate::domain::knowledge::Source;
use crate::domain::messages::inquiry::TicketNumber;
use crate::domain::views::{PageFound, PageRequest, RatingView, TicketMessageView, TicketView, shown_status};

/// How long after its closing a ticket's page can be seen (PROTOCOL.md 8.5).
pub const SHOWN_AFTER_CLOSING: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// How many of the customer's messages staff are quoted.
const MAX_QUOTES: i64 = 3;

const TICKET: &str = "\
select t.id, t.number, t.status, t.subject, t.category, t.priority, c.channel, t.created_at, t.updated_at, \
       t.resolved_at, t.conversation_id, r.score, r.comment, r.rated_at, \
       t.status = 'closed' and t.updated_at < now() - make_interval(secs => $2) as expired, \
       status_before_pending(c.id) as status_before, \
       c.proved and c.customer_id is distinct from session_customer($3) as locked, \
       case when c.merged_into is not null then ( \
           select n.number from current_ticket(merge_target(c.id)) n) end as continues_as \
from tickets t join conversations c on c.id = t.conversation_id left join ticket_ratings r on r.ticket_id = t.id \
where t.id = $1 and t.link_revoked_at is null";

/// Of the messages before `$2` that the customer may see: the newest `$3` whose texts have together `$4` bytes, and the
/// newest one in any case. `older` tells on each row whether there are more.
const MESSAGES: &str = "\
with shown as ( \
    select m.id, m.seq, m.role, m.kind, m.content, m.channel, m.created_at, m.sources, d.state \
    from messages m \
    left join lateral ( \
        select d.state from deliveries d where d.message_id = m.id and d.resent_as is null \
        order by array_position(array['failed', 'withdrawn', 'pending', 'sending', 'sent', 'delivered', 'read'], \
                                d.state) limit 1 \
    ) d on true \
    where m.conversation_id = $1 and m.seq < $2 and m.kind <> 'note' \
      and coalesce(d.state, 'sent') not in ('pending', 'withdrawn') \
    order by m.seq desc limit $3::bigint + 1 \
), counted as ( \
    select s.*, row_number() over newest as place, sum(octet_length(s.content)) over newest as bytes, \
           count(*) over () as found \
    from shown s window newest as (order by s.seq desc) \
), page as ( \
    select c.* from counted c where c.place = 1 or (c.place <= $3 and c.bytes <= $4::bigint) \
) \
select p.*, p.found > count(*) over () as older from page p order by p.seq";

const STATE: &str = "\
select t.status = 'closed' and t.updated_at < now() - make_interval(secs => $2) as expired, \
       c.proved and c.customer_id is distinct from session_customer($3) as locked \
from tickets t join conversations c on c.id = t.conversation_id where t.id = $1 and t.link_revoked_at is null";

const RATE: &str = "\
insert into ticket_ratings (ticket_id, score, comment) \
select t.id, $2, $3 from tickets t \
where t.id = $1 and exists ( \
    select from messages m \
    where m.conversation_id = t.conversation_id and m.direction = 'outbound' and m.kind = 'message' \
      and not exists (select from deliveries d where d.message_id = m.id and d.state in ('pending', 'withdrawn'))) \
on conflict (ticket_id) do update set score = excluded.score, comment = excluded.comment, rated_at = now() \
returning score, comment, rated_at";

const PERSON_REQUEST: &str = "\
select c.channel, t.number, u.name, t.subject, now() as at, \
       array(select m.content from ( \
                 select m.seq, m.content from messages m \
                 where m.conversation_id = c.id and m.direction = 'inbound' and m.seq is not null \
                 order by m.seq desc limit $2) m \
             order by m.seq) as quotes \
from tickets t join conversations c on c.id = t.conversation_id join customers u on u.id = c.customer_id \
where t.id = $1";

impl TicketPages for PgStore {
    fn page(
        &self,
        ticket: TicketId,
        viewer: Option<[u8; 32]>,
        request: PageRequest,
    ) -> StoreFuture<Result<PageFound, CrmError>> {
        Box::pin(page(self.pools.general.clone(), ticket, viewer, request))
    }

    fn page_state(
        &self,
        ticket: TicketId,
        viewer: Option<[u8; 32]>,
    ) -> StoreFuture<Result<PageState, CrmError>> {
        Box::pin(page_state(self.pools.general.clone(), ticket, viewer))
    }

    fn rate(&self, ticket: TicketId, rating: Rating) -> StoreFuture<Result<Option<RatingView>, CrmError>> {
        Box::pin(rate(self.pools.general.clone(), ticket, rating))
    }

    fn person_request(&self, ticket: TicketId) -> StoreFuture<Result<Option<PersonRequest>, CrmError>> {
        Box::pin(person_request(self.pools.general.clone(), ticket))
    }

    fn ask_for_person(&self, hand_over: RequestedHandOver) -> StoreFuture<Result<HandOverAnswer, CrmError>> {
        Box::pin(ask_for_person(self.pools.general.clone(), hand_over))
    }

    fn end_idle_tickets(&self, limits: IdleLimits, limit: i64) -> StoreFuture<Result<u64, CrmError>> {
        Box::pin(end_idle_tickets(self.pools.queues.clone(), limits, limit))
    }
}

async fn page(
    pool: Pool,
    ticket: TicketId,
    viewer: Option<[u8; 32]>,
    request: PageRequest,
) -> Result<PageFound, CrmError> {
    let mut client = pool.get().await?;
    // One snapshot: a reply and the status that it leads to are shown together.
    let snapshot = client
        .build_transaction()
        .isolation_level(IsolationLevel::RepeatableRead)
        .read_only(true)
        .start()
        .await?;
    let statement = snapshot.prepare_cached(TICKET).await?;
    let shown_for = SHOWN_AFTER_CLOSING.as_secs_f64();
    let Some(row) =
        snapshot.query_opt(&statement, &[&ticket.0, &shown_for, &digest(viewer.as_ref())]).await?
    else {
        return Ok(PageFound::NoTicket);
    };
    if row.try_get("expired")? {
        return Ok(PageFound::Expired);
    }
    if row.try_get("locked")? {
        return Ok(PageFound::Locked);
    }
    let conversation: Uuid = row.try_get("conversation_id")?;
    let Some(before) = place(&snapshot, conversation, request.before).await? else {
        return Ok(PageFound::UnknownMessage);
    };
    let statement = snapshot.prepare_cached(MESSAGES).await?;
    let limit = i64::from(request.limit);
    let rows = snapshot.query(&statement, &[&conversation, &before, &limit, &request.max_bytes]).await?;
    Ok(PageFound::Page(Box::new(view(&row, &rows)?)))
}

fn view(ticket: &Row, messages: &[Row]) -> Result<TicketView, CrmError> {
    let mut facts = ticket_facts(ticket)?;
    let shown = shown_status(facts.status, optional_word(ticket, "status_before")?);
    if shown != facts.status {
        (facts.status, facts.resolved_at) = (shown, None);
    }
    let continues_as: Option<i64> = ticket.try_get("continues_as")?;
    Ok(TicketView {
        ticket: facts,
        continues_as: continues_as.map(|number| TicketNumber(number).to_string()),
        has_older: messages.first().map_or(Ok(false), |row| row.try_get("older"))?,
        messages: messages.iter().map(ticket_message).collect::<Result<_, _>>()?,
        rating: rating_view(ticket)?,
    })
}

fn digest(viewer: Option<&[u8; 32]>) -> Option<&[u8]> {
    viewer.map(<[u8; 32]>::as_slice)
}

/// The number before which messages are wanted; `None` if there is no such message in the conversation.
async fn place(
    client: &Transaction<'_>,
    conversation: Uuid,
    before: Option<MessageId>,
) -> Result<Option<i64>, CrmError> {
    let Some(before) = before else {
        return Ok(Some(i64::MAX));
    };
    let statement = client
        .prepare_cached(
            "select m.seq from messages m \
             where m.id = $1 and m.conversation_id = $2 and m.seq is not null and m.kind <> 'note'",
        )
        .await?;
    let row = client.query_opt(&statement, &[&before.0, &conversation]).await?;
    row.map(|row| Ok(row.try_get("seq")?)).transpose()
}

fn ticket_message(row: &Row) -> Result<TicketMessageView, CrmError> {
    let sources: Option<Json<Vec<Source>>> = row.try_get("sources")?;
    let sources = sources.map(|Json(sources)| sources).unwrap_or_default();
    Ok(TicketMessageView { message: message(row)?, sources })
}

/// The rating in a row that may have none.
fn rating_view(row: &Row) -> Result<Option<RatingView>, CrmError> {
    let Some(score) = row.try_get::<_, Option<i16>>("score")? else {
        return Ok(None);
    };
    Ok(Some(RatingView {
        score: u8::try_from(score).unwrap_or_default(),
        comment: row.try_get("comment")?,
        rated_at: row.try_get("rated_at")?,
    }))
}

async fn page_state(pool: Pool, ticket: TicketId, viewer: Option<[u8; 32]>) -> Result<PageState, CrmError> {
    let client = pool.get().await?;
    let statement = client.prepare_cached(STATE).await?;
    let shown_for = SHOWN_AFTER_CLOSING.as_secs_f64();
    let Some(row) = client.query_opt(&statement, &[&ticket.0, &shown_for, &digest(viewer.as_ref())]).await?
    else {
        return Ok(PageState::NoTicket);
    };
    Ok(match (row.try_get("expired")?, row.try_get("locked")?) {
        (true, _) => PageState::Expired,
        (false, true) => PageState::Locked,
        (false, false) => PageState::Shown,
    })
}

async fn rate(pool: Pool, ticket: TicketId, rating: Rating) -> Result<Option<RatingView>, CrmError> {
    let client = pool.get().await?;
    let statement = client.prepare_cached(RATE).await?;
    let score = i16::from(rating.score);
    let row = client.query_opt(&statement, &[&ticket.0, &score, &rating.comment]).await?;
    row.as_ref().map_or(Ok(None), rating_view)
}

async fn person_request(pool: Pool, ticket: TicketId) -> Result<Option<PersonRequest>, CrmError> {
    let client = pool.get().await?;
    let statement = client.prepare_cached(PERSON_REQUEST).await?;
    let row = client.query_opt(&statement, &[&ticket.0, &MAX_QUOTES]).await?;
    row.map(|row| {
        Ok(PersonRequest {
            channel: word(&row, "channel")?,
            ticket_number: TicketNumber(row.try_get("number")?),
            customer_name: row.try_get("name")?,
            subject: row.try_get("subject")?,
            quotes: row.try_get("quotes")?,
            at: row.try_get("at")?,
        })
    })
    .transpose()
}

async fn ask_for_person(pool: Pool, hand_over: RequestedHandOver) -> Result<HandOverAnswer, CrmError> {
    let client = pool.get().await?;
    let statement = client
        .prepare_cached(
            "select verdict, status, message_id, escalation_id, reason, severity, escalated_at \
             from ask_for_person($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .await?;
    let order = hand_over;
    let (reason, severity) = (order.reason.as_str(), order.severity.as_str());
    let (ticket, message, delivery) = (order.ticket.0, order.message.0, order.delivery.0);
    let (escalation, text, summary) = (order.escalation.0, order.acknowledgement, order.summary);
    let row = client
        .query_one(
            &statement,
            &[&ticket, &message, &delivery, &escalation, &text, &reason, &severity, &summary],
        )
        .await?;
    match row.try_get::<_, &str>("verdict")? {
        "no_ticket" => Ok(HandOverAnswer::NoTicket),
        "closed" => Ok(HandOverAnswer::TicketClosed),
        _ => Ok(HandOverAnswer::Escalated(RequestedEscalation {
            escalation: row.try_get::<_, Uuid>("escalation_id")?.into(),
            status: word(&row, "status")?,
            message: row.try_get::<_, Uuid>("message_id")?.into(),
            reason: word(&row, "reason")?,
            severity: word(&row, "severity")?,
            at: row.try_get("escalated_at")?,
        })),
    }
}

async fn end_idle_tickets(pool: Pool, limits: IdleLimits, limit: i64) -> Result<u64, CrmError> {
    let client = pool.get().await?;
    let statement = client
        .prepare_cached(
            "select end_idle_tickets(make_interval(secs => $1), make_interval(secs => $2), $3) as ended",
        )
        .await?;
    let resolve = limits.resolve_after.map(|after| after.as_secs_f64());
    let close = limits.close_after.as_secs_f64();
    let row = client.query_one(&statement, &[&resolve, &close, &limit]).await?;
    Ok(row.try_get::<_, i64>("ended")?.unsigned_abs())
}
