//! The audit log: pages of what accounts did, newest first.

use deadpool_postgres::Pool;
use tokio_postgres::Row;
use uuid::Uuid;

use super::PgStore;
use crate::crm::port::{AuditLog, CrmError, StoreFuture};
use crate::domain::audit::{AuditQuery, AuditRecord};
use crate::domain::console::detail::PersonRef;

const PAGE: &str = "\
select a.id, a.at, a.actor, s.name, a.action, a.subject_kind, a.subject_id, a.conversation_id \
from audit_log a join staff s on s.id = a.actor \
where ($1::timestamptz is null or a.at >= $1) and ($2::timestamptz is null or a.at <= $2) \
  and ($3::uuid is null or a.actor = $3) and ($4::text is null or a.action = $4) \
  and ($5::timestamptz is null or (a.at, a.id) < ($5, $6::uuid)) \
order by a.at desc, a.id desc limit $7";

impl AuditLog for PgStore {
    fn audit_page(&self, query: AuditQuery) -> StoreFuture<Result<Vec<AuditRecord>, CrmError>> {
        Box::pin(page(self.pools.general.clone(), query))
    }
}

/// Planned for its parameters: each filter has an index of its own.
async fn page(pool: Pool, query: AuditQuery) -> Result<Vec<AuditRecord>, CrmError> {
    let client = pool.get().await?;
    let AuditQuery { from, to, actor, action, after, limit } = query;
    let (actor, at, id) =
        (actor.map(|actor| actor.0), after.map(|after| after.at), after.map(|after| after.id));
    let rows = client.query(PAGE, &[&from, &to, &actor, &action, &at, &id, &limit]).await?;
    rows.iter().map(record).collect()
}

fn record(row: &Row) -> Result<AuditRecord, CrmError> {
    Ok(AuditRecord {
        id: row.try_get("id")?,
        at: row.try_get("at")?,
        actor: PersonRef { id: row.try_get("actor")?, name: row.try_get("name")? },
        action: row.try_get("action")?,
        subject: (row.try_get("subject_kind")?, row.try_get("subject_id")?),
        conversation: row.try_get::<_, Option<Uuid>>("conversation_id")?.map(Into::into),
    })
}
