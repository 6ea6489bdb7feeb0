//! `Reconciler`: polling consumer of a channel's inbound feed. It is how a channel without webhooks is read, and it
//! takes in what a webhook never told, as after an outage of ours.
//!
//! It reads the feed from its stored cursor, at once on start and then periodically. Known messages are skipped; each
//! other one goes through the channel's intake under the same id as from a webhook, so it is taken in once. The cursor
//! is the adapter's, and it is stored after the messages before it.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use actix::prelude::*;

use crate::actors::messages::TakeIn;
use crate::actors::runtime::ask::{Answer, CallError, ask};
use crate::actors::runtime::dependency_status::DependencyStatus;
use crate::actors::runtime::poller::{self, Next, Poll};
use crate::actors::runtime::single_flight::SingleFlight;
use crate::actors::runtime::supervised::{Worker, WorkerContext};
use crate::actors::store::store_handle::StoreHandle;
use crate::channels::port::{FeedCursor, FeedItem, InboundFeed};
use crate::crm::port::{Cursor, Feeds};
use crate::domain::enums::Channel;
use crate::domain::runtime::stall::StallPolicy;
use crate::domain::runtime::timing::{LONG_STALL, TIMEOUT};
use crate::failpoint::{Failpoint, reach};

/// Pages read in one round, at most.
const MAX_PAGES: usize = 64;
/// Between two times of listening.
const LISTEN_PAUSE: Duration = Duration::from_millis(1);

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
    /// Between two rounds.
    pub every: Duration,
    pub problem: Arc<DependencyStatus>,
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
        listen(self, ctx);
    }
}

/// Listens to the provider beside the rounds, and reads the feed once there may be something new.
fn listen(reconciler: &mut Reconciler, ctx: &mut WorkerContext<'_, Reconciler>) {
    let Some(watch) = reconciler.wires.feed.watch() else {
        return;
    };
    ctx.perform(watch, |reconciler, heard, ctx| {
        match heard {
            Ok(true) => poller::look(reconciler, ctx),
            Ok(false) => {}
            Err(error) => {
                tracing::debug!(channel = %reconciler.wires.channel, %error, "not listening to the provider");
            }
        }
        ctx.after(LISTEN_PAUSE, listen);
    });
}

impl Poll for Reconciler {
    type Found = u64;
    const FAILURE: &'static str = "could not compare our messages with the provider's list";

    fn every(&self) -> Duration {
        self.wires.every
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

/// Reads the feed to its end; how many messages were new.
async fn round(wires: Rc<ReconcilerWires>) -> Answer<u64> {
    let (channel, account) = (wires.channel, wires.feed.account());
    let of_account = account.clone();
    let stored = wires.feeds.call(move |feeds| feeds.read_cursor(channel, of_account));
    let mut position = stored.await?;
    let mut taken = 0;
    for _ in 0..MAX_PAGES {
        let page = match wires.feed.page(position.clone().map(FeedCursor)).await {
            Ok(page) => {
                wires.problem.set(None);
                page
            }
            Err(error) => {
                tracing::warn!(%channel, %error, "the provider does not list messages at present");
                wires.problem.set(Some(error.to_string()));
                break;
            }
        };
        if !page.items.is_empty() {
            reach(Failpoint::FeedListed);
        }
        let new = take_in(&wires, page.items).await?;
        if new > 0 {
            reach(Failpoint::FeedStored);
        }
        taken += new;
        if let Some(FeedCursor(next)) = page.next {
            let (account, from) = (account.clone(), position.take());
            let cursor = Cursor { channel, account, from, position: next.clone() };
            wires.feeds.call(move |feeds| feeds.write_cursor(cursor)).await?;
            position = Some(next);
        }
        if !page.has_more {
            break;
        }
    }
    Ok(taken)
}

/// Takes in what is unknown, one after the other, oldest first. The cursor moves only after all of them.
async fn take_in(wires: &ReconcilerWires, items: Vec<Box<dyn FeedItem>>) -> Answer<u64> {
    if items.is_empty() {
        return Ok(0);
    }
    let ids = items.iter().map(|item| item.external_id().to_owned()).collect();
    let channel = wires.channel;
    let unknown = wires.feeds.call(move |feeds| feeds.unknown_messages(channel, ids)).await?;
    let mut taken = 0;
    for item in items.into_iter().filter(|item| unknown.iter().any(|id| id == item.external_id())) {
        let id = item.external_id().to_owned();
        let inquiry = match item.read().await {
            Ok(Some(inquiry)) => inquiry,
            Ok(None) => continue,
            Err(error) => {
                tracing::warn!(id, %error, "the provider does not show a message at present");
                wires.problem.set(Some(error.to_string()));
                return Err(CallError::Busy);
            }
        };
        ask(&wires.intake, TIMEOUT, |reply| TakeIn { inquiry, reply }).await?;
        taken += 1;
    }
    Ok(taken)
}
