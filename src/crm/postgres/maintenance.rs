//! Maintenance: the schema's pending migrations, and the settings kept in the database.

use std::time::Duration;

use deadpool_postgres::Pool;

use super::PgStore;
use super::rows::word;
use crate::crm::migrate;
use crate::crm::port::{ChannelConfig, CrmError, Maintenance, StoreFuture};

/// Shorter than the time in which a probe of readiness must be answered.
const PROBE_LOCK_TIMEOUT_MS: i32 = 1_000;

impl Maintenance for PgStore {
    fn channel_configs(&self) -> StoreFuture<Result<Vec<ChannelConfig>, CrmError>> {
        Box::pin(channel_configs(self.pools.general.clone()))
    }

    fn pending_migrations(&self) -> StoreFuture<Result<Vec<String>, CrmError>> {
        Box::pin(pending_migrations(self.pools.general.clone()))
    }

    fn probe_writes(&self) -> StoreFuture<Result<(), CrmError>> {
        Box::pin(probe_writes(self.pools.intake.clone()))
    }
}

/// What was in flight in a restored database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InFlight {
    /// Replies that waited or were being sent through a provider.
    pub replies: i64,
    /// Conversations with a message that nothing had answered.
    pub waiting: i64,
}

impl PgStore {
    /// Counts what was in flight, and with `apply` gives it to staff, so that nothing is sent or answered again.
    pub async fn after_restore(&self, apply: bool) -> Result<InFlight, CrmError> {
        let client = self.pools.general.get().await?;
        let row = client.query_one("select replies, waiting from after_restore($1)", &[&apply]).await?;
        Ok(InFlight { replies: row.try_get("replies")?, waiting: row.try_get("waiting")? })
    }
}

async fn channel_configs(pool: Pool) -> Result<Vec<ChannelConfig>, CrmError> {
    let client = pool.get().await?;
    let rows = client.query("select channel, quiet_ms from channel_configs", &[]).await?;
    rows.iter()
        .map(|row| {
            let quiet_ms: i32 = row.try_get("quiet_ms")?;
            Ok(ChannelConfig {
                channel: word(row, "channel")?,
                quiet: Duration::from_millis(quiet_ms.unsigned_abs().into()),
            })
        })
        .collect()
}

async fn probe_writes(pool: Pool) -> Result<(), CrmError> {
    let client = pool.get().await?;
    let statement = client.prepare_cached("select probe_writes($1)").await?;
    client.execute(&statement, &[&PROBE_LOCK_TIMEOUT_MS]).await?;
    Ok(())
}

async fn pending_migrations(pool: Pool) -> Result<Vec<String>, CrmError> {
    let client = pool.get().await?;
    migrate::pending(&client).await.map_err(|error| CrmError::Unavailable(error.to_string()))
}
