//! `Consumer`: takes pointers out of Kafka and hands them to the `Pool`, as many as it has room for.
//!
//! An event is finished when its conversation has come to rest, whatever became of the turn; only below the lowest
//! unfinished one may an offset be stored. It never waits for Kafka itself: a thread of the adapter does.

mod holdings;

use std::sync::Arc;
use std::time::Duration;

use actix::prelude::*;

use self::holdings::Holdings;
use super::ask::{Answer, Reply, ask};
use super::crm::Stir;
use super::pool::{HandIn, Limits, PoolNews, Room, Withdraw};
use super::rounds::{Go, Rounds};
use super::shell::{Hands, Work, Worker};
use super::standing::METERS;
use crate::bus::event::{Event, decode};
use crate::bus::port::{Group, Happening, Letter, Membership};
use crate::bus::topic::Topic;
use crate::bus::watchdog::{Look, Watchdog};
use crate::clock;
use crate::crm::port::Pointer;
use crate::domain::ids::ConversationId;
use crate::failpoint::{Failpoint, reach};

/// How often it looks for room, and whether all is well.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// Events taken at once, at most.
const AT_ONCE: usize = 512;
const PATIENCE: Duration = Duration::from_secs(20);
/// For telling the group.
const LEAVE_PATIENCE: Duration = Duration::from_secs(3);
/// Before another try to join.
const JOIN_PAUSE: Duration = Duration::from_secs(1);

/// Take no more. The partitions stay here while turns run: another owner would begin them again.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct StopConsuming {
    pub reply: Reply<()>,
}

/// Leave the group, so that others have the partitions at once.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct LeaveGroup {
    pub reply: Reply<()>,
}

/// What a `Consumer` is made from.
pub struct ConsumerSeed {
    pub group: Arc<dyn Group>,
    pub pool: Recipient<HandIn>,
    pub withdraw: Recipient<Withdraw>,
    pub limits: Arc<Limits>,
}

pub struct Consumer {
    group: Arc<dyn Group>,
    pool: Recipient<HandIn>,
    withdraw: Recipient<Withdraw>,
    limits: Arc<Limits>,
    member: Option<Arc<dyn Membership>>,
    /// Counts memberships: what an earlier one still says is not listened to.
    term: u32,
    holdings: Holdings,
    watchdog: Watchdog,
    room: usize,
    /// Hand-ins under way: how much room they leave is not known yet.
    handing: usize,
    rounds: Rounds,
    stopping: bool,
}

impl Worker for Consumer {
    type Seed = ConsumerSeed;
    const MAILBOX: usize = 64;

    fn make(seed: &ConsumerSeed) -> Self {
        Self {
            group: Arc::clone(&seed.group),
            pool: seed.pool.clone(),
            withdraw: seed.withdraw.clone(),
            limits: Arc::clone(&seed.limits),
            member: None,
            term: 0,
            holdings: Holdings::default(),
            watchdog: Watchdog::new(clock::monotonic()),
            room: 0,
            handing: 0,
            rounds: Rounds::default(),
            stopping: false,
        }
    }

    fn started(&mut self, hands: &mut Hands<'_, Self>) {
        self.join(hands);
        tick(hands);
    }
}

fn tick(hands: &mut Hands<'_, Consumer>) {
    hands.after(LOOK_EVERY, |consumer, hands| {
        tick(hands);
        consumer.check(hands);
        consumer.look(hands);
    });
}

impl Work<Stir> for Consumer {
    fn work(&mut self, _: Stir, hands: &mut Hands<'_, Self>) {
        self.look(hands);
    }
}

impl Work<PoolNews> for Consumer {
    fn work(&mut self, news: PoolNews, hands: &mut Hands<'_, Self>) {
        match news {
            PoolNews::Rests { conversation, times } => {
                self.holdings.rests(conversation, times);
                self.store();
            }
            PoolNews::Renewed => {
                let again = self.holdings.begin_again();
                self.hand_in(again, hands);
            }
        }
    }
}

