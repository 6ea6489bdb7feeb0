//! `Delivery`: brings replies to customers. For the web form that is showing them on the ticket's page.

pub mod chat;

use std::time::Duration;

use super::crm::Wake;
use super::single_flight::{Go, SingleFlight};
use super::store_handle::StoreHandle;
use super::supervised::{Work, Worker, WorkerContext};
use crate::crm::port::Deliveries;
use crate::failpoint::{Failpoint, reach};

/// How often it looks without being stirred.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// Replies shown at once, at most.
const LIMIT: i64 = 500;

/// What a `Delivery` is made from.
pub struct DeliveryArgs {
    pub deliveries: StoreHandle<dyn Deliveries>,
}

pub struct Delivery {
    deliveries: StoreHandle<dyn Deliveries>,
    single_flight: SingleFlight,
}

impl Worker for Delivery {
    type Args = DeliveryArgs;
    const MAILBOX: usize = 4;

    fn new(args: &DeliveryArgs) -> Self {
        Self { deliveries: args.deliveries.clone(), single_flight: SingleFlight::default() }
    }

    fn started(&mut self, ctx: &mut WorkerContext<'_, Self>) {
        tick(ctx);
        self.look(ctx);
    }
}

fn tick(ctx: &mut WorkerContext<'_, Delivery>) {
    ctx.after(LOOK_EVERY, |delivery, ctx| {
        tick(ctx);
        delivery.look(ctx);
    });
}

impl Work<Wake> for Delivery {
    fn work(&mut self, _: Wake, ctx: &mut WorkerContext<'_, Self>) {
        self.look(ctx);
    }
}

impl Delivery {
    fn look(&mut self, ctx: &mut WorkerContext<'_, Self>) {
        if self.single_flight.ask() == Go::Now {
            self.publish(ctx);
        }
    }

    fn publish(&mut self, ctx: &mut WorkerContext<'_, Self>) {
        let deliveries = self.deliveries.clone();
        let deed = async move {
            reach(Failpoint::DeliveryBefore);
            let published = deliveries.call(|deliveries| deliveries.publish_web_replies(LIMIT)).await;
            if matches!(published, Ok(count) if count > 0) {
                reach(Failpoint::DeliveryPublished);
            }
            published
        };
        ctx.perform(deed, |delivery, published, ctx| {
            match published {
                Ok(count) if i64::try_from(count).is_ok_and(|count| count == LIMIT) => {
                    let _asked = delivery.single_flight.ask();
                }
                Ok(_) => {}
                Err(error) => tracing::warn!(%error, "could not show replies on their pages"),
            }
            if delivery.single_flight.ended() == Go::Now {
                delivery.publish(ctx);
            }
        });
    }
}
