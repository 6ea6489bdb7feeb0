//! A small language for phrases in a customer's words, matched word by word, so that a part of a word never counts.
//!
//! A pattern is a row of elements: `refund` is that word, `refund*` every word that begins so, `*frist` every word that
//! ends so, `my|our` either of them, `{person}` any word or phrase of that group, `please?` may be missing, `..` stands
//! for up to three words and `...` for up to ten, `^` and `$` for the ends of a sentence (`now|$`: or nothing more). Case,
//! accents and apostrophes don't count. Hyphens and underscores hold a word together: `human-readable` is not `human`.

use std::collections::HashMap;

mod words;

pub(super) use words::{fold, sentences, split, without_code, words_in, words_of};

/// Words that `..` and `...` may stand for, at most.
const SHORT_GAP_MAX_WORDS: usize = 3;
const LONG_GAP_MAX_WORDS: usize = 10;

/// Named lists of words and phrases, as patterns refer to them.
pub(super) type Groups = HashMap<String, Vec<String>>;

/// Why a pattern can't be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum BadPattern {
    #[error("the pattern is empty")]
    Empty,
    #[error("a pattern must begin with words, not with `{0}`")]
    Beginning(String),
    #[error("a pattern must end with words, since `{0}` at its end says nothing")]
    Ending(String),
    #[error("there is no group of words `{0}`")]
    UnknownGroup(String),
    #[error("`{0}` holds no word")]
    NoWord(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pattern {
    at_start: bool,
    at_end: bool,
    elements: Vec<Element>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Element {
    One(Vec<Phrase>),
    Maybe(Vec<Phrase>),
    /// Up to so many words.
    Gap(usize),
}

/// Words in a row.
type Phrase = Vec<Word>;

#[derive(Clone, Debug, PartialEq, Eq)]
enum Word {
    Is(String),
    Begins(String),
    Ends(String),
    /// No word: the end of the sentence.
    Nothing,
}

impl Pattern {
    pub fn read(pattern: &str, groups: &Groups) -> Result<Self, BadPattern> {
        let mut parts: Vec<&str> = pattern.split_whitespace().collect();
        let at_start = parts.first() == Some(&"^");
        let at_end = parts.last() == Some(&"$");
        parts.retain(|part| !["^", "$"].contains(part));
        let elements = parts.iter().map(|part| Element::read(part, groups)).collect::<Result<Vec<_>, _>>()?;
        if let Some(Element::Maybe(_) | Element::Gap(_)) = elements.last()
            && elements.len() > 1
            && !at_end
        {
            return Err(BadPattern::Ending(parts.last().map_or_else(String::new, ToString::to_string)));
        }
        match elements.first() {
            Some(Element::One(_)) => Ok(Self { at_start, at_end, elements }),
            Some(Element::Maybe(_) | Element::Gap(_)) => {
                Err(BadPattern::Beginning(parts.first().map_or_else(String::new, ToString::to_string)))
            }
            None => Err(BadPattern::Empty),
        }
    }

    fn first_words(&self) -> Vec<&Word> {
        match self.elements.first() {
            Some(Element::One(phrases)) => phrases.iter().filter_map(|phrase| phrase.first()).collect(),
            Some(Element::Maybe(_) | Element::Gap(_)) | None => Vec::new(),
        }
    }

    fn fits(&self, sentence: &[String], start: usize) -> bool {
        let rest = sentence.get(start..).unwrap_or_default();
        (start == 0 || !self.at_start) && fits(&self.elements, rest, self.at_end)
    }

    /// Every whole word that it names.
    pub fn plain_words(&self) -> impl Iterator<Item = &str> {
        let phrases = self.elements.iter().flat_map(|element| match element {
            Element::One(phrases) | Element::Maybe(phrases) => phrases.as_slice(),
            Element::Gap(_) => &[],
        });
        phrases.flatten().filter_map(|word| match word {
            Word::Is(word) => Some(word.as_str()),
            Word::Begins(_) | Word::Ends(_) | Word::Nothing => None,
        })
    }
}

impl Element {
    fn read(part: &str, groups: &Groups) -> Result<Self, BadPattern> {
        match part {
            ".." => return Ok(Self::Gap(SHORT_GAP_MAX_WORDS)),
            "..." => return Ok(Self::Gap(LONG_GAP_MAX_WORDS)),
            _ => {}
        }
        let (choices, optional) = match part.strip_suffix('?') {
            Some(choices) => (choices, true),
            None => (part, false),
        };
        let mut phrases = Vec::new();
        for choice in choices.split('|') {
            match choice.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
                Some(name) => {
                    let group = groups.get(name).ok_or_else(|| BadPattern::UnknownGroup(name.to_owned()))?;
                    for member in group {
                        phrases.push(phrase(member)?);
                    }
                }
                None if choice == "$" => phrases.push(vec![Word::Nothing]),
                None => phrases.push(phrase(choice)?),
            }
        }
        Ok(if optional { Self::Maybe(phrases) } else { Self::One(phrases) })
    }
}

/// The words of one choice; the apostrophe in `l'argent` and the full stop in `monday.com` make two of one.
fn phrase(choice: &str) -> Result<Phrase, BadPattern> {
    let (choice, begins) = match choice.strip_suffix('*') {
        Some(rest) => (rest, true),
        None => (choice, false),
    };
    let (choice, ends) = match choice.strip_prefix('*') {
        Some(rest) => (rest, true),
        None => (choice, false),
    };
    let mut words: Phrase = words_of(choice).into_iter().map(Word::Is).collect();
    if begins && let Some(Word::Is(last)) = words.pop() {
        words.push(Word::Begins(last));
    }
    if ends && let Some(Word::Is(first)) = words.first().cloned() {
        words = vec![Word::Ends(first)];
    }
    if words.is_empty() { Err(BadPattern::NoWord(choice.to_owned())) } else { Ok(words) }
}

impl Word {
    fn fits(&self, word: &str) -> bool {
        match self {
            Self::Is(expected) => word == expected,
            Self::Begins(prefix) => word.starts_with(prefix.as_str()),
            Self::Ends(suffix) => word.ends_with(suffix.as_str()),
            Self::Nothing => false,
        }
    }
}

fn fits(elements: &[Element], words: &[String], at_end: bool) -> bool {
    let Some((element, later)) = elements.split_first() else {
        return words.is_empty() || !at_end;
    };
    let takes_one = |choices: &[Phrase]| {
        choices.iter().any(|phrase| {
            if phrase.first() == Some(&Word::Nothing) {
                return words.is_empty() && fits(later, words, at_end);
            }
            let begins = words.len() >= phrase.len()
                && phrase.iter().zip(words).all(|(expected, word)| expected.fits(word));
            begins && fits(later, words.get(phrase.len()..).unwrap_or_default(), at_end)
        })
    };
    match element {
        Element::One(choices) => takes_one(choices),
        Element::Maybe(choices) => takes_one(choices) || fits(later, words, at_end),
        Element::Gap(at_most) => (0..=(*at_most).min(words.len()))
            .any(|skipped| words.get(skipped..).is_some_and(|rest| fits(later, rest, at_end))),
    }
}

/// Patterns, each standing for a value, found by their first word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Lexicon<T> {
    entries: Vec<(Pattern, T)>,
    by_word: HashMap<String, Vec<usize>>,
    by_part: Vec<(Word, usize)>,
}

