//! Hang detection: when an actor that makes no progress is reported, and when its worker is replaced.

use std::time::{Duration, Instant};

/// How long an actor may have work pending, or miss its period, without progress.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StallPolicy {
    /// After this the health report names it.
    pub degraded_after: Duration,
    /// After this its worker is replaced.
    pub replaced_after: Duration,
}

/// What follows from a time without progress.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stall {
    None,
    Degraded,
    Replace,
}

impl StallPolicy {
    pub fn judge(self, without_progress: Duration) -> Stall {
        if without_progress >= self.replaced_after {
            Stall::Replace
        } else if without_progress >= self.degraded_after {
            Stall::Degraded
        } else {
            Stall::None
        }
    }

    /// How often to look: often enough that a report is late by a small part of its limit.
    pub fn check_every(self) -> Duration {
        (self.degraded_after / 8).min(Duration::from_secs(1))
    }
}

/// Since when an actor has been watched without a gap. A process that was stopped, or whose thread was blocked, must
/// not blame that time on its actors.
#[derive(Clone, Copy, Debug)]
pub struct StallWatch {
    longest_gap: Duration,
    since: Instant,
    checked: Instant,
}

impl StallWatch {
    pub fn new(policy: StallPolicy, now: Instant) -> Self {
        Self { longest_gap: policy.degraded_after, since: now, checked: now }
    }

    /// Called at each check; times before the answer don't count.
    pub fn check(&mut self, now: Instant) -> Instant {
        if now.saturating_duration_since(self.checked) > self.longest_gap {
            self.since = now;
        }
        self.checked = now;
        self.since
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::disallowed_methods, reason = "any instant will do")]
    fn time_in_which_nobody_looked_does_not_count() {
        let policy =
            StallPolicy { degraded_after: Duration::from_secs(60), replaced_after: Duration::from_secs(180) };
        let start = Instant::now();
        let after = |seconds| start + Duration::from_secs(seconds);
        let mut watch = StallWatch::new(policy, start);
        let since = [1, 60, 120, 400, 401].map(|seconds| watch.check(after(seconds)));
        assert_eq!(since, [start, start, start, after(400), after(400)]);
    }

    #[test]
    fn an_actor_is_reported_first_and_replaced_later() {
        let policy =
            StallPolicy { degraded_after: Duration::from_secs(60), replaced_after: Duration::from_secs(180) };
        let verdicts = [59, 60, 179, 180].map(|seconds| policy.judge(Duration::from_secs(seconds)));
        assert_eq!(verdicts, [Stall::None, Stall::Degraded, Stall::Degraded, Stall::Replace]);
        assert_eq!(policy.check_every(), Duration::from_secs(1));
    }
}
