//! Pushes of Google Pub/Sub: the OIDC token of a request is verified before its body is read, and the notice only wakes
//! the feed, which goes on from its own cursor.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use reqwest::Client;
use reqwest::header::CACHE_CONTROL;
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use serde::Deserialize;
use tokio::sync::Mutex;

use super::Gmail;
use crate::channels::port::{ChannelFuture, PushNotice, PushReceiver, PushRefusal};
use crate::clock;
use crate::domain::customers::contact::Email;

const ISSUER: &str = "https://accounts.google.com";
const TIMEOUT: Duration = Duration::from_secs(5);
/// Clocks may differ by so much.
const LEEWAY_SECONDS: i64 = 60;
/// An unknown key is looked for at most so often.
const REFETCH_AFTER: Duration = Duration::from_secs(60);
/// How long keys are kept whose answer does not say.
const DEFAULT_AGE: Duration = Duration::from_secs(300);
const MAX_AGE: Duration = Duration::from_secs(24 * 3_600);
/// A token is about a kilobyte.
const TOKEN_MAX_BYTES: usize = 16 * 1024;

const LENIENT: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
const PLAIN: GeneralPurpose = GeneralPurpose::new(&STANDARD, LENIENT);
/// Google's base64url, with padding or without.
pub(super) const BASE64URL: GeneralPurpose = GeneralPurpose::new(&URL_SAFE, LENIENT);

/// Whose tokens are believed.
#[derive(Clone, Debug)]
pub struct PushSettings {
    /// The answer is a JWK set (RFC 7517).
    pub certs_url: String,
    /// The `aud` that the subscription was created with.
    pub audience: String,
    /// The service account that the subscription pushes as.
    pub service_account: String,
}

/// The receiver of pushes for these mailboxes.
pub struct GmailPush {
    http: Client,
    settings: PushSettings,
    keys: Arc<Mutex<KeyCache>>,
    mailboxes: Vec<(Email, Gmail)>,
}

#[derive(Default)]
struct KeyCache {
    keys: HashMap<String, SigningKey>,
    until: Option<Instant>,
    asked_at: Option<Instant>,
}

#[derive(Clone)]
struct SigningKey {
    n: Vec<u8>,
    e: Vec<u8>,
}

#[derive(Deserialize)]
struct KeySet {
    keys: Vec<Jwk>,
}

#[derive(Deserialize)]
struct Jwk {
    kid: Option<String>,
    kty: String,
    n: Option<String>,
    e: Option<String>,
}

#[derive(Deserialize)]
struct TokenHeader {
    alg: String,
    kid: Option<String>,
}

#[derive(Deserialize)]
struct PushClaims {
    iss: String,
    aud: String,
    exp: i64,
    iat: Option<i64>,
    email: Option<String>,
    email_verified: Option<bool>,
}

#[derive(Deserialize)]
struct PushEnvelope {
    message: PushMessage,
}

#[derive(Deserialize)]
struct PushMessage {
    data: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct MailboxChange {
    email_address: String,
    history_id: serde_json::Value,
}

impl GmailPush {
    /// Fetches nothing yet.
    pub fn new(settings: PushSettings, mailboxes: Vec<(Email, Gmail)>) -> Result<Self, reqwest::Error> {
        let http = crate::http_client::builder_for(&settings.certs_url)
            .timeout(TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        Ok(Self { http, settings, keys: Arc::default(), mailboxes })
    }
}

impl std::fmt::Debug for GmailPush {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("GmailPush").field("settings", &self.settings).finish_non_exhaustive()
    }
}

impl PushReceiver for GmailPush {
    fn verify(&self, token: Option<String>) -> ChannelFuture<Result<(), PushRefusal>> {
        let (http, settings, keys) = (self.http.clone(), self.settings.clone(), Arc::clone(&self.keys));
        Box::pin(async move {
            let token = token.ok_or(PushRefusal::Forged("there is no token"))?;
            let (header, claims) = unverified(&token)?;
            let kid = header.kid.ok_or(PushRefusal::Forged("the token names no key"))?;
            let key = key(&http, &settings.certs_url, &keys, &kid).await?;
            check_signature(&token, &key)?;
            check_claims(&claims, &settings, clock::now().unix_timestamp())
        })
    }

