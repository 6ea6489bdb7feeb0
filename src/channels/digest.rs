//! Message digests (SHA-256) over lists of texts, with a length prefix before each text so that no two lists collide.

use sha2::{Digest, Sha256};

/// SHA-256 over the parts, each after its length in bytes.
pub(in crate::channels) fn digest(parts: &[&str]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().into()
}

/// The external id of a message whose sender supplied an idempotency key.
pub(in crate::channels) fn keyed_id(parts: &[&str]) -> String {
    hex::encode(digest(parts))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moving_text_from_one_part_to_the_next_changes_the_digest() {
        let lists: [&[&str]; 5] = [&["ab", "c"], &["a", "bc"], &["abc"], &["abc", ""], &["", "abc"]];
        for (n, list) in lists.iter().enumerate() {
            for other in &lists[n + 1..] {
                assert_ne!(digest(list), digest(other), "{list:?} and {other:?}");
            }
        }
    }

    #[test]
    fn an_external_id_is_64_hex_digits() {
        let id = keyed_id(&["submit", "ann@example.com", "1"]);
        assert_eq!(id.len(), 64);
        assert!(id.bytes().all(|byte| byte.is_ascii_hexdigit()));
    }
}
