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
    /// What is embedded of it, each with its headings.
    pub chunks: Vec<String>,
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
    #[serde(default)]
    pub mode: SearchMode,
}

/// What speaks for a section as the answer to a question.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Evidence {
    /// The share of the question's words, weighted by how rare they are, that the section holds; a little more than 1
    /// where they stand in its headings.
    pub words: f64,
    /// The cosine between the question and the nearest piece of the section; `None` where meaning played no part or
    /// the section was not among the nearest.
    pub cosine: Option<f64>,
    /// Whether much of the question is spelt wrong, so that its vector says little.
    pub misspelt: bool,
}

impl Evidence {
    /// How well the section fits, from 0 to 1: how near it is in meaning; where meaning has no say, what it shares of
    /// the words. (Of a message's words many have nothing to do with its question: they say less than meaning does.)
    pub fn score(self) -> f64 {
        let score = match self.cosine {
            Some(cosine) if self.misspelt => cosine.max(WORTH_OF_SPELLING * self.words),
            Some(cosine) => cosine,
            None => self.words,
        };
        score.clamp(0.0, 1.0)
    }

    /// Whether to answer from it.
    pub fn is_enough(self) -> bool {
        self.score() >= ENOUGH
    }
}

/// The score from which on a section is answered from. Chosen on the tuning questions: `docs/evaluation.md` has the
/// curve.
const ENOUGH: f64 = 0.35;
/// What a share of words counts that were put right by their spelling.
const WORTH_OF_SPELLING: f64 = 0.8;

/// By what passages were looked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SearchMode {
    /// Words and meaning.
    Hybrid,
    /// Words alone: there is no embedding model, no index of it, or no vector came in time.
    #[default]
    Text,
}

/// How many numbers a vector has. There is an index for each.
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

/// Where vectors come from; those of different models are never compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmbeddingModel {
    pub name: String,
    pub dimensions: Dimensions,
}

/// What is searched for.
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

/// A file of the knowledge, read and cut up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Its path as it stands in the ids of its sections.
    pub file: String,
    pub sections: Vec<Section>,
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

/// A file or folder with the documents that were read from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The file or folder itself: by it a document is known that is gone from there.
    pub root: String,
    pub documents: Vec<Document>,
}

/// What becomes of documents that were read from elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Others {
    Stay,
    Go,
}

/// What ingesting changed, in sections.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ingested {
    pub written: u64,
    pub unchanged: u64,
    pub removed: u64,
}
