//! Tokens of programs: found by their digest, created, listed, revoked.

use deadpool_postgres::{Pool, Transaction};
use tokio_postgres::Row;
use uuid::Uuid;

use super::{audit, member};
use crate::crm::port::CrmError;
use crate::domain::accounts::{NewToken, SERVICE_ACCOUNT, TokenHolder, TokenLine};
use crate::domain::enums::AccessScope;
use crate::domain::ids::{StaffId, TokenId};

/// The time of the last use is written once a minute.
const HOLDER: &str = "\
with found as ( \
    select t.id, t.scopes, t.staff_id, t.customer_id, t.last_used_at from api_tokens t \
    where t.token_hash = $1 and t.revoked_at is null and (t.expires_at is null or t.expires_at > now()) \
), used as ( \
    update api_tokens t set last_used_at = now() \
    from found f \
    where t.id = f.id and (f.last_used_at is null or f.last_used_at < now() - interval '1 minute') \
) \
select a.id, a.email, a.name, a.role, a.active, f.scopes, f.customer_id \
from found f join staff a on a.id = f.staff_id where a.active";

const LIST: &str = "\
select t.id, t.name, t.prefix, t.scopes, a.email, t.customer_id, t.created_at, t.expires_at, t.revoked_at, \
       t.last_used_at \
from api_tokens t join staff a on a.id = t.staff_id order by t.created_at, t.id";

pub async fn holder(pool: Pool, digest: [u8; 32]) -> Result<Option<TokenHolder>, CrmError> {
    let client = pool.get().await?;
    let statement = client.prepare_cached(HOLDER).await?;
    let row = client.query_opt(&statement, &[&digest.as_slice()]).await?;
    row.map(|row| {
        Ok(TokenHolder {
            member: member(&row)?,
            scopes: scopes(&row)?,
            customer: row.try_get::<_, Option<Uuid>>("customer_id")?.map(Into::into),
        })
    })
    .transpose()
}

/// A scope that this program does not know gives access to nothing.
fn scopes(row: &Row) -> Result<Vec<AccessScope>, CrmError> {
    let names: Vec<String> = row.try_get("scopes")?;
    Ok(names.iter().filter_map(|name| name.parse().ok()).collect())
}

/// The account's row is locked: an account that is disabled at the same time keeps no token that was created meanwhile.
pub async fn add(pool: Pool, token: NewToken) -> Result<bool, CrmError> {
    let mut client = pool.get().await?;
    let transaction = client.transaction().await?;
    let lock = "select from staff where id = $1 and active for no key update";
    if transaction.query_opt(lock, &[&token.staff.0]).await?.is_none() {
        return Ok(false);
    }
    let scopes: Vec<&str> = token.scopes.iter().map(|scope| scope.as_str()).collect();
    let customer = token.customer.map(|customer| customer.0);
    let expires = token.expires_after.map(|after| after.as_secs_f64());
    let insert =
        "insert into api_tokens (id, name, prefix, token_hash, scopes, staff_id, customer_id, expires_at)
                  values ($1, $2, $3, $4, $5, $6, $7, now() + make_interval(secs => $8))";
    let digest = token.digest.as_slice();
    transaction
        .execute(
            insert,
            &[&token.id.0, &token.name, &token.prefix, &digest, &scopes, &token.staff.0, &customer, &expires],
        )
        .await?;
    audit(&transaction, SERVICE_ACCOUNT, "token.created", ("token", &token.id.to_string())).await?;
    transaction.commit().await?;
    Ok(true)
}

/// Revokes every token that acts as this account, in the caller's transaction, which has locked the account.
pub async fn revoke_all_of(transaction: &Transaction<'_>, staff: StaffId) -> Result<(), CrmError> {
    let revoke =
        "update api_tokens set revoked_at = now() where staff_id = $1 and revoked_at is null returning id";
    for row in transaction.query(revoke, &[&staff.0]).await? {
        let id = TokenId(row.try_get("id")?);
        audit(transaction, SERVICE_ACCOUNT, "token.revoked", ("token", &id.to_string())).await?;
    }
    Ok(())
}

pub async fn list(pool: Pool) -> Result<Vec<TokenLine>, CrmError> {
    let client = pool.get().await?;
    let rows = client.query(LIST, &[]).await?;
    rows.iter()
        .map(|row| {
            Ok(TokenLine {
                id: row.try_get::<_, Uuid>("id")?.into(),
                name: row.try_get("name")?,
                prefix: row.try_get("prefix")?,
                scopes: scopes(row)?,
                acts_as: row.try_get("email")?,
                customer: row.try_get::<_, Option<Uuid>>("customer_id")?.map(Into::into),
                created_at: row.try_get("created_at")?,
                expires_at: row.try_get("expires_at")?,
                revoked_at: row.try_get("revoked_at")?,
                last_used_at: row.try_get("last_used_at")?,
            })
        })
        .collect()
}

pub async fn revoke(pool: Pool, id: TokenId) -> Result<bool, CrmError> {
    let mut client = pool.get().await?;
    let transaction = client.transaction().await?;
    let revoke = "update api_tokens set revoked_at = now() where id = $1 and revoked_at is null";
    if transaction.execute(revoke, &[&id.0]).await? == 0 {
        return Ok(false);
    }
    audit(&transaction, SERVICE_ACCOUNT, "token.revoked", ("token", &id.to_string())).await?;
    transaction.commit().await?;
    Ok(true)
}
