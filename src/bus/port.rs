//! Port to the event log between processes, implemented by `kafka`. Without Kafka there is no log: the relay hands work
//! straight to the pool.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use uuid::Uuid;

use super::topic::Topic;
use crate::domain::runtime::trace_parent::TraceParent;

/// A future answer of the log.
pub type BusFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// A record to append. Records with the same key keep their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    pub topic: Topic,
    pub key: Uuid,
    pub payload: String,
    /// Sent along in the header `traceparent`.
    pub traceparent: Option<TraceParent>,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BusError {
    /// The log is down or overloaded; the same record may succeed later.
    #[error("the log is not available: {0}")]
    Unavailable(String),
    /// The log rejects this record and always will.
    #[error("the log refuses the record: {0}")]
    Refused(String),
}

/// The producer side of the log.
pub trait Log: Send + Sync {
    /// Appends the records and answers for each, in order. A record whose answer is an error may have been appended all
    /// the same.
    fn append(&self, records: Vec<Record>) -> BusFuture<Vec<Result<(), BusError>>>;

    /// Why the log cannot be reached at present; `None` while it can.
    fn problem(&self) -> Option<String>;
}

/// A partition of the topic; all events of a conversation are in one partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Partition(pub i32);

/// The offset of an event within its partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Offset(pub i64);

/// A record consumed from the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsumedRecord {
    pub partition: Partition,
    pub offset: Offset,
    pub payload: Vec<u8>,
    /// When it was appended, in milliseconds since 1970; `None` if the log does not tell.
    pub appended_ms: Option<i64>,
    pub traceparent: Option<TraceParent>,
}

/// What a group member is notified of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GroupEvent {
    Arrived(Vec<ConsumedRecord>),
    /// These partitions are assigned to this member.
    Assigned(Vec<Partition>),
    /// These partitions are revoked: another member may own them already.
    Revoked(Vec<Partition>),
    /// The membership has ended; no further event follows.
    Ended(MembershipEnd),
}

/// Why a membership ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MembershipEnd {
    /// Its owner told it to end, or is gone.
    Left,
    /// The credentials were replaced, and the next membership uses the new ones.
    SecretReplaced,
    Failed(String),
}

/// Unfinished events of the member's partitions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lag {
    pub events: i64,
}

/// Membership in the consumer group. Dropping it ends it.
pub trait Membership: Send + Sync {
    /// The next event. Only one caller may wait at a time.
    fn next(&self) -> BusFuture<GroupEvent>;
    /// How many more records may be delivered; replaces the previous number (back-pressure).
    fn want(&self, records: usize);
    /// Everything below these offsets is finished and need not be redelivered after a restart.
    fn finished_below(&self, offsets: Vec<(Partition, Offset)>);
    /// As last reported by the brokers.
    fn lag(&self) -> Lag;
    /// Leaves the group and waits until the coordinator has been told.
    fn leave(&self) -> BusFuture<()>;
}

/// The consumer group that shares the work.
pub trait Group: Send + Sync {
    fn join(&self) -> Result<Arc<dyn Membership>, BusError>;
}