impl Work<StopConsuming> for Consumer {
    fn work(&mut self, order: StopConsuming, _: &mut Hands<'_, Self>) {
        self.stopping = true;
        if let Some(member) = &self.member {
            member.want(0);
        }
        order.reply.send(Ok(()));
    }
}

impl Work<LeaveGroup> for Consumer {
    fn work(&mut self, order: LeaveGroup, hands: &mut Hands<'_, Self>) {
        self.stopping = true;
        let Some(member) = self.member.clone() else {
            order.reply.send(Ok(()));
            return;
        };
        let left = async move { tokio::time::timeout(LEAVE_PATIENCE, member.leave()).await };
        hands.perform(left, |consumer, left, _| {
            if left.is_err() {
                tracing::warn!("the group was not told in time that this member leaves");
            }
            consumer.member = None;
            order.reply.send(Ok(()));
        });
    }
}

/// However a worker ends, its membership does too: one that nobody listens to would keep its partitions from everybody.
impl Drop for Consumer {
    fn drop(&mut self) {
        self.give_up();
    }
}

impl Consumer {
    /// Ends the membership. Its thread does that, and is not waited for.
    fn give_up(&mut self) {
        if let Some(member) = self.member.take() {
            drop(member.leave());
        }
    }

    /// Becomes a member, unless no turns are taken here: then the others are to have all partitions.
    fn join(&mut self, hands: &mut Hands<'_, Self>) {
        self.term = self.term.wrapping_add(1);
        self.give_up();
        self.holdings = Holdings::default();
        self.watchdog = Watchdog::new(clock::monotonic());
        // What an earlier membership, or an earlier worker, has handed in comes again.
        self.withdraw_all(hands);
        if self.stopping || self.limits.size() == 0 {
            return;
        }
        match self.group.join() {
            Ok(member) => {
                self.member = Some(member);
                self.listen(hands);
                self.look(hands);
            }
            Err(error) => {
                tracing::error!(%error, "could not join the group");
                hands.after(JOIN_PAUSE, |consumer, hands| {
                    if consumer.member.is_none() {
                        consumer.join(hands);
                    }
                });
            }
        }
    }

    fn listen(&mut self, hands: &mut Hands<'_, Self>) {
        let Some(member) = self.member.clone() else {
            return;
        };
        let term = self.term;
        hands.perform(async move { member.next().await }, move |consumer, happening, hands| {
            if consumer.term == term {
                consumer.happened(happening, hands);
            }
        });
    }

    fn happened(&mut self, happening: Happening, hands: &mut Hands<'_, Self>) {
        self.watchdog.heard(clock::monotonic());
        match happening {
            Happening::Arrived(letters) => {
                reach(Failpoint::ConsumerTaken);
                self.room = self.room.saturating_sub(letters.len());
                let pointers = self.open(letters);
                self.hand_in(pointers, hands);
            }
            Happening::Assigned(partitions) => {
                tracing::info!(partitions = partitions.len(), "got partitions");
            }
            Happening::Revoked(partitions) => {
                tracing::info!(partitions = partitions.len(), "lost partitions");
                let conversations =
                    partitions.into_iter().flat_map(|lost| self.holdings.lost(lost)).collect();
                self.withdraw(Some(conversations), hands);
            }
            Happening::Ended(reason) => {
                tracing::error!(reason, "the membership has ended, joining again");
                self.member = None;
                hands.after(JOIN_PAUSE, Self::join);
                return;
            }
        }
        self.listen(hands);
    }

    /// The pointers in the letters. One that can't be read is logged and done with: it holds up nobody, and the message
    /// itself is found by the sweeper.
    fn open(&mut self, letters: Vec<Letter>) -> Vec<Pointer> {
        let mut pointers = Vec::with_capacity(letters.len());
        for letter in letters {
            let place = (letter.partition, letter.offset);
            match decode(Topic::TicketsIncoming, &letter.payload) {
                Ok(Event::TicketIncoming(event)) => {
                    let pointer = Pointer { conversation: event.conversation_id, channel: event.channel };
                    self.holdings.taken(place, pointer);
                    pointers.push(pointer);
                }
                Ok(other) => unreachable!("decoded as another topic's: {other:?}"),
                Err(error) => {
                    METERS.unreadable.inc();
                    tracing::error!(partition = place.0.0, offset = place.1.0, %error, "skipping an event");
                    self.holdings.skipped(place);
                }
            }
        }
        self.store();
        pointers
    }

