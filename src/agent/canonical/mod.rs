//! Canonical form of a text, as every guard reads it: entities and escapes decoded, compatibility characters replaced,
//! invisible ones removed, and look-alikes folded. It is compared only; customers get the original.

use std::sync::OnceLock;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

use crate::domain::wording::text::words_of;

mod confusables;
mod hosts;
mod visible;

pub use confusables::is_currency_sign;
pub use hosts::hosts;
pub use visible::visible;

use confusables::push_folded;
use visible::is_ignorable;

/// How often encodings may be nested; each round is linear.
const MAX_ROUNDS: usize = 4;
/// Separate letters in a row that are one word: "r e f u n d".
const MIN_SPELLED: usize = 3;
/// Words that begin a new clause.
const CONJUNCTIONS: &[&str] = &[
    "but", "and", "so", "because", "aber", "und", "denn", "sondern", "weil", "pero", "y", "sino", "porque",
    "mais", "et", "car", "parce",
];

/// A text in its canonical form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Canonical {
    /// Decoded; scripts, accents and case as they are written.
    pub decoded: String,
    /// Lower case, in ASCII as far as it looks so.
    pub shown: String,
    /// The same without marks of emphasis and of code.
    pub folded: String,
    texts: OnceLock<[String; 2]>,
    readings: OnceLock<[Vec<SentenceWords>; 2]>,
}

impl Canonical {
    pub fn of(text: &str) -> Self {
        let decoded = decoded(text);
        let shown = folded(&decoded);
        let folded = shown.chars().filter(|c| !"*`~".contains(*c)).collect();
        Self { decoded, shown, folded, texts: OnceLock::new(), readings: OnceLock::new() }
    }

    /// The words of each sentence, twice: punctuation inside a word separates words, and is left out.
    pub fn readings(&self) -> &[Vec<SentenceWords>; 2] {
        self.readings.get_or_init(|| self.texts().each_ref().map(|text| sentences(text)))
    }

    /// The texts of the two readings.
    pub fn texts(&self) -> &[String; 2] {
        self.texts.get_or_init(|| [separated(&self.folded), joined(&self.unmarked())])
    }

    /// As it looks, without marks of emphasis but with those of code.
    fn unmarked(&self) -> String {
        self.shown.chars().filter(|c| !"*~".contains(*c)).collect()
    }
}

/// A sentence as words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SentenceWords {
    pub words: Vec<String>,
    /// For each word, the number of its clause.
    pub clauses: Vec<usize>,
}

impl SentenceWords {
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(String::as_str)
    }
}

/// Decodes entities, percent codes and backslash escapes until nothing changes.
pub fn decoded(text: &str) -> String {
    let mut text = text.to_owned();
    if text.bytes().all(shows_itself) {
        return text;
    }
    for _ in 0..MAX_ROUNDS {
        let entities = htmlize::unescape(text.as_str());
        let plain: String = unescaped(&percent_decoded(&entities)).nfkc().filter_map(plain).collect();
        if plain == text {
            break;
        }
        text = plain;
    }
    text
}

/// Whether decoding leaves this byte as it is, wherever it stands.
fn shows_itself(byte: u8) -> bool {
    matches!(byte, b' '..=b'~' | b'\n' | b'\t') && !b"&%\\".contains(&byte)
}

/// One form for each kind of dash, dot, slash, quote and line end; nothing for what is invisible.
fn plain(c: char) -> Option<char> {
    match c {
        '。' | '․' => Some('.'),
        '⁄' | '∕' | '⧸' => Some('/'),
        '\\' | '＼' | '⧵' | '∖' => Some('\\'),
        '’' | '‘' | '´' | '‛' => Some('\''),
        '−' | '⁃' => Some('-'),
        '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some('\n'),
        '\n' | '\t' | ' '..='~' => Some(c),
        c if c.is_control() || is_ignorable(c) => None,
        c if c.general_category() == GeneralCategory::DashPunctuation => Some('-'),
        c => Some(c),
    }
}

/// Decodes each run of percent codes that is valid UTF-8.
fn percent_decoded(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(place) = rest.find('%') {
        let (before, codes) = rest.split_at(place);
        plain.push_str(before);
        let mut bytes = Vec::new();
        while let Some(byte) = codes.get(bytes.len() * 3..bytes.len() * 3 + 3).and_then(percent_code) {
            bytes.push(byte);
        }
        let length = if bytes.is_empty() { 1 } else { bytes.len() * 3 };
        let (taken, after) = codes.split_at(length);
        match std::str::from_utf8(&bytes) {
            Ok(characters) if !bytes.is_empty() => plain.push_str(characters),
            Ok(_) | Err(_) => plain.push_str(taken),
        }
        rest = after;
    }
    plain + rest
}

fn percent_code(code: &str) -> Option<u8> {
    let digits = code.strip_prefix('%').filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))?;
    u8::from_str_radix(digits, 16).ok()
}

/// Drops the backslash of Markdown escapes; that of paths and of `https:\\host` stays.
fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        let is_escape = c == '\\'
            && characters.peek().is_some_and(|next| next.is_ascii_punctuation() && !"\\/".contains(*next));
        if !is_escape {
            plain.push(c);
        }
    }
    plain
}

fn folded(decoded: &str) -> String {
    if decoded.is_ascii() {
        return decoded.to_ascii_lowercase();
    }
    let mut folded = String::with_capacity(decoded.len());
    let letters = decoded.chars().flat_map(char::to_lowercase).nfkd().filter(|c| !is_combining_mark(*c));
    letters.for_each(|c| push_folded(&mut folded, c));
    folded
}

