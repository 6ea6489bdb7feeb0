//! `Delivery` of a provider channel: sends replies through a provider, each once and in the order of its conversation.
//!
//! A reply is marked as sending before its request, so a crash leaves an in-doubt attempt. The attempt is resolved by
//! what the provider reports or shows, and repeated once if that does not show it (PROTOCOL.md 6): a second message is
//! possible only where a provider does not show what it accepted, as with SMTP. It decides nothing about the reply
//! itself.

mod in_doubt;
mod send;

use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix::prelude::*;
use tracing::{Instrument, field};

use self::in_doubt::Heard;
use self::send::{SendOutcome, start_failures_at_zero};
use crate::actors::messages::RecordStatus;
use crate::actors::runtime::ask::{Answer, Reply, ask};
use crate::actors::runtime::dependency_status::DependencyStatus;
use crate::actors::runtime::poller::{self, Next, Poll};
use crate::actors::runtime::single_flight::SingleFlight;
use crate::actors::runtime::supervised::{Work, Worker, WorkerContext};
use crate::actors::store::crm::LeaseDeliveries;
use crate::actors::store::store_handle::StoreHandle;
use crate::channels::port::MessageSender;
use crate::clock;
use crate::crm::port::{Deliveries, LeaseRequest};
use crate::domain::enums::Channel;
use crate::domain::messages::delivery::{ClaimedDelivery, pause_after};
use crate::domain::runtime::timing::{DELIVERY_LEASE, TIMEOUT};
use crate::metrics::{METRICS, observe_since, start_at_zero};
use crate::trace;

/// Poll interval without a wake-up.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// Lease of a reply: longer than it may wait for its request, plus the request's time-out.
pub const LEASE: Duration = DELIVERY_LEASE;

/// Settings of the channel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ChatSettings {
    pub channel: Channel,
    /// Messages per second that the provider accepts from the sender, over all processes.
    pub per_second: f64,
    /// Requests in flight from this process.
    pub at_once: usize,
}

/// Send no more; answered when no request is in flight.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct StopSending {
    pub reply: Reply<()>,
}

/// Arguments of a `ChatDelivery`.
pub struct ChatDeliveryArgs {
    pub wires: Rc<ChatWires>,
    pub settings: ChatSettings,
    pub problem: Arc<DependencyStatus>,
}

/// Its dependencies.
pub struct ChatWires {
    pub leases: Recipient<LeaseDeliveries>,
    pub deliveries: StoreHandle<dyn Deliveries>,
    pub statuses: Recipient<RecordStatus>,
    pub sender: Arc<dyn MessageSender>,
}

pub struct ChatDelivery {
    wires: Rc<ChatWires>,
    settings: ChatSettings,
    problem: Arc<DependencyStatus>,
    single_flight: SingleFlight,
    under_way: usize,
    /// Consecutive failures of the provider, and until when they pause sending.
    failures: u32,
    paused_until: Option<Instant>,
    /// When an attempt without an answer becomes in doubt in the database, unless it was resolved before.
    doubt_from: Option<Instant>,
    stopped: Option<Vec<Reply<()>>>,
}

impl Worker for ChatDelivery {
    type Args = ChatDeliveryArgs;
    const MAILBOX: usize = 8;

    fn new(args: &ChatDeliveryArgs) -> Self {
        start_at_zero(&METRICS.deliveries, SendOutcome::LABELS);
        start_failures_at_zero(args.settings.channel);
        Self {
            wires: Rc::clone(&args.wires),
            settings: args.settings,
            problem: Arc::clone(&args.problem),
            single_flight: SingleFlight::default(),
            under_way: 0,
            failures: 0,
            paused_until: None,
            doubt_from: None,
            stopped: None,
        }
    }

    fn started(&mut self, ctx: &mut WorkerContext<'_, Self>) {
        poller::start(self, ctx);
        poller::repeat(self, ctx, in_doubt::LOOK_EVERY, in_doubt::round, in_doubt::ended);
    }
}

/// Replies leased in one round.
pub struct LeasedReplies {
    deliveries: Vec<ClaimedDelivery>,
    asked_at: Instant,
    /// Whether there may be more.
    is_full: bool,
}

impl Poll for ChatDelivery {
    type Found = LeasedReplies;
    const FAILURE: &'static str = "could not look for replies to send";

    fn every(&self) -> Duration {
        LOOK_EVERY
    }

    fn single_flight(&mut self) -> &mut SingleFlight {
        &mut self.single_flight
    }

    fn round(&mut self) -> impl Future<Output = Answer<LeasedReplies>> + 'static {
        let (wires, settings, room, asked_at) =
            (Rc::clone(&self.wires), self.settings, self.room(), clock::monotonic());
        async move {
            let deliveries = if room == 0 { vec![] } else { lease(&wires, settings, room).await? };
            let is_full = room > 0 && deliveries.len() == room;
            Ok(LeasedReplies { deliveries, asked_at, is_full })
        }
    }

    fn found(&mut self, leased: LeasedReplies, ctx: &mut WorkerContext<'_, Self>) -> Next {
        for delivery in leased.deliveries {
            self.carry(delivery, leased.asked_at, ctx);
        }
        if leased.is_full { Next::Again } else { Next::Wait }
    }
}

