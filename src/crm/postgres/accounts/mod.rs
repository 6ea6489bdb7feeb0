//! Accounts: sessions and attempts to sign in, second factors, and their administration. Each change and its row of the
//! audit log are one transaction.

mod admin;
mod attempts;
mod factors;
mod sessions;
mod tokens;

use deadpool_postgres::{Pool, Transaction};
use tokio_postgres::Row;
use uuid::Uuid;

use super::PgStore;
use super::rows::word;
use crate::crm::port::{Accounts, CrmError, StoreFuture};
use crate::domain::accounts::{
    AttemptStart, AuditEntry, CheckedCode, Claimant, NewSession, SecondFactor, StaffMember, StoredCredential,
    TokenHolder, TotpState,
};
use crate::domain::ids::StaffId;

impl Accounts for PgStore {
    fn begin_attempt(
        &self,
        claimant: Claimant,
        address: String,
    ) -> StoreFuture<Result<AttemptStart, CrmError>> {
        Box::pin(attempts::begin(self.pools.general.clone(), claimant, address))
    }

    fn forgive_attempt(&self, attempt: i64) -> StoreFuture<Result<(), CrmError>> {
        Box::pin(attempts::forgive(self.pools.general.clone(), attempt))
    }

    fn open_session(&self, session: NewSession) -> StoreFuture<Result<bool, CrmError>> {
        Box::pin(sessions::open(self.pools.general.clone(), session))
    }

    fn session(&self, digest: [u8; 32]) -> StoreFuture<Result<Option<StaffMember>, CrmError>> {
        Box::pin(sessions::holder(self.pools.general.clone(), digest))
    }

    fn token(&self, digest: [u8; 32]) -> StoreFuture<Result<Option<TokenHolder>, CrmError>> {
        Box::pin(tokens::holder(self.pools.general.clone(), digest))
    }

    fn still_holds(&self, credential: StoredCredential) -> StoreFuture<Result<bool, CrmError>> {
        Box::pin(sessions::still_holds(self.pools.general.clone(), credential))
    }

    fn end_session(&self, staff: StaffId, digest: [u8; 32]) -> StoreFuture<Result<(), CrmError>> {
        Box::pin(sessions::end(self.pools.general.clone(), staff, digest))
    }

    fn change_password(
        &self,
        staff: StaffId,
        old: String,
        new: String,
        attempt: i64,
    ) -> StoreFuture<Result<bool, CrmError>> {
        Box::pin(factors::change_password(self.pools.general.clone(), staff, old, new, attempt))
    }

    fn totp_state(&self, staff: StaffId) -> StoreFuture<Result<TotpState, CrmError>> {
        Box::pin(factors::totp_state(self.pools.general.clone(), staff))
    }

    fn offer_totp(
        &self,
        staff: StaffId,
        secret: Vec<u8>,
        recovery: Vec<[u8; 32]>,
    ) -> StoreFuture<Result<bool, CrmError>> {
        Box::pin(factors::offer_totp(self.pools.general.clone(), staff, secret, recovery))
    }

    fn confirm_totp(
        &self,
        staff: StaffId,
        code: CheckedCode,
        attempt: i64,
    ) -> StoreFuture<Result<bool, CrmError>> {
        Box::pin(factors::confirm_totp(self.pools.general.clone(), staff, code, attempt))
    }

    fn stop_totp(
        &self,
        staff: StaffId,
        factor: SecondFactor,
        attempt: i64,
    ) -> StoreFuture<Result<bool, CrmError>> {
        Box::pin(factors::stop_totp(self.pools.general.clone(), staff, factor, attempt))
    }

    fn audit(&self, entry: AuditEntry) -> StoreFuture<Result<(), CrmError>> {
        Box::pin(audit_program(self.pools.general.clone(), entry))
    }

    fn members(&self) -> StoreFuture<Result<Vec<StaffMember>, CrmError>> {
        Box::pin(admin::members(self.pools.general.clone()))
    }

    fn forget_sessions(&self) -> StoreFuture<Result<u64, CrmError>> {
        Box::pin(sessions::forget(self.pools.queues.clone()))
    }
}

/// One row of the audit log, in the caller's transaction.
async fn audit(
    transaction: &Transaction<'_>,
    actor: StaffId,
    action: &str,
    subject: (&str, &str),
) -> Result<(), CrmError> {
    let insert = "insert into audit_log (actor, action, subject_kind, subject_id) values ($1, $2, $3, $4)";
    transaction.execute(insert, &[&actor.0, &action, &subject.0, &subject.1]).await?;
    Ok(())
}

const PROGRAM: &str = "\
insert into audit_log (actor, action, subject_kind, subject_id, conversation_id, details) \
values ($1, $2, $3, $4, $5, jsonb_strip_nulls(jsonb_build_object('outcome', $6::text, 'customer_id', $7::uuid)))";

async fn audit_program(pool: Pool, entry: AuditEntry) -> Result<(), CrmError> {
    let client = pool.get().await?;
    let statement = client.prepare_cached(PROGRAM).await?;
    let AuditEntry { actor, action, subject: (kind, id), conversation, customer, outcome } = entry;
    let (conversation, customer) = (conversation.map(|id| id.0), customer.map(|id| id.0));
    client.execute(&statement, &[&actor.0, &action, &kind, &id, &conversation, &outcome, &customer]).await?;
    Ok(())
}

fn member(row: &Row) -> Result<StaffMember, CrmError> {
    Ok(StaffMember {
        id: row.try_get::<_, Uuid>("id")?.into(),
        email: row.try_get("email")?,
        name: row.try_get("name")?,
        role: word(row, "role")?,
        active: row.try_get("active")?,
    })
}
