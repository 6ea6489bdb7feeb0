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
use crate::actors::runtime::ask::{Answer, ask};
use crate::actors::runtime::dependency_status::DependencyStatus;
use crate::actors::runtime::poller::{self, Next, Poll};
use crate::actors::runtime::single_flight::SingleFlight;
use crate::actors::runtime::supervised::{Worker, WorkerContext};
use crate::actors::store::store_handle::StoreHandle;
use crate::channels::port::{FeedCursor, FeedItem, FeedPage, InboundFeed};
use crate::crm::port::{Cursor, Feeds};
use crate::domain::enums::Channel;
use crate::domain::runtime::backoff::Backoff;
use crate::domain::runtime::stall::StallPolicy;
use crate::domain::runtime::timing::{LONG_STALL, TIMEOUT};
use crate::failpoint::{Failpoint, reach};

/// Pages read in one round, at most.
const MAX_PAGES: usize = 64;
/// Of the first pause before a feed is read again that the provider cut short; it doubles.
const FIRST_RETRY: Duration = Duration::from_secs(1);
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
    /// Rounds in a row that the provider cut short.
    failures: u32,
}

/// What came of one reading of a feed.
pub struct FeedRound {
    taken: u64,
    /// The feed was read to its end.
    is_complete: bool,
}

impl Worker for Reconciler {
    type Args = ReconcilerArgs;
    const MAILBOX: usize = 4;
    /// After an outage a round reads a long feed, and stores missing messages one by one.
    const STALL: Option<StallPolicy> = Some(LONG_STALL);

    fn new(args: &ReconcilerArgs) -> Self {
        Self { wires: Rc::clone(&args.wires), single_flight: SingleFlight::default(), failures: 0 }
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
                reconciler.wires.problem.set(Some(error.to_string()));
            }
        }
        ctx.after(LISTEN_PAUSE, listen);
    });
}

impl Poll for Reconciler {
    type Found = FeedRound;
    const FAILURE: &'static str = "could not compare our messages with the provider's list";

    fn every(&self) -> Duration {
        self.wires.every
    }

    fn single_flight(&mut self) -> &mut SingleFlight {
        &mut self.single_flight
    }

    fn round(&mut self) -> impl Future<Output = Answer<FeedRound>> + 'static {
        round(Rc::clone(&self.wires))
    }

    fn found(&mut self, round: FeedRound, ctx: &mut WorkerContext<'_, Self>) -> Next {
        if round.taken > 0 {
            tracing::info!(found = round.taken, "stored messages from the provider's list");
        }
        if round.is_complete {
            self.failures = 0;
            return Next::Wait;
        }
        self.failures = self.failures.saturating_add(1);
        let pause = Backoff::doubling(FIRST_RETRY, self.wires.every).pause(self.failures);
        ctx.after(pause, poller::look);
        Next::Wait
    }
}

/// Reads the feed to its end.
async fn round(wires: Rc<ReconcilerWires>) -> Answer<FeedRound> {
    let (channel, account) = (wires.channel, wires.feed.account());
    let of_account = account.clone();
    let stored = wires.feeds.call(move |feeds| feeds.read_cursor(channel, of_account));
    let mut position = stored.await?;
    let mut taken = 0;
    for _ in 0..MAX_PAGES {
        let Some(page) = page(&wires, position.clone()).await else {
            return Ok(FeedRound { taken, is_complete: false });
        };
        if !page.items.is_empty() {
            reach(Failpoint::FeedListed);
        }
        let read = take_in(&wires, page.items).await?;
        taken += read.taken;
        if !read.is_complete {
            return Ok(FeedRound { taken, is_complete: false });
        }
        if read.taken > 0 {
            reach(Failpoint::FeedStored);
        }
        if let Some(FeedCursor(next)) = page.next {
            let (account, from) = (account.clone(), position.take());
            let cursor = Cursor { channel, account, from, position: next.clone() };
            wires.feeds.call(move |feeds| feeds.write_cursor(cursor)).await?;
            position = Some(next);
        }
        if !page.has_more {
            return Ok(FeedRound { taken, is_complete: true });
        }
    }
    Ok(FeedRound { taken, is_complete: false })
}

/// A page of the feed; `None` where the provider does not answer.
async fn page(wires: &ReconcilerWires, position: Option<String>) -> Option<FeedPage> {
    match wires.feed.page(position.map(FeedCursor)).await {
        Ok(page) => {
            wires.problem.set(wires.feed.warning());
            Some(page)
        }
        Err(error) => {
            let channel = wires.channel;
            tracing::warn!(%channel, %error, "the provider does not list messages at present");
            wires.problem.set(Some(error.to_string()));
            None
        }
    }
}

/// Takes in what is unknown, one after the other, oldest first. The cursor moves only after all of them.
async fn take_in(wires: &ReconcilerWires, items: Vec<Box<dyn FeedItem>>) -> Answer<FeedRound> {
    if items.is_empty() {
        return Ok(FeedRound { taken: 0, is_complete: true });
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
                return Ok(FeedRound { taken, is_complete: false });
            }
        };
        ask(&wires.intake, TIMEOUT, |reply| TakeIn { inquiry, reply }).await?;
        taken += 1;
    }
    Ok(FeedRound { taken, is_complete: true })
}