    fn hand_in(&mut self, pointers: Vec<Pointer>, hands: &mut Hands<'_, Self>) {
        if pointers.is_empty() {
            return;
        }
        let pool = self.pool.clone();
        self.handing += 1;
        let handed = async move { ask(&pool, PATIENCE, |reply| HandIn { pointers, reply }).await };
        hands.perform(handed, |consumer, room, hands| {
            consumer.handing -= 1;
            match room {
                Ok(room) => consumer.make_room(room),
                // The pool is new, and will say so, or did not get to it; either way nothing may be taken for finished.
                Err(error) => {
                    tracing::warn!(%error, "could not hand events to the pool, joining again");
                    consumer.join(hands);
                }
            }
        });
    }

    fn make_room(&mut self, Room(room): Room) {
        self.room = room.min(AT_ONCE);
        if let Some(member) = &self.member
            && self.handing == 0
            && !self.stopping
        {
            member.want(self.room);
        }
    }

    /// Asks the pool how much room there is.
    fn look(&mut self, hands: &mut Hands<'_, Self>) {
        if self.rounds.ask() == Go::Now {
            self.begin_look(hands);
        }
    }

    fn begin_look(&mut self, hands: &mut Hands<'_, Self>) {
        let pool = self.pool.clone();
        let room = async move { ask(&pool, PATIENCE, |reply| HandIn { pointers: vec![], reply }).await };
        hands.perform(room, |consumer, room: Answer<Room>, hands| {
            if let Ok(room) = room {
                consumer.make_room(room);
            }
            if consumer.rounds.ended() == Go::Now {
                // Not at once: the pool stirs oftener than room matters.
                hands.after(Duration::from_millis(1), Self::begin_look);
            }
        });
    }

    /// Leaves where no turns are taken any more, joins where they are again, and bites where nothing comes.
    fn check(&mut self, hands: &mut Hands<'_, Self>) {
        let takes_turns = self.limits.size() > 0 && !self.stopping;
        let Some(member) = self.member.clone() else {
            if takes_turns {
                self.join(hands);
            }
            return;
        };
        METERS.lag.set(member.lag().events);
        METERS.events_in_hand.set(i64::try_from(self.holdings.in_hand()).unwrap_or(i64::MAX));
        if !takes_turns && !self.stopping {
            tracing::info!("leaving the group: no turns are taken here");
            self.join(hands);
            return;
        }
        let look = Look {
            at: clock::monotonic(),
            lag: member.lag(),
            in_hand: self.holdings.in_hand(),
            paused: self.room == 0,
        };
        if self.watchdog.bites(look) && !self.stopping {
            tracing::error!(lag = look.lag.events, "nothing comes although events wait, joining again");
            METERS.rejoins.inc();
            self.join(hands);
        }
    }

    fn store(&mut self) {
        let risen = self.holdings.risen();
        if let Some(member) = &self.member
            && !risen.is_empty()
        {
            reach(Failpoint::ConsumerFinished);
            member.finished_below(risen);
        }
    }

    fn withdraw_all(&self, hands: &mut Hands<'_, Self>) {
        self.withdraw(None, hands);
    }

    fn withdraw(&self, conversations: Option<Vec<ConversationId>>, hands: &mut Hands<'_, Self>) {
        let withdraw = self.withdraw.clone();
        let told = async move { ask(&withdraw, PATIENCE, |reply| Withdraw { conversations, reply }).await };
        hands.perform(told, |_, told, _| {
            if let Err(error) = told {
                tracing::warn!(%error, "could not withdraw lost work; it is fenced");
            }
        });
    }
}
