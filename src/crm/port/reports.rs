//! Repository port of reports: their figures, the conversations behind a figure, and the mails of the schedule.

use std::time::Duration;

use time::Date;

use super::{CrmError, StoreFuture};
use crate::domain::customers::contact::Email;
use crate::domain::enums::ReportKind;
use crate::domain::reports::breakdowns::{AgentReport, FailureReport};
use crate::domain::reports::digest::ReportDigest;
use crate::domain::reports::mails::{LeasedReportMail, ReportMailEnd};
use crate::domain::reports::{FigurePage, FigureRequest, PeriodReport, ReportRange};

pub trait SupportReports: Send + Sync {
    /// All figures, of one snapshot.
    fn report(&self, range: ReportRange) -> StoreFuture<Result<PeriodReport, CrmError>>;
    /// The period of a kind that a day belongs to, with at most `limit` conversations in each list, of one snapshot.
    fn digest(&self, kind: ReportKind, day: Date, limit: u8) -> StoreFuture<Result<ReportDigest, CrmError>>;
    /// A page of the conversations behind a figure, with their number, of one snapshot.
    fn behind(&self, request: FigureRequest) -> StoreFuture<Result<FigurePage, CrmError>>;
    /// The figures of each member of staff who replied, of one snapshot.
    fn by_agent(&self, range: ReportRange) -> StoreFuture<Result<AgentReport, CrmError>>;
    /// Replies that were not delivered, by cause, of one snapshot.
    fn failures(&self, range: ReportRange) -> StoreFuture<Result<FailureReport, CrmError>>;
    /// The first day of the last report that was begun.
    fn last_begun(&self, kind: ReportKind) -> StoreFuture<Result<Option<Date>, CrmError>>;
    /// Begins a report once in the whole system, with a mail to each receiver, or to each admin if there are none. False if
    /// it was begun before.
    fn begin(
        &self,
        kind: ReportKind,
        first_day: Date,
        receivers: Vec<Email>,
    ) -> StoreFuture<Result<bool, CrmError>>;
    /// Records that the schedule starts after this period, without a mail.
    fn start_schedule(&self, kind: ReportKind, first_day: Date) -> StoreFuture<Result<(), CrmError>>;
    /// Leases mails that are due.
    fn lease_report_mails(
        &self,
        limit: i64,
        lease: Duration,
    ) -> StoreFuture<Result<Vec<LeasedReportMail>, CrmError>>;
    fn settle_report_mail(
        &self,
        id: uuid::Uuid,
        attempt: i32,
        end: ReportMailEnd,
    ) -> StoreFuture<Result<(), CrmError>>;
}
