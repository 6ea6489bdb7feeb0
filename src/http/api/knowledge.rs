//! Data transfer objects of the knowledge base for staff: articles and their history, gaps, proposals and their runs.

use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;

use super::people::Person;
use crate::domain::enums::{ProposalOp, ProposalState, RunState};
use crate::domain::ids::{ConversationId, GapId, MessageId, ProposalId};
use crate::domain::learning::articles::{ArticleRevision, StaffArticleLine, StaffArticleView};
use crate::domain::learning::gaps::GapView;
use crate::domain::learning::proposals::{ChangedAnswer, ProposalView, RunView};

/// A page of the list of articles, in the order of the documents.
#[derive(Debug, Serialize, ToSchema)]
pub struct KnowledgeArticles {
    pub items: Vec<KnowledgeArticleLine>,
    #[schema(required)]
    pub next_cursor: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct KnowledgeArticleLine {
    #[schema(example = "product-docs.md#passwords")]
    pub id: String,
    pub title: String,
    /// The headings above it and its own.
    pub section: String,
    /// For staff alone.
    pub internal: bool,
    /// Whether it was approved; then it overrides its file.
    pub approved: bool,
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct KnowledgeArticle {
    #[schema(example = "product-docs.md#passwords")]
    pub id: String,
    pub title: String,
    pub section: String,
    pub internal: bool,
    pub approved: bool,
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
    /// As the agent reads it.
    pub text: String,
    /// What a proposal starts from: Markdown of an approved article, else the text.
    pub body: String,
    /// The same as HTML, without scripts, styles and images.
    pub html: String,
}

/// The history of an article, newest first; that of one without approved changes is empty.
#[derive(Debug, Serialize, ToSchema)]
pub struct ArticleHistory {
    pub items: Vec<ArticleHistoryEntry>,
    #[schema(required)]
    pub next_cursor: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ArticleHistoryEntry {
    /// From 1; the first one of an article from a file is what the file said.
    pub number: i32,
    pub op: ProposalOp,
    #[schema(required)]
    pub title: Option<String>,
    #[schema(required)]
    pub body: Option<String>,
    #[schema(required)]
    pub proposal_id: Option<ProposalId>,
    #[schema(required)]
    pub approved_by: Option<Person>,
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
}

/// Questions that the documents could not answer, the most asked first.
#[derive(Debug, Serialize, ToSchema)]
pub struct KnowledgeGaps {
    pub items: Vec<KnowledgeGap>,
    #[schema(required)]
    pub next_cursor: Option<String>,
}

/// Questions of one meaning.
#[derive(Debug, Serialize, ToSchema)]
pub struct KnowledgeGap {
    pub id: GapId,
    /// The newest one, without personal data.
    pub question: String,
    /// How often it was asked.
    pub count: i64,
    /// The newest conversations, at most 100.
    #[schema(max_items = 100)]
    pub conversation_ids: Vec<ConversationId>,
    #[serde(with = "time::serde::rfc3339")]
    pub last_asked_at: OffsetDateTime,
}

/// What a proposal says. Unknown fields are refused.
///
/// A new article has a title and a body; an update names an article and what changes; a deletion names an article. An edit
/// leaves out what stays.
#[derive(Debug, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposalRequest {
    pub op: Option<ProposalOp>,
    #[schema(max_length = 1_000)]
    pub article_id: Option<String>,
    #[schema(max_length = 200)]
    pub title: Option<String>,
    /// Markdown.
    #[schema(max_length = 10_000)]
    pub body: Option<String>,
    /// The gap that it closes.
    pub gap_id: Option<GapId>,
}

/// How many past questions are asked again. Unknown fields are refused.
#[derive(Debug, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RunRequest {
    #[schema(minimum = 1, maximum = 200)]
    pub cases: Option<u16>,
}

/// Unknown fields are refused.
#[derive(Debug, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApprovalRequest {
    /// Without a run.
    pub force: Option<bool>,
}

/// Why a proposal is rejected. Unknown fields are refused.
#[derive(Debug, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RejectionRequest {
    #[schema(min_length = 1, max_length = 1_000)]
    pub reason: String,
}

