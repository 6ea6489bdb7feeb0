//! all-MiniLM-L6-v2 within this process: a sentence becomes 384 numbers. Needs no account and no network; its files
//! are fetched by `make build`.

use std::path::Path;
use std::sync::Arc;

use super::port::{Embedder, Embedding, Priority};
use super::workers::Workers;
use crate::domain::knowledge::{Dimensions, EmbeddingModel};

mod encoder;
mod spelling;

use encoder::Encoder;
pub use encoder::MinilmError;

/// As it stands with each index.
pub const NAME: &str = "all-MiniLM-L6-v2";
/// Texts that may wait: more than the turns that run at once by default.
const MAX_WAITING: usize = 256;

pub struct Minilm {
    model: EmbeddingModel,
    workers: Workers,
}

impl Minilm {
    /// Reads the model's files from `folder`, which takes a fraction of a second, and starts its threads: half as many
    /// as `cores`, so that what else the process does is never starved.
    pub fn load(folder: &Path, cores: usize) -> Result<Self, MinilmError> {
        let encoder = Arc::new(Encoder::load(folder)?);
        let workers = Workers::start(&encoder, cores / 2, MAX_WAITING)?;
        let model = EmbeddingModel { name: NAME.to_owned(), dimensions: Dimensions::D384 };
        Ok(Self { model, workers })
    }
}

impl Embedder for Minilm {
    fn model(&self) -> &EmbeddingModel {
        &self.model
    }

    fn embed(&self, texts: Vec<String>, priority: Priority) -> Embedding {
        self.workers.embed(texts, priority)
    }
}
