//! Named places on the path of a message where a test can kill the process, or make it panic.
//!
//! Without the `failpoints` feature there is nothing here but the names.

use crate::domain::enums::UnknownVariant;

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
    /// Events have come out of Kafka; the pool does not have them.
    ConsumerTaken = "consumer.taken",
    /// The work of events is finished; their offsets are not stored.
    ConsumerFinished = "consumer.finished",
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
    /// A reply is marked as being sent; its request was not made.
    ChatBefore = "delivery.chat.before",
    /// The provider has answered; it is not recorded.
    ChatAnswered = "delivery.chat.answered",
    /// Files are claimed; none is fetched.
    FetcherClaimed = "fetcher.claimed",
    /// Codes are made and claimed; none is mailed.
    IdentityLinkerClaimed = "identity_linker.claimed",
    /// A code is mailed; it is not recorded.
    IdentityLinkerMailed = "identity_linker.mailed",
    /// Customers are joined; nobody was told.
    IdentityLinkerJoined = "identity_linker.joined",
    /// Escalations are claimed; staff are not told.
    DeskClaimed = "desk.claimed",
    /// Staff are told of one; it is not recorded.
    DeskTold = "desk.told",
    /// The sweeper has put work back.
    SweeperSwept = "sweeper.swept",
    /// Somebody asked how everybody is.
    SupervisorAsked = "supervisor.asked",
}

impl std::str::FromStr for Failpoint {
    type Err = UnknownVariant;

    fn from_str(name: &str) -> Result<Self, UnknownVariant> {
        Self::ALL.iter().copied().find(|point| point.as_str() == name).ok_or_else(|| UnknownVariant {
            what: "failpoint",
            value: name.to_owned(),
            expected: Self::ALL.iter().map(|point| point.as_str()).collect::<Vec<_>>().join(", "),
        })
    }
}

/// What happens at an armed failpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailAction {
    /// The process dies at once, as by SIGKILL.
    Kill,
    /// The work that got there panics.
    Panic,
}

/// A blow at the `nth` passage of a failpoint, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    pub point: Failpoint,
    pub nth: u64,
    pub action: FailAction,
}

impl Order {
    /// Reads `name` or `name:nth`.
    pub fn parse(text: &str, action: FailAction) -> Option<Self> {
        let (name, nth) = text.split_once(':').unwrap_or((text, "1"));
        let nth = nth.parse().ok().filter(|nth| *nth > 0)?;
        Some(Self { point: name.parse().ok()?, nth, action })
    }
}

/// Says that the path leads past `point`.
#[cfg(not(feature = "failpoints"))]
#[inline]
pub fn reach(_point: Failpoint) {}

/// Arms a failpoint, once in a process; here it does nothing.
#[cfg(not(feature = "failpoints"))]
pub fn arm(_order: Order) {}

#[cfg(feature = "failpoints")]
pub use armed::{arm, reach};

#[cfg(feature = "failpoints")]
mod armed {
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::{FailAction, Failpoint, Order};

    struct Armed {
        order: Order,
        left: AtomicU64,
    }

    static ARMED: OnceLock<Armed> = OnceLock::new();

    /// Arms a failpoint, once in a process: the first order counts.
    pub fn arm(order: Order) {
        let left = AtomicU64::new(order.nth);
        let _first = ARMED.get_or_init(|| Armed { order, left });
    }

    /// Says that the path leads past `point`: the armed one strikes when it is passed for the nth time.
    pub fn reach(point: Failpoint) {
        let Some(armed) = ARMED.get().filter(|armed| armed.order.point == point) else {
            return;
        };
        if armed.left.fetch_sub(1, Ordering::Relaxed) != 1 {
            return;
        }
        match armed.order.action {
            FailAction::Kill => die(),
            FailAction::Panic => panic!("failpoint {}", point.as_str()),
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

    #[test]
    fn an_order_counts_from_one() {
        let order = |nth| Some(Order { point: Failpoint::TurnBegun, nth, action: FailAction::Kill });
        assert_eq!(Order::parse("turn.begun", FailAction::Kill), order(1));
        assert_eq!(Order::parse("turn.begun:3", FailAction::Kill), order(3));
        for text in ["turn.begun:0", "turn.begun:", ":2", "turn.begun:two", "turn.unknown", ""] {
            assert_eq!(Order::parse(text, FailAction::Kill), None, "{text}");
        }
    }
}