async fn lease(wires: &ChatWires, settings: ChatSettings, room: usize) -> Answer<Vec<ClaimedDelivery>> {
    let limit = i64::try_from(room).unwrap_or(i64::MAX);
    let request = LeaseRequest { channel: settings.channel, limit, lease: LEASE };
    let per_second = settings.per_second;
    ask(&wires.leases, TIMEOUT, |reply| LeaseDeliveries { request, per_second, reply }).await
}

impl Work<StopSending> for ChatDelivery {
    fn work(&mut self, order: StopSending, _: &mut WorkerContext<'_, Self>) {
        self.stopped.get_or_insert_default().push(order.reply);
        self.tell_if_idle();
    }
}

impl ChatDelivery {
    /// How many requests may be started now: none while the provider is given a pause.
    fn room(&self) -> usize {
        let is_paused = self.paused_until.is_some_and(|until| clock::monotonic() < until);
        if self.stopped.is_some() || is_paused {
            0
        } else {
            self.settings.at_once.saturating_sub(self.under_way)
        }
    }

    fn carry(&mut self, reply: ClaimedDelivery, asked_at: Instant, ctx: &mut WorkerContext<'_, Self>) {
        self.under_way += 1;
        let (wires, channel, began) = (Rc::clone(&self.wires), self.settings.channel, clock::monotonic());
        let (id, attempt) = (reply.delivery, reply.attempt);
        let span = tracing::debug_span!(
            "delivery_attempt",
            otel.name = format!("deliver {channel}"),
            otel.kind = "client",
            otel.status_code = field::Empty,
            %channel,
            delivery = %id,
            attempt,
            outcome = field::Empty,
        );
        let span = trace::continued(span, reply.traceparent);
        let noted = span.clone();
        let carried = send::carry(wires, channel, reply, asked_at).instrument(span);
        ctx.perform(carried, move |delivery, outcome, ctx| {
            let labels = [channel.as_str(), outcome.as_str()];
            noted.record("outcome", outcome.as_str());
            if outcome != SendOutcome::Sent {
                noted.record("otel.status_code", "ERROR");
            }
            drop(noted);
            observe_since(&METRICS.delivery_attempt.with_label_values(&labels), began);
            delivery.under_way -= 1;
            delivery.learn(&outcome);
            delivery.tell_if_idle();
            poller::look(delivery, ctx);
        });
    }

    /// Backs off from a provider that is down; one that answers is used again at once.
    fn learn(&mut self, outcome: &SendOutcome) {
        METRICS.deliveries.with_label_values(&[outcome.as_str()]).inc();
        match outcome {
            SendOutcome::Sent | SendOutcome::Failed => {
                self.failures = 0;
                self.paused_until = None;
                self.clear_trouble();
            }
            SendOutcome::Unavailable { why, retry_after } => {
                let now = clock::monotonic();
                // Requests that failed together count as one failure.
                if self.paused_until.is_none_or(|until| now >= until) {
                    self.failures = self.failures.saturating_add(1);
                    self.paused_until = Some(now + retry_after.unwrap_or_else(|| pause_after(self.failures)));
                }
                self.problem.set(Some(why.clone()));
            }
            SendOutcome::Unknown { why } => self.note_silence(why, LEASE),
            SendOutcome::NotOurs => {
                self.problem.set(Some("a reply was sent that the records do not have".to_owned()));
            }
            SendOutcome::Nothing => {}
        }
    }

    /// What resolving in-doubt attempts says about the provider. One that accepts nothing is degraded whatever it
    /// lists.
    fn hear(&mut self, heard: &Heard) {
        let is_over = |from: Instant| clock::monotonic() >= from;
        match heard {
            Heard::Silence(why) => self.note_silence(why, in_doubt::LEASE),
            Heard::Answer if self.failures == 0 => self.clear_trouble(),
            // Its reports have resolved what was in doubt.
            Heard::Nothing if self.failures == 0 && self.doubt_from.is_some_and(is_over) => {
                self.clear_trouble();
            }
            Heard::Answer | Heard::Nothing => {}
        }
    }

    fn note_silence(&mut self, why: &str, lease: Duration) {
        self.doubt_from = Some(clock::monotonic() + lease);
        self.problem.set(Some(why.to_owned()));
    }

    fn clear_trouble(&mut self) {
        self.doubt_from = None;
        self.problem.set(None);
    }

    fn tell_if_idle(&mut self) {
        if self.under_way == 0 {
            self.stopped
                .iter_mut()
                .flat_map(|replies| replies.drain(..))
                .for_each(|reply| reply.send(Ok(())));
        }
    }
}
