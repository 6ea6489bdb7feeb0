//! Circuit breaker: after several consecutive failures it opens for a while, then lets one probing call through. Pure;
//! times are arguments.

use std::time::{Duration, Instant};

use crate::domain::runtime::backoff::Backoff;

/// Consecutive failures after which the breaker opens.
const FAILURES: u32 = 5;
/// How long it stays open at first; doubles each time the probing call fails.
pub const FIRST_REST: Duration = Duration::from_secs(2);
const REST: Backoff = Backoff::doubling(FIRST_REST, Duration::from_secs(30));

/// Who makes a call. One caller whose calls alone fail keeps no other waiting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caller {
    One(u128),
    /// Calls without a caller of their own count as calls of many.
    Anybody,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum BreakerState {
    Closed {
        failures: u32,
        /// Whose calls failed; meaningless without failures.
        by: Caller,
    },
    Open {
        until: Instant,
        rests: u32,
        by: Caller,
    },
    /// Half-open: one call probes; if it never reports back, another may probe from `until` on.
    Trying {
        until: Instant,
        rests: u32,
        by: Caller,
    },
}

impl Caller {
    /// The callers of both; two different ones are anybody.
    fn and(self, other: Self) -> Self {
        if self == other { self } else { Self::Anybody }
    }

    /// Whether the failures of these callers keep `other` waiting.
    fn blocks(self, other: Self) -> bool {
        self == Self::Anybody || self == other
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Breaker {
    state: BreakerState,
    /// The longest that a call takes.
    call: Duration,
}

impl Breaker {
    pub fn new(call: Duration) -> Self {
        Self { state: CLOSED, call }
    }

    /// Whether a call may be made now; else how long to wait before asking again.
    pub fn admit(&mut self, now: Instant, caller: Caller) -> Result<(), Duration> {
        match self.state {
            BreakerState::Closed { .. } => Ok(()),
            BreakerState::Open { by, .. } | BreakerState::Trying { by, .. } if !by.blocks(caller) => Ok(()),
            BreakerState::Open { until, .. } | BreakerState::Trying { until, .. } if now < until => {
                Err(until - now)
            }
            BreakerState::Open { rests, by, .. } | BreakerState::Trying { rests, by, .. } => {
                self.state = BreakerState::Trying { until: now + self.call, rests, by };
                Ok(())
            }
        }
    }

    pub fn succeeded(&mut self) {
        self.state = CLOSED;
    }

    pub fn failed(&mut self, now: Instant, caller: Caller) {
        self.state = match self.state {
            BreakerState::Closed { failures: 0, .. } => BreakerState::Closed { failures: 1, by: caller },
            BreakerState::Closed { failures, by } if failures + 1 < FAILURES => {
                BreakerState::Closed { failures: failures + 1, by: by.and(caller) }
            }
            BreakerState::Closed { by, .. } => {
                BreakerState::Open { until: now + REST.first, rests: 1, by: by.and(caller) }
            }
            BreakerState::Trying { rests, by, .. } => {
                let rest = REST.pause(rests.saturating_add(1));
                BreakerState::Open { until: now + rest, rests: rests.saturating_add(1), by: by.and(caller) }
            }
            // A call that had started before the breaker opened, or of a caller that it does not keep waiting.
            BreakerState::Open { until, rests, by } => {
                BreakerState::Open { until, rests, by: by.and(caller) }
            }
        };
    }

    /// The provider asked to be left alone for a while.
    pub fn rest(&mut self, now: Instant, wish: Duration) {
        let rests = match self.state {
            BreakerState::Closed { .. } => 0,
            BreakerState::Open { rests, .. } | BreakerState::Trying { rests, .. } => rests,
        };
        self.state = BreakerState::Open { until: now + wish, rests, by: Caller::Anybody };
    }

    pub fn is_open(&self) -> bool {
        match self.state {
            BreakerState::Closed { .. } => false,
            BreakerState::Open { .. } | BreakerState::Trying { .. } => true,
        }
    }
}

const CLOSED: BreakerState = BreakerState::Closed { failures: 0, by: Caller::Anybody };

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const CALL: Duration = Duration::from_secs(60);
    const ANN: Caller = Caller::One(1);
    const BOB: Caller = Caller::One(2);

    #[expect(clippy::disallowed_methods, reason = "any instant will do")]
    fn some_instant() -> Instant {
        Instant::now()
    }

    fn opened(now: Instant) -> Breaker {
        let mut breaker = Breaker::new(CALL);
        (0..FAILURES).for_each(|_| breaker.failed(now, ANN));
        breaker
    }

    #[test]
    fn five_failures_in_a_row_open_it_and_a_success_between_them_counts_anew() {
        let now = some_instant();
        let mut breaker = Breaker::new(CALL);
        for _ in 0..4 {
            breaker.failed(now, ANN);
        }
        breaker.succeeded();
        for _ in 0..4 {
            breaker.failed(now, ANN);
            assert_eq!(breaker.admit(now, ANN), Ok(()));
        }
        breaker.failed(now, ANN);
        assert_eq!(breaker.admit(now, ANN), Err(REST.first));
    }

    #[test]
    fn after_the_rest_one_call_tries_and_the_others_wait_for_it() {
        let now = some_instant();
        let mut breaker = opened(now);
        let later = now + REST.first;
        assert_eq!(breaker.admit(later, ANN), Ok(()));
        assert_eq!(breaker.admit(later, ANN), Err(CALL));
        breaker.succeeded();
        assert_eq!(breaker.admit(later, ANN), Ok(()));
        assert_eq!(breaker.admit(later, ANN), Ok(()));
    }

    #[test]
    fn each_try_that_fails_doubles_the_rest_up_to_thirty_seconds() {
        let mut now = some_instant();
        let mut breaker = opened(now);
        let mut rests = Vec::new();
        for _ in 0..6 {
            let rest = breaker.admit(now, ANN).unwrap_err();
            rests.push(rest.as_secs());
            now += rest;
            assert_eq!(breaker.admit(now, ANN), Ok(()));
            breaker.failed(now, ANN);
        }
        assert_eq!(rests, [2, 4, 8, 16, 30, 30]);
    }

    #[test]
    fn a_try_that_is_lost_without_a_word_blocks_nobody_for_longer_than_a_call() {
        let now = some_instant();
        let mut breaker = opened(now);
        assert_eq!(breaker.admit(now + REST.first, ANN), Ok(()));
        assert_eq!(breaker.admit(now + REST.first + CALL, ANN), Ok(()));
    }

    #[test]
    fn a_rest_that_the_provider_asks_for_is_kept() {
        let now = some_instant();
        let mut breaker = Breaker::new(CALL);
        breaker.rest(now, Duration::from_secs(20));
        assert_eq!(breaker.admit(now, ANN), Err(Duration::from_secs(20)));
        assert_eq!(breaker.admit(now + Duration::from_secs(20), ANN), Ok(()));
    }

    #[test]
    fn calls_of_one_caller_that_fail_keep_no_other_waiting() {
        let now = some_instant();
        let mut breaker = opened(now);
        assert_eq!(breaker.admit(now, ANN), Err(REST.first));
        assert_eq!(breaker.admit(now, BOB), Ok(()));
        breaker.succeeded();
        assert_eq!(breaker.admit(now, ANN), Ok(()));
    }

    #[test]
    fn the_failures_of_two_callers_keep_everybody_waiting() {
        let now = some_instant();
        let mut breaker = opened(now);
        breaker.failed(now, BOB);
        assert_eq!(breaker.admit(now, Caller::One(3)), Err(REST.first));
        let mut breaker = Breaker::new(CALL);
        (0..FAILURES).for_each(|n| breaker.failed(now, if n == 0 { BOB } else { ANN }));
        assert_eq!(breaker.admit(now, Caller::One(3)), Err(REST.first));
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
                    2 => { let _admitted = breaker.admit(now, ANN); }
                    _ => breaker.failed(now, ANN),
                }
            }
            prop_assert_eq!(breaker.admit(now + CALL, ANN), Ok(()));
        }
    }
}
