//! Pushes of Pub/Sub, with tokens signed by a key of the tests.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair, RsaPublicKeyComponents};
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::pki_types::pem::PemObject;
use serde_json::{Value, json};

use super::{AUDIENCE, PUSH_ACCOUNT};
use crate::support::wait::LIMIT;

/// Made for these tests; it opens nothing.
const KEY: &[u8] = include_bytes!("test-key.pem");
const KEY_ID: &str = "key-1";

/// A token, valid unless a test changes it.
#[derive(Clone, Debug)]
pub struct PushToken {
    pub header: Value,
    pub claims: Value,
    /// Changes the signature.
    pub is_forged: bool,
}

impl Default for PushToken {
    fn default() -> Self {
        let now = fte::clock::now().unix_timestamp();
        Self {
            header: json!({ "alg": "RS256", "kid": KEY_ID, "typ": "JWT" }),
            claims: json!({
                "iss": "https://accounts.google.com", "aud": AUDIENCE, "email": PUSH_ACCOUNT,
                "email_verified": true, "iat": now, "exp": now + 3_600, "sub": "1",
            }),
            is_forged: false,
        }
    }
}

impl PushToken {
    pub fn with(claim: &str, value: Value) -> Self {
        let mut token = Self::default();
        token.claims[claim] = value;
        token
    }

    pub fn text(&self) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(&self.header), part(&self.claims));
        if self.header["alg"] == "none" {
            return format!("{signed}.");
        }
        let key = key();
        let mut signature = vec![0; key.public().modulus_len()];
        key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature).unwrap();
        if self.is_forged {
            signature[7] ^= 1;
        }
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

fn key() -> RsaKeyPair {
    let der = PrivatePkcs8KeyDer::from_pem_slice(KEY).unwrap();
    RsaKeyPair::from_pkcs8(der.secret_pkcs8_der()).unwrap()
}

/// The credentials of a service account with the key of the tests.
pub fn service_account(email: &str) -> Value {
    let key = String::from_utf8_lossy(KEY);
    json!({ "type": "service_account", "client_email": email, "private_key_id": KEY_ID, "private_key": key })
}

/// The claims of a token that is signed by the key of the tests.
pub fn claims_of(token: &str) -> Value {
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let public = RsaPublicKeyComponents::<Vec<u8>>::from(key().public());
    let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
    public.verify(&RSA_PKCS1_2048_8192_SHA256, signed.as_bytes(), &signature).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(signed.split_once('.').unwrap().1).unwrap()).unwrap()
}

pub fn key_set() -> Value {
    let public = RsaPublicKeyComponents::<Vec<u8>>::from(key().public());
    let (n, e) = (URL_SAFE_NO_PAD.encode(public.n), URL_SAFE_NO_PAD.encode(public.e));
    json!({ "keys": [{ "kty": "RSA", "alg": "RS256", "use": "sig", "kid": KEY_ID, "n": n, "e": e }] })
}

pub async fn post(base: &str, token: &str, mailbox: &str, history_id: u64) -> u16 {
    let data = json!({ "emailAddress": mailbox, "historyId": history_id }).to_string();
    let body = json!({
        "message": { "data": STANDARD.encode(data), "messageId": "1", "publishTime": "2026-11-30T08:00:00Z" },
        "subscription": "projects/acme/subscriptions/mail",
    });
    let http = fte::http_client::builder().no_proxy().timeout(LIMIT).build().unwrap();
    let request = http.post(format!("{base}/webhooks/gmail")).json(&body);
    let request = if token.is_empty() { request } else { request.bearer_auth(token) };
    request.send().await.unwrap().status().as_u16()
}
