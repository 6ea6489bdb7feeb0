//! A breaker: after several failures in a row nobody calls for a while, then one call tries whether it works again.
//! A pure machine; times are arguments.

use std::time::{Duration, Instant};

/// Failures in a row after which calls stop.
const FAILURES: u32 = 5;
/// The first rest; it doubles each time that the try after it fails.
pub const FIRST_REST: Duration = Duration::from_secs(2);
const LONGEST_REST: Duration = Duration::from_secs(30);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Closed {
        failures: u32,
    },
    Open {
        until: Instant,
        rests: u32,
    },
    /// One call tries; should it be lost without a word, another one may from `until` on.
    Trying {
        until: Instant,
        rests: u32,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Breaker {
    state: State,
    /// The longest that a call takes.
    call: Duration,
}

impl Breaker {
    pub fn new(call: Duration) -> Self {
        Self { state: State::Closed { failures: 0 }, call }
    }

    /// Whether a call may be made now; else how long to wait before asking again.
    pub fn admit(&mut self, now: Instant) -> Result<(), Duration> {
        match self.state {
            State::Closed { .. } => Ok(()),
            State::Open { until, .. } | State::Trying { until, .. } if now < until => Err(until - now),
            State::Open { rests, .. } | State::Trying { rests, .. } => {
                self.state = State::Trying { until: now + self.call, rests };
                Ok(())
            }
        }
    }

    pub fn succeeded(&mut self) {
        self.state = State::Closed { failures: 0 };
    }

    pub fn failed(&mut self, now: Instant) {
        self.state = match self.state {
            State::Closed { failures } if failures + 1 < FAILURES => State::Closed { failures: failures + 1 },
            State::Closed { .. } => State::Open { until: now + FIRST_REST, rests: 1 },
            State::Trying { rests, .. } => {
                let rest = FIRST_REST.saturating_mul(1 << rests.min(10)).min(LONGEST_REST);
                State::Open { until: now + rest, rests: rests.saturating_add(1) }
            }
            // A call that had begun before the breaker opened.
            State::Open { until, rests } => State::Open { until, rests },
        };
    }

    /// The provider asked for a rest.
    pub fn rest(&mut self, now: Instant, wish: Duration) {
        let rests = match self.state {
            State::Closed { .. } => 0,
            State::Open { rests, .. } | State::Trying { rests, .. } => rests,
        };
        self.state = State::Open { until: now + wish, rests };
    }

    pub fn is_open(&self) -> bool {
        match self.state {
            State::Closed { .. } => false,
            State::Open { .. } | State::Trying { .. } => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const CALL: Duration = Duration::from_secs(60);

    #[expect(clippy::disallowed_methods, reason = "any instant will do")]
    fn some_instant() -> Instant {
        Instant::now()
    }

    fn opened(now: Instant) -> Breaker {
        let mut breaker = Breaker::new(CALL);
        (0..FAILURES).for_each(|_| breaker.failed(now));
        breaker
    }

    #[test]
    fn five_failures_in_a_row_open_it_and_a_success_between_them_counts_anew() {
        let now = some_instant();
        let mut breaker = Breaker::new(CALL);
        for _ in 0..4 {
            breaker.failed(now);
        }
        breaker.succeeded();
        for _ in 0..4 {
            breaker.failed(now);
            assert_eq!(breaker.admit(now), Ok(()));
        }
        breaker.failed(now);
        assert_eq!(breaker.admit(now), Err(FIRST_REST));
    }

    #[test]
    fn after_the_rest_one_call_tries_and_the_others_wait_for_it() {
        let now = some_instant();
        let mut breaker = opened(now);
        let later = now + FIRST_REST;
        assert_eq!(breaker.admit(later), Ok(()));
        assert_eq!(breaker.admit(later), Err(CALL));
        breaker.succeeded();
        assert_eq!(breaker.admit(later), Ok(()));
        assert_eq!(breaker.admit(later), Ok(()));
    }

    #[test]
    fn each_try_that_fails_doubles_the_rest_up_to_thirty_seconds() {
        let mut now = some_instant();
        let mut breaker = opened(now);
        let mut rests = Vec::new();
        for _ in 0..6 {
            let rest = breaker.admit(now).unwrap_err();
            rests.push(rest.as_secs());
            now += rest;
            assert_eq!(breaker.admit(now), Ok(()));
            breaker.failed(now);
        }
        assert_eq!(rests, [2, 4, 8, 16, 30, 30]);
    }

    #[test]
    fn a_try_that_is_lost_without_a_word_blocks_nobody_for_longer_than_a_call() {
        let now = some_instant();
        let mut breaker = opened(now);
        assert_eq!(breaker.admit(now + FIRST_REST), Ok(()));
        assert_eq!(breaker.admit(now + FIRST_REST + CALL), Ok(()));
    }

    #[test]
    fn a_rest_that_the_provider_asks_for_is_kept() {
        let now = some_instant();
        let mut breaker = Breaker::new(CALL);
        breaker.rest(now, Duration::from_secs(20));
        assert_eq!(breaker.admit(now), Err(Duration::from_secs(20)));
        assert_eq!(breaker.admit(now + Duration::from_secs(20)), Ok(()));
    }

    proptest! {
        /// Whatever happens: it lets a call through again within the longest rest, or the length of a call.
        #[test]
        fn it_never_stays_shut(choices in proptest::collection::vec(0u8..4, 0..80)) {
            let mut now = some_instant();
            let mut breaker = Breaker::new(CALL);
            for choice in choices {
                now += Duration::from_secs(1);
                match choice {
                    0 => breaker.succeeded(),
                    1 => breaker.rest(now, Duration::from_secs(10)),
                    2 => { let _admitted = breaker.admit(now); }
                    _ => breaker.failed(now),
                }
            }
            prop_assert_eq!(breaker.admit(now + CALL), Ok(()));
        }
    }
}
