//! `Crm`: the one way to the records. It gathers writes into batches, and waits for nobody but PostgreSQL.

mod channels;

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::time::Duration;

use actix::prelude::*;

use super::ask::{Admission, Answer, CallError, Reply};
use super::lane::{Job, Lane};
use super::messages::Read;
use super::shell::{Hands, Work, Worker};
use super::standing::METERS;
use crate::crm::port::{
    Backlog, BeginTurn, Bell, CrmError, Held, OutboxRow, Pending, RecordSteps, Store, Sweep,
};
use crate::domain::delay::{Delay, DelayNotice};
use crate::domain::delivery::{Known, StatusUpdate};
use crate::domain::escalation::{Notice, NoticeEnd};
use crate::domain::ids::{ConversationId, EscalationId, ProcessId};
use crate::domain::inquiry::{Inquiry, Stored};
use crate::domain::knowledge::{Findings, Question};
use crate::domain::turn::{Begun, Finish, Finished, Spent};
use crate::failpoint::{Failpoint, reach};

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
const ERRANDS: usize = 256;
/// The longest that a batch or an errand may take: above PostgreSQL's statement time-out, its repetitions included.
const PATIENCE: Duration = Duration::from_secs(15);

pub use channels::{Consignment, Registration};

/// Somebody who should look whether there is something to do. It may be dropped: the rows stay.
#[derive(Debug, Clone, Copy, Message)]
#[rtype(result = "()")]
pub struct Stir;

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
pub enum Errand {
    RenewLease { conversation: ConversationId, epoch: i64, reply: Reply<Held> },
    RecordFault { conversation: ConversationId, epoch: i64, reply: Reply<()> },
    Spent { conversation: ConversationId, reply: Reply<Spent> },
    FindDelays { older_than: Duration, at_most: i64, reply: Reply<Vec<Delay>> },
    AcknowledgeDelays { notices: Vec<DelayNotice>, reply: Reply<u64> },
    HandBack { conversations: Vec<ConversationId>, owner: ProcessId, reply: Reply<()> },
    ClaimOutbox { done: Vec<i64>, at_most: i64, reply: Reply<Vec<OutboxRow>> },
    ParkOutbox { id: i64, reason: String, reply: Reply<()> },
    Ring { bell: Bell, reply: Reply<()> },
    Backlog { reply: Reply<Backlog> },
    Sweep { sweep: Sweep, reply: Reply<u64> },
    PublishWebReplies { at_most: i64, reply: Reply<u64> },
    Search { question: Question, at_most: i64, reply: Reply<Findings> },
    ClaimNotices { at_most: i64, reply: Reply<Vec<Notice>> },
    SettleNotice { escalation: EscalationId, attempt: i32, end: NoticeEnd, reply: Reply<()> },
    PendingMigrations { reply: Reply<Vec<String>> },
}

/// What a `Crm` is made from.
pub struct CrmSeed {
    pub store: Arc<dyn Store>,
    /// To be stirred when outbox rows were written.
    pub relay: Recipient<Stir>,
    /// To be stirred when replies were written.
    pub deliveries: Vec<Recipient<Stir>>,
}

pub struct Crm {
    store: Arc<dyn Store>,
    relay: Recipient<Stir>,
    deliveries: Vec<Recipient<Stir>>,
    inquiries: Lane<Inquiry, Stored>,
    begins: Lane<BeginTurn, Begun>,
    records: Lane<RecordSteps, Held>,
    finishes: Lane<Finish, Finished>,
    statuses: Lane<StatusUpdate, Known>,
    errands: Admission,
}

impl Worker for Crm {
    type Seed = CrmSeed;
    const MAILBOX: usize = INQUIRIES;

    fn make(seed: &CrmSeed) -> Self {
        Self {
            store: Arc::clone(&seed.store),
            relay: seed.relay.clone(),
            deliveries: seed.deliveries.clone(),
            inquiries: Lane::new(INQUIRIES, BATCH),
            begins: Lane::new(TURN_REQUESTS, TURN_BATCH),
            records: Lane::new(TURN_REQUESTS, TURN_BATCH),
            finishes: Lane::new(TURN_REQUESTS, TURN_BATCH),
            statuses: Lane::new(STATUSES, BATCH),
            errands: Admission::new(ERRANDS),
        }
    }
}

