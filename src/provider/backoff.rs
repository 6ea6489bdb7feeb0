//! What a failed call means: whether the same call may succeed later, and when. Pure.
//!
//! The rules are those of OpenAI's own clients: 408, 409, 429, 5xx and lost connections are tried again;
//! `x-should-retry` wins over the status; a spent quota is permanent although it comes as a 429.

use std::time::Duration;

use crate::domain::runtime::backoff::Backoff;

/// Tries of one call on one model, the first included.
pub(super) const TRIES: u32 = 3;
const BACKOFF: Backoff = Backoff::doubling(Duration::from_millis(500), Duration::from_secs(8));
/// Longer wishes of a provider are cut to this.
const LONGEST_WISH: Duration = Duration::from_secs(60);
/// The share of a pause that chance may take away, so that callers do not come back all at once.
const JITTER: f64 = 0.25;

/// What a provider says about trying again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hints {
    /// `x-should-retry`.
    pub should_retry: Option<bool>,
    /// `retry-after-ms`, else `Retry-After`.
    pub after: Option<Duration>,
}

/// Why a call came to nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallFailure {
    /// An answer with an error. `code` is the provider's, such as `insufficient_quota`; no free text of its, which
    /// may repeat what a customer wrote.
    #[error("status {status} {code}")]
    Status { status: u16, code: String, hints: Hints },
    #[error("no connection")]
    Connection,
    #[error("no answer in time")]
    TimedOut,
    /// The answer ended too early, or was none.
    #[error("the answer is broken: {0}")]
    Broken(&'static str),
    /// The provider will not speak about this.
    #[error("the provider filtered the content")]
    Filtered,
    /// Not asked: the provider failed too often just now.
    #[error("not asked again yet, after too many failures")]
    Resting(Duration),
}

/// What to do about a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RetryStep {
    /// Try again on the same model after a pause.
    Again(Duration),
    /// Stop trying for now; the provider wants this long a rest, if it says so.
    Later(Option<Duration>),
    /// It will not get better by itself.
    Never,
}

impl CallFailure {
    /// Whether the same call may succeed later.
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Status { status, code, hints } => {
                hints.should_retry.unwrap_or_else(|| is_transient(*status)) && code != "insufficient_quota"
            }
            Self::Connection | Self::TimedOut | Self::Broken(_) | Self::Resting(_) => true,
            Self::Filtered => false,
        }
    }

    /// When the provider wants to be asked again, if it says so.
    pub fn after(&self) -> Option<Duration> {
        match self {
            Self::Status { hints, .. } => hints.after.map(|wish| wish.min(LONGEST_WISH)),
            Self::Resting(left) => Some(*left),
            Self::Connection | Self::TimedOut | Self::Broken(_) | Self::Filtered => None,
        }
    }

    /// A time-out has cost more than the other failures: it is tried again once.
    fn tries(&self) -> u32 {
        match self {
            Self::TimedOut => TRIES - 1,
            Self::Status { .. } | Self::Connection | Self::Broken(_) | Self::Filtered | Self::Resting(_) => {
                TRIES
            }
        }
    }

    /// What to do after so many tries (1 after the first); `chance` is in 0..1.
    pub(super) fn step(&self, tries: u32, chance: f64) -> RetryStep {
        if !self.may_pass() {
            return RetryStep::Never;
        }
        let wish = self.after();
        match wish {
            Some(wish) if wish > BACKOFF.longest => RetryStep::Later(Some(wish)),
            Some(_) | None if tries >= self.tries() => RetryStep::Later(None),
            Some(wish) => RetryStep::Again(wish),
            None => RetryStep::Again(BACKOFF.jittered(tries, JITTER, chance)),
        }
    }
}

fn is_transient(status: u16) -> bool {
    matches!(status, 408 | 409 | 429 | 500..)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(status: u16) -> CallFailure {
        CallFailure::Status { status, code: String::new(), hints: Hints::default() }
    }

    fn hinted(status: u16, should_retry: Option<bool>, after: Option<u64>) -> CallFailure {
        let hints = Hints { should_retry, after: after.map(Duration::from_secs) };
        CallFailure::Status { status, code: String::new(), hints }
    }

    #[test]
    fn what_may_pass_is_tried_again_and_nothing_else() {
        for transient in [408, 409, 429, 500, 502, 503, 529] {
            assert!(status(transient).may_pass(), "{transient}");
        }
        for permanent in [301, 400, 401, 403, 404, 413, 422] {
            assert_eq!(status(permanent).step(1, 0.0), RetryStep::Never, "{permanent}");
        }
        assert_eq!(hinted(500, Some(false), None).step(1, 0.0), RetryStep::Never);
        assert!(matches!(hinted(400, Some(true), None).step(1, 0.0), RetryStep::Again(_)));
        assert_eq!(CallFailure::Filtered.step(1, 0.0), RetryStep::Never);
    }

    #[test]
    fn a_spent_quota_is_permanent_although_it_is_a_429() {
        let code = "insufficient_quota".to_owned();
        let quota =
            CallFailure::Status { status: 429, code, hints: Hints { should_retry: Some(true), after: None } };
        assert_eq!(quota.step(1, 0.0), RetryStep::Never);
    }

    #[test]
    fn pauses_double_from_half_a_second_to_eight_and_chance_shortens_them() {
        let pauses: Vec<u128> =
            (1..=7).map(|tries| BACKOFF.jittered(tries, JITTER, 0.0).as_millis()).collect();
        assert_eq!(pauses, [500, 1000, 2000, 4000, 8000, 8000, 8000]);
        assert_eq!(BACKOFF.jittered(2, JITTER, 1.0).as_millis(), 750);
    }

    #[test]
    fn the_providers_wish_wins_and_a_long_one_is_not_waited_for() {
        assert_eq!(hinted(429, None, Some(3)).step(1, 0.9), RetryStep::Again(Duration::from_secs(3)));
        assert_eq!(hinted(429, None, Some(20)).step(1, 0.0), RetryStep::Later(Some(Duration::from_secs(20))));
        let hour = hinted(503, None, Some(3_600)).step(1, 0.0);
        assert_eq!(hour, RetryStep::Later(Some(Duration::from_secs(60))));
    }

    #[test]
    fn the_third_try_is_the_last_and_after_time_outs_the_second() {
        assert!(matches!(CallFailure::Connection.step(2, 0.0), RetryStep::Again(_)));
        assert_eq!(CallFailure::Connection.step(3, 0.0), RetryStep::Later(None));
        assert!(matches!(CallFailure::TimedOut.step(1, 0.0), RetryStep::Again(_)));
        assert_eq!(CallFailure::TimedOut.step(2, 0.0), RetryStep::Later(None));
        assert_eq!(hinted(429, None, Some(1)).step(3, 0.0), RetryStep::Later(None));
    }
}
