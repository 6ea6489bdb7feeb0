//! Fakes behind the console: empty queues, and actions on a conversation that does not exist.

use std::time::Duration;

use actix::prelude::*;
use fte::actors::messages::{
    FirstEvent, FollowDesk, Following, PerformAction, PerformBulk, ReplayTurn, Suggest, SuggestAnswer,
    Summarize, UndoBulk,
};
use fte::crm::port::{
    CrmError, DeskTools, Macros, QualityReviews, Queues, SavedViews, SideConversations, StaffEvents,
    StoreFuture, SupportReports,
};
use fte::domain::console::actions::{ActionRefusal, StaffAnswer};
use fte::domain::console::bulk::{BulkAnswer, BulkRefusal};
use fte::domain::console::macros::{MacroChange, MacroView};
use fte::domain::console::queue::{QueuePage, QueueRequest};
use fte::domain::console::reads::{CustomerFile, DraftView, MacroValues, ParkedView, SearchHit};
use fte::domain::console::saved_views::SavedView;
use fte::domain::console::side::{LeasedSideMessage, SideAttempt, SideUpload, SideView};
use fte::domain::conversations::live::{EventBatch, EventPosition, StaffChange};
use fte::domain::customers::contact::Email;
use fte::domain::enums::{DeskQueue, PresenceState, ReportKind};
use fte::domain::ids::{
    ConversationId, CustomerId, DeadLetterId, MacroId, ReviewId, SavedViewId, SideId, SideMessageId, StaffId,
};
use fte::domain::quality::{
    QualityComparison, QualityReport, QualityReview, ReviewsRequest, SampleRequest, SampledReply,
};
use fte::domain::reports::breakdowns::{AgentReport, FailureCount, FailureReport};
use fte::domain::reports::digest::ReportDigest;
use fte::domain::reports::mails::{LeasedReportMail, ReportMailEnd};
use fte::domain::reports::{FigurePage, FigureRequest, PeriodReport, ReportFigures, ReportRange};
use time::{Date, OffsetDateTime};
use tokio::sync::mpsc;
use uuid::Uuid;

use super::rig::{Backstage, Shelf, ready};

impl Queues for Shelf {
    fn queue(&self, _: QueueRequest) -> StoreFuture<Result<QueuePage, CrmError>> {
        let counts = DeskQueue::ALL.iter().map(|queue| (*queue, 0)).collect();
        ready(QueuePage { items: Vec::new(), next: None, counts, as_of: OffsetDateTime::UNIX_EPOCH })
    }
}

/// Of no conversation; no schedule runs.
impl SupportReports for Shelf {
    fn report(&self, range: ReportRange) -> StoreFuture<Result<PeriodReport, CrmError>> {
        let (total, channels, days) = (ReportFigures::default(), Vec::new(), Vec::new());
        ready(PeriodReport { range, total, channels, days })
    }

    fn digest(&self, kind: ReportKind, day: Date, _: u8) -> StoreFuture<Result<ReportDigest, CrmError>> {
        let (range, total) = (kind.period(day), ReportFigures::default());
        let report = PeriodReport { range, total, channels: Vec::new(), days: Vec::new() };
        ready(ReportDigest { kind, report, low_sentiment: Vec::new(), gaps: Vec::new() })
    }

    fn behind(&self, _: FigureRequest) -> StoreFuture<Result<FigurePage, CrmError>> {
        ready(FigurePage { items: Vec::new(), next: None, count: 0 })
    }

    fn by_agent(&self, range: ReportRange) -> StoreFuture<Result<AgentReport, CrmError>> {
        ready(AgentReport { range, agents: Vec::new() })
    }

    fn failures(&self, range: ReportRange) -> StoreFuture<Result<FailureReport, CrmError>> {
        ready(FailureReport { range, total: FailureCount::default(), causes: Vec::new() })
    }

    fn last_begun(&self, _: ReportKind) -> StoreFuture<Result<Option<Date>, CrmError>> {
        ready(None)
    }

    fn begin(&self, _: ReportKind, _: Date, _: Vec<Email>) -> StoreFuture<Result<bool, CrmError>> {
        ready(false)
    }

    fn start_schedule(&self, _: ReportKind, _: Date) -> StoreFuture<Result<(), CrmError>> {
        ready(())
    }

    fn lease_report_mails(
        &self,
        _: i64,
        _: Duration,
    ) -> StoreFuture<Result<Vec<LeasedReportMail>, CrmError>> {
        ready(Vec::new())
    }

    fn settle_report_mail(&self, _: Uuid, _: i32, _: ReportMailEnd) -> StoreFuture<Result<(), CrmError>> {
        ready(())
    }
}

impl Handler<PerformAction> for Backstage {
    type Result = ();

    fn handle(&mut self, request: PerformAction, _: &mut Self::Context) {
        request.reply.send(Ok(StaffAnswer::Refused(Box::new(ActionRefusal::NoConversation))));
    }
}

impl Handler<PerformBulk> for Backstage {
    type Result = ();

    fn handle(&mut self, request: PerformBulk, _: &mut Self::Context) {
        request.reply.send(Ok(BulkAnswer::Refused(BulkRefusal::TooMany)));
    }
}

impl Handler<UndoBulk> for Backstage {
    type Result = ();

