//! Spelling correction before the model reads a text: to it, `pasword` is not a password but a `pas` and a `word`. A
//! word is corrected if the model knows neither it nor its stem, but knows a word at edit distance one. Full-text
//! search has a correction of its own, by the documents' words.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};

/// Minimum letters of a word to correct, and of its correction: short words are similar to too many others.
const WRITTEN_MIN_LETTERS: usize = 6;
const MEANT_MIN_LETTERS: usize = 5;
/// Minimum letters of a word without its suffix.
const STEM_MIN_LETTERS: usize = 3;
/// Minimum letters of a word without its prefix.
const REST_MIN_LETTERS: usize = 4;

const ENDINGS: &[&str] = &[
    "s", "es", "d", "ed", "er", "ers", "or", "ors", "r", "rs", "ing", "ings", "ly", "able", "al", "ness",
    "ment", "y", "est", "ist",
];

const BEGINNINGS: &[&str] = &[
    "un", "re", "pre", "dis", "non", "sub", "over", "out", "mis", "in", "multi", "inter", "auto", "super",
    "micro", "cross", "off", "on", "up", "down", "back", "web", "hand", "hot",
];

pub(super) struct Spelling {
    words: HashSet<String>,
    /// Words by their first letter and length, the most frequent first.
    meant: HashMap<(u8, usize), Vec<String>>,
}

impl Spelling {
    /// From the model's vocabulary with its token ids, which are ordered by frequency.
    pub fn new(vocabulary: HashMap<String, u32>) -> Self {
        let is_word = |word: &str| !word.is_empty() && word.bytes().all(|letter| letter.is_ascii_lowercase());
        let mut words: Vec<(u32, String)> =
            vocabulary.into_iter().filter(|(word, _)| is_word(word)).map(|(word, id)| (id, word)).collect();
        words.sort_unstable();
        let mut meant: HashMap<(u8, usize), Vec<String>> = HashMap::new();
        for (_, word) in &words {
            if let Some(first) = word.bytes().next().filter(|_| word.len() >= MEANT_MIN_LETTERS) {
                meant.entry((first, word.len())).or_default().push(word.clone());
            }
        }
        Self { words: words.into_iter().map(|(_, word)| word).collect(), meant }
    }

    /// The text with its spelling corrected.
    pub fn corrected(&self, text: &str) -> String {
        let mut corrected = String::with_capacity(text.len());
        let is_inside = |c: char| c.is_alphanumeric() || c == '_';
        let mut rest = text;
        while !rest.is_empty() {
            let word_end = rest.find(|c| !is_inside(c)).unwrap_or(rest.len());
            let (word, later) = rest.split_at(word_end);
            match self.meant(word) {
                Some(meant) => corrected.push_str(meant),
                None => corrected.push_str(word),
            }
            let gap_end = later.find(is_inside).unwrap_or(later.len());
            let (gap, later) = later.split_at(gap_end);
            corrected.push_str(gap);
            rest = later;
        }
        corrected
    }

