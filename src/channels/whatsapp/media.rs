//! Media download with SSRF protection: URLs come from outside, so each hop is resolved, checked, and connected to
//! exactly the address that was checked (FACTS.md, SSRF); the account's credentials go to Twilio's API only.

use std::net::{IpAddr, SocketAddr};

use futures_util::StreamExt;
use reqwest::header::{CONTENT_TYPE, LOCATION};
use reqwest::{Client, Response, StatusCode, Url};
use secrecy::ExposeSecret;

use crate::channels::port::{ChannelFuture, FetchError, Fetched, MediaSource};
use crate::domain::messages::attachment::AttachmentLimits;
use crate::domain::messages::fetch::{MAX_HOPS, TIMEOUT, is_public};
use crate::live_secret::LiveSecret;

/// What WhatsApp sends (Twilio, media limits). What a browser would run is not kept.
pub const LIMITS: AttachmentLimits = AttachmentLimits {
    max_bytes: MAX_BYTES,
    max_count: 20,
    types: &[
        "image/jpeg",
        "image/png",
        "image/webp",
        "image/gif",
        "audio/ogg",
        "audio/mpeg",
        "audio/mp4",
        "audio/amr",
        "audio/aac",
        "video/mp4",
        "video/3gpp",
        "application/pdf",
        "text/vcard",
        "text/x-vcard",
        "text/plain",
        "text/csv",
        "application/msword",
        "application/vnd.ms-excel",
        "application/vnd.ms-powerpoint",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ],
};
/// The largest file that WhatsApp sends.
const MAX_BYTES: usize = 16 * 1024 * 1024;

/// Settings of media downloads.
#[derive(Clone, Debug)]
pub struct MediaSettings {
    pub api_base_url: String,
    pub account_sid: String,
    pub token: LiveSecret,
    /// Exact origins that may resolve to private addresses and use plain HTTP.
    pub allowed_origins: Vec<String>,
}

#[derive(Clone, Debug)]
pub struct Media {
    settings: MediaSettings,
    api_origin: Option<String>,
}

impl Media {
    pub fn new(settings: MediaSettings) -> Self {
        let api_origin = Url::parse(&settings.api_base_url).ok().map(|url| origin(&url));
        Self { settings, api_origin }
    }

    async fn follow(&self, url: &str) -> Result<Fetched, FetchError> {
        let mut url = Url::parse(url).map_err(|_| refused("its address can't be read"))?;
        for _ in 0..MAX_HOPS {
            let response = self.ask(&url).await?;
            if response.status().is_redirection() {
                let next = response.headers().get(LOCATION).and_then(|value| value.to_str().ok());
                let next = next.and_then(|next| url.join(next).ok());
                url = next.ok_or_else(|| FetchError::Failed("a redirect has no valid target".to_owned()))?;
                continue;
            }
            return take(response).await;
        }
        Err(refused("it was redirected too often"))
    }

    async fn ask(&self, url: &Url) -> Result<Response, FetchError> {
        let client = self.client_for(url).await?;
        let mut request = client.get(url.clone());
        if self.api_origin.as_ref() == Some(&origin(url)) {
            let token = self.settings.token.now();
            request = request.basic_auth(&self.settings.account_sid, Some(token.expose_secret()));
        }
        let unavailable = |error: reqwest::Error| FetchError::Unavailable(error.without_url().to_string());
        request.send().await.map_err(unavailable)
    }

    /// A client that can connect only to the checked addresses of that host.
    async fn client_for(&self, url: &Url) -> Result<Client, FetchError> {
        let builder = crate::http_client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
        let builder = builder.retry(reqwest::retry::never());
        let broken = |error: reqwest::Error| FetchError::Failed(error.without_url().to_string());
        if self.settings.allowed_origins.contains(&origin(url)) {
            return builder.build().map_err(broken);
        }
        if url.scheme() != "https" || url.port_or_known_default() != Some(443) {
            return Err(refused("its address is not https on the usual port"));
        }
        let host = url.host_str().ok_or_else(|| refused("its address has no host"))?.to_owned();
        let addresses = resolve(&host).await?;
        if addresses.is_empty() || !addresses.iter().all(|address| is_public(address.ip())) {
            return Err(refused("its address is not on the public internet"));
        }
        builder.resolve_to_addrs(&host, &addresses).build().map_err(broken)
    }
}

impl MediaSource for Media {
    fn limits(&self) -> AttachmentLimits {
        LIMITS
    }

