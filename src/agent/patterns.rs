//! A small language for phrases in a customer's words, matched word by word, so that a part of a word never counts.
//!
//! A pattern is a row of elements: `refund` is that word, `refund*` every word that begins so, `my|our` either of
//! them, `please?` may be missing, `..` stands for up to three words, `^` and `$` for the ends of a sentence. Hyphens
//! and underscores hold a word together: `human-readable` is not `human`.

use std::collections::HashMap;

/// Words that `..` may stand for, at most.
const GAP_MAX_WORDS: usize = 3;

/// One sentence as its words, in lower case.
pub(super) type Sentence = Vec<String>;

/// The sentences of a text; lines quoted from earlier mail are left out.
pub(super) fn sentences(text: &str) -> Vec<Sentence> {
    let mut sentences = vec![Sentence::new()];
    for line in text.lines().filter(|line| !line.trim_start().starts_with('>')) {
        let is_paragraph_break = line.trim().is_empty();
        if is_paragraph_break {
            sentences.push(Sentence::new());
        }
        for chunk in line.split_whitespace() {
            let ends = ends_sentence(chunk);
            let words = words(chunk);
            if let Some(sentence) = sentences.last_mut() {
                sentence.extend(words);
            }
            if ends {
                sentences.push(Sentence::new());
            }
        }
    }
    sentences.retain(|sentence| !sentence.is_empty());
    sentences
}

fn ends_sentence(chunk: &str) -> bool {
    chunk.trim_end_matches(['"', '\'', ')', '”', '*']).ends_with(['.', '!', '?', ';', '…'])
}

fn words(chunk: &str) -> impl Iterator<Item = String> {
    let chunk = chunk.to_lowercase().replace('’', "'");
    let is_inside = |c: char| c.is_alphanumeric() || "'-_".contains(c);
    let words: Vec<String> = chunk
        .split(|c| !is_inside(c))
        .map(|word| word.trim_matches(['\'', '-', '_']).to_owned())
        .filter(|word| !word.is_empty())
        .collect();
    words.into_iter()
}

