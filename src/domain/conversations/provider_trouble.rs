//! When a person takes over because the model's provider fails for one message only. An outage that everybody shares is
//! waited out instead.
//!
//! Trouble is the message's own if the model has answered another request between two failures of this message, and the
//! attempt that failed last began after that answer. A failure that began before it may be the end of an outage.

use std::time::{Duration, Instant};

/// Failed attempts after which a person takes over.
const MAX_ATTEMPTS: u32 = 5;
/// Trouble of this length hands the message over, however few attempts it took.
const MAX_TROUBLE: Duration = Duration::from_secs(120);
/// From this many attempts, or half of the time, it is worth a request of its own to learn whether the model answers
/// anybody.
const ATTEMPTS_BEFORE_PROBE: u32 = MAX_ATTEMPTS - 1;

/// An attempt that failed, with its last request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FailedAttempt {
    pub began: Instant,
    /// When its last request began.
    pub last_try: Instant,
    /// When the request before that one failed; `None` if there was only one.
    pub failed_before: Option<Instant>,
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
    /// Counts a failed attempt. `answered` is when the model last answered anybody.
    pub fn after(
        earlier: Option<Self>,
        attempt: FailedAttempt,
        answered: Option<Instant>,
        now: Instant,
    ) -> (Self, TroubleStep) {
        let attempts = earlier.map_or(0, |trouble| trouble.attempts).saturating_add(1);
        let since = earlier.map_or(attempt.began, |trouble| trouble.since);
        let trouble = Self { attempts, since, failed_at: now };
        let lasted = now.saturating_duration_since(since);
        let failed_before = earlier.map(|trouble| trouble.failed_at).or(attempt.failed_before);
        let is_own = answered
            .zip(failed_before)
            .is_some_and(|(answered, failed_before)| failed_before < answered && answered < attempt.last_try);
        let step = if is_own && (attempts >= MAX_ATTEMPTS || lasted >= MAX_TROUBLE) {
            TroubleStep::HandOver
        } else if is_own {
            TroubleStep::Wait
        } else if attempts >= ATTEMPTS_BEFORE_PROBE || lasted >= MAX_TROUBLE / 2 {
            TroubleStep::Probe
        } else {
            TroubleStep::Wait
        };
        (trouble, step)
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
            let attempt = FailedAttempt { began: at(*start), last_try: at(*start), failed_before: None };
            let now = at(*start + 1);
            let answered = answers.iter().copied().map(at).filter(|answer| *answer <= now).max();
            let (next, step) = ProviderTrouble::after(trouble, attempt, answered, now);
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
        let attempt = |began| FailedAttempt {
            began: at(began),
            last_try: at(began + 4),
            failed_before: Some(at(began + 2)),
        };
        let mut trouble = None;
        for began in [0, 10, 20, 30] {
            trouble = Some(ProviderTrouble::after(trouble, attempt(began), None, at(began + 5)).0);
        }
        let (_, step) = ProviderTrouble::after(trouble, attempt(40), Some(at(38)), at(45));
        assert_eq!(step, TroubleStep::HandOver);
    }

    #[test]
    fn an_outage_that_everybody_shares_is_waited_out() {
        let starts: Vec<u64> = (0..100).map(|n| n * 10).collect();
        assert!(!failing(&starts, &[]).contains(&TroubleStep::HandOver));
    }

    #[test]
    fn an_attempt_that_began_before_the_end_of_an_outage_decides_nothing() {
        let steps = failing(&[0, 10, 20, 30, 40, 50], &[51]);
        assert_eq!(steps.last(), Some(&TroubleStep::Probe));
    }
}
