//! Events that consoles are told of: what a snapshot of the database does not see, as with customers' live events.

use deadpool_postgres::Pool;
use time::OffsetDateTime;
use tokio_postgres::Row;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::Json;
use uuid::Uuid;

use super::super::PgStore;
use super::super::live_events::{position, read_position};
use super::super::rows::{optional_word, word};
use crate::crm::port::{CrmError, StaffEvents, StoreFuture};
use crate::domain::conversations::live::{
    EventBatch, EventPosition, MAX_MISSED, PRESENCE_LASTS, PresentStaff, StaffChange,
};
use crate::domain::enums::PresenceState;
use crate::domain::ids::{ConversationId, StaffId};

/// What the snapshot `$1` does not see, each change once; at most `$2` and one more. There is always a row, for the
/// position after them. A snapshot of another database may lie in the future.
const CHANGES: &str = "\
with missed as ( \
    select e.kind, e.conversation_id, e.subject_id, e.staff_id, e.cause, min(e.created_at) as created_at \
    from staff_events e \
    where e.xid >= pg_snapshot_xmin($1::text::pg_snapshot) \
      and not pg_visible_in_snapshot(e.xid, $1::text::pg_snapshot) \
    group by 1, 2, 3, 4, 5 order by 6, 3 limit $2::bigint + 1 \
) \
select p.snapshot, p.at, m.kind, m.conversation_id, m.subject_id, m.staff_id, m.cause, \
       case when m.kind = 'presence' then coalesce( \
           (select jsonb_agg(jsonb_build_object('id', s.staff_id, 'state', s.state) order by s.staff_id) \
            from staff_presences s where s.conversation_id = m.conversation_id and s.ends_at > now()), '[]') end \
           as present, \
       pg_snapshot_xmax($1::text::pg_snapshot) <= pg_snapshot_xmax(pg_current_snapshot()) as is_known \
from (select pg_current_snapshot()::text as snapshot, now() as at) p left join missed m on true \
order by m.created_at, m.subject_id";

const ARRIVE: &str = "\
insert into staff_presences (conversation_id, staff_id, state, ends_at) \
select c.id, $2, $3, now() + make_interval(secs => $4) from conversations c where c.id = $1 \
on conflict (conversation_id, staff_id) do update set state = excluded.state, ends_at = excluded.ends_at";
const LEAVE: &str = "delete from staff_presences where conversation_id = $1 and staff_id = $2";
const KNOWN: &str = "select from conversations where id = $1";
const END: &str = "\
delete from staff_presences p where p.ctid = any (array( \
    select o.ctid from staff_presences o where o.ends_at <= now() for update skip locked))";

impl StaffEvents for PgStore {
    fn desk_position(&self) -> StoreFuture<Result<EventPosition, CrmError>> {
        Box::pin(position(self.pools.general.clone()))
    }

    fn desk_changes(
        &self,
        since: EventPosition,
    ) -> StoreFuture<Result<Option<EventBatch<StaffChange>>, CrmError>> {
        Box::pin(changes(self.pools.general.clone(), since))
    }

    fn note_presence(
        &self,
        conversation: ConversationId,
        staff: StaffId,
        state: Option<PresenceState>,
    ) -> StoreFuture<Result<bool, CrmError>> {
        Box::pin(note_presence(self.pools.general.clone(), conversation, staff, state))
    }

    fn end_presences(&self) -> StoreFuture<Result<u64, CrmError>> {
        Box::pin(end_presences(self.pools.queues.clone()))
    }
}

async fn changes(pool: Pool, since: EventPosition) -> Result<Option<EventBatch<StaffChange>>, CrmError> {
    let client = pool.get().await?;
    let statement = client.prepare_cached(CHANGES).await?;
    let rows = match client.query(&statement, &[&since.snapshot, &MAX_MISSED]).await {
        // The notation of a snapshot, but no snapshot.
        Err(error) if error.code() == Some(&SqlState::INVALID_TEXT_REPRESENTATION) => return Ok(None),
        rows => rows?,
    };
    let Some(first) = rows.first() else {
        return Ok(None);
    };
    let (position, at): (_, OffsetDateTime) = (read_position(first)?, first.try_get("at")?);
    let is_complete = i64::try_from(rows.len()).is_ok_and(|count| count <= MAX_MISSED);
    if !is_complete || !first.try_get::<_, bool>("is_known")? || !since.is_resumable(at) {
        return Ok(None);
    }
    let changes = rows.iter().filter_map(|row| change(row).transpose()).collect::<Result<_, _>>()?;
    Ok(Some(EventBatch { changes, position }))
}

/// `None` for the row that only has the position.
fn change(row: &Row) -> Result<Option<StaffChange>, CrmError> {
    let Some(conversation) = row.try_get::<_, Option<Uuid>>("conversation_id")? else {
        return Ok(None);
    };
    let present: Option<Json<Vec<PresentStaff>>> = row.try_get("present")?;
    Ok(Some(StaffChange {
        conversation: conversation.into(),
        kind: word(row, "kind")?,
        subject: row.try_get("subject_id")?,
        staff: row.try_get::<_, Option<Uuid>>("staff_id")?.map(StaffId),
        cause: optional_word(row, "cause")?,
        present: present.map(|Json(present)| present).unwrap_or_default(),
    }))
}

async fn note_presence(
    pool: Pool,
    conversation: ConversationId,
    staff: StaffId,
    state: Option<PresenceState>,
) -> Result<bool, CrmError> {
    let client = pool.get().await?;
    let Some(state) = state else {
        client.execute(LEAVE, &[&conversation.0, &staff.0]).await?;
        return Ok(client.query_opt(KNOWN, &[&conversation.0]).await?.is_some());
    };
    let lasts = PRESENCE_LASTS.as_secs_f64();
    Ok(client.execute(ARRIVE, &[&conversation.0, &staff.0, &state.as_str(), &lasts]).await? > 0)
}

async fn end_presences(pool: Pool) -> Result<u64, CrmError> {
    let client = pool.get().await?;
    let statement = client.prepare_cached(END).await?;
    Ok(client.execute(&statement, &[]).await?)
}