/// A page of the proposals, newest first. Their runs do not list the changed answers.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProposalList {
    pub items: Vec<Proposal>,
    #[schema(required)]
    pub next_cursor: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Proposal {
    pub id: ProposalId,
    pub op: ProposalOp,
    /// The article that is changed; of a new one its id, once it is approved.
    #[schema(required)]
    pub article_id: Option<String>,
    #[schema(required)]
    pub title: Option<String>,
    #[schema(required)]
    pub body: Option<String>,
    #[schema(required)]
    pub gap_id: Option<GapId>,
    /// The conversation whose answer it was made from.
    #[schema(required)]
    pub conversation_id: Option<ConversationId>,
    pub state: ProposalState,
    /// Why it was rejected.
    #[schema(required)]
    pub reason: Option<String>,
    pub author: Person,
    #[schema(required)]
    pub decided_by: Option<Person>,
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(required)]
    pub decided_at: Option<OffsetDateTime>,
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
    /// The newest run of what it says now.
    #[schema(required)]
    pub run: Option<ProposalRun>,
}

/// Past questions, asked again with the knowledge as it is and with the proposal.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProposalRun {
    pub state: RunState,
    /// Past questions of the run.
    pub cases: i64,
    /// Those that were asked again.
    pub asked: i64,
    pub changed_count: i64,
    /// Empty in lists.
    pub changed: Vec<ProposalEffect>,
}

/// A past question with another answer.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProposalEffect {
    pub message_id: MessageId,
    pub conversation_id: ConversationId,
    pub question: String,
    /// What the customer would get now; null for nothing.
    #[schema(required)]
    pub before: Option<String>,
    /// What the customer would get with the proposal.
    #[schema(required)]
    pub after: Option<String>,
}

impl From<StaffArticleLine> for KnowledgeArticleLine {
    fn from(line: StaffArticleLine) -> Self {
        let StaffArticleLine { id, title, section, internal, approved, updated_at } = line;
        Self { id, title, section, internal, approved, updated_at }
    }
}

impl From<StaffArticleView> for KnowledgeArticle {
    fn from(view: StaffArticleView) -> Self {
        let StaffArticleView { line, text, body, html } = view;
        let StaffArticleLine { id, title, section, internal, approved, updated_at } = line;
        Self { id, title, section, internal, approved, updated_at, text, body, html }
    }
}

impl From<ArticleRevision> for ArticleHistoryEntry {
    fn from(revision: ArticleRevision) -> Self {
        let ArticleRevision { number, op, title, body, proposal, approved_by, at } = revision;
        Self {
            number,
            op,
            title,
            body,
            proposal_id: proposal,
            approved_by: approved_by.map(Person::from),
            at,
        }
    }
}

impl From<GapView> for KnowledgeGap {
    fn from(gap: GapView) -> Self {
        let GapView { id, question, count, conversations, last_asked_at } = gap;
        Self { id, question, count, conversation_ids: conversations, last_asked_at }
    }
}

impl From<ProposalView> for Proposal {
    fn from(view: ProposalView) -> Self {
        Self {
            id: view.id,
            op: view.content.op,
            article_id: view.content.article,
            title: view.content.title,
            body: view.content.body,
            gap_id: view.content.gap,
            conversation_id: view.conversation,
            state: view.state,
            reason: view.reason,
            author: view.author.into(),
            decided_by: view.decided_by.map(Person::from),
            decided_at: view.decided_at,
            created_at: view.created_at,
            updated_at: view.updated_at,
            run: view.run.map(ProposalRun::from),
        }
    }
}

impl From<RunView> for ProposalRun {
    fn from(run: RunView) -> Self {
        let RunView { state, cases, asked, changed_count, changed } = run;
        Self {
            state,
            cases,
            asked,
            changed_count,
            changed: changed.into_iter().map(ProposalEffect::from).collect(),
        }
    }
}

impl From<ChangedAnswer> for ProposalEffect {
    fn from(changed: ChangedAnswer) -> Self {
        let ChangedAnswer { message, conversation, question, before, after } = changed;
        Self { message_id: message, conversation_id: conversation, question, before, after }
    }
}
