//! What the rest of the program may ask of the records; `postgres` beside this file is what answers.
//!
//! Batches are answered member by member, in order: one bad row never costs its neighbours.

pub mod channels;

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use uuid::Uuid;

use crate::domain::contact::Address;
use crate::domain::delay::{Delay, DelayNotice};
use crate::domain::enums::Channel;
use crate::domain::escalation::{Notice, NoticeEnd};
use crate::domain::ids::{ConversationId, EscalationId, ProcessId, TicketId, TurnId};
use crate::domain::inquiry::{Inquiry, Stored};
use crate::domain::knowledge::{Findings, Question};
use crate::domain::turn::{Begun, Finish, Finished, Spent, Step};
use crate::domain::views::{ChannelMetrics, ConversationView, CustomerView, TicketView};

/// An answer of the store that is on its way.
pub type StoreFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// Why the store could not do what was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CrmError {
    /// The database is away or overloaded; the same call may succeed later.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// This very row is refused by the database; the same call will never succeed.
    #[error("the database refuses the row: {0}")]
    Invalid(String),
    /// The program and its schema disagree, or something nobody foresaw.
    #[error("the database failed: {0}")]
    Failed(String),
}

/// What to do about a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// Try again later; nothing is wrong with the work itself.
    Retry,
    /// Give up on this piece of work.
    Fail,
}

impl CrmError {
    pub fn remedy(&self) -> Remedy {
        match self {
            Self::Unavailable(_) => Remedy::Retry,
            Self::Invalid(_) | Self::Failed(_) => Remedy::Fail,
        }
    }
}

/// A wish to own a conversation and answer what waits in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BeginTurn {
    pub conversation: ConversationId,
    /// The id that the turn gets unless it goes on with an unfinished one.
    pub turn: TurnId,
    pub owner: ProcessId,
}

/// Steps of a running turn; refused unless its epoch still matches.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordSteps {
    pub conversation: ConversationId,
    pub turn: TurnId,
    pub epoch: i64,
    /// The number of the first of them within the turn.
    pub first: i32,
    pub steps: Vec<Step>,
}

/// Whether a step was recorded, or a lease renewed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    Yes,
    /// Another owner began a turn, or people took over.
    Lost,
}

/// A pointer to a conversation that has something to answer (PROTOCOL.md 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pointer {
    pub conversation: ConversationId,
    pub channel: Channel,
}

/// An outbox row that this process has claimed for a while.
#[derive(Clone, Debug, PartialEq)]
pub struct OutboxRow {
    pub id: i64,
    pub topic: String,
    /// The conversation's id: rows with the same key keep their order.
    pub key: Uuid,
    /// JSON.
    pub payload: String,
    /// `None` where the payload is no readable pointer.
    pub pointer: Option<Pointer>,
}

/// What waits in the outbox, whoever is to hand it on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Backlog {
    /// Counted up to 100,000.
    pub waiting: i64,
    pub parked: i64,
    /// How long the oldest one has waited.
    pub oldest: Duration,
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

/// How a channel behaves, from `channel_configs`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChannelConfig {
    pub channel: Channel,
    /// How long to wait for the next message of a burst.
    pub quiet: Duration,
}

/// A wake-up for other processes of the same database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// There are outbox rows.
    Work,
    /// There are replies to bring to customers.
    Replies,
}

impl Signal {
    pub const ALL: [Self; 2] = [Self::Work, Self::Replies];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Work => "fte_work",
            Self::Replies => "fte_replies",
        }
    }
}

/// Wake-ups from other processes.
pub trait SignalStream: Send + Sync {
    /// The next one. After the connection was lost every bell counts as rung. Whoever waits must be the only one.
    fn next(&self) -> StoreFuture<Signal>;
}

/// The records.
pub trait Store: Send + Sync {
    /// The part for channels with a provider.
    fn channels(&self) -> &dyn channels::ChannelRecords;

