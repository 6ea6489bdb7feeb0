//! Connection settings of a mail server (IMAP or SMTP), and how a login to it is authenticated. TLS is the default: only
//! a server on this machine, or any in development, may be spoken to in plain text, and only if it offers no STARTTLS.

use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use secrecy::{ExposeSecret, SecretString};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::oauth::{TokenError, TokenSource};
use crate::channels::port::SendError;

/// Longest time for a connection, its TLS handshake and the login.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// How the connection is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// From the first byte (`imaps://`, `smtps://`).
    Tls,
    /// By STARTTLS; a server without it is refused.
    StartTls,
    /// By STARTTLS where the server has it.
    Opportunistic,
}

/// One mail server.
#[derive(Clone, Debug)]
pub struct MailServer {
    pub host: String,
    pub port: u16,
    pub security: Security,
    /// `None` where the server wants no login.
    pub login: Option<MailLogin>,
}

/// Who we are to a mail server.
#[derive(Clone, Debug)]
pub struct MailLogin {
    pub user: String,
    pub secret: MailSecret,
}

#[derive(Clone, Debug)]
pub enum MailSecret {
    Password(SecretString),
    /// An access token of OAuth 2, sent by XOAUTH2.
    Token(Arc<TokenSource>),
}

/// A secret for one login.
pub enum Proof {
    Password(SecretString),
    Token(SecretString),
}

impl MailLogin {
    pub async fn proof(&self) -> Result<Proof, SendError> {
        match &self.secret {
            MailSecret::Password(password) => Ok(Proof::Password(password.clone())),
            MailSecret::Token(tokens) => Ok(Proof::Token(tokens.token().await?)),
        }
    }
}

impl From<TokenError> for SendError {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::Revoked(why) => Self::Account(why),
            TokenError::Unavailable(why) => Self::Later { why, retry_after: None },
        }
    }
}

impl Proof {
    pub fn secret(&self) -> &str {
        let (Self::Password(secret) | Self::Token(secret)) = self;
        secret.expose_secret()
    }
}

impl MailServer {
    pub async fn tcp(&self) -> std::io::Result<TcpStream> {
        let connecting = TcpStream::connect((self.host.as_str(), self.port));
        let stream = tokio::time::timeout(CONNECT_TIMEOUT, connecting).await??;
        stream.set_nodelay(true)?;
        Ok(stream)
    }

    /// The handshake; the certificate must be valid for the host by the system's roots.
    pub async fn encrypt(&self, stream: TcpStream) -> std::io::Result<TlsStream<TcpStream>> {
        let name = ServerName::try_from(self.host.clone()).map_err(std::io::Error::other)?;
        let connector = TlsConnector::from(Arc::new(tls_config()?));
        tokio::time::timeout(CONNECT_TIMEOUT, connector.connect(name, stream)).await?
    }
}

fn tls_config() -> std::io::Result<ClientConfig> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = config.map_err(std::io::Error::other)?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}
