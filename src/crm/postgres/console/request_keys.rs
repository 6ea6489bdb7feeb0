//! Idempotency keys of requests of staff: a key is taken in the transaction of what it asks for, so that a repeated request
//! gets the first one's answer.

use std::time::Duration;

use deadpool_postgres::Transaction;
use serde_json::Value;
use tokio_postgres::types::Json;

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

/// What is known of a key.
pub(in crate::crm::postgres) enum KeyState {
    /// The transaction has it now; so it is without a key.
    Free,
    /// It was given with another body.
    Reused,
    /// The answer that it got before.
    Answered(Value),
}

/// Takes the key for this transaction. A request with the same key at the same time is waited for.
pub(in crate::crm::postgres) async fn take(
    transaction: &Transaction<'_>,
    actor: StaffId,
    request: Option<&RequestKey>,
) -> Result<KeyState, CrmError> {
    let Some(RequestKey { path, key, fingerprint }) = request else {
        return Ok(KeyState::Free);
    };
    transaction.execute(FORGET_KEYS, &[&KEY_KEPT.as_secs_f64(), &KEYS_FORGOTTEN]).await?;
    if transaction.execute(TAKE_KEY, &[&actor.0, path, key, &fingerprint.as_slice()]).await? > 0 {
        return Ok(KeyState::Free);
    }
    let row = transaction.query_one(FIND_KEY, &[&actor.0, path, key]).await?;
    if row.try_get::<_, &[u8]>("fingerprint")? != fingerprint.as_slice() {
        return Ok(KeyState::Reused);
    }
    let packed: Option<Json<Value>> = row.try_get("answer")?;
    let Json(packed) = packed.ok_or_else(|| mismatch("a request that was carried out has no answer"))?;
    Ok(KeyState::Answered(packed))
}

/// Keeps the answer for requests with the same key.
pub(in crate::crm::postgres) async fn answer(
    transaction: &Transaction<'_>,
    actor: StaffId,
    request: Option<&RequestKey>,
    packed: &Value,
) -> Result<(), CrmError> {
    if let Some(RequestKey { path, key, .. }) = request {
        transaction.execute(KEEP_ANSWER, &[&actor.0, path, key, &Json(packed)]).await?;
    }
    Ok(())
}
