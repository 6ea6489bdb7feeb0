//! The only place that reads clocks and randomness; everything else takes times and ids as arguments.
#![expect(clippy::disallowed_methods, reason = "this is the place the other code is sent to")]

use std::time::Instant;

use time::OffsetDateTime;
use uuid::Uuid;

/// The present in UTC, to the microsecond: what PostgreSQL keeps, so that a stored time equals the original.
pub fn now() -> OffsetDateTime {
    OffsetDateTime::now_utc().truncate_to_microsecond()
}

/// For measuring how long something takes; never goes backwards.
pub fn monotonic() -> Instant {
    Instant::now()
}

/// An id that sorts by its time, for keys.
pub fn new_v7() -> Uuid {
    Uuid::now_v7()
}

/// An id that nobody can guess, for capabilities.
pub fn new_v4() -> Uuid {
    Uuid::new_v4()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn now_has_whole_microseconds() {
        assert_eq!(now().nanosecond() % 1_000, 0);
    }
}
