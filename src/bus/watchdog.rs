//! Watchdog: decides when a group membership that looks alive has stalled and must rejoin. Pure; the consumer asks it.

use std::time::{Duration, Instant};

use super::port::Lag;

/// Maximum silence while events wait and the partitions are not paused (FACTS.md, Kafka).
pub const MAX_SILENT: Duration = Duration::from_secs(60);

/// What the consumer observes at one check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    pub at: Instant,
    pub lag: Lag,
    /// Events in progress: they are part of the lag.
    pub in_hand: usize,
    pub paused: bool,
}

/// Remembers since when nothing has been consumed although events wait.
#[derive(Clone, Copy, Debug)]
pub struct Watchdog {
    quiet_since: Instant,
}

impl Watchdog {
    pub fn new(at: Instant) -> Self {
        Self { quiet_since: at }
    }

    /// An event was consumed.
    pub fn heard(&mut self, at: Instant) {
        self.quiet_since = at;
    }

    /// Whether consumption has stalled and the member must rejoin.
    pub fn is_stalled(&mut self, look: Look) -> bool {
        let waiting = look.lag.events > i64::try_from(look.in_hand).unwrap_or(i64::MAX);
        if !waiting || look.paused {
            self.quiet_since = look.at;
        }
        look.at.duration_since(self.quiet_since) >= MAX_SILENT
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(clippy::disallowed_methods, reason = "any instant will do")]
    fn start() -> Instant {
        Instant::now()
    }

    fn look(at: Instant, events: i64, in_hand: usize, paused: bool) -> Look {
        Look { at, lag: Lag { events }, in_hand, paused }
    }

    #[test]
    fn it_bites_after_a_minute_of_silence_while_events_wait() {
        let begin = start();
        let mut watchdog = Watchdog::new(begin);
        assert!(!watchdog.is_stalled(look(begin + Duration::from_secs(59), 1, 0, false)));
        assert!(watchdog.is_stalled(look(begin + Duration::from_secs(60), 1, 0, false)));
    }

    #[test]
    fn no_silence_counts_while_nothing_waits_or_the_partitions_are_paused_or_something_comes() {
        let begin = start();
        let later = begin + Duration::from_secs(59);
        let last = begin + Duration::from_secs(61);
        for quiet in [look(later, 0, 0, false), look(later, 3, 3, false), look(later, 9, 0, true)] {
            let mut watchdog = Watchdog::new(begin);
            assert!(!watchdog.is_stalled(quiet));
            assert!(!watchdog.is_stalled(look(last, 1, 0, false)), "{quiet:?}");
        }
        let mut watchdog = Watchdog::new(begin);
        watchdog.heard(later);
        assert!(!watchdog.is_stalled(look(last, 1, 0, false)));
    }
}
