//! `Delivery` of a chat channel: sends replies through a provider, once each, in the order of their conversation.
//!
//! A reply is marked as being sent before its request, so a crash leaves a doubt and never a second message: what
//! nobody knows is settled by the provider's reports, or by its list (PROTOCOL.md 6). It decides nothing about the
//! reply itself.

mod doubts;
mod send;

use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix::prelude::*;

use self::doubts::Heard;
use self::send::Carried;
use crate::actors::ask::{Reply, ask};
use crate::actors::crm::{Consignment, Stir};
use crate::actors::messages::RecordStatus;
use crate::actors::rounds::{Go, Rounds};
use crate::actors::shell::{Hands, Work, Worker};
use crate::actors::standing::METERS;
use crate::actors::trouble::Trouble;
use crate::channels::port::Messenger;
use crate::clock;
use crate::crm::port::channels::Claim;
use crate::domain::delivery::{Parcel, pause_after};
use crate::domain::words::Channel;

/// How often it looks without being stirred.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// Requests under way at once: at a second each they carry the 80 a second that a sender may send.
const AT_ONCE: usize = 96;
/// How long a claim lasts: longer than a claim may wait for its request, and the request for its answer.
pub const LEASE: Duration = Duration::from_secs(20);
const PATIENCE: Duration = Duration::from_secs(20);

/// How the channel is served.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ChatSettings {
    pub channel: Channel,
    /// Messages that the provider takes a second from the sender, whichever process sends them.
    pub per_second: f64,
    /// How long an attempt without an answer is looked for before it is made once more.
    pub quiet: Duration,
}

/// Send no more; answered when no request is under way.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct StopSending {
    pub reply: Reply<()>,
}

/// What a `ChatDelivery` is made from.
pub struct ChatDeliverySeed {
    pub wires: Rc<ChatWires>,
    pub settings: ChatSettings,
    pub trouble: Arc<Trouble>,
}

/// Whom it asks.
pub struct ChatWires {
    pub crm: Recipient<Consignment>,
    pub statuses: Recipient<RecordStatus>,
    pub messenger: Arc<dyn Messenger>,
}

pub struct ChatDelivery {
    wires: Rc<ChatWires>,
    settings: ChatSettings,
    trouble: Arc<Trouble>,
    rounds: Rounds,
    under_way: usize,
    /// Failures in a row that are the provider's, and until when they make it wait.
    failures: u32,
    paused_until: Option<Instant>,
    /// When an attempt of which nobody knows is doubtful in the records, unless it was settled before.
    doubt_from: Option<Instant>,
    stopped: Option<Vec<Reply<()>>>,
}

impl Worker for ChatDelivery {
    type Seed = ChatDeliverySeed;
    const MAILBOX: usize = 8;

    fn make(seed: &ChatDeliverySeed) -> Self {
        Self {
            wires: Rc::clone(&seed.wires),
            settings: seed.settings,
            trouble: Arc::clone(&seed.trouble),
            rounds: Rounds::default(),
            under_way: 0,
            failures: 0,
            paused_until: None,
            doubt_from: None,
            stopped: None,
        }
    }

    fn started(&mut self, hands: &mut Hands<'_, Self>) {
        tick(hands);
        self.look(hands);
        doubts::look(self, hands);
    }
}

fn tick(hands: &mut Hands<'_, ChatDelivery>) {
    hands.after(LOOK_EVERY, |delivery, hands| {
        tick(hands);
        delivery.look(hands);
    });
}

impl Work<Stir> for ChatDelivery {
    fn work(&mut self, _: Stir, hands: &mut Hands<'_, Self>) {
        self.look(hands);
    }
}

impl Work<StopSending> for ChatDelivery {
    fn work(&mut self, order: StopSending, _: &mut Hands<'_, Self>) {
        self.stopped.get_or_insert_default().push(order.reply);
        self.tell_if_idle();
    }
}