impl<T> Default for Lexicon<T> {
    fn default() -> Self {
        Self { entries: Vec::new(), by_word: HashMap::new(), by_part: Vec::new() }
    }
}

impl<T: Copy> Lexicon<T> {
    pub fn add(&mut self, pattern: Pattern, value: T) {
        let place = self.entries.len();
        for word in pattern.first_words() {
            match word {
                Word::Is(word) => self.by_word.entry(word.clone()).or_default().push(place),
                Word::Begins(_) | Word::Ends(_) => self.by_part.push((word.clone(), place)),
                Word::Nothing => {}
            }
        }
        self.entries.push((pattern, value));
    }

    /// The value of each match, in the order of the words that begin them.
    pub fn matches<'a>(&'a self, sentence: &'a [String]) -> impl Iterator<Item = T> + 'a {
        (0..sentence.len())
            .flat_map(move |start| self.candidates(sentence, start).map(move |place| (start, place)))
            .filter(move |(start, place)| {
                self.entries.get(*place).is_some_and(|(pattern, _)| pattern.fits(sentence, *start))
            })
            .filter_map(move |(_, place)| self.entries.get(place).map(|(_, value)| *value))
    }

    pub fn plain_words(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().flat_map(|(pattern, _)| pattern.plain_words())
    }

