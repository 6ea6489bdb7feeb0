//! Credentials files in Google's JSON shapes: `authorized_user` (a refresh token) and `service_account` (a private key).

use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::pki_types::pem::PemObject;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

/// Credentials of one of the two kinds.
#[derive(Clone, Debug)]
pub enum OauthCredentials {
    User(UserCredentials),
    Service(ServiceCredentials),
}

/// A person's consent.
#[derive(Clone, Debug, Deserialize)]
pub struct UserCredentials {
    pub client_id: String,
    #[serde(default = "empty")]
    pub client_secret: SecretString,
    /// Without one, the client authenticates as itself (`client_credentials`), as Microsoft 365 allows.
    pub refresh_token: Option<SecretString>,
    pub token_uri: Option<String>,
    pub scope: Option<String>,
}

/// A service account with domain-wide delegation.
#[derive(Clone, Debug, Deserialize)]
pub struct ServiceCredentials {
    pub client_email: String,
    private_key: SecretString,
    private_key_id: Option<String>,
    pub token_uri: Option<String>,
}

fn empty() -> SecretString {
    SecretString::from("")
}

/// Why a credentials file can't be used; the text says what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CredentialsError {
    #[error("could not read the file: {0}")]
    Unreadable(String),
    #[error("the file is no JSON object: {0}")]
    NoJson(String),
    #[error("the file holds an OAuth client, not a consent: run `fte gmail connect --client FILE`")]
    OnlyClient,
    #[error("its `type` is {0}, and `authorized_user` or `service_account` is expected")]
    OtherType(String),
    #[error("a field is missing or wrong: {0}")]
    Incomplete(String),
    #[error("its `private_key` is no RSA key in PKCS #8: {0}")]
    BadKey(String),
}

impl OauthCredentials {
    pub fn read(path: &std::path::Path) -> Result<Self, CredentialsError> {
        let text = std::fs::read_to_string(path);
        Self::parse(&text.map_err(|error| CredentialsError::Unreadable(error.to_string()))?)
    }

    pub fn parse(text: &str) -> Result<Self, CredentialsError> {
        let value: serde_json::Value =
            serde_json::from_str(text).map_err(|error| CredentialsError::NoJson(error.to_string()))?;
        let incomplete = |error: serde_json::Error| CredentialsError::Incomplete(error.to_string());
        match value.get("type").and_then(serde_json::Value::as_str) {
            Some("authorized_user") => serde_json::from_value(value).map(Self::User).map_err(incomplete),
            Some("service_account") => {
                let account: ServiceCredentials = serde_json::from_value(value).map_err(incomplete)?;
                account.key()?;
                Ok(Self::Service(account))
            }
            Some(other) => Err(CredentialsError::OtherType(format!("`{other}`"))),
            None if value.get("installed").or_else(|| value.get("web")).is_some() => {
                Err(CredentialsError::OnlyClient)
            }
            None if value.is_object() => Err(CredentialsError::OtherType("missing".to_owned())),
            None => Err(CredentialsError::NoJson("it holds another value".to_owned())),
        }
    }
}

impl ServiceCredentials {
    /// The header of an assertion names it, where the file does.
    pub fn key_id(&self) -> Option<&str> {
        self.private_key_id.as_deref()
    }

    /// A signature by RSASSA-PKCS1-v1_5 with SHA-256 (`RS256`).
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, CredentialsError> {
        let key = self.key()?;
        let mut signature = vec![0; key.public().modulus_len()];
        let signed = key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature);
        signed.map_err(|error| CredentialsError::BadKey(error.to_string()))?;
        Ok(signature)
    }

    fn key(&self) -> Result<RsaKeyPair, CredentialsError> {
        let der = PrivatePkcs8KeyDer::from_pem_slice(self.private_key.expose_secret().as_bytes());
        let der = der.map_err(|error| CredentialsError::BadKey(error.to_string()))?;
        RsaKeyPair::from_pkcs8(der.secret_pkcs8_der())
            .map_err(|error| CredentialsError::BadKey(error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_cannot_be_used_says_what_to_do() {
        for (text, expected) in [
            ("{", "no JSON"),
            ("[]", "no JSON"),
            ("{}", "`type` is missing"),
            (r#"{"type":"external_account"}"#, "`type` is `external_account`"),
            (r#"{"installed":{"client_id":"x"}}"#, "fte gmail connect"),
            (r#"{"type":"authorized_user"}"#, "client_id"),
            (r#"{"type":"service_account","client_email":"a@b"}"#, "private_key"),
            (r#"{"type":"service_account","client_email":"a@b","private_key":"x"}"#, "PKCS #8"),
        ] {
            let error = OauthCredentials::parse(text).unwrap_err().to_string();
            assert!(error.contains(expected), "{text}: {error}");
        }
    }

    #[test]
    fn a_consent_is_read_and_never_shown() {
        let text = r#"{"type":"authorized_user","client_id":"c","client_secret":"s3cret","refresh_token":"r3fresh"}"#;
        let credentials = OauthCredentials::parse(text).unwrap();
        let shown = format!("{credentials:?}");
        assert!(!shown.contains("s3cret") && !shown.contains("r3fresh"), "{shown}");
    }
}
