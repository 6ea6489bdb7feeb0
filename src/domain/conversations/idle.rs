//! When tickets end by themselves.

use std::time::Duration;

const HOUR: Duration = Duration::from_secs(60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IdleLimits {
    /// How long a ticket waits for its customer before it counts as resolved; `None` is for ever.
    pub resolve_after: Option<Duration>,
    /// How long a resolved ticket can be reopened before it is closed.
    pub close_after: Duration,
}

impl IdleLimits {
    /// `hours` = 0 is never.
    pub fn new(resolve_hours: u32, reopen_days: u32) -> Self {
        let resolve_after = (resolve_hours > 0).then(|| HOUR.saturating_mul(resolve_hours));
        Self { resolve_after, close_after: DAY.saturating_mul(reopen_days) }
    }

    /// The days in which a resolved ticket can be reopened.
    pub fn reopen_days(&self) -> u32 {
        u32::try_from(self.close_after.as_secs() / DAY.as_secs()).unwrap_or(u32::MAX)
    }
}

impl Default for IdleLimits {
    fn default() -> Self {
        Self::new(72, 7)
    }
}
