//! Connections to PostgreSQL. Every one has the time-outs of PROTOCOL.md 1, so that a stopped process or a lost network
//! blocks no other process.

use std::fmt::Write as _;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::time::Duration;

use deadpool_postgres::{
    Connect, Hook, HookError, Manager, ManagerConfig, Pool, RecyclingMethod, Runtime, Timeouts,
};
use futures_util::future::{BoxFuture, Either, select};
use thiserror::Error;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_postgres::config::SslMode as DriverSslMode;
use tokio_postgres::tls::{MakeTlsConnect, NoTlsStream};
use tokio_postgres::{AsyncMessage, Client, Connection, NoTls, Socket};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::live_login::{LiveLogin, is_refused};
use super::tls::{SslMode, TlsError, client_config};
use super::url::DatabaseConfig;
use crate::domain::runtime::timing::STATEMENT_TIMEOUT;

/// Time-out up to a usable connection: a stopped server still accepts TCP.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// After this time with unacknowledged data the kernel drops the connection.
const TCP_USER_TIMEOUT: Duration = Duration::from_secs(10);
/// Maximum wait for a free connection of a pool.
const WAIT_TIMEOUT: Duration = Duration::from_secs(5);

/// The server's time-outs on every connection (PROTOCOL.md 1).
const TIMEOUTS: [(&str, Duration); 3] = [
    ("lock_timeout", Duration::from_secs(2)),
    ("statement_timeout", STATEMENT_TIMEOUT),
    ("idle_in_transaction_session_timeout", Duration::from_secs(5)),
];

/// Drives a connection's I/O; it ends with the connection and must be polled for the client to work.
pub type Driver = Pin<Box<dyn Future<Output = Result<(), tokio_postgres::Error>> + Send>>;

#[derive(Debug, Error)]
pub enum ConnectError {
    #[error(transparent)]
    Tls(#[from] TlsError),
    #[error("could not connect to PostgreSQL")]
    Refused(#[from] tokio_postgres::Error),
    #[error("PostgreSQL did not answer within {CONNECT_TIMEOUT:?}")]
    Silent,
    #[error("could not set up the connection pool")]
    Pool(#[from] deadpool_postgres::BuildError),
}

/// Makes connections to one database; cheap to clone.
#[derive(Clone)]
pub struct Connector {
    server: tokio_postgres::Config,
    tls: Option<MakeRustlsConnect>,
    /// Where the login is in a file that may be replaced.
    login: Option<LiveLogin>,
}

/// A connection before it is driven, by whether it is encrypted.
enum Opened {
    Plain(Box<Connection<Socket, NoTlsStream>>),
    Encrypted(Box<Connection<Socket, <MakeRustlsConnect as MakeTlsConnect<Socket>>::Stream>>),
}

impl std::fmt::Debug for Connector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connector").field("server", &self.server).field("tls", &self.tls.is_some()).finish()
    }
}

impl Connector {
    pub fn new(database: &DatabaseConfig) -> Result<Self, TlsError> {
        let tls = client_config(&database.tls)?.map(MakeRustlsConnect::new);
        Ok(Self { server: pg_config(database), tls, login: None })
    }

    /// The same with a login that may be replaced while the program runs.
    pub fn with_login(self, login: Option<LiveLogin>) -> Self {
        Self { login, ..self }
    }

    /// The same database with more server settings for each connection, such as `("enable_seqscan", "off")`.
    /// A later setting beats an earlier one of the same name.
    pub fn with_settings(&self, settings: &[(&str, &str)]) -> Self {
        let mut connector = self.clone();
        add_settings(&mut connector.server, settings);
        connector
    }

    /// The same server, another database.
    pub fn to_database(&self, name: &str) -> Self {
        let mut connector = self.clone();
        connector.server.dbname(name);
        connector
    }

    /// Runs one statement outside of any transaction on a connection of its own, however long it takes.
    pub async fn execute(&self, statement: &str) -> Result<(), ConnectError> {
        let (client, driver) = self.with_settings(&[("statement_timeout", "0")]).connect().await?;
        let executed = client.batch_execute(statement);
        match select(Box::pin(executed), driver).await {
            Either::Left((executed, _)) => Ok(executed?),
            Either::Right((ended, _)) => ended.map_err(ConnectError::from),
        }
    }

    pub async fn connect(&self) -> Result<(Client, Driver), ConnectError> {
        let (client, opened) = self.open_in_time().await?;
        Ok((client, opened.driver()))
    }

    /// The same, and the names of the channels that notify go to `heard`.
    pub async fn connect_listening(
        &self,
        heard: mpsc::UnboundedSender<String>,
    ) -> Result<(Client, Driver), ConnectError> {
        let (client, opened) = self.open_in_time().await?;
        let driver = match opened {
            Opened::Plain(connection) => listening(*connection, heard),
            Opened::Encrypted(connection) => listening(*connection, heard),
        };
        Ok((client, driver))
    }

    /// Tries a replaced login, until the server has accepted it; then pools replace the connections made before.
    pub async fn prove_login(&self) -> Result<(), ConnectError> {
        let Some((login, server)) =
            self.login.as_ref().and_then(|login| Some((login, login.unproved(&self.server)?)))
        else {
            return Ok(());
        };
        let proving = tokio::time::timeout(CONNECT_TIMEOUT, self.open_as(&server));
        proving.await.map_err(|_| ConnectError::Silent)??;
        login.prove();
        Ok(())
    }

