//! Named places on the path of a message where a test can kill the process, or make it panic.
//!
//! Without the `failpoints` feature there is nothing here but the names.

use crate::domain::words::UnknownWord;

macro_rules! failpoints {
    ($($(#[$doc:meta])* $variant:ident = $name:literal),+ $(,)?) => {
        /// Where.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Failpoint {
            $($(#[$doc])* $variant),+
        }

        impl Failpoint {
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name),+
                }
            }
        }
    };
}

failpoints! {
    /// `Intake` has a message; nothing is stored.
    IntakeReceived = "intake.received",
    /// A batch of inquiries is about to be sent.
    StoreBefore = "crm.store.before",
    /// It has committed; nobody was told.
    StoreCommitted = "crm.store.committed",
    /// Outbox rows are claimed, not handed on.
    RelayClaimed = "relay.claimed",
    /// They are handed on, not removed.
    RelayHanded = "relay.handed",
    /// The pool has work it has not begun.
    PoolTaken = "pool.taken",
    /// A turn has begun.
    TurnBegun = "turn.begun",
    /// The knowledge was searched; nothing is recorded.
    TurnSearched = "turn.searched",
    /// The model has spoken; nothing is recorded.
    TurnModelled = "turn.modelled",
    /// Steps are recorded.
    TurnRecorded = "turn.recorded",
    /// A turn is about to commit its decision.
    FinishBefore = "turn.finish.before",
    /// A batch of finished turns has committed; nobody was told.
    FinishCommitted = "crm.finish.committed",
    /// Replies are about to be published.
    DeliveryBefore = "delivery.before",
    /// They are published; nobody was told.
    DeliveryPublished = "delivery.published",
    /// The sweeper has put work back.
    SweeperSwept = "sweeper.swept",
    /// Somebody asked how everybody is.
    SupervisorAsked = "supervisor.asked",
}

impl std::str::FromStr for Failpoint {
    type Err = UnknownWord;

    fn from_str(name: &str) -> Result<Self, UnknownWord> {
        Self::ALL
            .iter()
            .copied()
            .find(|point| point.as_str() == name)
            .ok_or_else(|| UnknownWord {
                what: "failpoint",
                value: name.to_owned(),
                expected: Self::ALL
                    .iter()
                    .map(|point| point.as_str())
                    .collect::<Vec<_>>()
                    .join(", "),
            })
    }
}

/// What happens at an armed failpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blow {
    /// The process dies at once, as by SIGKILL.
    Kill,
    /// The work that got there panics.
    Panic,
}

/// Says that the path leads past `point`.
#[cfg(not(feature = "failpoints"))]
#[inline]
pub fn reach(_point: Failpoint) {}

#[cfg(feature = "failpoints")]
pub use armed::{arm, reach};

#[cfg(feature = "failpoints")]
mod armed {
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::{Blow, Failpoint};

    struct Armed {
        point: Failpoint,
        left: AtomicU64,
        blow: Blow,
    }

    static ARMED: OnceLock<Armed> = OnceLock::new();

    /// Arms a failpoint, once in a process. `spec` is `name` or `name:nth`, counted from 1.
    pub fn arm(spec: &str, blow: Blow) -> Result<(), String> {
        let (name, nth) = spec.split_once(':').unwrap_or((spec, "1"));
        let point = name.parse::<Failpoint>().map_err(|error| error.to_string())?;
        let nth = nth.parse::<u64>().ok().filter(|nth| *nth > 0);
        let nth = nth.ok_or_else(|| format!("expected a count from 1 after `{name}:`"))?;
        let armed = Armed {
            point,
            left: AtomicU64::new(nth),
            blow,
        };
        ARMED.set(armed).map_err(|_| "one failpoint at a time".to_owned())
    }

    /// Says that the path leads past `point`: the armed one strikes when it is passed for the nth time.
    pub fn reach(point: Failpoint) {
        let Some(armed) = ARMED.get().filter(|armed| armed.point == point) else {
            return;
        };
        if armed.left.fetch_sub(1, Ordering::Relaxed) != 1 {
            return;
        }
        match armed.blow {
            Blow::Kill => die(),
            Blow::Panic => panic!("failpoint {}", point.as_str()),
        }
    }

    fn die() -> ! {
        let _sent = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL);
        loop {
            std::thread::park();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_failpoint_is_found_by_its_name() {
        for point in Failpoint::ALL {
            assert_eq!(point.as_str().parse(), Ok(*point));
        }
    }
}
