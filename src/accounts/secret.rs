//! Generated secrets and their digests. What is stored of a secret is its SHA-256: each has more than enough random bits.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::SecretString;
use sha2::{Digest, Sha256};

use crate::clock;

/// What every token of a program begins with.
pub const TOKEN_PREFIX: &str = "fte_";
/// Characters of a token that are stored as they are, so that people can tell it from others.
const SHOWN_CHARS: usize = 12;

/// The value of a session's cookie.
pub fn new_session() -> SecretString {
    URL_SAFE_NO_PAD.encode(clock::secret_bytes()).into()
}

/// A program's token: `fte_` and 43 characters.
pub fn new_token() -> SecretString {
    format!("{TOKEN_PREFIX}{}", URL_SAFE_NO_PAD.encode(clock::secret_bytes())).into()
}

/// The beginning of a token, which is shown in lists.
pub fn shown(token: &str) -> String {
    token.chars().take(SHOWN_CHARS).collect()
}

/// A password of 20 characters with 120 random bits.
pub fn generated_password() -> String {
    let [bytes @ .., _, _] = clock::secret_bytes();
    URL_SAFE_NO_PAD.encode(bytes).chars().take(20).collect()
}

pub fn digest(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn secrets_have_their_form_and_differ() {
        let (one, other) = (new_token(), new_token());
        let one = one.expose_secret();
        assert_eq!((one.len(), one.starts_with("fte_")), (47, true));
        assert_ne!(one, other.expose_secret());
        assert_eq!(shown(one), one[..12]);
        assert_eq!(new_session().expose_secret().len(), 43);
        assert_eq!(generated_password().len(), 20);
        assert_ne!(generated_password(), generated_password());
    }
}
