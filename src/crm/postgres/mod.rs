//! The records on a real PostgreSQL: one file a table family, SQL beside the function that runs it.

mod attachments;
mod batch;
mod channels;
mod completed_turn;
mod delays;
mod deliveries;
mod finish;
mod inquiries;
mod knowledge;
pub mod library;
mod links;
mod notices;
mod rows;
pub mod settled;
mod signals;
mod spend;
mod steps;
mod turns;
mod views;
mod work;

use std::time::Duration;

use deadpool_postgres::Pool;

use super::connect::{ConnectError, Connector};
use super::port::channels::ChannelRecords;
use super::port::{
    Backlog, BeginTurn, ChannelConfig, CrmError, Held, OutboxRow, RecordSteps, Signal, Store, StoreFuture,
    Sweep,
};
use crate::domain::completed_turn::PastTurn;
use crate::domain::contact::Address;
use crate::domain::delay::{Delay, DelayNotice};
use crate::domain::enums::Channel;
use crate::domain::escalation::{Notice, NoticeEnd};
use crate::domain::ids::{ConversationId, EscalationId, ProcessId, TicketId};
use crate::domain::inquiry::{Inquiry, Stored};
use crate::domain::knowledge::{Findings, Question};
use crate::domain::turn::{Begun, Finish, Finished, Spent};
use crate::domain::views::{ChannelMetrics, ConversationView, CustomerView, TicketView};

pub use self::signals::PgSignals;

/// How long a running turn keeps others off without renewing its lease. A crashed turn is taken up again after
/// this at the latest, and waiting work must be within 10 s of a restart.
pub const TURN_LEASE: Duration = Duration::from_secs(5);
/// How long a relay keeps an outbox row to itself.
const OUTBOX_LEASE: Duration = Duration::from_secs(5);

/// Makes the batch functions write events for other teams; only where a relay hands them on to Kafka.
pub const WITH_EVENTS: (&str, &str) = ("fte.events", "on");
/// The same where the relays of other processes hand them on.
pub const EVENTS_FOR_OTHERS: (&str, &str) = ("fte.events", "written");

/// The connections of the store. Each kind of work has its own, so that none starves another.
#[derive(Clone)]
struct Pools {
    /// One connection: the intake lane's.
    intake: Pool,
    /// One connection each for beginning, recording and finishing turns.
    turns: Pool,
    /// Few, because searching costs processor time: with more of them at once, intake would wait for its share.
    search: Pool,
    /// Tables that grow and shrink under the work: the outbox, deliveries, what staff must hear of. Like the lanes, it
    /// must not keep a plan from when they were short.
    queues: Pool,
    /// Everything else.
    general: Pool,
}

/// The store on PostgreSQL; clones share its connections.
#[derive(Clone)]
pub struct PgStore {
    pools: Pools,
}

/// A lane that plans while the tables are empty must not keep plans that get slower as they grow: sequential scans
/// are a hundred times slower on a large table, index scans hardly slower on a small one. With that only one plan is
/// left worth having, so each statement is planned once: planning anew for each batch costs more than a small batch.
const LANE_SETTINGS: [(&str, &str); 3] =
    [("enable_seqscan", "off"), ("jit", "off"), ("plan_cache_mode", "force_generic_plan")];
/// The index of vectors holds those of all models; a search goes on in it until it has enough of its own. Planning the
/// statement costs more than running it.
const SEARCH_SETTINGS: [(&str, &str); 3] =
    [("jit", "off"), ("hnsw.iterative_scan", "strict_order"), ("plan_cache_mode", "force_generic_plan")];
/// Begin, record and finish.
const TURN_CONNECTIONS: usize = 3;
/// Half of the smallest machine's cores would do; the second one hides the round trip.
const SEARCH_CONNECTIONS: usize = 2;
/// The relay, the deliveries, the sweeper and the desk take turns.
const QUEUE_CONNECTIONS: usize = 3;
/// Reads and errands.
const GENERAL_CONNECTIONS: usize = 6;

impl PgStore {
    /// Connections are made when they are first needed.
    pub fn new(connector: &Connector) -> Result<Self, ConnectError> {
        let lanes = connector.with_settings(&LANE_SETTINGS);
        let pools = Pools {
            intake: lanes.pool(1)?,
            turns: lanes.pool(TURN_CONNECTIONS)?,
            search: connector.with_settings(&SEARCH_SETTINGS).pool(SEARCH_CONNECTIONS)?,
            queues: lanes.pool(QUEUE_CONNECTIONS)?,
            general: connector.with_settings(&[("jit", "off")]).pool(GENERAL_CONNECTIONS)?,
        };
        Ok(Self { pools })
    }
}

impl PgStore {
    /// The finished turns of a conversation, in their order, with what they started from.
    pub async fn past_turns(&self, conversation: ConversationId) -> Result<Vec<PastTurn>, CrmError> {
        completed_turn::past_turns(self.pools.general.clone(), conversation).await
    }
}

impl Store for PgStore {
    fn channels(&self) -> &dyn ChannelRecords {
        self
    }

    fn store_inquiries(&self, batch: Vec<Inquiry>) -> StoreFuture<Vec<Result<Stored, CrmError>>> {
        Box::pin(inquiries::store_inquiries(self.pools.intake.clone(), batch))
    }

