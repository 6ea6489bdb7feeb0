//! IMAP connections: TLS, login, and what an error of the server means.

use std::time::Duration;

use async_imap::error::Error;
use async_imap::{Authenticator, Client, Session};
use tokio::io::{AsyncRead, AsyncWrite};

use super::super::server::{CONNECT_TIMEOUT, Credential, MailServer, Proof, Security};
use crate::channels::port::SendError;

/// A connection, encrypted or not.
pub trait ImapStream: AsyncRead + AsyncWrite + Unpin + Send + std::fmt::Debug {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send + std::fmt::Debug> ImapStream for T {}

pub type ImapSession = Session<Box<dyn ImapStream>>;

/// Longest time for one command, a login included.
pub const COMMAND_TIMEOUT: Duration = Duration::from_secs(15);

/// A connection that is logged in.
pub async fn connect(server: &MailServer) -> Result<ImapSession, SendError> {
    let attempt = |credential: Option<Credential>| {
        within(COMMAND_TIMEOUT, async move {
            let client = greeted(server).await?;
            let Some(Credential { user, proof }) = credential else {
                return Err(SendError::Account("IMAP_URL names no user".to_owned()));
            };
            log_in(client, &user, &proof).await
        })
    };
    server.logged_in(attempt).await
}

/// Ends what takes too long.
pub async fn within<T>(
    limit: Duration,
    work: impl Future<Output = Result<T, SendError>>,
) -> Result<T, SendError> {
    let expired = |_| later("the mail server does not answer in time");
    tokio::time::timeout(limit, work).await.map_err(expired)?
}

async fn greeted(server: &MailServer) -> Result<Client<Box<dyn ImapStream>>, SendError> {
    let tcp = server.tcp().await.map_err(unreachable)?;
    match server.security {
        Security::Tls => {
            let stream = server.encrypt(tcp).await.map_err(unreachable)?;
            greeting(Box::new(stream)).await
        }
        Security::StartTls | Security::Opportunistic => {
            let mut client = Client::new(tcp);
            expect_greeting(client.read_response().await.map_err(unreachable)?.is_some())?;
            let started = client.run_command_and_check_ok("STARTTLS", None).await;
            match started {
                Ok(()) => {
                    let encrypting = server.encrypt(client.into_inner());
                    let stream = tokio::time::timeout(CONNECT_TIMEOUT, encrypting).await;
                    let stream = stream.map_err(|_| later("the TLS handshake takes too long"))?;
                    Ok(Client::new(Box::new(stream.map_err(unreachable)?)))
                }
                Err(Error::No(_) | Error::Bad(_)) if server.security == Security::Opportunistic => {
                    Ok(Client::new(Box::new(client.into_inner())))
                }
                Err(Error::No(_) | Error::Bad(_)) => {
                    Err(SendError::Account(format!("{} offers no STARTTLS: use imaps://", server.host)))
                }
                Err(error) => Err(failed(&error)),
            }
        }
    }
}

async fn greeting(stream: Box<dyn ImapStream>) -> Result<Client<Box<dyn ImapStream>>, SendError> {
    let mut client = Client::new(stream);
    expect_greeting(client.read_response().await.map_err(unreachable)?.is_some())?;
    Ok(client)
}

fn expect_greeting(was_greeted: bool) -> Result<(), SendError> {
    if was_greeted { Ok(()) } else { Err(later("the mail server closed the connection")) }
}

async fn log_in(
    client: Client<Box<dyn ImapStream>>,
    user: &str,
    proof: &Proof,
) -> Result<ImapSession, SendError> {
    let logged_in = match proof {
        Proof::Password(_) => client.login(user, proof.secret()).await,
        Proof::Token(_) => client.authenticate("XOAUTH2", Xoauth2 { user, proof, asked: 0 }).await,
    };
    logged_in.map_err(|(error, _client)| {
        // RFC 5530: the server is at fault, not the password.
        let is_away = |text: &str| text.to_ascii_uppercase().contains("UNAVAILABLE");
        if matches!(&error, Error::No(text) if !is_away(text)) {
            SendError::Account(format!("the mail server refuses the login of {user}"))
        } else {
            failed(&error)
        }
    })
}

struct Xoauth2<'a> {
    user: &'a str,
    proof: &'a Proof,
    asked: u8,
}

impl Authenticator for Xoauth2<'_> {
    type Response = String;

    /// The second challenge holds an error, to which the answer is empty.
    fn process(&mut self, _: &[u8]) -> String {
        self.asked = self.asked.saturating_add(1);
        if self.asked > 1 {
            return String::new();
        }
        format!("user={}\x01auth=Bearer {}\x01\x01", self.user, self.proof.secret())
    }
}

pub fn later(why: impl Into<String>) -> SendError {
    SendError::Later { why: why.into(), retry_after: None }
}

fn unreachable(error: std::io::Error) -> SendError {
    later(format!("the mail server can't be reached: {error}"))
}

/// An error of a command: the connection is not used any more, and nothing has been decided.
pub fn failed(error: &Error) -> SendError {
    later(format!("the mail server failed: {error}"))
}
