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

    /// Whether this is the SHA-256 of a token that is accepted. Comparing digests does not leak the token's length.
    pub fn has_digest(&self, shown: &[u8; 32]) -> bool {
        let is = |secret: &SecretString| Sha256::digest(secret.expose_secret()).ct_eq(shown);
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

    fn is(token: &Token, shown: &str) -> bool {
        token.has_digest(&Sha256::digest(shown).into())
    }

    #[test]
    fn only_the_whole_token_is_the_token() {
        let token = Token::new(&LiveSecret::from("s3cret"));
        assert!(is(&token, "s3cret"));
        for wrong in ["", "s3cre", "s3crets", "S3cret"] {
            assert!(!is(&token, wrong), "{wrong}");
        }
    }

    #[test]
    fn a_replaced_token_holds_until_it_is_no_longer_accepted() {
        let secret = LiveSecret::from("one");
        let token = Token::new(&secret);
        secret.replace(&"two".into());
        assert!(is(&token, "one") && is(&token, "two"));
        secret.replace(&"three".into());
        assert!(!is(&token, "one") && is(&token, "two") && is(&token, "three"));
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
