//! Kafka between the processes: every topic gets its events, the work is shared, and nothing is lost or done twice.

#[cfg(feature = "failpoints")]
mod crash;
#[cfg(feature = "fakes")]
mod drain;
mod events;
mod security;
mod topics;
mod work;

use tokio_postgres::Client;

/// The id of the conversation of a database that has one.
async fn only_conversation(database: &Client) -> String {
    database.query_one("select id::text from conversations", &[]).await.unwrap().get(0)
}
