//! Repository ports of learning: articles for staff, gaps of the knowledge, proposals, and their runs.

use std::time::Duration;

use super::{CrmError, StoreFuture};
use crate::domain::console::actions::RequestKey;
use crate::domain::ids::{ConversationId, GapId, MessageId, ProposalId, StaffId};
use crate::domain::knowledge::{EmbeddingModel, Findings, Question};
use crate::domain::learning::articles::{ArticleChange, ArticleRevision, StaffArticleLine, StaffArticleView};
use crate::domain::learning::drafting::{AnsweredTicket, Lesson};
use crate::domain::learning::gaps::{CleanQuestion, GapCursor, GapView, RawQuestion};
use crate::domain::learning::proposals::{
    NewProposal, ProposalAnswer, ProposalApproval, ProposalContent, ProposalPage, ProposalView, TicketDraft,
};
use crate::domain::learning::runs::{CaseResult, LeasedRun, PastQuestion, RunOrder};

pub trait Articles: Send + Sync {
    /// Every section after this one, internal ones included, in the order of the documents.
    fn staff_articles(
        &self,
        after: Option<String>,
        limit: i64,
    ) -> StoreFuture<Result<Vec<StaffArticleLine>, CrmError>>;
    fn staff_article(&self, id: String) -> StoreFuture<Result<Option<StaffArticleView>, CrmError>>;
    /// The history of an article, newest first; that of one without changes is empty.
    fn article_revisions(
        &self,
        id: String,
        before: Option<i32>,
        limit: i64,
    ) -> StoreFuture<Result<Vec<ArticleRevision>, CrmError>>;
    /// Chunks without a vector in the index that serves for the model, at most `limit`; none without such an index.
    fn unembedded_chunks(
        &self,
        model: EmbeddingModel,
        limit: i64,
    ) -> StoreFuture<Result<Vec<(i64, String)>, CrmError>>;
    /// Keeps vectors of chunks, and notes how near the documents are to the background corpus.
    fn keep_vectors(
        &self,
        model: EmbeddingModel,
        vectors: Vec<(i64, Vec<f32>)>,
    ) -> StoreFuture<Result<(), CrmError>>;
}

pub trait Gaps: Send + Sync {
    /// Whether this caller does the round: one in the whole system in each period.
    fn claim_learning(&self, every: Duration) -> StoreFuture<Result<bool, CrmError>>;
    fn ungrouped_questions(&self, limit: i64) -> StoreFuture<Result<Vec<RawQuestion>, CrmError>>;
    /// Puts a question into the group of its meaning; one that is grouped already stays where it is.
    fn group_question(&self, question: CleanQuestion) -> StoreFuture<Result<(), CrmError>>;
    fn gaps(&self, after: Option<GapCursor>, limit: i64) -> StoreFuture<Result<Vec<GapView>, CrmError>>;
    /// Resolved tickets with an answer of staff of which nothing was learned yet.
    fn answered_tickets(&self, limit: i64) -> StoreFuture<Result<Vec<AnsweredTicket>, CrmError>>;
    /// Records that nothing is learned from a ticket.
    fn nothing_learned(&self, conversation: ConversationId) -> StoreFuture<Result<(), CrmError>>;
    /// Keeps a draft, once for each ticket, unless there is one of the same meaning.
    fn keep_ticket_draft(&self, gap: GapId, draft: TicketDraft) -> StoreFuture<Result<Lesson, CrmError>>;
}

pub trait Proposals: Send + Sync {
    fn proposals(&self, page: ProposalPage) -> StoreFuture<Result<Vec<ProposalView>, CrmError>>;
    fn proposal(&self, id: ProposalId) -> StoreFuture<Result<Option<ProposalView>, CrmError>>;
    fn add_proposal(&self, proposal: NewProposal) -> StoreFuture<Result<ProposalAnswer, CrmError>>;
    /// Replaces what a draft says; a run of what it said before counts no more.
    fn edit_proposal(
        &self,
        id: ProposalId,
        by: StaffId,
        content: ProposalContent,
    ) -> StoreFuture<Result<ProposalAnswer, CrmError>>;
    fn reject_proposal(
        &self,
        id: ProposalId,
        by: StaffId,
        reason: String,
        key: Option<RequestKey>,
    ) -> StoreFuture<Result<ProposalAnswer, CrmError>>;
    /// Changes the knowledge as a draft says, in one transaction.
    fn approve_proposal(&self, approval: ProposalApproval) -> StoreFuture<Result<ProposalAnswer, CrmError>>;
}

pub trait ProposalRuns: Send + Sync {
    fn start_run(&self, order: RunOrder) -> StoreFuture<Result<ProposalAnswer, CrmError>>;
    /// A run that nobody works on; the caller has it for a while.
    fn lease_run(&self) -> StoreFuture<Result<Option<LeasedRun>, CrmError>>;
    /// Past questions with words of this text, most of them first.
    fn past_questions(&self, text: String, limit: i64) -> StoreFuture<Result<Vec<PastQuestion>, CrmError>>;
    /// Keeps the questions of a run.
    fn prepare_run(&self, run: LeasedRun, cases: Vec<MessageId>) -> StoreFuture<Result<(), CrmError>>;
    /// The next questions of a run.
    fn next_cases(
        &self,
        proposal: ProposalId,
        limit: i64,
    ) -> StoreFuture<Result<Vec<PastQuestion>, CrmError>>;
    /// What the searches would find with the change; nothing is changed.
    fn search_with(
        &self,
        change: ArticleChange,
        questions: Vec<Question>,
        limit: i64,
    ) -> StoreFuture<Result<Vec<Findings>, CrmError>>;
    /// Keeps results and gives the run back; it is done with its last question.
    fn keep_results(&self, run: LeasedRun, results: Vec<CaseResult>) -> StoreFuture<Result<(), CrmError>>;
    /// Gives the run back; after too many failures it has failed.
    fn run_failed(&self, run: LeasedRun) -> StoreFuture<Result<(), CrmError>>;
}
