//! Adapter of the ports to PostgreSQL: one file for each aggregate, which implements its trait beside its SQL.

mod accounts;
mod attachments;
mod audit_log;
mod batch;
mod clocks;
mod completed_turn;
mod console;
mod customer_rights;
mod deliveries;
mod escalations;
mod facts;
mod feeds;
mod histories;
mod inquiries;
mod knowledge;
mod learning;
pub mod library;
mod live_events;
pub mod maintenance;
mod outbox;
mod quality;
mod report_breakdowns;
mod report_figures;
mod reports;
mod rows;
pub mod settled;
mod signals;
mod ticket_pages;
mod turns;
mod verification;
mod views;
mod web_identities;
mod webhooks;

use std::sync::Arc;
use std::time::Duration;

use deadpool_postgres::Pool;

use super::connect::{ConnectError, Connector};
use super::port::Store;
use crate::metrics::METRICS;

pub use self::signals::PgSignals;

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
/// Reads and small calls.
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

impl Pools {
    /// Shows how many connections are open and idle, and how many calls wait for one.
    fn show(&self) {
        let Self { intake, turns, search, queues, general } = self;
        let pools = [
            ("intake", intake),
            ("turns", turns),
            ("search", search),
            ("queues", queues),
            ("general", general),
        ];
        for (name, pool) in pools {
            let status = pool.status();
            for (state, count) in
                [("open", status.size), ("idle", status.available), ("waiting", status.waiting)]
            {
                let count = i64::try_from(count).unwrap_or(i64::MAX);
                METRICS.connections.with_label_values(&[name, state]).set(count);
            }
        }
    }
}

impl PgStore {
    /// Closes every connection that is not in use, and the others as soon as they are free. What is asked of the store
    /// afterwards fails.
    pub fn close(&self) {
        let Pools { intake, turns, search, queues, general } = &self.pools;
        [intake, turns, search, queues, general].into_iter().for_each(Pool::close);
    }
}

/// Every aggregate on PostgreSQL.
impl From<PgStore> for Store {
    #[expect(clippy::too_many_lines, reason = "one line for each aggregate")]
    fn from(store: PgStore) -> Self {
        let store = Arc::new(store);
        Self {
            inquiries: store.clone(),
            turns: store.clone(),
            past_turns: store.clone(),
            outbox: store.clone(),
            signals: store.clone(),
            deliveries: store.clone(),
            attachments: store.clone(),
            feeds: store.clone(),
            verification: store.clone(),
            web_identities: store.clone(),
            escalations: store.clone(),
            knowledge: store.clone(),
            articles: store.clone(),
            gaps: store.clone(),
            proposals: store.clone(),
            proposal_runs: store.clone(),
            views: store.clone(),
            histories: store.clone(),
            customer_rights: store.clone(),
            ticket_pages: store.clone(),
            live_events: store.clone(),
            accounts: store.clone(),
            queues: store.clone(),
            reports: store.clone(),
            staff_actions: store.clone(),
            bulk_actions: store.clone(),
            side_conversations: store.clone(),
            staff_events: store.clone(),
            desk_tools: store.clone(),
            macros: store.clone(),
            saved_views: store.clone(),
            quality: store.clone(),
            suggestions: store.clone(),
            summaries: store.clone(),
            webhooks: store.clone(),
            audit_log: store.clone(),
            clocks: store.clone(),
            maintenance: store,
        }
    }
}