/// Punctuation inside of words as blanks, and letters that stand alone in a row as one word.
fn separated(text: &str) -> String {
    let text: String = text.chars().map(|c| if "-_/|".contains(c) { ' ' } else { c }).collect();
    spelled(&uncontracted(&text))
}

/// English contractions in full, so that `we'll` is not `well`.
fn uncontracted(text: &str) -> String {
    const FULL: [(&str, &str); 4] =
        [("'ll ", " will "), ("'ve ", " have "), ("'re ", " are "), ("'m ", " am ")];
    FULL.iter().fold(text.to_owned(), |text, (short, full)| text.replace(short, full))
}

/// Words without the punctuation inside of them, and with letters for the digits that are used as some.
fn joined(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let at = |place: Option<usize>| place.and_then(|place| characters.get(place)).copied();
    let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let is_digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    let inside = |place: usize| {
        let (before, after) = (at(place.checked_sub(1)), at(place.checked_add(1)));
        is_word(before) && is_word(after) && !(is_digit(before) && is_digit(after))
    };
    let kept = characters.iter().enumerate().filter(|(place, c)| {
        c.is_alphanumeric() || c.is_whitespace() || !inside(*place) || is_currency_sign(**c)
    });
    let text: String = kept.map(|(_, c)| *c).collect();
    let words: Vec<String> = spelled(&text).split(' ').map(without_leet).collect();
    words.join(" ")
}

/// `r3fund` as it is read; pure numbers and versions stay.
fn without_leet(word: &str) -> String {
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    let digits = word.chars().filter(char::is_ascii_digit).count();
    if digits == 0 || letters < 2 || digits > letters {
        return word.to_owned();
    }
    let read = |c: char| match c {
        '0' => 'o',
        '1' => 'i',
        '3' => 'e',
        '4' => 'a',
        '5' => 's',
        '7' => 't',
        c => c,
    };
    word.chars().map(read).collect()
}

/// Joins single letters and digits in a row.
fn spelled(text: &str) -> String {
    let mut read = String::with_capacity(text.len());
    let mut run: Vec<&str> = Vec::new();
    for piece in text.split_inclusive(char::is_whitespace) {
        let letter = piece.trim_matches(|c: char| !c.is_alphanumeric());
        if letter.chars().count() == 1 && letter.chars().all(char::is_alphabetic) {
            run.push(piece);
            continue;
        }
        push_run(&mut read, &mut run);
        read.push_str(piece);
    }
    push_run(&mut read, &mut run);
    read
}

fn push_run(read: &mut String, run: &mut Vec<&str>) {
    if run.len() >= MIN_SPELLED {
        read.extend(run.iter().flat_map(|piece| piece.chars()).filter(|c| c.is_alphanumeric()));
        read.push(' ');
    } else {
        read.extend(run.iter().copied());
    }
    run.clear();
}

/// The sentences of a canonical text. A line end alone ends no sentence; an empty line and a list item do.
pub fn sentences(text: &str) -> Vec<SentenceWords> {
    let mut sentences = Vec::new();
    let (mut sentence, mut clause) = (SentenceWords::default(), 0);
    for line in text.split('\n') {
        let start = line.trim_start();
        if start.is_empty() || start.starts_with(['-', '#', '>']) {
            sentences.push(std::mem::take(&mut sentence));
        }
        for chunk in line.split_whitespace() {
            for word in words_of(chunk) {
                clause += usize::from(CONJUNCTIONS.contains(&word.as_str()));
                sentence.words.push(word);
                sentence.clauses.push(clause);
            }
            let end = chunk.trim_end_matches(['"', '\'', ')', '”', '»']);
            if end.ends_with(['.', '!', '?', ';', '…']) {
                sentences.push(std::mem::take(&mut sentence));
            }
            clause += usize::from(
                end.ends_with([',', ':', ';', '.', '!', '?', '-', '(']) || end.len() < chunk.len(),
            );
        }
    }
    sentences.push(sentence);
    sentences.retain(|sentence| !sentence.words.is_empty());
    sentences
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_and_look_alikes_are_read_as_the_text_that_they_show() {
        for (text, expected) in [
            ("https&#58;//evil&period;com", "https://evil.com"),
            ("ev%69l%2Ecom &amp;lt;b&amp;gt;", "evil.com <b>"),
            ("evil\\.com C:\\\\x", "evil.com c:\\\\x"),
            ("＄２９ ｕｓｄ", "$29 usd"),
            ("re\u{200b}fu\u{ad}nd", "refund"),
            ("**As**a`na` ~~x~~", "asana x"),
            ("Ａsаnа\u{301}", "asana"),
            ("100% of 50%ad", "100% of 50%ad"),
        ] {
            assert_eq!(Canonical::of(text).folded, expected, "{text}");
        }
    }

    #[test]
    fn words_are_read_with_and_without_what_stands_inside_of_them() {
        let words = |text: &str| {
            Canonical::of(text).readings().each_ref().map(|sentences| {
                sentences.iter().flat_map(SentenceWords::words).collect::<Vec<_>>().join(" ")
            })
        };
        assert_eq!(words("free-of-charge"), ["free of charge", "freeofcharge"]);
        assert_eq!(words("We r-e-f-u-n-d you"), ["we refund you", "we refund you"]);
        assert_eq!(
            words("gua.ran.tee, r3fund v2.10"),
            ["gua ran tee r3fund v2 10", "guarantee refund v2 10"]
        );
    }

    #[test]
    fn a_comma_ends_a_clause_and_a_full_stop_a_sentence() {
        let sentences = sentences("no, we do\nit. then");
        let words: Vec<_> = sentences.iter().map(|sentence| sentence.words.join(" ")).collect();
        assert_eq!(words, ["no we do it", "then"]);
        assert_eq!(sentences[0].clauses, [0, 1, 1, 1]);
    }
}
