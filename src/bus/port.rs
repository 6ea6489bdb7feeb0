//! What the actors ask of the log between the processes. `kafka` beside this file is what answers; without it the
//! relay hands work straight to the pool, and there is no log at all.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use uuid::Uuid;

use super::topic::Topic;

/// An answer of the log that is on its way.
pub type BusFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// An event on its way into the log. Those with the same key keep their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    pub topic: Topic,
    pub key: Uuid,
    pub payload: String,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BusError {
    /// The log is away or overloaded: the same record may be taken later.
    #[error("the log is not available: {0}")]
    Away(String),
    /// This very record is refused, and always will be.
    #[error("the log refuses the record: {0}")]
    Refused(String),
}

/// Where events are appended.
pub trait Log: Send + Sync {
    /// Appends the records; an answer for each, in order. A record whose answer is an error may stand in the log all the
    /// same.
    fn append(&self, records: Vec<Record>) -> BusFuture<Vec<Result<(), BusError>>>;

    /// Why the log can't be reached at present; nothing while it can.
    fn problem(&self) -> Option<String>;
}

/// A part of the topic; a conversation's events are all in one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Partition(pub i32);

/// The place of an event within its partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Offset(pub i64);

/// An event out of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsumedRecord {
    pub partition: Partition,
    pub offset: Offset,
    pub payload: Vec<u8>,
}

/// What a member of the group hears.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GroupEvent {
    Arrived(Vec<ConsumedRecord>),
    /// These partitions are this member's from now on.
    Assigned(Vec<Partition>),
    /// They are not any more: another member may have them already.
    Revoked(Vec<Partition>),
    /// The membership has ended; nothing more will happen.
    Ended(String),
}

/// Events of the member's partitions that nobody has finished yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lag {
    pub events: i64,
}

/// The membership in the group of processes that share the work. It ends when this is dropped.
pub trait Membership: Send + Sync {
    /// The next thing that happens. Whoever waits must be the only one.
    fn next(&self) -> BusFuture<GroupEvent>;
    /// How many letters may still come. Replaces what was said before.
    fn want(&self, records: usize);
    /// Everything below these offsets is finished and need not come again after a restart.
    fn finished_below(&self, offsets: Vec<(Partition, Offset)>);
    /// As last heard from the brokers.
    fn lag(&self) -> Lag;
    /// Ends the membership, and waits until the group has been told.
    fn leave(&self) -> BusFuture<()>;
}

/// The group of processes that share the work.
pub trait Group: Send + Sync {
    fn join(&self) -> Result<Arc<dyn Membership>, BusError>;
}
