//! `fte serve`: wires the adapters to the actors, opens the doors, and closes them in order.

use std::net::{SocketAddr, TcpListener};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use secrecy::SecretString;
use tokio::signal::unix::{SignalKind, signal};

use super::model::model;
use super::{handbook, kafka, knowledge_stores, secrets, start, whatsapp};
use crate::actors::ask::ask;
use crate::actors::messages::Drain;
use crate::actors::pool::Limits;
use crate::actors::supervisor::{Endpoints, SystemConfig, spawn};
use crate::channels::staff::TellStaff;
use crate::channels::staff::webhook::Webhook;
use crate::clock;
use crate::config::{Config, Environment, HttpConfig};
use crate::crm::connect::Connector;
use crate::crm::port::Store;
use crate::crm::postgres::{PgSignals, PgStore};
use crate::domain::roles::Roles;
use crate::http::{BODY_TIMEOUT, Settings, TrustedProxies, Wires};
use crate::knowledge::port::Embedder;

/// Threads that serve HTTP: the database is the bottleneck, and a second thread only costs switches.
const HTTP_WORKERS: usize = 1;
/// Longer than the supervisor's own patience with running turns.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(60);
const TOKEN_FILE: &str = "api-token";

pub async fn serve(config: Config, roles: Roles) -> anyhow::Result<()> {
    let started = clock::monotonic();
    let mut stop = StopSignals::new()?;
    let address = SocketAddr::new(config.http.host, config.http.port);
    let listener = TcpListener::bind(address)
        .with_context(|| format!("could not listen on {address} (API_HOST, API_PORT)"))?;
    let mut database = start::database(&config).await?;
    let opened = open(&config, roles, &database, started, listener).await;
    let served = match opened {
        Ok(front) => {
            tokio::select! {
                () = stop.wait() => {}
                () = database.look_after() => {}
            }
            tracing::info!("draining");
            tokio::select! {
                () = front.close() => {}
                () = stop.wait() => tracing::warn!("stopping without a drain"),
            }
            Ok(())
        }
        Err(error) => Err(error),
    };
    database.stop().await?;
    served
}

/// What runs while the program serves.
struct Front {
    endpoints: Endpoints,
    server: actix_web::dev::ServerHandle,
}

async fn open(
    config: &Config,
    roles: Roles,
    database: &start::RunningDatabase,
    started: std::time::Instant,
    listener: TcpListener,
) -> anyhow::Result<Front> {
    let (store, embedder) = records(config, &database.connector).await?;
    let channels = store.channel_configs().await?;
    let bound = listener.local_addr()?;
    let local_url = HttpConfig::local_url(bound);
    let whatsapp = whatsapp::open(config, config.http.base_url.as_deref().unwrap_or(&local_url))?;
    let (webhooks, whatsapp) = whatsapp.map(|open| (open.webhooks, open.channel)).unzip();
    let handbook = Arc::new(handbook::load(config)?);
    tracing::info!(rules = handbook.rules.summary(), "read the handbook");
    let endpoints = spawn(SystemConfig {
        store: Arc::new(store),
        model: model(config, &handbook)?,
        embedder,
        budgets: config.agent.budgets,
        ceilings: config.agent.ceilings,
        delay_ack: config.agent.delay_ack,
        handbook,
        channels,
        staff: staff(config)?,
        codes: whatsapp.as_ref().and_then(|_| whatsapp::codes(config)),
        providers: whatsapp.into_iter().collect(),
        limits: Limits::new(if roles.agent { config.agent.pool_size } else { 0 }, config.agent.pool_idle),
        signals: Some(Arc::new(PgSignals::new(&database.connector))),
        bus: kafka::bus(config)?,
        roles,
        owner: clock::new_v7().into(),
    });
    let settings = Settings { whatsapp: webhooks, ..settings(config, started)? };
    let server = crate::http::serve(listener, wires(&endpoints), settings)?;
    let handle = server.handle();
    actix::spawn(server);
    println!("listening on {local_url}");
    Ok(Front { endpoints, server: handle })
}