    fn handle(&mut self, request: UndoBulk, _: &mut Self::Context) {
        request.reply.send(Ok(BulkAnswer::Refused(BulkRefusal::NoBulk)));
    }
}

impl SideConversations for Shelf {
    fn side(&self, _: SideId) -> StoreFuture<Result<Option<SideView>, CrmError>> {
        ready(None)
    }

    fn keep_upload(&self, _: SideUpload) -> StoreFuture<Result<(), CrmError>> {
        ready(())
    }

    fn lease_side_messages(
        &self,
        _: i64,
        _: Duration,
    ) -> StoreFuture<Result<Vec<LeasedSideMessage>, CrmError>> {
        ready(Vec::new())
    }

    fn settle_side_message(
        &self,
        _: SideMessageId,
        _: i16,
        _: SideAttempt,
    ) -> StoreFuture<Result<(), CrmError>> {
        ready(())
    }
}

fn position() -> EventPosition {
    EventPosition { at: 0, snapshot: "1:1:".to_owned() }
}

impl StaffEvents for Shelf {
    fn desk_position(&self) -> StoreFuture<Result<EventPosition, CrmError>> {
        ready(position())
    }

    fn desk_changes(
        &self,
        _: EventPosition,
    ) -> StoreFuture<Result<Option<EventBatch<StaffChange>>, CrmError>> {
        ready(None)
    }

    fn note_presence(
        &self,
        _: ConversationId,
        _: StaffId,
        _: Option<PresenceState>,
    ) -> StoreFuture<Result<bool, CrmError>> {
        ready(false)
    }

    fn end_presences(&self) -> StoreFuture<Result<u64, CrmError>> {
        ready(0)
    }
}

/// The stream ends after its first event.
impl Handler<FollowDesk> for Backstage {
    type Result = ();

    fn handle(&mut self, order: FollowDesk, _: &mut Self::Context) {
        let (_, later) = mpsc::channel(1);
        order.reply.send(Ok(Following { first: FirstEvent::Hello(position()), later }));
    }
}

impl DeskTools for Shelf {
    fn parked(&self, _: Option<DeadLetterId>, _: i64) -> StoreFuture<Result<Vec<ParkedView>, CrmError>> {
        ready(Vec::new())
    }

    fn search_desk(&self, _: String) -> StoreFuture<Result<Vec<SearchHit>, CrmError>> {
        ready(Vec::new())
    }

    fn draft(&self, _: ConversationId, _: StaffId) -> StoreFuture<Result<Option<DraftView>, CrmError>> {
        ready(None)
    }

    fn drop_draft(&self, _: ConversationId, _: StaffId) -> StoreFuture<Result<(), CrmError>> {
        ready(())
    }

    fn customer_file(&self, _: CustomerId) -> StoreFuture<Result<Option<CustomerFile>, CrmError>> {
        ready(None)
    }
}

impl Macros for Shelf {
    fn macros(&self, _: StaffId) -> StoreFuture<Result<Vec<MacroView>, CrmError>> {
        ready(Vec::new())
    }

    fn change_macro(
        &self,
        _: MacroId,
        _: StaffId,
        _: bool,
        _: MacroChange,
    ) -> StoreFuture<Result<Option<MacroView>, CrmError>> {
        ready(None)
    }

    fn remove_macro(&self, _: MacroId, _: StaffId, _: bool) -> StoreFuture<Result<bool, CrmError>> {
        ready(false)
    }

    fn macro_values(
        &self,
        _: ConversationId,
        _: StaffId,
    ) -> StoreFuture<Result<Option<MacroValues>, CrmError>> {
        ready(None)
    }
}

impl SavedViews for Shelf {
    fn saved_views(&self, _: StaffId) -> StoreFuture<Result<Vec<SavedView>, CrmError>> {
        ready(Vec::new())
    }

    fn saved_view(&self, _: SavedViewId) -> StoreFuture<Result<Option<SavedView>, CrmError>> {
        ready(None)
    }
}

impl QualityReviews for Shelf {
    fn sample(&self, _: SampleRequest) -> StoreFuture<Result<Vec<SampledReply>, CrmError>> {
        ready(Vec::new())
    }

    fn reviews(&self, _: ReviewsRequest) -> StoreFuture<Result<Vec<QualityReview>, CrmError>> {
        ready(Vec::new())
    }

    fn review(&self, _: ReviewId) -> StoreFuture<Result<Option<QualityReview>, CrmError>> {
        ready(None)
    }

    fn results(&self, range: ReportRange) -> StoreFuture<Result<QualityReport, CrmError>> {
        ready(QualityReport { range, total: QualityComparison::default(), weeks: Vec::new() })
    }
}

impl Handler<Suggest> for Backstage {
    type Result = ();

    fn handle(&mut self, order: Suggest, _: &mut Self::Context) {
        order.reply.send(Ok(SuggestAnswer::Nothing));
    }
}

impl Handler<Summarize> for Backstage {
    type Result = ();

    fn handle(&mut self, order: Summarize, _: &mut Self::Context) {
        order.reply.send(Ok(None));
    }
}

impl Handler<ReplayTurn> for Backstage {
    type Result = ();

    fn handle(&mut self, order: ReplayTurn, _: &mut Self::Context) {
        order.reply.send(Ok(None));
    }
}
