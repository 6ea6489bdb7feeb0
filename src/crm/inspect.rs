//! Read-only inspection of a database for operators: its functions, indexes, extensions, clock, plans and files. It
//! changes nothing, repairs nothing, and reads no text of a customer.

use std::time::Duration;

use time::OffsetDateTime;
use tokio_postgres::{Client, Error};

use super::functions::{FunctionSet, Installed, installed};

/// The SQL functions as the database has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionFindings {
    pub installed: Installed,
    pub own_edition: i32,
    /// Functions of this program that the database does not have exactly once.
    pub wrong: Vec<String>,
}

pub async fn functions(client: &Client) -> Result<FunctionFindings, Error> {
    let set = FunctionSet::embedded();
    let names: Vec<&str> = set.files.iter().map(|(name, _)| name.as_str()).collect();
    let wrong = "select name from unnest($1::text[]) name
                 where 1 <> (select count(*) from pg_proc
                             where proname = name and pronamespace = to_regnamespace(current_schema()))
                 order by name";
    let rows = client.query(wrong, &[&names]).await?;
    let wrong = rows.iter().map(|row| row.get(0)).collect();
    Ok(FunctionFindings { installed: installed(client).await?, own_edition: set.edition, wrong })
}

/// Indexes that a failed `create index concurrently` or a damaged file has left unusable.
pub async fn invalid_indexes(client: &Client) -> Result<Vec<String>, Error> {
    let sql = "select i.indexrelid::regclass::text from pg_index i
               join pg_class c on c.oid = i.indexrelid
               where c.relnamespace = to_regnamespace(current_schema()) and not (i.indisvalid and i.indisready)
               order by 1";
    Ok(client.query(sql, &[]).await?.iter().map(|row| row.get(0)).collect())
}

/// An installed extension.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtensionVersion {
    pub name: String,
    pub version: String,
    /// What the server's packages have; `None` if they do not have it any more.
    pub packaged: Option<String>,
}

pub async fn extensions(client: &Client) -> Result<Vec<ExtensionVersion>, Error> {
    let sql = "select e.extname::text, e.extversion, a.default_version from pg_extension e
               left join pg_available_extensions a on a.name = e.extname
               where e.extname in ('vector', 'pg_trgm') order by 1";
    let version = |row: &tokio_postgres::Row| ExtensionVersion {
        name: row.get(0),
        version: row.get(1),
        packaged: row.get(2),
    };
    Ok(client.query(sql, &[]).await?.iter().map(version).collect())
}

/// The database's clock.
pub async fn clock(client: &Client) -> Result<OffsetDateTime, Error> {
    Ok(client.query_one("select clock_timestamp()", &[]).await?.get(0))
}

/// Look-ups that every message makes, by what they look for. Each needs an index.
const LOOK_UPS: [(&str, &str); 7] = [
    ("a message by its provider's id", "select from messages where channel = 'email' and external_id = 'x'"),
    (
        "the messages of a conversation",
        "select from messages where conversation_id = gen_random_uuid() and seq > 0",
    ),
    ("a customer by an address", "select from customer_identifiers where kind = 'email' and value = 'x'"),
    ("a conversation by its id", "select from conversations where id = any (array[gen_random_uuid()])"),
    ("the tickets of a conversation", "select from tickets where conversation_id = gen_random_uuid()"),
    (
        "replies to send",
        "select from deliveries where channel = 'email' and state = 'pending' order by created_at",
    ),
    ("the steps of a turn", "select from turn_steps where turn_id = gen_random_uuid()"),
];

/// The look-ups for which the database has no index.
pub async fn look_ups_without_index(client: &Client) -> Result<Vec<&'static str>, Error> {
    // With sequential scans switched off, the planner takes one only where nothing else is possible.
    client.batch_execute("set enable_seqscan = off").await?;
    let mut without = Vec::new();
    for (what, sql) in LOOK_UPS {
        let plan = client.query(&format!("explain {sql}"), &[]).await?;
        if plan.iter().any(|line| line.get::<_, &str>(0).contains("Seq Scan")) {
            without.push(what);
        }
    }
    client.batch_execute("reset enable_seqscan").await?;
    Ok(without)
}

/// Numbers that grow into trouble.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatabaseHealth {
    pub connections: i64,
    pub max_connections: i64,
    /// Large tables that were never analysed: their plans are guesses.
    pub never_analysed: Vec<String>,
    /// Age of the oldest transaction id; PostgreSQL stops writing at 2,000 million.
    pub transaction_age: i64,
    pub outbox_parked: i64,
    /// How long the longest transaction of anybody has been open.
    pub longest_transaction: Duration,
}

pub async fn health(client: &Client) -> Result<DatabaseHealth, Error> {
    let sql = "select (select count(*) from pg_stat_activity where backend_type = 'client backend'),
                      current_setting('max_connections')::bigint,
                      array(select relid::regclass::text from pg_stat_user_tables
                            where n_live_tup > 10000 and last_analyze is null and last_autoanalyze is null
                              and schemaname = current_schema() order by 1),
                      (select age(datfrozenxid)::bigint from pg_database where datname = current_database()),
                      (select count(*) from outbox where parked_reason is not null),
                      (select coalesce(extract(epoch from max(clock_timestamp() - xact_start)), 0)::float8
                       from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid())";
    let row = client.query_one(sql, &[]).await?;
    Ok(DatabaseHealth {
        connections: row.get(0),
        max_connections: row.get(1),
        never_analysed: row.get(2),
        transaction_age: row.get(3),
        outbox_parked: row.get(4),
        longest_transaction: Duration::try_from_secs_f64(row.get(5)).unwrap_or_default(),
    })
}

/// A customer's file that the records name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedFile {
    pub sha256: Vec<u8>,
    pub size_bytes: i64,
}

/// The newest files, each once.
pub async fn files(client: &Client, limit: i64) -> Result<Vec<NamedFile>, Error> {
    let sql = "select sha256, max(coalesce(size_bytes, 0))
               from (select sha256, size_bytes, created_at from attachments where state = 'stored'
                     union all select sha256, size_bytes, created_at from side_files) f
               group by sha256 order by max(created_at) desc limit $1";
    let file = |row: &tokio_postgres::Row| NamedFile { sha256: row.get(0), size_bytes: row.get(1) };
    Ok(client.query(sql, &[&limit]).await?.iter().map(file).collect())
}
