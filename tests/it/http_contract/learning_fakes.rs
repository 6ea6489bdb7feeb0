//! Fakes behind the knowledge base for staff: no article, no gap, no proposal.

use std::time::Duration;

use actix::prelude::*;
use fte::actors::messages::{ApproveProposal, GroupQuestions, StartRun};
use fte::crm::port::{Articles, CrmError, Gaps, Proposals, StoreFuture};
use fte::domain::console::actions::RequestKey;
use fte::domain::ids::{ConversationId, GapId, ProposalId, StaffId};
use fte::domain::knowledge::EmbeddingModel;
use fte::domain::learning::articles::{ArticleRevision, StaffArticleLine, StaffArticleView};
use fte::domain::learning::drafting::{AnsweredTicket, Lesson};
use fte::domain::learning::gaps::{CleanQuestion, GapCursor, GapView, RawQuestion};
use fte::domain::learning::proposals::{
    NewProposal, ProposalAnswer, ProposalApproval, ProposalContent, ProposalPage, ProposalRefusal,
    ProposalView, TicketDraft,
};

use super::rig::{Backstage, Shelf, ready};

const NONE: ProposalAnswer = ProposalAnswer::Refused(ProposalRefusal::NoProposal);

impl Articles for Shelf {
    fn staff_articles(
        &self,
        _: Option<String>,
        _: i64,
    ) -> StoreFuture<Result<Vec<StaffArticleLine>, CrmError>> {
        ready(Vec::new())
    }

    fn staff_article(&self, _: String) -> StoreFuture<Result<Option<StaffArticleView>, CrmError>> {
        ready(None)
    }

    fn article_revisions(
        &self,
        _: String,
        _: Option<i32>,
        _: i64,
    ) -> StoreFuture<Result<Vec<ArticleRevision>, CrmError>> {
        ready(Vec::new())
    }

    fn unembedded_chunks(
        &self,
        _: EmbeddingModel,
        _: i64,
    ) -> StoreFuture<Result<Vec<(i64, String)>, CrmError>> {
        ready(Vec::new())
    }

    fn keep_vectors(&self, _: EmbeddingModel, _: Vec<(i64, Vec<f32>)>) -> StoreFuture<Result<(), CrmError>> {
        ready(())
    }
}

impl Gaps for Shelf {
    fn claim_learning(&self, _: Duration) -> StoreFuture<Result<bool, CrmError>> {
        ready(false)
    }

    fn ungrouped_questions(&self, _: i64) -> StoreFuture<Result<Vec<RawQuestion>, CrmError>> {
        ready(Vec::new())
    }

    fn group_question(&self, _: CleanQuestion) -> StoreFuture<Result<(), CrmError>> {
        ready(())
    }

    fn gaps(&self, _: Option<GapCursor>, _: i64) -> StoreFuture<Result<Vec<GapView>, CrmError>> {
        ready(Vec::new())
    }

    fn answered_tickets(&self, _: i64) -> StoreFuture<Result<Vec<AnsweredTicket>, CrmError>> {
        ready(Vec::new())
    }

    fn nothing_learned(&self, _: ConversationId) -> StoreFuture<Result<(), CrmError>> {
        ready(())
    }

    fn keep_ticket_draft(&self, _: GapId, _: TicketDraft) -> StoreFuture<Result<Lesson, CrmError>> {
        ready(Lesson::Nothing)
    }
}

impl Proposals for Shelf {
    fn proposals(&self, _: ProposalPage) -> StoreFuture<Result<Vec<ProposalView>, CrmError>> {
        ready(Vec::new())
    }

    fn proposal(&self, _: ProposalId) -> StoreFuture<Result<Option<ProposalView>, CrmError>> {
        ready(None)
    }

    fn add_proposal(&self, _: NewProposal) -> StoreFuture<Result<ProposalAnswer, CrmError>> {
        ready(ProposalAnswer::Refused(ProposalRefusal::NoArticle))
    }

    fn edit_proposal(
        &self,
        _: ProposalId,
        _: StaffId,
        _: ProposalContent,
    ) -> StoreFuture<Result<ProposalAnswer, CrmError>> {
        ready(NONE)
    }

    fn reject_proposal(
        &self,
        _: ProposalId,
        _: StaffId,
        _: String,
        _: Option<RequestKey>,
    ) -> StoreFuture<Result<ProposalAnswer, CrmError>> {
        ready(NONE)
    }

    fn approve_proposal(&self, _: ProposalApproval) -> StoreFuture<Result<ProposalAnswer, CrmError>> {
        ready(NONE)
    }
}

impl Handler<GroupQuestions> for Backstage {
    type Result = ();

    fn handle(&mut self, order: GroupQuestions, _: &mut Self::Context) {
        order.reply.send(Ok(()));
    }
}

impl Handler<ApproveProposal> for Backstage {
    type Result = ();

    fn handle(&mut self, order: ApproveProposal, _: &mut Self::Context) {
        order.reply.send(Ok(NONE));
    }
}

impl Handler<StartRun> for Backstage {
    type Result = ();

    fn handle(&mut self, order: StartRun, _: &mut Self::Context) {
        order.reply.send(Ok(NONE));
    }
}
