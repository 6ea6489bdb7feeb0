//! `Reporter`: a scheduled job that begins reports when they are due, and mails them to staff. The store claims each report
//! and each mail by a row, so that several processes make one report and send each mail once.
//!
//! A mail is written when it is sent. An attempt whose end is not known is looked up in the mailbox before another one.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use time::Time;

use crate::actors::runtime::ask::Answer;
use crate::actors::runtime::poller::{self, Next, Poll};
use crate::actors::runtime::single_flight::SingleFlight;
use crate::actors::runtime::supervised::{Worker, WorkerContext};
use crate::actors::store::store_handle::StoreHandle;
use crate::channels::port::SendError;
use crate::channels::reports::{ReportMail, SendReport, html, markdown, subject};
use crate::clock;
use crate::crm::port::SupportReports;
use crate::domain::customers::contact::Email;
use crate::domain::enums::ReportKind;
use crate::domain::reports::mails::{LeasedReportMail, ReportMailEnd};
use crate::domain::reports::schedule::{Due, due};
use crate::failpoint::{Failpoint, reach};

/// Poll interval.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// Mails sent at once.
const AT_ONCE: i64 = 4;
/// Longer than making and sending a mail may take.
const LEASE: Duration = Duration::from_secs(60);
/// Conversations in each list of a report.
pub const LISTED: u8 = 10;

/// Which reports are made, when, and how they reach whom.
pub struct ReportPlan {
    pub sender: Arc<dyn SendReport>,
    pub kinds: Vec<ReportKind>,
    /// In UTC.
    pub at: Time,
    /// Empty for the admins.
    pub receivers: Vec<Email>,
    pub company: String,
    /// The address of the pages, without a slash at its end.
    pub console: String,
}

/// Arguments of a `Reporter`.
pub struct ReporterArgs {
    pub reports: StoreHandle<dyn SupportReports>,
    pub plan: Arc<ReportPlan>,
}

pub struct Reporter {
    reports: StoreHandle<dyn SupportReports>,
    plan: Arc<ReportPlan>,
    single_flight: SingleFlight,
}

impl Worker for Reporter {
    type Args = ReporterArgs;
    const MAILBOX: usize = 4;

    fn new(args: &ReporterArgs) -> Self {
        Self {
            reports: args.reports.clone(),
            plan: Arc::clone(&args.plan),
            single_flight: SingleFlight::default(),
        }
    }

    fn started(&mut self, ctx: &mut WorkerContext<'_, Self>) {
        poller::start(self, ctx);
    }
}

impl Poll for Reporter {
    type Found = i64;
    const FAILURE: &'static str = "could not look for reports to make";

    fn every(&self) -> Duration {
        LOOK_EVERY
    }

    fn single_flight(&mut self) -> &mut SingleFlight {
        &mut self.single_flight
    }

    fn round(&mut self) -> impl Future<Output = Answer<i64>> + 'static {
        round(self.reports.clone(), Arc::clone(&self.plan))
    }

    fn found(&mut self, leased: i64, _: &mut WorkerContext<'_, Self>) -> Next {
        if leased >= AT_ONCE { Next::Again } else { Next::Wait }
    }
}

/// Begins what is due, and sends some mails; returns how many were leased.
async fn round(reports: StoreHandle<dyn SupportReports>, plan: Arc<ReportPlan>) -> Answer<i64> {
    for kind in &plan.kinds {
        begin(&reports, &plan, *kind).await?;
    }
    let mails = reports.call(|reports| reports.lease_report_mails(AT_ONCE, LEASE)).await?;
    let count = i64::try_from(mails.len()).unwrap_or(i64::MAX);
    join_all(mails.into_iter().map(|leased| settle(&reports, &plan, leased))).await;
    Ok(count)
}

async fn begin(reports: &StoreHandle<dyn SupportReports>, plan: &ReportPlan, kind: ReportKind) -> Answer<()> {
    let last = reports.call(move |reports| reports.last_begun(kind)).await?;
    match due(kind, plan.at, last, clock::now()) {
        Due::Nothing => Ok(()),
        Due::Start(first_day) => reports.call(move |reports| reports.start_schedule(kind, first_day)).await,
        Due::Reports(days) => {
            for first_day in days {
                let receivers = plan.receivers.clone();
                if reports.call(move |reports| reports.begin(kind, first_day, receivers)).await? {
                    tracing::info!(%kind, %first_day, "made a report");
                }
            }
            Ok(())
        }
    }
}

/// A failure is logged here: the mail is tried again, or given up.
async fn settle(reports: &StoreHandle<dyn SupportReports>, plan: &ReportPlan, leased: LeasedReportMail) {
    let (id, attempt) = (leased.id, leased.attempt);
    let end = match send(reports, plan, leased).await {
        Ok(()) => ReportMailEnd::Sent,
        Err(error) => {
            tracing::warn!(mail = %id, attempt, %error, "could not mail a report");
            after(attempt, &error)
        }
    };
    let settled = reports.call(move |reports| reports.settle_report_mail(id, attempt, end)).await;
    if let Err(error) = settled {
        tracing::warn!(mail = %id, %error, "could not record what became of a report; the mailbox is asked");
    }
}

fn after(attempt: i32, error: &SendError) -> ReportMailEnd {
    match error {
        SendError::Refused(_) => ReportMailEnd::Failed,
        SendError::Later { .. } | SendError::Account(_) => ReportMailEnd::unconfirmed(attempt, false),
        SendError::Unknown(_) => ReportMailEnd::unconfirmed(attempt, true),
    }
}

async fn send(
    reports: &StoreHandle<dyn SupportReports>,
    plan: &ReportPlan,
    leased: LeasedReportMail,
) -> Result<(), SendError> {
    let LeasedReportMail { id, kind, first_day, to, is_in_doubt, .. } = leased;
    // Without an answer of the mailbox it stays in doubt.
    let doubt = |error: SendError| SendError::Unknown(error.to_string());
    if is_in_doubt && plan.sender.was_report_sent(id).await.map_err(doubt)? {
        return Ok(());
    }
    let digest = reports.call(move |reports| reports.digest(kind, first_day, LISTED)).await;
    let digest = digest.map_err(|error| SendError::Later { why: error.to_string(), retry_after: None })?;
    let (company, console) = (plan.company.as_str(), plan.console.as_str());
    let mail = ReportMail {
        id,
        to,
        subject: subject(&digest, company),
        text: markdown(&digest, company, console),
        html: html(&digest, company, console),
    };
    plan.sender.send_report(mail).await?;
    reach(Failpoint::ReportSent);
    Ok(())
}
