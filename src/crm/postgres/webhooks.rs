//! Outgoing webhooks: endpoints, the events that are sent to them, and their leases.

use std::time::Duration;

use deadpool_postgres::{Pool, Transaction};
use serde_json::Value;
use tokio_postgres::Row;
use tokio_postgres::types::Json;
use uuid::Uuid;

use super::PgStore;
use super::rows::{mismatch, word};
use crate::crm::port::{CrmError, StoreFuture, Webhooks};
use crate::domain::console::detail::PersonRef;
use crate::domain::enums::WebhookEvent;
use crate::domain::ids::{WebhookDeliveryId, WebhookId};
use crate::domain::webhooks::{
    AfterTry, EVENTS_KEPT, EventIds, FAILURE_PATIENCE, MAX_WEBHOOKS, SECRET_OVERLAP, WebhookCommand,
    WebhookDeliveryView, WebhookEnd, WebhookKey, WebhookTry, WebhookUpkeep, WebhookView,
};

const LIST: &str = "\
select w.id, w.url, w.types, w.secret, w.staff_id, s.name, w.created_at, w.failing_since, w.disabled_at \
from webhooks w join staff s on s.id = w.staff_id where $1::uuid is null or w.id = $1 order by w.created_at, w.id";

const DELIVERIES: &str = "\
select d.id, d.webhook_id, d.type, d.data, d.created_at, d.state, d.attempts, d.status, d.error, d.ended_at, \
       case when d.state = 'pending' then d.due_at end as next_attempt_at \
from webhook_deliveries d \
where d.webhook_id = $1 and ($2::uuid is null or d.seq < (select o.seq from webhook_deliveries o where o.id = $2)) \
order by d.seq desc limit $3";
const DELIVERY: &str = "\
select d.id, d.webhook_id, d.type, d.data, d.created_at, d.state, d.attempts, d.status, d.error, d.ended_at, \
       case when d.state = 'pending' then d.due_at end as next_attempt_at \
from webhook_deliveries d where d.id = $1";

const LEASE: &str = "select * from lease_webhooks($1, $2, make_interval(secs => $3))";
const SETTLE: &str = "select settle_webhook($1, $2, $3, $4, $5, make_interval(secs => $6), $7)";
const TIDY: &str =
    "select removed, failing from tidy_webhooks(make_interval(secs => $1), make_interval(secs => $2), $3)";

const ADD: &str = "select add_webhook($1, $2, $3, $4, $5, $6)";
const REMOVE: &str = "select remove_webhook($1, $2)";
const ROTATE: &str = "select rotate_webhook($1, $2, $3, make_interval(secs => $4))";
const TEST: &str = "select test_webhook($1, $2)";
const REDELIVER: &str = "select redeliver_webhook($1, $2)";

impl Webhooks for PgStore {
    fn webhooks(&self) -> StoreFuture<Result<Vec<WebhookView>, CrmError>> {
        let pool = self.pools.general.clone();
        Box::pin(async move { Ok(list(pool, None).await?.into_iter().map(|(view, _)| view).collect()) })
    }

    fn webhook(&self, id: WebhookId) -> StoreFuture<Result<Option<(WebhookView, WebhookKey)>, CrmError>> {
        let pool = self.pools.general.clone();
        Box::pin(async move { Ok(list(pool, Some(id)).await?.pop()) })
    }

    fn webhook_deliveries(
        &self,
        webhook: WebhookId,
        after: Option<WebhookDeliveryId>,
        limit: i64,
    ) -> StoreFuture<Result<Vec<WebhookDeliveryView>, CrmError>> {
        Box::pin(deliveries(self.pools.general.clone(), webhook, after, limit))
    }

    fn webhook_delivery(
        &self,
        id: WebhookDeliveryId,
    ) -> StoreFuture<Result<Option<WebhookDeliveryView>, CrmError>> {
        let pool = self.pools.general.clone();
        Box::pin(async move {
            let client = pool.get().await?;
            client.query_opt(DELIVERY, &[&id.0]).await?.as_ref().map(delivery).transpose()
        })
    }

    fn lease_webhooks(
        &self,
        busy: Vec<WebhookId>,
        each: i64,
        lease: Duration,
    ) -> StoreFuture<Result<Vec<WebhookTry>, CrmError>> {
        Box::pin(lease_due(self.pools.queues.clone(), busy, each, lease))
    }

    fn settle_webhook(
        &self,
        delivery: WebhookDeliveryId,
        attempt: i16,
        end: WebhookEnd,
    ) -> StoreFuture<Result<bool, CrmError>> {
        Box::pin(settle(self.pools.queues.clone(), delivery, attempt, end))
    }

    fn tidy_webhooks(&self, limit: i64) -> StoreFuture<Result<WebhookUpkeep, CrmError>> {
        Box::pin(tidy(self.pools.queues.clone(), limit))
    }
}

/// Carries out a change in the caller's transaction; the answer is that of an action of staff.
pub async fn perform(
    transaction: &Transaction<'_>,
    actor: Uuid,
    command: &WebhookCommand,
) -> Result<Json<Value>, CrmError> {
    let row = match command {
        WebhookCommand::Add { webhook, url, types, key } => {
            let types: Vec<&str> = types.iter().map(|event| event.as_str()).collect();
            transaction.query_one(ADD, &[&webhook.0, &actor, url, &types, &key.0, &MAX_WEBHOOKS]).await?
        }
        WebhookCommand::Remove { webhook } => transaction.query_one(REMOVE, &[&webhook.0, &actor]).await?,
        WebhookCommand::Rotate { webhook, key } => {
            let overlap = SECRET_OVERLAP.as_secs_f64();
            transaction.query_one(ROTATE, &[&webhook.0, &actor, &key.0, &overlap]).await?
        }
        WebhookCommand::Test { webhook } => transaction.query_one(TEST, &[&webhook.0, &actor]).await?,
        WebhookCommand::Redeliver { delivery } => {
            transaction.query_one(REDELIVER, &[&delivery.0, &actor]).await?
        }
    };
    Ok(row.try_get(0)?)
}