impl Work<StoreInquiry> for Crm {
    fn work(&mut self, order: StoreInquiry, hands: &mut Hands<'_, Self>) {
        let key = key(&(order.inquiry.channel, &order.inquiry.external_id));
        let job = Job { item: order.inquiry, reply: order.reply, key };
        self.enqueue(INQUIRY_LANE, job, hands);
    }
}

impl Work<TurnRequest> for Crm {
    fn work(&mut self, request: TurnRequest, hands: &mut Hands<'_, Self>) {
        match request {
            TurnRequest::Begin(item, reply) => {
                self.enqueue(BEGIN_LANE, Job { key: key(&item.conversation), item, reply }, hands);
            }
            TurnRequest::Record(item, reply) => {
                self.enqueue(RECORD_LANE, Job { key: key(&item.conversation), item, reply }, hands);
            }
            TurnRequest::Finish(item, reply) => {
                self.enqueue(FINISH_LANE, Job { key: key(&item.conversation), item: *item, reply }, hands);
            }
        }
    }
}

/// A batch that is being committed: an answer for each member.
type Batch<T> = Pending<Vec<Result<T, CrmError>>>;

/// How one kind of batch runs.
struct LaneOf<I, T> {
    lane: fn(&mut Crm) -> &mut Lane<I, T>,
    run: fn(&dyn Store, Vec<I>) -> Batch<T>,
    before: Option<Failpoint>,
    after: fn(&Crm),
}

impl<I, T> Clone for LaneOf<I, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<I, T> Copy for LaneOf<I, T> {}

const INQUIRY_LANE: LaneOf<Inquiry, Stored> = LaneOf {
    lane: |crm| &mut crm.inquiries,
    run: |store, batch| store.store_inquiries(batch),
    before: Some(Failpoint::StoreBefore),
    after: |crm| {
        reach(Failpoint::StoreCommitted);
        stir(&crm.relay);
    },
};

const BEGIN_LANE: LaneOf<BeginTurn, Begun> = LaneOf {
    lane: |crm| &mut crm.begins,
    run: |store, batch| store.begin_turns(batch),
    before: None,
    after: |_| {},
};

const RECORD_LANE: LaneOf<RecordSteps, Held> = LaneOf {
    lane: |crm| &mut crm.records,
    run: |store, batch| store.record_steps(batch),
    before: None,
    after: |_| {},
};

const FINISH_LANE: LaneOf<Finish, Finished> = LaneOf {
    lane: |crm| &mut crm.finishes,
    run: |store, batch| store.finish_turns(batch),
    before: None,
    after: |crm| {
        reach(Failpoint::FinishCommitted);
        crm.deliveries.iter().for_each(stir);
        stir(&crm.relay);
    },
};

impl Crm {
    fn enqueue<I: 'static, T: 'static>(
        &mut self,
        kind: LaneOf<I, T>,
        job: Job<I, T>,
        hands: &mut Hands<'_, Self>,
    ) {
        if let Err(job) = (kind.lane)(self).offer(job) {
            METERS.refused.with_label_values(&["crm"]).inc();
            job.reply.send(Err(CallError::Busy));
            return;
        }
        self.flush(kind, hands);
    }

    fn flush<I: 'static, T: 'static>(&mut self, kind: LaneOf<I, T>, hands: &mut Hands<'_, Self>) {
        let Some(batch) = (kind.lane)(self).next_batch() else {
            return;
        };
        if let Some(point) = kind.before {
            reach(point);
        }
        let (items, replies): (Vec<_>, Vec<_>) = batch.into_iter().map(|job| (job.item, job.reply)).unzip();
        let run = tokio::time::timeout(PATIENCE, (kind.run)(self.store.as_ref(), items));
        hands.perform(run, move |crm, answers, hands| {
            (kind.after)(crm);
            (kind.lane)(crm).ended();
            match answers {
                Ok(answers) => {
                    replies.into_iter().zip(answers).for_each(|(reply, answer)| settle(reply, answer));
                }
                Err(_elapsed) => replies.into_iter().for_each(|reply| reply.send(Err(CallError::TimedOut))),
            }
            crm.flush(kind, hands);
        });
    }

