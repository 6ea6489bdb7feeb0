//! HTTP adapter of outgoing webhooks: signs an event and posts it once. It follows no redirect, reads no body of an answer,
//! and connects to the public internet only.

use std::error::Error as StdError;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, ClientBuilder, Url};
use serde::Serialize;
use time::OffsetDateTime;

use super::PostEvent;
use super::public_addresses::{NOT_PUBLIC, PublicAddresses, Target, all_public, look_up};
use super::signature::{ID, SIGNATURE, TIMESTAMP, sign};
use crate::channels::port::ChannelFuture;
use crate::domain::enums::WebhookEvent;
use crate::domain::webhooks::{EventIds, WebhookTry};

/// Timeout of a try as a whole; shorter than its lease.
const TIMEOUT: Duration = Duration::from_secs(10);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Timeout of the look-up of a name while an endpoint is added.
const CHECK_TIMEOUT: Duration = Duration::from_secs(3);
const USER_AGENT: &str = concat!("fte/", env!("CARGO_PKG_VERSION"));

/// The body of a request.
#[derive(Serialize)]
struct Payload<'a> {
    r#type: WebhookEvent,
    #[serde(with = "time::serde::rfc3339")]
    timestamp: OffsetDateTime,
    data: &'a EventIds,
}

/// Posts events by HTTP.
#[derive(Clone, Debug)]
pub struct HttpPost {
    /// For the public internet.
    guarded: Client,
    /// For `allowed_origins`.
    open: Client,
    /// Exact origins that may have private addresses and use plain HTTP.
    allowed_origins: Arc<[String]>,
}

impl HttpPost {
    /// Sends nothing.
    pub fn new(allowed_origins: Vec<String>) -> Result<Self, reqwest::Error> {
        Ok(Self {
            guarded: builder().dns_resolver(PublicAddresses).build()?,
            open: builder().build()?,
            allowed_origins: allowed_origins.into(),
        })
    }

    /// The client for an address, which is checked as far as that can be done without a look-up.
    fn client_for(&self, url: &Url) -> Result<&Client, String> {
        if !url.username().is_empty() || url.password().is_some() {
            return Err("must not contain a user name or a password".to_owned());
        }
        if self.allowed_origins.contains(&url.origin().ascii_serialization()) {
            return Ok(&self.open);
        }
        if url.scheme() != "https" {
            return Err("must begin with https://".to_owned());
        }
        match Target::of(url) {
            // The client asks its resolver for names only.
            Some(Target::Address(address)) => {
                all_public(vec![address]).map(|_| &self.guarded).map_err(str::to_owned)
            }
            Some(Target::Name(name)) if is_this_machine(&name) => Err(NOT_PUBLIC.to_owned()),
            Some(Target::Name(_)) => Ok(&self.guarded),
            None => Err("must name a host".to_owned()),
        }
    }

    async fn check_now(&self, url: &str) -> Result<(), String> {
        let url =
            Url::parse(url).map_err(|_| "must be a URL such as https://example.com/hooks".to_owned())?;
        self.client_for(&url)?;
        let is_allowed = self.allowed_origins.contains(&url.origin().ascii_serialization());
        let Some(Target::Name(name)) = Target::of(&url).filter(|_| !is_allowed) else {
            return Ok(());
        };
        match tokio::time::timeout(CHECK_TIMEOUT, look_up(&name)).await {
            Ok(Ok(found)) => all_public(found).map(drop).map_err(str::to_owned),
            Ok(Err(_)) | Err(_) => Ok(()),
        }
    }

