//! `Pool`: registry of the live conversations of this process, and scheduler of their turns.
//!
//! It alone ends a `Conversation`, and only when nothing was sent to it since it reported to be at rest. It knows
//! nothing of what a turn does.

mod limits;
mod pending_acks;

use std::collections::{HashMap, VecDeque};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use actix::prelude::*;

pub use self::limits::Limits;
pub use self::pending_acks::PoolNews;

use self::pending_acks::PendingAcks;
use super::conversation::{Arrived, Conversation, ConversationArgs, ConversationWires, TurnGranted};
use super::turn_slots::{AskForTurn, Resting, TurnEnded, TurnSlots};
use crate::actors::messages::{AdjustPool, PoolView};
use crate::actors::runtime::actor_health::ActorHealth;
use crate::actors::runtime::ask::{Reply, Takes};
use crate::actors::runtime::supervised::{Supervised, Work, Worker, WorkerContext};
use crate::actors::store::crm::{Wake, wake};
use crate::crm::port::Pointer;
use crate::domain::conversations::answer_fault::AnswerFault;
use crate::domain::conversations::dialogue::Ending;
use crate::domain::enums::{Channel, Reason};
use crate::domain::ids::ConversationId;
use crate::failpoint::{Failpoint, reach};
use crate::metrics::{METRICS, start_at_zero};

/// Conversations with work per concurrent turn: enough to keep the turns busy, few enough that the rest stays in the
/// outbox, where other processes find it.
const WORK_FOR_EACH_TURN: usize = 4;
/// The pause before a conversation whose turn was lost is taken up again: the cause of a panic may need a moment to
/// pass.
const LOST_PAUSE: Duration = Duration::from_millis(500);
/// Poll interval of a drain.
const DRAIN_LOOK: Duration = Duration::from_millis(20);

/// Pointers to conversations with unanswered messages. Answered when they are accepted.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct Submit {
    pub pointers: Vec<Pointer>,
    pub reply: Reply<Capacity>,
}

/// The pool's free capacity in conversations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capacity(pub usize);

/// Start no more turns, wait for the running ones, and return the remaining conversations.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct DrainPool {
    pub timeout: Duration,
    pub reply: Reply<Vec<ConversationId>>,
}

/// Forget these conversations, or all, unless their turn is running: another process owns them now.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct Revoke {
    pub conversations: Option<Vec<ConversationId>>,
    pub reply: Reply<()>,
}

/// Arguments of a `Pool`.
pub struct PoolArgs {
    pub limits: Arc<Limits>,
    pub wires: Rc<ConversationWires>,
    /// The source of work, woken when there is capacity again.
    pub source: Recipient<Wake>,
    /// Informed when submitted work is finished.
    pub consumer: Option<Recipient<PoolNews>>,
    pub conversations: Arc<ActorHealth>,
}

pub struct Pool {
    limits: Arc<Limits>,
    wires: Rc<ConversationWires>,
    /// Shared with the conversations; created with the first of them.
    slots: Option<Rc<TurnSlots>>,
    source: Recipient<Wake>,
    pending_acks: PendingAcks,
    conversations: Arc<ActorHealth>,
    live: HashMap<ConversationId, PoolEntry>,
    /// Conversations waiting for a turn, in order.
    queue: VecDeque<ConversationId>,
    /// Idle conversations with the stamp of when they came to rest, longest idle first; entries may be outdated.
    idle: VecDeque<(ConversationId, u32)>,
    resting: usize,
    running: usize,
    stamp: u32,
    draining: bool,
}

struct PoolEntry {
    address: Addr<Supervised<Conversation>>,
    channel: Channel,
    sent: u32,
    state: PoolState,
}

/// State of a conversation, as the pool knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PoolState {
    Active,
    Running,
    Resting { stamp: u32 },
}

impl Worker for Pool {
    type Args = PoolArgs;
    const MAILBOX: usize = 1024;