    fn fetch(&self, url: &str) -> ChannelFuture<Result<Fetched, FetchError>> {
        let (media, url) = (self.clone(), url.to_owned());
        Box::pin(async move {
            match tokio::time::timeout(TIMEOUT, media.follow(&url)).await {
                Ok(fetched) => fetched,
                Err(_elapsed) => {
                    Err(FetchError::Unavailable(format!("it took longer than {} s", TIMEOUT.as_secs())))
                }
            }
        })
    }
}

async fn resolve(host: &str) -> Result<Vec<SocketAddr>, FetchError> {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    if let Ok(address) = bare.parse::<IpAddr>() {
        return Ok(vec![SocketAddr::new(address, 443)]);
    }
    match tokio::net::lookup_host((host, 443)).await {
        Ok(addresses) => Ok(addresses.collect()),
        Err(error) => Err(FetchError::Unavailable(format!("its host can't be resolved: {error}"))),
    }
}

/// Reads a file within the size limits, and accepts only known types.
async fn take(response: Response) -> Result<Fetched, FetchError> {
    let status = response.status();
    if !status.is_success() {
        let why = format!("its host answered with status {}", status.as_u16());
        // Twilio may announce a file shortly before it is available.
        let may_come = status.is_server_error()
            || matches!(
                status,
                StatusCode::NOT_FOUND | StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT
            );
        return Err(if may_come { FetchError::Unavailable(why) } else { FetchError::Failed(why) });
    }
    let content_type = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let content_type = content_type.unwrap_or_default().to_owned();
    if !LIMITS.allows(&content_type) {
        return Err(refused("files of its type are not kept"));
    }
    if response.content_length().is_some_and(|length| length > MAX_BYTES as u64) {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    let mut pieces = response.bytes_stream();
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|error| FetchError::Unavailable(error.without_url().to_string()))?;
        if bytes.len() + piece.len() > MAX_BYTES {
            return Err(too_large());
        }
        bytes.extend_from_slice(&piece);
    }
    Ok(Fetched { content_type, bytes })
}

fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}

fn refused(why: &str) -> FetchError {
    FetchError::Refused(why.to_owned())
}

fn too_large() -> FetchError {
    FetchError::Refused(format!("it is larger than {} MB", MAX_BYTES / 1024 / 1024))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn media(allowed: &[&str]) -> Media {
        Media::new(MediaSettings {
            api_base_url: "https://api.twilio.com".to_owned(),
            account_sid: "AC1".to_owned(),
            token: LiveSecret::from("hush"),
            allowed_origins: allowed.iter().map(ToString::to_string).collect(),
        })
    }

    #[tokio::test]
    async fn neighbours_are_refused_by_name_and_by_number() {
        for url in [
            "https://127.0.0.1/x",
            "https://localhost/x",
            "https://169.254.169.254/latest/meta-data",
            "https://10.1.2.3/x",
            "https://100.64.0.1/x",
            "https://[::1]/x",
            "https://[::ffff:10.0.0.1]/x",
            "https://[fd00::1]/x",
            "https://0x7f000001/x",
            "https://2130706433/x",
            "http://8.8.8.8/x",
            "https://8.8.8.8:8443/x",
            "ftp://8.8.8.8/x",
            "file:///etc/passwd",
            "not an address",
        ] {
            let fetched = media(&[]).fetch(url).await;
            assert!(matches!(fetched, Err(FetchError::Refused(_))), "{url}: {fetched:?}");
        }
    }

    #[test]
    fn what_a_browser_would_run_is_not_kept() {
        for content_type in ["image/jpeg", "Audio/OGG; codecs=opus", "application/pdf"] {
            assert!(LIMITS.allows(content_type), "{content_type}");
        }
        for content_type in
            ["text/html", "image/svg+xml", "application/x-msdownload", "application/javascript", ""]
        {
            assert!(!LIMITS.allows(content_type), "{content_type}");
        }
    }

    #[tokio::test]
    async fn an_exempt_origin_exempts_no_other_port_or_scheme() {
        let media = media(&["http://127.0.0.1:9"]);
        assert!(matches!(media.fetch("http://127.0.0.1:9/x").await, Err(FetchError::Unavailable(_))));
        for url in ["http://127.0.0.1:10/x", "https://127.0.0.1:9/x", "http://localhost:9/x"] {
            assert!(matches!(media.fetch(url).await, Err(FetchError::Refused(_))), "{url}");
        }
    }
}
