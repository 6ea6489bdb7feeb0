//! Embedding adapter for a model in this process, computed by ONNX Runtime. It needs no account and no network; `make
//! build` fetches the files. One thread pool computes questions, another one documents at a lower priority.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::port::{Embedder, Embedding, Priority};
use super::workers::{PoolSettings, Workers};
use crate::domain::knowledge::{Dimensions, EmbeddingModel};

mod encoder;
mod folder;
mod runtime;
mod spelling;

use encoder::Encoder;
use folder::ModelFolder;

/// The shared library's file name in the folder that `make build` fetches.
pub const LIBRARY: &str =
    if cfg!(target_os = "macos") { "libonnxruntime.dylib" } else { "libonnxruntime.so" };
/// Maximum queued questions: more than the turns that run at once by default.
const MAX_QUESTIONS: usize = 256;
/// Maximum queued texts of documents.
const MAX_DOCUMENTS: usize = 1_024;
/// Threads of one pool. Each has its own copy of the weights, about 100 MB, and embeds 200 to 400 short questions a
/// second.
const MAX_THREADS: usize = 4;
/// Idle time after which models are unloaded: longer than the pauses while documents are embedded.
const REST_AFTER: Duration = Duration::from_secs(5);

#[derive(Debug, thiserror::Error)]
pub enum LocalModelError {
    #[error("could not read {0}")]
    File(PathBuf, #[source] std::io::Error),
    #[error("{0} is not as expected: {1}")]
    Content(PathBuf, String),
    #[error("could not load ONNX Runtime from {0}: {1}")]
    Runtime(PathBuf, String),
    #[error("could not start its threads")]
    Threads(#[from] std::io::Error),
}

pub struct LocalModel {
    model: EmbeddingModel,
    questions: Workers,
    documents: Workers,
}

impl LocalModel {
    /// The model that `make build` fetched to `folder`, computed by the ONNX Runtime in the file `runtime`.
    pub fn fetched(folder: &Path, runtime: &Path, cores: usize) -> Result<Self, LocalModelError> {
        Self::start(ModelFolder::fetched(folder)?, runtime, cores)
    }

    /// Another sentence-transformers model: `folder` holds its `model.onnx` and `tokenizer.json`. It must need no
    /// prefix before questions or documents.
    pub fn given(folder: &Path, runtime: &Path, cores: usize) -> Result<Self, LocalModelError> {
        Self::start(ModelFolder::given(folder)?, runtime, cores)
    }

    /// Loads the model, which takes about half a second, and starts its threads: half as many for questions as there
    /// are `cores`, which leaves the other half to the rest of the process, and one per core for documents, at a low
    /// priority.
    fn start(folder: ModelFolder, runtime: &Path, cores: usize) -> Result<Self, LocalModelError> {
        let model = EmbeddingModel { name: folder.name.clone(), dimensions: Dimensions::D384 };
        let threads = (cores / 2).clamp(1, MAX_THREADS);
        let questions = Arc::new(Encoder::load(folder, runtime, threads)?);
        let documents = Arc::new(questions.sibling());
        let pool = PoolSettings {
            name: "embedder",
            threads,
            max_texts: MAX_QUESTIONS,
            priority: Priority::Turn,
            rest_after: REST_AFTER,
        };
        let questions = Workers::start(&questions, pool)?;
        let pool = PoolSettings {
            name: "indexer",
            threads: cores.clamp(1, MAX_THREADS),
            max_texts: MAX_DOCUMENTS,
            priority: Priority::Library,
            rest_after: REST_AFTER,
        };
        let documents = Workers::start(&documents, pool)?;
        Ok(Self { model, questions, documents })
    }
}

impl Embedder for LocalModel {
    fn model(&self) -> &EmbeddingModel {
        &self.model
    }

    fn embed(&self, texts: Vec<String>, priority: Priority) -> Embedding {
        match priority {
            Priority::Turn => self.questions.embed(texts),
            Priority::Library => self.documents.embed(texts),
        }
    }
}
