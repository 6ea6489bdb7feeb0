//! The cookie of a browser in which a customer has proved an address (RFC 6265bis): out of reach of scripts and other
//! sites, like that of staff, from which it differs by its name.

use actix_web::http::header::HeaderMap;

use super::session_cookie::{CookieKind, digest};
use crate::domain::customers::web_identity::SESSION_LIFETIME;

const fn name(kind: CookieKind) -> &'static str {
    match kind {
        CookieKind::Secure => "__Host-fte_customer",
        CookieKind::Plain => "fte_customer",
    }
}

/// The digest of the request's session.
pub fn session(kind: CookieKind, headers: &HeaderMap) -> Option<[u8; 32]> {
    kind.read_named(name(kind), headers).map(digest)
}

/// `Set-Cookie` of a new session.
pub fn set(kind: CookieKind, session: &str) -> String {
    let age = SESSION_LIFETIME.as_secs();
    format!("{}={session}{}; Max-Age={age}", name(kind), kind.attributes())
}

/// `Set-Cookie` that removes the cookie.
pub fn removed(kind: CookieKind) -> String {
    format!("{}={}; Max-Age=0", name(kind), kind.attributes())
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{self, HeaderValue};

    use super::*;

    #[test]
    fn the_cookie_is_out_of_reach_of_scripts_and_is_not_that_of_staff() {
        assert_eq!(
            set(CookieKind::Secure, "abc"),
            "__Host-fte_customer=abc; Path=/; HttpOnly; Secure; SameSite=Strict; Max-Age=86400"
        );
        assert!(removed(CookieKind::Plain).ends_with("Max-Age=0"));
        let headers = |cookies| [(header::COOKIE, HeaderValue::from_static(cookies))].into_iter().collect();
        let read = |cookies| session(CookieKind::Plain, &headers(cookies));
        assert_eq!(read("fte_session=abc; fte_customer=def"), Some(digest("def")));
        assert_eq!(read("fte_session=abc"), None);
    }
}
