//! Embedded PostgreSQL for installations without a server of their own: fetched by `make build`, kept under
//! `FTE_DATA_DIR`, shared by the processes that use the folder, and stopped by the last of them. It never runs as root,
//! listens on 127.0.0.1 only, and never disables `fsync`.

mod cluster;
mod error;
mod files;
mod launch;
mod layout;
mod locks;
mod probe;
mod process;
mod roles;
mod run_as;
mod server;

pub use error::EmbeddedError;
pub use layout::EmbeddedSettings;

use std::net::Ipv4Addr;
use std::path::Path;
use std::time::Duration;

use tokio::net::TcpStream;

use layout::Layout;
use locks::{StartLock, UserLock};

/// One use of the server. The server outlives a use that is dropped without [`EmbeddedPostgres::stop`], as after a
/// crash; the next start adopts it.
#[derive(Debug)]
pub struct EmbeddedPostgres {
    layout: Layout,
    users: UserLock,
    url: String,
    port: u16,
}

/// A server on this machine accepts a connection at once or not at all.
const LISTEN_TIMEOUT: Duration = Duration::from_secs(5);

impl EmbeddedPostgres {
    /// Starts the server, or joins the one that already runs on this folder. Several processes may do so at once. The
    /// first start creates the database, which takes about two seconds.
    pub async fn start(settings: &EmbeddedSettings) -> Result<Self, EmbeddedError> {
        let base = layout::prepare_base(&settings.data_dir)?;
        let starting = StartLock::take(&base).await?;
        let layout = Layout::choose(base, settings).await?;
        let passwords = cluster::ensure(&layout).await?;
        let port = server::ensure_running(&layout, &passwords).await?;
        let users = UserLock::share(&layout.base)?;
        let url = cluster::url(&passwords.own, port);
        files::write_private(&layout.base, cluster::URL_FILE, &url)?;
        drop(starting);
        Ok(Self { layout, users, url, port })
    }

    /// A libpq URI with the password, as also written to `$FTE_DATA_DIR/database-url`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The cluster's folder: under `FTE_DATA_DIR`, or the fallback.
    pub fn data_dir(&self) -> &Path {
        &self.layout.data
    }

    /// Whether anything listens on the server's last known port; says nothing about its state.
    pub async fn listens(&self) -> bool {
        let connect = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port));
        matches!(tokio::time::timeout(LISTEN_TIMEOUT, connect).await, Ok(Ok(_)))
    }

    /// Restarts the server after it died, on the same port unless another program has taken it.
    pub async fn revive(&mut self) -> Result<(), EmbeddedError> {
        let _starting = StartLock::take(&self.layout.base).await?;
        let passwords = cluster::ensure(&self.layout).await?;
        self.port = server::ensure_running(&self.layout, &passwords).await?;
        self.url = cluster::url(&passwords.own, self.port);
        files::write_private(&self.layout.base, cluster::URL_FILE, &self.url)
    }

    /// Ends this use; the last one stops the server and waits until its processes are gone.
    pub async fn stop(self) -> Result<(), EmbeddedError> {
        // A concurrent start waits for this lock, so that it finds the server either untouched or gone.
        let _starting = StartLock::take(&self.layout.base).await?;
        if self.users.is_last()? { server::stop(&self.layout).await } else { Ok(()) }
    }
}
