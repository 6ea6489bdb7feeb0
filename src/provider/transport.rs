//! HTTP transport of a provider: one request, without retries. Error bodies are read within bounds and parsed.

use std::error::Error;
use std::time::Duration;

use futures_util::StreamExt;
use reqwest::header::{HeaderMap, LOCATION, RETRY_AFTER};
use reqwest::{Response, redirect};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc2822;

use super::failure::{CallFailure, Hints};
use super::refusal::{self, page_text};
use crate::clock;
use crate::live_secret::LiveSecret;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Maximum bytes read of an answer that is read as a whole: more than the vectors of one request take.
const WHOLE_MAX_BYTES: usize = 8 << 20;
/// Maximum bytes read of an error body.
const ERROR_MAX_BYTES: usize = 64 << 10;

/// Base URL and credentials of the provider.
#[derive(Clone, Debug)]
pub struct Account {
    /// Such as `https://api.openai.com/v1`.
    pub base_url: String,
    /// Self-hosted servers need none.
    pub key: Option<LiveSecret>,
}

/// A client that makes each request once. Redirects are not followed: they would carry the key to another host.
#[derive(Clone)]
pub struct ServiceClient {
    http: reqwest::Client,
    account: Account,
}

impl ServiceClient {
    pub fn new(account: &Account) -> Result<Self, reqwest::Error> {
        let http = crate::http_client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .redirect(redirect::Policy::none())
            .build()?;
        Ok(Self { http, account: account.clone() })
    }

    /// Where the service is.
    pub fn base_url(&self) -> &str {
        self.account.base_url.trim_end_matches('/')
    }

    /// The key, which no text may show.
    pub fn secret(&self) -> Option<SecretString> {
        self.account.key.as_ref().map(LiveSecret::now)
    }

    /// The response to a request, if its status is a success.
    pub async fn post(&self, path: &str, body: &impl Serialize) -> Result<Response, CallFailure> {
        let url = format!("{}/{path}", self.base_url());
        let key = self.secret();
        let key = key.as_ref().map_or("none", ExposeSecret::expose_secret);
        let request = self.http.post(url).bearer_auth(key).json(body);
        let response = request.send().await.map_err(|error| lost(&error))?;
        if response.status().is_success() { Ok(response) } else { Err(refused(response).await) }
    }
}

/// What a broken transport means.
pub fn lost(error: &reqwest::Error) -> CallFailure {
    if error.is_timeout() {
        return CallFailure::TimedOut;
    }
    if error.is_body() || error.is_decode() {
        return CallFailure::Broken("the connection was cut");
    }
    // The innermost cause says most, and no URL.
    let mut cause = error.source();
    while let Some(next) = cause.and_then(Error::source) {
        cause = Some(next);
    }
    CallFailure::Connection(cause.map(ToString::to_string).unwrap_or_default())
}

async fn refused(response: Response) -> CallFailure {
    let status = response.status().as_u16();
    let hints = hints(response.headers(), clock::now());
    let elsewhere = response.headers().get(LOCATION).and_then(|place| place.to_str().ok()).map(str::to_owned);
    let body = read_whole(response, ERROR_MAX_BYTES).await.unwrap_or_default();
    let body = match elsewhere {
        Some(place) => json!({ "message": format!("the service has moved to {place}") }),
        None => serde_json::from_slice(&body)
            .unwrap_or_else(|_| page_text(&String::from_utf8_lossy(&body)).into()),
    };
    let body = if body.is_string() { json!({ "message": body }) } else { body };
    refusal::failure(Some(status), &body, hints)
}

/// A JSON answer that is read as a whole.
pub async fn read_json(response: Response) -> Result<Value, CallFailure> {
    let body = read_whole(response, WHOLE_MAX_BYTES).await?;
    if body.trim_ascii_start().starts_with(b"<") {
        return Err(CallFailure::NotAnApi(page_text(&String::from_utf8_lossy(&body))));
    }
    let value =
        serde_json::from_slice(&body).map_err(|_| CallFailure::Broken("not what the API promises"))?;
    refusal::refusal(&value).map_or(Ok(value), Err)
}

async fn read_whole(response: Response, limit: usize) -> Result<Vec<u8>, CallFailure> {
    let mut read = Vec::new();
    let mut chunks = response.bytes_stream();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|error| lost(&error))?;
        if read.len() + chunk.len() > limit {
            return Err(CallFailure::Broken("the answer is too long"));
        }
        read.extend_from_slice(&chunk);
    }
    Ok(read)
}

/// `x-should-retry`, `retry-after-ms`, and `Retry-After` in seconds or as a date (RFC 9110, 10.2.3).
fn hints(headers: &HeaderMap, now: OffsetDateTime) -> Hints {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    let should_retry = match text("x-should-retry") {
        Some("true") => Some(true),
        Some("false") => Some(false),
        Some(_) | None => None,
    };
    let seconds = |text: &str| text.parse::<f64>().ok().and_then(|n| Duration::try_from_secs_f64(n).ok());
    let in_ms = text("retry-after-ms").and_then(seconds).map(|n| n.div_f64(1000.0));
    let after = in_ms.or_else(|| {
        let wish = text(RETRY_AFTER.as_str())?;
        seconds(wish).or_else(|| {
            let until = OffsetDateTime::parse(&wish.replace("GMT", "+0000"), &Rfc2822).ok()?;
            Some(Duration::try_from(until - now).unwrap_or_default())
        })
    });
    Hints { should_retry, after }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    fn read(headers: &[(&'static str, &str)]) -> Hints {
        let headers = headers
            .iter()
            .map(|(name, value)| (reqwest::header::HeaderName::from_static(name), value.parse().unwrap()));
        hints(&headers.collect(), datetime!(2026-01-02 10:00 UTC))
    }

    #[test]
    fn the_hints_are_read_in_every_form_and_milliseconds_win() {
        let after = |wish| Hints { should_retry: None, after: Some(wish) };
        assert_eq!(read(&[("retry-after", "7")]), after(Duration::from_secs(7)));
        assert_eq!(read(&[("retry-after", "0.5")]), after(Duration::from_millis(500)));
        assert_eq!(read(&[("retry-after", "Fri, 02 Jan 2026 10:00:30 GMT")]), after(Duration::from_secs(30)));
        assert_eq!(read(&[("retry-after", "Fri, 02 Jan 2026 09:00:00 GMT")]), after(Duration::ZERO));
        assert_eq!(
            read(&[("retry-after", "7"), ("retry-after-ms", "250"), ("x-should-retry", "false")]),
            Hints { should_retry: Some(false), after: Some(Duration::from_millis(250)) }
        );
        for nonsense in ["soon", "-1", "NaN", "1e400"] {
            assert_eq!(read(&[("retry-after", nonsense)]), Hints::default(), "{nonsense}");
        }
    }
}
