//! Proposals to change the knowledge base: what they say, and the decisions on them.

use time::OffsetDateTime;
use uuid::Uuid;

use super::articles::ArticleSection;
use crate::domain::console::actions::RequestKey;
use crate::domain::console::detail::PersonRef;
use crate::domain::enums::{ProposalOp, ProposalState, RunState};
use crate::domain::ids::{ConversationId, GapId, MessageId, ProposalId, StaffId};
use crate::domain::knowledge::QuestionVector;
use crate::domain::validation::FieldError;

/// What a proposal says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProposalContent {
    pub op: ProposalOp,
    /// The article that is changed; for a new one its id, once it is approved.
    pub article: Option<String>,
    pub title: Option<String>,
    /// Markdown.
    pub body: Option<String>,
    pub gap: Option<GapId>,
}

/// The fields of a request; an edit leaves those out that stay.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProposalFields {
    pub op: Option<ProposalOp>,
    pub article: Option<String>,
    pub title: Option<String>,
    pub body: Option<String>,
    pub gap: Option<GapId>,
}

impl ProposalFields {
    /// The content of a new proposal.
    pub fn content(self) -> Result<ProposalContent, Vec<FieldError>> {
        let Self { op, article, title, body, gap } = self;
        let Some(op) = op else {
            return Err(vec![FieldError::new("op", "is required")]);
        };
        let required =
            |is_missing: bool, field: &'static str| is_missing.then(|| FieldError::new(field, "is required"));
        let unwanted = |is_given: bool, field: &'static str, message: &'static str| {
            is_given.then(|| FieldError::new(field, message))
        };
        let errors: Vec<FieldError> = match op {
            ProposalOp::Create => [
                unwanted(article.is_some(), "article_id", "a new article has none"),
                required(title.is_none(), "title"),
                required(body.is_none(), "body"),
            ],
            ProposalOp::Update => [
                required(article.is_none(), "article_id"),
                required(title.is_none() && body.is_none(), "body"),
                None,
            ],
            ProposalOp::Delete => [
                required(article.is_none(), "article_id"),
                unwanted(title.is_some(), "title", "a deletion has none"),
                unwanted(body.is_some(), "body", "a deletion has none"),
            ],
        }
        .into_iter()
        .flatten()
        .collect();
        if errors.is_empty() { Ok(ProposalContent { op, article, title, body, gap }) } else { Err(errors) }
    }

    /// The content after an edit. Another operation begins anew: nothing of the old content is kept but its gap.
    pub fn edit(self, old: ProposalContent) -> Result<ProposalContent, Vec<FieldError>> {
        let keeps = self.op.is_none_or(|op| op == old.op);
        let kept = |new: Option<String>, old: Option<String>| new.or_else(|| old.filter(|_| keeps));
        let fields = Self {
            op: Some(self.op.unwrap_or(old.op)),
            article: kept(self.article, old.article),
            title: kept(self.title, old.title),
            body: kept(self.body, old.body),
            gap: self.gap.or(old.gap),
        };
        fields.content()
    }
}

/// A proposal to keep.
#[derive(Clone, Debug)]
pub struct NewProposal {
    pub id: ProposalId,
    pub author: StaffId,
    pub content: ProposalContent,
    pub key: Option<RequestKey>,
}

/// A draft that was made from the answer of staff in a ticket; the built-in account is its author.
#[derive(Clone, Debug, PartialEq)]
pub struct TicketDraft {
    pub id: ProposalId,
    pub conversation: ConversationId,
    pub title: String,
    pub body: String,
    pub vector: Option<QuestionVector>,
}

/// A proposal as staff see it.
#[derive(Clone, Debug, PartialEq)]
pub struct ProposalView {
    pub id: ProposalId,
    pub content: ProposalContent,
    pub state: ProposalState,
    /// Why it was rejected.
    pub reason: Option<String>,
    /// The conversation whose answer it was made from.
    pub conversation: Option<ConversationId>,
    pub author: PersonRef,
    pub decided_by: Option<PersonRef>,
    pub decided_at: Option<OffsetDateTime>,
    pub created_at: OffsetDateTime,
    pub updated_at: OffsetDateTime,
    /// Grows with each edit.
    pub revision: i64,
    /// The newest run of this revision.
    pub run: Option<RunView>,
}

