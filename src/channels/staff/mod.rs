//! Port for staff notifications of escalations, and their formats. It never decides whether to escalate.

mod format;
pub mod mail;
pub mod webhook;

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use crate::domain::conversations::escalation::Notice;

/// A sender of staff notifications.
pub trait TellStaff: Send + Sync {
    /// Notifies staff of one escalation. `Ok` only after the receiver has confirmed it.
    fn tell(&self, notice: &Notice) -> Pin<Box<dyn Future<Output = Result<(), TellError>> + Send>>;
}

/// Why a notification was not confirmed. It may have been delivered all the same.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TellError {
    #[error("the receiver can't be reached: {0}")]
    Unreachable(String),
    #[error("the receiver answered with status {status}")]
    Refused {
        status: u16,
        /// The pause that the receiver asks for.
        retry_after: Option<Duration>,
    },
}

impl TellError {
    /// The pause that the receiver asks for.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Unreachable(_) => None,
            Self::Refused { retry_after, .. } => *retry_after,
        }
    }
}
