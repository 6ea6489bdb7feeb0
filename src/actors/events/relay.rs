//! `Relay`: the outbox relay. It leases rows and publishes them: to Kafka, or in process to the `Pool`.
//!
//! A row is removed only after it was published; an error leaves it in place, to be leased again. A row that can never
//! be published is parked, so that it blocks nothing.

use std::sync::Arc;
use std::time::Duration;

use actix::prelude::*;
use tracing::Span;

use crate::actors::conversations::pool::{Capacity, Submit};
use crate::actors::runtime::ask::{Answer, CallError, Reply, ask};
use crate::actors::runtime::poller::{self, Next, Poll};
use crate::actors::runtime::single_flight::SingleFlight;
use crate::actors::runtime::supervised::{Work, Worker, WorkerContext};
use crate::actors::store::store_handle::StoreHandle;
use crate::bus::event::decode;
use crate::bus::port::{BusError, Log, Record};
use crate::bus::topic::Topic;
use crate::crm::port::{Backlog, Outbox, OutboxRow, Pointer};
use crate::domain::runtime::timing::TIMEOUT;
use crate::failpoint::{Failpoint, reach};
use crate::metrics::METRICS;
use crate::trace;

/// Maximum rows leased at once.
const ROWS: usize = 256;
/// The same for Kafka, which accepts more at once.
const ROWS_OF_LOG: usize = 1024;
/// Poll interval without a wake-up: for rows that other processes, or crashes, have left.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// Interval of the backlog metrics.
const COUNT_EVERY: Duration = Duration::from_secs(5);

/// The destination of rows.
#[derive(Clone)]
pub enum Way {
    /// The pool of this process, within its capacity.
    Pool(Recipient<Submit>),
    /// Kafka, for every row.
    Log(Arc<dyn Log>),
    /// None: other processes of this database run turns, and their relays publish the rows.
    Elsewhere,
}

/// Arguments of a `Relay`.
pub struct RelayArgs {
    pub outbox: StoreHandle<dyn Outbox>,
    pub way: Way,
}

pub struct Relay {
    outbox: StoreHandle<dyn Outbox>,
    way: Way,
    single_flight: SingleFlight,
    /// Published rows that must still be removed.
    done: Vec<i64>,
    /// Those that the current round removes.
    removing: Vec<i64>,
    stopped: bool,
}

/// Stop publishing.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct StopRelaying {
    pub reply: Reply<()>,
}

impl Worker for Relay {
    type Args = RelayArgs;
    const MAILBOX: usize = 4;

    fn new(args: &RelayArgs) -> Self {
        Self {
            outbox: args.outbox.clone(),
            way: args.way.clone(),
            single_flight: SingleFlight::default(),
            done: vec![],
            removing: vec![],
            stopped: false,
        }
    }

    fn started(&mut self, ctx: &mut WorkerContext<'_, Self>) {
        poller::start(self, ctx);
        poller::repeat(self, ctx, COUNT_EVERY, Self::count, Self::counted);
    }
}

impl Work<StopRelaying> for Relay {
    fn work(&mut self, order: StopRelaying, _: &mut WorkerContext<'_, Self>) {
        self.stopped = true;
        order.reply.send(Ok(()));
    }
}

/// The result of a round.
pub struct Round {
    handed_on: Vec<i64>,
    /// Whether there may be more rows within the capacity.
    more: bool,
}

impl Poll for Relay {
    type Found = Round;
    const FAILURE: &'static str = "could not move work out of the outbox";

    fn every(&self) -> Duration {
        LOOK_EVERY
    }

    fn single_flight(&mut self) -> &mut SingleFlight {
        &mut self.single_flight
    }

    fn round(&mut self) -> impl Future<Output = Answer<Round>> + 'static {
        let (outbox, way, stopped) = (self.outbox.clone(), self.way.clone(), self.stopped);
        let done = std::mem::take(&mut self.done);
        self.removing.clone_from(&done);
        async move { round(&outbox, &way, done, stopped).await }
    }

    fn found(&mut self, round: Round, _: &mut WorkerContext<'_, Self>) -> Next {
        self.done = round.handed_on;
        if round.more || !self.done.is_empty() { Next::Again } else { Next::Wait }
    }

    fn failed(&mut self, error: &CallError) {
        tracing::warn!(%error, "{}", Self::FAILURE);
        self.done = std::mem::take(&mut self.removing);
    }
}

impl Relay {
    /// Measures the backlog of the outbox, of all processes.
    fn count(&self) -> impl Future<Output = Answer<Backlog>> + use<> {
        let outbox = self.outbox.clone();
        async move { outbox.call(|outbox| outbox.backlog()).await }
    }

    fn counted(&mut self, backlog: Answer<Backlog>) {
        if let Ok(backlog) = backlog {
            METRICS.outbox.set(backlog.waiting);
            METRICS.outbox_parked.set(backlog.parked);
            let seconds = |age: Duration| i64::try_from(age.as_secs()).unwrap_or(i64::MAX);
            METRICS.outbox_age.set(seconds(backlog.oldest));
            METRICS.oldest_message.set(seconds(backlog.oldest_message));
        }
    }
}

