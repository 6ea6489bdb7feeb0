//! Runs `wrk`, a closed-loop HTTP load generator, against a server.

use std::io::ErrorKind;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, anyhow, ensure};
use serde::Deserialize;
use tokio::process::Command;

use crate::program::Program;
use crate::scratch::Scratch;

const SCRIPT: &str = include_str!("submit.lua");
/// The prefix of the result that the script prints.
const RESULT: &str = "load-result ";
/// In addition to the running time.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The result of a run of `wrk`.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Seen {
    pub requests: u32,
    micros: u32,
    p50_micros: u32,
    p99_micros: u32,
    /// Responses with a status of 400 or more.
    pub non_2xx: u32,
    /// Requests without a response.
    pub broken: u32,
}

impl Seen {
    pub fn requests_a_second(&self) -> f64 {
        f64::from(self.requests) * 1e6 / f64::from(self.micros)
    }

    pub fn p50_ms(&self) -> f64 {
        f64::from(self.p50_micros) / 1000.0
    }

    pub fn p99_ms(&self) -> f64 {
        f64::from(self.p99_micros) / 1000.0
    }
}

/// Submits for a number of seconds over a number of connections.
pub async fn submit(scratch: &Scratch, to: &Program, seconds: u32, connections: u32) -> anyhow::Result<Seen> {
    let script = scratch.folder().join("submit.lua");
    std::fs::write(&script, SCRIPT)?;
    let mut wrk = Command::new("wrk");
    wrk.args(["-t2", &format!("-c{connections}"), &format!("-d{seconds}s"), "--timeout", "10s"]);
    wrk.arg("-s").arg(&script).arg(to.url());
    wrk.stdin(Stdio::null()).stderr(Stdio::inherit()).kill_on_drop(true);
    let limit = Duration::from_secs(seconds.into()) + TIMEOUT;
    let output = match tokio::time::timeout(limit, wrk.output()).await.context("wrk does not exit")? {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return Err(anyhow!("wrk is missing: install the Debian package `wrk` (apt-get install wrk)"));
        }
        output => output.context("could not run wrk")?,
    };
    ensure!(output.status.success(), "wrk failed: {}", output.status);
    let text = String::from_utf8_lossy(&output.stdout);
    let result = text.lines().find_map(|line| line.strip_prefix(RESULT));
    let result = result.with_context(|| format!("wrk printed no result: {text}"))?;
    let seen: Seen = serde_json::from_str(result)?;
    ensure!(seen.requests > 0, "no request was answered: {result}");
    Ok(seen)
}
