//! `Consumer`: bridges Kafka to the `Pool` with back-pressure. It takes as many pointers as the pool has capacity for.
//!
//! An event is finished when its conversation is at rest, whatever the turn's outcome; only offsets below the lowest
//! unfinished event may be stored. It never blocks on Kafka: a thread of the adapter does.

mod lag_age;
mod offset_tracker;
mod span;

use std::sync::Arc;
use std::time::Duration;

use actix::prelude::*;

use self::lag_age::LagAge;
use self::offset_tracker::OffsetTracker;
use crate::actors::conversations::pool::{Capacity, Limits, PoolNews, Revoke, Submit};
use crate::actors::runtime::ask::{Answer, CallError, Reply, ask};
use crate::actors::runtime::poller::{self, Next, Poll};
use crate::actors::runtime::single_flight::SingleFlight;
use crate::actors::runtime::supervised::{Work, Worker, WorkerContext};
use crate::bus::event::{Event, decode};
use crate::bus::port::{ConsumedRecord, Group, GroupEvent, Membership, MembershipEnd};
use crate::bus::topic::Topic;
use crate::bus::watchdog::{Look, Watchdog};
use crate::clock;
use crate::crm::port::Pointer;
use crate::domain::ids::ConversationId;
use crate::domain::runtime::timing::TIMEOUT;
use crate::failpoint::{Failpoint, reach};
use crate::metrics::METRICS;

/// Poll interval for the pool's capacity and the member's health.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// Maximum events taken at once.
const AT_ONCE: usize = 512;
/// Time-out for leaving the group.
const LEAVE_TIMEOUT: Duration = Duration::from_secs(3);
/// Pause before another attempt to join.
const JOIN_PAUSE: Duration = Duration::from_secs(1);

/// Take no more events. The partitions stay here while turns run: a new owner would begin them again.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct StopConsuming {
    pub reply: Reply<()>,
}

/// Leave the group, so that other members get the partitions at once.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct LeaveGroup {
    pub reply: Reply<()>,
}

/// Arguments of a `Consumer`.
pub struct ConsumerArgs {
    pub group: Arc<dyn Group>,
    pub pool: Recipient<Submit>,
    pub revoke: Recipient<Revoke>,
    pub limits: Arc<Limits>,
}

pub struct Consumer {
    group: Arc<dyn Group>,
    pool: Recipient<Submit>,
    revoke: Recipient<Revoke>,
    limits: Arc<Limits>,
    member: Option<Arc<dyn Membership>>,
    /// Counts memberships, so that late events of an earlier one are ignored.
    term: u32,
    offsets: OffsetTracker,
    watchdog: Watchdog,
    lag_age: LagAge,
    room: usize,
    /// Submissions in flight, whose effect on the capacity is not known yet.
    handing: usize,
    single_flight: SingleFlight,
    stopping: bool,
}

impl Worker for Consumer {
    type Args = ConsumerArgs;
    const MAILBOX: usize = 64;

    fn new(args: &ConsumerArgs) -> Self {
        Self {
            group: Arc::clone(&args.group),
            pool: args.pool.clone(),
            revoke: args.revoke.clone(),
            limits: Arc::clone(&args.limits),
            member: None,
            term: 0,
            offsets: OffsetTracker::default(),
            watchdog: Watchdog::new(clock::monotonic()),
            lag_age: LagAge::default(),
            room: 0,
            handing: 0,
            single_flight: SingleFlight::default(),
            stopping: false,
        }
    }

    fn started(&mut self, ctx: &mut WorkerContext<'_, Self>) {
        self.join(ctx);
        poller::start(self, ctx);
    }
}

impl Work<PoolNews> for Consumer {
    fn work(&mut self, news: PoolNews, ctx: &mut WorkerContext<'_, Self>) {
        match news {
            PoolNews::Rests { conversation, times } => {
                self.offsets.rests(conversation, times);
                self.store();
            }
            PoolNews::Renewed => {
                let again = self.offsets.begin_again();
                self.submit(again, ctx);
            }
        }
    }
}

impl Work<StopConsuming> for Consumer {
    fn work(&mut self, order: StopConsuming, _: &mut WorkerContext<'_, Self>) {
        self.stopping = true;
        if let Some(member) = &self.member {
            member.want(0);
        }
        order.reply.send(Ok(()));
    }
}

