//! Restart policy of an actor's worker after a panic, with exponential back-off. An actor is never given up: beyond the
//! limit the pauses grow; callers get `Closed` meanwhile and retry.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::backoff::Backoff;

/// What to do about the worker that has just ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Restart {
    AtOnce,
    After(Duration),
}

/// How many ends within the window are restarted at once, and how long to pause beyond that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RestartPolicy {
    pub ends_at_once: usize,
    pub within: Duration,
    pub backoff: Backoff,
}

impl Default for RestartPolicy {
    fn default() -> Self {
        Self {
            ends_at_once: 5,
            within: Duration::from_secs(10),
            backoff: Backoff::doubling(Duration::from_millis(100), Duration::from_secs(5)),
        }
    }
}

/// The recent ends of one actor's workers.
#[derive(Clone, Debug)]
pub struct RestartHistory {
    policy: RestartPolicy,
    ends: VecDeque<Instant>,
}

impl RestartHistory {
    pub fn new(policy: RestartPolicy) -> Self {
        Self { policy, ends: VecDeque::new() }
    }

    /// Records an end at `now` and decides what follows.
    pub fn ended(&mut self, now: Instant) -> Restart {
        self.ends.push_back(now);
        while self.ends.front().is_some_and(|end| now.duration_since(*end) > self.policy.within) {
            self.ends.pop_front();
        }
        let excess = self.ends.len().saturating_sub(self.policy.ends_at_once);
        if excess == 0 {
            return Restart::AtOnce;
        }
        Restart::After(self.policy.backoff.pause(u32::try_from(excess).unwrap_or(u32::MAX)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(clippy::disallowed_methods, reason = "any instant will do")]
    fn some_instant() -> Instant {
        Instant::now()
    }

    #[test]
    fn a_few_ends_are_bad_luck_many_make_it_pause() {
        let policy = RestartPolicy { ends_at_once: 2, ..RestartPolicy::default() };
        let mut history = RestartHistory::new(policy);
        let now = some_instant();
        let verdicts: Vec<_> = (0..5).map(|_| history.ended(now)).collect();
        let pause = |ms| Restart::After(Duration::from_millis(ms));
        assert_eq!(verdicts, [Restart::AtOnce, Restart::AtOnce, pause(100), pause(200), pause(400)]);
    }

    #[test]
    fn ends_of_long_ago_are_forgotten() {
        let policy = RestartPolicy { ends_at_once: 1, ..RestartPolicy::default() };
        let mut history = RestartHistory::new(policy);
        let start = some_instant();
        assert_eq!(history.ended(start), Restart::AtOnce);
        assert_eq!(history.ended(start + Duration::from_secs(11)), Restart::AtOnce);
    }

    #[test]
    fn no_pause_is_longer_than_the_longest() {
        let mut history = RestartHistory::new(RestartPolicy::default());
        let now = some_instant();
        let last = (0..100).map(|_| history.ended(now)).last();
        assert_eq!(last, Some(Restart::After(Duration::from_secs(5))));
    }
}