    async fn post_now(&self, attempt: WebhookTry, at: OffsetDateTime) -> Result<u16, String> {
        let url = Url::parse(&attempt.url).map_err(|_| "its address can't be read".to_owned())?;
        let client = self.client_for(&url)?;
        let payload = Payload { r#type: attempt.event, timestamp: attempt.happened_at, data: &attempt.ids };
        let body = serde_json::to_vec(&payload).map_err(|error| error.to_string())?;
        let (id, timestamp) = (attempt.delivery.to_string(), at.unix_timestamp());
        let request = client
            .post(url)
            .header(CONTENT_TYPE, "application/json")
            .header(ID, &id)
            .header(TIMESTAMP, timestamp)
            .header(SIGNATURE, sign(&attempt.keys, &id, timestamp, &body))
            .body(body);
        request.send().await.map(|response| response.status().as_u16()).map_err(innermost)
    }
}

/// `localhost` and the names below it are this machine, whatever a resolver says (RFC 6761, 6.3).
fn is_this_machine(name: &str) -> bool {
    let name = name.trim_end_matches('.');
    name == "localhost" || name.ends_with(".localhost")
}

fn builder() -> ClientBuilder {
    crate::http_client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .user_agent(USER_AGENT)
        .connect_timeout(CONNECT_TIMEOUT)
        .timeout(TIMEOUT)
}

/// What went wrong, without the URL, which may hold a token.
fn innermost(error: reqwest::Error) -> String {
    if error.is_timeout() {
        return format!("there was no answer within {} s", TIMEOUT.as_secs());
    }
    let error = error.without_url();
    let mut cause: &dyn StdError = &error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}

impl PostEvent for HttpPost {
    fn check(&self, url: &str) -> ChannelFuture<Result<(), String>> {
        let (post, url) = (self.clone(), url.to_owned());
        Box::pin(async move { post.check_now(&url).await })
    }

    fn post(&self, attempt: WebhookTry, at: OffsetDateTime) -> ChannelFuture<Result<u16, String>> {
        let post = self.clone();
        Box::pin(async move { post.post_now(attempt, at).await })
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::clock;
    use crate::domain::webhooks::WebhookKey;

    /// Neighbours of this machine, however they are written, and addresses that are no web addresses.
    const HOSTILE: &[&str] = &[
        "https://127.0.0.1/x",
        "https://127.1/x",
        "https://0x7f000001/x",
        "https://2130706433/x",
        "https://0177.0.0.1/x",
        "https://0.0.0.0/x",
        "https://10.1.2.3/x",
        "https://172.16.0.1/x",
        "https://192.168.1.1/x",
        "https://100.64.0.1/x",
        "https://169.254.169.254/latest/meta-data",
        "https://224.0.0.1/x",
        "https://255.255.255.255/x",
        "https://[::1]/x",
        "https://[::]/x",
        "https://[fe80::1]/x",
        "https://[fd00::1]/x",
        "https://[ff02::1]/x",
        "https://[::ffff:127.0.0.1]/x",
        "https://[64:ff9b::a00:1]/x",
        "https://localhost/x",
        "https://LOCALHOST./x",
        "https://localhost:8443/x",
        "https://user:pass@example.com/x",
        "http://example.com/x",
        "ftp://example.com/x",
        "file:///etc/passwd",
        "gopher://127.0.0.1/x",
        "//example.com/x",
        "not an address",
    ];

    fn attempt(url: &str) -> WebhookTry {
        WebhookTry {
            delivery: Uuid::from_u128(1).into(),
            webhook: Uuid::from_u128(2).into(),
            event: WebhookEvent::Test,
            ids: EventIds::new(),
            happened_at: OffsetDateTime::UNIX_EPOCH,
            attempt: 1,
            url: url.to_owned(),
            keys: vec![WebhookKey(vec![1; 32])],
        }
    }

    #[tokio::test]
    async fn neighbours_are_refused_when_they_are_added_and_when_they_are_posted_to() {
        let post = HttpPost::new(vec![]).unwrap();
        for url in HOSTILE {
            assert!(post.check(url).await.is_err(), "{url}");
            assert!(post.post(attempt(url), clock::now()).await.is_err(), "{url}");
        }
        let spoken = post.post(attempt("https://localhost:9/x"), clock::now()).await;
        assert_eq!(spoken, Err("its address is not on the public internet".to_owned()));
    }

    #[tokio::test]
    async fn an_address_that_is_not_known_yet_may_be_added() {
        let post = HttpPost::new(vec![]).unwrap();
        for url in ["https://8.8.8.8/x", "https://8.8.8.8:8443/x", "https://never.invalid/x"] {
            assert_eq!(post.check(url).await, Ok(()), "{url}");
        }
    }

    #[tokio::test]
    async fn an_exempt_origin_exempts_no_other_port_or_scheme() {
        let post = HttpPost::new(vec!["http://127.0.0.1:9".to_owned()]).unwrap();
        assert_eq!(post.check("http://127.0.0.1:9/x").await, Ok(()));
        for url in [
            "http://127.0.0.1:10/x",
            "https://127.0.0.1:9/x",
            "http://localhost:9/x",
            "http://a@127.0.0.1:9/",
        ] {
            assert!(post.check(url).await.is_err(), "{url}");
        }
    }
}
