//! `StaffBroadcaster`: tells open consoles of changes (publish-subscribe). One query serves all consoles of a process.
//!
//! It polls while consoles are open, so that a change is told within a second of its commit whichever process made it; a
//! wake-up makes that sooner. A console is registered before its first position is read, and the position of all is the
//! oldest of theirs and moves only with what was told: nothing is missed. One that does not keep up is dropped and comes
//! back.

use std::time::Duration;

use actix::Message;
use tokio::sync::mpsc;

use crate::actors::messages::{FirstEvent, FollowDesk, Following};
use crate::actors::runtime::ask::{Answer, CallError, Reply};
use crate::actors::runtime::poller::{self, Next, Poll};
use crate::actors::runtime::single_flight::SingleFlight;
use crate::actors::runtime::supervised::{Work, Worker, WorkerContext};
use crate::actors::store::store_handle::StoreHandle;
use crate::crm::port::StaffEvents;
use crate::domain::conversations::live::{EventBatch, EventPosition, StaffChange};

/// Poll interval: a change must be told within a second.
const LOOK_EVERY: Duration = Duration::from_millis(400);
/// Maximum consoles in a process.
const MAX_CONSOLES: usize = 1_000;
/// Batches that a console may be behind.
const MAX_BEHIND: usize = 64;

/// To `StaffBroadcaster`: end all streams, and accept no more.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct StopTellingStaff {
    pub reply: Reply<()>,
}

/// Arguments of a `StaffBroadcaster`.
pub struct StaffBroadcasterArgs {
    pub events: StoreHandle<dyn StaffEvents>,
}

pub struct StaffBroadcaster {
    events: StoreHandle<dyn StaffEvents>,
    /// What all consoles have been told; `None` until the first one has its position.
    position: Option<EventPosition>,
    consoles: Vec<mpsc::Sender<EventBatch<StaffChange>>>,
    is_stopped: bool,
    single_flight: SingleFlight,
}

impl Worker for StaffBroadcaster {
    type Args = StaffBroadcasterArgs;
    const MAILBOX: usize = 64;

    fn new(args: &StaffBroadcasterArgs) -> Self {
        Self {
            events: args.events.clone(),
            position: None,
            consoles: Vec::new(),
            is_stopped: false,
            single_flight: SingleFlight::default(),
        }
    }

    fn started(&mut self, ctx: &mut WorkerContext<'_, Self>) {
        poller::start(self, ctx);
    }
}

impl Work<FollowDesk> for StaffBroadcaster {
    fn work(&mut self, order: FollowDesk, ctx: &mut WorkerContext<'_, Self>) {
        let FollowDesk { since, reply } = order;
        if self.is_stopped || self.consoles.len() >= MAX_CONSOLES {
            reply.send(Err(CallError::Busy));
            return;
        }
        let (console, later) = mpsc::channel(MAX_BEHIND);
        self.consoles.push(console);
        ctx.perform(first_event(self.events.clone(), since), move |broadcaster, first, _| {
            if let Ok(first) = &first {
                first.position().hold_back(&mut broadcaster.position);
            }
            reply.send(first.map(|first| Following { first, later }));
        });
    }
}

async fn first_event(
    events: StoreHandle<dyn StaffEvents>,
    since: Option<EventPosition>,
) -> Answer<FirstEvent<StaffChange>> {
    if let Some(since) = since {
        return match events.call(move |events| events.desk_changes(since)).await? {
            Some(batch) => Ok(FirstEvent::Missed(batch)),
            None => Ok(FirstEvent::Reset(events.call(|events| events.desk_position()).await?)),
        };
    }
    Ok(FirstEvent::Hello(events.call(|events| events.desk_position()).await?))
}

impl Work<StopTellingStaff> for StaffBroadcaster {
    fn work(&mut self, order: StopTellingStaff, _: &mut WorkerContext<'_, Self>) {
        self.is_stopped = true;
        self.consoles.clear();
        order.reply.send(Ok(()));
    }
}

/// What a round has read.
pub enum DeskLook {
    /// No console is open.
    Nothing,
    Changes {
        since: EventPosition,
        batch: EventBatch<StaffChange>,
    },
    /// The database does not know the position, or has too much to tell.
    Lost,
}

impl Poll for StaffBroadcaster {
    type Found = DeskLook;
    const FAILURE: &'static str = "could not look for changes that staff see";

    fn every(&self) -> Duration {
        LOOK_EVERY
    }

    fn single_flight(&mut self) -> &mut SingleFlight {
        &mut self.single_flight
    }

    /// Without an open console nothing is asked.
    fn round(&mut self) -> impl Future<Output = Answer<Self::Found>> + 'static {
        self.consoles.retain(|console| !console.is_closed());
        if self.consoles.is_empty() {
            self.position = None;
        }
        let (since, events) = (self.position.clone(), self.events.clone());
        async move {
            let Some(since) = since else {
                return Ok(DeskLook::Nothing);
            };
            events.call(|events| events.end_presences()).await?;
            let asked = since.clone();
            let batch = events.call(move |events| events.desk_changes(asked)).await?;
            Ok(batch.map_or(DeskLook::Lost, |batch| DeskLook::Changes { since, batch }))
        }
    }

    fn found(&mut self, look: DeskLook, _: &mut WorkerContext<'_, Self>) -> Next {
        match look {
            DeskLook::Nothing => {}
            DeskLook::Changes { since, batch } => {
                if !batch.changes.is_empty() {
                    self.consoles.retain(|console| console.try_send(batch.clone()).is_ok());
                }
                // A console that came meanwhile may have held it back.
                if self.position.as_ref() == Some(&since) {
                    self.position = Some(batch.position);
                }
            }
            // The consoles come back, and are told to read everything again.
            DeskLook::Lost => {
                self.consoles.clear();
                self.position = None;
            }
        }
        Next::Wait
    }
}
