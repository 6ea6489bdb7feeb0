//! `Sweeper`: finds messages that a crash left without an owner, and puts their conversations back into the outbox.
//!
//! It never races a live turn, which holds a lease, and it never submits work itself. It also acknowledges the delay to
//! customers who have waited long, for whatever reason.

use std::sync::Arc;
use std::time::Duration;

use actix::prelude::*;

use crate::actors::runtime::ask::Answer;
use crate::actors::runtime::poller::{self, Next, Poll};
use crate::actors::runtime::single_flight::SingleFlight;
use crate::actors::runtime::supervised::{Worker, WorkerContext};
use crate::actors::store::crm::{Wake, wake};
use crate::actors::store::store_handle::StoreHandle;
use crate::agent::handbook::Handbook;
use crate::channels::format::{Occasion, render_reply};
use crate::crm::port::{Inquiries, Outbox, Sweep};
use crate::domain::conversations::delay::{Delay, DelayNotice};
use crate::domain::enums::MessageKind;
use crate::domain::runtime::timing::{SWEEP_EVERY, SWEEP_IDLE};
use crate::failpoint::{Failpoint, reach};

/// Maximum conversations put back at once.
const LIMIT: i64 = 1000;
/// Ratio of the poll interval to the delay: looking for delays costs a probe for each waiting customer, so it is done
/// less often.
const DELAY_LOOKS: u32 = 20;
/// Maximum delay acknowledgements at once.
const MAX_TOLD: i64 = 500;

/// Arguments of a `Sweeper`.
pub struct SweeperArgs {
    pub outbox: StoreHandle<dyn Outbox>,
    pub inquiries: StoreHandle<dyn Inquiries>,
    pub relay: Recipient<Wake>,
    /// How long a message waits before its customer gets an acknowledgement of the delay.
    pub delay_ack: Duration,
    pub handbook: Arc<Handbook>,
    pub pace: SweepPace,
}

/// When a message counts as abandoned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SweepPace {
    /// Younger messages are still being handed over normally.
    pub idle_for: Duration,
    /// A conversation is not put back again within this period.
    pub again_after: Duration,
}

impl SweepPace {
    /// At start, whatever a crash left behind.
    const AT_START: Self = Self { idle_for: Duration::ZERO, again_after: Duration::ZERO };
    /// In process, nothing else recovers lost work.
    pub const IN_PROCESS: Self = Self { idle_for: SWEEP_IDLE, again_after: SWEEP_IDLE };
    /// With Kafka an event is redelivered when its member dies (session time-out 6 s), and what waits there should not
    /// be put in again every few seconds.
    pub const WITH_KAFKA: Self =
        Self { idle_for: Duration::from_secs(8), again_after: Duration::from_secs(20) };
}

pub struct Sweeper {
    outbox: StoreHandle<dyn Outbox>,
    inquiries: StoreHandle<dyn Inquiries>,
    relay: Recipient<Wake>,
    delay_ack: Duration,
    handbook: Arc<Handbook>,
    pace: SweepPace,
    /// Whether the sweep at start was done.
    swept_at_start: bool,
    single_flight: SingleFlight,
}

impl Worker for Sweeper {
    type Args = SweeperArgs;
    const MAILBOX: usize = 4;

    fn new(args: &SweeperArgs) -> Self {
        Self {
            outbox: args.outbox.clone(),
            inquiries: args.inquiries.clone(),
            relay: args.relay.clone(),
            delay_ack: args.delay_ack,
            handbook: Arc::clone(&args.handbook),
            pace: args.pace,
            swept_at_start: false,
            single_flight: SingleFlight::default(),
        }
    }

    fn started(&mut self, ctx: &mut WorkerContext<'_, Self>) {
        poller::start(self, ctx);
        let pause = (self.delay_ack / DELAY_LOOKS).max(SWEEP_EVERY);
        poller::repeat(self, ctx, pause, Self::acknowledge_delays, Self::delays_acknowledged);
    }
}

impl Poll for Sweeper {
    type Found = u64;
    const FAILURE: &'static str = "could not look for abandoned conversations";

    fn every(&self) -> Duration {
        SWEEP_EVERY
    }

    fn single_flight(&mut self) -> &mut SingleFlight {
        &mut self.single_flight
    }

    fn round(&mut self) -> impl Future<Output = Answer<u64>> + 'static {
        let SweepPace { idle_for, again_after } =
            if std::mem::replace(&mut self.swept_at_start, true) { self.pace } else { SweepPace::AT_START };
        let (outbox, sweep) = (self.outbox.clone(), Sweep { idle_for, again_after, limit: LIMIT });
        async move {
            let swept = outbox.call(move |outbox| outbox.sweep(sweep)).await;
            if matches!(swept, Ok(found) if found > 0) {
                reach(Failpoint::SweeperSwept);
            }
            swept
        }
    }

    fn found(&mut self, found: u64, _: &mut WorkerContext<'_, Self>) -> Next {
        if found > 0 {
            tracing::info!(found, "put abandoned conversations back into the outbox");
            wake(&self.relay);
        }
        Next::Wait
    }
}

impl Sweeper {
    fn acknowledge_delays(&self) -> impl Future<Output = Answer<u64>> + use<> {
        tell(self.inquiries.clone(), self.delay_ack, Arc::clone(&self.handbook))
    }

    fn delays_acknowledged(&mut self, told: Answer<u64>) {
        match told {
            Ok(0) => {}
            Ok(told) => tracing::warn!(told, "customers wait: told them that their messages are here"),
            Err(error) => tracing::warn!(%error, "could not look for customers who wait"),
        }
    }
}

/// Acknowledges the delay to waiting customers, rendered for their channels; returns how many.
async fn tell(
    inquiries: StoreHandle<dyn Inquiries>,
    older_than: Duration,
    handbook: Arc<Handbook>,
) -> Answer<u64> {
    let delays = inquiries.call(move |inquiries| inquiries.find_delays(older_than, MAX_TOLD)).await?;
    if delays.is_empty() {
        return Ok(0);
    }
    let notices = delays.into_iter().map(|delay| notice(delay, &handbook)).collect();
    inquiries.call(move |inquiries| inquiries.acknowledge_delays(notices)).await
}

fn notice(delay: Delay, handbook: &Handbook) -> DelayNotice {
    let Delay { conversation, answered_through, channel, customer_name, ticket } = delay;
    let text = handbook.voice.phrases.delay.replace("{ticket}", &ticket.to_string());
    let occasion = Occasion { customer_name: &customer_name, ticket, kind: MessageKind::Acknowledgement };
    DelayNotice {
        conversation,
        answered_through,
        text: render_reply(channel, &text, &occasion, &handbook.voice),
    }
}