    fn begin_turns(&self, batch: Vec<BeginTurn>) -> StoreFuture<Vec<Result<Begun, CrmError>>> {
        Box::pin(turns::begin_turns(self.pools.turns.clone(), batch))
    }

    fn record_steps(&self, batch: Vec<RecordSteps>) -> StoreFuture<Vec<Result<Held, CrmError>>> {
        Box::pin(steps::record_steps(self.pools.turns.clone(), batch))
    }

    fn finish_turns(&self, batch: Vec<Finish>) -> StoreFuture<Vec<Result<Finished, CrmError>>> {
        Box::pin(finish::finish_turns(self.pools.turns.clone(), batch))
    }

    fn renew_lease(&self, conversation: ConversationId, epoch: i64) -> StoreFuture<Result<Held, CrmError>> {
        Box::pin(turns::renew_lease(self.pools.general.clone(), conversation, epoch))
    }

    fn record_fault(&self, conversation: ConversationId, epoch: i64) -> StoreFuture<Result<(), CrmError>> {
        Box::pin(turns::record_fault(self.pools.general.clone(), conversation, epoch))
    }

    fn spent(&self, conversation: ConversationId) -> StoreFuture<Result<Spent, CrmError>> {
        Box::pin(spend::spent(self.pools.general.clone(), conversation))
    }

    fn find_delays(&self, older_than: Duration, limit: i64) -> StoreFuture<Result<Vec<Delay>, CrmError>> {
        Box::pin(delays::find_delays(self.pools.general.clone(), older_than, limit))
    }

    fn acknowledge_delays(&self, notices: Vec<DelayNotice>) -> StoreFuture<Result<u64, CrmError>> {
        Box::pin(delays::acknowledge_delays(self.pools.general.clone(), notices))
    }

    fn release_leases(
        &self,
        conversations: Vec<ConversationId>,
        owner: ProcessId,
    ) -> StoreFuture<Result<(), CrmError>> {
        Box::pin(work::release_leases(self.pools.general.clone(), conversations, owner))
    }

    fn lease_outbox(&self, done: Vec<i64>, limit: i64) -> StoreFuture<Result<Vec<OutboxRow>, CrmError>> {
        Box::pin(work::lease_outbox(self.pools.queues.clone(), done, limit))
    }

    fn park_outbox(&self, id: i64, reason: String) -> StoreFuture<Result<(), CrmError>> {
        Box::pin(work::park_outbox(self.pools.queues.clone(), id, reason))
    }

    fn notify(&self, signal: Signal) -> StoreFuture<Result<(), CrmError>> {
        Box::pin(signals::notify(self.pools.queues.clone(), signal))
    }

    fn backlog(&self) -> StoreFuture<Result<Backlog, CrmError>> {
        Box::pin(work::backlog(self.pools.queues.clone()))
    }

    fn sweep(&self, sweep: Sweep) -> StoreFuture<Result<u64, CrmError>> {
        Box::pin(work::sweep(self.pools.queues.clone(), sweep))
    }

    fn publish_web_replies(&self, limit: i64) -> StoreFuture<Result<u64, CrmError>> {
        Box::pin(deliveries::publish_web_replies(self.pools.queues.clone(), limit))
    }

    fn lease_notices(&self, limit: i64) -> StoreFuture<Result<Vec<Notice>, CrmError>> {
        Box::pin(notices::lease_notices(self.pools.queues.clone(), limit))
    }

    fn settle_notice(
        &self,
        escalation: EscalationId,
        attempt: i32,
        end: NoticeEnd,
    ) -> StoreFuture<Result<(), CrmError>> {
        Box::pin(notices::settle_notice(self.pools.queues.clone(), escalation, attempt, end))
    }

    fn search(&self, question: Question, limit: i64) -> StoreFuture<Result<Findings, CrmError>> {
        Box::pin(knowledge::search(self.pools.search.clone(), question, limit))
    }

    fn ticket(&self, ticket: TicketId) -> StoreFuture<Result<Option<TicketView>, CrmError>> {
        Box::pin(views::ticket(self.pools.general.clone(), ticket))
    }

    fn conversation(&self, id: ConversationId) -> StoreFuture<Result<Option<ConversationView>, CrmError>> {
        Box::pin(views::conversation(self.pools.general.clone(), id))
    }

    fn customer(&self, identifier: Address) -> StoreFuture<Result<Option<CustomerView>, CrmError>> {
        Box::pin(views::customer(self.pools.general.clone(), identifier))
    }

    fn channel_metrics(&self, hours: u32) -> StoreFuture<Result<Vec<(Channel, ChannelMetrics)>, CrmError>> {
        Box::pin(views::channel_metrics(self.pools.general.clone(), hours))
    }

    fn channel_configs(&self) -> StoreFuture<Result<Vec<ChannelConfig>, CrmError>> {
        Box::pin(work::channel_configs(self.pools.general.clone()))
    }

    fn pending_migrations(&self) -> StoreFuture<Result<Vec<String>, CrmError>> {
        Box::pin(work::pending_migrations(self.pools.general.clone()))
    }
}