impl ChatDelivery {
    fn look(&mut self, hands: &mut Hands<'_, Self>) {
        let now = clock::monotonic();
        let room = AT_ONCE.saturating_sub(self.under_way);
        let is_paused = self.paused_until.is_some_and(|until| now < until);
        if self.stopped.is_some() || is_paused || room == 0 || self.rounds.ask() == Go::NotNow {
            return;
        }
        self.claim(room, hands);
    }

    fn claim(&mut self, room: usize, hands: &mut Hands<'_, Self>) {
        let at_most = i64::try_from(room).unwrap_or(i64::MAX);
        let claim = Claim { channel: self.settings.channel, at_most, lease: LEASE };
        let (wires, per_second) = (Rc::clone(&self.wires), self.settings.per_second);
        let asked_at = clock::monotonic();
        let deed = async move {
            ask(&wires.crm, PATIENCE, |reply| Consignment::Claim { claim, per_second, reply }).await
        };
        hands.perform(deed, move |delivery, claimed, hands| {
            let parcels = claimed.unwrap_or_else(|error| {
                tracing::warn!(%error, "could not look for replies to send");
                Vec::new()
            });
            let is_full = parcels.len() == room;
            for parcel in parcels {
                delivery.carry(parcel, asked_at, hands);
            }
            if delivery.rounds.ended() == Go::Now || is_full {
                let _running = std::mem::take(&mut delivery.rounds);
                delivery.look(hands);
            }
        });
    }

    fn carry(&mut self, parcel: Parcel, asked_at: Instant, hands: &mut Hands<'_, Self>) {
        self.under_way += 1;
        let wires = Rc::clone(&self.wires);
        hands.perform(send::carry(wires, parcel, asked_at), |delivery, carried, hands| {
            delivery.under_way -= 1;
            delivery.learn(&carried);
            delivery.tell_if_idle();
            delivery.look(hands);
        });
    }

    /// A provider that is away is left alone for a while; one that answers is used again at once.
    fn learn(&mut self, carried: &Carried) {
        METERS.deliveries.with_label_values(&[carried.as_str()]).inc();
        match carried {
            Carried::Sent | Carried::Failed => {
                self.failures = 0;
                self.paused_until = None;
                self.clear_trouble();
            }
            Carried::Away { why, retry_after } => {
                let now = clock::monotonic();
                // Requests that failed together are one failure.
                if self.paused_until.is_none_or(|until| now >= until) {
                    self.failures = self.failures.saturating_add(1);
                    self.paused_until = Some(now + retry_after.unwrap_or_else(|| pause_after(self.failures)));
                }
                self.trouble.set(Some(why.clone()));
            }
            Carried::Unknown { why } => self.note_silence(why, LEASE),
            Carried::Nothing => {}
        }
    }

    /// What looking for doubtful attempts says of the provider. One that takes nothing is in trouble whatever it lists.
    fn hear(&mut self, heard: &Heard) {
        let is_over = |from: Instant| clock::monotonic() >= from;
        match heard {
            Heard::Silence(why) => self.note_silence(why, doubts::LEASE),
            Heard::Answer if self.failures == 0 => self.clear_trouble(),
            // Its reports have settled what was doubtful.
            Heard::Nothing if self.failures == 0 && self.doubt_from.is_some_and(is_over) => {
                self.clear_trouble();
            }
            Heard::Answer | Heard::Nothing => {}
        }
    }

    fn note_silence(&mut self, why: &str, lease: Duration) {
        self.doubt_from = Some(clock::monotonic() + lease);
        self.trouble.set(Some(why.to_owned()));
    }

    fn clear_trouble(&mut self) {
        self.doubt_from = None;
        self.trouble.set(None);
    }

    fn tell_if_idle(&mut self) {
        if self.under_way == 0 {
            self.stopped
                .iter_mut()
                .flat_map(|replies| replies.drain(..))
                .for_each(|reply| reply.send(Ok(())));
        }
    }
}
