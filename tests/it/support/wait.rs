//! Polling helpers: the only place in which tests sleep. A wait is for a state, and its limit only says when the test
//! fails, so that no result depends on the speed of the machine.

use std::fmt::Debug;
use std::time::Duration;

use fte::clock;

/// The time-out for a state that is reached without further input. An idle machine needs far less.
pub const LIMIT: Duration = Duration::from_secs(300);
const POLL_EVERY: Duration = Duration::from_millis(20);

/// Polls until `probe` returns a value; returns it with the time it took. After `limit` it fails with the last state
/// that the probe saw.
pub async fn eventually<T, S: Debug>(
    what: &str,
    limit: Duration,
    mut probe: impl AsyncFnMut() -> Result<T, S>,
) -> (T, Duration) {
    let began = clock::monotonic();
    loop {
        let seen = match probe().await {
            Ok(found) => return (found, clock::monotonic().duration_since(began)),
            Err(seen) => seen,
        };
        let waited = clock::monotonic().duration_since(began);
        assert!(waited < limit, "{what}: not within {limit:?}, last seen: {seen:?}");
        tokio::time::sleep(POLL_EVERY).await;
    }
}

/// Polls until `probe` returns `expected`.
pub async fn becomes<S: Debug + PartialEq>(what: &str, expected: S, mut probe: impl AsyncFnMut() -> S) {
    let compared = async || {
        let seen = probe().await;
        if seen == expected { Ok(()) } else { Err(seen) }
    };
    eventually(what, LIMIT, compared).await;
}

/// Polls until `probe` counts at least `expected`.
pub async fn reaches(what: &str, expected: usize, mut probe: impl AsyncFnMut() -> usize) {
    let compared = async || {
        let seen = probe().await;
        if seen >= expected { Ok(()) } else { Err(format!("{seen} of {expected}")) }
    };
    eventually(what, LIMIT, compared).await;
}

/// The output of a future; `None` if it does not complete within `limit`.
pub async fn completes<T>(limit: Duration, future: impl Future<Output = T>) -> Option<T> {
    tokio::time::timeout(limit, future).await.ok()
}

/// Sleeps where time is an input of the test: the pace of customers, the length of an outage, a time-out of the program
/// that must expire. `why` names it. Not for waiting for a state: no assertion may follow it.
pub async fn pause(why: &str, length: Duration) {
    assert!(!why.is_empty(), "a pause without a reason");
    tokio::time::sleep(length).await;
}
