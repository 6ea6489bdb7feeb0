//! Factory for outgoing HTTP clients: every `reqwest` client of the program starts here, with one crypto provider
//! (ring).

use std::sync::Once;
use std::time::Duration;

use reqwest::header::RETRY_AFTER;

static PROVIDER: Once = Once::new();

/// A client builder without settings of its own beyond the process's one TLS provider.
///
/// `reqwest` is built without a provider, so a builder from anywhere else would panic.
#[expect(clippy::disallowed_methods, reason = "the one place that may call it")]
pub fn builder() -> reqwest::ClientBuilder {
    PROVIDER.call_once(|| {
        // An error means that a provider is already installed, which serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
    reqwest::Client::builder()
}

/// URLs on this machine bypass the environment's proxy.
const LOCAL: [&str; 3] = ["http://127.", "http://localhost", "http://[::1]"];

/// A client builder for requests to `base_url`.
pub fn builder_for(base_url: &str) -> reqwest::ClientBuilder {
    let is_local = LOCAL.iter().any(|local| base_url.starts_with(local));
    if is_local { builder().no_proxy() } else { builder() }
}

/// The pause that a server asks for in seconds (RFC 9110, 10.2.3); dates are ignored.
pub fn retry_after(response: &reqwest::Response) -> Option<Duration> {
    let value = response.headers().get(RETRY_AFTER)?.to_str().ok()?;
    value.trim().parse().ok().map(Duration::from_secs)
}
