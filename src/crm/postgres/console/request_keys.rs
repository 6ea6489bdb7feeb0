//! Idempotency keys of staff's requests: a key is taken in the transaction that carries the request out, and holds its
//! answer for a day.

use std::time::Duration;

use deadpool_postgres::Transaction;
use serde_json::Value;
use tokio_postgres::types::Json;
use tokio_postgres::{GenericClient, Row};

use super::super::rows::mismatch;
use crate::crm::port::CrmError;
use crate::domain::console::actions::RequestKey;
use crate::domain::ids::StaffId;

/// Keys are kept for so long.
const KEY_KEPT: Duration = Duration::from_secs(24 * 60 * 60);
/// Old keys that one request removes; more than one request adds.
const KEYS_FORGOTTEN: i64 = 10;
const FORGET_KEYS: &str = "\
delete from staff_requests r where r.ctid = any (array( \
    select o.ctid from staff_requests o where o.created_at < now() - make_interval(secs => $1) \
    order by o.created_at limit $2 for update skip locked))";
const TAKE_KEY: &str = "\
insert into staff_requests (staff_id, path, key, fingerprint) values ($1, $2, $3, $4) on conflict do nothing";
const FIND_KEY: &str =
    "select fingerprint, answer from staff_requests where staff_id = $1 and path = $2 and key = $3";
const KEEP_ANSWER: &str =
    "update staff_requests set answer = $4 where staff_id = $1 and path = $2 and key = $3";

/// A request that had the same key.
pub(in crate::crm::postgres) enum EarlierRequest {
    /// Its body was another one.
    Different,
    /// Its answer, as the function packed it.
    Answered(Value),
}

/// Takes the key for this transaction, or returns the request that had it before. A request with the same key at the same
/// time is waited for.
pub(in crate::crm::postgres) async fn take(
    transaction: &Transaction<'_>,
    actor: StaffId,
    request: &RequestKey,
) -> Result<Option<EarlierRequest>, CrmError> {
    let RequestKey { path, key, fingerprint } = request;
    transaction.execute(FORGET_KEYS, &[&KEY_KEPT.as_secs_f64(), &KEYS_FORGOTTEN]).await?;
    if transaction.execute(TAKE_KEY, &[&actor.0, path, key, &fingerprint.as_slice()]).await? > 0 {
        return Ok(None);
    }
    let row = transaction.query_one(FIND_KEY, &[&actor.0, path, key]).await?;
    earlier(&row, request).map(Some)
}

/// The request that had the key before; the key stays free.
pub async fn find(
    client: &(impl GenericClient + Sync),
    actor: StaffId,
    request: &RequestKey,
) -> Result<Option<EarlierRequest>, CrmError> {
    let row = client.query_opt(FIND_KEY, &[&actor.0, &request.path, &request.key]).await?;
    row.map(|row| earlier(&row, request)).transpose()
}

fn earlier(row: &Row, request: &RequestKey) -> Result<EarlierRequest, CrmError> {
    if row.try_get::<_, &[u8]>("fingerprint")? != request.fingerprint.as_slice() {
        return Ok(EarlierRequest::Different);
    }
    let packed: Option<Json<Value>> = row.try_get("answer")?;
    let Json(packed) = packed.ok_or_else(|| mismatch("a request that was carried out has no answer"))?;
    Ok(EarlierRequest::Answered(packed))
}

/// Stores the answer beside the key that this transaction has taken.
pub(in crate::crm::postgres) async fn keep(
    transaction: &Transaction<'_>,
    actor: StaffId,
    request: &RequestKey,
    packed: &Value,
) -> Result<(), CrmError> {
    transaction.execute(KEEP_ANSWER, &[&actor.0, &request.path, &request.key, &Json(packed)]).await?;
    Ok(())
}
