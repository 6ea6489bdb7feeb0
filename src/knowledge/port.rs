//! What the rest asks of an embedding model. Adapters stand beside this file; nobody but `main` names them.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use crate::domain::knowledge::EmbeddingModel;

/// Vectors that are on their way, one for each text, in their order, of length 1 each. Dropping this gives the work up.
pub type Embedding = Pin<Box<dyn Future<Output = Result<Vec<Vec<f32>>, EmbedError>> + Send>>;

/// Who waits for vectors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Priority {
    /// A customer: `Busy` at once is better than a vector that is late.
    Turn,
    /// The library, which has time: its texts give way to customers' questions.
    Library,
}

/// Something that turns texts into vectors; like meanings lie close together.
///
/// It bounds its own queue and answers `Busy` beyond; how long to wait for what it took is the caller's choice.
pub trait Embedder: Send + Sync {
    /// Vectors of different models are never compared.
    fn model(&self) -> &EmbeddingModel;
    /// Texts longer than the model reads are cut.
    fn embed(&self, texts: Vec<String>, priority: Priority) -> Embedding;
}

/// Why there are no vectors. Searching by text alone needs none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EmbedError {
    /// Too many texts wait already.
    #[error("too many texts wait to be embedded")]
    Busy,
    #[error("no vectors within {0:?}")]
    TimedOut(Duration),
    /// The provider is away, slow or busy; the same texts may be embedded later.
    #[error("the embedding model is not available: {message}")]
    Unavailable {
        message: String,
        /// When the provider wants to be asked again, if it says so.
        retry_after: Option<Duration>,
    },
    /// These texts, or this provider as it is set up, will never do; a panic is one of these.
    #[error("the texts could not be embedded: {0}")]
    Failed(String),
}
