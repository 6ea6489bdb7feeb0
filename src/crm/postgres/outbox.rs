//! Transactional outbox: leasing its rows, and refilling it with abandoned conversations.

use std::time::Duration;

use deadpool_postgres::Pool;
use serde::Deserialize;
use tokio_postgres::types::Json;
use uuid::Uuid;

use super::rows::traceparent;
use super::{OUTBOX_LEASE, PgStore};
use crate::crm::port::{Backlog, CrmError, Outbox, OutboxRow, Pointer, StoreFuture, Sweep};
use crate::domain::enums::Channel;
use crate::domain::ids::ConversationId;

/// The event that points to a conversation with something to answer.
#[derive(Deserialize)]
struct Incoming {
    version: u32,
    conversation_id: Uuid,
    channel: Channel,
}

impl Outbox for PgStore {
    fn lease_outbox(&self, done: Vec<i64>, limit: i64) -> StoreFuture<Result<Vec<OutboxRow>, CrmError>> {
        Box::pin(lease_outbox(self.pools.queues.clone(), done, limit))
    }

    fn park_outbox(&self, id: i64, reason: String) -> StoreFuture<Result<(), CrmError>> {
        Box::pin(park_outbox(self.pools.queues.clone(), id, reason))
    }

    fn backlog(&self) -> StoreFuture<Result<Backlog, CrmError>> {
        // The relay asks every few seconds, which is often enough for the gauges of the pools.
        self.pools.show();
        Box::pin(backlog(self.pools.queues.clone()))
    }

    fn sweep(&self, request: Sweep) -> StoreFuture<Result<u64, CrmError>> {
        Box::pin(sweep(self.pools.queues.clone(), request))
    }
}

async fn lease_outbox(pool: Pool, done: Vec<i64>, limit: i64) -> Result<Vec<OutboxRow>, CrmError> {
    let client = pool.get().await?;
    let statement = client
        .prepare_cached(
            "select id, topic, key, payload, traceparent from lease_outbox($1, $2, make_interval(secs => $3)) order by id",
        )
        .await?;
    let rows = client.query(&statement, &[&done, &limit, &OUTBOX_LEASE.as_secs_f64()]).await?;
    rows.iter()
        .map(|row| {
            let Json(payload) = row.try_get::<_, Json<serde_json::Value>>("payload")?;
            let text = payload.to_string();
            let incoming =
                serde_json::from_value::<Incoming>(payload).ok().filter(|event| event.version == 1);
            let traceparent = traceparent(row)?;
            let pointer = |event: Incoming| Pointer {
                conversation: ConversationId(event.conversation_id),
                channel: event.channel,
                traceparent,
            };
            Ok(OutboxRow {
                id: row.try_get("id")?,
                topic: row.try_get("topic")?,
                key: row.try_get("key")?,
                payload: text,
                pointer: incoming.map(pointer),
                traceparent,
            })
        })
        .collect()
}

/// Sets a row aside that can't be handed on.
async fn park_outbox(pool: Pool, id: i64, reason: String) -> Result<(), CrmError> {
    let client = pool.get().await?;
    let statement = client.prepare_cached("update outbox set parked_reason = $2 where id = $1").await?;
    client.execute(&statement, &[&id, &reason]).await?;
    Ok(())
}

async fn backlog(pool: Pool) -> Result<Backlog, CrmError> {
    let client = pool.get().await?;
    let statement = client.prepare_cached(include_str!("backlog.sql")).await?;
    let row = client.query_one(&statement, &[]).await?;
    Ok(Backlog {
        waiting: row.try_get("waiting")?,
        parked: row.try_get("parked")?,
        oldest: Duration::try_from_secs_f64(row.try_get("oldest")?).unwrap_or_default(),
        oldest_message: Duration::try_from_secs_f64(row.try_get("oldest_message")?).unwrap_or_default(),
    })
}

async fn sweep(pool: Pool, sweep: Sweep) -> Result<u64, CrmError> {
    let client = pool.get().await?;
    let statement = client
        .prepare_cached("select sweep(make_interval(secs => $1), make_interval(secs => $2), $3)")
        .await?;
    let (idle_for, again_after) = (sweep.idle_for.as_secs_f64(), sweep.again_after.as_secs_f64());
    let row = client.query_one(&statement, &[&idle_for, &again_after, &sweep.limit]).await?;
    Ok(row.try_get::<_, i64>(0)?.unsigned_abs())
}
