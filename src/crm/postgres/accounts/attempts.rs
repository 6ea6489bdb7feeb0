//! Attempts to prove an identity: counted as failed before anything is checked, so that attempts at the same time count
//! as well.

use std::time::Duration;

use deadpool_postgres::{Pool, Transaction};
use tokio_postgres::Row;

use super::member;
use crate::crm::port::CrmError;
use crate::domain::accounts::{
    ATTEMPT_WINDOW, AttemptStart, Claimant, Credentials, MAX_FAILURES_OF_EITHER, MAX_FAILURES_OF_PAIR,
};

/// One attempt of an account, and one from an address, at a time: the locks end with the transaction.
const LOCK: &str = "\
select pg_advisory_xact_lock(7, k) from ( \
    select hashtext(kind || value) as k from (values ('account:', $1::text), ('address:', $2::text)) v (kind, value) order by 1) k";

/// The newest failures that are one too many, and when each leaves the window.
const WAIT: &str = "\
with failed as ( \
    select account = $1 and address = $2 as is_pair, account = $1 as is_account, address = $2 as is_address, at \
    from login_attempts \
    where (account = $1 or address = $2) and at > now() - make_interval(secs => $3) \
), full_counts as ( \
    (select at from failed where is_pair order by at desc offset $4::bigint - 1 limit 1) \
    union all (select at from failed where is_account order by at desc offset $5::bigint - 1 limit 1) \
    union all (select at from failed where is_address order by at desc offset $5::bigint - 1 limit 1) \
) \
select extract(epoch from max(at) + make_interval(secs => $3) - now())::float8 as wait from full_counts";

const ACCOUNT: &str = "\
select id, email, name, role, active, password_hash, totp_secret, totp_pending \
from staff where email = $1 or id::text = $2";

pub async fn begin(pool: Pool, claimant: Claimant, address: String) -> Result<AttemptStart, CrmError> {
    let mut client = pool.get().await?;
    let transaction = client.transaction().await?;
    let (email, id) = match &claimant {
        Claimant::Email(email) => (Some(email.as_str()), None),
        Claimant::Account(id) => (None, Some(id.to_string())),
    };
    let credentials = match transaction.query_opt(ACCOUNT, &[&email, &id]).await? {
        Some(row) => Some(credentials(&row)?),
        None => None,
    };
    // What was typed counts, whether there is such an account or not.
    let known = credentials.as_ref().map(|credentials| credentials.member.email.as_str());
    let account = known.or(email).unwrap_or_default();
    if let Some(wait) = wait(&transaction, account, &address).await? {
        return Ok(AttemptStart::Throttled(wait));
    }
    let insert = "insert into login_attempts (account, address) values ($1, $2) returning id";
    let attempt = transaction.query_one(insert, &[&account, &address]).await?.try_get("id")?;
    transaction.commit().await?;
    Ok(AttemptStart::Begun { attempt, credentials })
}

async fn wait(
    transaction: &Transaction<'_>,
    account: &str,
    address: &str,
) -> Result<Option<Duration>, CrmError> {
    transaction.query(LOCK, &[&account, &address]).await?;
    let window = ATTEMPT_WINDOW.as_secs_f64();
    let row = transaction
        .query_one(WAIT, &[&account, &address, &window, &MAX_FAILURES_OF_PAIR, &MAX_FAILURES_OF_EITHER])
        .await?;
    let wait: Option<f64> = row.try_get("wait")?;
    Ok(wait.map(|seconds| Duration::from_secs_f64(seconds.clamp(0.0, window))))
}

fn credentials(row: &Row) -> Result<Credentials, CrmError> {
    Ok(Credentials {
        member: member(row)?,
        password_hash: row.try_get("password_hash")?,
        totp_secret: row.try_get("totp_secret")?,
        totp_pending: row.try_get("totp_pending")?,
    })
}

pub async fn forgive(pool: Pool, attempt: i64) -> Result<(), CrmError> {
    let client = pool.get().await?;
    client.execute("delete from login_attempts where id = $1", &[&attempt]).await?;
    Ok(())
}

pub async fn forgive_within(transaction: &Transaction<'_>, attempt: i64) -> Result<(), CrmError> {
    transaction.execute("delete from login_attempts where id = $1", &[&attempt]).await?;
    Ok(())
}
