//! Live events: what changed on tickets since a snapshot of the database.
//!
//! A page has been told of everything that its snapshot sees, so that what is missing is exactly what the snapshot does
//! not see: whichever order transactions commit in, nothing is left out.

use deadpool_postgres::Pool;
use time::OffsetDateTime;
use tokio_postgres::Row;
use tokio_postgres::error::SqlState;
use uuid::Uuid;

use super::PgStore;
use super::rows::{optional_word, word};
use crate::crm::port::{CrmError, LiveEvents, StoreFuture};
use crate::domain::conversations::live::{
    ChangeBatch, ChangeKind, EventPosition, RESUMABLE_FOR, TicketChange,
};
use crate::domain::enums::DeliveryState;
use crate::domain::ids::TicketId;
use crate::domain::views::shown_status;

const POSITION: &str = "select pg_current_snapshot()::text as snapshot, now() as at";

/// The tickets `$1`, each with what its snapshot in `$2` does not see. A snapshot of another database may lie in the
/// future. There is always a row, for the position after all of them.
const CHANGES: &str = "\
with since as materialized ( \
    select s.ticket, s.snapshot::pg_snapshot as snapshot \
    from unnest($1::uuid[], $2::text[]) s (ticket, snapshot) \
), changed as ( \
    select t.id as ticket_id, t.conversation_id, t.status, t.updated_at, e.message_id \
    from since s \
    join tickets t on t.id = s.ticket \
    join live_events e on e.conversation_id = t.conversation_id \
     and e.xid >= pg_snapshot_xmin(s.snapshot) and not pg_visible_in_snapshot(e.xid, s.snapshot) \
    group by t.id, e.message_id \
), told as ( \
    select c.ticket_id, c.status, c.updated_at, m.id as message_id, m.seq, d.state, \
           status_before_pending(c.conversation_id) as status_before \
    from changed c \
    left join messages m on m.id = c.message_id and m.kind <> 'note' and m.seq is not null \
    left join lateral ( \
        select d.state from deliveries d where d.message_id = m.id and d.resent_as is null \
        order by array_position(array['failed', 'withdrawn', 'pending', 'sending', 'sent', 'delivered', 'read'], \
                                d.state) limit 1 \
    ) d on true \
) \
select p.snapshot, p.at, told.*, \
       (select bool_and(pg_snapshot_xmax(s.snapshot) <= pg_snapshot_xmax(pg_current_snapshot())) \
        from since s) as is_known \
from (select pg_current_snapshot()::text as snapshot, now() as at) p left join told on true \
order by told.ticket_id, told.seq nulls last";

const FORGET: &str = "\
with pages as ( \
    delete from live_events e where e.ctid = any (array( \
        select o.ctid from live_events o where o.created_at < now() - make_interval(secs => $1) \
        order by o.created_at limit $2)) returning 1 \
), consoles as ( \
    delete from staff_events e where e.ctid = any (array( \
        select o.ctid from staff_events o where o.created_at < now() - make_interval(secs => $1) \
        order by o.created_at limit $2)) returning 1 \
) \
select greatest((select count(*) from pages), (select count(*) from consoles)) as forgotten";

/// Kept a little longer than pages may be away, because an event is as old as its transaction's beginning.
const KEPT_SECONDS: f64 = RESUMABLE_FOR.as_secs_f64() + 3600.0;

impl LiveEvents for PgStore {
    fn position(&self) -> StoreFuture<Result<EventPosition, CrmError>> {
        Box::pin(position(self.pools.general.clone()))
    }

    fn changes(
        &self,
        since: Vec<(TicketId, EventPosition)>,
    ) -> StoreFuture<Result<Option<ChangeBatch>, CrmError>> {
        Box::pin(changes(self.pools.general.clone(), since))
    }

    fn forget_events(&self, limit: i64) -> StoreFuture<Result<u64, CrmError>> {
        Box::pin(forget_events(self.pools.queues.clone(), limit))
    }
}

pub(super) async fn position(pool: Pool) -> Result<EventPosition, CrmError> {
    let client = pool.get().await?;
    let statement = client.prepare_cached(POSITION).await?;
    read_position(&client.query_one(&statement, &[]).await?)
}

async fn changes(pool: Pool, since: Vec<(TicketId, EventPosition)>) -> Result<Option<ChangeBatch>, CrmError> {
    let client = pool.get().await?;
    let statement = client.prepare_cached(CHANGES).await?;
    let tickets: Vec<Uuid> = since.iter().map(|(ticket, _)| ticket.0).collect();
    let snapshots: Vec<&str> = since.iter().map(|(_, position)| position.snapshot.as_str()).collect();
    let rows = match client.query(&statement, &[&tickets, &snapshots]).await {
        // The notation of a snapshot, but no snapshot: its bounds are the wrong way round, for example.
        Err(error) if error.code() == Some(&SqlState::INVALID_TEXT_REPRESENTATION) => return Ok(None),
        rows => rows?,
    };
    let Some(first) = rows.first() else {
        return Ok(None);
    };
    let (position, at): (_, OffsetDateTime) = (read_position(first)?, first.try_get("at")?);
    let is_known = first.try_get::<_, Option<bool>>("is_known")? != Some(false);
    if !is_known || since.iter().any(|(_, position)| !position.is_resumable(at)) {
        return Ok(None);
    }
    Ok(Some(ChangeBatch { changes: read_changes(&rows)?, position }))
}

pub(super) fn read_position(row: &Row) -> Result<EventPosition, CrmError> {
    let at: OffsetDateTime = row.try_get("at")?;
    Ok(EventPosition { at: at.unix_timestamp(), snapshot: row.try_get("snapshot")? })
}

/// The messages of each ticket that its customer may see, then the ticket itself.
fn read_changes(rows: &[Row]) -> Result<Vec<TicketChange>, CrmError> {
    let mut changes = Vec::new();
    for rows in rows.chunk_by(|one, other| ticket_of(one) == ticket_of(other)) {
        let Some((ticket, row)) = rows.first().and_then(|row| Some((ticket_of(row)?, row))) else {
            continue;
        };
        for row in rows {
            changes.extend(message_change(row)?.map(|kind| TicketChange { ticket, kind }));
        }
        let status = shown_status(word(row, "status")?, optional_word(row, "status_before")?);
        let kind = ChangeKind::Ticket { status, updated_at: row.try_get("updated_at")? };
        changes.push(TicketChange { ticket, kind });
    }
    Ok(changes)
}

fn ticket_of(row: &Row) -> Option<TicketId> {
    row.try_get::<_, Option<Uuid>>("ticket_id").ok().flatten().map(TicketId)
}

fn message_change(row: &Row) -> Result<Option<ChangeKind>, CrmError> {
    let Some(id) = row.try_get::<_, Option<Uuid>>("message_id")? else {
        return Ok(None);
    };
    let delivery_status = optional_word(row, "state")?;
    let is_hidden = matches!(delivery_status, Some(DeliveryState::Pending | DeliveryState::Withdrawn));
    Ok((!is_hidden).then(|| ChangeKind::Message { id: id.into(), delivery_status }))
}

async fn forget_events(pool: Pool, limit: i64) -> Result<u64, CrmError> {
    let client = pool.get().await?;
    let statement = client.prepare_cached(FORGET).await?;
    let row = client.query_one(&statement, &[&KEPT_SECONDS, &limit]).await?;
    Ok(row.try_get::<_, i64>("forgotten")?.unsigned_abs())
}
