//! `Crm`: the one way to the records. It gathers writes into batches, and waits for nobody but PostgreSQL.

mod channels;

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use actix::prelude::*;
use prometheus::Histogram;

use super::ask::{Admission, Answer, CallError, Reply};
use super::batch_queue::{BatchItem, BatchQueue};
use super::messages::Read;
use super::supervised::{Work, Worker, WorkerContext};
use crate::crm::port::{
    Backlog, BeginTurn, CrmError, Held, OutboxRow, RecordSteps, Signal, Store, StoreFuture, Sweep,
};
use crate::domain::delay::{Delay, DelayNotice};
use crate::domain::delivery::{Known, StatusUpdate};
use crate::domain::escalation::{Notice, NoticeEnd};
use crate::domain::ids::{ConversationId, EscalationId, ProcessId};
use crate::domain::inquiry::{Inquiry, Stored};
use crate::domain::knowledge::{Findings, Question};
use crate::domain::timing::STORE_TIMEOUT;
use crate::domain::turn::{Begun, Finish, Finished, Spent};
use crate::failpoint::{Failpoint, reach};
use crate::metrics::{METRICS, timed};

/// Rows in one batch, at most: beyond it a batch only takes longer, without costing less a row.
const BATCH: usize = 256;
/// The same for turns. Far fewer than run at once: else all of them would go from one lane to the next in step, and
/// only one lane would ever be busy.
const TURN_BATCH: usize = 64;
/// Inquiries that wait for the next batches, at most.
const INQUIRIES: usize = 4096;
/// Callbacks of providers that wait for the next batches, at most.
const STATUSES: usize = 4096;
/// Requests of turns that wait for the next batches, at most.
const TURN_REQUESTS: usize = 4096;
/// Reads and small errands under way at once: the pool has fewer connections, the rest waits for them.
const STORE_CALLS: usize = 256;

pub use channels::{DeliveryCommand, LinkingCommand};

/// Somebody who should look whether there is something to do. It may be dropped: the rows stay.
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

/// What a turn asks for, in this order; each kind is batched with its like.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub enum TurnRequest {
    Begin(BeginTurn, Reply<Begun>),
    Record(RecordSteps, Reply<Held>),
    Finish(Box<Finish>, Reply<Finished>),
}

/// Small things that the other actors need done.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub enum StoreCall {
    RenewLease { conversation: ConversationId, epoch: i64, reply: Reply<Held> },
    RecordFault { conversation: ConversationId, epoch: i64, reply: Reply<()> },
    Spent { conversation: ConversationId, reply: Reply<Spent> },
    FindDelays { older_than: Duration, limit: i64, reply: Reply<Vec<Delay>> },
    AcknowledgeDelays { notices: Vec<DelayNotice>, reply: Reply<u64> },
    ReleaseLeases { conversations: Vec<ConversationId>, owner: ProcessId, reply: Reply<()> },
    LeaseOutbox { done: Vec<i64>, limit: i64, reply: Reply<Vec<OutboxRow>> },
    ParkOutbox { id: i64, reason: String, reply: Reply<()> },
    Notify { signal: Signal, reply: Reply<()> },
    Backlog { reply: Reply<Backlog> },
    Sweep { sweep: Sweep, reply: Reply<u64> },
    PublishWebReplies { limit: i64, reply: Reply<u64> },
    Search { question: Question, limit: i64, reply: Reply<Findings> },
    LeaseNotices { limit: i64, reply: Reply<Vec<Notice>> },
    SettleNotice { escalation: EscalationId, attempt: i32, end: NoticeEnd, reply: Reply<()> },
    PendingMigrations { reply: Reply<Vec<String>> },
}

/// What a `Crm` is made from.
pub struct CrmArgs {
    pub store: Arc<dyn Store>,
    /// To be stirred when outbox rows were written.
    pub relay: Recipient<Wake>,
    /// To be stirred when replies were written.
    pub deliveries: Vec<Recipient<Wake>>,
}