    fn meant(&self, written: &str) -> Option<&str> {
        if written.len() < WRITTEN_MIN_LETTERS || !written.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            return None;
        }
        let written = written.to_ascii_lowercase();
        if self.is_known(&written) {
            return None;
        }
        let first = written.bytes().next()?;
        let lengths = [written.len() - 1, written.len(), written.len() + 1];
        let near = lengths.iter().filter_map(|length| {
            let words = self.meant.get(&(first, *length))?;
            words.iter().enumerate().find(|(_, word)| is_slip(written.as_bytes(), word.as_bytes()))
        });
        // For words of different lengths, the rank within each list is a good enough estimate of frequency.
        near.min_by_key(|(place, _)| *place).map(|(_, word)| word.as_str())
    }

    /// Whether the model's vocabulary has a word or its stem.
    fn is_known(&self, word: &str) -> bool {
        let without_beginning = BEGINNINGS.iter().filter_map(|beginning| {
            word.strip_prefix(beginning).filter(|rest| rest.len() >= REST_MIN_LETTERS)
        });
        std::iter::once(word).chain(without_beginning).any(|word| self.is_form(word))
    }

    fn is_form(&self, word: &str) -> bool {
        self.words.contains(word) || ENDINGS.iter().any(|ending| self.is_form_by(word, ending))
    }

    fn is_form_by(&self, word: &str, ending: &str) -> bool {
        let Some(stem) = word.strip_suffix(ending).filter(|stem| stem.len() >= STEM_MIN_LETTERS) else {
            return false;
        };
        let is_doubled = |stem: &str| match stem.as_bytes() {
            [.., a, b] => a == b && stem.len() > STEM_MIN_LETTERS,
            _ => false,
        };
        self.words.contains(stem)
            || self.words.contains(&format!("{stem}e"))
            || stem.strip_suffix('i').is_some_and(|stem| self.words.contains(&format!("{stem}y")))
            || is_doubled(stem) && stem.get(..stem.len() - 1).is_some_and(|stem| self.words.contains(stem))
    }
}

/// Whether two words are at edit distance one: a letter inserted, deleted, replaced, or two transposed. The first
/// letter is nearly always right, and so is the last one unless it was transposed.
fn is_slip(written: &[u8], meant: &[u8]) -> bool {
    let same = written.iter().zip(meant).take_while(|(a, b)| a == b).count();
    let ends_alike = written.last() == meant.last();
    let exchanged = written.get(same) == meant.get(same + 1) && written.get(same + 1) == meant.get(same);
    match written.len().cmp(&meant.len()) {
        Ordering::Greater => ends_alike && written.get(same + 1..) == meant.get(same..),
        Ordering::Less => ends_alike && written.get(same..) == meant.get(same + 1..),
        Ordering::Equal => {
            ends_alike && written.get(same + 1..) == meant.get(same + 1..)
                || exchanged && written.get(same + 2..) == meant.get(same + 2..)
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn spelling() -> Spelling {
        let words = [
            "the",
            "password",
            "passwords",
            "address",
            "college",
            "send",
            "status",
            "tag",
            "private",
            "try",
            "account",
            "house",
            "mute",
            "statue",
            "sting",
        ];
        Spelling::new(words.into_iter().map(str::to_owned).zip(0..).collect())
    }

    #[test]
    fn a_slip_is_put_right() {
        for (written, meant) in [
            ("pasword", "password"),
            ("Passwrod", "password"),
            ("passsword", "password"),
            ("my adress, please", "my address, please"),
            ("acconut\nacount", "account\naccount"),
            ("addrses", "address"),
        ] {
            assert_eq!(spelling().corrected(written), meant);
        }
    }

    #[test]
    fn known_words_their_forms_and_what_is_no_word_stay() {
        for text in [
            "password passwords sender statuses tagging privately unmute tries resend",
            "passwdxy zebra Passwoerter pässword pasword1 pasword_x",
            "houze hause",
            "",
            "🎉 ß … \u{301}",
        ] {
            assert_eq!(spelling().corrected(text), text);
        }
    }

    proptest! {
        #[test]
        fn words_are_replaced_and_nothing_else(text in "\\PC{0,60}") {
            let corrected = spelling().corrected(&text);
            let gaps = |text: &str| text.chars().filter(|c| !c.is_alphanumeric() && *c != '_').collect::<String>();
            prop_assert_eq!(gaps(&corrected), gaps(&text));
        }

        #[test]
        fn the_more_frequent_of_two_words_is_meant(first in any::<bool>()) {
            let (a, b) = if first { ("planner", "planter") } else { ("planter", "planner") };
            let spelling = Spelling::new([a, b].map(str::to_owned).into_iter().zip(0..).collect());
            prop_assert_eq!(spelling.corrected("plander"), a);
        }
    }
}
