//! Group commit: `Crm` is the message path's way to the records. It gathers writes into batches, and waits for
//! PostgreSQL alone. What is not on that path goes through a `StoreHandle` instead.

use std::hash::{DefaultHasher, Hash, Hasher};

use actix::prelude::*;

use super::store_handle::StoreHandle;
use crate::actors::messages::RecordStatus;
use crate::actors::runtime::ask::{Answer, CallError, Reply};
use crate::actors::runtime::batch_queue::{BatchItem, BatchQueue};
use crate::actors::runtime::supervised::{Work, Worker, WorkerContext};
use crate::crm::port::{
    BeginTurn, CrmError, Cursor, Deliveries, Held, LeaseRequest, RecordSteps, Store, StoreFuture,
};
use crate::domain::conversations::turn::{Begun, Finish, Finished};
use crate::domain::messages::delivery::{ClaimedDelivery, Known, StatusUpdate};
use crate::domain::messages::inquiry::{Inquiry, Stored};
use crate::domain::runtime::timing::STORE_TIMEOUT;
use crate::failpoint::{Failpoint, reach};
use crate::metrics::{METRICS, timed};

/// Rows in one batch, at most: beyond it a batch only takes longer, without costing less a row.
const BATCH: usize = 256;
/// The same for turns. Far fewer than run at once; otherwise all turns would move from one queue to the next in step,
/// and only one queue would ever be busy.
const TURN_BATCH: usize = 64;
/// Maximum inquiries waiting for a batch.
const INQUIRIES: usize = 4096;
/// Maximum provider callbacks waiting for a batch.
const STATUSES: usize = 4096;
/// Maximum turn requests of each kind waiting for a batch.
const TURN_REQUESTS: usize = 4096;

/// A coalescing wake-up: there may be work. It may be dropped, because the rows stay and every actor also polls.
#[derive(Debug, Clone, Copy, Message)]
#[rtype(result = "()")]
pub struct Wake;

/// Store what a customer sent.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct StoreInquiry {
    pub inquiry: Inquiry,
    pub reply: Reply<Stored>,
}

/// Store messages of a feed, and how far it has been read, in one transaction.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct StoreFeed {
    pub messages: Vec<Inquiry>,
    pub cursor: Option<Cursor>,
    /// What became of each message, in order.
    pub reply: Reply<Vec<Result<Stored, CrmError>>>,
}

/// The requests of a turn, in this order; each kind has its own batches.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub enum TurnRequest {
    Begin(BeginTurn, Reply<Begun>),
    Record(RecordSteps, Reply<Held>),
    Finish(Box<Finish>, Reply<Finished>),
}

/// Lease replies to send, within the rate that all processes together may send.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct LeaseDeliveries {
    pub request: LeaseRequest,
    pub per_second: f64,
    pub reply: Reply<Vec<ClaimedDelivery>>,
}

/// Arguments of a `Crm`.
pub struct CrmArgs {
    pub store: Store,
    pub deliveries: StoreHandle<dyn Deliveries>,
    /// Woken when outbox rows were written.
    pub relay: Recipient<Wake>,
    /// Woken when replies were written.
    pub senders: Vec<Recipient<Wake>>,
}

pub struct Crm {
    store: Store,
    deliveries: StoreHandle<dyn Deliveries>,
    relay: Recipient<Wake>,
    senders: Vec<Recipient<Wake>>,
    inquiries: BatchQueue<Inquiry, Stored>,
    begins: BatchQueue<BeginTurn, Begun>,
    records: BatchQueue<RecordSteps, Held>,
    finishes: BatchQueue<Finish, Finished>,
    statuses: BatchQueue<StatusUpdate, Known>,
}

impl Worker for Crm {
    type Args = CrmArgs;
    const MAILBOX: usize = INQUIRIES;

