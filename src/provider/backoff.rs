//! When a failed call is tried again. Pure.
//!
//! The rules are those of OpenAI's own clients: 408, 409, 429, 5xx and lost connections are tried again;
//! `x-should-retry` wins over the status; a spent quota is permanent although it comes as a 429.

use std::time::Duration;

use super::failure::CallFailure;
use crate::domain::runtime::backoff::Backoff;

/// Tries of one call on one model, the first included.
pub(super) const TRIES: u32 = 3;
const BACKOFF: Backoff = Backoff::doubling(Duration::from_millis(500), Duration::from_secs(8));
/// The share of a pause that chance may take away, so that callers do not come back all at once.
const JITTER: f64 = 0.25;

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

/// How often a call is made that fails like this.
fn tries(failure: &CallFailure) -> u32 {
    match failure {
        // A time-out has cost more than all others together: whoever waits decides whether to try again.
        CallFailure::TimedOut => 1,
        // A web page may be a gateway's while the server behind it starts.
        CallFailure::NotAnApi(_) => TRIES - 1,
        CallFailure::Status { .. }
        | CallFailure::Connection(_)
        | CallFailure::Broken(_)
        | CallFailure::Filtered
        | CallFailure::Resting { .. } => TRIES,
    }
}

/// What to do after so many tries (1 after the first); `chance` is in 0..1.
pub(super) fn step(failure: &CallFailure, done: u32, chance: f64) -> RetryStep {
    let is_spent = done >= tries(failure);
    let pause = BACKOFF.jittered(done, JITTER, chance);
    if matches!(failure, CallFailure::NotAnApi(_)) && !is_spent {
        return RetryStep::Again(pause);
    }
    if !failure.may_pass() {
        return RetryStep::Never;
    }
    match failure.after() {
        Some(wish) if wish > BACKOFF.longest => RetryStep::Later(Some(wish)),
        Some(_) | None if is_spent => RetryStep::Later(None),
        Some(wish) => RetryStep::Again(wish),
        None => RetryStep::Again(pause),
    }
}

#[cfg(test)]
mod tests {
    use super::super::failure::Hints;
    use super::*;

    fn hinted(status: u16, should_retry: Option<bool>, after: Option<u64>) -> CallFailure {
        let hints = Hints { should_retry, after: after.map(Duration::from_secs) };
        CallFailure::Status { status, code: String::new(), message: String::new(), hints }
    }

    fn status(status: u16) -> CallFailure {
        hinted(status, None, None)
    }

    fn lost() -> CallFailure {
        CallFailure::Connection(String::new())
    }

    #[test]
    fn what_may_pass_is_tried_again_and_nothing_else() {
        for transient in [408, 409, 429, 500, 502, 503, 529] {
            assert!(status(transient).may_pass(), "{transient}");
        }
        for permanent in [301, 400, 401, 402, 403, 404, 413, 422] {
            assert_eq!(step(&status(permanent), 1, 0.0), RetryStep::Never, "{permanent}");
        }
        assert_eq!(step(&hinted(500, Some(false), None), 1, 0.0), RetryStep::Never);
        assert!(matches!(step(&hinted(400, Some(true), None), 1, 0.0), RetryStep::Again(_)));
        assert_eq!(step(&CallFailure::Filtered, 1, 0.0), RetryStep::Never);
    }

    #[test]
    fn only_lost_connections_5xx_and_429_are_an_outage() {
        for outage in [429, 500, 502, 503, 529] {
            assert!(status(outage).is_outage(), "{outage}");
        }
        for answered in [400, 401, 404, 408, 409, 422] {
            assert!(!status(answered).is_outage(), "{answered}");
        }
        assert!(lost().is_outage() && CallFailure::TimedOut.is_outage());
        assert!(!CallFailure::NotAnApi(String::new()).is_outage() && !CallFailure::Filtered.is_outage());
    }

    #[test]
    fn a_spent_quota_is_permanent_although_it_is_a_429() {
        let quota = CallFailure::Status {
            status: 429,
            code: "insufficient_quota".to_owned(),
            message: String::new(),
            hints: Hints { should_retry: Some(true), after: None },
        };
        assert_eq!(step(&quota, 1, 0.0), RetryStep::Never);
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
        let wished = |seconds| step(&hinted(429, None, Some(seconds)), 1, 0.9);
        assert_eq!(wished(3), RetryStep::Again(Duration::from_secs(3)));
        assert_eq!(wished(20), RetryStep::Later(Some(Duration::from_secs(20))));
        assert_eq!(wished(3_600), RetryStep::Later(Some(Duration::from_secs(60))));
    }

    #[test]
    fn the_third_try_is_the_last_after_web_pages_the_second_and_after_time_outs_the_first() {
        assert!(matches!(step(&lost(), 2, 0.0), RetryStep::Again(_)));
        assert_eq!(step(&lost(), 3, 0.0), RetryStep::Later(None));
        assert_eq!(step(&CallFailure::TimedOut, 1, 0.0), RetryStep::Later(None));
        assert_eq!(step(&hinted(429, None, Some(1)), 3, 0.0), RetryStep::Later(None));
        let page = CallFailure::NotAnApi(String::new());
        assert!(matches!(step(&page, 1, 0.0), RetryStep::Again(_)));
        assert_eq!(step(&page, 2, 0.0), RetryStep::Never);
    }
}
