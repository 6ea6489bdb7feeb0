//! Clock and random number source: the only module that reads them; all other code takes times and ids as arguments.
#![expect(clippy::disallowed_methods, reason = "the only module that may read the clock")]

use std::time::Instant;

use sha2::{Digest, Sha256};
use time::OffsetDateTime;
use uuid::Uuid;

/// The current time in UTC, truncated to microseconds as PostgreSQL stores it, so that a stored time equals the
/// original.
pub fn now() -> OffsetDateTime {
    OffsetDateTime::now_utc().truncate_to_microsecond()
}

/// A monotonic clock for measuring durations.
pub fn monotonic() -> Instant {
    Instant::now()
}

/// A time-ordered id (UUIDv7), for keys.
pub fn new_v7() -> Uuid {
    Uuid::now_v7()
}

/// An unguessable id (UUIDv4), for capabilities.
pub fn new_v4() -> Uuid {
    Uuid::new_v4()
}

/// Unguessable bytes, for secrets. Of each id 122 bits are random.
pub fn secret_bytes() -> [u8; 32] {
    let mut digest = Sha256::new();
    (0..3).for_each(|_| digest.update(Uuid::new_v4().as_bytes()));
    digest.finalize().into()
}

/// A random number in 0..1, for jitter.
pub fn chance() -> f64 {
    let (random, _) = Uuid::new_v4().as_u64_pair();
    f64::from(u32::try_from(random >> 32).unwrap_or_default()) / (f64::from(u32::MAX) + 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chance_spreads_over_its_range() {
        let draws: Vec<f64> = (0..1000).map(|_| chance()).collect();
        assert!(draws.iter().all(|draw| (0.0..1.0).contains(draw)));
        assert!(draws.iter().any(|draw| *draw < 0.1) && draws.iter().any(|draw| *draw > 0.9));
    }

    #[test]
    fn now_has_whole_microseconds() {
        assert_eq!(now().nanosecond() % 1_000, 0);
    }
}