    /// A pool of at most `size` connections, made when first needed.
    pub fn pool(&self, size: usize) -> Result<Pool, ConnectError> {
        let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let manager = Manager::from_connect(self.server.clone(), self.clone(), recycling);
        let timeouts = Timeouts {
            wait: Some(WAIT_TIMEOUT),
            create: Some(CONNECT_TIMEOUT),
            recycle: Some(CONNECT_TIMEOUT),
        };
        let builder = Pool::builder(manager).max_size(size).timeouts(timeouts).runtime(Runtime::Tokio1);
        let login = self.login.clone();
        let builder = builder.pre_recycle(Hook::sync_fn(move |_, metrics| match &login {
            Some(login) if login.is_outdated(metrics.created) => Err(HookError::message("a former login")),
            Some(_) | None => Ok(()),
        }));
        Ok(builder.build()?)
    }

    async fn open_in_time(&self) -> Result<(Client, Opened), ConnectError> {
        let opening = tokio::time::timeout(CONNECT_TIMEOUT, self.open(&self.server));
        Ok(opening.await.map_err(|_| ConnectError::Silent)??)
    }

    /// Connects with the present login, or with the former one while the server refuses that.
    async fn open(&self, server: &tokio_postgres::Config) -> Result<(Client, Opened), tokio_postgres::Error> {
        let Some(login) = &self.login else {
            return self.open_as(server).await;
        };
        let mut candidates = login.candidates(server).into_iter();
        let first = candidates.next().unwrap_or_else(|| server.clone());
        let refused = match self.open_as(&first).await {
            Ok(opened) => {
                login.prove();
                return Ok(opened);
            }
            Err(error) if is_refused(&error) => error,
            Err(error) => return Err(error),
        };
        match candidates.next() {
            Some(former) => self.open_as(&former).await,
            None => Err(refused),
        }
    }

    async fn open_as(
        &self,
        server: &tokio_postgres::Config,
    ) -> Result<(Client, Opened), tokio_postgres::Error> {
        match self.tls.clone() {
            None => {
                let (client, connection) = server.connect(NoTls).await?;
                Ok((client, Opened::Plain(Box::new(connection))))
            }
            Some(tls) => {
                let (client, connection) = server.connect(tls).await?;
                Ok((client, Opened::Encrypted(Box::new(connection))))
            }
        }
    }
}

/// How a pool connects.
impl Connect for Connector {
    fn connect(
        &self,
        server: &tokio_postgres::Config,
    ) -> BoxFuture<'_, Result<(Client, JoinHandle<()>), tokio_postgres::Error>> {
        let server = server.clone();
        Box::pin(async move {
            let (client, opened) = self.open(&server).await?;
            let driver = opened.driver();
            #[expect(clippy::disallowed_methods, reason = "ends with its connection")]
            let driving = tokio::spawn(async move {
                if let Err(error) = driver.await {
                    tracing::debug!(%error, "a connection to PostgreSQL ended");
                }
            });
            Ok((client, driving))
        })
    }
}

impl Opened {
    fn driver(self) -> Driver {
        match self {
            Self::Plain(connection) => Box::into_pin(connection),
            Self::Encrypted(connection) => Box::into_pin(connection),
        }
    }
}

fn listening<S, T>(mut connection: Connection<S, T>, heard: mpsc::UnboundedSender<String>) -> Driver
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    Box::pin(async move {
        while let Some(message) = poll_fn(|context| connection.poll_message(context)).await {
            if let AsyncMessage::Notification(notification) = message? {
                let _gone = heard.send(notification.channel().to_owned());
            }
        }
        Ok(())
    })
}

/// The driver's configuration for `database`, with our name, time-outs and encryption.
pub fn pg_config(database: &DatabaseConfig) -> tokio_postgres::Config {
    let mut server = database.server.clone();
    server
        .application_name("fte")
        .connect_timeout(CONNECT_TIMEOUT)
        .tcp_user_timeout(TCP_USER_TIMEOUT)
        .keepalives(true)
        .keepalives_idle(Duration::from_secs(30))
        .keepalives_interval(Duration::from_secs(10))
        .keepalives_retries(3)
        .ssl_mode(match database.tls.mode.unwrap_or(SslMode::Prefer) {
            SslMode::Disable => DriverSslMode::Disable,
            SslMode::Prefer => DriverSslMode::Prefer,
            SslMode::Require | SslMode::VerifyFull => DriverSslMode::Require,
        });
    for (name, limit) in TIMEOUTS {
        add_settings(&mut server, &[(name, &limit.as_millis().to_string())]);
    }
    server
}

fn add_settings(server: &mut tokio_postgres::Config, settings: &[(&str, &str)]) {
    let mut options = server.get_options().unwrap_or_default().to_owned();
    for (name, value) in settings {
        // Writing to a String does not fail.
        let _ = write!(options, " -c {name}={value}");
    }
    server.options(options.trim_start());
}

#[cfg(test)]
mod tests {
    use super::super::tls::TlsConfig;
    use super::*;

    #[test]
    fn given_options_are_kept_and_ours_come_after_them() {
        let url = "postgres://db/crm?options=-c%20statement_timeout%3D0&application_name=psql";
        let config = pg_config(&DatabaseConfig::from_url(url, &TlsConfig::default()).unwrap());
        assert_eq!(
            config.get_options(),
            Some(
                "-c statement_timeout=0 -c lock_timeout=2000 -c statement_timeout=10000 \
                 -c idle_in_transaction_session_timeout=5000"
            )
        );
        assert_eq!(config.get_application_name(), Some("fte"));
    }
}