    /// Does something small, if not too much of it is under way.
    fn run<T: 'static>(
        &self,
        reply: Reply<T>,
        hands: &mut Hands<'_, Self>,
        deed: impl FnOnce(&dyn Store) -> Pending<Result<T, CrmError>>,
    ) {
        let Some(permit) = self.errands.admit() else {
            METERS.refused.with_label_values(&["crm"]).inc();
            reply.send(Err(CallError::Busy));
            return;
        };
        let reply = reply.holding(permit);
        let deed = tokio::time::timeout(PATIENCE, deed(self.store.as_ref()));
        hands.perform(deed, |_, answer, _| match answer {
            Ok(answer) => settle(reply, answer),
            Err(_elapsed) => reply.send(Err(CallError::TimedOut)),
        });
    }
}

impl Work<Errand> for Crm {
    fn work(&mut self, errand: Errand, hands: &mut Hands<'_, Self>) {
        match errand {
            Errand::RenewLease { conversation, epoch, reply } => {
                self.run(reply, hands, |store| store.renew_lease(conversation, epoch));
            }
            Errand::RecordFault { conversation, epoch, reply } => {
                self.run(reply, hands, |store| store.record_fault(conversation, epoch));
            }
            Errand::Spent { conversation: id, reply } => self.run(reply, hands, |store| store.spent(id)),
            Errand::FindDelays { older_than, at_most, reply } => {
                self.run(reply, hands, |store| store.find_delays(older_than, at_most));
            }
            Errand::AcknowledgeDelays { notices, reply } => {
                self.run(reply, hands, |store| store.acknowledge_delays(notices));
            }
            Errand::HandBack { conversations, owner, reply } => {
                self.run(reply, hands, |store| store.hand_back(conversations, owner));
            }
            Errand::ClaimOutbox { done, at_most, reply } => {
                self.run(reply, hands, |store| store.claim_outbox(done, at_most));
            }
            Errand::ParkOutbox { id, reason, reply } => {
                self.run(reply, hands, |store| store.park_outbox(id, reason));
            }
            Errand::Ring { bell, reply } => self.run(reply, hands, |store| store.ring(bell)),
            Errand::Backlog { reply } => self.run(reply, hands, |store| store.backlog()),
            Errand::Sweep { sweep, reply } => self.run(reply, hands, |store| store.sweep(sweep)),
            Errand::PublishWebReplies { at_most, reply } => {
                self.run(reply, hands, |store| store.publish_web_replies(at_most));
            }
            Errand::Search { question, at_most, reply } => {
                self.run(reply, hands, |store| store.search(question, at_most));
            }
            Errand::ClaimNotices { at_most, reply } => {
                self.run(reply, hands, |store| store.claim_notices(at_most));
            }
            Errand::SettleNotice { escalation, attempt, end, reply } => {
                self.run(reply, hands, |store| store.settle_notice(escalation, attempt, end));
            }
            Errand::PendingMigrations { reply } => self.run(reply, hands, |store| store.pending_migrations()),
        }
    }
}

impl Work<Read> for Crm {
    fn work(&mut self, read: Read, hands: &mut Hands<'_, Self>) {
        match read {
            Read::Ticket(ticket, reply) => self.run(reply, hands, |store| store.ticket(ticket)),
            Read::Conversation(id, reply) => self.run(reply, hands, |store| store.conversation(id)),
            Read::Customer(identifier, reply) => self.run(reply, hands, |store| store.customer(identifier)),
            Read::File(id, reply) => self.run(reply, hands, |store| store.channels().stored_file(id)),
            Read::ChannelMetrics(hours, reply) => {
                self.run(reply, hands, |store| store.channel_metrics(hours));
            }
        }
    }
}

fn settle<T>(reply: Reply<T>, answer: Result<T, CrmError>) {
    let answer: Answer<T> = answer.map_err(CallError::from);
    reply.send(answer);
}

/// Wakes somebody up; one who can't hear it finds the rows by looking now and then.
pub fn stir(who: &Recipient<Stir>) {
    let _dropped = who.try_send(Stir);
}

/// Equal things have equal keys; should others share one by chance, one of them waits for the next batch.
fn key(thing: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    thing.hash(&mut hasher);
    hasher.finish()
}
