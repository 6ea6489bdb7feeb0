//! One-time codes of six digits: generation, salted hashing and constant-time comparison.

use std::ops::Range;

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use uuid::Uuid;

use crate::domain::customers::contact::Email;
use crate::domain::customers::linking::{CODE_DIGITS, CodeHash};
use crate::domain::wording::step_count;

/// The purely random bits of a UUIDv4 (RFC 9562, 5.4).
const RANDOM_BITS: u128 = (1 << 62) - 1;
const CODES: u128 = 1_000_000;

/// Derives the code from a random UUID; each of a million is equally likely, to one part in a billion.
pub fn from_random(random: Uuid) -> String {
    format!("{:0width$}", (random.as_u128() & RANDOM_BITS) % CODES, width = CODE_DIGITS)
}

/// The salted hash of a code, which is stored instead of the code.
pub fn hash(salt: Uuid, code: &str) -> CodeHash {
    let mut digest = Sha256::new();
    digest.update(b"fte link code");
    digest.update(salt.as_bytes());
    digest.update(code.as_bytes());
    CodeHash { salt, sha256: digest.finalize().into() }
}

/// Whether that is the code, compared in constant time.
pub fn fits(kept: CodeHash, typed: &str) -> bool {
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    hash(kept.salt, &digits).sha256.ct_eq(&kept.sha256).into()
}

/// Every possible code in a text, as written: six digits, perhaps with a space or a dash in the middle.
pub(super) fn numbers_in(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut addresses = Addresses::default();
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let after = rest.get(start..).unwrap_or_default();
        let run = digits(after);
        step_count::add(1);
        let (first, tail) = after.split_at(run);
        let joined = match tail.strip_prefix([' ', '-', '\u{a0}']) {
            Some(second) if run == CODE_DIGITS / 2 && digits(second) == CODE_DIGITS / 2 => {
                tail.len() - second.len() + CODE_DIGITS / 2
            }
            Some(_) | None => 0,
        };
        let (number, next) = after.split_at(first.len() + joined);
        let is_long_enough = run == CODE_DIGITS || joined > 0;
        if is_long_enough && !addresses.contains(text, text.len() - after.len()) {
            found.push(number.to_owned());
        }
        rest = next;
    }
    found
}

/// Finds the e-mail addresses among the words of a text; each word is parsed once, however many numbers it contains.
#[derive(Default)]
struct Addresses {
    /// The newest word, from its beginning to its end, and whether it is an address.
    word: Range<usize>,
    is_address: bool,
}

impl Addresses {
    /// Whether the word at this position of the text is an address. Positions only grow.
    fn contains(&mut self, text: &str, place: usize) -> bool {
        if !self.word.contains(&place) {
            let (before, after) = text.split_at(place);
            let start = before.rfind(char::is_whitespace).map_or(0, |blank| {
                blank + before.get(blank..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8)
            });
            let end = after.find(char::is_whitespace).map_or(text.len(), |blank| place + blank);
            let word = text.get(start..end).unwrap_or_default();
            step_count::add(word.len());
            self.is_address = Email::parse(word.trim_matches(['.', ',', ';', '!', '?', '<', '>'])).is_ok();
            self.word = start..end;
        }
        self.is_address
    }
}

fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_code_fits_its_own_hash_however_it_is_typed() {
        let salt = Uuid::from_u128(7);
        let kept = hash(salt, "012345");
        for typed in ["012345", "012 345", "012-345"] {
            assert!(fits(kept, typed), "{typed}");
        }
        for typed in ["012346", "12345", "0123450", ""] {
            assert!(!fits(kept, typed), "{typed}");
        }
        assert!(!fits(hash(Uuid::from_u128(8), "012345"), "543210"));
        assert_ne!(hash(Uuid::from_u128(8), "012345").sha256, kept.sha256);
    }

    #[test]
    fn six_digits_are_found_and_longer_numbers_are_not() {
        let cases: &[(&str, &[&str])] = &[
            ("123456", &["123456"]),
            ("The code is 123 456.", &["123 456"]),
            ("123-456, or 654321?", &["123-456", "654321"]),
            ("1234567 12345 +491511234567", &[]),
            ("at 12:30 on 24.12.2025", &[]),
            ("123 4567", &[]),
            ("my e-mail is ann123456@example.com.", &[]),
            ("", &[]),
        ];
        for (text, expected) in cases {
            assert_eq!(numbers_in(text), *expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_code_has_six_digits_and_is_found_again(random in any::<u128>(), before in "[a-z ,.]{0,9}") {
            let code = from_random(Uuid::from_u128(random));
            prop_assert_eq!(code.len(), 6);
            prop_assert_eq!(numbers_in(&format!("{before} {code}.")), vec![code]);
        }

        #[test]
        fn any_text_can_be_read(text in "\\PC{0,80}|[0-9 -]{0,40}") {
            for number in numbers_in(&text) {
                prop_assert!(text.contains(&number));
                prop_assert_eq!(number.chars().filter(char::is_ascii_digit).count(), 6);
            }
        }
    }
}
