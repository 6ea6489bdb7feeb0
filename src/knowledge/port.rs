//! Port to an embedding model. Only `main` names its adapters.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use crate::domain::knowledge::EmbeddingModel;

/// Future vectors, one for each text, in their order, normalised to length 1. Dropping it cancels the work.
pub type Embedding = Pin<Box<dyn Future<Output = Result<Vec<Vec<f32>>, EmbedError>> + Send>>;

/// The priority of a request for vectors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Priority {
    /// A customer is waiting: `Busy` at once is better than a late vector.
    Turn,
    /// Indexing, which has a lower priority than customers' questions.
    Library,
}

/// Converts texts into vectors; similar meanings get similar vectors. It bounds its own queue and answers `Busy`
/// beyond; the caller chooses how long to wait for accepted work.
pub trait Embedder: Send + Sync {
    /// Vectors of different models are never compared.
    fn model(&self) -> &EmbeddingModel;
    /// Texts longer than the model reads are truncated.
    fn embed(&self, texts: Vec<String>, priority: Priority) -> Embedding;
}

/// Why there are no vectors. A text-only search needs none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EmbedError {
    /// The queue is full.
    #[error("too many texts wait to be embedded")]
    Busy,
    #[error("no vectors within {0:?}")]
    TimedOut(Duration),
    /// The provider is down, slow or overloaded; the same texts may succeed later.
    #[error("the embedding model is not available: {message}")]
    Unavailable {
        message: String,
        /// The provider's `Retry-After`, if any.
        retry_after: Option<Duration>,
    },
    /// A permanent failure of these texts or of the configuration; a panic is one of these.
    #[error("the texts could not be embedded: {0}")]
    Failed(String),
}
