//! Sessions: opened by an attempt that has succeeded, found by the digest of their cookie, and ended.

use deadpool_postgres::Pool;

use super::attempts::forgive_within;
use super::factors::use_factor;
use super::{audit, member};
use crate::crm::port::CrmError;
use crate::domain::accounts::{
    ATTEMPT_WINDOW, NewSession, SESSION_IDLE, SESSION_TOTAL, StaffMember, StoredCredential,
};
use crate::domain::ids::StaffId;

/// The time of the last request is written once a minute: a session is read by every request.
const HOLDER: &str = "\
with found as ( \
    select s.token_hash, s.staff_id, s.last_seen_at from staff_sessions s \
    where s.token_hash = $1 and s.created_at > now() - make_interval(secs => $2) \
      and s.last_seen_at > now() - make_interval(secs => $3) \
), seen as ( \
    update staff_sessions s set last_seen_at = now() \
    from found f where s.token_hash = f.token_hash and f.last_seen_at < now() - interval '1 minute' \
) \
select a.id, a.email, a.name, a.role, a.active from found f join staff a on a.id = f.staff_id where a.active";

const HOLDS: &str = "\
select exists (select from staff_sessions s join staff a on a.id = s.staff_id \
               where s.token_hash = $1 and a.active and s.created_at > now() - make_interval(secs => $2) \
                 and s.last_seen_at > now() - make_interval(secs => $3))";
const TOKEN_HOLDS: &str = "\
select exists (select from api_tokens t join staff a on a.id = t.staff_id \
               where t.token_hash = $1 and a.active and t.revoked_at is null \
                 and (t.expires_at is null or t.expires_at > now()))";

const FORGET: &str = "\
with sessions as ( \
    delete from staff_sessions \
    where last_seen_at < now() - make_interval(secs => $1) or created_at < now() - make_interval(secs => $2) \
    returning 1), \
attempts as (delete from login_attempts where at < now() - make_interval(secs => $3) returning 1) \
select (select count(*) from sessions) + (select count(*) from attempts) as gone";

/// The account's row is locked: it can neither be disabled nor get another password before the session exists.
pub async fn open(pool: Pool, new: NewSession) -> Result<bool, CrmError> {
    let mut client = pool.get().await?;
    let transaction = client.transaction().await?;
    let lock = "select from staff where id = $1 and active and password_hash = $2 for no key update";
    if transaction.query_opt(lock, &[&new.staff.0, &new.password_hash]).await?.is_none()
        || !use_factor(&transaction, new.staff, &new.factor).await?
    {
        return Ok(false);
    }
    if let Some(old) = &new.replaces {
        transaction.execute("delete from staff_sessions where token_hash = $1", &[&old.as_slice()]).await?;
    }
    let insert = "insert into staff_sessions (token_hash, staff_id) values ($1, $2)";
    transaction.execute(insert, &[&new.session.as_slice(), &new.staff.0]).await?;
    forgive_within(&transaction, new.attempt).await?;
    audit(&transaction, new.staff, "session.opened", ("staff", &new.staff.to_string())).await?;
    transaction.commit().await?;
    Ok(true)
}

pub async fn holder(pool: Pool, digest: [u8; 32]) -> Result<Option<StaffMember>, CrmError> {
    let client = pool.get().await?;
    let statement = client.prepare_cached(HOLDER).await?;
    let (total, idle) = (SESSION_TOTAL.as_secs_f64(), SESSION_IDLE.as_secs_f64());
    let row = client.query_opt(&statement, &[&digest.as_slice(), &total, &idle]).await?;
    row.as_ref().map(member).transpose()
}

pub async fn still_holds(pool: Pool, credential: StoredCredential) -> Result<bool, CrmError> {
    let client = pool.get().await?;
    let row = match credential {
        StoredCredential::Session(digest) => {
            let (total, idle) = (SESSION_TOTAL.as_secs_f64(), SESSION_IDLE.as_secs_f64());
            let statement = client.prepare_cached(HOLDS).await?;
            client.query_one(&statement, &[&digest.as_slice(), &total, &idle]).await?
        }
        StoredCredential::Token(digest) => {
            let statement = client.prepare_cached(TOKEN_HOLDS).await?;
            client.query_one(&statement, &[&digest.as_slice()]).await?
        }
    };
    Ok(row.try_get(0)?)
}

pub async fn end(pool: Pool, staff: StaffId, digest: [u8; 32]) -> Result<(), CrmError> {
    let mut client = pool.get().await?;
    let transaction = client.transaction().await?;
    let delete = "delete from staff_sessions where token_hash = $1 and staff_id = $2";
    if transaction.execute(delete, &[&digest.as_slice(), &staff.0]).await? > 0 {
        audit(&transaction, staff, "session.ended", ("staff", &staff.to_string())).await?;
    }
    transaction.commit().await?;
    Ok(())
}

pub async fn forget(pool: Pool) -> Result<u64, CrmError> {
    let client = pool.get().await?;
    let (idle, total) = (SESSION_IDLE.as_secs_f64(), SESSION_TOTAL.as_secs_f64());
    let row = client.query_one(FORGET, &[&idle, &total, &ATTEMPT_WINDOW.as_secs_f64()]).await?;
    Ok(row.try_get::<_, i64>("gone")?.unsigned_abs())
}
