//! What knowledge commands need: the database, and the configured embedding model.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::start::{self, RunningDatabase};
use super::{kafka, model};
use crate::config::{Config, EmbedderChoice, OpenaiConfig, beside_program};
use crate::crm::postgres::PgStore;
use crate::knowledge::minilm::Minilm;
use crate::knowledge::openai::OpenaiEmbedder;
use crate::knowledge::port::Embedder;
use crate::provider::Timeouts;

/// Fetched by `make build`; found beside the program.
const MINILM: &str = ".runtime/minilm-0.1.0";

pub struct KnowledgeStores {
    pub store: PgStore,
    pub embedder: Option<Arc<dyn Embedder>>,
    database: RunningDatabase,
}

impl KnowledgeStores {
    pub async fn open(config: &Config) -> anyhow::Result<Self> {
        let embedder = embedder(config);
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
        EmbedderChoice::Minilm => minilm(config.knowledge.minilm_path.as_deref()).map(share),
        EmbedderChoice::Openai => openai(&config.openai).map(share),
    };
    made.inspect_err(|error| {
        tracing::warn!(error = format!("{error:#}"), "searching by words alone: there is no embedding model");
    })
    .ok()
}

fn share(embedder: impl Embedder + 'static) -> Arc<dyn Embedder> {
    Arc::new(embedder)
}

fn openai(config: &OpenaiConfig) -> anyhow::Result<OpenaiEmbedder> {
    let timeout = Timeouts { call: config.timeout };
    Ok(OpenaiEmbedder::new(&model::account(config), &config.embedding_model, timeout)?)
}

fn minilm(given: Option<&Path>) -> anyhow::Result<Minilm> {
    let folder = match given {
        Some(folder) => folder.to_owned(),
        None => fetched()?,
    };
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    Ok(Minilm::load(&folder, cores)?)
}

fn fetched() -> anyhow::Result<PathBuf> {
    beside_program(Path::new(MINILM))
        .map_err(|_| anyhow::anyhow!("no {MINILM} beside the program; `make build` fetches it"))
}
