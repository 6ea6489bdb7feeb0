//! `Broadcaster`: tells open ticket pages of changes (publish-subscribe). One query serves all pages of a process.
//!
//! It polls while pages are open, so that a change is told within a second of its commit whichever process made it; a
//! wake-up makes that sooner. A page is registered before its first position is read, and the position of its ticket is
//! the oldest of its pages' and moves only with what was told: nothing is missed. A page that does not keep up is dropped
//! and comes back with the position that it has.

use std::collections::HashMap;
use std::time::Duration;

use actix::Message;
use tokio::sync::mpsc;

use crate::actors::messages::{FirstEvent, Follow, Following};
use crate::actors::runtime::ask::{Answer, CallError, Reply};
use crate::actors::runtime::poller::{self, Next, Poll};
use crate::actors::runtime::single_flight::SingleFlight;
use crate::actors::runtime::supervised::{Work, Worker, WorkerContext};
use crate::actors::store::store_handle::StoreHandle;
use crate::crm::port::LiveEvents;
use crate::domain::conversations::live::{ChangeBatch, EventPosition, TicketChange};
use crate::domain::ids::TicketId;

/// Poll interval: a change must be told within a second.
const LOOK_EVERY: Duration = Duration::from_millis(400);
/// Maximum pages in a process.
const MAX_PAGES: usize = 10_000;
/// Batches that a page may be behind.
const MAX_BEHIND: usize = 16;

/// To `Broadcaster`: end all streams, and accept no more.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct StopBroadcasting {
    pub reply: Reply<()>,
}

/// Arguments of a `Broadcaster`.
pub struct BroadcasterArgs {
    pub events: StoreHandle<dyn LiveEvents>,
}

pub struct Broadcaster {
    events: StoreHandle<dyn LiveEvents>,
    watched: HashMap<TicketId, Watched>,
    is_stopped: bool,
    single_flight: SingleFlight,
}

/// The open pages of one ticket.
#[derive(Default)]
struct Watched {
    /// What all of them have been told; `None` until the first one has its position.
    position: Option<EventPosition>,
    pages: Vec<mpsc::Sender<ChangeBatch>>,
}

impl Worker for Broadcaster {
    type Args = BroadcasterArgs;
    const MAILBOX: usize = 256;

    fn new(args: &BroadcasterArgs) -> Self {
        Self {
            events: args.events.clone(),
            watched: HashMap::new(),
            is_stopped: false,
            single_flight: SingleFlight::default(),
        }
    }

    fn started(&mut self, ctx: &mut WorkerContext<'_, Self>) {
        poller::start(self, ctx);
    }
}

impl Work<Follow> for Broadcaster {
    fn work(&mut self, order: Follow, ctx: &mut WorkerContext<'_, Self>) {
        let Follow { ticket, since, reply } = order;
        let pages: usize = self.watched.values().map(|watched| watched.pages.len()).sum();
        if self.is_stopped || pages >= MAX_PAGES {
            reply.send(Err(CallError::Busy));
            return;
        }
        let (page, later) = mpsc::channel(MAX_BEHIND);
        self.watched.entry(ticket).or_default().pages.push(page);
        let first = first_event(self.events.clone(), ticket, since);
        ctx.perform(first, move |broadcaster, first, _| {
            if let (Ok(first), Some(watched)) = (&first, broadcaster.watched.get_mut(&ticket)) {
                first.position().hold_back(&mut watched.position);
            }
            reply.send(first.map(|first| Following { first, later }));
        });
    }
}

async fn first_event(
    events: StoreHandle<dyn LiveEvents>,
    ticket: TicketId,
    since: Option<EventPosition>,
) -> Answer<FirstEvent<TicketChange>> {
    if let Some(since) = since {
        return match events.call(move |events| events.changes(vec![(ticket, since)])).await? {
            Some(batch) => Ok(FirstEvent::Missed(batch)),
            None => Ok(FirstEvent::Reset(events.call(|events| events.position()).await?)),
        };
    }
    Ok(FirstEvent::Hello(events.call(|events| events.position()).await?))
}

impl Work<StopBroadcasting> for Broadcaster {
    fn work(&mut self, order: StopBroadcasting, _: &mut WorkerContext<'_, Self>) {
        self.is_stopped = true;
        self.watched.clear();
        order.reply.send(Ok(()));
    }
}

/// What a round has read, of which tickets.
pub struct Looked {
    since: Vec<(TicketId, EventPosition)>,
    /// `None` if the database does not know their positions: it is another one, or was restored.
    batch: Option<ChangeBatch>,
}

impl Poll for Broadcaster {
    type Found = Looked;
    const FAILURE: &'static str = "could not look for changes of tickets whose pages are open";

    fn every(&self) -> Duration {
        LOOK_EVERY
    }

    fn single_flight(&mut self) -> &mut SingleFlight {
        &mut self.single_flight
    }

    /// Without an open page nothing is asked.
    fn round(&mut self) -> impl Future<Output = Answer<Self::Found>> + 'static {
        for watched in self.watched.values_mut() {
            watched.pages.retain(|page| !page.is_closed());
        }
        self.watched.retain(|_, watched| !watched.pages.is_empty());
        let positions = self.watched.iter();
        let since: Vec<_> =
            positions.filter_map(|(ticket, watched)| Some((*ticket, watched.position.clone()?))).collect();
        let events = self.events.clone();
        async move {
            let batch = if since.is_empty() {
                None
            } else {
                let asked = since.clone();
                events.call(move |events| events.changes(asked)).await?
            };
            Ok(Looked { since, batch })
        }
    }

    fn found(&mut self, looked: Looked, _: &mut WorkerContext<'_, Self>) -> Next {
        match looked.batch {
            Some(batch) => self.tell(&looked.since, &batch),
            // The pages come back, and are told to read everything again.
            None => looked.since.iter().for_each(|(ticket, _)| drop(self.watched.remove(ticket))),
        }
        Next::Wait
    }
}

impl Broadcaster {
    /// The position of a ticket that was not part of the round, or that a page has held back meanwhile, stays as it is.
    fn tell(&mut self, since: &[(TicketId, EventPosition)], batch: &ChangeBatch) {
        for told in batch.changes.chunk_by(|one, other| one.ticket == other.ticket) {
            let Some(watched) = told.first().and_then(|change| self.watched.get_mut(&change.ticket)) else {
                continue;
            };
            let batch = ChangeBatch { changes: told.to_vec(), position: batch.position.clone() };
            watched.pages.retain(|page| page.try_send(batch.clone()).is_ok());
        }
        for (ticket, since) in since {
            if let Some(watched) = self.watched.get_mut(ticket)
                && watched.position.as_ref() == Some(since)
            {
                watched.position = Some(batch.position.clone());
            }
        }
    }
}
