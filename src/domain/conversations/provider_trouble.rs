//! When a person takes over because the model's provider fails for one message only. An outage that everybody shares is
//! waited out instead.
//!
//! Trouble is the message's own if the model has answered another request between two failures of this message, and the
//! attempt that failed last began after that answer. A failure that began before it may be the end of an outage. A request
//! that is still unanswered at the end of [`MAX_TROUBLE`] counts as failed if the one before it has failed.

use std::time::{Duration, Instant};

/// Failed attempts after which a person takes over.
const MAX_ATTEMPTS: u32 = 5;
/// Trouble of this length hands the message over, however few attempts it took.
const MAX_TROUBLE: Duration = Duration::from_secs(120);
/// The least that a request may take before it counts as failed, however long the trouble has lasted.
const MIN_REQUEST: Duration = Duration::from_secs(10);
/// From this many attempts, or half of the time, it is worth a request of its own to learn whether the model answers
/// anybody.
const ATTEMPTS_BEFORE_PROBE: u32 = MAX_ATTEMPTS - 1;

/// An attempt that failed, of one or more requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FailedAttempt {
    pub began: Instant,
    /// When the request before the last one failed; `None` if there was only one.
    pub failed_before: Option<Instant>,
    /// When the model had last answered anybody as the last request began.
    pub answered: Option<Instant>,
}

/// The failed attempts for one message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProviderTrouble {
    attempts: u32,
    since: Instant,
    failed_at: Instant,
}

/// What follows from a failed attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TroubleStep {
    Wait,
    /// Ask the model something else, then wait: its answer would show that the trouble is the message's own.
    Probe,
    HandOver,
}

impl ProviderTrouble {
    /// Counts a failed attempt.
    pub fn after(earlier: Option<Self>, attempt: FailedAttempt, now: Instant) -> (Self, TroubleStep) {
        let attempts = earlier.map_or(0, |trouble| trouble.attempts).saturating_add(1);
        let since = earlier.map_or(attempt.began, |trouble| trouble.since);
        let trouble = Self { attempts, since, failed_at: now };
        let lasted = now.saturating_duration_since(since);
        let failed_before = earlier.map(|trouble| trouble.failed_at).or(attempt.failed_before);
        let is_own = attempt
            .answered
            .zip(failed_before)
            .is_some_and(|(answered, failed_before)| failed_before < answered);
        let step = if is_own && (attempts >= MAX_ATTEMPTS || lasted >= MAX_TROUBLE) {
            TroubleStep::HandOver
        } else if is_own && lasted < MAX_TROUBLE / 2 {
            TroubleStep::Wait
        } else if is_own {
            // The next request may be given up before it fails, if the model has answered anybody until it begins.
            TroubleStep::Probe
        } else if attempts >= ATTEMPTS_BEFORE_PROBE || lasted >= MAX_TROUBLE / 2 {
            TroubleStep::Probe
        } else {
            TroubleStep::Wait
        };
        (trouble, step)
    }

    /// When a request that begins at `began` counts as failed although it is still unanswered. `answered` is when the
    /// model last answered anybody before. `None` if nothing shows that the trouble is the message's own.
    pub fn deadline(self, began: Instant, answered: Option<Instant>) -> Option<Instant> {
        let is_own = answered.is_some_and(|answered| self.failed_at < answered);
        is_own.then(|| (self.since + MAX_TROUBLE).max(began + MIN_REQUEST))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(clippy::disallowed_methods, reason = "any instant will do")]
    fn some_instant() -> Instant {
        Instant::now()
    }

    /// An attempt of one request, which fails each time after a second; `answers` are others' answers, in seconds.
    fn failing(starts: &[u64], answers: &[u64]) -> Vec<TroubleStep> {
        let zero = some_instant();
        let at = |seconds: u64| zero + Duration::from_secs(seconds);
        let mut trouble = None;
        let mut steps = Vec::new();
        for start in starts {
            let answered = answers.iter().filter(|answer| *answer < start).max().copied().map(at);
            let attempt = FailedAttempt { began: at(*start), failed_before: None, answered };
            let (next, step) = ProviderTrouble::after(trouble, attempt, at(*start + 1));
            trouble = Some(next);
            steps.push(step);
        }
        steps
    }

