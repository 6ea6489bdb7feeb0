//! Failpoints for fault injection: named places on the path of a message where a test can crash the process or cause a
//! panic.
//!
//! Without the `failpoints` feature only the names are compiled.

use crate::domain::enums::UnknownVariant;

macro_rules! failpoints {
    ($($(#[$doc:meta])* $variant:ident = $name:literal),+ $(,)?) => {
        /// The name of a failpoint.
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
    /// It has committed; no caller has been answered.
    StoreCommitted = "crm.store.committed",
    /// Outbox rows are leased, not passed on.
    RelayLeased = "relay.leased",
    /// They are passed on, not removed.
    RelayHanded = "relay.handed",
    /// Events are consumed from Kafka; the pool has not received them.
    ConsumerTaken = "consumer.taken",
    /// Events are processed; their offsets are not stored.
    ConsumerFinished = "consumer.finished",
    /// The pool has leased work and not started it.
    PoolTaken = "pool.taken",
    /// A turn has started.
    TurnBegun = "turn.begun",
    /// The knowledge base was searched; nothing is recorded.
    TurnSearched = "turn.searched",
    /// The model has answered; nothing is recorded.
    TurnModelled = "turn.modelled",
    /// Steps are recorded.
    TurnRecorded = "turn.recorded",
    /// A turn is about to commit its decision.
    FinishBefore = "turn.finish.before",
    /// A batch of finished turns has committed; no caller has been answered.
    FinishCommitted = "crm.finish.committed",
    /// Replies are about to be published.
    DeliveryBefore = "delivery.before",
    /// A reply is marked as being sent; its request has not been made.
    ChatBefore = "delivery.chat.before",
    /// The provider has answered; it is not recorded.
    ChatAnswered = "delivery.chat.answered",
    /// A mail server has accepted a reply; its copy is not kept, and nothing is recorded.
    MailAccepted = "email.accepted",
    /// The provider has made a draft of a reply; its id is not stored.
    DraftMade = "email.draft.made",
    /// The id of a draft is stored; the draft is not sent.
    DraftStored = "email.draft.stored",
    /// Mails are listed; none is stored.
    FeedListed = "feed.listed",
    /// Messages of a feed are written, the cursor is not, and nothing is committed.
    FeedWritten = "feed.written",
    /// Messages of a feed are stored with the cursor; the reader has not gone on.
    FeedStored = "feed.stored",
    /// Files are leased; none is fetched.
    FetcherLeased = "fetcher.leased",
    /// Verification mails are leased with new codes; none is sent.
    IdentityLinkerLeased = "identity_linker.leased",
    /// A verification mail is sent; it is not recorded.
    IdentityLinkerMailed = "identity_linker.mailed",
    /// Customers are merged; no actor has been notified.
    IdentityLinkerJoined = "identity_linker.joined",
    /// Escalations are leased; staff are not notified.
    DeskLeased = "desk.leased",
    /// Staff are notified of one; it is not recorded.
    DeskTold = "desk.told",
    /// Events for webhooks are leased; none is sent.
    CourierLeased = "courier.leased",
    /// A receiver has answered an event; it is not recorded.
    CourierPosted = "courier.posted",
    /// A report is sent; it is not recorded.
    ReportSent = "report.sent",
    /// The sweeper has requeued work.
    SweeperSwept = "sweeper.swept",
    /// A health report was requested.
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

/// The effect of an armed failpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailAction {
    /// Crashes the process at once, as by SIGKILL.
    Kill,
    /// Panics in the code that reached it.
    Panic,
}

/// Triggers an action on the `nth` pass of a failpoint, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    pub point: Failpoint,
    pub nth: u64,
    pub action: FailAction,
}

impl Order {
    /// Parses `name` or `name:nth`.
    pub fn parse(text: &str, action: FailAction) -> Option<Self> {
        let (name, nth) = text.split_once(':').unwrap_or((text, "1"));
        let nth = nth.parse().ok().filter(|nth| *nth > 0)?;
        Some(Self { point: name.parse().ok()?, nth, action })
    }
}

/// Marks a pass of `point`.
#[cfg(not(feature = "failpoints"))]
#[inline]
pub fn reach(_point: Failpoint) {}

/// Arms a failpoint, once per process; a no-op without the feature.
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

    /// Arms a failpoint, once per process: later calls are ignored.
    pub fn arm(order: Order) {
        let left = AtomicU64::new(order.nth);
        let _first = ARMED.get_or_init(|| Armed { order, left });
    }

    /// Marks a pass of `point`: the armed failpoint triggers on its nth pass.
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
