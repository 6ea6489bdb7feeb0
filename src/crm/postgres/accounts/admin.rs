//! Administration of accounts: creating, disabling, resetting and listing them. The built-in account is left alone.

use deadpool_postgres::{Pool, Transaction};

use super::factors::{clear_totp, end_sessions};
use super::{audit, member, tokens};
use crate::crm::port::{AccountAdmin, CrmError, StoreFuture};
use crate::crm::postgres::PgStore;
use crate::domain::accounts::{NewStaff, NewToken, SERVICE_ACCOUNT, StaffMember, TokenLine};
use crate::domain::ids::{CustomerId, StaffId, TokenId};

impl AccountAdmin for PgStore {
    fn add_staff(&self, staff: NewStaff) -> StoreFuture<Result<bool, CrmError>> {
        Box::pin(add(self.pools.general.clone(), staff))
    }

    fn add_first_staff(&self, staff: NewStaff) -> StoreFuture<Result<bool, CrmError>> {
        Box::pin(add_first(self.pools.general.clone(), staff))
    }

    fn disable_staff(&self, email: String) -> StoreFuture<Result<bool, CrmError>> {
        Box::pin(disable(self.pools.general.clone(), email))
    }

    fn reset_staff(&self, email: String, password_hash: String) -> StoreFuture<Result<bool, CrmError>> {
        Box::pin(reset(self.pools.general.clone(), email, password_hash))
    }

    fn staff_by_email(&self, email: String) -> StoreFuture<Result<Option<StaffMember>, CrmError>> {
        Box::pin(by_email(self.pools.general.clone(), email))
    }

    fn has_customer(&self, customer: CustomerId) -> StoreFuture<Result<bool, CrmError>> {
        Box::pin(has_customer(self.pools.general.clone(), customer))
    }

    fn add_token(&self, token: NewToken) -> StoreFuture<Result<bool, CrmError>> {
        Box::pin(tokens::add(self.pools.general.clone(), token))
    }

    fn tokens(&self) -> StoreFuture<Result<Vec<TokenLine>, CrmError>> {
        Box::pin(tokens::list(self.pools.general.clone()))
    }

    fn revoke_token(&self, id: TokenId) -> StoreFuture<Result<bool, CrmError>> {
        Box::pin(tokens::revoke(self.pools.general.clone(), id))
    }
}

async fn has_customer(pool: Pool, customer: CustomerId) -> Result<bool, CrmError> {
    let client = pool.get().await?;
    Ok(client.query_opt("select from customers where id = $1", &[&customer.0]).await?.is_some())
}

const MEMBERS: &str = "select id, email, name, role, active from staff order by name, email";

pub async fn members(pool: Pool) -> Result<Vec<StaffMember>, CrmError> {
    let client = pool.get().await?;
    client.query(MEMBERS, &[]).await?.iter().map(member).collect()
}

async fn by_email(pool: Pool, email: String) -> Result<Option<StaffMember>, CrmError> {
    let client = pool.get().await?;
    let found = "select id, email, name, role, active from staff where email = $1";
    client.query_opt(found, &[&email]).await?.as_ref().map(member).transpose()
}

/// A disabled account comes back as a new one would be: without sessions, tokens and second factor.
async fn add(pool: Pool, staff: NewStaff) -> Result<bool, CrmError> {
    let mut client = pool.get().await?;
    let transaction = client.transaction().await?;
    let insert = "insert into staff (id, email, name, role, password_hash) values ($1, $2, $3, $4, $5)
                  on conflict (email) do update
                  set name = excluded.name, role = excluded.role, password_hash = excluded.password_hash,
                      active = true, updated_at = now()
                  where not staff.active and staff.id <> $6
                  returning id";
    let NewStaff { id, email, name, role, password_hash } = staff;
    let row = transaction
        .query_opt(insert, &[&id.0, &email, &name, &role.as_str(), &password_hash, &SERVICE_ACCOUNT.0])
        .await?;
    let Some(row) = row else {
        return Ok(false);
    };
    let id = StaffId(row.try_get("id")?);
    clear_totp(&transaction, id).await?;
    audit(&transaction, SERVICE_ACCOUNT, "staff.added", ("staff", &id.to_string())).await?;
    transaction.commit().await?;
    Ok(true)
}

async fn add_first(pool: Pool, staff: NewStaff) -> Result<bool, CrmError> {
    let mut client = pool.get().await?;
    let transaction = client.transaction().await?;
    let NewStaff { id, email, name, role, password_hash } = staff;
    let insert = "insert into staff (id, email, name, role, password_hash)
                  select $1, $2, $3, $4, $5 where not exists (select from staff where id <> $6)
                  on conflict do nothing";
    let added = transaction
        .execute(insert, &[&id.0, &email, &name, &role.as_str(), &password_hash, &SERVICE_ACCOUNT.0])
        .await?;
    if added > 0 {
        audit(&transaction, SERVICE_ACCOUNT, "staff.added", ("staff", &id.to_string())).await?;
    }
    transaction.commit().await?;
    Ok(added > 0)
}

async fn disable(pool: Pool, email: String) -> Result<bool, CrmError> {
    let mut client = pool.get().await?;
    let transaction = client.transaction().await?;
    let disable =
        "update staff set active = false, updated_at = now() where email = $1 and id <> $2 returning id";
    let Some(id) = changed(&transaction, disable, &email).await? else {
        return Ok(false);
    };
    end_sessions(&transaction, id).await?;
    tokens::revoke_all_of(&transaction, id).await?;
    audit(&transaction, SERVICE_ACCOUNT, "staff.disabled", ("staff", &id.to_string())).await?;
    transaction.commit().await?;
    Ok(true)
}

async fn reset(pool: Pool, email: String, password_hash: String) -> Result<bool, CrmError> {
    let mut client = pool.get().await?;
    let transaction = client.transaction().await?;
    let reset = "update staff set updated_at = now() where email = $1 and id <> $2 and active returning id";
    let Some(id) = changed(&transaction, reset, &email).await? else {
        return Ok(false);
    };
    let password = "update staff set password_hash = $2 where id = $1";
    transaction.execute(password, &[&id.0, &password_hash]).await?;
    clear_totp(&transaction, id).await?;
    end_sessions(&transaction, id).await?;
    audit(&transaction, SERVICE_ACCOUNT, "staff.reset", ("staff", &id.to_string())).await?;
    transaction.commit().await?;
    Ok(true)
}

/// The account that a statement has changed, if there is one of this address that may be changed.
async fn changed(
    transaction: &Transaction<'_>,
    statement: &str,
    email: &str,
) -> Result<Option<StaffId>, CrmError> {
    let row = transaction.query_opt(statement, &[&email, &SERVICE_ACCOUNT.0]).await?;
    row.map(|row| Ok(StaffId(row.try_get("id")?))).transpose()
}
