//! `Reconciler`: polling consumer of a channel's inbound feed. It is how a channel without webhooks is read, and it takes
//! in what a webhook never told, as after an outage of ours.
//!
//! It reads the feed from its stored cursor, at once on start and then periodically. Known messages are skipped; each
//! other one goes through the channel's intake under the same id as from a webhook, so it is taken in once. The cursor
//! is the adapter's, and it is stored after the messages before it.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use actix::prelude::*;

use super::ask::{Answer, CallError, ask};
use super::crm::DeliveryCommand;
use super::messages::TakeIn;
use super::supervised::{Worker, WorkerContext};
use crate::channels::port::{FeedCursor, FeedItem, InboundFeed};
use crate::crm::port::channels::Cursor;
use crate::domain::enums::Channel;

/// Pages read in one round, at most.
const MAX_PAGES: usize = 64;
const TIMEOUT: Duration = Duration::from_secs(20);

/// What a `Reconciler` is made from.
pub struct ReconcilerArgs {
    pub wires: Rc<ReconcilerWires>,
}

/// Whom it asks.
pub struct ReconcilerWires {
    pub crm: Recipient<DeliveryCommand>,
    pub intake: Recipient<TakeIn>,
    pub feed: Arc<dyn InboundFeed>,
    pub channel: Channel,
    /// Between two rounds.
    pub every: Duration,
}

pub struct Reconciler {
    wires: Rc<ReconcilerWires>,
}

impl Worker for Reconciler {
    type Args = ReconcilerArgs;
    const MAILBOX: usize = 4;

    fn new(args: &ReconcilerArgs) -> Self {
        Self { wires: Rc::clone(&args.wires) }
    }

    fn started(&mut self, ctx: &mut WorkerContext<'_, Self>) {
        self.look(ctx);
    }
}

impl Reconciler {
    fn look(&mut self, ctx: &mut WorkerContext<'_, Self>) {
        let every = self.wires.every;
        ctx.perform(round(Rc::clone(&self.wires)), move |_, found, ctx| {
            match found {
                Ok(0) => {}
                Ok(found) => tracing::info!(found, "took in messages that no webhook had told of"),
                Err(error) => {
                    tracing::warn!(%error, "could not compare our messages with the provider's list");
                }
            }
            ctx.after(every, Self::look);
        });
    }
}

/// Reads the feed to its end; how many messages were new.
async fn round(wires: Rc<ReconcilerWires>) -> Answer<u64> {
    let (channel, account) = (wires.channel, wires.feed.account());
    let stored = |reply| DeliveryCommand::ReadCursor { channel, account: account.clone(), reply };
    let mut position = ask(&wires.crm, TIMEOUT, stored).await?;
    let mut taken = 0;
    for _ in 0..MAX_PAGES {
        let page = match wires.feed.page(position.clone().map(FeedCursor)).await {
            Ok(page) => page,
            Err(error) => {
                tracing::warn!(%channel, %error, "the provider does not list messages at present");
                break;
            }
        };
        taken += take_in(&wires, page.items).await?;
        if let Some(FeedCursor(next)) = page.next {
            let (account, from) = (account.clone(), position.take());
            let cursor = Cursor { channel, account, from, position: next.clone() };
            ask(&wires.crm, TIMEOUT, |reply| DeliveryCommand::WriteCursor { cursor, reply }).await?;
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
    let unknown =
        ask(&wires.crm, TIMEOUT, |reply| DeliveryCommand::UnknownMessages { channel, ids, reply }).await?;
    let mut taken = 0;
    for item in items.into_iter().filter(|item| unknown.iter().any(|id| id == item.external_id())) {
        let id = item.external_id().to_owned();
        let inquiry = match item.read().await {
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
