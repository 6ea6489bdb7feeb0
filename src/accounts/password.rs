//! Password hashing (Argon2id, OWASP's parameters: 19 MiB, 2 passes). A hash takes tens of milliseconds of a processor on
//! purpose: callers run it on a thread of its own.

use std::sync::LazyLock;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};

/// Why a password could not be hashed; its text holds nothing of the password.
#[derive(Debug, thiserror::Error)]
#[error("could not hash a password: {0}")]
pub struct HashError(String);

/// What a password is compared with where there is no account, so that this takes as long as with one.
static NO_ACCOUNT: LazyLock<String> =
    LazyLock::new(|| hash(&super::secret::generated_password()).unwrap_or_default());

/// In the PHC string format, with a new salt.
pub fn hash(password: &str) -> Result<String, HashError> {
    let hash: PasswordHash =
        Argon2::default().hash_password(password.as_bytes()).map_err(|error| HashError(error.to_string()))?;
    Ok(hash.to_string())
}

/// Whether it is the password. `None` is an account without sign-in, or none at all; it takes as long as any other.
pub fn verify(password: &str, stored: Option<&str>) -> bool {
    let parsed = PasswordHash::new(stored.unwrap_or(&NO_ACCOUNT));
    let matches =
        parsed.is_ok_and(|parsed| Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok());
    matches && stored.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_password_matches_and_hashes_are_salted() {
        let stored = hash("correct horse battery").unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert!(verify("correct horse battery", Some(&stored)));
        for wrong in ["", "correct horse", "Correct horse battery", "correct horse battery "] {
            assert!(!verify(wrong, Some(&stored)), "{wrong}");
        }
        assert_ne!(hash("correct horse battery").unwrap(), stored);
    }

    #[test]
    fn without_an_account_no_password_matches() {
        assert!(!verify("", None) && !verify("anything", None) && !verify("x", Some("no hash")));
    }
}
