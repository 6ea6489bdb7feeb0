//! `Relay`: takes pointers out of the outbox and hands them on, in process straight to `Pool`.
//!
//! A row is removed only after it was handed on; an error leaves it where it is, to be claimed again.

use std::time::Duration;

use actix::prelude::*;

use super::ask::{Answer, Reply, ask};
use super::crm::{Errand, Stir};
use super::pool::{HandIn, Room};
use super::rounds::{Go, Rounds};
use super::shell::{Hands, Work, Worker};
use crate::crm::port::{OutboxRow, Pointer};
use crate::failpoint::{Failpoint, reach};

/// Rows claimed at once, at most.
const ROWS: usize = 256;
/// How often it looks without being stirred: for rows that other processes, or crashes, have left.
const LOOK_EVERY: Duration = Duration::from_millis(250);
const PATIENCE: Duration = Duration::from_secs(20);

/// What a `Relay` is made from.
pub struct RelaySeed {
    pub crm: Recipient<Errand>,
    pub pool: Recipient<HandIn>,
}

pub struct Relay {
    crm: Recipient<Errand>,
    pool: Recipient<HandIn>,
    rounds: Rounds,
    /// Rows that were handed on and are still to be removed.
    done: Vec<i64>,
    stopped: bool,
}

/// Stop handing on.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct StopRelaying {
    pub reply: Reply<()>,
}

impl Worker for Relay {
    type Seed = RelaySeed;
    const MAILBOX: usize = 4;

    fn make(seed: &RelaySeed) -> Self {
        Self {
            crm: seed.crm.clone(),
            pool: seed.pool.clone(),
            rounds: Rounds::default(),
            done: vec![],
            stopped: false,
        }
    }

    fn started(&mut self, hands: &mut Hands<'_, Self>) {
        tick(hands);
        self.look(hands);
    }
}

fn tick(hands: &mut Hands<'_, Relay>) {
    hands.after(LOOK_EVERY, |relay, hands| {
        tick(hands);
        relay.look(hands);
    });
}

impl Work<Stir> for Relay {
    fn work(&mut self, _: Stir, hands: &mut Hands<'_, Self>) {
        self.look(hands);
    }
}

impl Work<StopRelaying> for Relay {
    fn work(&mut self, order: StopRelaying, _: &mut Hands<'_, Self>) {
        self.stopped = true;
        order.reply.send(Ok(()));
    }
}

/// What a round came to.
struct Round {
    handed_on: Vec<i64>,
    /// Whether there may be more rows that somebody has room for.
    more: bool,
}

impl Relay {
    fn look(&mut self, hands: &mut Hands<'_, Self>) {
        if self.rounds.ask() == Go::Now {
            self.begin_round(hands);
        }
    }

    fn begin_round(&mut self, hands: &mut Hands<'_, Self>) {
        let (crm, pool, done) = (self.crm.clone(), self.pool.clone(), std::mem::take(&mut self.done));
        let stopped = self.stopped;
        let left = done.clone();
        hands.perform(async move { round(&crm, &pool, done, stopped).await }, move |relay, round, hands| {
            let more = match round {
                Ok(round) => {
                    relay.done = round.handed_on;
                    round.more || !relay.done.is_empty()
                }
                Err(error) => {
                    tracing::warn!(%error, "could not move work out of the outbox");
                    relay.done = left;
                    false
                }
            };
            if more {
                let _asked = relay.rounds.ask();
            }
            if relay.rounds.ended() == Go::Now {
                relay.begin_round(hands);
            }
        });
    }
}

async fn round(
    crm: &Recipient<Errand>,
    pool: &Recipient<HandIn>,
    done: Vec<i64>,
    stopped: bool,
) -> Answer<Round> {
    let Room(room) = ask(pool, PATIENCE, |reply| HandIn { pointers: vec![], reply }).await?;
    let wanted = if stopped { 0 } else { room.min(ROWS) };
    if wanted == 0 && done.is_empty() {
        return Ok(Round { handed_on: vec![], more: false });
    }
    let at_most = i64::try_from(wanted).unwrap_or(0);
    let rows = ask(crm, PATIENCE, |reply| Errand::ClaimOutbox { done, at_most, reply }).await?;
    if !rows.is_empty() {
        reach(Failpoint::RelayClaimed);
    }
    let more = wanted > 0 && rows.len() == wanted;
    let handed_on = hand_on(crm, pool, rows).await?;
    if !handed_on.is_empty() {
        reach(Failpoint::RelayHanded);
    }
    Ok(Round { handed_on, more })
}

/// Hands rows on; those that can't ever be are set aside.
async fn hand_on(
    crm: &Recipient<Errand>,
    pool: &Recipient<HandIn>,
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
            None => {
                tracing::error!(row = row.id, topic = row.topic, "parking an outbox row that can't be read");
                let reason = "the payload can't be read".to_owned();
                ask(crm, PATIENCE, |reply| Errand::ParkOutbox { id: row.id, reason, reply }).await?;
            }
        }
    }
    if !pointers.is_empty() {
        ask(pool, PATIENCE, |reply| HandIn { pointers, reply }).await?;
    }
    Ok(ids)
}