/// What a run has found so far.
#[derive(Clone, Debug, PartialEq)]
pub struct RunView {
    pub state: RunState,
    /// Past questions of the run.
    pub cases: i64,
    /// Those that were asked again.
    pub asked: i64,
    pub changed_count: i64,
    /// Empty in lists.
    pub changed: Vec<ChangedAnswer>,
}

/// A past question with another answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedAnswer {
    pub message: MessageId,
    pub conversation: ConversationId,
    pub question: String,
    pub before: Option<String>,
    pub after: Option<String>,
}

/// A page of the list, newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProposalPage {
    pub state: Option<ProposalState>,
    pub after: Option<ProposalId>,
    pub limit: i64,
}

/// What an approval writes.
#[derive(Clone, Debug)]
pub struct ProposalApproval {
    pub id: ProposalId,
    /// The revision that was read; a newer one is not approved unseen.
    pub revision: i64,
    pub by: StaffId,
    /// Without a run.
    pub force: bool,
    /// `None` for a deletion.
    pub article: Option<ArticleSection>,
    pub key: Option<RequestKey>,
}

/// The effect of a request on a proposal.
#[derive(Clone, Debug, PartialEq)]
pub enum ProposalAnswer {
    Done(Box<ProposalView>),
    Refused(ProposalRefusal),
    KeyReused,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProposalRefusal {
    NoProposal,
    /// It was approved or rejected.
    NotDraft,
    /// No run of what it says has ended.
    NotRun,
    /// It names no article.
    NoArticle,
    NoGap,
    /// It was edited meanwhile.
    Edited,
}

/// A proposal's id as the cursor of its list.
pub fn cursor(text: &str) -> Option<ProposalId> {
    Uuid::try_parse(text).ok().map(ProposalId)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(
        op: ProposalOp,
        article: Option<&str>,
        title: Option<&str>,
        body: Option<&str>,
    ) -> ProposalFields {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let (article, title, body) = (owned(article), owned(title), owned(body));
        ProposalFields { op: Some(op), article, title, body, gap: None }
    }

    fn wrong(read: Result<ProposalContent, Vec<FieldError>>) -> Vec<String> {
        read.err().unwrap_or_default().into_iter().map(|error| error.field.into_owned()).collect()
    }

    #[test]
    fn each_operation_has_its_own_fields() {
        use ProposalOp::{Create, Delete, Update};
        let none: [&str; 0] = [];
        for (fields, expected) in [
            (fields(Create, None, Some("T"), Some("B")), &none[..]),
            (fields(Create, Some("a.md#b"), Some("T"), None), &["article_id", "body"]),
            (fields(Update, Some("a.md#b"), None, Some("B")), &none),
            (fields(Update, None, None, None), &["article_id", "body"]),
            (fields(Delete, Some("a.md#b"), None, None), &none),
            (fields(Delete, None, Some("T"), Some("B")), &["article_id", "title", "body"]),
            (ProposalFields::default(), &["op"]),
        ] {
            assert_eq!(wrong(fields.clone().content()), expected, "{fields:?}");
        }
    }

    #[test]
    fn an_edit_keeps_what_it_does_not_name() {
        let old = fields(ProposalOp::Create, None, Some("T"), Some("B")).content().unwrap();
        let edit = ProposalFields { body: Some("New".to_owned()), ..ProposalFields::default() };
        let expected = fields(ProposalOp::Create, None, Some("T"), Some("New")).content();
        assert_eq!(edit.edit(old.clone()), expected);
        let other = fields(ProposalOp::Delete, Some("a.md#b"), None, None);
        assert_eq!(other.clone().edit(old), other.content());
    }
}
