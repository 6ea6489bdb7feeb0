//! The running server: adopted if one runs, else started after the leftovers of the previous one are cleared; stopped
//! by its recorded process id.

use std::fs;
use std::path::Path;
use std::time::Duration;

use rustix::process::Signal;

use super::cluster::Passwords;
use super::error::EmbeddedError;
use super::launch::launch;
use super::layout::Layout;
use super::locks::ServerLock;
use super::probe::{START_TIMEOUT, answers};
use super::process::{send, wait_until};
use crate::clock;

/// For a server that says it is ready and does not answer: it is stopped or stuck.
const SILENCE_TIMEOUT: Duration = Duration::from_secs(10);
const POLL: Duration = Duration::from_millis(25);
/// "Fast" shutdown: sessions are ended and a checkpoint is written.
const FAST_TIMEOUT: Duration = Duration::from_secs(20);
/// "Immediate" shutdown: the postmaster itself kills what has not ended after 5 s.
const IMMEDIATE_TIMEOUT: Duration = Duration::from_secs(8);
const KILL_TIMEOUT: Duration = Duration::from_secs(5);

/// Returns the port of a server that answers.
pub(super) async fn ensure_running(layout: &Layout, passwords: &Passwords) -> Result<u16, EmbeddedError> {
    if let Some(port) = adopt(layout, passwords).await {
        return Ok(port);
    }
    end_leftovers(layout).await?;
    let lock = ServerLock::take(layout).await?;
    // No process of ours is left, so the process id in the file is not ours; PostgreSQL would take any process with
    // that id for a running server.
    match fs::remove_file(layout.data.join("postmaster.pid")) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(EmbeddedError::io("remove a stale postmaster.pid")(error));
        }
        Ok(()) | Err(_) => {}
    }
    launch(layout, passwords, &lock).await
}

/// Stops the server if it runs.
pub(super) async fn stop(layout: &Layout) -> Result<(), EmbeddedError> {
    if let Some(found) = running(layout) {
        end(layout, found.pid).await?;
    }
    end_leftovers(layout).await
}

/// The port of a server that survived the program that started it, or that another one uses.
async fn adopt(layout: &Layout, passwords: &Passwords) -> Option<u16> {
    let since = clock::monotonic();
    while let Some(found) = running(layout) {
        if answers(passwords, found.port).await {
            return Some(found.port);
        }
        let timeout = if found.is_ready { SILENCE_TIMEOUT } else { START_TIMEOUT };
        if since.elapsed() > timeout {
            tracing::warn!(pid = found.pid, "a PostgreSQL left behind does not answer");
            return None;
        }
        tokio::time::sleep(POLL).await;
    }
    None
}

/// Stops the server: fast, then immediate, then by SIGKILL.
async fn end(layout: &Layout, pid: i32) -> Result<(), EmbeddedError> {
    for (signal, timeout) in [(Signal::INT, FAST_TIMEOUT), (Signal::QUIT, IMMEDIATE_TIMEOUT)] {
        send(pid, signal);
        if wait_until(timeout, || !layout.cluster().owns(pid)).await {
            return Ok(());
        }
    }
    end_leftovers(layout).await
}

/// Kills the remaining processes of the cluster; the write-ahead log recovers what that loses. Backends of a killed
/// postmaster keep its shared memory, and a new postmaster refuses to start beside them.
async fn end_leftovers(layout: &Layout) -> Result<(), EmbeddedError> {
    let leftovers = layout.cluster().processes();
    for pid in leftovers {
        tracing::warn!(pid, "ending a PostgreSQL process that was left behind");
        send(pid, Signal::KILL);
    }
    if wait_until(KILL_TIMEOUT, || layout.cluster().processes().is_empty()).await {
        return Ok(());
    }
    let pid = layout.cluster().processes().first().copied().unwrap_or_default();
    Err(EmbeddedError::NotStopped { pid })
}

fn running(layout: &Layout) -> Option<PidFile> {
    PidFile::read(&layout.data).filter(|found| layout.cluster().owns(found.pid))
}

/// The content of `postmaster.pid` (PostgreSQL's `pidfile.h`: one value per line).
#[derive(Debug, PartialEq, Eq)]
struct PidFile {
    pid: i32,
    port: u16,
    is_ready: bool,
}

impl PidFile {
    fn read(data: &Path) -> Option<Self> {
        Self::parse(&fs::read_to_string(data.join("postmaster.pid")).ok()?)
    }

    fn parse(text: &str) -> Option<Self> {
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        let pid = lines.first()?.parse().ok().filter(|pid| *pid > 0)?;
        let port = lines.get(3)?.parse().ok()?;
        Some(Self { pid, port, is_ready: lines.get(7) == Some(&"ready") })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pid_file_is_read() {
        let text = "4242\n/srv/fte/postgres\n1700000000\n40123\n\n127.0.0.1\n  1234  5\nready   \n";
        assert_eq!(PidFile::parse(text), Some(PidFile { pid: 4242, port: 40123, is_ready: true }));
        let starting = "4242\n/srv/fte/postgres\n1700000000\n40123\n\n127.0.0.1\n  1234  5\nstarting\n";
        assert_eq!(PidFile::parse(starting), Some(PidFile { pid: 4242, port: 40123, is_ready: false }));
    }

    #[test]
    fn a_torn_pid_file_is_none() {
        for text in ["", "x", "4242\n", "-7\n/d\n1\n5432\n", "0\n/d\n1\n5432\n"] {
            assert_eq!(PidFile::parse(text), None, "{text:?}");
        }
    }
}