    #[test]
    fn after_five_attempts_that_others_do_not_share_a_person_takes_over() {
        use TroubleStep::{HandOver, Probe, Wait};
        assert_eq!(failing(&[0, 3, 6, 9, 12], &[11]), [Wait, Wait, Wait, Probe, HandOver]);
        assert_eq!(failing(&[0, 3, 6, 9, 12], &[5]), [Wait, Wait, Wait, Probe, Probe]);
    }

    #[test]
    fn after_two_minutes_that_others_do_not_share_a_person_takes_over() {
        use TroubleStep::{HandOver, Probe, Wait};
        assert_eq!(failing(&[0, 70, 121], &[100]), [Wait, Probe, HandOver]);
    }

    #[test]
    fn an_answer_between_two_attempts_counts_however_many_requests_the_second_makes() {
        let zero = some_instant();
        let at = |seconds: u64| zero + Duration::from_secs(seconds);
        let attempt = |began, answered| FailedAttempt {
            began: at(began),
            failed_before: Some(at(began + 2)),
            answered,
        };
        let mut trouble = None;
        for began in [0, 10, 20, 30] {
            trouble = Some(ProviderTrouble::after(trouble, attempt(began, None), at(began + 5)).0);
        }
        let (_, step) = ProviderTrouble::after(trouble, attempt(40, Some(at(38))), at(45));
        assert_eq!(step, TroubleStep::HandOver);
    }

    /// Requests that are never answered, each given up after the time-out; `answers` are others' answers. Returns when a
    /// person takes over.
    fn hanging(timeout: u64, answers: &[u64]) -> Option<u64> {
        let zero = some_instant();
        let at = |seconds: u64| zero + Duration::from_secs(seconds);
        let mut probes = Vec::new();
        let mut trouble: Option<ProviderTrouble> = None;
        let mut began = 0;
        while began < 3_600 {
            let before = |answer: &&u64| **answer < began;
            let answered = answers.iter().chain(&probes).filter(before).max().copied().map(at);
            let deadline = trouble.and_then(|trouble| trouble.deadline(at(began), answered));
            if let Some(deadline) = deadline.filter(|deadline| *deadline <= at(began + timeout)) {
                return Some(deadline.duration_since(zero).as_secs());
            }
            let attempt = FailedAttempt { began: at(began), failed_before: None, answered };
            let ended = began + timeout;
            let (next, step) = ProviderTrouble::after(trouble, attempt, at(ended));
            match step {
                TroubleStep::HandOver => return Some(ended),
                // The probe is answered a second later, where the provider answers anybody.
                TroubleStep::Probe if !answers.is_empty() => probes.push(ended + 1),
                TroubleStep::Probe | TroubleStep::Wait => {}
            }
            trouble = Some(next);
            began = ended + 2;
        }
        None
    }

    #[test]
    fn requests_that_hang_are_handed_over_after_two_minutes_whatever_the_time_out() {
        let busy: Vec<u64> = (0..3_600).collect();
        for answers in [busy.as_slice(), &[1]] {
            for timeout in [26, 30, 45, 60, 90, 110] {
                let after = hanging(timeout, answers);
                assert!(after.is_some_and(|after| after <= 135), "{timeout} s: {after:?}");
            }
            // One request is not enough to tell, and a longer time-out was asked for.
            assert_eq!(hanging(600, answers), Some(612));
        }
        assert_eq!(hanging(60, &busy), Some(120), "the time-out that is the default");
        assert_eq!(hanging(2, &busy), Some(18), "five attempts");
        assert_eq!(hanging(60, &[]), None, "an outage that everybody shares");
    }

    #[test]
    fn an_outage_that_everybody_shares_is_waited_out() {
        let starts: Vec<u64> = (0..100).map(|n| n * 10).collect();
        assert!(!failing(&starts, &[]).contains(&TroubleStep::HandOver));
    }

    #[test]
    fn an_attempt_that_began_before_the_end_of_an_outage_decides_nothing() {
        let steps = failing(&[0, 10, 20, 30, 40, 50], &[50]);
        assert_eq!(steps.last(), Some(&TroubleStep::Probe));
    }
}