async fn list(pool: Pool, id: Option<WebhookId>) -> Result<Vec<(WebhookView, WebhookKey)>, CrmError> {
    let client = pool.get().await?;
    client.query(LIST, &[&id.map(|id| id.0)]).await?.iter().map(endpoint).collect()
}

fn endpoint(row: &Row) -> Result<(WebhookView, WebhookKey), CrmError> {
    let types: Vec<&str> = row.try_get("types")?;
    let view = WebhookView {
        id: row.try_get::<_, Uuid>("id")?.into(),
        url: row.try_get("url")?,
        // A type that this program does not know any more is never sent.
        types: types.iter().filter_map(|word| word.parse::<WebhookEvent>().ok()).collect(),
        created_by: PersonRef { id: row.try_get("staff_id")?, name: row.try_get("name")? },
        created_at: row.try_get("created_at")?,
        failing_since: row.try_get("failing_since")?,
        disabled_at: row.try_get("disabled_at")?,
    };
    Ok((view, WebhookKey(row.try_get("secret")?)))
}

async fn deliveries(
    pool: Pool,
    webhook: WebhookId,
    after: Option<WebhookDeliveryId>,
    limit: i64,
) -> Result<Vec<WebhookDeliveryView>, CrmError> {
    let client = pool.get().await?;
    let after = after.map(|after| after.0);
    client.query(DELIVERIES, &[&webhook.0, &after, &limit]).await?.iter().map(delivery).collect()
}

fn delivery(row: &Row) -> Result<WebhookDeliveryView, CrmError> {
    let Json(ids) = row.try_get::<_, Json<EventIds>>("data")?;
    let status: Option<i16> = row.try_get("status")?;
    Ok(WebhookDeliveryView {
        id: row.try_get::<_, Uuid>("id")?.into(),
        webhook: row.try_get::<_, Uuid>("webhook_id")?.into(),
        event: word(row, "type")?,
        ids,
        happened_at: row.try_get("created_at")?,
        state: word(row, "state")?,
        attempts: row.try_get("attempts")?,
        status: status.map(u16::try_from).transpose().map_err(mismatch)?,
        error: row.try_get("error")?,
        next_attempt_at: row.try_get("next_attempt_at")?,
        ended_at: row.try_get("ended_at")?,
    })
}

async fn lease_due(
    pool: Pool,
    busy: Vec<WebhookId>,
    each: i64,
    lease: Duration,
) -> Result<Vec<WebhookTry>, CrmError> {
    let client = pool.get().await?;
    let statement = client.prepare_cached(LEASE).await?;
    let busy: Vec<Uuid> = busy.iter().map(|webhook| webhook.0).collect();
    client.query(&statement, &[&busy, &each, &lease.as_secs_f64()]).await?.iter().map(leased).collect()
}

fn leased(row: &Row) -> Result<WebhookTry, CrmError> {
    let Json(ids) = row.try_get::<_, Json<EventIds>>("data")?;
    let old: Option<Vec<u8>> = row.try_get("old_secret")?;
    Ok(WebhookTry {
        delivery: row.try_get::<_, Uuid>("id")?.into(),
        webhook: row.try_get::<_, Uuid>("webhook_id")?.into(),
        event: word(row, "type")?,
        ids,
        happened_at: row.try_get("created_at")?,
        attempt: row.try_get("attempt")?,
        url: row.try_get("url")?,
        keys: std::iter::once(row.try_get("secret")?).chain(old).map(WebhookKey).collect(),
    })
}

async fn settle(
    pool: Pool,
    delivery: WebhookDeliveryId,
    attempt: i16,
    end: WebhookEnd,
) -> Result<bool, CrmError> {
    let client = pool.get().await?;
    let statement = client.prepare_cached(SETTLE).await?;
    let WebhookEnd { status, error, next } = end;
    let status = status.and_then(|status| i16::try_from(status).ok());
    let (is_delivered, pause, is_gone) = match next {
        AfterTry::Delivered => (true, None, false),
        AfterTry::Again(pause) => (false, Some(pause.as_secs_f64()), false),
        AfterTry::GivenUp => (false, None, false),
        AfterTry::Gone => (false, None, true),
    };
    let row = client
        .query_one(&statement, &[&delivery.0, &attempt, &is_delivered, &status, &error, &pause, &is_gone])
        .await?;
    Ok(row.try_get(0)?)
}

async fn tidy(pool: Pool, limit: i64) -> Result<WebhookUpkeep, CrmError> {
    let client = pool.get().await?;
    let statement = client.prepare_cached(TIDY).await?;
    let (kept, patience) = (EVENTS_KEPT.as_secs_f64(), FAILURE_PATIENCE.as_secs_f64());
    let row = client.query_one(&statement, &[&kept, &patience, &limit]).await?;
    Ok(WebhookUpkeep { removed: row.try_get("removed")?, failing: row.try_get("failing")? })
}
