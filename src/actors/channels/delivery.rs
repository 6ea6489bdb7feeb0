//! `Delivery` of the web form: publishes replies on the ticket's page that no turn has written, such as those of staff. A
//! turn's own shows from its commit on.

pub mod chat;

use std::time::Duration;

use actix::prelude::*;

use crate::actors::runtime::ask::Answer;
use crate::actors::runtime::poller::{self, Next, Poll};
use crate::actors::runtime::single_flight::SingleFlight;
use crate::actors::runtime::supervised::{Worker, WorkerContext};
use crate::actors::store::crm::{Wake, wake};
use crate::actors::store::store_handle::StoreHandle;
use crate::crm::port::Deliveries;
use crate::failpoint::{Failpoint, reach};

/// Poll interval without a wake-up.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// Maximum replies published at once.
const LIMIT: i64 = 500;

/// Arguments of a `Delivery`.
pub struct DeliveryArgs {
    pub deliveries: StoreHandle<dyn Deliveries>,
    /// Woken when replies were published.
    pub pages: Recipient<Wake>,
}

pub struct Delivery {
    deliveries: StoreHandle<dyn Deliveries>,
    pages: Recipient<Wake>,
    single_flight: SingleFlight,
}

impl Worker for Delivery {
    type Args = DeliveryArgs;
    const MAILBOX: usize = 4;

    fn new(args: &DeliveryArgs) -> Self {
        Self {
            deliveries: args.deliveries.clone(),
            pages: args.pages.clone(),
            single_flight: SingleFlight::default(),
        }
    }

    fn started(&mut self, ctx: &mut WorkerContext<'_, Self>) {
        poller::start(self, ctx);
    }
}

impl Poll for Delivery {
    type Found = u64;
    const FAILURE: &'static str = "could not show replies on their pages";

    fn every(&self) -> Duration {
        LOOK_EVERY
    }

    fn single_flight(&mut self) -> &mut SingleFlight {
        &mut self.single_flight
    }

    fn round(&mut self) -> impl Future<Output = Answer<u64>> + 'static {
        let deliveries = self.deliveries.clone();
        async move {
            reach(Failpoint::DeliveryBefore);
            deliveries.call(|deliveries| deliveries.publish_web_replies(LIMIT)).await
        }
    }

    fn found(&mut self, published: u64, _: &mut WorkerContext<'_, Self>) -> Next {
        if published > 0 {
            wake(&self.pages);
        }
        if published == LIMIT.unsigned_abs() { Next::Again } else { Next::Wait }
    }
}
