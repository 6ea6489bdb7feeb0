//! PostgreSQL fixture: one server for all tests, either the one at `TEST_DATABASE_URL` or an embedded one. The embedded
//! one runs in a helper process, which stops it when the tests end, however they end. Each test gets its own database.

use std::path::Path;
use std::sync::Mutex;

use fte::clock;
use fte::crm::connect::Connector;
use fte::crm::migrate::migrate;
use fte::crm::{DatabaseConfig, TlsConfig};
use fte::embedded::{EmbeddedPostgres, EmbeddedSettings};
use tokio::sync::OnceCell;
use tokio_postgres::{Client, NoTls};

use super::process::{Helper, argument, stop_at_exit, until_parent_ends};
use super::wait::{LIMIT, completes};

const TEMPLATE: &str = "template";
/// A killed server loses nothing without `fsync` either, only a power failure does; with it, a slow disk would decide
/// how long the tests take. Many tests run at once, each with programs of its own.
const SHARED_SERVER: &[&str] = &["fsync=off", "max_connections=400"];

struct Server {
    /// The URL of the maintenance database.
    url: String,
    /// The name prefix of this run's databases, which the helper drops.
    prefix: String,
}

static SERVER: OnceCell<Server> = OnceCell::const_new();
static HELPER: Mutex<Option<Helper>> = Mutex::new(None);

/// The URL of a new, migrated, empty database.
pub async fn fresh_database() -> String {
    database_from(&format!("template {}_{TEMPLATE}", server().await.prefix)).await
}

/// The URL of a new database without any schema.
pub async fn bare_database() -> String {
    database_from("").await
}

/// A client of the database at `url`, without the program's time-outs.
pub async fn client(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    #[expect(clippy::disallowed_methods, reason = "a test has no drain")]
    tokio::spawn(connection);
    client
}

pub fn connector(url: &str) -> Connector {
    Connector::new(&DatabaseConfig::from_url(url, &TlsConfig::default()).unwrap()).unwrap()
}

/// A data directory for an embedded test server: in the target folder, where every user's tests can clean it.
pub fn scratch_dir() -> tempfile::TempDir {
    let dir = tempfile::Builder::new().prefix("postgres-").tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let everybody = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(dir.path(), everybody).unwrap();
    dir
}

pub fn settings(data_dir: &Path) -> EmbeddedSettings {
    EmbeddedSettings::beside_program(data_dir.to_owned()).unwrap()
}

async fn database_from(template: &str) -> String {
    let server = server().await;
    let name = format!("{}_{}", server.prefix, clock::new_v4().simple());
    let admin = client(&server.url).await;
    admin.batch_execute(&format!("create database {name} {template}")).await.unwrap();
    with_database(&server.url, &name)
}

async fn server() -> &'static Server {
    SERVER.get_or_init(start).await
}

async fn start() -> Server {
    let prefix = format!("fte_test_{}", std::process::id());
    let mut helper = Helper::start("support::postgres::keep_postgres", &[("FTE_TEST_PREFIX", &prefix)]);
    let url = helper.read("postgres-url");
    *HELPER.lock().unwrap() = Some(helper);
    stop_at_exit(finish);

    let template = format!("{prefix}_{TEMPLATE}");
    client(&url).await.batch_execute(&format!("create database {template}")).await.unwrap();
    migrate(&connector(&with_database(&url, &template))).await.unwrap();
    Server { url, prefix }
}

fn with_database(url: &str, name: &str) -> String {
    let (address, query) = url.split_once('?').map_or((url, String::new()), |(a, q)| (a, format!("?{q}")));
    let (server, _) = address.rsplit_once('/').unwrap();
    format!("{server}/{name}{query}")
}

extern "C" fn finish() {
    let helper = HELPER.lock().map(|mut helper| helper.take());
    if let Ok(Some(mut helper)) = helper {
        helper.finish();
    }
}

/// Helper process, not a test.
#[tokio::test]
#[ignore = "started by other tests"]
async fn keep_postgres() {
    let Some(prefix) = argument("FTE_TEST_PREFIX") else {
        return;
    };
    if let Some(url) = argument("TEST_DATABASE_URL") {
        println!("postgres-url={url}");
        until_parent_ends().await;
        drop_databases(&url, &prefix).await;
        return;
    }
    let dir = scratch_dir();
    let settings = EmbeddedSettings { overrides: SHARED_SERVER, ..settings(dir.path()) };
    let postgres = EmbeddedPostgres::start(&settings).await.unwrap();
    println!("postgres-url={}", postgres.url());
    until_parent_ends().await;
    remove(postgres).await;
}

/// Stops a server and removes its data, wherever it is.
pub async fn remove(postgres: EmbeddedPostgres) {
    let data = postgres.data_dir().to_owned();
    completes(LIMIT, postgres.stop()).await.unwrap().unwrap();
    std::fs::remove_dir_all(&data).unwrap();
    // A fallback folder contains only this cluster; any other parent is not empty, or its owner removes it.
    if data.parent().is_some_and(|parent| parent.starts_with("/var/lib")) {
        std::fs::remove_dir(data.parent().unwrap()).unwrap();
    }
}

async fn drop_databases(url: &str, prefix: &str) {
    let admin = client(url).await;
    let like = format!("{}%", prefix.replace('_', "\\_"));
    let found = admin.query("select datname::text from pg_database where datname like $1", &[&like]).await;
    for row in found.unwrap() {
        let name: String = row.get(0);
        admin.batch_execute(&format!("drop database {name} with (force)")).await.unwrap();
    }
}
