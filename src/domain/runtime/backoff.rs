//! Exponential back-off: the pause before a failed call is tried again. Pure: chance is an argument.

use std::time::Duration;

/// Pauses that grow by a factor up to a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    /// The pause after the first failure.
    pub first: Duration,
    /// Each further pause is so many times as long.
    pub factor: u32,
    pub longest: Duration,
}

impl Backoff {
    /// Pauses that double.
    pub const fn doubling(first: Duration, longest: Duration) -> Self {
        Self { first, factor: 2, longest }
    }

    /// The pause after so many failures in a row, 1 after the first; 0 is taken for 1.
    pub fn pause(self, failures: u32) -> Duration {
        let growth = self.factor.saturating_pow(failures.saturating_sub(1));
        self.first.saturating_mul(growth).min(self.longest)
    }

    /// The same, less a random part, so that callers who failed together do not come back together. `chance` is in
    /// 0..1, and takes away up to `share` of the pause.
    pub fn jittered(self, failures: u32, share: f64, chance: f64) -> Duration {
        self.pause(failures).mul_f64(1.0 - share.clamp(0.0, 1.0) * chance.clamp(0.0, 1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BACKOFF: Backoff = Backoff::doubling(Duration::from_millis(500), Duration::from_secs(8));

    #[test]
    fn pauses_grow_up_to_the_longest() {
        let pauses: Vec<u128> = (0..=7).map(|failures| BACKOFF.pause(failures).as_millis()).collect();
        assert_eq!(pauses, [500, 500, 1000, 2000, 4000, 8000, 8000, 8000]);
        assert_eq!(BACKOFF.pause(u32::MAX), Duration::from_secs(8));
        let tenfold = Backoff { factor: 10, ..BACKOFF };
        assert_eq!(tenfold.pause(2), Duration::from_secs(5));
    }

    #[test]
    fn chance_shortens_a_pause_by_the_share_at_most() {
        assert_eq!(BACKOFF.jittered(2, 0.25, 0.0).as_millis(), 1000);
        assert_eq!(BACKOFF.jittered(2, 0.25, 1.0).as_millis(), 750);
        assert_eq!(BACKOFF.jittered(2, 0.25, 7.0).as_millis(), 750);
    }
}
