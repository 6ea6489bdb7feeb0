//! A rate that a provider allows, as a bucket of tokens: a second's worth may go at once, the rest as it refills.

use std::time::{Duration, Instant};

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TokenBucket {
    per_second: f64,
    tokens: f64,
    filled: Instant,
}

impl TokenBucket {
    /// A full bucket. A rate below one a second still has room for one token.
    pub fn new(per_second: f64, now: Instant) -> Self {
        Self { per_second, tokens: room(per_second), filled: now }
    }

    /// Takes as many tokens as there are, `at_most` at most.
    pub fn take(&mut self, at_most: usize, now: Instant) -> usize {
        let passed = now.saturating_duration_since(self.filled).as_secs_f64();
        self.tokens = (self.tokens + passed * self.per_second).min(room(self.per_second));
        self.filled = self.filled.max(now);
        let mut taken = 0;
        while taken < at_most && self.tokens >= 1.0 {
            self.tokens -= 1.0;
            taken += 1;
        }
        taken
    }

    /// Gives tokens back that were not used.
    pub fn give_back(&mut self, count: usize) {
        let room = room(self.per_second);
        for _ in 0..count {
            self.tokens = (self.tokens + 1.0).min(room);
        }
    }

    /// How long until there is a token.
    pub fn next_in(&self) -> Duration {
        Duration::from_secs_f64(((1.0 - self.tokens) / self.per_second).max(0.0))
    }
}

fn room(per_second: f64) -> f64 {
    per_second.max(1.0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[expect(clippy::disallowed_methods, reason = "any instant will do")]
    fn some_instant() -> Instant {
        Instant::now()
    }

    #[test]
    fn one_message_in_three_seconds_is_one_in_three_seconds() {
        let start = some_instant();
        let mut bucket = TokenBucket::new(1.0 / 3.0, start);
        assert_eq!(bucket.take(10, start), 1);
        assert_eq!(bucket.take(10, start + Duration::from_millis(2900)), 0);
        assert_eq!(bucket.take(10, start + Duration::from_millis(3100)), 1);
    }

    #[test]
    fn what_was_given_back_can_be_taken_again() {
        let start = some_instant();
        let mut bucket = TokenBucket::new(2.0, start);
        assert_eq!(bucket.take(5, start), 2);
        bucket.give_back(1);
        assert_eq!((bucket.next_in(), bucket.take(5, start)), (Duration::ZERO, 1));
    }

    proptest! {
        #[test]
        fn no_more_than_the_rate_ever_passes(
            rate in 1.0f64..200.0, steps in proptest::collection::vec((0u64..500, 1usize..100), 1..100),
        ) {
            let start = some_instant();
            let (mut now, mut bucket, mut passed) = (start, TokenBucket::new(rate, start), 0usize);
            for (pause_ms, at_most) in steps {
                now += Duration::from_millis(pause_ms);
                passed += bucket.take(at_most, now);
                let allowed = rate + rate * now.duration_since(start).as_secs_f64() + 1e-6;
                #[expect(clippy::cast_precision_loss, reason = "a few thousand")]
                let count = passed as f64;
                prop_assert!(count <= allowed, "{count} of {allowed}");
            }
        }
    }
}