    fn candidates<'a>(&'a self, sentence: &'a [String], start: usize) -> impl Iterator<Item = usize> + 'a {
        let word = sentence.get(start).map_or("", String::as_str);
        let by_word = self.by_word.get(word).into_iter().flatten().copied();
        let by_part = self.by_part.iter().filter(move |(part, _)| part.fits(word));
        by_word.chain(by_part.map(|(_, place)| *place))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn groups() -> Groups {
        let group = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        Groups::from([("rival".to_owned(), group(&["monday.com", "Asana", "click up"]))])
    }

    fn finds(pattern: &str, text: &str) -> bool {
        let mut lexicon = Lexicon::default();
        lexicon.add(Pattern::read(pattern, &groups()).unwrap(), ());
        sentences(text).iter().any(|sentence| lexicon.matches(sentence).next().is_some())
    }

    #[test]
    fn a_pattern_matches_whole_words_of_one_sentence() {
        let cases = [
            ("refund*", "I want REFUNDS!", true),
            ("*frist", "Was ist die Kündigungsfrist?", true),
            ("*frist", "fristlos", false),
            ("human", "a human-readable user_human file", false),
            ("human", "\"Human\", please", true),
            ("talk to a? human|person", "Can I talk to person X?", true),
            ("talk to a? human|person", "Can I talk to the human?", false),
            ("talk to .. human", "talk to a real living human", true),
            ("talk to .. human", "talk to one two three four human", false),
            ("talk to ... human", "talk to one two three four human", true),
            ("talk to human", "I talk to. Human readable", false),
            ("^ pricing $", "Hello. Pricing?", true),
            ("^ pricing $", "Our pricing?", false),
            ("don't", "I don’t", true),
            ("don't", "I dont", true),
            ("kündigen", "ich will kundigen", true),
            ("kundigen", "ich will KÜNDIGEN", true),
            ("l'abonnement", "résilier l’abonnement", true),
            ("abonnement", "résilier l'abonnement", true),
            ("refund", "see https://x.example/refund and refund@x.example", false),
            ("my money", "give me my\nmoney", true),
            ("than {rival}", "better than Monday.com?", true),
            ("than {rival}|trello", "cheaper than trello", true),
            ("than {rival} $", "better than click up", true),
            ("than {rival}", "see you on monday", false),
            ("a refund now|$", "a refund", true),
            ("a refund now|$", "a refund later", false),
            ("for 20 dollars", "for $20", false),
            ("for dollars 20", "for $20", true),
            ("20 percent", "20% off", true),
        ];
        for (pattern, text, expected) in cases {
            assert_eq!(finds(pattern, text), expected, "{pattern:?} in {text:?}");
        }
    }

    #[test]
    fn a_pattern_that_could_never_match_is_refused() {
        let cases = [
            ("", BadPattern::Empty),
            ("^ $", BadPattern::Empty),
            (".. refund", BadPattern::Beginning("..".to_owned())),
            ("a? refund", BadPattern::Beginning("a?".to_owned())),
            ("refund now?", BadPattern::Ending("now?".to_owned())),
            ("refund ..", BadPattern::Ending("..".to_owned())),
            ("than {rivals}", BadPattern::UnknownGroup("rivals".to_owned())),
            ("refund !", BadPattern::NoWord("!".to_owned())),
            ("refund now|", BadPattern::NoWord(String::new())),
        ];
        for (pattern, expected) in cases {
            assert_eq!(Pattern::read(pattern, &groups()), Err(expected), "{pattern:?}");
        }
    }

    proptest! {
        #[test]
        fn no_text_breaks_it(text in "\\PC{0,80}", pattern in "[a-c?*.|{}^$ ]{0,12}") {
            finds("a .. b? c* $", &text);
            if let Ok(pattern) = Pattern::read(&pattern, &groups()) {
                let mut lexicon = Lexicon::default();
                lexicon.add(pattern, ());
                for sentence in sentences(&text) {
                    lexicon.matches(&sentence).count();
                }
            }
        }
    }
}
