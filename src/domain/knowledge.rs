//! Knowledge base types: documents, sections, search results, and sources of replies.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// One section of a document, ready to be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// `file.md#heading-slug`, by which answers cite it.
    pub id: String,
    pub title: String,
    /// The headings above it and its own, outermost first.
    pub heading_path: Vec<String>,
    pub text: String,
    /// The same as pages show it: HTML without anything that could run or load something.
    pub html: String,
    /// The texts that are embedded, each with its headings.
    pub chunks: Vec<String>,
    /// Its position in the file, from 0.
    pub position: i32,
}

/// Who reads the sections of a search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Customers, and whatever answers them: no internal documents.
    Customers,
    Staff,
}

/// Whether documents are for staff alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visibility {
    Public,
    Internal,
}

/// A section in the list of the help centre.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArticleLine {
    pub id: String,
    pub title: String,
    /// The headings above it and its own, outermost first.
    pub section: String,
}

/// A section as an article of the help centre.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArticleView {
    pub line: ArticleLine,
    pub text: String,
    pub html: String,
    pub updated_at: OffsetDateTime,
}

/// A section that a search found, best first; scores are comparable within one search only.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Passage {
    pub id: String,
    pub title: String,
    pub section: String,
    pub text: String,
    pub score: f64,
}

/// The result of a search.
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
pub struct Findings {
    pub passages: Vec<Passage>,
    /// Whether the best passage is good enough to answer from.
    pub relevant: bool,
    #[serde(default)]
    pub mode: SearchMode,
}

/// Minimum score of a passage that a search of the help centre shows.
const SHOWN_MIN: f64 = 0.35;

impl Findings {
    /// The passages that are worth showing, if the best one is good enough to answer from.
    pub fn into_relevant(self) -> impl Iterator<Item = Passage> {
        let relevant = self.relevant;
        self.passages.into_iter().filter(move |passage| relevant && passage.score >= SHOWN_MIN)
    }
}

/// How passages were searched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SearchMode {
    /// By words and by meaning.
    Hybrid,
    /// By words alone: there is no embedding model, no index of it, or no vector in time.
    #[default]
    Text,
}

/// Dimensions of a vector. There is one index for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dimensions {
    D384,
    D1536,
}

impl Dimensions {
    pub const fn count(self) -> usize {
        match self {
            Self::D384 => 384,
            Self::D1536 => 1536,
        }
    }
}

/// The embedding model of a vector; vectors of different models are never compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmbeddingModel {
    pub name: String,
    pub dimensions: Dimensions,
}

/// A search request.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    pub text: String,
    /// Without it the search is by words alone.
    pub vector: Option<QuestionVector>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct QuestionVector {
    pub model: EmbeddingModel,
    pub values: Vec<f32>,
}

/// A file of the knowledge base, parsed and split.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Its path as it appears in the ids of its sections.
    pub file: String,
    pub sections: Vec<Section>,
}

/// A section that a reply cites.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Source {
    pub id: String,
    pub title: String,
    pub score: f64,
}

impl From<&Passage> for Source {
    fn from(passage: &Passage) -> Self {
        Self { id: passage.id.clone(), title: passage.title.clone(), score: passage.score }
    }
}

/// A file or folder, with the documents read from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The file or folder itself; used to find documents that no longer exist there.
    pub root: String,
    pub documents: Vec<Document>,
}

/// What to do with documents from other roots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Others {
    Stay,
    Go,
}

/// What an ingestion changed, in sections.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ingested {
    pub written: u64,
    pub unchanged: u64,
    pub removed: u64,
    /// Files that had come from elsewhere under the same name, with where they had come from.
    pub replaced: Vec<(String, String)>,
}
