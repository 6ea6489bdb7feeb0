//! Settings of the HTTP server: address, public URL, CORS, trusted proxies, rate limit.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use actix_web::http::Uri;
use secrecy::{ExposeSecret, SecretString};

use super::network::cover_everything;
use super::reader::Reader;
use super::{Environment, IpNetwork};

/// Submissions per minute and address in production: a person with a problem sends a handful.
const PRODUCTION_SUBMIT_RATE: u32 = 30;
/// Long enough that nobody guesses it.
const PRODUCTION_TOKEN_CHARS: usize = 24;
/// Connections at once: each takes some tens of kilobytes.
const MAX_CONNECTIONS: usize = 8_192;
/// Connections of one address in production: an office behind one address, with six for each browser.
const PRODUCTION_CONNECTIONS_PER_ADDRESS: usize = 256;
/// The same in development, where load tests come from one address.
const DEVELOPMENT_CONNECTIONS_PER_ADDRESS: usize = 2_048;

#[derive(Clone, Debug)]
pub struct HttpConfig {
    pub host: IpAddr,
    /// 0 lets the system choose one.
    pub port: u16,
    /// `API_BASE_URL` without a trailing slash.
    pub base_url: Option<String>,
    /// Exact origins, as browsers send them.
    pub cors_origins: Vec<String>,
    pub api_token: Option<SecretString>,
    /// Peers whose `Forwarded` headers are trusted.
    pub trusted_proxies: Vec<IpNetwork>,
    /// Per address; `None` means no limit.
    pub submit_rate_per_minute: Option<u32>,
    pub max_connections: usize,
    /// 0 for no limit.
    pub connections_per_address: usize,
}

impl HttpConfig {
    /// The URL of the address `bound`, as reached from this machine.
    pub fn local_url(bound: SocketAddr) -> String {
        let host = match bound.ip() {
            IpAddr::V4(Ipv4Addr::UNSPECIFIED) => IpAddr::V4(Ipv4Addr::LOCALHOST),
            IpAddr::V6(Ipv6Addr::UNSPECIFIED) => IpAddr::V6(Ipv6Addr::LOCALHOST),
            ip @ (IpAddr::V4(_) | IpAddr::V6(_)) => ip,
        };
        format!("http://{}", SocketAddr::new(host, bound.port()))
    }
}

pub(super) fn read(reader: &mut Reader<'_>, environment: Environment) -> HttpConfig {
    let (default_host, default_rate, default_per_address) = match environment {
        Environment::Development => (Ipv4Addr::LOCALHOST, 0, DEVELOPMENT_CONNECTIONS_PER_ADDRESS),
        Environment::Production => {
            (Ipv4Addr::UNSPECIFIED, PRODUCTION_SUBMIT_RATE, PRODUCTION_CONNECTIONS_PER_ADDRESS)
        }
    };
    let rate = reader
        .parse("SUBMIT_RATE_PER_MINUTE", "a whole number, 0 for no limit", |value| value.parse().ok())
        .unwrap_or(default_rate);
    HttpConfig {
        host: reader
            .parse("API_HOST", "an IP address or localhost", parse_host)
            .unwrap_or(IpAddr::V4(default_host)),
        port: reader.parse("API_PORT", "a port from 0 to 65535", |value| value.parse().ok()).unwrap_or(8000),
        base_url: reader.parse("API_BASE_URL", "a URL such as https://support.example.com", parse_base_url),
        cors_origins: reader.list(
            "CORS_ORIGINS",
            "origins such as https://shop.example.com, separated by commas",
            parse_origin,
        ),
        api_token: read_token(reader, environment),
        trusted_proxies: read_proxies(reader, environment),
        submit_rate_per_minute: (rate > 0).then_some(rate),
        max_connections: reader
            .parse("API_MAX_CONNECTIONS", "a whole number above 0", |value| {
                value.parse().ok().filter(|count| *count > 0)
            })
            .unwrap_or(MAX_CONNECTIONS),
        connections_per_address: reader
            .parse("API_CONNECTIONS_PER_ADDRESS", "a whole number, 0 for no limit", |value| {
                value.parse().ok()
            })
            .unwrap_or(default_per_address),
    }
}

