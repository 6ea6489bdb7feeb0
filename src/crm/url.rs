//! A database as the configuration names it. `sslmode` and `sslrootcert` of a URL are taken out before the driver
//! sees them: it knows neither `verify-full` nor root certificates.

use std::path::PathBuf;

use thiserror::Error;

use super::tls::{SslMode, TlsConfig};

/// A server to connect to; its debug output hides the password.
#[derive(Clone, Debug, PartialEq)]
pub struct DatabaseConfig {
    pub server: tokio_postgres::Config,
    pub tls: TlsConfig,
}

/// Never carries the URL itself, which holds the password.
#[derive(Debug, Error)]
pub enum UrlError {
    #[error("it does not start with postgres:// or postgresql://")]
    Scheme,
    #[error("it names no host")]
    NoHost,
    #[error("its sslmode `{0}` is not one of {expects}", expects = SslMode::EXPECTS)]
    SslMode(String),
    #[error("its sslmode `{url}` contradicts POSTGRES_SSLMODE `{variable}`")]
    Contradiction { url: SslMode, variable: SslMode },
    #[error("it is not valid: {0}")]
    Driver(String),
}

impl UrlError {
    pub const EXAMPLE: &str = "postgres://user:password@host:5432/database";
}

impl DatabaseConfig {
    pub fn new(server: tokio_postgres::Config, tls: TlsConfig) -> Self {
        Self { server, tls }
    }

    /// Reads a libpq URI. `tls` is what the variables beside it ask for; the URL may add to it, not contradict it.
    pub fn from_url(url: &str, tls: &TlsConfig) -> Result<Self, UrlError> {
        if !["postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme)) {
            return Err(UrlError::Scheme);
        }
        let mut tls = tls.clone();
        let (address, query) = url.split_once('?').unwrap_or((url, ""));
        let mut kept = Vec::new();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            match pair.split_once('=') {
                Some(("sslmode", mode)) => tls.mode = Some(agree(mode, tls.mode)?),
                Some(("sslrootcert", path)) => tls.root_cert = Some(root_cert(path)?),
                Some(_) | None => kept.push(pair),
            }
        }
        let rest = format!("{address}?{}", kept.join("&"));
        let server: tokio_postgres::Config = rest.parse().map_err(driver_error)?;
        if server.get_hosts().is_empty() && server.get_hostaddrs().is_empty() {
            return Err(UrlError::NoHost);
        }
        Ok(Self { server, tls })
    }
}

fn agree(text: &str, variable: Option<SslMode>) -> Result<SslMode, UrlError> {
    let url = text.parse().map_err(|_| UrlError::SslMode(text.to_owned()))?;
    match variable {
        Some(variable) if variable != url => Err(UrlError::Contradiction { url, variable }),
        Some(_) | None => Ok(url),
    }
}

fn root_cert(encoded: &str) -> Result<PathBuf, UrlError> {
    percent_decode(encoded)
        .map(PathBuf::from)
        .ok_or_else(|| UrlError::Driver("sslrootcert is not percent-encoded UTF-8".into()))
}

fn percent_decode(encoded: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(encoded.len());
    let mut rest = encoded.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        rest = tail;
        if byte == b'%' {
            let (digits, tail) = rest.split_at_checked(2)?;
            bytes.extend(hex::decode(digits).ok()?);
            rest = tail;
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

/// The driver's message is "invalid connection string"; what is wrong with it stands in the source.
fn driver_error(error: tokio_postgres::Error) -> UrlError {
    let source = std::error::Error::source(&error);
    UrlError::Driver(source.map_or_else(|| error.to_string(), ToString::to_string))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(url: &str) -> Result<DatabaseConfig, UrlError> {
        DatabaseConfig::from_url(url, &TlsConfig::default())
    }

    #[test]
    fn tls_options_are_taken_from_the_url() {
        let url =
            "postgres://fte:s%40@db:5433/crm?sslmode=verify-full&sslrootcert=%2Fetc%2Fa%20b.pem&keepalives=0";
        let config = parse(url).unwrap();
        assert_eq!(config.tls.mode, Some(SslMode::VerifyFull));
        assert_eq!(config.tls.root_cert, Some(PathBuf::from("/etc/a b.pem")));
        assert_eq!(config.server, "postgres://fte:s%40@db:5433/crm?keepalives=0".parse().unwrap());
    }

    #[test]
    fn a_url_cannot_weaken_what_the_variable_asks_for() {
        let tls = TlsConfig { mode: Some(SslMode::VerifyFull), root_cert: None };
        let error = DatabaseConfig::from_url("postgres://db/crm?sslmode=disable", &tls).unwrap_err();
        assert_eq!(error.to_string(), "its sslmode `disable` contradicts POSTGRES_SSLMODE `verify-full`");
    }

    #[test]
    fn what_cannot_be_honoured_is_refused() {
        for (url, expected) in [
            ("host=db user=fte", "it does not start with postgres:// or postgresql://"),
            ("mysql://db/crm", "it does not start with postgres:// or postgresql://"),
            ("postgres:///crm", "it names no host"),
            (
                "postgres://db/crm?sslmode=verify-ca",
                "its sslmode `verify-ca` is not one of disable, prefer, require or verify-full",
            ),
            ("postgres://db/crm?sslcert=a.pem", "it is not valid: unknown option `sslcert`"),
            ("postgres://db/crm?sslrootcert=%f", "it is not valid: sslrootcert is not percent-encoded UTF-8"),
        ] {
            assert_eq!(parse(url).unwrap_err().to_string(), expected, "{url}");
        }
    }

    #[test]
    fn the_password_stays_hidden() {
        let config = parse("postgres://fte:hunter2@db/crm").unwrap();
        assert!(!format!("{config:?}").contains("hunter2"));
        let error = parse("postgres://fte:hunter2@db:port/crm").unwrap_err();
        assert!(!format!("{error:?} {error}").contains("hunter2"));
    }
}
