//! Outcomes of submissions as customers see them: whether the store has failed all of them for some time. Overload is no
//! failure of the store: a process without readiness gets no work, and its work would overload the others. Time is an
//! argument.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::actors::runtime::ask::{Answer, CallError};

/// How long all submissions must have failed: a burst beyond the capacity is no outage.
const FAILING_FOR: Duration = Duration::from_secs(2);
/// How long a failure says something about the present.
const FAILURE_AGE: Duration = Duration::from_millis(1_500);

/// The failures since the last success.
#[derive(Debug, Default)]
pub struct SubmissionOutcomes(Mutex<Option<Failures>>);

#[derive(Clone, Copy, Debug)]
struct Failures {
    first: Instant,
    last: Instant,
}

impl SubmissionOutcomes {
    pub fn note<T>(&self, stored: &Answer<T>, now: Instant) {
        match stored {
            Ok(_) => self.succeeded(),
            Err(error @ CallError::Crm(_)) if error.may_pass() => self.failed(now),
            Err(CallError::Busy | CallError::Closed | CallError::TimedOut | CallError::Crm(_)) => {}
        }
    }

    fn succeeded(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn failed(&self, now: Instant) {
        let mut failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let first = match *failures {
            Some(known) if now.saturating_duration_since(known.last) < FAILURE_AGE => known.first,
            Some(_) | None => now,
        };
        *failures = Some(Failures { first, last: now });
    }

    /// Whether every submission of the last seconds has failed.
    pub fn are_failing(&self, now: Instant) -> bool {
        let failures = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        failures.is_some_and(|failures| {
            now.saturating_duration_since(failures.last) < FAILURE_AGE
                && failures.last.saturating_duration_since(failures.first) >= FAILING_FOR
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock;
    use crate::crm::port::CrmError;

    #[test]
    fn only_the_store_fails_submissions_and_overload_does_not() {
        let away = || CallError::Crm(CrmError::Unavailable("connection refused".to_owned()));
        let invalid = || CallError::Crm(CrmError::Invalid("a check".to_owned()));
        let causes: [(fn() -> CallError, bool); 5] = [
            (|| CallError::Busy, false),
            (|| CallError::TimedOut, false),
            (|| CallError::Closed, false),
            (invalid, false),
            (away, true),
        ];
        for (cause, is_failure) in causes {
            let (outcomes, start) = (SubmissionOutcomes::default(), clock::monotonic());
            let at = |ms| start + Duration::from_millis(ms);
            (0..=30).for_each(|tenth| outcomes.note::<()>(&Err(cause()), at(tenth * 100)));
            assert_eq!(outcomes.are_failing(at(3_100)), is_failure, "{}", cause());
            outcomes.note(&Ok(()), at(3_100));
            assert!(!outcomes.are_failing(at(3_100)), "one has succeeded");
        }
    }

    #[test]
    fn only_failures_without_a_success_for_a_while_count_and_only_for_a_moment() {
        let (outcomes, start) = (SubmissionOutcomes::default(), clock::monotonic());
        let at = |ms| start + Duration::from_millis(ms);
        assert!(!outcomes.are_failing(start));
        (0..=20).for_each(|tenth| outcomes.failed(at(tenth * 100)));
        assert!(outcomes.are_failing(at(2_100)));
        assert!(!outcomes.are_failing(at(3_600)), "the last failure is old");
        (0..=20).for_each(|tenth| outcomes.failed(at(10_000 + tenth * 100)));
        outcomes.succeeded();
        outcomes.failed(at(12_100));
        assert!(!outcomes.are_failing(at(12_200)), "one has succeeded");
        outcomes.failed(at(20_000));
        outcomes.failed(at(29_000));
        assert!(!outcomes.are_failing(at(29_000)), "two failures far apart");
    }
}