    fn new(args: &PoolArgs) -> Self {
        start_at_zero(&METRICS.turns, ENDINGS.map(name));
        start_at_zero(&METRICS.model_corrections, AnswerFault::ALL.map(AnswerFault::as_str));
        start_at_zero(&METRICS.escalations, Reason::ALL.iter().map(|reason| reason.as_str()));
        Self {
            limits: Arc::clone(&args.limits),
            wires: Rc::clone(&args.wires),
            slots: None,
            source: args.source.clone(),
            pending_acks: PendingAcks::to(args.consumer.clone()),
            conversations: Arc::clone(&args.conversations),
            live: HashMap::new(),
            queue: VecDeque::new(),
            idle: VecDeque::new(),
            resting: 0,
            running: 0,
            stamp: 0,
            draining: false,
        }
    }

    fn started(&mut self, _: &mut WorkerContext<'_, Self>) {
        self.pending_acks.begin();
        self.show();
    }
}

impl Work<Submit> for Pool {
    fn work(&mut self, message: Submit, ctx: &mut WorkerContext<'_, Self>) {
        if !message.pointers.is_empty() {
            reach(Failpoint::PoolTaken);
        }
        for pointer in message.pointers {
            self.pending_acks.took(pointer.conversation);
            self.arrived(pointer, ctx);
        }
        self.show();
        message.reply.send(Ok(Capacity(self.room())));
    }
}

impl Work<AskForTurn> for Pool {
    fn work(&mut self, message: AskForTurn, _: &mut WorkerContext<'_, Self>) {
        self.queue.push_back(message.0);
        self.grant();
    }
}

impl Work<TurnEnded> for Pool {
    fn work(&mut self, message: TurnEnded, ctx: &mut WorkerContext<'_, Self>) {
        let Some(entry) = self.live.get_mut(&message.conversation) else {
            return;
        };
        if entry.state != PoolState::Running {
            return;
        }
        entry.state = PoolState::Active;
        self.running -= 1;
        METRICS.turns.with_label_values(&[name(message.how)]).inc();
        if message.how.is_none() {
            // Its new worker does not know what the lost one was doing, nor what it was sent.
            let channel = entry.channel;
            let pointer = Pointer { conversation: message.conversation, channel, traceparent: None };
            self.live.remove(&message.conversation);
            ctx.after(LOST_PAUSE, move |pool, ctx| pool.arrived(pointer, ctx));
        }
        self.grant();
    }
}

impl Work<Resting> for Pool {
    fn work(&mut self, message: Resting, _: &mut WorkerContext<'_, Self>) {
        let Some(entry) = self.live.get_mut(&message.conversation) else {
            return;
        };
        if entry.sent != message.seen || entry.state != PoolState::Active {
            return;
        }
        self.stamp = self.stamp.wrapping_add(1);
        entry.state = PoolState::Resting { stamp: self.stamp };
        self.resting += 1;
        self.idle.push_back((message.conversation, self.stamp));
        self.pending_acks.rests(message.conversation);
        self.passivate();
        self.show();
        if self.room() == self.capacity() / 2 || self.room() == 1 {
            wake(&self.source);
        }
    }
}

impl Work<Revoke> for Pool {
    fn work(&mut self, order: Revoke, _: &mut WorkerContext<'_, Self>) {
        let lost = match order.conversations {
            Some(conversations) => conversations,
            None => {
                self.pending_acks.forget_all();
                self.live.keys().copied().collect()
            }
        };
        for conversation in lost {
            self.pending_acks.forget(conversation);
            // Its actor ends without an address, and its requests go nowhere. A running turn is fenced.
            if self.live.get(&conversation).is_some_and(|entry| entry.state == PoolState::Active) {
                self.live.remove(&conversation);
            }
        }
        self.show();
        order.reply.send(Ok(()));
    }
}

impl Work<AdjustPool> for Pool {
    fn work(&mut self, order: AdjustPool, _: &mut WorkerContext<'_, Self>) {
        self.limits.change(order.change);
        self.passivate();
        self.grant();
        // The capacity may have grown, or dropped to zero.
        wake(&self.source);
        order.reply.send(Ok(PoolView {
            size: self.limits.size(),
            idle: self.limits.max_idle(),
            running: self.running,
            waiting: self.queue.len(),
            live: self.live.len(),
        }));
    }
}

impl Work<DrainPool> for Pool {
    fn work(&mut self, order: DrainPool, ctx: &mut WorkerContext<'_, Self>) {
        self.draining = true;
        self.await_running(order, ctx);
    }
}

