//! `Timekeeper`: what the SLA clocks bring about, once in the whole system: warnings, breaches, and reminders of
//! escalations that nobody takes. Each row is claimed by its lock, so that it does not matter how many processes look. The
//! clocks themselves are moved by the transactions that move tickets.

use std::time::Duration;

use time::Date;

use crate::actors::runtime::ask::Answer;
use crate::actors::runtime::poller::{self, Next, Poll};
use crate::actors::runtime::single_flight::SingleFlight;
use crate::actors::runtime::supervised::{Worker, WorkerContext};
use crate::actors::store::store_handle::StoreHandle;
use crate::clock;
use crate::crm::port::SlaClockStore;
use crate::domain::conversations::service_levels::{Alarms, SlaPlan};
use crate::metrics::{METRICS, start_at_zero};

/// Poll interval: two probes of small indexes.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Maximum conversations at once.
const MAX_ALARMS: i64 = 200;
const MAX_REMINDERS: i64 = 50;

/// Arguments of a `Timekeeper`.
pub struct TimekeeperArgs {
    pub clocks: StoreHandle<dyn SlaClockStore>,
    pub plan: SlaPlan,
}

pub struct Timekeeper {
    clocks: StoreHandle<dyn SlaClockStore>,
    plan: SlaPlan,
    /// The day for which the calendar was stored.
    stored: Option<Date>,
    single_flight: SingleFlight,
}

impl Worker for Timekeeper {
    type Args = TimekeeperArgs;
    const MAILBOX: usize = 4;

    fn new(args: &TimekeeperArgs) -> Self {
        Self {
            clocks: args.clocks.clone(),
            plan: args.plan.clone(),
            stored: None,
            single_flight: SingleFlight::default(),
        }
    }

    fn started(&mut self, ctx: &mut WorkerContext<'_, Self>) {
        start_at_zero(&METRICS.sla_breaches, Alarms::default().overdue().map(|(clock, _)| clock));
        poller::start(self, ctx);
    }
}

/// What a round has done.
pub struct ClockRound {
    day: Date,
    alarms: Alarms,
    reminders: u64,
}

impl Poll for Timekeeper {
    type Found = ClockRound;
    const FAILURE: &'static str = "could not look at the SLA clocks";

    fn every(&self) -> Duration {
        LOOK_EVERY
    }

    fn single_flight(&mut self) -> &mut SingleFlight {
        &mut self.single_flight
    }

    fn round(&mut self) -> impl Future<Output = Answer<ClockRound>> + 'static {
        let (clocks, now) = (self.clocks.clone(), clock::now());
        let plan = (self.stored != Some(now.date())).then(|| self.plan.clone());
        async move {
            if let Some(plan) = plan {
                clocks.call(move |clocks| clocks.write_service_levels(plan, now)).await?;
            }
            Ok(ClockRound {
                day: now.date(),
                alarms: clocks.call(|clocks| clocks.sound_alarms(MAX_ALARMS)).await?,
                reminders: clocks.call(|clocks| clocks.remind_staff(MAX_REMINDERS)).await?,
            })
        }
    }

    fn found(&mut self, round: ClockRound, _: &mut WorkerContext<'_, Self>) -> Next {
        let ClockRound { day, alarms, reminders } = round;
        self.stored = Some(day);
        let mut overdue = 0;
        for (clock, count) in alarms.overdue() {
            METRICS.sla_breaches.with_label_values(&[clock]).inc_by(count);
            overdue += count;
        }
        if overdue > 0 {
            tracing::warn!(overdue, "answers or resolutions are overdue");
        }
        if reminders > 0 {
            METRICS.escalation_reminders.inc_by(reminders);
            tracing::info!(reminders, "reminded staff of unclaimed escalations");
        }
        let is_full = alarms.due_soon + overdue >= MAX_ALARMS.unsigned_abs();
        if is_full || reminders >= MAX_REMINDERS.unsigned_abs() { Next::Again } else { Next::Wait }
    }
}
