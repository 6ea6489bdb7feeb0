//! `Reconciler`: polling consumer of a channel's inbound feed. It is how a channel without webhooks is read, and it
//! takes in what a webhook never told, as after an outage of ours.
//!
//! It reads the feed from its stored cursor, at once on start and then periodically. Known messages are skipped; the
//! others go through the channel's intake under the same ids as from a webhook, so that each is taken in once. The
//! cursor is the adapter's, and it is stored in one transaction with the messages before it.

mod part;

use std::collections::HashSet;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use actix::prelude::*;
use tracing::Instrument;

use self::part::FeedPart;
use crate::actors::channels::intake::TakeInFeed;
use crate::actors::runtime::ask::{Answer, ask};
use crate::actors::runtime::dependency_status::DependencyStatus;
use crate::actors::runtime::poller::{self, Next, Poll};
use crate::actors::runtime::single_flight::SingleFlight;
use crate::actors::runtime::supervised::{Worker, WorkerContext};
use crate::actors::store::store_handle::StoreHandle;
use crate::channels::port::{FeedCursor, FeedItem, FeedPage, InboundFeed, SendError};
use crate::crm::port::{CrmError, Cursor, Feeds};
use crate::domain::enums::Channel;
use crate::domain::messages::inquiry::{Extras, Inquiry, Stored, Thread};
use crate::domain::runtime::backoff::Backoff;
use crate::domain::runtime::stall::StallPolicy;
use crate::domain::runtime::timing::{LONG_STALL, TIMEOUT};
use crate::failpoint::{Failpoint, reach};
use crate::trace;

/// Pages read in one round, at most.
const MAX_PAGES: usize = 64;
/// Of the first pause before a feed is read again that the provider cut short; it doubles.
const FIRST_RETRY: Duration = Duration::from_secs(1);
/// Threads archived after one round.
const ARCHIVED_AT_ONCE: i64 = 20;
/// Between two times of listening.
const LISTEN_PAUSE: Duration = Duration::from_millis(1);

/// Arguments of a `Reconciler`.
pub struct ReconcilerArgs {
    pub wires: Rc<ReconcilerWires>,
}

/// Its dependencies.
pub struct ReconcilerWires {
    pub feeds: StoreHandle<dyn Feeds>,
    pub intake: Recipient<TakeInFeed>,
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
    let mut reading = FeedReading { account, position: stored.await?, taken: 0 };
    for _ in 0..MAX_PAGES {
        let Some(page) = page(&wires, reading.position.clone()).await else {
            return Ok(reading.ended(false));
        };
        if !page.items.is_empty() {
            reach(Failpoint::FeedListed);
        }
        let has_more = page.has_more;
        if !reading.take_in(&wires, page).await? {
            return Ok(reading.ended(false));
        }
        if !has_more {
            archive(&wires).await;
            return Ok(reading.ended(true));
        }
    }
    Ok(reading.ended(false))
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

/// A reading of a feed, and how far it has come.
struct FeedReading {
    account: String,
    /// The stored cursor.
    position: Option<String>,
    taken: u64,
}

impl FeedReading {
    fn ended(self, is_complete: bool) -> FeedRound {
        FeedRound { taken: self.taken, is_complete }
    }

    /// Takes in what is unknown, oldest first, in parts. Each part is stored with the cursor behind it. Whether all of
    /// the page was stored.
    async fn take_in(&mut self, wires: &ReconcilerWires, page: FeedPage) -> Answer<bool> {
        let ids: Vec<String> = page.items.iter().map(|item| item.external_id().to_owned()).collect();
        let channel = wires.channel;
        let mut unknown: HashSet<String> = if ids.is_empty() {
            HashSet::new()
        } else {
            let unknown = wires.feeds.call(move |feeds| feeds.unknown_messages(channel, ids));
            unknown.await?.into_iter().collect()
        };
        let (mut part, mut behind) = (FeedPart::default(), None);
        for item in page.items {
            let position = item.position();
            if unknown.remove(item.external_id()) {
                match read(wires, item).await {
                    Ok(Some(inquiry)) if part.takes(&inquiry) => part.push(inquiry),
                    Ok(Some(inquiry)) => {
                        if !self.store(wires, std::mem::take(&mut part), behind.take()).await? {
                            return Ok(false);
                        }
                        part.push(inquiry);
                    }
                    Ok(None) => {}
                    Err(_shown) => {
                        self.store(wires, part, behind).await?;
                        return Ok(false);
                    }
                }
            }
            behind = position.or(behind);
        }
        self.store(wires, part, page.next.or(behind)).await
    }

