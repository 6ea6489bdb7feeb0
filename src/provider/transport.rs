//! HTTP transport for async-openai without that library's retries, which would hide the headers that say when to retry.
//! Error bodies are read within bounds and reduced to codes.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use async_openai::Client;
use async_openai::config::OpenAIConfig;
use async_openai::error::OpenAIError;
use async_openai::middleware::HttpRequestFactory;
use futures_util::StreamExt;
use reqwest::header::{CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use reqwest::{Response, redirect};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc2822;

use super::backoff::{CallFailure, Hints};
use crate::clock;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Maximum bytes read of an answer that is not streamed: more than the vectors of one request take.
const WHOLE_MAX_BYTES: usize = 8 << 20;
/// Maximum bytes read of an error body.
const ERROR_MAX_BYTES: usize = 64 << 10;
/// Maximum characters of a provider's error code.
const CODE_MAX_CHARS: usize = 60;

/// Base URL and credentials of the provider.
#[derive(Clone, Debug)]
pub struct Account {
    /// Such as `https://api.openai.com/v1`.
    pub base_url: String,
    /// Self-hosted servers need none.
    pub key: Option<SecretString>,
}

/// A client that makes each request once. Redirects are not followed: they would carry the key to another host.
pub fn connect(account: &Account) -> Result<Client<OpenAIConfig>, reqwest::Error> {
    let http = crate::http_client::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .redirect(redirect::Policy::none())
        .build()?;
    let key = account.key.as_ref().map_or("none", |key| key.expose_secret());
    // Not `OpenAIConfig::default()`, which reads the environment.
    let without_environment =
        serde_json::json!({ "api_base": account.base_url, "api_key": key, "org_id": "", "project_id": "" });
    let config: OpenAIConfig = serde_json::from_value(without_environment).unwrap_or_default();
    let config = config.with_api_base(account.base_url.trim_end_matches('/')).with_api_key(key);
    Ok(Client::build(http.clone(), config).with_http_service(Service(http)))
}

/// Makes a request once and classifies the result.
#[derive(Clone)]
pub struct Service(reqwest::Client);

/// A complete answer although a stream was requested: some services do not stream.
#[derive(Debug, thiserror::Error)]
#[error("an answer in one piece")]
pub struct Whole(pub Vec<u8>);

impl tower_service::Service<HttpRequestFactory> for Service {
    type Response = Response;
    type Error = OpenAIError;
    type Future = Pin<Box<dyn Future<Output = Result<Response, OpenAIError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), OpenAIError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: HttpRequestFactory) -> Self::Future {
        let http = self.0.clone();
        Box::pin(async move {
            let request = request.build().await?;
            let response = http.execute(request).await.map_err(|error| boxed(lost(&error)))?;
            if !response.status().is_success() {
                return Err(boxed(refusal(response).await));
            }
            let is_stream = response.headers().get(CONTENT_TYPE).is_some_and(is_event_stream);
            if is_stream {
                return Ok(response);
            }
            match bytes(response, WHOLE_MAX_BYTES).await {
                Ok(bytes) => Err(OpenAIError::Boxed(Box::new(Whole(bytes)))),
                Err(failure) => Err(boxed(failure)),
            }
        })
    }
}

fn is_event_stream(value: &reqwest::header::HeaderValue) -> bool {
    value.to_str().is_ok_and(|kind| kind.starts_with("text/event-stream"))
}

fn boxed(failure: CallFailure) -> OpenAIError {
    OpenAIError::Boxed(Box::new(failure))
}

/// What an error of the library means: a complete answer, or a failure.
pub fn failure(error: OpenAIError) -> Result<Whole, CallFailure> {
    match error {
        OpenAIError::Boxed(inside) => match inside.downcast::<Whole>() {
            Ok(whole) => Ok(*whole),
            Err(other) => {
                Err(other.downcast::<CallFailure>().map_or(CallFailure::Connection, |failure| *failure))
            }
        },
        OpenAIError::Reqwest(error) => Err(lost(&error)),
        OpenAIError::StreamError(_) => Err(CallFailure::Broken("the stream was cut")),
        OpenAIError::JSONDeserialize(..) => Err(CallFailure::Broken("not what the API promises")),
        OpenAIError::ApiError(error) => Err(CallFailure::Status {
            status: error.status_code.as_u16(),
            code: code(error.api_error.code, error.api_error.r#type),
            hints: Hints::default(),
        }),
        OpenAIError::InvalidArgument(_) | OpenAIError::FileSaveError(_) | OpenAIError::FileReadError(_) => {
            Err(CallFailure::Broken("the request could not be made"))
        }
    }
}

fn lost(error: &reqwest::Error) -> CallFailure {
    if error.is_timeout() { CallFailure::TimedOut } else { CallFailure::Connection }
}

#[derive(Default, Deserialize)]
struct Wrapped {
    #[serde(default)]
    error: Named,
}

#[derive(Default, Deserialize)]
struct Named {
    code: Option<serde_json::Value>,
    r#type: Option<String>,
}

async fn refusal(response: Response) -> CallFailure {
    let status = response.status().as_u16();
    let hints = hints(response.headers(), clock::now());
    let body = bytes(response, ERROR_MAX_BYTES).await.unwrap_or_default();
    let Wrapped { error: Named { code: named, r#type } } = serde_json::from_slice(&body).unwrap_or_default();
    let named = named.and_then(|code| code.as_str().map(str::to_owned));
    CallFailure::Status { status, code: code(named, r#type), hints }
}

/// Some services name the quota in the type alone. Only identifier characters are kept.
fn code(code: Option<String>, kind: Option<String>) -> String {
    let is_quota = kind.as_deref() == Some("insufficient_quota");
    let code = if is_quota { kind } else { code.or(kind) };
    let letters = code.unwrap_or_default();
    letters.chars().filter(|c| c.is_ascii_alphanumeric() || "_.-".contains(*c)).take(CODE_MAX_CHARS).collect()
}

async fn bytes(response: Response, limit: usize) -> Result<Vec<u8>, CallFailure> {
    let mut read = Vec::new();
    let mut chunks = response.bytes_stream();
    while let Some(chunk) = chunks.next().await {
        let cut = CallFailure::Broken("the answer was cut");
        let chunk =
            chunk.map_err(|error| if error.is_timeout() { CallFailure::TimedOut } else { cut.clone() })?;
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

    #[test]
    fn a_code_holds_no_free_text() {
        let long = format!("bad key sk-123 <script>{}", "x".repeat(200));
        let kept = code(Some(long), None);
        assert!(kept.len() <= CODE_MAX_CHARS && !kept.contains([' ', '<']), "{kept}");
        assert_eq!(code(Some("other".into()), Some("insufficient_quota".into())), "insufficient_quota");
    }
}