    fn store_inquiries(&self, batch: Vec<Inquiry>) -> StoreFuture<Vec<Result<Stored, CrmError>>>;
    fn begin_turns(&self, batch: Vec<BeginTurn>) -> StoreFuture<Vec<Result<Begun, CrmError>>>;
    fn record_steps(&self, batch: Vec<RecordSteps>) -> StoreFuture<Vec<Result<Held, CrmError>>>;
    fn finish_turns(&self, batch: Vec<Finish>) -> StoreFuture<Vec<Result<Finished, CrmError>>>;

    /// Renews the lease of a running turn.
    fn renew_lease(&self, conversation: ConversationId, epoch: i64) -> StoreFuture<Result<Held, CrmError>>;
    /// Counts a fault of the turn itself, as a panic, against what it covers.
    fn record_fault(&self, conversation: ConversationId, epoch: i64) -> StoreFuture<Result<(), CrmError>>;
    /// What model calls have used up before this turn.
    fn spent(&self, conversation: ConversationId) -> StoreFuture<Result<Spent, CrmError>>;
    /// Customers who have waited so long and were not told yet that their message is here.
    fn find_delays(&self, older_than: Duration, limit: i64) -> StoreFuture<Result<Vec<Delay>, CrmError>>;
    /// Tells them, once for each time that they wait, and not those whose wait is over; how many were told.
    fn acknowledge_delays(&self, notices: Vec<DelayNotice>) -> StoreFuture<Result<u64, CrmError>>;
    /// Gives conversations back to whoever takes them next, at once.
    fn release_leases(
        &self,
        conversations: Vec<ConversationId>,
        owner: ProcessId,
    ) -> StoreFuture<Result<(), CrmError>>;

    /// Removes the rows `done`, then claims the oldest free ones.
    fn lease_outbox(&self, done: Vec<i64>, limit: i64) -> StoreFuture<Result<Vec<OutboxRow>, CrmError>>;
    /// Sets a row aside that can't be handed on, so that it blocks nobody.
    fn park_outbox(&self, id: i64, reason: String) -> StoreFuture<Result<(), CrmError>>;
    /// Wakes other processes; a bell that nobody hears is lost.
    fn notify(&self, signal: Signal) -> StoreFuture<Result<(), CrmError>>;
    fn backlog(&self) -> StoreFuture<Result<Backlog, CrmError>>;
    /// Writes an outbox row for each conversation that waits without anybody working on it; how many there were.
    fn sweep(&self, sweep: Sweep) -> StoreFuture<Result<u64, CrmError>>;
    /// Shows pending replies of the web form on their tickets' pages; how many there were.
    fn publish_web_replies(&self, limit: i64) -> StoreFuture<Result<u64, CrmError>>;

    /// The best sections for a question, at most so many.
    fn search(&self, question: Question, limit: i64) -> StoreFuture<Result<Findings, CrmError>>;
    /// Claims escalations that staff have not been told of, for one try each.
    fn lease_notices(&self, limit: i64) -> StoreFuture<Result<Vec<Notice>, CrmError>>;
    /// Records how that try ended.
    fn settle_notice(
        &self,
        escalation: EscalationId,
        attempt: i32,
        end: NoticeEnd,
    ) -> StoreFuture<Result<(), CrmError>>;

    fn ticket(&self, ticket: TicketId) -> StoreFuture<Result<Option<TicketView>, CrmError>>;
    fn conversation(&self, id: ConversationId) -> StoreFuture<Result<Option<ConversationView>, CrmError>>;
    fn customer(&self, identifier: Address) -> StoreFuture<Result<Option<CustomerView>, CrmError>>;
    /// One entry for each channel, in the order of `Channel::ALL`.
    fn channel_metrics(&self, hours: u32) -> StoreFuture<Result<Vec<(Channel, ChannelMetrics)>, CrmError>>;
    fn channel_configs(&self) -> StoreFuture<Result<Vec<ChannelConfig>, CrmError>>;
    /// The names of the migrations that the database lacks; none in normal operation.
    fn pending_migrations(&self) -> StoreFuture<Result<Vec<String>, CrmError>>;
}