    /// Whether all of them are stored, or can never be.
    async fn store(
        &mut self,
        wires: &ReconcilerWires,
        part: FeedPart,
        behind: Option<FeedCursor>,
    ) -> Answer<bool> {
        let next = behind.map(|cursor| cursor.0).filter(|next| self.position.as_ref() != Some(next));
        let cursor = next.clone().map(|position| Cursor {
            channel: wires.channel,
            account: self.account.clone(),
            from: self.position.clone(),
            position,
        });
        if part.messages.is_empty() {
            if let Some(cursor) = cursor {
                wires.feeds.call(move |feeds| feeds.write_cursor(cursor)).await?;
                self.position = next;
            }
            return Ok(true);
        }
        let sent: Vec<(String, bool)> = part.messages.iter().map(id_and_whether_by_staff).collect();
        let messages = part.messages;
        let stored = ask(&wires.intake, TIMEOUT, |reply| TakeInFeed { messages, cursor, reply }).await?;
        for ((id, is_by_staff), one) in sent.iter().zip(&stored) {
            match one {
                Ok(stored) => self.taken += u64::from(is_stored(id, *is_by_staff, stored)),
                Err(error @ CrmError::Invalid(_)) => {
                    tracing::error!(id, %error, "a message of a feed can't be stored; it is left out");
                }
                Err(error) => {
                    wires.problem.set(Some(error.to_string()));
                    tracing::warn!(id, %error, "could not store messages of a feed; they are read again");
                    return Ok(false);
                }
            }
        }
        self.position = next.or(self.position.take());
        reach(Failpoint::FeedStored);
        Ok(true)
    }
}

fn id_and_whether_by_staff(message: &Inquiry) -> (String, bool) {
    (message.external_id.clone(), matches!(message.thread, Thread::ByStaff { .. }))
}

/// Logs what was refused. A colleague's mail that answers no known conversation is not meant to be stored.
fn is_stored(id: &str, is_by_staff: bool, stored: &Stored) -> bool {
    match stored {
        Stored::Accepted(_) => true,
        Stored::NoTicket if is_by_staff => false,
        Stored::NoTicket | Stored::TicketClosed | Stored::TicketFull | Stored::Conflict => {
            tracing::error!(id, ?stored, "a message of a feed was refused; it is left out");
            false
        }
    }
}

/// The whole of a message; an error is shown in the health report.
async fn read(wires: &ReconcilerWires, item: Box<dyn FeedItem>) -> Result<Option<Inquiry>, SendError> {
    let id = item.external_id().to_owned();
    let channel = wires.channel;
    let name = format!("receive {channel}");
    let span = tracing::debug_span!("receive", otel.name = name, otel.kind = "consumer", %channel);
    let traceparent = trace::of(&span);
    let read = item.read().instrument(span).await.inspect_err(|error| {
        tracing::warn!(id, %error, "the provider does not show a message at present");
        wires.problem.set(Some(error.to_string()));
    })?;
    Ok(read.map(|inquiry| Inquiry { extras: Extras { traceparent, ..inquiry.extras }, ..inquiry }))
}

/// Takes threads out of the inbox whose tickets are resolved. What fails is tried again after the next round.
async fn archive(wires: &ReconcilerWires) {
    let Some(mailbox) = wires.feed.archives() else {
        return;
    };
    let of = mailbox.clone();
    let resolved = match wires.feeds.call(move |feeds| feeds.resolved_threads(of, ARCHIVED_AT_ONCE)).await {
        Ok(resolved) => resolved,
        Err(error) => return tracing::warn!(%error, "could not look for resolved threads"),
    };
    let mut archived = Vec::new();
    for thread in resolved {
        match wires.feed.archive(thread.clone()).await {
            Ok(()) => archived.push(thread),
            Err(error) => {
                tracing::warn!(thread, %error, "could not take a resolved thread out of the inbox");
                break;
            }
        }
    }
    if archived.is_empty() {
        return;
    }
    if let Err(error) = wires.feeds.call(move |feeds| feeds.write_archived(mailbox, archived)).await {
        tracing::warn!(%error, "could not store that threads were archived; it is done again");
    }
}