impl Work<LeaveGroup> for Consumer {
    fn work(&mut self, order: LeaveGroup, ctx: &mut WorkerContext<'_, Self>) {
        self.stopping = true;
        let Some(member) = self.member.clone() else {
            order.reply.send(Ok(()));
            return;
        };
        let left = async move { tokio::time::timeout(LEAVE_TIMEOUT, member.leave()).await };
        ctx.perform(left, |consumer, left, _| {
            if left.is_err() {
                tracing::warn!("the group was not told in time that this member leaves");
            }
            consumer.member = None;
            order.reply.send(Ok(()));
        });
    }
}

/// Polls the pool's capacity.
impl Poll for Consumer {
    type Found = Capacity;
    const FAILURE: &'static str = "the pool does not say how much room it has";
    /// The pool signals more often than capacity changes matter.
    const PAUSE: Duration = Duration::from_millis(1);

    fn every(&self) -> Duration {
        LOOK_EVERY
    }

    fn single_flight(&mut self) -> &mut SingleFlight {
        &mut self.single_flight
    }

    fn round(&mut self) -> impl Future<Output = Answer<Capacity>> + 'static {
        let pool = self.pool.clone();
        async move { ask(&pool, TIMEOUT, |reply| Submit { pointers: vec![], reply }).await }
    }

    fn found(&mut self, room: Capacity, _: &mut WorkerContext<'_, Self>) -> Next {
        self.set_capacity(room);
        Next::Wait
    }

    /// A pool with a full mailbox has no capacity anyway.
    fn failed(&mut self, error: &CallError) {
        tracing::debug!(%error, "{}", Self::FAILURE);
    }

    fn ticked(&mut self, ctx: &mut WorkerContext<'_, Self>) {
        self.check(ctx);
    }
}

/// However a worker ends, its membership ends too: an orphaned member would keep its partitions from all others.
impl Drop for Consumer {
    fn drop(&mut self) {
        self.give_up();
    }
}

impl Consumer {
    /// Ends the membership without waiting for its thread.
    fn give_up(&mut self) {
        if let Some(member) = self.member.take() {
            drop(member.leave());
        }
    }

    /// Joins the group, unless no turns run here: then the other members should own all partitions.
    fn join(&mut self, ctx: &mut WorkerContext<'_, Self>) {
        self.term = self.term.wrapping_add(1);
        self.give_up();
        self.offsets = OffsetTracker::default();
        self.watchdog = Watchdog::new(clock::monotonic());
        // Events submitted by an earlier membership or worker are redelivered.
        self.revoke_all(ctx);
        if self.stopping || self.limits.size() == 0 {
            return;
        }
        match self.group.join() {
            Ok(member) => {
                self.member = Some(member);
                self.listen(ctx);
                poller::look(self, ctx);
            }
            Err(error) => {
                tracing::error!(%error, "could not join the group");
                ctx.after(JOIN_PAUSE, |consumer, ctx| {
                    if consumer.member.is_none() {
                        consumer.join(ctx);
                    }
                });
            }
        }
    }

    fn listen(&mut self, ctx: &mut WorkerContext<'_, Self>) {
        let Some(member) = self.member.clone() else {
            return;
        };
        let term = self.term;
        ctx.wait_for(async move { member.next().await }, move |consumer, event, ctx| {
            if consumer.term == term {
                consumer.on_group_event(event, ctx);
            }
        });
    }

    fn on_group_event(&mut self, event: GroupEvent, ctx: &mut WorkerContext<'_, Self>) {
        self.watchdog.heard(clock::monotonic());
        match event {
            GroupEvent::Arrived(records) => {
                reach(Failpoint::ConsumerTaken);
                self.room = self.room.saturating_sub(records.len());
                let pointers = self.open(records);
                self.submit(pointers, ctx);
            }
            GroupEvent::Assigned(partitions) => {
                tracing::info!(partitions = partitions.len(), "got partitions");
            }
            GroupEvent::Revoked(partitions) => {
                tracing::info!(partitions = partitions.len(), "lost partitions");
                let conversations = partitions.into_iter().flat_map(|lost| self.offsets.lost(lost)).collect();
                self.revoke(Some(conversations), ctx);
            }
            GroupEvent::Ended(end) => {
                match end {
                    MembershipEnd::SecretReplaced => {
                        tracing::info!("the credentials of Kafka were replaced, joining again");
                    }
                    MembershipEnd::Left => tracing::warn!("the membership was left, joining again"),
                    MembershipEnd::Failed(reason) => {
                        tracing::error!(reason, "the membership has ended, joining again");
                    }
                }
                self.member = None;
                ctx.after(JOIN_PAUSE, Self::join);
                return;
            }
        }
        self.listen(ctx);
    }

