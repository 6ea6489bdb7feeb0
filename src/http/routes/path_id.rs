//! Parser of the ids in paths.

use uuid::Uuid;

/// An id in its usual form of 36 characters: each resource has one address.
pub fn parse(text: &str) -> Option<Uuid> {
    Uuid::try_parse(text).ok().filter(|_| text.len() == uuid::fmt::Hyphenated::LENGTH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_one_form() {
        let id = Uuid::from_u128(7);
        assert_eq!(parse(&id.to_string()), Some(id));
        let others = [
            id.simple().to_string(),
            id.urn().to_string(),
            id.braced().to_string(),
            String::new(),
            "7".to_owned(),
            "x".repeat(36),
        ];
        for text in others {
            assert_eq!(parse(&text), None, "{text}");
        }
    }
}
