//! Lists of phrases as text: separated by slashes, in lower case and without accents ([`super::text::fold`]), so that a
//! table of many languages can be read and compared. `_` is a space at the end of a phrase.

use std::collections::HashMap;
use std::sync::OnceLock;

/// A list, indexed when it is first used: every line of a message is compared with every list.
pub struct PhraseList {
    text: &'static str,
    index: OnceLock<PhraseIndex>,
}

struct PhraseIndex {
    phrases: Vec<ListedPhrase>,
    by_first: HashMap<char, Vec<ListedPhrase>>,
}

#[derive(Clone, Copy)]
struct ListedPhrase {
    /// With the `_` that a space must follow it.
    written: &'static str,
    text: &'static str,
    is_word: bool,
}

impl PhraseList {
    pub const fn new(text: &'static str) -> Self {
        Self { text, index: OnceLock::new() }
    }

    /// The phrases as they are written.
    pub fn iter(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.index().phrases.iter().map(|phrase| phrase.written)
    }

    /// Whether a text is one of the phrases.
    pub fn is_one(&self, text: &str) -> bool {
        self.beginning_like(text).any(|phrase| phrase.written == text)
    }

    /// The rest of a text behind the first phrase that it begins with.
    pub fn after_any<'a>(&self, text: &'a str) -> Option<&'a str> {
        self.beginning_like(text).find_map(|phrase| {
            text.strip_prefix(phrase.text).filter(|rest| !phrase.is_word || rest.starts_with(' '))
        })
    }

    /// Whether a text contains one of the phrases anywhere.
    pub fn occurs_in(&self, text: &str) -> bool {
        self.iter().any(|phrase| phrase.len() <= text.len() && text.contains(phrase))
    }

    /// Whether a text contains one of the phrases at the beginning of a word.
    pub fn contains_any(&self, text: &str) -> bool {
        self.index().phrases.iter().any(|phrase| {
            text.match_indices(phrase.text).any(|(start, _)| {
                let before = text.get(..start).unwrap_or_default();
                let after = text.get(start + phrase.text.len()..).unwrap_or_default();
                let begins = !before.ends_with(|c: char| c.is_alphanumeric()) || !phrase.text.is_ascii();
                begins && (!phrase.is_word || after.starts_with(' '))
            })
        })
    }

    /// The phrases with the first character of a text, in the order of the list.
    fn beginning_like(&self, text: &str) -> impl Iterator<Item = &ListedPhrase> {
        let first = text.chars().next();
        first.and_then(|first| self.index().by_first.get(&first)).into_iter().flatten()
    }

    fn index(&self) -> &PhraseIndex {
        self.index.get_or_init(|| {
            let phrases: Vec<ListedPhrase> =
                self.text.split('/').map(|phrase| ListedPhrase::read(phrase.trim_matches(' '))).collect();
            let mut by_first: HashMap<char, Vec<ListedPhrase>> = HashMap::new();
            for phrase in &phrases {
                if let Some(first) = phrase.text.chars().next() {
                    by_first.entry(first).or_default().push(*phrase);
                }
            }
            PhraseIndex { phrases, by_first }
        })
    }
}

impl ListedPhrase {
    fn read(written: &'static str) -> Self {
        match written.strip_suffix('_') {
            Some(text) => Self { written, text, is_word: true },
            None => Self { written, text: written, is_word: false },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static LIST: PhraseList = PhraseList::new("am back / bis_ / 自动");

    #[test]
    fn a_phrase_begins_at_a_word_and_may_end_with_a_space() {
        assert!(LIST.is_one("am back") && !LIST.is_one("am") && !LIST.is_one(""));
        assert!(LIST.contains_any("i am back soon") && LIST.contains_any("fort bis montag"));
        assert!(!LIST.contains_any("bisher") && !LIST.contains_any("team back"));
        assert!(LIST.contains_any("这是自动回复"));
        assert_eq!(LIST.after_any("bis montag"), Some(" montag"));
        assert_eq!(LIST.after_any("bisher"), None);
        assert_eq!(LIST.iter().collect::<Vec<_>>(), ["am back", "bis_", "自动"]);
    }
}
