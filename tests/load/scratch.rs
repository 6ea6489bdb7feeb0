//! Temporary PostgreSQL server for one run of the load test, and its fresh databases.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;
use fte::crm::connect::Connector;
use fte::crm::migrate::migrate;
use fte::crm::{DatabaseConfig, TlsConfig};
use fte::embedded::{EmbeddedPostgres, EmbeddedSettings};
use rustix::process::Signal;
use tempfile::TempDir;
use tokio_postgres::{Client, NoTls};

use crate::processes;

/// A "fast" shutdown writes a checkpoint, and may happen on a busy server.
const FAST_TIMEOUT: Duration = Duration::from_secs(30);
const IMMEDIATE_TIMEOUT: Duration = Duration::from_secs(10);

/// The server; dropping it stops it and removes its data.
pub struct Scratch {
    dir: TempDir,
    postgres: Option<EmbeddedPostgres>,
}

impl Scratch {
    pub async fn start() -> anyhow::Result<Self> {
        let dir = temporary_folder()?;
        // From here on, a failed or interrupted start is cleaned up as well.
        let mut scratch = Self { dir, postgres: None };
        let settings = EmbeddedSettings::beside_program(scratch.dir.path().to_owned())?;
        scratch.postgres = Some(EmbeddedPostgres::start(&settings).await?);
        Ok(scratch)
    }

    /// A folder for files of this run.
    pub fn folder(&self) -> &Path {
        self.dir.path()
    }

    /// The process id of the postmaster, the parent of all other server processes.
    pub fn postmaster(&self) -> anyhow::Result<i32> {
        let path = self.data().join("postmaster.pid");
        let text = fs::read_to_string(&path).with_context(|| format!("could not read {}", path.display()))?;
        let first = text.lines().next().unwrap_or_default();
        first.trim().parse().with_context(|| format!("{} does not begin with a process id", path.display()))
    }

    /// Creates an empty database with the schema; `name` is an identifier.
    pub async fn database(&self, name: &str) -> anyhow::Result<Database> {
        let url = self.postgres.as_ref().context("PostgreSQL is not running")?.url();
        let admin = client(url).await?;
        admin.batch_execute(&format!("create database {name}")).await?;
        let database = Database { url: with_database(url, name)?, name: name.to_owned() };
        migrate(&database.connector()?).await?;
        // Earlier changes must not be written out during the next measurement.
        admin.batch_execute("checkpoint").await?;
        Ok(database)
    }

    /// Removes a database, even if it still has connections.
    pub async fn remove(&self, database: Database) -> anyhow::Result<()> {
        let url = self.postgres.as_ref().context("PostgreSQL is not running")?.url();
        let drop = format!("drop database {} with (force)", database.name);
        Ok(client(url).await?.batch_execute(&drop).await?)
    }

    fn data(&self) -> PathBuf {
        match &self.postgres {
            Some(postgres) => postgres.data_dir().to_owned(),
            None => self.dir.path().join("postgres"),
        }
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let data = self.data().canonicalize();
        if let Ok(pid) = self.postmaster() {
            let ended = processes::end(pid, Signal::INT, FAST_TIMEOUT)
                .or_else(|_| processes::end(pid, Signal::QUIT, IMMEDIATE_TIMEOUT));
            if let Err(error) = ended {
                eprintln!("could not stop PostgreSQL: {error:#}");
                return;
            }
        }
        // If PostgreSQL's user can't access the folder, the data is in a fallback folder.
        if let Ok(data) = data
            && !data.starts_with(self.dir.path())
            && let Some(fallback) = data.parent()
            && let Err(error) = fs::remove_dir_all(&data).and_then(|()| fs::remove_dir(fallback))
        {
            eprintln!("could not remove {}: {error}", fallback.display());
        }
    }
}

/// One database of a [`Scratch`].
pub struct Database {
    pub url: String,
    name: String,
}

impl Database {
    pub fn connector(&self) -> anyhow::Result<Connector> {
        connector(&self.url)
    }
}

pub fn connector(url: &str) -> anyhow::Result<Connector> {
    Ok(Connector::new(&DatabaseConfig::from_url(url, &TlsConfig::default())?)?)
}

/// A client without the program's time-outs.
pub async fn client(url: &str) -> anyhow::Result<Client> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    actix::spawn(connection);
    Ok(client)
}

/// In the target folder: /tmp may be in memory, where commits cost nothing.
fn temporary_folder() -> anyhow::Result<TempDir> {
    let program = std::env::current_exe()?;
    let target = program.ancestors().nth(3).context("this program is not in a target folder")?;
    let parent = target.join("tmp");
    fs::create_dir_all(&parent)?;
    let dir = tempfile::Builder::new().prefix("load-").tempdir_in(&parent)?;
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755))?;
    Ok(dir)
}

fn with_database(url: &str, name: &str) -> anyhow::Result<String> {
    let (address, query) = url.split_once('?').map_or((url, String::new()), |(a, q)| (a, format!("?{q}")));
    let (server, _) = address.rsplit_once('/').context("the URL of PostgreSQL names no database")?;
    Ok(format!("{server}/{name}{query}"))
}