/// The records, up to date, with the topics that tell of them and the documents in them.
async fn records(
    config: &Config,
    connector: &Connector,
) -> anyhow::Result<(PgStore, Option<Arc<dyn Embedder>>)> {
    let applied = start::migrate(connector).await?;
    if !applied.is_empty() {
        tracing::info!(applied = applied.join(", "), "brought the database up to date");
    }
    kafka::ensure_topics(config).await;
    let store = kafka::store(config, connector)?;
    let knowledge = start::ingest(config, &store.library()).await?;
    let embedder = knowledge_stores::embedder(config);
    start::index(store.library(), embedder.clone(), knowledge).await;
    Ok((store, embedder))
}

/// Whom the front asks.
fn wires(endpoints: &Endpoints) -> Wires {
    Wires {
        intake: endpoints.web_form.clone(),
        channels: endpoints.channels.clone(),
        statuses: endpoints.statuses.clone(),
        records: endpoints.records.clone(),
        pool: endpoints.pool.clone(),
        supervisor: endpoints.health.clone(),
    }
}

impl Front {
    /// No new connections; requests under way are answered while running turns finish; the rest is handed back.
    async fn close(self) {
        let drain = ask(&self.endpoints.drain, DRAIN_TIMEOUT, |reply| Drain { reply });
        let (drained, ()) = futures_util::future::join(drain, self.server.stop(true)).await;
        match drained {
            Ok(()) => tracing::info!("drained"),
            Err(error) => tracing::warn!(%error, "stopping without a complete drain"),
        }
    }
}

/// Who tells staff of escalations.
fn staff(config: &Config) -> anyhow::Result<Option<Arc<dyn TellStaff>>> {
    let Some(url) = &config.desk.webhook_url else {
        tracing::info!("ESCALATION_WEBHOOK_URL is unset: escalations wait in the records until staff look");
        return Ok(None);
    };
    Ok(Some(Arc::new(Webhook::new(url.clone())?)))
}

fn settings(config: &Config, started: std::time::Instant) -> anyhow::Result<Settings> {
    let proxies = config.http.trusted_proxies.clone();
    Ok(Settings {
        workers: HTTP_WORKERS,
        cors_origins: config.http.cors_origins.clone(),
        api_token: api_token(config)?,
        trusted_proxies: TrustedProxies::new(move |address| {
            proxies.iter().any(|network| network.contains(address))
        }),
        submit_rate_per_minute: config.http.submit_rate_per_minute.and_then(NonZeroU32::new),
        body_within: BODY_TIMEOUT,
        whatsapp: None,
        files: Some(Arc::new(whatsapp::media_folder(config))),
        version: env!("CARGO_PKG_VERSION"),
        started,
    })
}

/// The given token; in development, where none is given, one of our own that stays the same from start to start.
fn api_token(config: &Config) -> anyhow::Result<Option<SecretString>> {
    match (&config.http.api_token, config.environment) {
        (Some(token), Environment::Development | Environment::Production) => Ok(Some(token.clone())),
        (None, Environment::Production) => {
            tracing::warn!("FTE_API_TOKEN is unset: the staff routes answer 401 to everybody");
            Ok(None)
        }
        (None, Environment::Development) => {
            let path = config.data_dir.join(TOKEN_FILE);
            let token =
                secrets::stored(&path).with_context(|| format!("could not keep {}", path.display()))?;
            tracing::info!(path = %path.display(), "the bearer token of the staff routes is in a file");
            Ok(Some(token))
        }
    }
}

/// The order to stop: SIGTERM, or ctrl-C. A second one ends the process at once.
struct StopSignals {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

impl StopSignals {
    fn new() -> std::io::Result<Self> {
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    async fn wait(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}
