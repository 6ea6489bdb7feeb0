//! Start-up of commands: a reachable database with the right schema, and the ingested documents.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use secrecy::ExposeSecret;
use tokio::task::{AbortHandle, JoinError, JoinHandle};

use crate::actors::runtime::dependency_status::DependencyStatus;
use crate::bus::kafka::ensure;
use crate::cli::knowledge::documents;
use crate::cli::knowledge::indexing;
use crate::cli::progress::{self, Counter};
use crate::config::{Config, Database, KafkaConfig, locate};
use crate::crm::connect::Connector;
use crate::crm::postgres::library::Library;
use crate::crm::{DatabaseConfig, LiveLogin, LoginFile, TlsConfig, check_server, migrate};
use crate::domain::knowledge::{Others, Visibility};
use crate::embedded::{EmbeddedPostgres, EmbeddedSettings};
use crate::knowledge::port::Embedder;

/// How long a start waits for a database that does not answer yet, as when everything starts at once.
const DATABASE_TIMEOUT: Duration = Duration::from_secs(30);
const DATABASE_PAUSE: Duration = Duration::from_millis(500);
/// Health check interval of the embedded server.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How long the first start waits for the vector index; it must be ready within a minute.
const FIRST_INDEX_TIMEOUT: Duration = Duration::from_secs(40);
/// How long any other start waits: after a crash, waiting work is taken up within 10 s.
const INDEX_TIMEOUT: Duration = Duration::from_secs(2);
/// How often the health report learns how far the indexing is.
const PROGRESS_EVERY: Duration = Duration::from_secs(1);
/// The document that every start ingests.
const DOCUMENT: &str = "product-docs.md";

/// The database in use, with the server behind it if it is embedded.
pub struct RunningDatabase {
    pub connector: Connector,
    embedded: Option<EmbeddedPostgres>,
}

impl RunningDatabase {
    /// Restarts an embedded server whenever it has died; a given one is left alone.
    pub async fn look_after(&mut self) {
        let Some(embedded) = &mut self.embedded else {
            return std::future::pending().await;
        };
        let url = embedded.url().to_owned();
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            if embedded.listens().await {
                continue;
            }
            tracing::error!("the embedded PostgreSQL has died, starting it again");
            match embedded.revive().await {
                Ok(()) if embedded.url() == url => tracing::info!("PostgreSQL runs again"),
                Ok(()) => tracing::error!("PostgreSQL runs on another port now: restart this process"),
                Err(error) => tracing::error!(%error, "could not start PostgreSQL again"),
            }
        }
    }

    /// Ends the use of an embedded server; a given database is left alone.
    pub async fn stop(self) -> anyhow::Result<()> {
        match self.embedded {
            Some(embedded) => embedded.stop().await.context("could not stop the embedded PostgreSQL"),
            None => Ok(()),
        }
    }
}

/// Connects to the given database, or starts the embedded one, and checks its requirements.
pub async fn database(config: &Config) -> anyhow::Result<RunningDatabase> {
    let database = match &config.database {
        Database::Given(given) => RunningDatabase {
            connector: Connector::new(given)?.with_login(login(config, given)),
            embedded: None,
        },
        Database::Embedded => {
            let settings = EmbeddedSettings::beside_program(config.data_dir.clone())?;
            tracing::info!("starting PostgreSQL");
            let embedded = EmbeddedPostgres::start(&settings).await?;
            tracing::info!(data = %embedded.data_dir().display(), "PostgreSQL runs");
            let url = DatabaseConfig::from_url(embedded.url(), &TlsConfig::default())?;
            RunningDatabase { connector: Connector::new(&url)?, embedded: Some(embedded) }
        }
    };
    match wait_for(&database.connector).await {
        Ok(()) => Ok(database),
        Err(error) => {
            database.stop().await?;
            Err(error)
        }
    }
}

/// The login that is in a file, and so may be replaced.
fn login(config: &Config, given: &DatabaseConfig) -> Option<LiveLogin> {
    let file = |variable| config.live_secrets.in_file(variable);
    if let Some(url) = file("DATABASE_URL") {
        return Some(LiveLogin::new(LoginFile::Url, url));
    }
    // Beside a DATABASE_URL it is the password of something else.
    let password = file("POSTGRES_PASSWORD")
        .filter(|secret| given.server.get_password() == Some(secret.now().expose_secret().as_bytes()))?;
    Some(LiveLogin::new(LoginFile::Password, password))
}

async fn wait_for(connector: &Connector) -> anyhow::Result<()> {
    let mut waited = Duration::ZERO;
    let (client, driver) = loop {
        match connector.connect().await {
            Ok(connected) => break connected,
            Err(error) if waited >= DATABASE_TIMEOUT => {
                return Err(error).context("could not connect to the database");
            }
            Err(error) => tracing::warn!(%error, "waiting for the database"),
        }
        tokio::time::sleep(DATABASE_PAUSE).await;
        waited += DATABASE_PAUSE;
    };
    actix::spawn(driver);
    check_server(&client).await.context("this database can't be used")
}

