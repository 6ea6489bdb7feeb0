//! `Desk`: notifies staff of each escalation, at-least-once. It does not decide whether to escalate.
//!
//! Which escalations staff have been notified of is stored in the database, so that a restart forgets none; each is
//! leased there, so that several processes notify once. A notice is repeated only if a process dies between the
//! receiver's answer and its record.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;

use crate::actors::runtime::ask::Answer;
use crate::actors::runtime::dependency_status::DependencyStatus;
use crate::actors::runtime::poller::{self, Next, Poll};
use crate::actors::runtime::single_flight::SingleFlight;
use crate::actors::runtime::supervised::{Worker, WorkerContext};
use crate::actors::store::store_handle::StoreHandle;
use crate::channels::staff::{TellError, TellStaff};
use crate::crm::port::Escalations;
use crate::domain::conversations::escalation::{Notice, NoticeEnd};
use crate::domain::conversations::service_levels::ServiceLevels;
use crate::failpoint::{Failpoint, reach};
use crate::metrics::{METRICS, start_at_zero};

/// How a try ends, in the metrics.
const TOLD: &str = "told";
const FAILED: &str = "failed";

/// Poll interval. A poll without a result costs one probe of a small index.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// Notices sent at the same time; receivers limit how many they accept.
const AT_ONCE: i64 = 4;

/// Arguments of a `Desk`.
pub struct DeskArgs {
    pub escalations: StoreHandle<dyn Escalations>,
    pub staff: Arc<dyn TellStaff>,
    /// Whom reminders are for.
    pub levels: Option<Arc<ServiceLevels>>,
    pub problem: Arc<DependencyStatus>,
}

pub struct Desk {
    escalations: StoreHandle<dyn Escalations>,
    staff: Arc<dyn TellStaff>,
    levels: Option<Arc<ServiceLevels>>,
    problem: Arc<DependencyStatus>,
    single_flight: SingleFlight,
}

impl Worker for Desk {
    type Args = DeskArgs;
    const MAILBOX: usize = 4;

    fn new(args: &DeskArgs) -> Self {
        start_at_zero(&METRICS.notices, [TOLD, FAILED]);
        Self {
            escalations: args.escalations.clone(),
            staff: Arc::clone(&args.staff),
            levels: args.levels.clone(),
            problem: Arc::clone(&args.problem),
            single_flight: SingleFlight::default(),
        }
    }

    fn started(&mut self, ctx: &mut WorkerContext<'_, Self>) {
        poller::start(self, ctx);
    }
}

impl Poll for Desk {
    type Found = u64;
    const FAILURE: &'static str = "could not look for escalations to tell staff of";

    fn every(&self) -> Duration {
        LOOK_EVERY
    }

    fn single_flight(&mut self) -> &mut SingleFlight {
        &mut self.single_flight
    }

    fn round(&mut self) -> impl Future<Output = Answer<u64>> + 'static {
        round(
            self.escalations.clone(),
            Arc::clone(&self.staff),
            self.levels.clone(),
            Arc::clone(&self.problem),
        )
    }

    fn found(&mut self, told: u64, _: &mut WorkerContext<'_, Self>) -> Next {
        if told == AT_ONCE.unsigned_abs() { Next::Again } else { Next::Wait }
    }
}

/// Sends some notices; returns how many were leased.
async fn round(
    escalations: StoreHandle<dyn Escalations>,
    staff: Arc<dyn TellStaff>,
    levels: Option<Arc<ServiceLevels>>,
    problem: Arc<DependencyStatus>,
) -> Answer<u64> {
    let notices = escalations.call(|escalations| escalations.lease_notices(AT_ONCE)).await?;
    if !notices.is_empty() {
        reach(Failpoint::DeskLeased);
    }
    let count = u64::try_from(notices.len()).unwrap_or(u64::MAX);
    let notices = notices.into_iter().map(|notice| match &levels {
        Some(levels) => levels.addressed(notice),
        None => notice,
    });
    join_all(notices.map(|notice| tell(&escalations, &*staff, &problem, notice))).await;
    Ok(count)
}

async fn tell(
    escalations: &StoreHandle<dyn Escalations>,
    staff: &dyn TellStaff,
    problem: &DependencyStatus,
    notice: Notice,
) {
    let told = staff.tell(&notice).await;
    if told.is_ok() {
        reach(Failpoint::DeskTold);
    }
    METRICS.notices.with_label_values(&[if told.is_ok() { TOLD } else { FAILED }]).inc();
    let (escalation, attempt) = (notice.escalation, notice.attempt);
    let end = match &told {
        Ok(()) => NoticeEnd::Told,
        Err(error) => {
            tracing::warn!(%escalation, attempt, %error, "could not tell staff of an escalation");
            NoticeEnd::failed(attempt, error.retry_after())
        }
    };
    problem.set(told.as_ref().err().map(TellError::to_string));
    let settled =
        escalations.call(move |escalations| escalations.settle_notice(escalation, attempt, end)).await;
    if let Err(error) = settled {
        tracing::warn!(%escalation, %error, "could not record how telling staff ended; it is tried again");
    }
}
