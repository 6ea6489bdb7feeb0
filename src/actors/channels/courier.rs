//! `Courier`: sends events to the endpoints of other systems (outgoing webhooks), at-least-once. Which events there are is
//! decided in the database, where each is written in the transaction of what happened.
//!
//! Events are leased there, so that several processes send each once. An event is repeated, under the same id, only if a
//! process dies between the receiver's answer and our record of it. Each endpoint is served on its own: one that does not
//! answer delays no other.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;

use crate::actors::messages::CheckWebhook;
use crate::actors::runtime::ask::{Answer, CallError};
use crate::actors::runtime::poller::{self, Next, Poll};
use crate::actors::runtime::single_flight::SingleFlight;
use crate::actors::runtime::supervised::{Work, Worker, WorkerContext};
use crate::actors::store::store_handle::StoreHandle;
use crate::channels::outgoing::PostEvent;
use crate::clock;
use crate::crm::port::Webhooks;
use crate::domain::ids::WebhookId;
use crate::domain::webhooks::{AfterTry, WebhookEnd, WebhookTry, WebhookUpkeep};
use crate::failpoint::{Failpoint, reach};
use crate::metrics::{METRICS, start_at_zero};

/// Poll interval. A poll without a result costs one probe of a small index for each endpoint.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// Events sent to one endpoint at the same time.
const AT_ONCE: i64 = 4;
/// Lease of an event: longer than a try takes.
const LEASE: Duration = Duration::from_secs(30);
/// How often old events are removed and failing endpoints counted.
const UPKEEP_EVERY: Duration = Duration::from_secs(60);
/// Events removed at once.
const MAX_REMOVED: i64 = 5_000;

/// Arguments of a `Courier`.
pub struct CourierArgs {
    pub webhooks: StoreHandle<dyn Webhooks>,
    /// Without one, nothing is sent, and no address is accepted.
    pub post: Option<Arc<dyn PostEvent>>,
    /// Otherwise other processes send, and this one only checks addresses.
    pub sends: bool,
}

pub struct Courier {
    webhooks: StoreHandle<dyn Webhooks>,
    post: Option<Arc<dyn PostEvent>>,
    sends: bool,
    /// The endpoints that events are being sent to.
    busy: BTreeSet<WebhookId>,
    single_flight: SingleFlight,
}

impl Worker for Courier {
    type Args = CourierArgs;
    const MAILBOX: usize = 16;

    fn new(args: &CourierArgs) -> Self {
        start_at_zero(&METRICS.webhook_tries, AfterTry::ALL);
        Self {
            webhooks: args.webhooks.clone(),
            post: args.post.clone(),
            sends: args.sends && args.post.is_some(),
            busy: BTreeSet::new(),
            single_flight: SingleFlight::default(),
        }
    }

    fn started(&mut self, ctx: &mut WorkerContext<'_, Self>) {
        if self.sends {
            poller::start(self, ctx);
            poller::repeat(self, ctx, UPKEEP_EVERY, |courier| upkeep(courier.webhooks.clone()), |_, ()| {});
        }
    }
}

impl Work<CheckWebhook> for Courier {
    fn work(&mut self, question: CheckWebhook, ctx: &mut WorkerContext<'_, Self>) {
        let CheckWebhook { url, reply } = question;
        let Some(post) = &self.post else {
            reply.send(Err(CallError::Busy));
            return;
        };
        let checked = post.check(&url);
        ctx.perform(checked, move |_, checked, _| reply.send(Ok(checked)));
    }
}

impl Poll for Courier {
    type Found = Vec<WebhookTry>;
    const FAILURE: &'static str = "could not look for events to send to webhooks";

    fn every(&self) -> Duration {
        LOOK_EVERY
    }

    fn single_flight(&mut self) -> &mut SingleFlight {
        &mut self.single_flight
    }

    fn round(&mut self) -> impl Future<Output = Answer<Self::Found>> + 'static {
        let (webhooks, busy) = (self.webhooks.clone(), self.busy.iter().copied().collect());
        async move { webhooks.call(move |webhooks| webhooks.lease_webhooks(busy, AT_ONCE, LEASE)).await }
    }

    fn found(&mut self, leased: Self::Found, ctx: &mut WorkerContext<'_, Self>) -> Next {
        if !leased.is_empty() {
            reach(Failpoint::CourierLeased);
        }
        let Some(post) = self.post.clone() else {
            return Next::Wait;
        };
        let mut endpoints: BTreeMap<WebhookId, Vec<WebhookTry>> = BTreeMap::new();
        for attempt in leased {
            endpoints.entry(attempt.webhook).or_default().push(attempt);
        }
        for (webhook, attempts) in endpoints {
            self.busy.insert(webhook);
            let sent = send_all(self.webhooks.clone(), Arc::clone(&post), attempts);
            ctx.perform(sent, move |courier, (), ctx| {
                courier.busy.remove(&webhook);
                poller::look(courier, ctx);
            });
        }
        Next::Wait
    }
}

async fn send_all(webhooks: StoreHandle<dyn Webhooks>, post: Arc<dyn PostEvent>, attempts: Vec<WebhookTry>) {
    join_all(attempts.into_iter().map(|attempt| send(&webhooks, &*post, attempt))).await;
}

async fn send(webhooks: &StoreHandle<dyn Webhooks>, post: &dyn PostEvent, attempt: WebhookTry) {
    let (delivery, webhook, number) = (attempt.delivery, attempt.webhook, attempt.attempt);
    let answer = post.post(attempt, clock::now()).await;
    reach(Failpoint::CourierPosted);
    let end = WebhookEnd::of(number, answer);
    METRICS.webhook_tries.with_label_values(&[end.next.as_str()]).inc();
    if let Some(error) = &end.error {
        tracing::warn!(%webhook, %delivery, attempt = number, error, "could not send an event to a webhook");
    }
    match webhooks.call(move |webhooks| webhooks.settle_webhook(delivery, number, end)).await {
        Ok(false) => {}
        Ok(true) => tracing::warn!(%webhook, "a webhook is disabled: its receiver wants no more events"),
        Err(error) => {
            tracing::warn!(%delivery, %error, "could not record how sending an event ended; it is sent again");
        }
    }
}

/// Removes old events until there are none left.
async fn upkeep(webhooks: StoreHandle<dyn Webhooks>) {
    loop {
        match webhooks.call(|webhooks| webhooks.tidy_webhooks(MAX_REMOVED)).await {
            Ok(WebhookUpkeep { removed, failing }) => {
                METRICS.webhooks_failing.set(failing);
                if removed < MAX_REMOVED {
                    return;
                }
            }
            Err(error) => {
                tracing::warn!(%error, "could not remove old events of webhooks");
                return;
            }
        }
    }
}
