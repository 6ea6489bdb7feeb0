//! `Delivery` of the web form: publishes replies on the ticket's page.

pub mod chat;

use std::time::Duration;

use actix::prelude::*;

use crate::actors::runtime::ask::Answer;
use crate::actors::runtime::poller::{self, Next, Poll};
use crate::actors::runtime::single_flight::SingleFlight;
use crate::actors::runtime::supervised::{Worker, WorkerContext};
use crate::actors::store::crm::{Wake, wake};
use crate::actors::store::store_handle::StoreHandle;
use crate::crm::port::{Deliveries, PublishedReply};
use crate::domain::enums::Channel;
use crate::failpoint::{Failpoint, reach};
use crate::trace;

/// Poll interval without a wake-up.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// Maximum replies published at once.
const MAX_PUBLISHED: usize = 500;

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
    type Found = Vec<PublishedReply>;
    const FAILURE: &'static str = "could not show replies on their pages";

    fn every(&self) -> Duration {
        LOOK_EVERY
    }

    fn single_flight(&mut self) -> &mut SingleFlight {
        &mut self.single_flight
    }

    fn round(&mut self) -> impl Future<Output = Answer<Vec<PublishedReply>>> + 'static {
        let deliveries = self.deliveries.clone();
        async move {
            reach(Failpoint::DeliveryBefore);
            let limit = i64::try_from(MAX_PUBLISHED).unwrap_or(i64::MAX);
            let published = deliveries.call(move |deliveries| deliveries.publish_web_replies(limit)).await;
            if matches!(&published, Ok(replies) if !replies.is_empty()) {
                reach(Failpoint::DeliveryPublished);
            }
            published
        }
    }

    fn found(&mut self, published: Vec<PublishedReply>, _: &mut WorkerContext<'_, Self>) -> Next {
        if !published.is_empty() {
            wake(&self.pages);
        }
        published.iter().for_each(end_trace);
        if published.len() == MAX_PUBLISHED { Next::Again } else { Next::Wait }
    }
}

/// The last span of a message's trace. The commit was the delivery, so that it is a point in time.
fn end_trace(reply: &PublishedReply) {
    if reply.traceparent.is_none() {
        return;
    }
    let channel = Channel::WebForm;
    let span = tracing::debug_span!(
        "delivery_attempt",
        otel.name = format!("deliver {channel}"),
        otel.kind = "internal",
        %channel,
        delivery = %reply.delivery,
    );
    drop(trace::continued(span, reply.traceparent));
}
