//! Kafka integration tests: every topic gets its events, processes share the work, and nothing is lost or done twice.

#[cfg(feature = "failpoints")]
mod crash;
#[cfg(feature = "fakes")]
mod drain;
mod events;
mod schemas;
mod security;
mod topics;
#[cfg(feature = "fakes")]
mod traces;
mod work;

use tokio_postgres::Client;

/// The id of the only conversation of a database.
async fn only_conversation(database: &Client) -> String {
    database.query_one("select id::text from conversations", &[]).await.unwrap().get(0)
}
