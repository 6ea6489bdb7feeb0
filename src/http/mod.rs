//! HTTP adapter: serves the API of API.md by calls to the actors.
//!
//! A handler parses the request, asks one actor and writes the answer. It has no access to storage and takes no
//! business decisions. `server` is the infrastructure, `routes` has the handlers by audience, `api` their JSON shapes, and `pages`
//! serves the pages that use it.

pub mod api;
mod openapi;
mod pages;
mod routes;
mod server;

use std::io;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use actix_cors::Cors;
use actix_web::dev::Server;
use actix_web::middleware::{Condition, from_fn};
use actix_web::{App, web};

pub use self::openapi::openapi;
pub use self::pages::{Logo, Site};
pub use self::server::client_address::TrustedProxies;
pub use self::server::connection_limits::ConnectionLimits;
use self::server::connection_limits::Connections;
pub use self::server::listener::STOP_TIMEOUT_SECONDS;
pub use self::server::principal::{AccessScope, Principal, PrincipalKind, Scopes, StaffRole};
pub use self::server::session_cookie::CookieKind;
use self::server::state::Shared;
pub use self::server::state::{ChannelWebhooks, LearningWires, McpSettings, Pushes, Settings, Wires};
use self::server::{listener, progress, render_reply, router, webhook_path};

/// Timeout of a request's body unless `Settings` overrides it.
pub const BODY_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a browser may cache the answer to a preflight.
const PREFLIGHT_AGE_SECONDS: usize = 3600;

/// Serves on `listener`. Nothing is served until the returned future is polled; its handle stops the server gracefully:
/// no new connections, and the requests in flight are answered. The caller handles signals.
pub fn serve(listener: TcpListener, wires: Wires, settings: Settings) -> io::Result<Server> {
    let (workers, origins) = (settings.workers, settings.cors_origins.clone());
    let limits = settings.connections;
    let document = serde_json::to_vec(&openapi())?;
    let shared = web::Data::new(Shared::new(wires, settings, document.into()));
    let endpoints = Arc::new(routes::endpoints());
    let connections = Connections::new(limits, shared.trusted_proxies.clone());
    let app = move || {
        App::new()
            .app_data(shared.clone())
            .wrap(Condition::new(!origins.is_empty(), cors(&origins)))
            .wrap(from_fn(render_reply::render_reply))
            .wrap(from_fn(webhook_path::normalise))
            .wrap(from_fn(progress::track))
            .configure(|config| router::configure(config, &endpoints))
    };
    listener::serve(listener, app, connections, workers)
}

/// Pages of the named origins may submit, follow up and look at their ticket; they never send a token.
fn cors(origins: &[String]) -> Cors {
    let cors = Cors::default()
        .allowed_methods(["GET", "POST"])
        .allowed_headers(["content-type", "idempotency-key", "last-event-id"])
        .expose_headers(["location", "retry-after"])
        .max_age(PREFLIGHT_AGE_SECONDS);
    origins.iter().fold(cors, |cors, origin| cors.allowed_origin(origin))
}
