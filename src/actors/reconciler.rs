//! `Reconciler`: stores customers' messages that no webhook delivered, for example after an outage of ours.
//!
//! It reads the provider's feed from its cursor, at start and then periodically. Known messages are skipped; unknown
//! ones go
//! through the same intake as a webhook, under the same id, so each is stored once.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use actix::prelude::*;
use time::OffsetDateTime;

use super::ask::{Answer, CallError, ask};
use super::messages::TakeIn;
use super::poller::{self, Next, Poll};
use super::single_flight::SingleFlight;
use super::store_handle::StoreHandle;
use super::supervised::{Worker, WorkerContext};
use crate::channels::port::{InboundFeed, InboundItem};
use crate::clock;
use crate::crm::port::{Cursor, Feeds};
use crate::domain::enums::Channel;
use crate::domain::stall::StallPolicy;
use crate::domain::timing::{LONG_STALL, TIMEOUT};

/// How the feed is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeedPace {
    pub every: Duration,
    /// Reading starts this long before the cursor: the feed fills late, and not in order.
    pub overlap: Duration,
    /// Younger messages are left to their webhooks, which carry more data.
    pub grace: Duration,
}

impl Default for FeedPace {
    fn default() -> Self {
        Self {
            every: Duration::from_secs(30),
            overlap: Duration::from_secs(600),
            grace: Duration::from_secs(20),
        }
    }
}

/// Arguments of a `Reconciler`.
pub struct ReconcilerArgs {
    pub wires: Rc<ReconcilerWires>,
}

/// Its dependencies.
pub struct ReconcilerWires {
    pub feeds: StoreHandle<dyn Feeds>,
    pub intake: Recipient<TakeIn>,
    pub feed: Arc<dyn InboundFeed>,
    pub channel: Channel,
    pub pace: FeedPace,
}

pub struct Reconciler {
    wires: Rc<ReconcilerWires>,
    single_flight: SingleFlight,
}

impl Worker for Reconciler {
    type Args = ReconcilerArgs;
    const MAILBOX: usize = 4;
    /// After an outage a round reads a long feed, and stores missing messages one by one.
    const STALL: Option<StallPolicy> = Some(LONG_STALL);

    fn new(args: &ReconcilerArgs) -> Self {
        Self { wires: Rc::clone(&args.wires), single_flight: SingleFlight::default() }
    }

    fn started(&mut self, ctx: &mut WorkerContext<'_, Self>) {
        poller::start(self, ctx);
    }
}

impl Poll for Reconciler {
    type Found = u64;
    const FAILURE: &'static str = "could not compare our messages with the provider's list";

    fn every(&self) -> Duration {
        self.wires.pace.every
    }

    fn single_flight(&mut self) -> &mut SingleFlight {
        &mut self.single_flight
    }

    fn round(&mut self) -> impl Future<Output = Answer<u64>> + 'static {
        round(Rc::clone(&self.wires))
    }

    fn found(&mut self, found: u64, _: &mut WorkerContext<'_, Self>) -> Next {
        if found > 0 {
            tracing::info!(found, "took in messages that no webhook had told of");
        }
        Next::Wait
    }
}

/// Reads the feed once; returns how many messages were new.
async fn round(wires: Rc<ReconcilerWires>) -> Answer<u64> {
    let (channel, account) = (wires.channel, wires.feed.account());
    let began = clock::now();
    let of_account = account.clone();
    let stored = wires.feeds.call(move |feeds| feeds.read_cursor(channel, of_account)).await?;
    let cursor = match stored.and_then(|position| read_position(&position)) {
        Some(cursor) => cursor,
        // Messages from before the program knew the account are not answered.
        None => {
            move_to(&wires, account.clone(), began).await?;
            began
        }
    };
    let mut items = match wires.feed.items(cursor - wires.pace.overlap).await {
        Ok(items) => items,
        Err(error) => {
            tracing::warn!(%error, "the provider does not list messages at present");
            return Ok(0);
        }
    };
    items.retain(|item| item.created_at >= cursor - wires.pace.overlap);
    items.retain(|item| item.created_at + wires.pace.grace <= began);
    items.sort_by_key(|item| item.created_at);
    let Some(newest) = items.last().map(|item| item.created_at) else {
        return Ok(0);
    };
    let taken = take_in(&wires, items).await?;
    if newest > cursor {
        move_to(&wires, account, newest).await?;
    }
    Ok(taken)
}

/// Stores unknown messages one by one, oldest first. The cursor moves only after all of them.
async fn take_in(wires: &ReconcilerWires, items: Vec<InboundItem>) -> Answer<u64> {
    let ids = items.iter().map(|item| item.provider_id.clone()).collect();
    let channel = wires.channel;
    let unknown = wires.feeds.call(move |feeds| feeds.unknown_messages(channel, ids)).await?;
    let mut taken = 0;
    for item in items.into_iter().filter(|item| unknown.contains(&item.provider_id)) {
        let id = item.provider_id.clone();
        let inquiry = match wires.feed.read(item).await {
            Ok(Some(inquiry)) => inquiry,
            Ok(None) => continue,
            Err(error) => {
                tracing::warn!(id, %error, "the provider does not show a message at present");
                return Err(CallError::Busy);
            }
        };
        ask(&wires.intake, TIMEOUT, |reply| TakeIn { inquiry, reply }).await?;
        taken += 1;
    }
    Ok(taken)
}

async fn move_to(wires: &ReconcilerWires, account: String, to: OffsetDateTime) -> Answer<()> {
    let cursor = Cursor { channel: wires.channel, account, position: to.unix_timestamp().to_string() };
    wires.feeds.call(move |feeds| feeds.write_cursor(cursor)).await
}

fn read_position(position: &str) -> Option<OffsetDateTime> {
    OffsetDateTime::from_unix_timestamp(position.parse().ok()?).ok()
}
