//! Why a call of the provider failed, with what the provider said of it. Free text of the provider is cut, and freed of
//! secrets and of customers' words, before anybody reads it.

use std::time::Duration;

use super::redact::redact;

/// Longer wishes of a provider are cut to this.
const LONGEST_WISH: Duration = Duration::from_secs(60);

/// What a provider says about trying again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hints {
    /// `x-should-retry`.
    pub should_retry: Option<bool>,
    /// `retry-after-ms`, else `Retry-After`.
    pub after: Option<Duration>,
}

/// Why a call failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallFailure {
    /// An error of the provider, with its status or in place of an answer. `code` is the provider's, such as
    /// `insufficient_quota`.
    #[error("status {status}{}{}", shown(" ", code), shown(": ", message))]
    Status { status: u16, code: String, message: String, hints: Hints },
    /// The cause is the transport's, such as `Connection refused`.
    #[error("no connection{}", shown(": ", .0))]
    Connection(String),
    #[error("no answer in time")]
    TimedOut,
    /// The answer ended too early.
    #[error("the answer is broken: {0}")]
    Broken(&'static str),
    /// A web page instead of an answer; its text is given.
    #[error("not an API: check OPENAI_BASE_URL{}", shown(": ", .0))]
    NotAnApi(String),
    /// The provider will not speak about this.
    #[error("the provider filtered the content")]
    Filtered,
    /// Not asked: the provider failed too often just now, at last because of `cause`.
    #[error("{cause}; not asked again for {} s", left.as_secs().max(1))]
    Resting { left: Duration, cause: String },
}

fn shown(before: &str, text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("{before}{text}") }
}

impl CallFailure {
    /// Whether the same call may succeed later.
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Status { status, hints, .. } => {
                let is_transient = matches!(*status, 408 | 409 | 425 | 429 | 500..);
                self.cause().may_pass() && hints.should_retry.unwrap_or(is_transient)
            }
            Self::Connection(_) | Self::TimedOut | Self::Broken(_) | Self::Resting { .. } => true,
            Self::NotAnApi(_) | Self::Filtered => false,
        }
    }

    /// Whether it says that the provider is down or overloaded. Nothing else may keep other calls waiting.
    pub fn is_outage(&self) -> bool {
        match self {
            Self::Status { status, .. } => self.may_pass() && matches!(*status, 429 | 500..),
            Self::Connection(_) | Self::TimedOut | Self::Broken(_) => true,
            Self::NotAnApi(_) | Self::Filtered | Self::Resting { .. } => false,
        }
    }

    /// When the provider wants to be asked again, if it says so.
    pub fn after(&self) -> Option<Duration> {
        match self {
            Self::Status { hints, .. } => hints.after.map(|wish| wish.min(LONGEST_WISH)),
            Self::Resting { left, .. } => Some(*left),
            Self::Connection(_) | Self::TimedOut | Self::Broken(_) | Self::NotAnApi(_) | Self::Filtered => {
                None
            }
        }
    }

    /// The same, without secrets and without words of `customer`.
    #[must_use]
    pub fn redacted(self, secret: Option<&str>, customer: &str) -> Self {
        match self {
            Self::Status { status, code, message, hints } => {
                Self::Status { status, code, message: redact(&message, secret, customer), hints }
            }
            Self::NotAnApi(text) => Self::NotAnApi(redact(&text, secret, customer)),
            Self::Connection(_)
            | Self::TimedOut
            | Self::Broken(_)
            | Self::Filtered
            | Self::Resting { .. } => self,
        }
    }
}
