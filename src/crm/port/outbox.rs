//! Repository port of the transactional outbox: leases its rows, and refills it with work that a crash left behind.

use std::time::Duration;

use uuid::Uuid;

use super::{CrmError, StoreFuture};
use crate::domain::enums::Channel;
use crate::domain::ids::ConversationId;
use crate::domain::runtime::trace_parent::TraceParent;

/// A pointer to a conversation with unanswered messages (PROTOCOL.md 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pointer {
    pub conversation: ConversationId,
    pub channel: Channel,
    /// The trace that the work belongs to, where traces are exported.
    pub traceparent: Option<TraceParent>,
}

/// An outbox row that this process has leased.
#[derive(Clone, Debug, PartialEq)]
pub struct OutboxRow {
    pub id: i64,
    pub topic: String,
    /// The conversation's id: rows with the same key keep their order.
    pub key: Uuid,
    /// JSON.
    pub payload: String,
    /// `None` if the payload is not a valid pointer.
    pub pointer: Option<Pointer>,
    /// The trace that the row belongs to, where traces are exported.
    pub traceparent: Option<TraceParent>,
}

/// The backlog of the outbox.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Backlog {
    /// Counted up to 100,000.
    pub waiting: i64,
    pub parked: i64,
    /// Age of the oldest row.
    pub oldest: Duration,
    /// Age of the oldest unanswered message of the conversations that the bot handles and that were idle longest.
    pub oldest_message: Duration,
}

/// What the sweeper looks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sweep {
    /// Only conversations whose newest message is at least this old.
    pub idle_for: Duration,
    /// Only conversations that were not put back for so long.
    pub again_after: Duration,
    pub limit: i64,
}

pub trait Outbox: Send + Sync {
    /// Removes the rows `done`, then leases the oldest free ones.
    fn lease_outbox(&self, done: Vec<i64>, limit: i64) -> StoreFuture<Result<Vec<OutboxRow>, CrmError>>;
    /// Parks a row that can never be published, so that it blocks no other row.
    fn park_outbox(&self, id: i64, reason: String) -> StoreFuture<Result<(), CrmError>>;
    fn backlog(&self) -> StoreFuture<Result<Backlog, CrmError>>;
    /// Writes an outbox row for each conversation that waits without anybody working on it; how many there were.
    fn sweep(&self, sweep: Sweep) -> StoreFuture<Result<u64, CrmError>>;
}
