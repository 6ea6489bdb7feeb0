//! Read models of articles for staff: sections of files and approved articles, with their history.

use time::OffsetDateTime;

use crate::domain::console::detail::PersonRef;
use crate::domain::enums::ProposalOp;
use crate::domain::ids::ProposalId;
use crate::domain::knowledge::{EmbeddingModel, Section};

/// The file in the ids of articles that come from no file.
pub const APPROVED_FILE: &str = "approved.md";
/// How the headings of a section are joined where they are one text.
pub const HEADING_SEPARATOR: &str = " > ";

/// An article in the list of staff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffArticleLine {
    pub id: String,
    pub title: String,
    /// The headings above it and its own.
    pub section: String,
    /// For staff alone.
    pub internal: bool,
    /// Whether it was approved and overrides its file, if it has one.
    pub approved: bool,
    pub updated_at: OffsetDateTime,
}

/// An article as staff see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffArticleView {
    pub line: StaffArticleLine,
    /// As the agent reads it.
    pub text: String,
    /// What a proposal starts from: Markdown of an approved article, else the text.
    pub body: String,
    pub html: String,
}

/// One state of an article in its history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArticleRevision {
    /// From 1; the first one of an article from a file is what the file said.
    pub number: i32,
    pub op: ProposalOp,
    pub title: Option<String>,
    pub body: Option<String>,
    pub proposal: Option<ProposalId>,
    pub approved_by: Option<PersonRef>,
    pub at: OffsetDateTime,
}

/// An article to write, with the vectors of its chunks if there is an embedding model.
#[derive(Clone, Debug, PartialEq)]
pub struct ArticleSection {
    pub section: Section,
    pub vectors: Option<SectionVectors>,
}

/// The vectors of a section's chunks, in their order.
#[derive(Clone, Debug, PartialEq)]
pub struct SectionVectors {
    pub model: EmbeddingModel,
    pub values: Vec<Vec<f32>>,
}

/// A change of one article, as searches see it.
#[derive(Clone, Debug, PartialEq)]
pub enum ArticleChange {
    Write(ArticleSection),
    Remove(String),
}
