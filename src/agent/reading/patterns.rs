//! Pattern language for phrases in a customer's words, matched word by word, so that a part of a word never matches.
//!
//! A pattern is a sequence of elements: `refund` is that word, `refund*` every word with that prefix, `*frist` every
//! word with that suffix, `my|our` either of them, `{person}` any word or phrase of that group, `please?` is optional,
//! `..` matches up to three words and `...` up to ten, `^` and `$` match the ends of a sentence (`now|$`: or the end).
//! Case, accents and apostrophes are ignored. Hyphens and underscores join words: `human-readable` is not `human`.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use crate::domain::wording::step_count;

mod marks;
mod words;

use marks::Marks;

pub(in crate::agent) use words::{fold, sentences, split, without_code, words_in, words_of};

/// Maximum words that `..` and `...` match.
const SHORT_GAP_MAX_WORDS: usize = 3;
const LONG_GAP_MAX_WORDS: usize = 10;

/// Named lists of words and phrases that patterns refer to.
pub(in crate::agent) type Groups = HashMap<String, Vec<String>>;

/// Why a pattern is invalid.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(in crate::agent) enum BadPattern {
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
pub(in crate::agent) struct Pattern {
    at_start: bool,
    at_end: bool,
    elements: Vec<Element>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Element {
    One(Choices),
    Maybe(Choices),
    /// Up to this number of words.
    Gap(usize),
}

/// Alternative words and phrases, of which one must match.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Choices {
    /// Its index within a lexicon, used as a bit of `Marks`.
    number: usize,
    /// Alternatives of more than one word, and the end of the sentence.
    long: Vec<Phrase>,
    single: Vec<Word>,
}

