//! Starts a postmaster on a free port, and explains a failed start.

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use rustix::fs::OFlags;
use tokio::process::Child;

use super::cluster::{self, Passwords};
use super::error::EmbeddedError;
use super::files::open_private;
use super::layout::Layout;
use super::locks::ServerLock;
use super::probe::{START_TIMEOUT, answers};
use crate::clock;

/// Another program may take the port between the check and the server's start.
const ATTEMPTS: u32 = 5;
/// A larger log is rotated at the next start.
const LOG_SIZE_BYTES: u64 = 8 * 1024 * 1024;
const POLL: std::time::Duration = std::time::Duration::from_millis(20);

/// Server settings, passed at each start. The log never quotes statements or rows: they contain customer text.
const SETTINGS: &[&str] = &[
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "fsync=on",
    "shared_buffers=256MB",
    "max_connections=100",
    "max_wal_size=2GB",
    "wal_buffers=16MB",
    "jit=off",
    "shared_preload_libraries=pg_stat_statements",
    "timezone=UTC",
    "log_timezone=UTC",
    "log_error_verbosity=terse",
    "log_min_error_statement=panic",
    "log_checkpoints=off",
];

/// Starts a server and returns its port once it answers.
pub(super) async fn launch(
    layout: &Layout,
    passwords: &Passwords,
    lock: &ServerLock,
) -> Result<u16, EmbeddedError> {
    let log = ServerLog::open(&layout.base)?;
    let mut port = last_port(&layout.base).map_or_else(free_port, Ok)?;
    for _ in 1..ATTEMPTS {
        match start_on(layout, passwords, lock, &log, port).await? {
            Outcome::Answers => return Ok(port),
            Outcome::PortTaken => port = free_port()?,
            Outcome::Ended => return Err(log.not_started()),
        }
    }
    Err(log.not_started())
}

enum Outcome {
    Answers,
    PortTaken,
    Ended,
}

async fn start_on(
    layout: &Layout,
    passwords: &Passwords,
    lock: &ServerLock,
    log: &ServerLog,
    port: u16,
) -> Result<Outcome, EmbeddedError> {
    let mut server = spawn(layout, lock, log, port)?;
    let since = clock::monotonic();
    loop {
        if server.try_wait().map_err(EmbeddedError::io("watch PostgreSQL"))?.is_some() {
            let is_taken = log.said().contains("Address already in use");
            return Ok(if is_taken { Outcome::PortTaken } else { Outcome::Ended });
        }
        if answers(passwords, port).await {
            return Ok(Outcome::Answers);
        }
        if since.elapsed() > START_TIMEOUT {
            server.kill().await.map_err(EmbeddedError::io("end a PostgreSQL that does not answer"))?;
            return Ok(Outcome::Ended);
        }
        tokio::time::sleep(POLL).await;
    }
}

fn spawn(layout: &Layout, lock: &ServerLock, log: &ServerLog, port: u16) -> Result<Child, EmbeddedError> {
    let mut postgres = layout.run_as.command(&layout.program("postgres"), &layout.data);
    postgres.arg("-D").arg(&layout.data).arg("-p").arg(port.to_string());
    for setting in SETTINGS.iter().chain(layout.overrides) {
        postgres.arg("-c").arg(setting);
    }
    postgres.arg("-c").arg(format!("cluster_name={}", layout.name));
    postgres.stdin(lock.inheritable()?).stdout(log.inheritable()?).stderr(log.inheritable()?);
    postgres.spawn().map_err(EmbeddedError::io("run PostgreSQL"))
}

/// The port of the previous run, so that programs that still hold its URL find the server again.
fn last_port(base: &Path) -> Option<u16> {
    let url = fs::read_to_string(base.join(cluster::URL_FILE)).ok()?;
    let config: tokio_postgres::Config = url.trim().parse().ok()?;
    config.get_ports().first().copied()
}

fn free_port() -> Result<u16, EmbeddedError> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .and_then(|listener| listener.local_addr())
        .map(|address| address.port())
        .map_err(EmbeddedError::io("find a free port"))
}

struct ServerLog {
    path: PathBuf,
    file: File,
    /// Offset in the log where this start begins.
    start: u64,
}

impl ServerLog {
    fn open(base: &Path) -> Result<Self, EmbeddedError> {
        let path = base.join("postgres.log");
        let failed = || EmbeddedError::io(format!("open {}", path.display()));
        if fs::metadata(&path).is_ok_and(|metadata| metadata.len() > LOG_SIZE_BYTES) {
            fs::rename(&path, base.join("postgres.log.old")).map_err(failed())?;
        }
        let file = open_private(base, "postgres.log", OFlags::WRONLY | OFlags::APPEND)?;
        let start = file.metadata().map_err(failed())?.len();
        Ok(Self { path, file, start })
    }

    fn inheritable(&self) -> Result<Stdio, EmbeddedError> {
        Ok(self.file.try_clone().map_err(EmbeddedError::io("share the log of PostgreSQL"))?.into())
    }

    /// The log lines of this start so far.
    fn said(&self) -> String {
        let mut text = Vec::new();
        let read = File::open(&self.path).and_then(|mut file| {
            file.seek(SeekFrom::Start(self.start))?;
            file.read_to_end(&mut text)
        });
        match read {
            Ok(_) => String::from_utf8_lossy(&text).into_owned(),
            Err(error) => format!("its log cannot be read: {error}"),
        }
    }

    fn not_started(&self) -> EmbeddedError {
        let said = self.said();
        let lines: Vec<&str> = said.lines().rev().take(3).collect();
        let output = lines.into_iter().rev().collect::<Vec<_>>().join("; ");
        EmbeddedError::NotStarted { output, log: self.path.clone() }
    }
}
