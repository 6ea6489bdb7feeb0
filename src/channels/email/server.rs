//! Connection settings of a mail server (IMAP or SMTP), and how a login to it is authenticated. TLS is the default: only
//! a server on this machine, or any in development, may be spoken to in plain text, and only if it offers no STARTTLS.

use std::sync::Arc;
use std::time::Duration;

use percent_encoding::percent_decode_str;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use secrecy::{ExposeSecret, SecretString};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::oauth::{TokenError, TokenSource};
use crate::channels::port::SendError;
use crate::live_secret::LiveSecret;

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
    /// The URL that holds user and password, in a file that may be replaced.
    Url(LiveSecret),
    /// An access token of OAuth 2, sent by XOAUTH2.
    Token(Arc<TokenSource>),
}

/// What one login is done with.
#[derive(Clone)]
pub struct Credential {
    pub user: String,
    pub proof: Proof,
}

#[derive(Clone)]
pub enum Proof {
    Password(SecretString),
    Token(SecretString),
}

impl MailLogin {
    async fn credential(&self) -> Result<Credential, SendError> {
        let proof = match &self.secret {
            MailSecret::Password(password) => Proof::Password(password.clone()),
            MailSecret::Url(url) => return self.in_url(&url.now()),
            MailSecret::Token(tokens) => Proof::Token(tokens.token().await?),
        };
        Ok(Credential { user: self.user.clone(), proof })
    }

    /// Another credential, where one may succeed: a new token, because the refused one is forgotten, or the former
    /// password, because the file of a password may be replaced before the password itself.
    async fn other(&self, refused: &Credential) -> Result<Option<Credential>, SendError> {
        match (&self.secret, &refused.proof) {
            (MailSecret::Token(tokens), Proof::Token(token)) => {
                tokens.forget(token).await;
                Ok(Some(self.credential().await?))
            }
            (MailSecret::Url(url), _) => url.accepted().get(1).map(|former| self.in_url(former)).transpose(),
            (MailSecret::Token(_) | MailSecret::Password(_), _) => Ok(None),
        }
    }

    /// The user and the password of a URL.
    fn in_url(&self, url: &SecretString) -> Result<Credential, SendError> {
        let unread = || SendError::Account("the URL in the file holds no user and password".to_owned());
        let url = reqwest::Url::parse(url.expose_secret()).map_err(|_| unread())?;
        let decoded = |part: &str| percent_decode_str(part).decode_utf8().map(std::borrow::Cow::into_owned);
        let user = decoded(url.username()).ok().filter(|user| !user.is_empty());
        let password = decoded(url.password().ok_or_else(unread)?).map_err(|_| unread())?;
        let user = user.unwrap_or_else(|| self.user.clone());
        Ok(Credential { user, proof: Proof::Password(password.into()) })
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
    /// `None` where the server wants no login.
    pub async fn credential(&self) -> Result<Option<Credential>, SendError> {
        match &self.login {
            Some(login) => Ok(Some(login.credential().await?)),
            None => Ok(None),
        }
    }

    /// Logs in by `attempt`. If the server refuses the login, once more with another one: a new access token, whatever the
    /// lifetime of the refused one, or the former password.
    pub async fn logged_in<T, F>(&self, attempt: impl Fn(Option<Credential>) -> F) -> Result<T, SendError>
    where
        F: Future<Output = Result<T, SendError>>,
    {
        let credential = self.credential().await?;
        let outcome = attempt(credential.clone()).await;
        if let (Err(SendError::Account(_)), Some(login), Some(used)) = (&outcome, &self.login, &credential)
            && let Some(other) = login.other(used).await?
        {
            return attempt(Some(other)).await;
        }
        outcome
    }

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
