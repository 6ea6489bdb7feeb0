//! A PostgreSQL of our own for those who have none: fetched by `make build`, kept under `FTE_DATA_DIR`, shared by the
//! processes that use the folder, stopped by the last of them. Never runs as root, never listens beyond 127.0.0.1,
//! and never gives up `fsync`.

mod cluster;
mod error;
mod files;
mod launch;
mod locks;
mod owner;
mod process;
mod server;
mod site;

pub use error::EmbeddedError;
pub use site::EmbeddedSettings;

use std::path::Path;

use locks::{StartLock, UserLock};
use site::Site;

/// One use of the server. The server outlives a use that is dropped without [`EmbeddedPostgres::stop`], as after a
/// crash; the next start adopts it.
#[derive(Debug)]
pub struct EmbeddedPostgres {
    site: Site,
    users: UserLock,
    url: String,
}

impl EmbeddedPostgres {
    /// Starts the server, or joins the one that already runs on this folder. Any number of processes may do so at
    /// once. A first start creates the database, which takes about two seconds.
    pub async fn start(settings: &EmbeddedSettings) -> Result<Self, EmbeddedError> {
        let base = site::prepare_base(&settings.data_dir)?;
        let starting = StartLock::take(&base).await?;
        let site = Site::choose(base, &settings.runtime_dir).await?;
        let password = cluster::ensure(&site).await?;
        let port = server::ensure_running(&site, &password).await?;
        let users = UserLock::share(&site.base)?;
        let url = cluster::url(&password, port);
        files::write_private(&site.base, cluster::URL_FILE, &url)?;
        drop(starting);
        Ok(Self { site, users, url })
    }

    /// A libpq URI with the password, as also written to `$FTE_DATA_DIR/database-url`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Where the cluster is: under `FTE_DATA_DIR`, or in the fallback folder.
    pub fn data_dir(&self) -> &Path {
        &self.site.data
    }

    /// Ends this use; the last one stops the server and waits until it is gone.
    pub async fn stop(self) -> Result<(), EmbeddedError> {
        // Whoever starts meanwhile waits for this lock, so that it finds the server either untouched or gone.
        let _starting = StartLock::take(&self.site.base).await?;
        if self.users.is_last()? { server::stop(&self.site).await } else { Ok(()) }
    }
}