fn parse_host(value: &str) -> Option<IpAddr> {
    if value == "localhost" {
        return Some(IpAddr::V4(Ipv4Addr::LOCALHOST));
    }
    value.parse().ok()
}

/// The token is sent in an `Authorization` header, which carries visible ASCII only.
fn read_token(reader: &mut Reader<'_>, environment: Environment) -> Option<SecretString> {
    let token = reader.secret("FTE_API_TOKEN")?;
    let is_short = token.expose_secret().chars().count() < PRODUCTION_TOKEN_CHARS;
    if is_short && environment == Environment::Production {
        let expects = format!("at least {PRODUCTION_TOKEN_CHARS} characters in production");
        reader.wrong("FTE_API_TOKEN", None, expects);
    }
    if !token.expose_secret().bytes().all(|byte| byte.is_ascii_graphic()) {
        reader.wrong("FTE_API_TOKEN", None, "visible ASCII characters without spaces");
    }
    Some(token)
}

/// With everybody trusted, everybody could claim any address, and no limit of addresses would hold.
fn read_proxies(reader: &mut Reader<'_>, environment: Environment) -> Vec<IpNetwork> {
    let proxies: Vec<IpNetwork> = reader.list(
        "TRUSTED_PROXIES",
        "addresses or networks such as 10.0.0.0/8, separated by commas",
        |value| value.parse().ok(),
    );
    if environment == Environment::Production && cover_everything(&proxies) {
        let value = reader.text("TRUSTED_PROXIES");
        reader.wrong("TRUSTED_PROXIES", value, "the proxies' own networks in production, not all addresses");
    }
    proxies
}

pub(super) fn parse_base_url(value: &str) -> Option<String> {
    let uri: Uri = value.parse().ok()?;
    is_web_authority(&uri).then(|| value.trim_end_matches('/').to_owned()).filter(|_| uri.query().is_none())
}

pub(super) fn parse_origin(value: &str) -> Option<String> {
    let uri: Uri = value.parse().ok()?;
    (is_web_authority(&uri) && uri.path() == "/" && uri.query().is_none() && !value.ends_with('/'))
        .then(|| value.to_ascii_lowercase())
}

/// Exact origins that are exempt from the ban on private addresses. In production there are none.
pub(super) fn private_origins(
    reader: &mut Reader<'_>,
    variable: &'static str,
    environment: Environment,
) -> Vec<String> {
    let expects = "origins such as http://127.0.0.1:9100, separated by commas";
    let origins = reader.list(variable, expects, parse_origin);
    if environment == Environment::Production && !origins.is_empty() {
        let expects = "to be unset in production: it would open private addresses";
        reader.wrong(variable, None, expects);
    }
    origins
}

pub(super) fn is_web_authority(uri: &Uri) -> bool {
    let has_host = uri.authority().is_some_and(|a| !a.host().is_empty() && !a.as_str().contains('@'));
    has_host && matches!(uri.scheme_str(), Some("http" | "https"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_has_no_path() {
        assert_eq!(parse_origin("https://Shop.example.com"), Some("https://shop.example.com".into()));
        assert_eq!(parse_origin("http://localhost:3000"), Some("http://localhost:3000".into()));
        for value in ["*", "shop.example.com", "https://shop.example.com/", "https://a.example/x", "null", ""]
        {
            assert_eq!(parse_origin(value), None, "{value}");
        }
    }

    #[test]
    fn a_base_url_loses_its_trailing_slash() {
        assert_eq!(parse_base_url("https://a.example/help/"), Some("https://a.example/help".into()));
        for value in
            ["a.example", "/help", "ftp://a.example", "https://u:p@a.example", "https://a.example/?q"]
        {
            assert_eq!(parse_base_url(value), None, "{value}");
        }
    }
}