impl Pool {
    fn arrived(&mut self, pointer: Pointer, ctx: &mut WorkerContext<'_, Self>) {
        let slots = self.slots.get_or_insert_with(|| Rc::new(turn_slots(&ctx.address())));
        let (wires, health) = (&self.wires, &self.conversations);
        let entry = self.live.entry(pointer.conversation).or_insert_with(|| {
            let args = ConversationArgs {
                id: pointer.conversation,
                channel: pointer.channel,
                wires: Rc::clone(wires),
                slots: Rc::clone(slots),
            };
            let address = Supervised::new(args, Arc::clone(health)).start();
            PoolEntry { address, channel: pointer.channel, sent: 0, state: PoolState::Active }
        });
        if let PoolState::Resting { .. } = entry.state {
            entry.state = PoolState::Active;
            self.resting -= 1;
        }
        // Its mailbox is full only if it was notified often enough already.
        if entry.address.take(Arrived { traceparent: pointer.traceparent }).is_ok() {
            entry.sent = entry.sent.wrapping_add(1);
        }
    }

    /// Starts as many turns as allowed. A waiting conversation has left the queue, and would wait for ever if its
    /// mailbox, full of notifications, refused the order.
    #[expect(clippy::disallowed_methods, reason = "one for each running turn, and must not be refused")]
    fn grant(&mut self) {
        while self.running < self.limits.size() && !self.draining {
            let Some(conversation) = self.queue.pop_front() else {
                break;
            };
            let Some(entry) = self.live.get_mut(&conversation) else {
                continue;
            };
            if entry.state == PoolState::Active && entry.address.connected() {
                entry.address.do_send(TurnGranted);
                entry.state = PoolState::Running;
                self.running += 1;
            }
        }
        self.show();
    }

    /// Passivates the longest idle conversations above the limit: without an address their actors stop.
    fn passivate(&mut self) {
        while self.resting > self.limits.max_idle() || self.idle.len() > 2 * self.resting + 64 {
            let Some((conversation, stamp)) = self.idle.pop_front() else {
                break;
            };
            let current =
                self.live.get(&conversation).is_some_and(|entry| entry.state == PoolState::Resting { stamp });
            if current && self.resting > self.limits.max_idle() {
                self.live.remove(&conversation);
                self.resting -= 1;
            } else if current {
                self.idle.push_back((conversation, stamp));
            }
        }
    }

    fn capacity(&self) -> usize {
        if self.draining { 0 } else { self.limits.size() * WORK_FOR_EACH_TURN }
    }

    fn room(&self) -> usize {
        self.capacity().saturating_sub(self.live.len() - self.resting)
    }

    fn await_running(&mut self, order: DrainPool, ctx: &mut WorkerContext<'_, Self>) {
        if self.running == 0 || order.timeout.is_zero() {
            let left =
                self.live.iter().filter(|(_, entry)| !matches!(entry.state, PoolState::Resting { .. }));
            order.reply.send(Ok(left.map(|(id, _)| *id).collect()));
            return;
        }
        let timeout = order.timeout.saturating_sub(DRAIN_LOOK);
        ctx.after(DRAIN_LOOK, move |pool, ctx| {
            pool.await_running(DrainPool { timeout, ..order }, ctx);
        });
    }

    fn show(&self) {
        METRICS.pool_size.set(gauge(self.limits.size()));
        METRICS.running.set(gauge(self.running));
        METRICS.waiting.set(gauge(self.queue.len()));
        METRICS.live.set(gauge(self.live.len()));
    }
}

fn turn_slots(pool: &Addr<Supervised<Pool>>) -> TurnSlots {
    TurnSlots {
        ask: pool.clone().recipient(),
        ended: pool.clone().recipient(),
        resting: pool.clone().recipient(),
    }
}

const ENDINGS: [Option<Ending>; 4] =
    [Some(Ending::Done), Some(Ending::MoreWaits), Some(Ending::Failed), None];

fn name(how: Option<Ending>) -> &'static str {
    match how {
        Some(Ending::Done) => "done",
        Some(Ending::MoreWaits) => "more_waits",
        Some(Ending::Failed) => "failed",
        None => "lost",
    }
}

fn gauge(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
