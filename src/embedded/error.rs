//! Errors of the embedded PostgreSQL, worded for the operator who has to fix them.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

#[derive(Debug, Error)]
pub enum EmbeddedError {
    #[error("the embedded PostgreSQL is missing ({}): run make build, or set DATABASE_URL", .0.display())]
    NoRuntime(PathBuf),
    #[error("could not {action}")]
    Io { action: String, source: io::Error },
    #[error("another process has been starting or stopping PostgreSQL for {seconds} s, see {}", lock.display())]
    Busy { seconds: u64, lock: PathBuf },
    #[error("the user {user}, who runs PostgreSQL, cannot reach {}", path.display())]
    Unreachable { user: String, path: PathBuf },
    #[error("PostgreSQL refuses to run as root, and this process may not become {user}")]
    NoOtherUser { user: String, source: io::Error },
    #[error("{} does not belong to this user: remove it", .0.display())]
    ForeignFolder(PathBuf),
    #[error("could not create the database: {output}")]
    Initdb { output: String },
    #[error("PostgreSQL did not start: {output} (see {})", log.display())]
    NotStarted { output: String, log: PathBuf },
    #[error("PostgreSQL process {pid} does not end")]
    NotStopped { pid: i32 },
    #[error("{} is used by a PostgreSQL that is not visible here, perhaps in another container", .0.display())]
    UsedElsewhere(PathBuf),
    #[error("could not set up the database `fte`")]
    Sql(#[from] tokio_postgres::Error),
}

impl EmbeddedError {
    /// For `map_err`: `action` completes "could not …".
    pub(super) fn io(action: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let action = action.into();
        move |source| Self::Io { action, source }
    }
}
