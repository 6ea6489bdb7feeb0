//! Schema migration at start: applies the migrations and functions embedded in the program. It never goes back, never
//! changes a migration that has been applied, and never replaces a newer program's functions.

use std::time::Duration;

use futures_util::future::{Either, select};
use refinery::{Migration, Target};
use thiserror::Error;
use tokio_postgres::Client;

use super::connect::{ConnectError, Connector};
use super::functions::{self, FunctionSet, Installed};

refinery::embed_migrations!("migrations");

/// The advisory lock that one migrating process holds: "fte" in ASCII.
const LOCK: i64 = 0x66_7465;
/// Between two tries for the lock. It is tried and never waited for, since a waiting statement would run into its
/// time-out, and its snapshot would block `create index concurrently`.
const LOCK_RETRY: Duration = Duration::from_millis(50);
/// Maximum wait for all other processes together to finish migrating.
const LOCK_TIMEOUT: Duration = Duration::from_secs(600);

/// A migration may take as long as it needs, but must not wait for a table lock with all other statements behind it.
const SETTINGS: [(&str, &str); 1] = [("statement_timeout", "0")];

#[derive(Debug, Error)]
pub enum MigrateError {
    #[error(transparent)]
    Connect(#[from] ConnectError),
    #[error("the connection was lost while migrating")]
    Lost(#[source] Option<tokio_postgres::Error>),
    #[error("could not read which migrations were applied")]
    History(#[source] tokio_postgres::Error),
    #[error("could not take the migration lock")]
    Lock(#[source] tokio_postgres::Error),
    #[error("another process has been migrating for {LOCK_TIMEOUT:?}")]
    Busy,
    #[error("could not migrate the database")]
    Refinery(#[from] refinery::Error),
    #[error("could not apply the migration {name}")]
    Migration {
        name: String,
        #[source]
        source: tokio_postgres::Error,
    },
    #[error("could not replace the database's functions")]
    Functions(#[source] tokio_postgres::Error),
    #[error(
        "a newer program has installed functions that serve programs from edition {oldest_served} on, and this program \
         has edition {own}: start a newer one"
    )]
    Outdated { oldest_served: i32, own: i32 },
}

/// Applies what is missing and returns the names of what was applied, such as `V1__extensions`, or `begin_turns` for a
/// file of functions. Any number of processes may call it at once: one applies, the others wait for it.
///
/// A database that a newer program has migrated further is left as it is, so that a rollout can go on beside it; an
/// error where its functions don't serve this program any more.
pub async fn migrate(connector: &Connector) -> Result<Vec<String>, MigrateError> {
    migrate_with(connector, &FunctionSet::embedded()).await
}

/// [`migrate`] with the functions of any program: tests play an older and a newer one.
pub async fn migrate_with(connector: &Connector, set: &FunctionSet) -> Result<Vec<String>, MigrateError> {
    let (mut client, driver) = connector.with_settings(&SETTINGS).connect().await?;
    // The lock belongs to the session: closing the connection gives it back, whatever happens.
    match select(Box::pin(migrate_locked(&mut client, set)), driver).await {
        Either::Left((applied, _)) => applied,
        Either::Right((ended, _)) => Err(MigrateError::Lost(ended.err())),
    }
}

/// The names of the migrations and functions that the database still lacks; an error where a newer program's functions
/// don't serve this one.
pub async fn pending(client: &Client) -> Result<Vec<String>, MigrateError> {
    pending_with(client, &FunctionSet::embedded()).await
}

/// [`pending`] for the functions of any program.
pub async fn pending_with(client: &Client, set: &FunctionSet) -> Result<Vec<String>, MigrateError> {
    let applied = applied_versions(client).await?;
    let runner = migrations::runner();
    let lacking = runner.get_migrations().iter().filter(|migration| !applied.contains(&migration.version()));
    let mut lacking: Vec<_> = lacking.collect();
    lacking.sort_by_key(|migration| migration.version());
    let lacking: Vec<String> = lacking.into_iter().map(ToString::to_string).collect();
    if lacking.is_empty() {
        check_served(client, set).await?;
        functions::missing(client, set).await.map_err(MigrateError::History)
    } else {
        Ok(lacking)
    }
}

async fn migrate_locked(client: &mut Client, set: &FunctionSet) -> Result<Vec<String>, MigrateError> {
    tokio::time::timeout(LOCK_TIMEOUT, take_lock(client)).await.map_err(|_| MigrateError::Busy)??;
    let runner = migrations::runner();
    let newest = runner.get_migrations().iter().map(Migration::version).max();
    let applied = applied_versions(client).await?;
    let is_ahead = applied.iter().max() > newest.as_ref();
    if is_ahead && pending_with(client, set).await?.is_empty() {
        tracing::warn!("the database has been migrated by a newer program; it is left as it is");
        return Ok(Vec::new());
    }
    let mut names = match applied.iter().max() {
        // Other programs may work with the database meanwhile.
        Some(current) => {
            runner.set_target(Target::Version(*current)).run_async(client).await?;
            apply_in_use(client, set, &applied).await?
        }
        None => {
            runner.run_async(client).await?.applied_migrations().iter().map(ToString::to_string).collect()
        }
    };
    names.extend(replace_functions(client, set).await?);
    Ok(names)
}

/// Applies the migrations that are lacking, each in one transaction with the functions that the database does not have at
/// all: a trigger that a migration creates may call one of them, for a program that is older than both.
async fn apply_in_use(
    client: &mut Client,
    set: &FunctionSet,
    applied: &[i32],
) -> Result<Vec<String>, MigrateError> {
    let runner = migrations::runner();
    let lacking = runner.get_migrations().iter().filter(|migration| !applied.contains(&migration.version()));
    let mut lacking: Vec<&Migration> = lacking.collect();
    lacking.sort_by_key(|migration| migration.version());
    for migration in &lacking {
        let applied = apply_one(client, set, migration).await;
        applied.map_err(|source| MigrateError::Migration { name: migration.to_string(), source })?;
    }
    Ok(lacking.iter().map(ToString::to_string).collect())
}

async fn apply_one(
    client: &mut Client,
    set: &FunctionSet,
    migration: &Migration,
) -> Result<(), tokio_postgres::Error> {
    let mut transaction = client.transaction().await?;
    transaction.batch_execute(migration.sql().unwrap_or_default()).await?;
    functions::add(&mut transaction, set).await?;
    // As refinery would.
    let record = "insert into refinery_schema_history (version, name, applied_on, checksum)
                  values ($1, $2, to_char(now() at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), $3)";
    let checksum = migration.checksum().to_string();
    transaction.execute(record, &[&migration.version(), &migration.name(), &checksum]).await?;
    transaction.commit().await
}

async fn replace_functions(client: &mut Client, set: &FunctionSet) -> Result<Vec<String>, MigrateError> {
    let installed = check_served(client, set).await?;
    if installed.is_newer_than(set) {
        tracing::warn!(
            installed = installed.edition,
            own = set.edition,
            "the database has functions of a newer program; they are left as they are"
        );
        return Ok(Vec::new());
    }
    functions::apply(client, set).await.map_err(MigrateError::Functions)
}

/// Which functions the database has, where a program with this set can work with them.
async fn check_served(client: &Client, set: &FunctionSet) -> Result<Installed, MigrateError> {
    let installed = functions::installed(client).await.map_err(MigrateError::History)?;
    if installed.serves(set) {
        Ok(installed)
    } else {
        Err(MigrateError::Outdated { oldest_served: installed.oldest_served, own: set.edition })
    }
}

async fn take_lock(client: &Client) -> Result<(), MigrateError> {
    loop {
        let row = client.query_one("select pg_try_advisory_lock($1)", &[&LOCK]).await;
        if row.map_err(MigrateError::Lock)?.get(0) {
            return Ok(());
        }
        tokio::time::sleep(LOCK_RETRY).await;
    }
}

/// Asks whether the table exists first: a failing statement would leave an error in the server's log.
async fn applied_versions(client: &Client) -> Result<Vec<i32>, MigrateError> {
    let exists = "select to_regclass('refinery_schema_history') is not null";
    if !client.query_one(exists, &[]).await.map_err(MigrateError::History)?.get::<_, bool>(0) {
        return Ok(Vec::new());
    }
    let applied = client.query("select version from refinery_schema_history", &[]).await;
    Ok(applied.map_err(MigrateError::History)?.iter().map(|row| row.get(0)).collect())
}
