//! Sections of the company's documents, as they are stored, found and cited.

use serde::{Deserialize, Serialize};

/// One section of a document, ready to be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// `file.md#heading-slug`, by which answers cite it.
    pub id: String,
    pub title: String,
    /// The headings above it and its own, outermost first.
    pub heading_path: Vec<String>,
    pub text: String,
    /// Its place in the file, from 0.
    pub position: i32,
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

/// What a search came to.
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
pub struct Findings {
    pub passages: Vec<Passage>,
    /// Whether the best passage is good enough to answer from.
    pub relevant: bool,
}

/// A section that a reply rests on.
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

/// What ingesting a file changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ingested {
    pub written: u64,
    pub unchanged: u64,
    pub removed: u64,
}
