//! Settings of the MCP server: the names under which it may be addressed, its rate limit, and the token of `fte mcp`.

use secrecy::SecretString;

use super::reader::Reader;

/// Requests per minute and token: ten a second, more than a model makes.
const RATE_PER_MINUTE: u32 = 600;

#[derive(Clone, Debug)]
pub struct McpConfig {
    /// `FTE_MCP_TOKEN`, whose rights `fte mcp` has.
    pub token: Option<SecretString>,
    /// `MCP_ALLOWED_HOSTS`, besides the host of `API_BASE_URL` and this machine.
    pub allowed_hosts: Vec<String>,
    /// `MCP_RATE_PER_MINUTE`; `None` means no limit.
    pub rate_per_minute: Option<u32>,
    /// Whether the fixtures of the conformance suite are served, too (`fte serve --mcp-fixtures`).
    #[cfg(feature = "fakes")]
    pub fixtures: bool,
}

pub(super) fn read(reader: &mut Reader<'_>) -> McpConfig {
    let rate =
        reader.parse("MCP_RATE_PER_MINUTE", "a whole number, 0 for no limit", |value| value.parse().ok());
    let rate = rate.unwrap_or(RATE_PER_MINUTE);
    McpConfig {
        token: reader.secret("FTE_MCP_TOKEN"),
        allowed_hosts: reader.list(
            "MCP_ALLOWED_HOSTS",
            "host names such as fte.support.svc or fte:8000, separated by commas",
            parse_authority,
        ),
        rate_per_minute: (rate > 0).then_some(rate),
        #[cfg(feature = "fakes")]
        fixtures: false,
    }
}

/// A host name, with or without a port.
fn parse_authority(value: &str) -> Option<String> {
    let authority: actix_web::http::uri::Authority = value.parse().ok()?;
    (!authority.host().is_empty() && !value.contains('@')).then(|| value.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_may_have_a_port_and_nothing_else() {
        assert_eq!(parse_authority("FTE.support.svc:8000"), Some("fte.support.svc:8000".to_owned()));
        assert_eq!(parse_authority("[::1]"), Some("[::1]".to_owned()));
        for value in ["", "https://fte", "user@fte", "fte/mcp", "fte svc"] {
            assert_eq!(parse_authority(value), None, "{value}");
        }
    }
}
