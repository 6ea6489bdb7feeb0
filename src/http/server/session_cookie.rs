//! Session cookies (RFC 6265bis) and the token against forged requests that belongs to each: derived from the cookie's
//! value, which scripts cannot read, so that only an answer of this server can tell it.

use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::domain::accounts::SESSION_TOTAL;

/// The header that every request but reading ones must carry.
const CSRF_HEADER: HeaderName = HeaderName::from_static("x-csrf-token");
/// Separates the token from every other digest of the cookie's value.
const CSRF_DOMAIN: &str = "fte csrf token\n";

/// Whether the cookie needs HTTPS: everywhere but in development.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CookieKind {
    /// Bound to this host and to HTTPS.
    Secure,
    Plain,
}

impl CookieKind {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Secure => "__Host-fte_session",
            Self::Plain => "fte_session",
        }
    }

    pub(super) const fn attributes(self) -> &'static str {
        match self {
            Self::Secure => "; Path=/; HttpOnly; Secure; SameSite=Strict",
            Self::Plain => "; Path=/; HttpOnly; SameSite=Strict",
        }
    }

    /// The value of the request's cookie.
    pub fn read(self, headers: &HeaderMap) -> Option<&str> {
        self.read_named(self.name(), headers)
    }

    /// The value of a cookie of the request.
    pub(super) fn read_named<'h>(self, name: &str, headers: &'h HeaderMap) -> Option<&'h str> {
        let lines = headers.get_all(header::COOKIE).filter_map(|line| line.to_str().ok());
        let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        pairs.find(|(given, _)| *given == name).map(|(_, value)| value).filter(|value| !value.is_empty())
    }

    /// `Set-Cookie` of a new session.
    pub fn set(self, session: &str) -> String {
        let age = SESSION_TOTAL.as_secs();
        format!("{}={session}{}; Max-Age={age}", self.name(), self.attributes())
    }

    /// `Set-Cookie` that removes the cookie.
    pub fn removed(self) -> String {
        format!("{}={}; Max-Age=0", self.name(), self.attributes())
    }
}

/// The token that belongs to a session.
pub fn csrf_token(session: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(format!("{CSRF_DOMAIN}{session}")))
}

/// Whether the request carries its session's token.
pub fn has_csrf_token(headers: &HeaderMap, session: &str) -> bool {
    let shown = headers.get(CSRF_HEADER).map(HeaderValue::as_bytes).unwrap_or_default();
    csrf_token(session).as_bytes().ct_eq(shown).into()
}

/// What is stored of a cookie's value.
pub fn digest(secret: &str) -> [u8; 32] {
    Sha256::digest(secret).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: HeaderName, value: &str) -> HeaderMap {
        [(name, HeaderValue::from_str(value).unwrap())].into_iter().collect()
    }

    #[test]
    fn a_cookie_is_out_of_reach_of_scripts_and_other_sites() {
        let set = CookieKind::Secure.set("abc");
        assert_eq!(set, "__Host-fte_session=abc; Path=/; HttpOnly; Secure; SameSite=Strict; Max-Age=604800");
        assert_eq!(
            CookieKind::Plain.set("abc"),
            "fte_session=abc; Path=/; HttpOnly; SameSite=Strict; Max-Age=604800"
        );
        assert!(
            CookieKind::Plain.removed().starts_with("fte_session=; ")
                && CookieKind::Plain.removed().ends_with("Max-Age=0")
        );
    }

    #[test]
    fn only_the_cookie_of_that_name_is_read() {
        for (cookies, value) in [
            ("fte_session=abc", Some("abc")),
            ("a=b; fte_session=abc; c=d", Some("abc")),
            ("fte_session=", None),
            ("xfte_session=abc", None),
            ("__Host-fte_session=abc", None),
            ("fte_session", None),
        ] {
            assert_eq!(CookieKind::Plain.read(&headers(header::COOKIE, cookies)), value, "{cookies}");
        }
    }

    #[test]
    fn a_token_belongs_to_one_session() {
        let token = csrf_token("one");
        assert_eq!(token.len(), 43);
        assert!(has_csrf_token(&headers(CSRF_HEADER, &token), "one"));
        assert!(!has_csrf_token(&headers(CSRF_HEADER, &token), "other"));
        assert!(
            !has_csrf_token(&headers(CSRF_HEADER, ""), "one") && !has_csrf_token(&HeaderMap::new(), "one")
        );
    }
}
