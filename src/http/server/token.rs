//! Bearer token verification (RFC 6750): reads the token of a request and compares it in constant time.

use std::ops::BitOr;

use actix_web::http::header::{self, HeaderMap};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use subtle::{Choice, ConstantTimeEq};

use crate::live_secret::LiveSecret;

/// A token of the configuration, which may be replaced.
pub struct Token(LiveSecret);

impl Token {
    pub fn new(secret: &LiveSecret) -> Self {
        Self(secret.clone())
    }

    /// Comparing digests does not leak the token's length.
    pub fn is(&self, shown: &str) -> bool {
        let shown = Sha256::digest(shown);
        let is = |secret: &SecretString| Sha256::digest(secret.expose_secret()).ct_eq(&shown);
        self.0.accepted().iter().map(is).fold(Choice::from(0), BitOr::bitor).into()
    }
}

/// The bearer token of a request; the scheme's name is case-insensitive.
pub fn bearer_token(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    #[test]
    fn only_the_whole_token_is_the_token() {
        let token = Token::new(&LiveSecret::from("s3cret"));
        assert!(token.is("s3cret"));
        for wrong in ["", "s3cre", "s3crets", "S3cret"] {
            assert!(!token.is(wrong), "{wrong}");
        }
    }

    #[test]
    fn a_token_is_read_from_the_bearer_scheme_alone() {
        let cases = [
            ("Bearer s3cret", Some("s3cret")),
            ("bearer  s3cret", Some("s3cret")),
            ("Bearer", None),
            ("Basic s3cret", None),
            ("s3cret", None),
        ];
        for (value, token) in cases {
            let headers: HeaderMap =
                [(header::AUTHORIZATION, HeaderValue::from_static(value))].into_iter().collect();
            assert_eq!(bearer_token(&headers), token, "{value}");
        }
    }
}
