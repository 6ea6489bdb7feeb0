//! Publish-subscribe port of wake-ups between the processes of one database. A lost one costs only time, because every
//! actor also polls.

use super::{CrmError, StoreFuture};

/// A wake-up for other processes of the same database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// There are outbox rows.
    Work,
    /// There are replies to bring to customers.
    Replies,
    /// There are live events for open pages.
    Pages,
}

impl Signal {
    pub const ALL: [Self; 3] = [Self::Work, Self::Replies, Self::Pages];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Work => "fte_work",
            Self::Replies => "fte_replies",
            Self::Pages => "fte_pages",
        }
    }
}

/// Wake-ups to other processes.
pub trait Signals: Send + Sync {
    /// Wakes other processes; a signal without a listener is lost.
    fn notify(&self, signal: Signal) -> StoreFuture<Result<(), CrmError>>;
}

/// Wake-ups from other processes.
pub trait SignalStream: Send + Sync {
    /// The next one. After the connection was lost every signal counts as sent. Only one caller may wait at a time.
    fn next(&self) -> StoreFuture<Signal>;
}