    fn read(&self, body: &[u8]) -> Option<PushNotice> {
        let envelope: PushEnvelope = serde_json::from_slice(body).ok()?;
        let data = envelope.message.data;
        let data = PLAIN.decode(&data).or_else(|_| BASE64URL.decode(&data)).ok()?;
        let change: MailboxChange = serde_json::from_slice(&data).ok()?;
        let id = &change.history_id;
        let position = id.as_str().map(str::to_owned).or_else(|| id.as_u64().map(|id| id.to_string()))?;
        Some(PushNotice { mailbox: Email::parse(&change.email_address).ok()?, position })
    }

    fn announce(&self, notice: &PushNotice) -> bool {
        let found = self.mailboxes.iter().find(|(address, _)| *address == notice.mailbox);
        found.inspect(|(_, gmail)| gmail.announce()).is_some()
    }
}

/// The parts of a token whose signature has not been checked. Only RS256 is ever accepted.
fn unverified(token: &str) -> Result<(TokenHeader, PushClaims), PushRefusal> {
    if token.len() > TOKEN_MAX_BYTES {
        return Err(PushRefusal::Forged("the token is too long"));
    }
    let mut parts = token.split('.');
    let (Some(header), Some(claims), Some(_), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(PushRefusal::Forged("the token does not have three parts"));
    };
    let header: TokenHeader = part(header).ok_or(PushRefusal::Forged("the token's header can't be read"))?;
    if header.alg != "RS256" {
        return Err(PushRefusal::Forged("the token is not signed by RS256"));
    }
    let claims = part(claims).ok_or(PushRefusal::Forged("the token's claims can't be read"))?;
    Ok((header, claims))
}

fn part<T: serde::de::DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_slice(&BASE64URL.decode(text).ok()?).ok()
}

fn check_signature(token: &str, key: &SigningKey) -> Result<(), PushRefusal> {
    let forged = PushRefusal::Forged("the token's signature is wrong");
    let Some((signed, signature)) = token.rsplit_once('.') else {
        return Err(forged);
    };
    let signature = BASE64URL.decode(signature).map_err(|_| forged.clone())?;
    let key = RsaPublicKeyComponents { n: &key.n, e: &key.e };
    key.verify(&RSA_PKCS1_2048_8192_SHA256, signed.as_bytes(), &signature).map_err(|_| forged)
}

fn check_claims(claims: &PushClaims, settings: &PushSettings, now: i64) -> Result<(), PushRefusal> {
    let refused = |why| Err(PushRefusal::Forged(why));
    if claims.iss != ISSUER {
        return refused("the token has another issuer");
    }
    if claims.aud != settings.audience {
        return refused("the token has another audience");
    }
    if claims.email.as_deref() != Some(&settings.service_account) || claims.email_verified != Some(true) {
        return refused("the token is not of our service account");
    }
    if claims.exp.saturating_add(LEEWAY_SECONDS) < now {
        return refused("the token has expired");
    }
    if claims.iat.is_some_and(|issued| issued > now.saturating_add(LEEWAY_SECONDS)) {
        return refused("the token is from the future");
    }
    Ok(())
}

async fn key(
    http: &Client,
    url: &str,
    cache: &Mutex<KeyCache>,
    kid: &str,
) -> Result<SigningKey, PushRefusal> {
    let mut cache = cache.lock().await;
    let now = clock::monotonic();
    let is_fresh = cache.until.is_some_and(|until| now < until);
    if let Some(key) = cache.keys.get(kid).filter(|_| is_fresh) {
        return Ok(key.clone());
    }
    let was_asked = cache.asked_at.is_some_and(|at| now < at + REFETCH_AFTER);
    if is_fresh && was_asked {
        return Err(PushRefusal::Forged("the token's key is unknown"));
    }
    match fetch(http, url).await {
        Ok((keys, age)) => {
            *cache = KeyCache { keys, until: Some(now + age), asked_at: Some(now) };
            cache.keys.get(kid).cloned().ok_or(PushRefusal::Forged("the token's key is unknown"))
        }
        // Known keys are better than none.
        Err(why) => cache.keys.get(kid).cloned().ok_or(PushRefusal::Unavailable(why)),
    }
}