    fn new(args: &CrmArgs) -> Self {
        Self {
            store: args.store.clone(),
            deliveries: args.deliveries.clone(),
            relay: args.relay.clone(),
            senders: args.senders.clone(),
            inquiries: BatchQueue::new(INQUIRIES, BATCH),
            begins: BatchQueue::new(TURN_REQUESTS, TURN_BATCH),
            records: BatchQueue::new(TURN_REQUESTS, TURN_BATCH),
            finishes: BatchQueue::new(TURN_REQUESTS, TURN_BATCH),
            statuses: BatchQueue::new(STATUSES, BATCH),
        }
    }
}

impl Work<StoreInquiry> for Crm {
    fn work(&mut self, order: StoreInquiry, ctx: &mut WorkerContext<'_, Self>) {
        let key = key(&(order.inquiry.channel, &order.inquiry.external_id));
        let item = BatchItem { item: order.inquiry, reply: order.reply, key };
        self.enqueue(INQUIRY_BATCHES, item, ctx);
    }
}

impl Work<StoreFeed> for Crm {
    fn work(&mut self, order: StoreFeed, ctx: &mut WorkerContext<'_, Self>) {
        let StoreFeed { messages, cursor, reply } = order;
        reach(Failpoint::StoreBefore);
        let run = tokio::time::timeout(STORE_TIMEOUT, self.store.feeds.store_messages(messages, cursor));
        let histogram = METRICS.store.with_label_values(&["store_messages"]);
        let run = async move { timed(&histogram, run).await };
        ctx.perform(run, |crm, stored, _| {
            reach(Failpoint::StoreCommitted);
            wake(&crm.relay);
            reply.send(stored.map_err(|_elapsed| CallError::TimedOut));
        });
    }
}

impl Work<TurnRequest> for Crm {
    fn work(&mut self, request: TurnRequest, ctx: &mut WorkerContext<'_, Self>) {
        match request {
            TurnRequest::Begin(item, reply) => {
                self.enqueue(BEGIN_BATCHES, BatchItem { key: key(&item.conversation), item, reply }, ctx);
            }
            TurnRequest::Record(item, reply) => {
                self.enqueue(RECORD_BATCHES, BatchItem { key: key(&item.conversation), item, reply }, ctx);
            }
            TurnRequest::Finish(item, reply) => {
                self.enqueue(
                    FINISH_BATCHES,
                    BatchItem { key: key(&item.conversation), item: *item, reply },
                    ctx,
                );
            }
        }
    }
}

impl Work<RecordStatus> for Crm {
    fn work(&mut self, order: RecordStatus, ctx: &mut WorkerContext<'_, Self>) {
        let RecordStatus { update, reply } = order;
        // One message in one batch, whether it is known by our id or by the provider's, which is unique in its channel
        // only.
        let key = match &update.delivery {
            Some(delivery) => key(delivery),
            None => key(&(update.channel, &update.provider_id)),
        };
        self.enqueue(STATUS_BATCHES, BatchItem { key, item: update, reply }, ctx);
    }
}

impl Work<LeaseDeliveries> for Crm {
    fn work(&mut self, order: LeaseDeliveries, ctx: &mut WorkerContext<'_, Self>) {
        let LeaseDeliveries { request, per_second, reply } = order;
        let deliveries = self.deliveries.clone();
        let leased = async move {
            deliveries.call(move |deliveries| deliveries.lease_deliveries(request, per_second)).await
        };
        ctx.perform(leased, |_, leased, _| reply.send(leased));
    }
}

/// A batch being committed: an answer for each member.
type BatchAnswers<T> = StoreFuture<Vec<Result<T, CrmError>>>;

/// How one kind of batch runs.
struct BatchKind<I, T> {
    /// Label in the metrics.
    operation: &'static str,
    queue: fn(&mut Crm) -> &mut BatchQueue<I, T>,
    run: fn(&Store, Vec<I>) -> BatchAnswers<T>,
    before: Option<Failpoint>,
    after: fn(&Crm),
}

