//! Consumer lag as a time: the age of the oldest event of this member's partitions that is not finished.

use std::time::Instant;

use crate::bus::port::Lag;
use crate::clock;

#[derive(Debug, Default)]
pub struct LagAge {
    /// Since when events wait in the log and none is in hand.
    waiting_since: Option<Instant>,
}

impl LagAge {
    /// The age in seconds, from when the oldest event in hand was appended, in milliseconds since 1970.
    pub fn seconds(&mut self, lag: Lag, oldest_ms: Option<i64>) -> i64 {
        let now_ms = i64::try_from(clock::now().unix_timestamp_nanos() / 1_000_000).unwrap_or(i64::MAX);
        self.at(lag, oldest_ms, clock::monotonic(), now_ms)
    }

    /// Where events wait and none has come, it is not known how old they are: at least as old as that state.
    fn at(&mut self, lag: Lag, oldest_ms: Option<i64>, now: Instant, now_ms: i64) -> i64 {
        if oldest_ms.is_some() || lag.events == 0 {
            self.waiting_since = None;
        } else {
            self.waiting_since.get_or_insert(now);
        }
        let waited = self.waiting_since.map_or(0, |since| now.duration_since(since).as_secs());
        let waited = i64::try_from(waited).unwrap_or(i64::MAX);
        // The clock of whoever appended it may be ahead of ours.
        oldest_ms.map_or(waited, |appended_ms| now_ms.saturating_sub(appended_ms).max(0) / 1_000)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn the_age_is_that_of_the_oldest_event_else_the_time_without_any() {
        let (mut age, now) = (LagAge::default(), clock::monotonic());
        let later = now + Duration::from_secs(40);
        assert_eq!(age.at(Lag { events: 0 }, None, now, 90_000), 0);
        assert_eq!(age.at(Lag { events: 3 }, Some(20_500), now, 90_000), 69);
        assert_eq!(age.at(Lag { events: 3 }, Some(95_000), now, 90_000), 0, "another clock is ahead");
        assert_eq!(age.at(Lag { events: 3 }, None, now, 90_000), 0);
        assert_eq!(age.at(Lag { events: 3 }, None, later, 130_000), 40, "nothing comes");
        assert_eq!(age.at(Lag { events: 0 }, None, later, 130_000), 0);
    }
}
