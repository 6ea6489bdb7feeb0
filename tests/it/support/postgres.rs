//! PostgreSQL fixture: one server for all tests, either the one at `TEST_DATABASE_URL` or an embedded one. The embedded
//! one runs in a helper process, which stops it when the tests end, however they end. Each test gets its own database,
//! which is dropped when its thread ends: hundreds of them keep the disk and autovacuum busy.

use std::cell::RefCell;
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, OnceLock};

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
const SHARED_SERVER: &[&str] = &["fsync=off", "max_connections=600", "max_wal_size=512MB"];
/// Memory that must be free before the shared server keeps its data there.
const MEMORY_BYTES: u64 = 8 << 30;

struct Server {
    /// The URL of the maintenance database.
    url: String,
    /// The name prefix of this run's databases, which the helper drops.
    prefix: String,
}

static SERVER: OnceCell<Server> = OnceCell::const_new();
static HELPER: Mutex<Option<Helper>> = Mutex::new(None);
static FINISHED: OnceLock<Sender<String>> = OnceLock::new();

thread_local! {
    /// The databases of the test that runs in this thread.
    static OWNED: RefCell<Owned> = const { RefCell::new(Owned(Vec::new())) };
}

/// Names of databases that are dropped with this value.
struct Owned(Vec<String>);

impl Drop for Owned {
    fn drop(&mut self) {
        for name in self.0.drain(..) {
            // After the end of the cleaner the helper drops what is left.
            let _ = FINISHED.get().map(|finished| finished.send(name));
        }
    }
}

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
    scratch_dir_in(Path::new(env!("CARGO_TARGET_TMPDIR")))
}

fn scratch_dir_in(parent: &Path) -> tempfile::TempDir {
    let dir = tempfile::Builder::new().prefix("postgres-").tempdir_in(parent).unwrap();
    let everybody = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(dir.path(), everybody).unwrap();
    dir
}

/// For the shared server: in memory where there is room, because each database has hundreds of files.
fn shared_dir() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    let room = rustix::fs::statvfs(memory).is_ok_and(|found| found.f_bavail * found.f_frsize >= MEMORY_BYTES);
    let available = std::fs::read_to_string("/proc/meminfo").ok().and_then(|text| {
        let line = text.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
        line.trim().trim_end_matches(" kB").parse::<u64>().ok()
    });
    if room && available.is_some_and(|kilobytes| kilobytes * 1024 >= MEMORY_BYTES) {
        scratch_dir_in(memory)
    } else {
        scratch_dir()
    }
}

pub fn settings(data_dir: &Path) -> EmbeddedSettings {
    EmbeddedSettings::beside_program(data_dir.to_owned()).unwrap()
}

async fn database_from(template: &str) -> String {
    let server = server().await;
    let name = format!("{}_{}", server.prefix, clock::new_v4().simple());
    let admin = client(&server.url).await;
    admin.batch_execute(&format!("create database {name} {template}")).await.unwrap();
    OWNED.with_borrow_mut(|owned| owned.0.push(name.clone()));
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
    let (sender, finished) = channel();
    FINISHED.set(sender).unwrap();
    let admin_url = url.clone();
    std::thread::spawn(move || drop_finished(&admin_url, &finished));
    Server { url, prefix }
}

/// Drops databases one after the other, while the tests run.
#[tokio::main(flavor = "current_thread")]
async fn drop_finished(url: &str, finished: &Receiver<String>) {
    let admin = client(url).await;
    for name in finished {
        // It fails when the server is being stopped; then the helper drops them.
        let _ = admin.batch_execute(&format!("drop database {name} with (force)")).await;
    }
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
    let dir = shared_dir();
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
