//! The bearer token that opens staff's and machines' routes (RFC 6750). A handler that takes [`Staff`] as an
//! argument is reached only with it.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::{self, HeaderMap};
use actix_web::{FromRequest, HttpRequest, web};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::Shared;
use super::problem::Problem;

/// The token's digest: comparing digests tells nothing of the token's length, and the token itself isn't kept.
pub struct Token([u8; 32]);

impl Token {
    pub fn new(secret: &SecretString) -> Self {
        Self(Sha256::digest(secret.expose_secret()).into())
    }

    fn is(&self, shown: &str) -> bool {
        self.0.ct_eq(&<[u8; 32]>::from(Sha256::digest(shown))).into()
    }
}

/// Proof that the request carried the token.
#[derive(Debug)]
pub struct Staff;

impl FromRequest for Staff {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let token = request.app_data::<web::Data<Shared>>().and_then(|shared| shared.token.as_ref());
        let admitted = match (token, shown(request.headers())) {
            (Some(token), Some(shown)) => token.is(shown),
            (Some(_) | None, Some(_) | None) => false,
        };
        ready(if admitted { Ok(Self) } else { Err(Problem::unauthorized()) })
    }
}

/// The token that a request shows; the scheme's name counts in any case.
fn shown(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    #[test]
    fn only_the_whole_token_is_the_token() {
        let token = Token::new(&SecretString::from("s3cret"));
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
            assert_eq!(shown(&headers), token, "{value}");
        }
    }
}
