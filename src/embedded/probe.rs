//! The probe of a server that starts or runs: whether it takes sessions.

use std::time::Duration;

use tokio_postgres::config::SslMode;
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, NoTls};

use super::cluster;

/// A start may have to replay what a crash left.
pub(super) const START_TIMEOUT: Duration = Duration::from_secs(120);
const ANSWER_TIMEOUT: Duration = Duration::from_secs(2);

/// Whether the server takes sessions. One that has no more to give does, and is in use: it must not be taken for dead.
pub(super) async fn answers(password: &str, port: u16) -> bool {
    let mut config = tokio_postgres::Config::new();
    config.host("127.0.0.1").port(port).user(cluster::NAME).password(password);
    config.dbname("postgres").ssl_mode(SslMode::Disable);
    let attempt = async {
        let (client, connection) = config.connect(NoTls).await?;
        tokio::select! {
            created = create_database(&client) => created,
            ended = connection => ended,
        }
    };
    match tokio::time::timeout(ANSWER_TIMEOUT, attempt).await {
        Ok(Ok(())) => true,
        Ok(Err(error)) => error.code() == Some(&SqlState::TOO_MANY_CONNECTIONS),
        Err(_) => false,
    }
}

async fn create_database(client: &Client) -> Result<(), tokio_postgres::Error> {
    let rows = client.query("select 1 from pg_database where datname = $1", &[&cluster::NAME]).await?;
    if rows.is_empty() { client.batch_execute("create database fte").await } else { Ok(()) }
}
