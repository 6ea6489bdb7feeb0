//! Circuit breaker: after several consecutive failures it opens for a while, then lets one probing call through. Pure;
//! times are arguments.

use std::time::{Duration, Instant};

use crate::domain::runtime::backoff::Backoff;

/// Consecutive failures after which the breaker opens.
const FAILURES: u32 = 5;
/// How long it stays open at first; doubles each time the probing call fails.
pub const FIRST_REST: Duration = Duration::from_secs(2);
const REST: Backoff = Backoff::doubling(FIRST_REST, Duration::from_secs(30));

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum BreakerState {
    Closed {
        failures: u32,
    },
    Open {
        until: Instant,
        rests: u32,
    },
    /// Half-open: one call probes; if it never reports back, another may probe from `until` on.
    Trying {
        until: Instant,
        rests: u32,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Breaker {
    state: BreakerState,
    /// The longest that a call takes.
    call: Duration,
}

impl Breaker {
    pub fn new(call: Duration) -> Self {
        Self { state: BreakerState::Closed { failures: 0 }, call }
    }

    /// Whether a call may be made now; else how long to wait before asking again.
    pub fn admit(&mut self, now: Instant) -> Result<(), Duration> {
        match self.state {
            BreakerState::Closed { .. } => Ok(()),
            BreakerState::Open { until, .. } | BreakerState::Trying { until, .. } if now < until => {
                Err(until - now)
            }
            BreakerState::Open { rests, .. } | BreakerState::Trying { rests, .. } => {
                self.state = BreakerState::Trying { until: now + self.call, rests };
                Ok(())
            }
        }
    }

    pub fn succeeded(&mut self) {
        self.state = BreakerState::Closed { failures: 0 };
    }

    pub fn failed(&mut self, now: Instant) {
        self.state = match self.state {
            BreakerState::Closed { failures } if failures + 1 < FAILURES => {
                BreakerState::Closed { failures: failures + 1 }
            }
            BreakerState::Closed { .. } => BreakerState::Open { until: now + REST.first, rests: 1 },
            BreakerState::Trying { rests, .. } => {
                let rest = REST.pause(rests.saturating_add(1));
                BreakerState::Open { until: now + rest, rests: rests.saturating_add(1) }
            }
            // A call that had started before the breaker opened.
            BreakerState::Open { until, rests } => BreakerState::Open { until, rests },
        };
    }

    /// The provider asked to be left alone for a while.
    pub fn rest(&mut self, now: Instant, wish: Duration) {
        let rests = match self.state {
            BreakerState::Closed { .. } => 0,
            BreakerState::Open { rests, .. } | BreakerState::Trying { rests, .. } => rests,
        };
        self.state = BreakerState::Open { until: now + wish, rests };
    }

    pub fn is_open(&self) -> bool {
        match self.state {
            BreakerState::Closed { .. } => false,
            BreakerState::Open { .. } | BreakerState::Trying { .. } => true,
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
        assert_eq!(breaker.admit(now), Err(REST.first));
    }

    #[test]
    fn after_the_rest_one_call_tries_and_the_others_wait_for_it() {
        let now = some_instant();
        let mut breaker = opened(now);
        let later = now + REST.first;
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
        assert_eq!(breaker.admit(now + REST.first), Ok(()));
        assert_eq!(breaker.admit(now + REST.first + CALL), Ok(()));
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
        /// Whatever happens: it lets a call through again within the longest open period, or the duration of one call.
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
