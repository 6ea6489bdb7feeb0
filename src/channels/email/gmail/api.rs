//! HTTP client of Gmail's API: authorisation, what its errors mean, and the pause that its quota asks for.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use reqwest::{Client, Method, RequestBuilder, Response};
use secrecy::ExposeSecret;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::super::oauth::TokenSource;
use crate::channels::port::SendError;
use crate::clock;
use crate::domain::enums::FailureCause;
use crate::domain::messages::delivery::Failure;
use crate::domain::runtime::backoff::Backoff;
use crate::domain::runtime::timing::DELIVERY_REQUEST_TIMEOUT;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Of the first pause after a quota error; it doubles.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const MAX_PAUSE: Duration = Duration::from_secs(60);
/// Reasons of a 403 that mean "later" (Gmail's page on errors); every other 403 is about the account.
const QUOTA: &[&str] = &[
    "rateLimitExceeded",
    "userRateLimitExceeded",
    "quotaExceeded",
    "dailyLimitExceeded",
    "backendError",
    "RESOURCE_EXHAUSTED",
];

/// The API's root, without a trailing slash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GmailUrl(pub String);

/// An answer other than success.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ApiError {
    /// There is no such thing (any more).
    NotFound,
    Other(SendError),
}

impl From<SendError> for ApiError {
    fn from(error: SendError) -> Self {
        Self::Other(error)
    }
}

impl From<ApiError> for SendError {
    fn from(error: ApiError) -> Self {
        match error {
            ApiError::NotFound => Self::Later { why: "Gmail does not find it".to_owned(), retry_after: None },
            ApiError::Other(error) => error,
        }
    }
}

#[derive(Clone)]
pub struct Api {
    http: Client,
    url: GmailUrl,
    tokens: Arc<TokenSource>,
    quota: Arc<Mutex<QuotaPause>>,
}

/// Consecutive quota errors, and until when they pause every request.
#[derive(Default)]
struct QuotaPause {
    errors: u32,
    until: Option<Instant>,
}

#[derive(Default, Deserialize)]
struct ErrorBody {
    #[serde(default)]
    error: ErrorDetail,
}

#[derive(Default, Deserialize)]
struct ErrorDetail {
    #[serde(default)]
    message: String,
    #[serde(default)]
    status: String,
    #[serde(default)]
    errors: Vec<ErrorReason>,
}

#[derive(Default, Deserialize)]
struct ErrorReason {
    #[serde(default)]
    reason: String,
}

impl Api {
    pub fn new(url: GmailUrl, tokens: Arc<TokenSource>) -> Result<Self, reqwest::Error> {
        let http = crate::http_client::builder_for(&url.0)
            .timeout(DELIVERY_REQUEST_TIMEOUT)
            .connect_timeout(CONNECT_TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .build()?;
        Ok(Self { http, url, tokens, quota: Arc::default() })
    }

    pub async fn get<T: DeserializeOwned>(
        &self,
        path: &str,
        query: &[(&str, String)],
    ) -> Result<T, ApiError> {
        self.call(|http, url| http.request(Method::GET, url).query(query), path).await
    }

    pub async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &serde_json::Value,
    ) -> Result<T, ApiError> {
        self.call(|http, url| http.request(Method::POST, url).json(body), path).await
    }

    /// One request; a refused token is renewed once.
    async fn call<T: DeserializeOwned>(
        &self,
        request: impl Fn(&Client, String) -> RequestBuilder,
        path: &str,
    ) -> Result<T, ApiError> {
        self.check_pause()?;
        let url = format!("{}/gmail/v1/users/me/{path}", self.url.0);
        for is_last in [false, true] {
            let token = self.tokens.token().await.map_err(SendError::from)?;
            let request = request(&self.http, url.clone()).bearer_auth(token.expose_secret());
            let response = request.send().await.map_err(|error| ApiError::Other(lost(error)))?;
            let status = response.status();
            if status.is_success() {
                self.clear_pause();
                let lost = |error: reqwest::Error| SendError::Unknown(error.without_url().to_string());
                return response.json().await.map_err(|error| ApiError::Other(lost(error)));
            }
            if status.as_u16() == 401 && !is_last {
                self.tokens.forget(&token).await;
                continue;
            }
            return Err(self.refused(response).await);
        }
        Err(ApiError::Other(SendError::Account("Gmail accepts no token of this account".to_owned())))
    }

