//! The HTTP front: routes, who may use them, and what refusals look like (API.md).
//!
//! A handler reads the request, asks one actor and writes the answer. It knows nothing of storage and decides
//! nothing about the work itself.

mod address;
mod asking;
mod auth;
mod body;
mod dress;
mod health;
mod meter;
mod ops;
mod problem;
mod rate;
mod records;
mod routes;
mod support;
mod unread;
mod whatsapp;

use std::fmt;
use std::io;
use std::net::TcpListener;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix::Recipient;
use actix_cors::Cors;
use actix_web::dev::Server;
use actix_web::middleware::{Condition, from_fn};
use actix_web::{App, HttpServer, web};
use secrecy::SecretString;

pub use self::address::TrustedProxies;
use self::auth::Token;
use self::meter::HttpMetrics;
use self::rate::Limiter;
pub use self::whatsapp::Webhooks;
use crate::actors::messages::{AdjustPool, Read, RecordStatus, ReportHealth, TakeIn};
use crate::channels::port::MediaStore;
use crate::domain::enums::Channel;

/// How long a request's head may take (FACTS.md, actix-web limits).
const HEAD_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a request's body may take unless `Settings` says otherwise.
pub const BODY_TIMEOUT: Duration = Duration::from_secs(10);
/// Longer than the idle time of usual load balancers (60 s), so that it is never us who closes under a request.
const KEEP_ALIVE: Duration = Duration::from_secs(75);
/// How long requests under way may take once the server is told to stop, in seconds; more than any question waits.
const STOP_TIMEOUT_SECONDS: u64 = 15;
/// How long a browser may remember the answer to a preflight.
const PREFLIGHT_AGE_SECONDS: usize = 3600;

/// Whom the handlers ask.
#[derive(Clone, Debug)]
pub struct Wires {
    pub intake: Recipient<TakeIn>,
    /// Of each channel with a provider.
    pub channels: Vec<(Channel, Recipient<TakeIn>)>,
    pub statuses: Recipient<RecordStatus>,
    pub records: Recipient<Read>,
    /// Only where turns are taken.
    pub pool: Option<Recipient<AdjustPool>>,
    pub supervisor: Recipient<ReportHealth>,
}

impl Wires {
    fn intake_of(&self, channel: Channel) -> Option<&Recipient<TakeIn>> {
        self.channels.iter().find(|(of, _)| *of == channel).map(|(_, intake)| intake)
    }
}

/// What the front must be told; `main` fills it from the configuration.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Threads that read requests and write answers.
    pub workers: usize,
    /// Exact origins whose pages may call us; empty for none.
    pub cors_origins: Vec<String>,
    /// What staff and machines show; without one, their routes answer 401 to everybody.
    pub api_token: Option<SecretString>,
    pub trusted_proxies: TrustedProxies,
    /// Submissions a minute and client address; `None` is no limit.
    pub submit_rate_per_minute: Option<NonZeroU32>,
    /// How long a request's body may take.
    pub body_within: Duration,
    /// How Twilio's requests are known; `None` switches the channel off.
    pub whatsapp: Option<Webhooks>,
    /// Where customers' files are kept.
    pub files: Option<Arc<dyn MediaStore>>,
    pub version: &'static str,
    pub started: Instant,
}

/// What all handlers share.
struct Shared {
    wires: Wires,
    token: Option<Token>,
    trusted_proxies: TrustedProxies,
    submit_limiter: Option<Limiter>,
    body_within: Duration,
    whatsapp: Option<Webhooks>,
    files: Option<Arc<dyn MediaStore>>,
    version: &'static str,
    started: Instant,
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").field("version", &self.version).finish_non_exhaustive()
    }
}

/// Serves on `listener`. Nothing is served until the answer is polled; its handle stops it: no new connections, the
/// requests under way are answered. Signals are left to the caller.
pub fn serve(listener: TcpListener, wires: Wires, settings: Settings) -> io::Result<Server> {
    let meters = HttpMetrics::of_process().map_err(io::Error::other)?;
    let origins = settings.cors_origins;
    let shared = web::Data::new(Shared {
        wires,
        token: settings.api_token.as_ref().map(Token::new),
        trusted_proxies: settings.trusted_proxies,
        submit_limiter: settings.submit_rate_per_minute.map(Limiter::new),
        body_within: settings.body_within,
        whatsapp: settings.whatsapp,
        files: settings.files,
        version: settings.version,
        started: settings.started,
    });
    let server = HttpServer::new(move || {
        App::new()
            .app_data(shared.clone())
            .wrap(Condition::new(!origins.is_empty(), cors(&origins)))
            .wrap(from_fn(dress::dress))
            .configure(|config| routes::configure(config, &meters))
    })
    .workers(settings.workers)
    .keep_alive(KEEP_ALIVE)
    .client_request_timeout(HEAD_TIMEOUT)
    .shutdown_timeout(STOP_TIMEOUT_SECONDS)
    .disable_signals()
    .listen(listener)?;
    Ok(server.run())
}

/// Pages of the named origins may submit, follow up and look at their ticket; they never send a token.
fn cors(origins: &[String]) -> Cors {
    let cors = Cors::default()
        .allowed_methods(["GET", "POST"])
        .allowed_headers(["content-type", "idempotency-key"])
        .expose_headers(["location", "retry-after"])
        .max_age(PREFLIGHT_AGE_SECONDS);
    origins.iter().fold(cors, |cors, origin| cors.allowed_origin(origin))
}