/// Migrates the schema; returns the names of what was applied.
pub async fn migrate(connector: &Connector) -> anyhow::Result<Vec<String>> {
    migrate::migrate(connector).await.context("could not bring the database up to date")
}

/// Creates missing topics if Kafka is configured; returns their names. Retries `tries` times while Kafka is down.
pub async fn topics(config: &KafkaConfig, tries: u32) -> anyhow::Result<Vec<&'static str>> {
    let Some(settings) = &config.settings else {
        return Ok(vec![]);
    };
    let ensured = ensure(settings, config.topics, tries).await?;
    for difference in &ensured.differences {
        tracing::warn!("{difference}");
    }
    Ok(ensured.created)
}

/// Ingests the company's document if it has changed. A knowledge base that holds other documents and not this one was
/// filled
/// by an operator, and is left alone.
/// Returns whether the knowledge base was empty.
pub async fn ingest(config: &Config, library: &Library) -> anyhow::Result<KnowledgeStore> {
    let files = library.files().await?;
    if !files.is_empty() && !files.iter().any(|file| file.name == DOCUMENT) {
        tracing::info!(files = files.len(), "the knowledge base has documents of its own");
        return Ok(KnowledgeStore::Filled);
    }
    let path = Path::new(&config.context_path).join(DOCUMENT);
    let path = match locate(&path) {
        Ok(path) => path,
        Err(tried) => {
            let tried: Vec<_> = tried.iter().map(|path| path.display().to_string()).collect();
            anyhow::bail!("CONTEXT_PATH has no {DOCUMENT}; looked for {}", tried.join(", "));
        }
    };
    let origins = documents::read_all(&[path])?.origins;
    let ingested = library.ingest(&origins, Others::Stay, Visibility::Public).await?;
    tracing::info!(
        written = ingested.written,
        unchanged = ingested.unchanged,
        removed = ingested.removed,
        "read the documents"
    );
    Ok(if files.is_empty() { KnowledgeStore::Empty } else { KnowledgeStore::Filled })
}

/// State of the knowledge base at a start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KnowledgeStore {
    Empty,
    Filled,
}

/// The building of the vector index beside customers' questions.
pub struct Indexing {
    /// Aborts what still runs.
    pub abort: AbortHandle,
    /// How far it is, for the health report; empty when it is complete.
    pub status: Arc<DependencyStatus>,
}

/// Completes the vector index. The first one takes long: after a while the rest is done beside customers' questions,
/// which are searched by words alone until then.
pub async fn index(
    library: Library,
    embedder: Option<Arc<dyn Embedder>>,
    knowledge: KnowledgeStore,
) -> Option<Indexing> {
    let embedder = embedder?;
    let counter = Arc::new(Counter::default());
    let counted = Arc::clone(&counter);
    let mut indexing = actix::spawn(async move {
        let index = library.index(embedder.model()).await?;
        let embedded = indexing::complete(&library, embedder.as_ref(), &index, &counted).await?;
        tracing::info!(embedded, model = index.model.name, "the index of vectors is complete");
        anyhow::Ok(())
    });
    let abort = indexing.abort_handle();
    let timeout = match knowledge {
        KnowledgeStore::Empty => FIRST_INDEX_TIMEOUT,
        KnowledgeStore::Filled => INDEX_TIMEOUT,
    };
    let status = Arc::new(DependencyStatus::default());
    let shown = progress::shown(indexing::WHAT, &counter, &mut indexing);
    if let Ok(ended) = tokio::time::timeout(timeout, shown).await {
        status.set(problem(ended));
        return Some(Indexing { abort, status });
    }
    tracing::info!("going on to embed the documents while serving");
    actix::spawn(watch(indexing, counter, Arc::clone(&status)));
    Some(Indexing { abort, status })
}

/// Reports how far the indexing is, until it ends.
async fn watch(
    mut indexing: JoinHandle<anyhow::Result<()>>,
    counter: Arc<Counter>,
    status: Arc<DependencyStatus>,
) {
    loop {
        let (done, total) = counter.state();
        let detail = format!("{done} of {total} texts are embedded; until then searches are by words alone");
        status.set(Some(detail));
        if let Ok(ended) = tokio::time::timeout(PROGRESS_EVERY, &mut indexing).await {
            status.set(problem(ended));
            return;
        }
    }
}

/// Why the index is not complete.
fn problem(ended: Result<anyhow::Result<()>, JoinError>) -> Option<String> {
    match ended {
        Ok(Ok(())) => None,
        Ok(Err(error)) => {
            tracing::warn!(error = format!("{error:#}"), "the index of vectors is not complete");
            Some(format!("the index of vectors is not complete: {error:#}"))
        }
        Err(error) if error.is_cancelled() => None,
        Err(error) => {
            tracing::error!(%error, "the indexing ended");
            Some("the indexing ended".to_owned())
        }
    }
}