impl<I, T> Clone for BatchKind<I, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<I, T> Copy for BatchKind<I, T> {}

const INQUIRY_BATCHES: BatchKind<Inquiry, Stored> = BatchKind {
    operation: "store_inquiries",
    queue: |crm| &mut crm.inquiries,
    run: |store, batch| store.inquiries.store_inquiries(batch),
    before: Some(Failpoint::StoreBefore),
    after: |crm| {
        reach(Failpoint::StoreCommitted);
        wake(&crm.relay);
    },
};

const BEGIN_BATCHES: BatchKind<BeginTurn, Begun> = BatchKind {
    operation: "begin_turns",
    queue: |crm| &mut crm.begins,
    run: |store, batch| store.turns.begin_turns(batch),
    before: None,
    after: |_| {},
};

const RECORD_BATCHES: BatchKind<RecordSteps, Held> = BatchKind {
    operation: "record_steps",
    queue: |crm| &mut crm.records,
    run: |store, batch| store.turns.record_steps(batch),
    before: None,
    after: |_| {},
};

const FINISH_BATCHES: BatchKind<Finish, Finished> = BatchKind {
    operation: "finish_turns",
    queue: |crm| &mut crm.finishes,
    run: |store, batch| store.turns.finish_turns(batch),
    before: None,
    after: |crm| {
        reach(Failpoint::FinishCommitted);
        crm.senders.iter().for_each(wake);
        wake(&crm.relay);
    },
};

const STATUS_BATCHES: BatchKind<StatusUpdate, Known> = BatchKind {
    operation: "record_statuses",
    queue: |crm| &mut crm.statuses,
    run: |store, batch| store.deliveries.record_statuses(batch),
    before: None,
    after: |_| {},
};

impl Crm {
    fn enqueue<I: 'static, T: 'static>(
        &mut self,
        kind: BatchKind<I, T>,
        item: BatchItem<I, T>,
        ctx: &mut WorkerContext<'_, Self>,
    ) {
        if let Err(item) = (kind.queue)(self).offer(item) {
            METRICS.refused.with_label_values(&["crm"]).inc();
            item.reply.send(Err(CallError::Busy));
            return;
        }
        self.flush(kind, ctx);
    }

    fn flush<I: 'static, T: 'static>(&mut self, kind: BatchKind<I, T>, ctx: &mut WorkerContext<'_, Self>) {
        let Some(batch) = (kind.queue)(self).next_batch() else {
            return;
        };
        if let Some(point) = kind.before {
            reach(point);
        }
        let (items, replies): (Vec<_>, Vec<_>) =
            batch.into_iter().map(|item| (item.item, item.reply)).unzip();
        let run = tokio::time::timeout(STORE_TIMEOUT, (kind.run)(&self.store, items));
        let histogram = METRICS.store.with_label_values(&[kind.operation]);
        let run = async move { timed(&histogram, run).await };
        ctx.perform(run, move |crm, answers, ctx| {
            (kind.after)(crm);
            (kind.queue)(crm).ended();
            match answers {
                Ok(answers) => {
                    replies.into_iter().zip(answers).for_each(|(reply, answer)| settle(reply, answer));
                }
                Err(_elapsed) => replies.into_iter().for_each(|reply| reply.send(Err(CallError::TimedOut))),
            }
            crm.flush(kind, ctx);
        });
    }
}

fn settle<T>(reply: Reply<T>, answer: Result<T, CrmError>) {
    let answer: Answer<T> = answer.map_err(CallError::from);
    reply.send(answer);
}

/// Wakes an actor; if its mailbox is full, it finds the rows by polling.
pub fn wake(who: &Recipient<Wake>) {
    let _dropped = who.try_send(Wake);
}

/// Equal values have equal keys; on a collision one of them waits for the next batch.
fn key(thing: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    thing.hash(&mut hasher);
    hasher.finish()
}