async fn fetch(http: &Client, url: &str) -> Result<(HashMap<String, SigningKey>, Duration), String> {
    let response = http.get(url).send().await.and_then(reqwest::Response::error_for_status);
    let response = response.map_err(|error| error.without_url().to_string())?;
    let age = response.headers().get(CACHE_CONTROL).and_then(|value| value.to_str().ok()).and_then(max_age);
    let set: KeySet = response.json().await.map_err(|error| error.without_url().to_string())?;
    let keys = set.keys.into_iter().filter(|key| key.kty == "RSA").filter_map(|key| {
        let (n, e) = (BASE64URL.decode(key.n?).ok()?, BASE64URL.decode(key.e?).ok()?);
        Some((key.kid?, SigningKey { n, e }))
    });
    Ok((keys.collect(), age.unwrap_or(DEFAULT_AGE).min(MAX_AGE)))
}

fn max_age(header: &str) -> Option<Duration> {
    let mut directives = header.split(',').map(str::trim);
    directives.find_map(|directive| directive.strip_prefix("max-age="))?.parse().ok().map(Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> PushSettings {
        PushSettings {
            certs_url: "http://127.0.0.1:9".to_owned(),
            audience: "https://acme.example/webhooks/gmail".to_owned(),
            service_account: "push@acme.iam.gserviceaccount.com".to_owned(),
        }
    }

    fn claims() -> PushClaims {
        PushClaims {
            iss: ISSUER.to_owned(),
            aud: settings().audience,
            exp: 2_000,
            iat: Some(1_000),
            email: Some(settings().service_account),
            email_verified: Some(true),
        }
    }

    #[test]
    fn each_claim_must_be_ours() {
        let check = |claims: PushClaims| check_claims(&claims, &settings(), 1_500);
        assert_eq!(check(claims()), Ok(()));
        let wrong = "wrong".to_owned();
        for forged in [
            PushClaims { iss: wrong.clone(), ..claims() },
            PushClaims { aud: wrong.clone(), ..claims() },
            PushClaims { email: Some(wrong), ..claims() },
            PushClaims { email: None, ..claims() },
            PushClaims { email_verified: Some(false), ..claims() },
            PushClaims { email_verified: None, ..claims() },
            PushClaims { exp: 1_400, ..claims() },
            PushClaims { iat: Some(1_600), ..claims() },
        ] {
            assert!(matches!(check(forged), Err(PushRefusal::Forged(_))));
        }
    }

    #[test]
    fn only_rs256_is_read() {
        let token = |header: &str| {
            let claims = r#"{"iss":"a","aud":"b","exp":1}"#;
            format!("{}.{}.c2ln", BASE64URL.encode(header), BASE64URL.encode(claims))
        };
        assert!(unverified(&token(r#"{"alg":"RS256","kid":"k"}"#)).is_ok());
        for header in [r#"{"alg":"none"}"#, r#"{"alg":"HS256","kid":"k"}"#, r#"{"alg":"rs256"}"#, "{", "{}"] {
            assert!(unverified(&token(header)).is_err(), "{header}");
        }
        for token in ["", "a.b", "a.b.c.d", "...", &"x".repeat(TOKEN_MAX_BYTES + 1)] {
            assert!(unverified(token).is_err(), "{token}");
        }
    }

    #[test]
    fn keys_are_kept_as_long_as_their_server_says() {
        assert_eq!(max_age("public, max-age=20345, must-revalidate"), Some(Duration::from_secs(20_345)));
        assert_eq!(max_age("no-cache"), None);
    }
}
