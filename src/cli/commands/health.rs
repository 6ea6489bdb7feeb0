//! `fte health`: a probe for containers; asks the local server for its health by HTTP.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context;
use clap::Args;

use crate::cli::{CommandOutcome, Misuse};
use crate::config::{Config, HttpConfig};
use crate::http_client;

/// Shorter than the time-out of a container's health check in the Dockerfile.
const PROBE_TIMEOUT: Duration = Duration::from_secs(4);

/// Ask the server that runs here with the same settings whether it works, and print its answer.
/// Exits with 1 if it does not: if nothing answers within 4 seconds, or with anything but 200.
#[derive(Debug, Args)]
pub struct HealthOptions {
    /// Ask whether it can take work, which needs the database, and not only whether it makes progress.
    #[arg(long)]
    ready: bool,
}

pub async fn run(config: Config, options: HealthOptions) -> anyhow::Result<CommandOutcome> {
    if config.http.port == 0 {
        return Err(Misuse("API_PORT is 0: the port of the server is not known".to_owned()).into());
    }
    let base = HttpConfig::local_url(SocketAddr::new(config.http.host, config.http.port));
    let url = format!("{base}/health/{}", if options.ready { "ready" } else { "live" });
    let http = http_client::builder_for(&base).timeout(PROBE_TIMEOUT).build()?;
    let response = http.get(&url).send().await.with_context(|| format!("no answer from {url}"))?;
    let is_healthy = response.status().is_success();
    println!("{}", response.text().await.with_context(|| format!("no answer from {url}"))?);
    Ok(if is_healthy { CommandOutcome::Passed } else { CommandOutcome::Missed })
}
