//! `Reconciler`: takes in what customers wrote and the provider never managed to tell us, as after an outage of ours.
//!
//! It reads the provider's list from where it left off, at once on start and then now and then. What is known already
//! is passed over; what is not goes through the same door as a webhook, under the same id, so it is taken in once.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use actix::prelude::*;
use time::OffsetDateTime;

use super::ask::{Answer, CallError, ask};
use super::crm::Consignment;
use super::messages::TakeIn;
use super::shell::{Hands, Worker};
use crate::channels::port::{Arrival, Mailbox};
use crate::clock;
use crate::crm::port::channels::Cursor;
use crate::domain::words::Channel;

/// How the list is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    pub every: Duration,
    /// The list is read again from so long before the cursor: it fills late, and not in order.
    pub overlap: Duration,
    /// Younger messages are left to their webhooks, which tell more of them.
    pub grace: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            every: Duration::from_secs(30),
            overlap: Duration::from_secs(600),
            grace: Duration::from_secs(20),
        }
    }
}

const PATIENCE: Duration = Duration::from_secs(20);

/// What a `Reconciler` is made from.
pub struct ReconcilerSeed {
    pub wires: Rc<ReconcilerWires>,
}

/// Whom it asks.
pub struct ReconcilerWires {
    pub crm: Recipient<Consignment>,
    pub intake: Recipient<TakeIn>,
    pub mailbox: Arc<dyn Mailbox>,
    pub channel: Channel,
    pub pace: Pace,
}

pub struct Reconciler {
    wires: Rc<ReconcilerWires>,
}

impl Worker for Reconciler {
    type Seed = ReconcilerSeed;
    const MAILBOX: usize = 4;

    fn make(seed: &ReconcilerSeed) -> Self {
        Self { wires: Rc::clone(&seed.wires) }
    }

    fn started(&mut self, hands: &mut Hands<'_, Self>) {
        self.look(hands);
    }
}

impl Reconciler {
    fn look(&mut self, hands: &mut Hands<'_, Self>) {
        let every = self.wires.pace.every;
        hands.perform(round(Rc::clone(&self.wires)), move |_, found, hands| {
            match found {
                Ok(0) => {}
                Ok(found) => tracing::info!(found, "took in messages that no webhook had told of"),
                Err(error) => {
                    tracing::warn!(%error, "could not compare our messages with the provider's list");
                }
            }
            hands.after(every, Self::look);
        });
    }
}

/// Reads the list once; how many messages were new.
async fn round(wires: Rc<ReconcilerWires>) -> Answer<u64> {
    let (channel, account) = (wires.channel, wires.mailbox.account());
    let began = clock::now();
    let stored = ask(&wires.crm, PATIENCE, |reply| Consignment::ReadCursor {
        channel,
        account: account.clone(),
        reply,
    });
    let cursor = match stored.await?.and_then(|position| read_position(&position)) {
        Some(cursor) => cursor,
        // What was written long before the program knew the account is not for it to answer.
        None => {
            move_to(&wires, account.clone(), began).await?;
            began
        }
    };
    let mut arrivals = match wires.mailbox.arrivals(cursor - wires.pace.overlap).await {
        Ok(arrivals) => arrivals,
        Err(error) => {
            tracing::warn!(%error, "the provider does not list messages at present");
            return Ok(0);
        }
    };
    arrivals.retain(|arrival| arrival.created_at >= cursor - wires.pace.overlap);
    arrivals.retain(|arrival| arrival.created_at + wires.pace.grace <= began);
    arrivals.sort_by_key(|arrival| arrival.created_at);
    let Some(newest) = arrivals.last().map(|arrival| arrival.created_at) else {
        return Ok(0);
    };
    let taken = take_in(&wires, arrivals).await?;
    if newest > cursor {
        move_to(&wires, account, newest).await?;
    }
    Ok(taken)
}

/// Takes in what is unknown, one after the other, oldest first. The cursor moves only after all of them.
async fn take_in(wires: &ReconcilerWires, arrivals: Vec<Arrival>) -> Answer<u64> {
    let ids = arrivals.iter().map(|arrival| arrival.provider_id.clone()).collect();
    let channel = wires.channel;
    let unknown =
        ask(&wires.crm, PATIENCE, |reply| Consignment::UnknownMessages { channel, ids, reply }).await?;
    let mut taken = 0;
    for arrival in arrivals.into_iter().filter(|arrival| unknown.contains(&arrival.provider_id)) {
        let id = arrival.provider_id.clone();
        let inquiry = match wires.mailbox.read(arrival).await {
            Ok(Some(inquiry)) => inquiry,
            Ok(None) => continue,
            Err(error) => {
                tracing::warn!(id, %error, "the provider does not show a message at present");
                return Err(CallError::Busy);
            }
        };
        ask(&wires.intake, PATIENCE, |reply| TakeIn { inquiry, reply }).await?;
        taken += 1;
    }
    Ok(taken)
}

async fn move_to(wires: &ReconcilerWires, account: String, to: OffsetDateTime) -> Answer<()> {
    let cursor = Cursor { channel: wires.channel, account, position: to.unix_timestamp().to_string() };
    ask(&wires.crm, PATIENCE, |reply| Consignment::WriteCursor { cursor, reply }).await
}

fn read_position(position: &str) -> Option<OffsetDateTime> {
    OffsetDateTime::from_unix_timestamp(position.parse().ok()?).ok()
}