    async fn refused(&self, response: Response) -> ApiError {
        let status = response.status().as_u16();
        let retry_after = crate::http_client::retry_after(&response);
        let error = response.json::<ErrorBody>().await.unwrap_or_default().error;
        let is_quota = status == 429
            || status == 403
                && (QUOTA.contains(&error.status.as_str())
                    || error.errors.iter().any(|one| QUOTA.contains(&one.reason.as_str())));
        if is_quota {
            let pause = self.pause(retry_after);
            let why = format!("Gmail's quota is used up: {}", error.message);
            return SendError::Later { why, retry_after: Some(pause) }.into();
        }
        meaning(status, error.message, retry_after)
    }

    fn check_pause(&self) -> Result<(), SendError> {
        let quota = self.quota.lock().unwrap_or_else(PoisonError::into_inner);
        let left = quota.until.and_then(|until| until.checked_duration_since(clock::monotonic()));
        match left.filter(|left| !left.is_zero()) {
            Some(left) => {
                let why = "Gmail's quota is used up".to_owned();
                Err(SendError::Later { why, retry_after: Some(left) })
            }
            None => Ok(()),
        }
    }

    fn pause(&self, asked: Option<Duration>) -> Duration {
        let mut quota = self.quota.lock().unwrap_or_else(PoisonError::into_inner);
        let now = clock::monotonic();
        // Requests that failed together count as one error.
        if quota.until.is_none_or(|until| now >= until) {
            quota.errors = quota.errors.saturating_add(1);
        }
        let pause = asked.unwrap_or_else(|| Backoff::doubling(FIRST_PAUSE, MAX_PAUSE).pause(quota.errors));
        quota.until = Some(now + pause.min(MAX_PAUSE));
        pause.min(MAX_PAUSE)
    }

    fn clear_pause(&self) {
        *self.quota.lock().unwrap_or_else(PoisonError::into_inner) = QuotaPause::default();
    }
}

fn meaning(status: u16, message: String, retry_after: Option<Duration>) -> ApiError {
    let error = match status {
        404 => return ApiError::NotFound,
        400 if message.to_ascii_lowercase().contains("precondition")
            || message.to_ascii_lowercase().contains("mail service not enabled") =>
        {
            SendError::Account(format!("Gmail is not available to this account: {message}"))
        }
        400 | 413 => {
            let cause =
                if names_recipient(&message) { FailureCause::InvalidAddress } else { FailureCause::Rejected };
            SendError::Refused(Failure::new(cause, format!("{status} {message}")))
        }
        401 | 403 => SendError::Account(format!("Gmail refuses the account ({status}): {message}")),
        500.. => SendError::Unknown(format!("Gmail answered {status}: {message}")),
        _ => SendError::Later { why: format!("Gmail answered {status}: {message}"), retry_after },
    };
    ApiError::Other(error)
}

/// Whether an error is about an address: "Invalid To header", "Recipient address required".
fn names_recipient(message: &str) -> bool {
    let message = message.to_ascii_lowercase();
    ["invalid to ", "invalid cc ", "invalid bcc ", "recipient address"]
        .iter()
        .any(|words| message.contains(words))
}

/// A request that never connected was certainly not received; any other may have been.
fn lost(error: reqwest::Error) -> SendError {
    let never_sent = error.is_connect() || error.is_builder();
    let why = error.without_url().to_string();
    if never_sent { SendError::Later { why, retry_after: None } } else { SendError::Unknown(why) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(status: u16, message: &str) -> SendError {
        meaning(status, message.to_owned(), None).into()
    }

    #[test]
    fn errors_say_who_must_act() {
        assert!(matches!(of(403, "Request had insufficient scopes"), SendError::Account(_)));
        assert!(matches!(of(400, "Precondition check failed."), SendError::Account(_)));
        let cause = |message| match of(400, message) {
            SendError::Refused(failure) => Some(failure.cause),
            SendError::Later { .. } | SendError::Account(_) | SendError::Unknown(_) => None,
        };
        assert_eq!(cause("Invalid To header"), Some(FailureCause::InvalidAddress));
        assert_eq!(cause("Message too large"), Some(FailureCause::Rejected));
        assert!(matches!(of(503, "backend"), SendError::Unknown(_)));
        assert!(matches!(of(409, "conflict"), SendError::Later { .. }));
        assert_eq!(meaning(404, String::new(), None), ApiError::NotFound);
    }
}