async fn round(outbox: &StoreHandle<dyn Outbox>, way: &Way, done: Vec<i64>, stopped: bool) -> Answer<Round> {
    let wanted = if stopped { 0 } else { wanted(way).await? };
    if wanted == 0 && done.is_empty() {
        return Ok(Round { handed_on: vec![], more: false });
    }
    let limit = i64::try_from(wanted).unwrap_or(0);
    let rows = outbox.call(move |outbox| outbox.lease_outbox(done, limit)).await?;
    if !rows.is_empty() {
        reach(Failpoint::RelayLeased);
    }
    let full = wanted > 0 && rows.len() == wanted;
    let leased = rows.len();
    let handed_on = match way {
        Way::Pool(pool) => submit(outbox, pool, rows).await?,
        Way::Log(log) => append(outbox, log.as_ref(), rows).await?,
        Way::Elsewhere => vec![],
    };
    if !handed_on.is_empty() {
        reach(Failpoint::RelayHanded);
    }
    // If some were not accepted, the next poll is soon enough.
    let more = full && handed_on.len() == leased;
    Ok(Round { handed_on, more })
}

/// How many rows can be published now. None are leased while Kafka is down: they stay where any relay finds them.
async fn wanted(way: &Way) -> Answer<usize> {
    match way {
        Way::Pool(pool) => {
            let Capacity(room) = ask(pool, TIMEOUT, |reply| Submit { pointers: vec![], reply }).await?;
            Ok(room.min(ROWS))
        }
        Way::Log(log) => Ok(if log.problem().is_none() { ROWS_OF_LOG } else { 0 }),
        Way::Elsewhere => Ok(0),
    }
}

/// Submits rows to the pool.
async fn submit(
    outbox: &StoreHandle<dyn Outbox>,
    pool: &Recipient<Submit>,
    rows: Vec<OutboxRow>,
) -> Answer<Vec<i64>> {
    let mut pointers: Vec<Pointer> = Vec::with_capacity(rows.len());
    let mut ids = Vec::with_capacity(rows.len());
    for row in rows {
        match row.pointer {
            Some(pointer) => {
                pointers.push(pointer);
                ids.push(row.id);
            }
            None => park(outbox, &row, "the payload can't be read".to_owned()).await?,
        }
    }
    if !pointers.is_empty() {
        ask(pool, TIMEOUT, |reply| Submit { pointers, reply }).await?;
    }
    Ok(ids)
}

/// Appends rows to Kafka.
async fn append(outbox: &StoreHandle<dyn Outbox>, log: &dyn Log, rows: Vec<OutboxRow>) -> Answer<Vec<i64>> {
    let (mut records, mut sent) = (Vec::with_capacity(rows.len()), Vec::with_capacity(rows.len()));
    // They last until the log has answered.
    let mut spans = Vec::new();
    for row in rows {
        match record(&row) {
            Ok(mut record) => {
                if row.traceparent.is_some() {
                    let span = publish_span(&row);
                    record.traceparent = trace::of(&span);
                    spans.push(span);
                }
                records.push(record);
                sent.push(row);
            }
            Err(reason) => park(outbox, &row, reason).await?,
        }
    }
    let mut ids = Vec::with_capacity(sent.len());
    let mut unavailable = None;
    for (row, answer) in sent.iter().zip(log.append(records).await) {
        match answer {
            Ok(()) => ids.push(row.id),
            Err(BusError::Refused(reason)) => park(outbox, row, reason).await?,
            Err(BusError::Unavailable(reason)) => unavailable = Some(reason),
        }
    }
    drop(spans);
    METRICS.published.inc_by(u64::try_from(ids.len()).unwrap_or(0));
    if let Some(reason) = unavailable {
        tracing::debug!(reason, "rows stay in the outbox");
    }
    Ok(ids)
}

/// The span of publishing a row (OpenTelemetry semantic conventions for messaging).
fn publish_span(row: &OutboxRow) -> Span {
    let span = tracing::debug_span!(
        "publish",
        otel.name = format!("publish {}", row.topic),
        otel.kind = "producer",
        messaging.system = "kafka",
        messaging.operation.type = "send",
        messaging.destination.name = row.topic,
        conversation = %row.key,
    );
    trace::continued(span, row.traceparent)
}

/// The row as a record, validated against the schema that its readers use.
fn record(row: &OutboxRow) -> Result<Record, String> {
    let topic = Topic::by_name(&row.topic).ok_or_else(|| "no such topic".to_owned())?;
    decode(topic, row.payload.as_bytes()).map_err(|error| error.to_string())?;
    Ok(Record { topic, key: row.key, payload: row.payload.clone(), traceparent: row.traceparent })
}

async fn park(outbox: &StoreHandle<dyn Outbox>, row: &OutboxRow, reason: String) -> Answer<()> {
    tracing::error!(row = row.id, topic = row.topic, reason, "parking an outbox row that can't be handed on");
    let id = row.id;
    outbox.call(move |outbox| outbox.park_outbox(id, reason)).await
}