    /// Decodes the pointers. A poison record is logged and skipped, so that it blocks nothing; the sweeper finds the
    /// message itself.
    fn open(&mut self, records: Vec<ConsumedRecord>) -> Vec<Pointer> {
        let mut pointers = Vec::with_capacity(records.len());
        for record in records {
            let place = (record.partition, record.offset);
            match decode(Topic::TicketsIncoming, &record.payload) {
                Ok(Event::TicketIncoming(event)) => {
                    let traceparent = record.traceparent.and_then(|parent| span::continued(&record, parent));
                    let (conversation, channel) = (event.conversation_id, event.channel);
                    let pointer = Pointer { conversation, channel, traceparent };
                    self.offsets.taken(place, pointer, record.appended_ms);
                    pointers.push(pointer);
                }
                Ok(other) => unreachable!("decoded as another topic's: {other:?}"),
                Err(error) => {
                    METRICS.unreadable.inc();
                    tracing::error!(partition = place.0.0, offset = place.1.0, %error, "skipping an event");
                    self.offsets.skipped(place);
                }
            }
        }
        self.store();
        pointers
    }

    fn submit(&mut self, pointers: Vec<Pointer>, ctx: &mut WorkerContext<'_, Self>) {
        if pointers.is_empty() {
            return;
        }
        let pool = self.pool.clone();
        self.handing += 1;
        let handed = async move { ask(&pool, TIMEOUT, |reply| Submit { pointers, reply }).await };
        ctx.perform(handed, |consumer, room, ctx| {
            consumer.handing -= 1;
            match room {
                Ok(room) => consumer.set_capacity(room),
                // The pool restarted, and will report so, or did not receive it; either way no event counts as
                // finished.
                Err(error) => {
                    tracing::warn!(%error, "could not hand events to the pool, joining again");
                    consumer.join(ctx);
                }
            }
        });
    }

    fn set_capacity(&mut self, Capacity(room): Capacity) {
        self.room = room.min(AT_ONCE);
        if let Some(member) = &self.member
            && self.handing == 0
            && !self.stopping
        {
            member.want(self.room);
        }
    }

    /// Leaves the group when turns are switched off, rejoins when they are on again, and forces a rejoin when
    /// consumption stalls.
    fn check(&mut self, ctx: &mut WorkerContext<'_, Self>) {
        let takes_turns = self.limits.size() > 0 && !self.stopping;
        let Some(member) = self.member.clone() else {
            if takes_turns {
                self.join(ctx);
            }
            return;
        };
        METRICS.lag.set(member.lag().events);
        METRICS.lag_seconds.set(self.lag_age.seconds(member.lag(), self.offsets.oldest_ms()));
        METRICS.events_in_hand.set(i64::try_from(self.offsets.in_hand()).unwrap_or(i64::MAX));
        if !takes_turns && !self.stopping {
            tracing::info!("leaving the group: no turns are taken here");
            self.join(ctx);
            return;
        }
        let look = Look {
            at: clock::monotonic(),
            lag: member.lag(),
            in_hand: self.offsets.in_hand(),
            paused: self.room == 0,
        };
        if self.watchdog.is_stalled(look) && !self.stopping {
            tracing::error!(lag = look.lag.events, "nothing comes although events wait, joining again");
            METRICS.rejoins.inc();
            self.join(ctx);
        }
    }

    fn store(&mut self) {
        let risen = self.offsets.risen();
        if let Some(member) = &self.member
            && !risen.is_empty()
        {
            reach(Failpoint::ConsumerFinished);
            member.finished_below(risen);
        }
    }

    fn revoke_all(&self, ctx: &mut WorkerContext<'_, Self>) {
        self.revoke(None, ctx);
    }

    fn revoke(&self, conversations: Option<Vec<ConversationId>>, ctx: &mut WorkerContext<'_, Self>) {
        let revoke = self.revoke.clone();
        let told = async move { ask(&revoke, TIMEOUT, |reply| Revoke { conversations, reply }).await };
        ctx.perform(told, |_, told, _| {
            if let Err(error) = told {
                tracing::warn!(%error, "could not withdraw lost work; it is fenced");
            }
        });
    }
}
