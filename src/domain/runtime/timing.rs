//! Time limits that depend on one another. The relations are checked when the program is compiled, so a change of one
//! limit that breaks another does not build.

use std::time::Duration;

use super::stall::StallPolicy;

/// How long an actor waits for the answer of another one, unless it has a reason of its own.
pub const TIMEOUT: Duration = Duration::from_secs(20);
/// The longest that `Crm` works on a batch or a call. Shorter than [`TIMEOUT`], so that its own answer comes first.
pub const STORE_TIMEOUT: Duration = Duration::from_secs(15);
/// The same for the few calls whose work grows with the data of one customer or of a batch of them.
pub const LONG_STORE_TIMEOUT: Duration = Duration::from_secs(240);
/// PostgreSQL's `statement_timeout` in those calls.
pub const LONG_STATEMENT_TIMEOUT: Duration = Duration::from_secs(200);
/// PostgreSQL's `statement_timeout` (PROTOCOL.md 1).
pub const STATEMENT_TIMEOUT: Duration = Duration::from_secs(10);

/// How long a running turn keeps other processes off without renewing its lease.
pub const TURN_LEASE: Duration = Duration::from_secs(5);
/// How often a turn that waits for a model renews its lease.
pub const TURN_LEASE_RENEWAL: Duration = Duration::from_secs(2);
/// The longest that one run of a turn may take, every call of the model and its repetitions included. One that takes
/// longer hangs; it is dropped and tried again.
pub const TURN_LIMIT: Duration = Duration::from_secs(30 * 60);
/// How often the sweeper looks for work that a crash left behind.
pub const SWEEP_EVERY: Duration = Duration::from_secs(1);
/// How old work without a lease is before the sweeper takes it up, where nothing else brings it back.
pub const SWEEP_IDLE: Duration = Duration::from_secs(3);
/// Waiting work is taken up again within this time after a crash.
pub const RECOVERY: Duration = Duration::from_secs(10);

/// How long a drain waits for running turns. The leases of the rest are released.
pub const DRAIN_TIMEOUT: Duration = Duration::from_secs(25);
/// How long a stop waits, after the drain, for rounds that actors have begun.
pub const STOP_TIMEOUT: Duration = Duration::from_secs(3);
/// Kubernetes kills a container this long after SIGTERM by default (`terminationGracePeriodSeconds`).
pub const KILL_AFTER: Duration = Duration::from_secs(30);

/// How long a request to the provider of a chat channel may take.
pub const DELIVERY_REQUEST_TIMEOUT: Duration = Duration::from_secs(15);
/// How long a leased delivery is left to one process.
pub const DELIVERY_LEASE: Duration = Duration::from_secs(20);
/// How long an attempt without an answer is looked for before it is made once more.
pub const DELIVERY_QUIET: Duration = Duration::from_secs(120);

/// When an actor without progress is reported, and when its worker is replaced: every wait inside of a round is
/// bounded by limits that are far shorter.
pub const STALL: StallPolicy =
    StallPolicy { degraded_after: Duration::from_secs(60), replaced_after: Duration::from_secs(180) };

/// The same for an actor whose rounds may be long.
pub const LONG_STALL: StallPolicy =
    StallPolicy { degraded_after: Duration::from_secs(600), replaced_after: Duration::from_secs(1_800) };

const fn assert_shorter(shorter: Duration, longer: Duration) {
    assert!(shorter.as_millis() < longer.as_millis(), "one time limit must be shorter than the other");
}

const _: () = {
    // A lease survives one renewal that is lost.
    assert_shorter(TURN_LEASE_RENEWAL.saturating_mul(2), TURN_LEASE);
    assert_shorter(TURN_LEASE.saturating_add(SWEEP_IDLE).saturating_add(SWEEP_EVERY), RECOVERY);
    // The innermost limit ends first, so that its answer names the cause.
    assert_shorter(STATEMENT_TIMEOUT, STORE_TIMEOUT);
    assert_shorter(STORE_TIMEOUT, TIMEOUT);
    assert_shorter(LONG_STATEMENT_TIMEOUT, LONG_STORE_TIMEOUT);
    assert_shorter(LONG_STORE_TIMEOUT.saturating_mul(2), LONG_STALL.degraded_after);
    // A stop is complete before the container is killed.
    assert_shorter(DRAIN_TIMEOUT.saturating_add(STOP_TIMEOUT), KILL_AFTER);
    // A delivery's lease outlives its request, and an attempt is in doubt only after both.
    assert_shorter(DELIVERY_REQUEST_TIMEOUT, DELIVERY_LEASE);
    assert_shorter(DELIVERY_LEASE, DELIVERY_QUIET);
    // An actor that waits for others is not taken for one that hangs.
    assert_shorter(TIMEOUT, STALL.degraded_after);
    assert_shorter(STALL.degraded_after, STALL.replaced_after);
};
