//! `Scheduler`: what time alone brings about, once in the whole system. Each row is claimed by its lock, so that it does not
//! matter how many processes look.

use std::time::Duration;

use crate::actors::runtime::ask::Answer;
use crate::actors::runtime::poller::{self, Next, Poll};
use crate::actors::runtime::single_flight::SingleFlight;
use crate::actors::runtime::supervised::{Worker, WorkerContext};
use crate::actors::store::store_handle::StoreHandle;
use crate::crm::port::{Accounts, LiveEvents, TicketPages};
use crate::domain::conversations::idle::IdleLimits;

/// Poll interval; limits are hours and days.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// Maximum tickets ended at once.
const MAX_TICKETS: i64 = 200;
/// Maximum events forgotten at once.
const MAX_EVENTS: i64 = 5_000;

/// Arguments of a `Scheduler`.
pub struct SchedulerArgs {
    pub pages: StoreHandle<dyn TicketPages>,
    pub events: StoreHandle<dyn LiveEvents>,
    pub accounts: StoreHandle<dyn Accounts>,
    pub limits: IdleLimits,
}

pub struct Scheduler {
    pages: StoreHandle<dyn TicketPages>,
    events: StoreHandle<dyn LiveEvents>,
    accounts: StoreHandle<dyn Accounts>,
    limits: IdleLimits,
    single_flight: SingleFlight,
}

impl Worker for Scheduler {
    type Args = SchedulerArgs;
    const MAILBOX: usize = 4;

    fn new(args: &SchedulerArgs) -> Self {
        Self {
            pages: args.pages.clone(),
            events: args.events.clone(),
            accounts: args.accounts.clone(),
            limits: args.limits,
            single_flight: SingleFlight::default(),
        }
    }

    fn started(&mut self, ctx: &mut WorkerContext<'_, Self>) {
        poller::start(self, ctx);
    }
}

/// What a round has done.
pub struct Ended {
    tickets: u64,
    events: u64,
}

impl Poll for Scheduler {
    type Found = Ended;
    const FAILURE: &'static str = "could not look for tickets whose time is over";

    fn every(&self) -> Duration {
        LOOK_EVERY
    }

    fn single_flight(&mut self) -> &mut SingleFlight {
        &mut self.single_flight
    }

    fn round(&mut self) -> impl Future<Output = Answer<Ended>> + 'static {
        let (pages, events, limits) = (self.pages.clone(), self.events.clone(), self.limits);
        let accounts = self.accounts.clone();
        async move {
            accounts.call(|accounts| accounts.forget_sessions()).await?;
            Ok(Ended {
                tickets: pages.call(move |pages| pages.end_idle_tickets(limits, MAX_TICKETS)).await?,
                events: events.call(|events| events.forget_events(MAX_EVENTS)).await?,
            })
        }
    }

    fn found(&mut self, ended: Ended, _: &mut WorkerContext<'_, Self>) -> Next {
        if ended.tickets > 0 {
            tracing::info!(tickets = ended.tickets, "resolved or closed tickets whose time was over");
        }
        if ended.tickets >= MAX_TICKETS.unsigned_abs() || ended.events >= MAX_EVENTS.unsigned_abs() {
            Next::Again
        } else {
            Next::Wait
        }
    }
}
