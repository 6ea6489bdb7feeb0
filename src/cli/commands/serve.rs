//! `fte serve`: wires adapters to actors, starts listening, and shuts down in order.

use std::net::{SocketAddr, TcpListener};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use secrecy::SecretString;
use tokio::signal::unix::{SignalKind, signal};

use crate::actors::conversations::pool::Limits;
use crate::actors::messages::{Drain, StopActors};
use crate::actors::runtime::ask::ask;
use crate::actors::supervisor::{Custody, Endpoints, LearningEndpoints, SlaConfig, SystemConfig, spawn};
use crate::agent::handbook::Handbook;
use crate::channels::outgoing::post::HttpPost;
use crate::channels::staff::TellStaff;
use crate::channels::staff::webhook::Webhook;
use crate::channels::verification::SendVerificationCode;
use crate::cli::knowledge::knowledge_stores;
use crate::cli::wiring::model::model;
use crate::cli::wiring::start::Indexing;
use crate::cli::wiring::{
    first_admin, handbook, kafka, live_secrets, mcp, open_files, pages, providers, secrets, start, whatsapp,
};
use crate::clock;
use crate::config::{Config, Environment, HttpConfig, private_folder};
use crate::crm::connect::Connector;
use crate::crm::port::{Maintenance, SlaClockStore};
use crate::crm::postgres::{PgSignals, PgStore};
use crate::domain::conversations::service_levels::SlaPlan;
use crate::domain::runtime::roles::Roles;
use crate::domain::runtime::timing::TIMEOUT;
use crate::http::{
    BODY_TIMEOUT, ConnectionLimits, CookieKind, LearningWires, Pushes, Settings, TrustedProxies, Wires,
};
use crate::knowledge::port::Embedder;
use crate::metrics::METRICS;

/// Threads that serve HTTP: the database is the bottleneck, and a second thread only costs switches.
const HTTP_WORKERS: usize = 1;
/// Longer than the supervisor itself waits for running turns.
const DRAIN_ANSWER_TIMEOUT: Duration = Duration::from_secs(60);
const TOKEN_FILE: &str = "api-token";

