//! Rotation of secrets without a restart: reads their files again every few seconds, and at once on SIGHUP.

use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};

use crate::config::LiveSecrets;
use crate::crm::connect::Connector;

/// Orchestrators replace mounted files within about a minute; a few seconds more do not matter.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// Never returns. Without files of secrets it does nothing, except that SIGHUP does not end the process.
pub async fn watch(secrets: &LiveSecrets, database: &Connector) {
    let mut hang_up = match signal(SignalKind::hangup()) {
        Ok(hang_up) => hang_up,
        Err(error) => {
            tracing::warn!(%error, "SIGHUP is not heeded");
            return std::future::pending().await;
        }
    };
    loop {
        tokio::select! {
            _ = hang_up.recv() => {}
            () = tokio::time::sleep(LOOK_EVERY), if !secrets.is_empty() => {}
        }
        let again = secrets.clone();
        let read = tokio::task::spawn_blocking(move || again.read_again()).await;
        for variable in read.unwrap_or_default() {
            tracing::info!(variable, "a secret was replaced");
        }
        if let Err(error) = database.prove_login().await {
            tracing::warn!(%error, "the new login to PostgreSQL does not work yet; the former one is used");
        }
    }
}
