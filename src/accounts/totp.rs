//! One-time codes of an authenticator app (RFC 6238: SHA-1, six digits, 30 seconds), and recovery codes.

use totp_rs::{Builder, Secret, Totp, TotpError};

use super::secret::digest;
use crate::clock;

/// Bytes of a secret (RFC 4226, 4, R6).
const SECRET_BYTES: usize = 20;
const RECOVERY_CODES: usize = 10;
/// Characters of a recovery code, five bits each.
const RECOVERY_CHARS: usize = 16;

/// What is shown once when two-factor authentication is set up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TotpOffer {
    pub secret: Vec<u8>,
    /// In base 32, as people type it.
    pub shown: String,
    pub url: String,
    pub recovery_codes: Vec<String>,
}

/// A new secret for an account. `issuer` and `account` are what the app shows.
pub fn offer(issuer: &str, account: &str) -> Result<TotpOffer, TotpError> {
    let secret: Vec<u8> = clock::secret_bytes().into_iter().take(SECRET_BYTES).collect();
    let label = |text: &str| text.replace(':', " ");
    let totp = Builder::new()
        .with_secret(secret.clone())
        .with_account_name(label(account))
        .with_issuer(Some(label(issuer)))
        .build()?;
    let shown = Secret::from(secret.clone()).to_base32();
    Ok(TotpOffer { secret, shown, url: totp.to_url()?, recovery_codes: recovery_codes() })
}

/// The time step whose code this is, if it is one of now, or of the step before or after.
pub fn step_of(secret: &[u8], code: &str, unix_seconds: i64) -> Option<i64> {
    let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let totp: Totp = Builder::new().with_secret(secret.to_vec()).build().ok()?;
    let step = totp.check(&digits, u64::try_from(unix_seconds).ok()?)?;
    i64::try_from(step).ok()
}

fn recovery_codes() -> Vec<String> {
    (0..RECOVERY_CODES).map(|_| recovery_code()).collect()
}

/// Such as `k3vq-7xay-m2pd-w5tn`.
fn recovery_code() -> String {
    let text = Secret::from(clock::secret_bytes().to_vec()).to_base32().to_lowercase();
    let letters: Vec<char> = text.chars().take(RECOVERY_CHARS).collect();
    letters.chunks(4).map(|part| part.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

/// The digest of a recovery code, however it is typed; `None` for what is none.
pub fn recovery_digest(code: &str) -> Option<[u8; 32]> {
    let letters: String =
        code.chars().filter(|c| !c.is_whitespace() && *c != '-').map(|c| c.to_ascii_lowercase()).collect();
    (letters.len() == RECOVERY_CHARS && letters.is_ascii()).then(|| digest(&letters))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B, cut to six digits.
    #[test]
    fn the_codes_are_those_of_the_standard() {
        let secret = b"12345678901234567890";
        for (at, code, step) in
            [(59, "287082", 1), (1_111_111_109, "081804", 37_037_036), (1_234_567_890, "005924", 41_152_263)]
        {
            assert_eq!(step_of(secret, code, at), Some(step), "{code}");
            assert_eq!(step_of(secret, code, at + 30), Some(step), "one step late");
            assert_eq!(step_of(secret, code, at + 90), None, "three steps late");
        }
        for wrong in ["", "28708", "2870821", "28708a", "２８７０８２", "000000"] {
            assert_eq!(step_of(secret, wrong, 59), None, "{wrong}");
        }
        assert_eq!(step_of(secret, " 287 082 ", 59), Some(1));
    }

    #[test]
    fn an_offer_names_the_account_and_has_codes_that_are_read_however_they_are_typed() {
        let offer = offer("Tech: Corp", "ann@example.com").unwrap();
        assert!(
            offer.url.starts_with("otpauth://totp/") && offer.url.contains(&offer.shown),
            "{}",
            offer.url
        );
        assert_eq!((offer.secret.len(), offer.recovery_codes.len()), (20, 10));
        let code = &offer.recovery_codes[0];
        assert_eq!(recovery_digest(code), recovery_digest(&code.to_uppercase().replace('-', " ")));
        assert_ne!(recovery_digest(code), recovery_digest(&offer.recovery_codes[1]));
        assert_eq!(recovery_digest("287082"), None);
    }
}
