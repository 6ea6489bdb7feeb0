//! Lock files beside the data: who may start and stop the server, who still uses it, and whether any of its processes
//! is alive. The kernel releases them when the last process that holds them dies.

use std::fs::File;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use rustix::fs::{FlockOperation, OFlags, flock};
use rustix::io::Errno;

use super::error::EmbeddedError;
use super::files::open_private;
use super::layout::Layout;

/// Held while the server is started or stopped.
const START_FILE: &str = "postgres.lock";
/// Shared by every process that uses the server.
const USERS_FILE: &str = "postgres.users";

/// Held by the server itself and every process of it.
const SERVER_FILE: &str = "postgres.server";

const RETRY: Duration = Duration::from_millis(20);
/// Longer than any start or stop may take.
const TIMEOUT_SECONDS: u64 = 180;
/// Time for killed processes to disappear.
const SERVER_TIMEOUT: Duration = Duration::from_secs(5);

#[derive(Debug)]
pub(super) struct StartLock(#[expect(dead_code, reason = "the open file is the lock")] File);

impl StartLock {
    pub async fn take(base: &Path) -> Result<Self, EmbeddedError> {
        let file = open(base, START_FILE)?;
        if lock_within(&file, Duration::from_secs(TIMEOUT_SECONDS)).await? {
            return Ok(Self(file));
        }
        Err(EmbeddedError::Busy { seconds: TIMEOUT_SECONDS, lock: base.join(START_FILE) })
    }
}

/// Acquired and released only under the [`StartLock`].
#[derive(Debug)]
pub(super) struct UserLock(File);

impl UserLock {
    pub fn share(base: &Path) -> Result<Self, EmbeddedError> {
        let file = open(base, USERS_FILE)?;
        if try_lock(&file, FlockOperation::NonBlockingLockShared)? {
            return Ok(Self(file));
        }
        Err(EmbeddedError::Busy { seconds: 0, lock: base.join(USERS_FILE) })
    }

    /// Releases this share; returns whether it was the last one.
    pub fn is_last(&self) -> Result<bool, EmbeddedError> {
        try_lock(&self.0, FlockOperation::Unlock)?;
        try_lock(&self.0, FlockOperation::NonBlockingLockExclusive)
    }
}

/// The server inherits it as its standard input, and its backends inherit it from the server. So it shows that one of
/// them is alive even where its process is not visible: without it, two containers that share a volume would run two
/// servers on one cluster.
#[derive(Debug)]
pub(super) struct ServerLock(File);

impl ServerLock {
    pub async fn take(layout: &Layout) -> Result<Self, EmbeddedError> {
        let file = open(&layout.base, SERVER_FILE)?;
        if lock_within(&file, SERVER_TIMEOUT).await? {
            return Ok(Self(file));
        }
        Err(EmbeddedError::UsedElsewhere(layout.data.clone()))
    }

    pub fn inheritable(&self) -> Result<Stdio, EmbeddedError> {
        Ok(self.0.try_clone().map_err(EmbeddedError::io("share the lock of PostgreSQL"))?.into())
    }
}

fn open(base: &Path, name: &str) -> Result<File, EmbeddedError> {
    open_private(base, name, OFlags::WRONLY)
}

async fn lock_within(file: &File, timeout: Duration) -> Result<bool, EmbeddedError> {
    let waiting = async {
        while !try_lock(file, FlockOperation::NonBlockingLockExclusive)? {
            tokio::time::sleep(RETRY).await;
        }
        Ok(true)
    };
    tokio::time::timeout(timeout, waiting).await.unwrap_or(Ok(false))
}

fn try_lock(file: &File, operation: FlockOperation) -> Result<bool, EmbeddedError> {
    match flock(file, operation) {
        Ok(()) => Ok(true),
        Err(Errno::WOULDBLOCK) => Ok(false),
        Err(error) => Err(EmbeddedError::io("lock the embedded PostgreSQL")(error.into())),
    }
}
