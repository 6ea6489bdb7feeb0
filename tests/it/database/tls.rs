//! Tests of TLS to PostgreSQL: each `sslmode` checks exactly what its documentation says.

use std::error::Error;
use std::path::Path;

use fte::crm::connect::Connector;
use fte::crm::{DatabaseConfig, TlsConfig};

use crate::support::postgres::bare_database;
use crate::support::tls_proxy::{Authority, TlsProxy};

/// PostgreSQL behind a proxy whose certificate names `host`, and the folder of its root certificate.
struct Scene {
    proxy: TlsProxy,
    database: String,
    folder: tempfile::TempDir,
    root: String,
}

async fn scene(host: &str) -> Scene {
    let database = bare_database().await;
    let plain: tokio_postgres::Config = database.parse().unwrap();
    let authority = Authority::new("The issuer");
    let folder = tempfile::tempdir().unwrap();
    let root = encode(&authority.write_root(folder.path()));
    let proxy = TlsProxy::start(&authority, host, plain.get_ports()[0]).await;
    Scene { proxy, database, folder, root }
}

impl Scene {
    /// The database's URL through the proxy.
    fn url(&self, host: &str, options: &str) -> String {
        let (credentials, rest) = self.database.rsplit_once('@').unwrap();
        let (_, name) = rest.rsplit_once('/').unwrap();
        format!("{credentials}@{host}:{}/{name}?{options}", self.proxy.port)
    }
}

fn encode(path: &Path) -> String {
    path.to_str().unwrap().replace(' ', "%20")
}

/// Connects and runs a query; the innermost error if that fails.
async fn ask(url: &str) -> Result<i32, String> {
    let config = DatabaseConfig::from_url(url, &TlsConfig::default()).unwrap();
    let connector = Connector::new(&config).map_err(|error| error.to_string())?;
    let (client, driver) = connector.connect().await.map_err(|error| innermost(&error))?;
    tokio::select! {
        row = client.query_one("select 42", &[]) => Ok(row.unwrap().get(0)),
        ended = driver => panic!("the connection ended: {ended:?}"),
    }
}

fn innermost(error: &dyn Error) -> String {
    error.source().map_or_else(|| error.to_string(), innermost)
}

#[tokio::test]
async fn verify_full_accepts_the_right_issuer_and_host() {
    let scene = scene("localhost").await;
    let url = scene.url("localhost", &format!("sslmode=verify-full&sslrootcert={}", scene.root));
    assert_eq!(ask(&url).await, Ok(42));
    assert_eq!(scene.proxy.encrypted(), 1);

    let config = DatabaseConfig::from_url(&url, &TlsConfig::default()).unwrap();
    let pooled = Connector::new(&config).unwrap().pool(1).unwrap().get().await.unwrap();
    assert_eq!(pooled.query_one("select 42", &[]).await.unwrap().get::<_, i32>(0), 42);
    assert_eq!(scene.proxy.encrypted(), 2);
}

#[tokio::test]
async fn verify_full_refuses_another_host() {
    let scene = scene("db.example.com").await;
    for host in ["localhost", "127.0.0.1"] {
        let url = scene.url(host, &format!("sslmode=verify-full&sslrootcert={}", scene.root));
        let reason = ask(&url).await.unwrap_err();
        assert!(reason.contains("certificate not valid for name"), "{reason}");
    }
}

#[tokio::test]
async fn an_unknown_issuer_is_refused() {
    let scene = scene("localhost").await;
    let stranger = encode(&Authority::new("A stranger").write_root(scene.folder.path()));
    for options in ["sslmode=verify-full", "sslmode=require"] {
        let reason = ask(&scene.url("localhost", &format!("{options}&sslrootcert={stranger}"))).await;
        assert!(reason.unwrap_err().contains("UnknownIssuer"), "{options}");
    }
    let by_the_system = ask(&scene.url("localhost", "sslmode=verify-full")).await.unwrap_err();
    let expected = ["UnknownIssuer", "no usable root certificates"];
    assert!(expected.iter().any(|reason| by_the_system.contains(reason)), "{by_the_system}");
}

#[tokio::test]
async fn require_encrypts_and_checks_the_chain_only_against_a_given_root() {
    let scene = scene("db.example.com").await;
    assert_eq!(ask(&scene.url("localhost", "sslmode=require")).await, Ok(42));
    let with_root = format!("sslmode=require&sslrootcert={}", scene.root);
    assert_eq!(ask(&scene.url("localhost", &with_root)).await, Ok(42));
    assert_eq!(scene.proxy.encrypted(), 2);
}

#[tokio::test]
async fn prefer_encrypts_where_it_can_and_disable_never() {
    let scene = scene("db.example.com").await;
    assert_eq!(ask(&scene.url("localhost", "sslmode=disable")).await, Ok(42));
    assert_eq!(scene.proxy.encrypted(), 0);
    assert_eq!(ask(&scene.url("localhost", "")).await, Ok(42));
    assert_eq!(scene.proxy.encrypted(), 1);
    assert_eq!(ask(&scene.database).await, Ok(42), "a server without TLS");
}

#[tokio::test]
async fn require_refuses_a_server_without_tls() {
    let url = format!("{}?sslmode=require", bare_database().await);
    let reason = ask(&url).await.unwrap_err();
    assert!(reason.contains("server does not support TLS"), "{reason}");
}

#[tokio::test]
async fn a_root_file_that_cannot_be_read_is_named() {
    let config = "postgres://db/fte?sslmode=verify-full&sslrootcert=/no/such/root.pem";
    let reason = ask(config).await.unwrap_err();
    assert!(reason.starts_with("could not read root certificates from /no/such/root.pem"), "{reason}");
}
