//! Access token cache: one request at a time, renewed before expiry. A revoked consent is permanent: the error says what
//! to do, and the server is asked again only after a pause.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::Client;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::json;
use tokio::sync::Mutex;

use super::credentials::{CredentialsError, OauthCredentials, ServiceCredentials, UserCredentials};
use crate::clock;

const TIMEOUT: Duration = Duration::from_secs(10);
/// A token is renewed so long before it expires.
const RENEW_BEFORE: Duration = Duration::from_secs(300);
/// Lifetime of a token whose answer does not say.
const DEFAULT_LIFETIME: Duration = Duration::from_secs(600);
/// The server is not asked again within this time after it refused.
const REFUSED_PAUSE: Duration = Duration::from_secs(30);
/// Of an assertion; the maximum (RFC 7523 as Google applies it).
const ASSERTION_SECONDS: i64 = 3_600;
const GRANT: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/// Where tokens come from, and for what.
#[derive(Clone, Debug)]
pub struct TokenSettings {
    pub credentials: OauthCredentials,
    /// Their file. It is read again before each request, so that a new consent counts without a restart.
    pub path: PathBuf,
    pub token_url: String,
    pub scope: String,
    /// The mailbox that a service account acts for.
    pub subject: String,
}

/// Why there is no token.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Permanent until an operator acts.
    #[error("{0}")]
    Revoked(String),
    /// A retry may succeed.
    #[error("no access token at present: {0}")]
    Unavailable(String),
}

#[derive(Debug)]
pub struct TokenSource {
    http: Client,
    settings: TokenSettings,
    cached: Mutex<Option<CachedToken>>,
}

#[derive(Debug)]
struct CachedToken {
    token: Result<SecretString, TokenError>,
    until: Instant,
}

#[derive(Deserialize)]
struct Granted {
    access_token: SecretString,
    expires_in: Option<u64>,
}

