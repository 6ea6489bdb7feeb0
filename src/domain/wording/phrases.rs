//! Lists of phrases as text: separated by slashes, in lower case and without accents ([`super::text::fold`]), so that a
//! table of many languages can be read and compared. `_` is a space at the end of a phrase.

/// The phrases of a list.
pub fn phrases(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.split('/').map(|phrase| phrase.trim_matches(' '))
}

/// Whether a text is one of the phrases.
pub fn is_one(list: &'static str, text: &str) -> bool {
    phrases(list).any(|phrase| phrase == text)
}

/// The rest of a text behind the first phrase that it begins with.
pub fn after_any<'a>(list: &'static str, text: &'a str) -> Option<&'a str> {
    phrases(list).find_map(|phrase| match phrase.strip_suffix('_') {
        Some(phrase) => text.strip_prefix(phrase).filter(|rest| rest.starts_with(' ')),
        None => text.strip_prefix(phrase),
    })
}

/// Whether a text contains one of the phrases at the beginning of a word.
pub fn contains_any(list: &'static str, text: &str) -> bool {
    phrases(list).any(|phrase| {
        let (phrase, is_word) = phrase.strip_suffix('_').map_or((phrase, false), |phrase| (phrase, true));
        text.match_indices(phrase).any(|(start, _)| {
            let before = text.get(..start).unwrap_or_default();
            let after = text.get(start + phrase.len()..).unwrap_or_default();
            let begins = !before.ends_with(|c: char| c.is_alphanumeric()) || !phrase.is_ascii();
            begins && (!is_word || after.starts_with(' '))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = "am back / bis_ / 自动";

    #[test]
    fn a_phrase_begins_at_a_word_and_may_end_with_a_space() {
        assert!(is_one(LIST, "am back") && !is_one(LIST, "am"));
        assert!(contains_any(LIST, "i am back soon") && contains_any(LIST, "fort bis montag"));
        assert!(!contains_any(LIST, "bisher") && !contains_any(LIST, "team back"));
        assert!(contains_any(LIST, "这是自动回复"));
        assert_eq!(after_any(LIST, "bis montag"), Some(" montag"));
        assert_eq!(after_any(LIST, "bisher"), None);
    }
}
