//! A fake Twilio server on this machine: the sandbox of a deployment without an account, and the fault injection of the
//! tests.
//!
//! It is a real HTTP server. It keeps a ledger of every accepted message, reports each message's status by signed
//! callbacks, lists messages, serves media behind a redirect to another host, and injects the configured faults.
//! Nothing that it accepts leaves the machine.

mod faults;
mod ledger;
mod media;
mod messages;
mod reports;

use std::collections::HashMap;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use actix_web::dev::ServerHandle;
use actix_web::{App, HttpServer, web};
use secrecy::SecretString;

use super::form::Form;
use crate::domain::customers::contact::Phone;

pub use self::faults::{InjectedRefusal, Outage, Reports, SandboxFaults};
pub use self::ledger::{LedgerEntry, SandboxLedger};
pub use self::media::Medium;

/// The account that the fake serves.
#[derive(Clone, Debug)]
pub struct SandboxSettings {
    /// 0 = a free port.
    pub port: u16,
    pub account_sid: String,
    pub token: SecretString,
    pub number: Phone,
}

/// State shared by its handlers.
struct SandboxState {
    settings: SandboxSettings,
    /// URLs of the API and of the host that media redirect to.
    url: String,
    media_url: String,
    ledger: Mutex<SandboxLedger>,
    faults: Mutex<SandboxFaults>,
    media: Mutex<HashMap<String, Medium>>,
    http: reqwest::Client,
}

impl SandboxState {
    fn ledger(&self) -> MutexGuard<'_, SandboxLedger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn faults(&self) -> SandboxFaults {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn media(&self) -> MutexGuard<'_, HashMap<String, Medium>> {
        self.media.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A running fake. Dropping it does not stop it.
pub struct Sandbox {
    state: Arc<SandboxState>,
    server: ServerHandle,
}

impl Sandbox {
    /// Listens on 127.0.0.1.
    pub fn start(settings: SandboxSettings) -> std::io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, settings.port))?;
        let port = listener.local_addr()?.port();
        let state = Arc::new(SandboxState {
            settings,
            url: format!("http://127.0.0.1:{port}"),
            // A different host name for the same server, so that the redirect crosses hosts.
            media_url: format!("http://localhost:{port}"),
            ledger: Mutex::default(),
            faults: Mutex::default(),
            media: Mutex::default(),
            http: crate::http_client::builder().build().map_err(std::io::Error::other)?,
        });
        let shared = web::Data::from(Arc::clone(&state));
        let server = HttpServer::new(move || App::new().app_data(shared.clone()).configure(routes))
            .workers(1)
            .disable_signals()
            .shutdown_timeout(0)
            .listen(listener)?
            .run();
        let handle = server.handle();
        #[expect(
            clippy::disallowed_methods,
            reason = "it serves until its process ends or its handle stops it"
        )]
        tokio::spawn(server);
        Ok(Self { state, server: handle })
    }

    pub fn url(&self) -> &str {
        &self.state.url
    }

    /// The origins from which it serves media.
    pub fn origins(&self) -> Vec<String> {
        vec![self.state.url.clone(), self.state.media_url.clone()]
    }

    /// A copy of the ledger so far.
    pub fn ledger(&self) -> SandboxLedger {
        self.state.ledger().clone()
    }

    pub fn set_faults(&self, faults: SandboxFaults) {
        *self.state.faults.lock().unwrap_or_else(PoisonError::into_inner) = faults;
    }

    /// Adds a customer's message to the list without sending a webhook.
    pub fn receive(&self, form: &Form) {
        self.state.ledger().receive(form);
    }

    /// Stores a file and returns its URL.
    pub fn keep(&self, medium: Medium) -> String {
        media::keep(&self.state, medium)
    }

    pub async fn stop(&self) {
        self.server.stop(false).await;
    }
}

fn routes(config: &mut web::ServiceConfig) {
    config
        .app_data(web::PayloadConfig::new(32 * 1024 * 1024))
        .service(
            web::resource("/2010-04-01/Accounts/{account}/Messages.json")
                .route(web::post().to(messages::create))
                .route(web::get().to(messages::list)),
        )
        .route("/2010-04-01/Accounts/{account}/Messages/{sid}/Media.json", web::get().to(media::list))
        .route("/2010-04-01/Accounts/{account}/Messages/{sid}/Media/{medium}", web::get().to(media::redirect))
        .route("/media/{medium}", web::get().to(media::serve))
        .route("/sandbox/media", web::post().to(media::upload))
        .route("/sandbox/ledger", web::get().to(messages::ledger))
        .route("/sandbox/faults", web::put().to(messages::set_faults));
}
