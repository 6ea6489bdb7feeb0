//! The probe of a server that starts or runs: whether it takes sessions. It also sets the server up, so that the program
//! works with a plain role.

use std::time::Duration;

use tokio_postgres::config::SslMode;
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, Error, NoTls};

use super::cluster::{NAME, Passwords, SUPERUSER};
use super::roles;

/// A start may have to replay what a crash left.
pub(super) const START_TIMEOUT: Duration = Duration::from_secs(120);
/// The first answer waits until the database has been created.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(5);

/// Whether the server takes sessions. One that has no more to give does, and is in use: it must not be taken for dead.
pub(super) async fn answers(passwords: &Passwords, port: u16) -> bool {
    match tokio::time::timeout(ANSWER_TIMEOUT, set_up(passwords, port)).await {
        Ok(Ok(())) => true,
        Ok(Err(error)) => {
            tracing::debug!(%error, "PostgreSQL is not ready yet");
            error.code() == Some(&SqlState::TOO_MANY_CONNECTIONS)
        }
        Err(_) => false,
    }
}

/// Makes the role and the database, where they are missing; a cluster of an older program gets its superuser first.
async fn set_up(passwords: &Passwords, port: u16) -> Result<(), Error> {
    let at = ServerAccess { passwords, port };
    let is_set_up = at.run("postgres", async |client| roles::are_plain(client).await).await;
    match is_set_up {
        Ok(true) => return Ok(()),
        Ok(false) => {}
        Err(error) if is_unknown_role(&error) => {
            let create = async |client: &Client| roles::create_superuser(client, &passwords.superuser).await;
            at.run_as(NAME, &passwords.own, "postgres", create).await?;
        }
        Err(error) => return Err(error),
    }
    at.run("template1", async |client| roles::create_extensions(client).await).await?;
    at.run("postgres", async |client| roles::create(client, &passwords.own).await).await?;
    at.run(NAME, async |client| roles::give_away(client).await).await
}

fn is_unknown_role(error: &Error) -> bool {
    [&SqlState::INVALID_PASSWORD, &SqlState::INVALID_AUTHORIZATION_SPECIFICATION]
        .iter()
        .any(|state| error.code() == Some(*state))
}

struct ServerAccess<'a> {
    passwords: &'a Passwords,
    port: u16,
}

impl ServerAccess<'_> {
    /// Runs `task` as superuser.
    async fn run<T>(
        &self,
        database: &str,
        task: impl AsyncFnOnce(&Client) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.run_as(SUPERUSER, &self.passwords.superuser, database, task).await
    }

    async fn run_as<T>(
        &self,
        role: &str,
        password: &str,
        database: &str,
        task: impl AsyncFnOnce(&Client) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let mut config = tokio_postgres::Config::new();
        config.host("127.0.0.1").port(self.port).user(role).password(password);
        config.dbname(database).ssl_mode(SslMode::Disable);
        let (client, connection) = config.connect(NoTls).await?;
        let mut task = Box::pin(task(&client));
        let mut connection = Box::pin(connection);
        tokio::select! {
            done = &mut task => done,
            // What the task waits for fails, and says why.
            _ended = &mut connection => task.await,
        }
    }
}
