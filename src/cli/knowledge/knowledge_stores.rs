//! What knowledge commands need: the database, and the configured embedding model.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::cli::wiring::start::{self, RunningDatabase};
use crate::cli::wiring::{kafka, model};
use crate::config::{Config, EmbedderChoice, KnowledgeConfig, beside_program};
use crate::crm::postgres::PgStore;
use crate::knowledge::cache::Cached;
use crate::knowledge::local::{LIBRARY, LocalModel};
use crate::knowledge::openai::OpenaiEmbedder;
use crate::knowledge::port::Embedder;
use crate::provider::Timeouts;

/// Both are fetched by `make build` and found beside the program.
const MINILM: &str = ".runtime/minilm-1.0.0";
const ONNXRUNTIME: &str = ".runtime/onnxruntime-1.32.0";

pub struct KnowledgeStores {
    pub store: PgStore,
    pub embedder: Option<Arc<dyn Embedder>>,
    database: RunningDatabase,
}

impl KnowledgeStores {
    pub async fn open(config: &Config) -> anyhow::Result<Self> {
        Self::with(config, embedder(config)).await
    }

    /// Without an embedding model, for commands that do not search.
    pub async fn without_model(config: &Config) -> anyhow::Result<Self> {
        Self::with(config, None).await
    }

    async fn with(config: &Config, embedder: Option<Arc<dyn Embedder>>) -> anyhow::Result<Self> {
        let database = start::database(config).await?;
        let opened = async {
            start::migrate(&database.connector).await?;
            Ok(kafka::store_beside(config, &database.connector)?)
        };
        match opened.await {
            Ok(store) => Ok(Self { store, embedder, database }),
            Err(error) => {
                database.stop().await?;
                Err(error)
            }
        }
    }

    pub async fn close(self) -> anyhow::Result<()> {
        self.store.close();
        self.database.stop().await
    }
}

/// The configured embedding model. If it cannot work, that is logged, and searches are by words alone.
pub fn embedder(config: &Config) -> Option<Arc<dyn Embedder>> {
    let made = match config.knowledge.embedder {
        EmbedderChoice::None => return None,
        EmbedderChoice::Minilm => local(&config.knowledge).map(share),
        EmbedderChoice::Openai => openai(config).map(share),
    };
    made.inspect_err(|error| {
        tracing::warn!(error = format!("{error:#}"), "searching by words alone: there is no embedding model");
    })
    .ok()
}

fn share(embedder: impl Embedder + 'static) -> Arc<dyn Embedder> {
    Arc::new(Cached::new(embedder))
}

fn openai(config: &Config) -> anyhow::Result<OpenaiEmbedder> {
    let timeout = Timeouts { call: config.openai.timeout };
    Ok(OpenaiEmbedder::new(&model::account(config), &config.openai.embedding_model, timeout)?)
}

fn local(config: &KnowledgeConfig) -> anyhow::Result<LocalModel> {
    let runtime = match &config.onnxruntime_path {
        Some(library) => library.clone(),
        None => fetched(&Path::new(ONNXRUNTIME).join(LIBRARY))?,
    };
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    match &config.model_path {
        Some(folder) => Ok(LocalModel::given(folder, &runtime, cores)?),
        None => Ok(LocalModel::fetched(&fetched(Path::new(MINILM))?, &runtime, cores)?),
    }
}

fn fetched(path: &Path) -> anyhow::Result<PathBuf> {
    beside_program(path)
        .map_err(|_| anyhow::anyhow!("no {} beside the program; `make build` fetches it", path.display()))
}