/// The fields of a request.
type TokenForm = Vec<(&'static str, String)>;

#[derive(Default, Deserialize)]
struct Denied {
    error: Option<String>,
    error_description: Option<String>,
}

impl TokenSource {
    /// Sends nothing.
    pub fn new(settings: TokenSettings) -> Result<Self, reqwest::Error> {
        let http = crate::http_client::builder_for(&settings.token_url)
            .timeout(TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .build()?;
        Ok(Self { http, settings, cached: Mutex::new(None) })
    }

    /// A token that stays valid for a while.
    pub async fn token(&self) -> Result<SecretString, TokenError> {
        let mut cached = self.cached.lock().await;
        if let Some(known) = cached.as_ref().filter(|known| clock::monotonic() < known.until) {
            return known.token.clone();
        }
        let granted = self.ask().await;
        let lifetime = match &granted {
            Ok(granted) => {
                let lifetime = granted.expires_in.map_or(DEFAULT_LIFETIME, Duration::from_secs);
                lifetime.saturating_sub(RENEW_BEFORE).max(lifetime / 2)
            }
            Err(TokenError::Revoked(_)) => REFUSED_PAUSE,
            Err(TokenError::Unavailable(_)) => Duration::ZERO,
        };
        let token = granted.map(|granted| granted.access_token);
        *cached = Some(CachedToken { token: token.clone(), until: clock::monotonic() + lifetime });
        token
    }

    /// The provider does not accept this token any more, whatever its lifetime.
    pub async fn forget(&self, refused: &SecretString) {
        let mut cached = self.cached.lock().await;
        let is_same = |known: &CachedToken| {
            known.token.as_ref().is_ok_and(|token| token.expose_secret() == refused.expose_secret())
        };
        // Another request may have got a new one meanwhile.
        if cached.as_ref().is_some_and(is_same) {
            *cached = None;
        }
    }

    async fn ask(&self) -> Result<Granted, TokenError> {
        let (url, form) = self.request().map_err(|error| TokenError::Revoked(error.to_string()))?;
        let sent = self.http.post(url).form(&form).send().await;
        let response = sent.map_err(|error| TokenError::Unavailable(error.without_url().to_string()))?;
        let status = response.status();
        if status.is_success() {
            let granted = response.json().await;
            return granted.map_err(|error| TokenError::Unavailable(error.without_url().to_string()));
        }
        let denied: Denied = response.json().await.unwrap_or_default();
        Err(refusal(status.as_u16(), &denied))
    }

    /// Those of the file as it is now, else those that it had at the start.
    fn credentials(&self) -> OauthCredentials {
        let TokenSettings { credentials, path, .. } = &self.settings;
        OauthCredentials::read(path).unwrap_or_else(|error| {
            tracing::warn!(path = %path.display(), %error, "could not read the credentials again");
            credentials.clone()
        })
    }

    fn request(&self) -> Result<(String, TokenForm), CredentialsError> {
        let TokenSettings { token_url, scope, subject, .. } = &self.settings;
        match &self.credentials() {
            OauthCredentials::User(user) => Ok((token_url.clone(), user_form(user))),
            OauthCredentials::Service(account) => {
                let assertion = assertion(account, token_url, scope, subject)?;
                Ok((token_url.clone(), vec![("grant_type", GRANT.to_owned()), ("assertion", assertion)]))
            }
        }
    }
}

fn user_form(user: &UserCredentials) -> TokenForm {
    let mut form = vec![("client_id", user.client_id.clone())];
    let secret = user.client_secret.expose_secret();
    if !secret.is_empty() {
        form.push(("client_secret", secret.to_owned()));
    }
    form.extend(user.scope.clone().map(|scope| ("scope", scope)));
    match &user.refresh_token {
        Some(token) => {
            form.push(("grant_type", "refresh_token".to_owned()));
            form.push(("refresh_token", token.expose_secret().to_owned()));
        }
        None => form.push(("grant_type", "client_credentials".to_owned())),
    }
    form
}

fn assertion(
    account: &ServiceCredentials,
    token_url: &str,
    scope: &str,
    subject: &str,
) -> Result<String, CredentialsError> {
    let mut header = json!({ "alg": "RS256", "typ": "JWT" });
    if let (Some(id), Some(fields)) = (account.key_id(), header.as_object_mut()) {
        fields.insert("kid".to_owned(), id.into());
    }
    let now = clock::now().unix_timestamp();
    let claims = json!({
        "iss": account.client_email, "sub": subject, "scope": scope, "aud": token_url,
        "iat": now, "exp": now + ASSERTION_SECONDS,
    });
    let part = |value: &serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(&header), part(&claims));
    let signature = URL_SAFE_NO_PAD.encode(account.sign(signed.as_bytes())?);
    Ok(format!("{signed}.{signature}"))
}

/// What a refusal means (RFC 6749, 5.2).
fn refusal(status: u16, denied: &Denied) -> TokenError {
    let code = denied.error.as_deref().unwrap_or("no code");
    let detail = denied.error_description.as_deref().unwrap_or_default();
    match code {
        "invalid_grant" => TokenError::Revoked(format!(
            "the consent for the mailbox is no longer valid (invalid_grant {detail}): run `fte gmail connect` again; \
             if this happens every 7 days, set the publishing status of the OAuth app to \"In production\""
        )),
        "invalid_client" | "unauthorized_client" | "invalid_scope" | "access_denied" => {
            TokenError::Revoked(format!(
                "the token server refuses the credentials ({code} {detail}): check GMAIL_CREDENTIALS_PATH, and for a \
                 service account its domain-wide delegation"
            ))
        }
        _ => TokenError::Unavailable(format!("the token server answered {status} ({code} {detail})")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn denied(code: &str) -> Denied {
        Denied { error: Some(code.to_owned()), error_description: Some("why".to_owned()) }
    }

    #[test]
    fn a_revoked_consent_is_permanent_and_a_failing_server_is_not() {
        let revoked = refusal(400, &denied("invalid_grant"));
        assert!(
            matches!(&revoked, TokenError::Revoked(why) if why.contains("fte gmail connect")),
            "{revoked}"
        );
        assert!(matches!(refusal(401, &denied("unauthorized_client")), TokenError::Revoked(_)));
        assert!(matches!(refusal(500, &denied("internal_failure")), TokenError::Unavailable(_)));
        assert!(matches!(refusal(429, &Denied::default()), TokenError::Unavailable(_)));
    }
}