pub async fn serve(config: Config, roles: Roles) -> anyhow::Result<()> {
    let started = clock::monotonic();
    let mut stop = StopSignals::new()?;
    let open_files = open_files::raise();
    if let Err(error) = private_folder(&config.data_dir) {
        tracing::warn!(path = %config.data_dir.display(), %error, "FTE_DATA_DIR is not closed to others");
    }
    let address = SocketAddr::new(config.http.host, config.http.port);
    let listener = TcpListener::bind(address)
        .with_context(|| format!("could not listen on {address} (API_HOST, API_PORT)"))?;
    let mut database = start::database(&config).await?;
    let connector = database.connector.clone();
    let opened = open(&config, roles, &database, Process { started, open_files, listener }).await;
    let served = match opened {
        Ok(front) => {
            tokio::select! {
                () = stop.wait() => {}
                () = database.look_after() => {}
                () = live_secrets::watch(&config.live_secrets, &connector) => {}
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

/// What the process has before anything is opened.
struct Process {
    started: std::time::Instant,
    /// The limit of open files.
    open_files: u64,
    listener: TcpListener,
}

/// The running server.
struct Front {
    endpoints: Endpoints,
    server: actix_web::dev::ServerHandle,
    store: PgStore,
    indexing: Option<Indexing>,
}

async fn open(
    config: &Config,
    roles: Roles,
    database: &start::RunningDatabase,
    process: Process,
) -> anyhow::Result<Front> {
    let Records { store, embedder, indexing } = records(config, &database.connector).await?;
    let local_url = HttpConfig::local_url(process.listener.local_addr()?);
    let public_url = config.http.base_url.as_deref().unwrap_or(&local_url);
    let handbook = read_handbook(config)?;
    let parts = providers::open(config, &handbook, public_url).await?;
    let endpoints = spawn(SystemConfig {
        sla: Some(service_levels(config, &handbook, &store, parts.codes.clone(), public_url).await?),
        store: store.clone().into(),
        model: model(config, &handbook)?,
        embedder,
        index: indexing.as_ref().map(|indexing| Arc::clone(&indexing.status)),
        budgets: config.agent.budgets,
        ceilings: config.agent.ceilings,
        delay_ack: config.agent.delay_ack,
        handbook: Arc::clone(&handbook),
        channels: store.channel_configs().await?,
        staff: staff(config)?,
        events: Some(Arc::new(HttpPost::new(config.desk.webhook_allowed_origins.clone())?)),
        codes: parts.codes.clone(),
        providers: parts.channels,
        reports: parts.reports,
        limits: Limits::new(if roles.agent { config.agent.pool_size } else { 0 }, config.agent.pool_idle),
        idle: config.desk.idle,
        custody: custody(config),
        signals: Some(Arc::new(PgSignals::new(&database.connector))),
        bus: kafka::bus(config)?,
        roles,
        owner: clock::new_v7().into(),
    });
    let settings = Settings {
        webhooks: parts.webhooks,
        mails_codes: parts.codes.is_some(),
        pushes: parts.pushes.map(|receiver| Pushes { receiver, feeds: endpoints.feeds.clone() }),
        mcp: Some(mcp::settings(config, &endpoints, [&local_url, public_url])),
        ..settings(config, &handbook, (process.started, process.open_files), public_url)?
    };
    let server = listen(process.listener, wires(&endpoints), settings, &local_url)?;
    Ok(Front { endpoints, server, store, indexing })
}

fn read_handbook(config: &Config) -> anyhow::Result<Arc<Handbook>> {
    let handbook = Arc::new(handbook::load(config)?);
    tracing::info!(rules = handbook.rules.summary(), "read the handbook");
    Ok(handbook)
}

/// What the SLA clocks go by, stored before anything is due.
async fn service_levels(
    config: &Config,
    handbook: &Handbook,
    store: &PgStore,
    mail: Option<Arc<dyn SendVerificationCode>>,
    public_url: &str,
) -> anyhow::Result<SlaConfig> {
    let levels = Arc::new(handbook::service_levels(config, handbook)?);
    tracing::info!(levels = levels.summary(), "read the company's profile");
    let plan = SlaPlan { levels, remind_after: config.desk.remind_after };
    store.write_service_levels(plan.clone(), clock::now()).await?;
    Ok(SlaConfig { plan, mail, console: public_url.trim_end_matches('/').to_owned() })
}

fn listen(
    listener: TcpListener,
    wires: Wires,
    settings: Settings,
    local_url: &str,
) -> anyhow::Result<actix_web::dev::ServerHandle> {
    METRICS.build.with_label_values(&[env!("FTE_VERSION")]).set(1);
    let server = crate::http::serve(listener, wires, settings)?;
    let handle = server.handle();
    actix::spawn(server);
    println!("listening on {local_url}");
    Ok(handle)
}

/// What is opened before the actors start.
struct Records {
    store: PgStore,
    embedder: Option<Arc<dyn Embedder>>,
    /// Ends the indexing that still goes on.
    indexing: Option<Indexing>,
}

/// The records, up to date, with the topics that tell of them and the documents in them.
async fn records(config: &Config, connector: &Connector) -> anyhow::Result<Records> {
    let applied = start::migrate(connector).await?;
    if !applied.is_empty() {
        tracing::info!(applied = applied.join(", "), "brought the database up to date");
    }
    kafka::ensure_topics(config).await;
    let store = kafka::store(config, connector)?;
    first_admin::ensure(&store).await?;
    let knowledge = start::ingest(config, &store.library()).await?;
    let embedder = knowledge_stores::embedder(config);
    let indexing = start::index(store.library(), embedder.clone(), knowledge).await;
    Ok(Records { store, embedder, indexing })
}

/// Customers' files, and how long data is kept.
fn custody(config: &Config) -> Custody {
    Custody { files: Some(Arc::new(whatsapp::media_folder(config))), retention: config.retention }
}

/// The recipients of HTTP requests.
#[expect(clippy::too_many_lines, reason = "one line for each recipient")]
fn wires(endpoints: &Endpoints) -> Wires {
    let pages = &endpoints.pages;
    let stores = &pages.stores;
    Wires {
        intake: endpoints.web_form.clone(),
        channels: endpoints.channels.clone(),
        statuses: endpoints.statuses.clone(),
        views: endpoints.views.clone(),
        ticket_pages: stores.ticket_pages.clone(),
        knowledge: stores.knowledge.clone(),
        follow: pages.follow.clone(),
        search_help: pages.search_help.clone(),
        ask_for_person: pages.ask_for_person.clone(),
        accounts: stores.accounts.clone(),
        log_in: pages.log_in.clone(),
        change_credentials: pages.change_credentials.clone(),
        offer_totp: pages.offer_totp.clone(),
        customer_rights: stores.customer_rights.clone(),
        erase_customer: pages.erase_customer.clone(),
        queues: stores.queues.clone(),
        reports: stores.reports.clone(),
        perform: pages.perform.clone(),
        perform_bulk: pages.perform_bulk.clone(),
        undo_bulk: pages.undo_bulk.clone(),
        side_conversations: stores.side_conversations.clone(),
        suggest: pages.suggest.clone(),
        summarize: pages.summarize.clone(),
        replay_turn: pages.replay_turn.clone(),
        follow_desk: pages.follow_desk.clone(),
        staff_events: stores.staff_events.clone(),
        desk_tools: stores.desk_tools.clone(),
        macros: stores.macros.clone(),
        saved_views: stores.saved_views.clone(),
        quality: stores.quality.clone(),
        webhooks: stores.webhooks.clone(),
        check_webhook: pages.check_webhook.clone(),
        audit_log: stores.audit_log.clone(),
        learning: learning_wires(&endpoints.learning),
        web_identities: stores.web_identities.clone(),
        prove_address: pages.prove_address.clone(),
        pool: endpoints.pool.clone(),
        supervisor: endpoints.health.clone(),
        progress: endpoints.progress.clone(),
    }
}

fn learning_wires(endpoints: &LearningEndpoints) -> LearningWires {
    LearningWires {
        articles: endpoints.articles.clone(),
        gaps: endpoints.gaps.clone(),
        proposals: endpoints.proposals.clone(),
        group_questions: endpoints.group_questions.clone(),
        approve_proposal: endpoints.approve_proposal.clone(),
        start_run: endpoints.start_run.clone(),
    }
}

impl Front {
    /// No new connections; requests under way are answered while running turns finish; the leases of the rest are
    /// released. Then the actors stop, and last the connections close, so that nothing uses the database any more.
    async fn close(self) {
        let drain = ask(&self.endpoints.drain, DRAIN_ANSWER_TIMEOUT, |reply| Drain { reply });
        let (drained, ()) = futures_util::future::join(drain, self.server.stop(true)).await;
        match drained {
            Ok(()) => tracing::info!("drained"),
            Err(error) => tracing::warn!(%error, "stopping without a complete drain"),
        }
        if let Some(indexing) = self.indexing {
            indexing.abort.abort();
        }
        stop_actors(&self.endpoints).await;
        self.store.close();
    }
}

/// Waits until no actor works any more. One that does not stop is named in the log.
pub async fn stop_actors(endpoints: &Endpoints) {
    if let Err(error) = ask(&endpoints.stop, TIMEOUT, |reply| StopActors { reply }).await {
        tracing::warn!(%error, "stopping although not all actors have stopped");
    }
}

/// Who notifies staff of escalations.
fn staff(config: &Config) -> anyhow::Result<Option<Arc<dyn TellStaff>>> {
    let Some(url) = &config.desk.webhook_url else {
        tracing::info!("ESCALATION_WEBHOOK_URL is unset: escalations wait in the records until staff look");
        return Ok(None);
    };
    let url = config.live_secrets.of("ESCALATION_WEBHOOK_URL", url);
    Ok(Some(Arc::new(Webhook::new(url, config.desk.webhook_format)?)))
}

fn settings(
    config: &Config,
    handbook: &Handbook,
    (started, open_files): (std::time::Instant, u64),
    public_url: &str,
) -> anyhow::Result<Settings> {
    let proxies = config.http.trusted_proxies.clone();
    Ok(Settings {
        workers: HTTP_WORKERS,
        cors_origins: config.http.cors_origins.clone(),
        api_token: api_token(config)?.map(|token| config.live_secrets.of("FTE_API_TOKEN", &token)),
        trusted_proxies: TrustedProxies::new(move |address| {
            proxies.iter().any(|network| network.contains(address))
        }),
        connections: connection_limits(config, open_files),
        submit_rate_per_minute: config.http.submit_rate_per_minute.and_then(NonZeroU32::new),
        body_within: BODY_TIMEOUT,
        webhooks: vec![],
        pushes: None,
        mcp: None,
        files: Some(Arc::new(whatsapp::media_folder(config))),
        texts: Arc::clone(&handbook.texts),
        site: pages::site(config, &handbook.voice.company)?,
        public_url: public_url.trim_end_matches('/').to_owned(),
        mails_codes: false,
        cookie: match config.environment {
            Environment::Development => CookieKind::Plain,
            Environment::Production => CookieKind::Secure,
        },
        version: env!("CARGO_PKG_VERSION"),
        started,
    })
}

/// The configured limits, within the limit of open files. One address never takes more than half of all.
fn connection_limits(config: &Config, open_files: u64) -> ConnectionLimits {
    let total = config.http.max_connections.min(open_files::connections_within(open_files));
    let per_address = config.http.connections_per_address.min(total.div_ceil(2));
    tracing::info!(open_files, connections = total, per_address, "limits of connections");
    ConnectionLimits { total, per_address }
}

/// The given token; in development a generated one, which stays the same from start to start.
pub fn api_token(config: &Config) -> anyhow::Result<Option<SecretString>> {
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

/// Stop signals: SIGTERM, or ctrl-C. A second one ends the process at once.
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