/// Patterns, each standing for a value, found by their first word.
#[derive(Debug)]
pub(super) struct Lexicon<T> {
    entries: Vec<(Pattern, T)>,
    by_word: HashMap<&'static str, Vec<usize>>,
    by_prefix: Vec<(&'static str, usize)>,
}

impl<T: Copy> Lexicon<T> {
    pub fn new(patterns: impl IntoIterator<Item = (&'static str, T)>) -> Self {
        let mut lexicon = Self { entries: Vec::new(), by_word: HashMap::new(), by_prefix: Vec::new() };
        for (pattern, value) in patterns {
            lexicon.add(Pattern::read(pattern), value);
        }
        lexicon
    }

    /// The value of each match, in the order of the words that begin them.
    pub fn matches<'a>(&'a self, sentence: &'a [String]) -> impl Iterator<Item = T> + 'a {
        (0..sentence.len())
            .flat_map(move |start| self.candidates(sentence, start).map(move |place| (start, place)))
            .filter(move |(start, place)| {
                self.entries.get(*place).is_some_and(|(p, _)| p.fits(sentence, *start))
            })
            .filter_map(move |(_, place)| self.entries.get(place).map(|(_, value)| *value))
    }

    fn candidates<'a>(&'a self, sentence: &'a [String], start: usize) -> impl Iterator<Item = usize> + 'a {
        let word = sentence.get(start).map_or("", String::as_str);
        let by_word = self.by_word.get(word).into_iter().flatten().copied();
        let by_prefix = self.by_prefix.iter().filter(move |(prefix, _)| word.starts_with(prefix));
        by_word.chain(by_prefix.map(|(_, place)| *place))
    }

    fn add(&mut self, pattern: Pattern, value: T) {
        let place = self.entries.len();
        for word in pattern.first_words() {
            match word {
                Word::Is(word) => self.by_word.entry(word).or_default().push(place),
                Word::Begins(prefix) => self.by_prefix.push((prefix, place)),
            }
        }
        self.entries.push((pattern, value));
    }
}

#[derive(Clone, Debug)]
struct Pattern {
    at_start: bool,
    at_end: bool,
    elements: Vec<Element>,
}

#[derive(Clone, Debug)]
enum Element {
    One(Vec<Word>),
    Maybe(Vec<Word>),
    Gap,
}

#[derive(Clone, Copy, Debug)]
enum Word {
    Is(&'static str),
    Begins(&'static str),
}

impl Pattern {
    fn read(pattern: &'static str) -> Self {
        let elements = pattern.split_whitespace().filter(|part| *part != "^" && *part != "$");
        Self {
            at_start: pattern.starts_with('^'),
            at_end: pattern.ends_with('$'),
            elements: elements.map(Element::read).collect(),
        }
    }

    /// The words of the first element; a pattern that begins with anything but words matches nothing.
    fn first_words(&self) -> Vec<Word> {
        match self.elements.first() {
            Some(Element::One(words)) => words.clone(),
            Some(Element::Maybe(_) | Element::Gap) | None => Vec::new(),
        }
    }

    fn fits(&self, sentence: &[String], start: usize) -> bool {
        let rest = sentence.get(start..).unwrap_or_default();
        (start == 0 || !self.at_start) && fits(&self.elements, rest, self.at_end)
    }
}

impl Element {
    fn read(part: &'static str) -> Self {
        if part == ".." {
            return Self::Gap;
        }
        let words = |part: &'static str| part.split('|').map(Word::read).collect();
        match part.strip_suffix('?') {
            Some(part) => Self::Maybe(words(part)),
            None => Self::One(words(part)),
        }
    }
}

impl Word {
    fn read(word: &'static str) -> Self {
        word.strip_suffix('*').map_or(Self::Is(word), Self::Begins)
    }

    fn fits(self, word: &str) -> bool {
        match self {
            Self::Is(expected) => word == expected,
            Self::Begins(prefix) => word.starts_with(prefix),
        }
    }
}

fn fits(elements: &[Element], words: &[String], at_end: bool) -> bool {
    let Some((element, later)) = elements.split_first() else {
        return words.is_empty() || !at_end;
    };
    let takes_one = |choices: &[Word]| match words.split_first() {
        Some((word, rest)) => choices.iter().any(|choice| choice.fits(word)) && fits(later, rest, at_end),
        None => false,
    };
    match element {
        Element::One(choices) => takes_one(choices),
        Element::Maybe(choices) => takes_one(choices) || fits(later, words, at_end),
        Element::Gap => (0..=GAP_MAX_WORDS.min(words.len()))
            .any(|skipped| words.get(skipped..).is_some_and(|rest| fits(later, rest, at_end))),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn finds(pattern: &'static str, text: &str) -> bool {
        let lexicon = Lexicon::new([(pattern, ())]);
        sentences(text).iter().any(|sentence| lexicon.matches(sentence).next().is_some())
    }

    #[test]
    fn a_pattern_matches_whole_words_of_one_sentence() {
        let cases = [
            ("refund*", "I want REFUNDS!", true),
            ("human", "a human-readable user_human file", false),
            ("human", "\"Human\", please", true),
            ("talk to a? human|person", "Can I talk to person X?", true),
            ("talk to a? human|person", "Can I talk to the human?", false),
            ("talk to .. human", "talk to a real living human", true),
            ("talk to .. human", "talk to one two three four human", false),
            ("talk to human", "I talk to. Human readable", false),
            ("^ pricing $", "Hello. Pricing?", true),
            ("^ pricing $", "Our pricing?", false),
            ("don't", "I don’t", true),
            ("refund", "> I want a refund\nthanks", false),
            ("my money", "give me my\nmoney", true),
        ];
        for (pattern, text, expected) in cases {
            assert_eq!(finds(pattern, text), expected, "{pattern:?} in {text:?}");
        }
    }

    proptest! {
        #[test]
        fn no_text_breaks_it(text in "\\PC{0,80}") {
            finds("a .. b? c* $", &text);
        }
    }
}
