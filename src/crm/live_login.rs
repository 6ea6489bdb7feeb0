//! Credential rotation for PostgreSQL: each new connection uses the user and the password that their file holds at that
//! moment. Until the server accepts a new password, the former one is used, so that the file can be replaced before the
//! role; then the connections that were made before are replaced.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use secrecy::{ExposeSecret, SecretString};
use tokio_postgres::Config;
use tokio_postgres::error::SqlState;

use super::tls::TlsConfig;
use super::url::DatabaseConfig;
use crate::clock;
use crate::live_secret::LiveSecret;

/// What the file of a secret holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoginFile {
    /// A URL; only its user and its password are replaced.
    Url,
    Password,
}

/// Who we are to the server; clones share what is known of it.
#[derive(Clone)]
pub struct LiveLogin {
    file: LoginFile,
    secret: LiveSecret,
    accepted: Arc<Mutex<Option<AcceptedLogin>>>,
}

/// The newest login that the server has accepted since it was replaced.
#[derive(Clone, Copy)]
struct AcceptedLogin {
    replaced_at: Instant,
    at: Instant,
}

impl LiveLogin {
    pub fn new(file: LoginFile, secret: LiveSecret) -> Self {
        Self { file, secret, accepted: Arc::default() }
    }

    /// `server` with the present login, then with the former one while that may still be valid.
    pub fn candidates(&self, server: &Config) -> Vec<Config> {
        self.secret.accepted().iter().map(|secret| self.with(server, secret)).collect()
    }

    /// `server` with the present login; `None` once the server has accepted it, or if it is the one from the start.
    pub fn unproved(&self, server: &Config) -> Option<Config> {
        let replaced_at = self.secret.replaced_at()?;
        let is_proved = self.accepted().is_some_and(|accepted| accepted.replaced_at == replaced_at);
        (!is_proved).then(|| self.with(server, &self.secret.now()))
    }

    /// The server has accepted the present login.
    pub fn prove(&self) {
        let Some(replaced_at) = self.secret.replaced_at() else {
            return;
        };
        let mut accepted = self.accepted.lock().unwrap_or_else(PoisonError::into_inner);
        if accepted.is_none_or(|accepted| accepted.replaced_at != replaced_at) {
            tracing::info!("PostgreSQL accepts the new login; connections with the former one are replaced");
            *accepted = Some(AcceptedLogin { replaced_at, at: clock::monotonic() });
        }
    }

    /// Whether a connection of that time may have been made with a former login.
    pub fn is_outdated(&self, made_at: Instant) -> bool {
        self.accepted().is_some_and(|accepted| made_at < accepted.at)
    }

    fn accepted(&self) -> Option<AcceptedLogin> {
        *self.accepted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A URL that can't be read leaves the login as it was at the start; the server then says whether it is right.
    fn with(&self, server: &Config, secret: &SecretString) -> Config {
        let mut server = server.clone();
        match self.file {
            LoginFile::Password => {
                server.password(secret.expose_secret());
            }
            LoginFile::Url => match DatabaseConfig::from_url(secret.expose_secret(), &TlsConfig::default()) {
                Ok(DatabaseConfig { server: other, .. }) => {
                    if let Some(user) = other.get_user() {
                        server.user(user);
                    }
                    if let Some(password) = other.get_password() {
                        server.password(password);
                    }
                }
                Err(error) => {
                    tracing::warn!(%error, "the new DATABASE_URL can't be read; its login is not used");
                }
            },
        }
        server
    }
}

/// Whether the server refuses who we are, as opposed to anything else.
pub fn is_refused(error: &tokio_postgres::Error) -> bool {
    let codes = [SqlState::INVALID_PASSWORD, SqlState::INVALID_AUTHORIZATION_SPECIFICATION];
    error.code().is_some_and(|code| codes.contains(code))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passwords(configs: &[Config]) -> Vec<&[u8]> {
        configs.iter().filter_map(Config::get_password).collect()
    }

    #[test]
    fn a_new_login_is_tried_first_and_is_proved_once() {
        let (secret, server) = (LiveSecret::from("postgres://fte:one@db/crm"), Config::new());
        let login = LiveLogin::new(LoginFile::Url, secret.clone());
        assert_eq!(passwords(&login.candidates(&server)), [b"one"]);
        assert!(login.unproved(&server).is_none(), "the login from the start needs no proof");

        let before = clock::monotonic();
        secret.replace(&"postgres://other:two@db/crm".into());
        assert_eq!(passwords(&login.candidates(&server)), [b"two", b"one"]);
        assert_eq!(login.unproved(&server).unwrap().get_user(), Some("other"));
        assert!(!login.is_outdated(before), "the server may refuse the new one");
        login.clone().prove();
        assert!(login.unproved(&server).is_none());
        assert!(login.is_outdated(before) && !login.is_outdated(clock::monotonic()));
    }

    #[test]
    fn a_url_without_sense_leaves_the_login() {
        let mut server = Config::new();
        server.user("fte").password("one");
        let login = LiveLogin::new(LoginFile::Url, LiveSecret::from("nonsense"));
        assert_eq!(passwords(&login.candidates(&server)), [b"one"]);
    }
}
