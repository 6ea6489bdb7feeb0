//! The only place that reads a clock or a source of randomness; everything else is told.

use std::time::Instant;

use time::OffsetDateTime;
use uuid::Uuid;

/// The time of day, cut to microseconds as PostgreSQL keeps it.

pub fn now() -> OffsetDateTime {
    let now = OffsetDateTime::now_utc();
    now.replace_microsecond(now.microsecond()).unwrap_or(now)
}

/// A time to measure spans by.

pub fn monotonic() -> Instant {
    Instant::now()
}

/// A new id that sorts by time (RFC 9562, version 7).

pub fn new_v7() -> Uuid {
    Uuid::now_v7()
}

/// A new id that nobody can guess (RFC 9562, version 4).

pub fn new_v4() -> Uuid {
    Uuid::new_v4()
}