pub struct Crm {
    store: Arc<dyn Store>,
    relay: Recipient<Wake>,
    deliveries: Vec<Recipient<Wake>>,
    inquiries: BatchQueue<Inquiry, Stored>,
    begins: BatchQueue<BeginTurn, Begun>,
    records: BatchQueue<RecordSteps, Held>,
    finishes: BatchQueue<Finish, Finished>,
    statuses: BatchQueue<StatusUpdate, Known>,
    store_calls: Admission,
}

impl Worker for Crm {
    type Args = CrmArgs;
    const MAILBOX: usize = INQUIRIES;

    fn new(args: &CrmArgs) -> Self {
        Self {
            store: Arc::clone(&args.store),
            relay: args.relay.clone(),
            deliveries: args.deliveries.clone(),
            inquiries: BatchQueue::new(INQUIRIES, BATCH),
            begins: BatchQueue::new(TURN_REQUESTS, TURN_BATCH),
            records: BatchQueue::new(TURN_REQUESTS, TURN_BATCH),
            finishes: BatchQueue::new(TURN_REQUESTS, TURN_BATCH),
            statuses: BatchQueue::new(STATUSES, BATCH),
            store_calls: Admission::new(STORE_CALLS),
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

/// A batch that is being committed: an answer for each member.
type Batch<T> = StoreFuture<Vec<Result<T, CrmError>>>;

/// How one kind of batch runs.
struct BatchKind<I, T> {
    /// As the metrics call it.
    operation: &'static str,
    queue: fn(&mut Crm) -> &mut BatchQueue<I, T>,
    run: fn(&dyn Store, Vec<I>) -> Batch<T>,
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
    run: |store, batch| store.store_inquiries(batch),
    before: Some(Failpoint::StoreBefore),
    after: |crm| {
        reach(Failpoint::StoreCommitted);
        wake(&crm.relay);
    },
};

const BEGIN_BATCHES: BatchKind<BeginTurn, Begun> = BatchKind {
    operation: "begin_turns",
    queue: |crm| &mut crm.begins,
    run: |store, batch| store.begin_turns(batch),
    before: None,
    after: |_| {},
};

const RECORD_BATCHES: BatchKind<RecordSteps, Held> = BatchKind {
    operation: "record_steps",
    queue: |crm| &mut crm.records,
    run: |store, batch| store.record_steps(batch),
    before: None,
    after: |_| {},
};

const FINISH_BATCHES: BatchKind<Finish, Finished> = BatchKind {
    operation: "finish_turns",
    queue: |crm| &mut crm.finishes,
    run: |store, batch| store.finish_turns(batch),
    before: None,
    after: |crm| {
        reach(Failpoint::FinishCommitted);
        crm.deliveries.iter().for_each(wake);
        wake(&crm.relay);
    },
};

/// Calls that are not batched share a series: there are too many kinds of them.
static CALLS: LazyLock<Histogram> = LazyLock::new(|| METRICS.store.with_label_values(&["call"]));

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
        let run = tokio::time::timeout(STORE_TIMEOUT, (kind.run)(self.store.as_ref(), items));
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

    /// Does something small, if not too much of it is under way.
    fn run<T: 'static>(
        &self,
        reply: Reply<T>,
        ctx: &mut WorkerContext<'_, Self>,
        deed: impl FnOnce(&dyn Store) -> StoreFuture<Result<T, CrmError>>,
    ) {
        let Some(permit) = self.store_calls.admit() else {
            METRICS.refused.with_label_values(&["crm"]).inc();
            reply.send(Err(CallError::Busy));
            return;
        };
        let reply = reply.holding(permit);
        let deed = tokio::time::timeout(STORE_TIMEOUT, deed(self.store.as_ref()));
        let deed = timed(&CALLS, deed);
        ctx.perform(deed, |_, answer, _| match answer {
            Ok(answer) => settle(reply, answer),
            Err(_elapsed) => reply.send(Err(CallError::TimedOut)),
        });
    }
}

impl Work<StoreCall> for Crm {
    #[expect(clippy::too_many_lines, reason = "one arm for each call")]
    fn work(&mut self, call: StoreCall, ctx: &mut WorkerContext<'_, Self>) {
        match call {
            StoreCall::RenewLease { conversation, epoch, reply } => {
                self.run(reply, ctx, |store| store.renew_lease(conversation, epoch));
            }
            StoreCall::RecordFault { conversation, epoch, reply } => {
                self.run(reply, ctx, |store| store.record_fault(conversation, epoch));
            }
            StoreCall::Spent { conversation: id, reply } => self.run(reply, ctx, |store| store.spent(id)),
            StoreCall::FindDelays { older_than, limit, reply } => {
                self.run(reply, ctx, |store| store.find_delays(older_than, limit));
            }
            StoreCall::AcknowledgeDelays { notices, reply } => {
                self.run(reply, ctx, |store| store.acknowledge_delays(notices));
            }
            StoreCall::ReleaseLeases { conversations, owner, reply } => {
                self.run(reply, ctx, |store| store.release_leases(conversations, owner));
            }
            StoreCall::LeaseOutbox { done, limit, reply } => {
                self.run(reply, ctx, |store| store.lease_outbox(done, limit));
            }
            StoreCall::ParkOutbox { id, reason, reply } => {
                self.run(reply, ctx, |store| store.park_outbox(id, reason));
            }
            StoreCall::Notify { signal, reply } => self.run(reply, ctx, |store| store.notify(signal)),
            StoreCall::Backlog { reply } => self.run(reply, ctx, |store| store.backlog()),
            StoreCall::Sweep { sweep, reply } => self.run(reply, ctx, |store| store.sweep(sweep)),
            StoreCall::PublishWebReplies { limit, reply } => {
                self.run(reply, ctx, |store| store.publish_web_replies(limit));
            }
            StoreCall::Search { question, limit, reply } => {
                self.run(reply, ctx, |store| store.search(question, limit));
            }
            StoreCall::LeaseNotices { limit, reply } => {
                self.run(reply, ctx, |store| store.lease_notices(limit));
            }
            StoreCall::SettleNotice { escalation, attempt, end, reply } => {
                self.run(reply, ctx, |store| store.settle_notice(escalation, attempt, end));
            }
            StoreCall::PendingMigrations { reply } => {
                self.run(reply, ctx, |store| store.pending_migrations());
            }
        }
    }
}

impl Work<Read> for Crm {
    fn work(&mut self, read: Read, ctx: &mut WorkerContext<'_, Self>) {
        match read {
            Read::Ticket(ticket, reply) => self.run(reply, ctx, |store| store.ticket(ticket)),
            Read::Conversation(id, reply) => self.run(reply, ctx, |store| store.conversation(id)),
            Read::Customer(identifier, reply) => self.run(reply, ctx, |store| store.customer(identifier)),
            Read::File(id, reply) => self.run(reply, ctx, |store| store.channels().stored_file(id)),
            Read::ChannelMetrics(hours, reply) => {
                self.run(reply, ctx, |store| store.channel_metrics(hours));
            }
        }
    }
}

fn settle<T>(reply: Reply<T>, answer: Result<T, CrmError>) {
    let answer: Answer<T> = answer.map_err(CallError::from);
    reply.send(answer);
}

/// Wakes somebody up; one who can't hear it finds the rows by looking now and then.
pub fn wake(who: &Recipient<Wake>) {
    let _dropped = who.try_send(Wake);
}

/// Equal things have equal keys; should others share one by chance, one of them waits for the next batch.
fn key(thing: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    thing.hash(&mut hasher);
    hasher.finish()
}