/// Consecutive words.
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
        let part = |place: Option<&&str>| place.map_or_else(String::new, ToString::to_string);
        match (elements.first(), elements.last()) {
            (None, _) | (_, None) => Err(BadPattern::Empty),
            (Some(Element::Maybe(_) | Element::Gap(_)), _) => Err(BadPattern::Beginning(part(parts.first()))),
            (_, Some(Element::Maybe(_) | Element::Gap(_))) if !at_end => {
                Err(BadPattern::Ending(part(parts.last())))
            }
            (Some(Element::One(_)), Some(_)) => Ok(Self { at_start, at_end, elements }),
        }
    }

    /// The words that it matches from this position on, as few as possible. It follows all positions that its elements
    /// reach at once, so that several gaps cost no more than their length.
    fn span(&self, sentence: &[Marked<'_>], start: usize) -> Option<Range<usize>> {
        if start > 0 && self.at_start {
            return None;
        }
        let mut reached = vec![start];
        for element in &self.elements {
            let mut next: Vec<usize> = Vec::new();
            for place in &reached {
                element.ends(sentence, *place, &mut next);
            }
            step_count::add(reached.len());
            next.sort_unstable();
            next.dedup();
            if next.is_empty() {
                return None;
            }
            reached = next;
        }
        let is_end = |end: &usize| !self.at_end || *end == sentence.len();
        reached.into_iter().find(is_end).map(|end| start..end)
    }

    /// The choices that it begins with.
    fn first(&self) -> Option<usize> {
        self.required().next().map(|choices| choices.number)
    }

    fn choices(&self) -> impl Iterator<Item = &Choices> {
        self.elements.iter().filter_map(|element| match element {
            Element::One(choices) | Element::Maybe(choices) => Some(choices),
            Element::Gap(_) => None,
        })
    }

    fn required(&self) -> impl Iterator<Item = &Choices> {
        self.elements.iter().filter_map(|element| match element {
            Element::One(choices) => Some(choices),
            Element::Maybe(_) | Element::Gap(_) => None,
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
        let (written, optional) = match part.strip_suffix('?') {
            Some(written) => (written, true),
            None => (part, false),
        };
        let mut choices = Choices { number: 0, long: Vec::new(), single: Vec::new() };
        for choice in written.split('|') {
            match choice.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
                Some(name) => {
                    let group = groups.get(name).ok_or_else(|| BadPattern::UnknownGroup(name.to_owned()))?;
                    for member in group {
                        choices.add(phrase(member)?);
                    }
                }
                None if choice == "$" => choices.add(vec![Word::Nothing]),
                None => choices.add(phrase(choice)?),
            }
        }
        Ok(if optional { Self::Maybe(choices) } else { Self::One(choices) })
    }

    /// Adds where it ends if it begins at this position.
    fn ends(&self, sentence: &[Marked<'_>], place: usize, ends: &mut Vec<usize>) {
        match self {
            Self::One(choices) => choices.ends(sentence, place, ends),
            Self::Maybe(choices) => {
                ends.push(place);
                choices.ends(sentence, place, ends);
            }
            Self::Gap(limit) => ends.extend(place..=(place + limit).min(sentence.len())),
        }
    }
}

impl Choices {
    fn add(&mut self, mut phrase: Phrase) {
        match phrase.pop() {
            Some(word) if phrase.is_empty() && word != Word::Nothing => self.single.push(word),
            Some(word) => {
                phrase.push(word);
                self.long.push(phrase);
            }
            None => {}
        }
    }

    /// The first word of each alternative.
    fn first_words(&self) -> impl Iterator<Item = &Word> {
        self.single.iter().chain(self.long.iter().filter_map(|phrase| phrase.first()))
    }

    /// Adds where each alternative ends that matches the words from this position on.
    fn ends(&self, sentence: &[Marked<'_>], place: usize, ends: &mut Vec<usize>) {
        let words = sentence.get(place..).unwrap_or_default();
        let Some(word) = words.first() else {
            ends.extend(self.may_end().then_some(place));
            return;
        };
        if !word.marks.has(self.number) {
            return;
        }
        let single = self.single.iter().any(|single| single.fits(word.text)).then_some(1);
        let fitting = self.long.iter().filter(|phrase| is_begun(phrase, words)).map(Vec::len);
        ends.extend(single.into_iter().chain(fitting).map(|length| place + length));
    }

    /// Whether the end of the sentence is an alternative.
    fn may_end(&self) -> bool {
        self.long.iter().any(|phrase| phrase.first() == Some(&Word::Nothing))
    }
}

/// Whether the words begin with this phrase.
fn is_begun(phrase: &[Word], words: &[Marked<'_>]) -> bool {
    let head = words.get(..phrase.len()).unwrap_or_default();
    head.len() == phrase.len() && phrase.iter().zip(head).all(|(expected, word)| expected.fits(word.text))
}

/// The words of one alternative; the apostrophe in `l'argent` and the full stop in `monday.com` separate words.
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

/// A word with the choices that it may begin.
struct Marked<'a> {
    text: &'a str,
    marks: Cow<'a, Marks>,
}

/// An inverted index of patterns, each with a value. The words of a sentence are looked up once; a pattern is tried
/// only if all the choices that it requires are among the results.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::agent) struct Lexicon<T> {
    entries: Vec<(Pattern, T)>,
    numbers: usize,
    /// The pattern that begins with a choice, by the choice.
    by_first: HashMap<usize, usize>,
    by_word: HashMap<String, Marks>,
    /// Prefixes by their first byte, and suffixes by their last, with the choice that each marks.
    by_beginning: HashMap<u8, Vec<(String, usize)>>,
    by_ending: HashMap<u8, Vec<(String, usize)>>,
    /// Choices that may match no word.
    always: Marks,
}

impl<T> Default for Lexicon<T> {
    fn default() -> Self {
        Self {
            entries: Vec::new(),
            numbers: 0,
            by_first: HashMap::new(),
            by_word: HashMap::new(),
            by_beginning: HashMap::new(),
            by_ending: HashMap::new(),
            always: Marks::default(),
        }
    }
}

impl<T: Copy> Lexicon<T> {
    pub fn add(&mut self, mut pattern: Pattern, value: T) {
        for element in &mut pattern.elements {
            match element {
                Element::One(choices) | Element::Maybe(choices) => {
                    choices.number = self.numbers;
                    self.numbers += 1;
                }
                Element::Gap(_) => {}
            }
        }
        for choices in pattern.choices() {
            for word in choices.first_words() {
                match word {
                    Word::Is(word) => self.by_word.entry(word.clone()).or_default().add(choices.number),
                    Word::Begins(part) => {
                        note(&mut self.by_beginning, part.bytes().next(), part, choices.number);
                    }
                    Word::Ends(part) => {
                        note(&mut self.by_ending, part.bytes().next_back(), part, choices.number);
                    }
                    Word::Nothing => self.always.add(choices.number),
                }
            }
        }
        self.by_first.extend(pattern.first().map(|first| (first, self.entries.len())));
        self.entries.push((pattern, value));
    }

    /// The value of each match, once for each time a pattern matches, in the order of the patterns.
    pub fn matches(&self, sentence: &[String]) -> Vec<T> {
        self.spans(sentence).into_iter().map(|(value, _)| value).collect()
    }

    /// The same with the words that each match covers.
    pub fn spans(&self, sentence: &[String]) -> Vec<(T, Range<usize>)> {
        let marked: Vec<Marked<'_>> = sentence.iter().map(|word| self.mark(word)).collect();
        let mut all = self.always.clone();
        marked.iter().for_each(|word| all.join(&word.marks));
        let mut found: BTreeMap<usize, Vec<Range<usize>>> = BTreeMap::new();
        for (start, word) in marked.iter().enumerate() {
            step_count::add(1);
            for place in word.marks.iter().filter_map(|choice| self.by_first.get(&choice)) {
                let Some((pattern, _)) = self.entries.get(*place) else {
                    continue;
                };
                let is_possible = pattern.required().all(|choices| all.has(choices.number));
                if is_possible && let Some(span) = pattern.span(&marked, start) {
                    found.entry(*place).or_default().push(span);
                }
            }
        }
        let values = |(place, spans): (usize, Vec<Range<usize>>)| {
            self.entries.get(place).map(|(_, value)| spans.into_iter().map(|span| (*value, span)))
        };
        found.into_iter().filter_map(values).flatten().collect()
    }

    pub fn plain_words(&self) -> impl Iterator<Item = &str> {
        self.by_word.keys().map(String::as_str)
    }

    fn mark<'a>(&'a self, word: &'a str) -> Marked<'a> {
        let mut marks = self.by_word.get(word).map_or_else(Cow::default, Cow::Borrowed);
        let parts = |by: &'a HashMap<u8, Vec<(String, usize)>>, byte: Option<u8>| {
            byte.and_then(|byte| by.get(&byte)).into_iter().flatten()
        };
        for (part, number) in parts(&self.by_beginning, word.bytes().next()) {
            if word.starts_with(part.as_str()) {
                marks.to_mut().add(*number);
            }
        }
        for (part, number) in parts(&self.by_ending, word.bytes().next_back()) {
            if word.ends_with(part.as_str()) {
                marks.to_mut().add(*number);
            }
        }
        Marked { text: word, marks }
    }
}

fn note(parts: &mut HashMap<u8, Vec<(String, usize)>>, byte: Option<u8>, part: &str, number: usize) {
    if let Some(byte) = byte {
        parts.entry(byte).or_default().push((part.to_owned(), number));
    }
}

#[cfg(test)]
mod tests;
