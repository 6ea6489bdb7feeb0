//! Postal addresses: a street with its number, a box, a postcode with letters.

use super::words::TextWord;
use crate::domain::wording::text::fold;

/// Words of a street's name between its number and what says that it is a street.
const NAME_MAX_WORDS: usize = 3;

/// What a street's name ends with in English, folded.
const SUFFIXES: &[&str] = &[
    "street",
    "st",
    "road",
    "rd",
    "avenue",
    "ave",
    "lane",
    "ln",
    "drive",
    "dr",
    "court",
    "ct",
    "boulevard",
    "blvd",
    "square",
    "terrace",
    "close",
    "crescent",
    "highway",
    "parkway",
];
/// What a street's name begins with in Romance languages, folded.
const PREFIXES: &[&str] = &[
    "rue",
    "avenue",
    "boulevard",
    "calle",
    "avenida",
    "carrer",
    "plaza",
    "via",
    "viale",
    "piazza",
    "rua",
    "travessa",
    "chemin",
];
/// Endings of streets in Germanic languages, folded.
const ENDINGS: &[&str] =
    &["strasse", "str", "gasse", "weg", "platz", "allee", "straat", "laan", "gatan", "vej", "veien"];

/// How many words an address covers at the beginning of these.
pub(super) fn address(words: &[TextWord<'_>]) -> Option<usize> {
    english(words).or_else(|| romance(words)).or_else(|| germanic(words)).or_else(|| coded(words))
}

/// `221B Baker Street`.
fn english(words: &[TextWord<'_>]) -> Option<usize> {
    words.first().filter(|first| is_house(first) && !first.ends_clause())?;
    let names = words.iter().skip(1).take(NAME_MAX_WORDS + 1);
    for (name, at) in names.zip(1..) {
        if at > 1 && SUFFIXES.contains(&fold(name.core).as_str()) {
            return Some(at + 1);
        }
        if !name.is_capitalised() || name.ends_clause() {
            return None;
        }
    }
    None
}

/// `12 rue Victor Hugo`, `Calle Mayor 5`.
fn romance(words: &[TextWord<'_>]) -> Option<usize> {
    let first = words.first()?;
    let is_prefix = |word: &TextWord<'_>| PREFIXES.contains(&fold(word.core).as_str());
    if is_house(first) && words.get(1).is_some_and(is_prefix) {
        let names =
            words.iter().skip(2).take(NAME_MAX_WORDS).take_while(|word| word.is_capitalised()).count();
        return (names > 0).then_some(names + 2);
    }
    if !is_prefix(first)
        || !words.get(1).is_some_and(|name| name.is_capitalised() || fold(name.core).starts_with("de"))
    {
        return None;
    }
    let house = words.iter().skip(2).take(NAME_MAX_WORDS).position(is_house)?;
    Some(house + 3)
}

/// `Hauptstraße 12a`, `Berliner Str. 4`.
fn germanic(words: &[TextWord<'_>]) -> Option<usize> {
    let ends = |word: &TextWord<'_>| {
        let folded = fold(word.core);
        word.is_capitalised() && ENDINGS.iter().any(|ending| folded.ends_with(ending))
    };
    let at = words.iter().take(2).position(ends)?;
    if at == 1 && !words.first().is_some_and(|name| name.is_capitalised() && !name.ends_clause()) {
        return None;
    }
    words.get(at + 1).filter(|house| is_house(house)).map(|_| at + 2)
}

/// `P.O. Box 12`, `SW1A 1AA`.
fn coded(words: &[TextWord<'_>]) -> Option<usize> {
    let [first, second, ..] = words else {
        return None;
    };
    let folded = fold(first.core).replace('.', "");
    if ["po", "postfach", "apartado"].contains(&folded.as_str()) {
        let number = words.iter().take(3).position(|word| word.digits() > 0)?;
        return Some(number + 1);
    }
    let outward = first.core.len() <= 4
        && first.is_capitalised()
        && first.digits() > 0
        && first.core.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
    let inward = second.core.len() == 3
        && second.core.starts_with(|c: char| c.is_ascii_digit())
        && second.core.chars().skip(1).all(|c| c.is_ascii_uppercase());
    (outward && inward).then_some(2)
}

/// The number of a house: `12`, `221B`, `12-14`.
fn is_house(word: &TextWord<'_>) -> bool {
    let digits = word.digits();
    (1..=5).contains(&digits)
        && word.core.starts_with(|c: char| c.is_ascii_digit())
        && word.core.chars().filter(|c| c.is_alphabetic()).count() <= 1
        && word.core.chars().all(|c| c.is_alphanumeric() || "-/".contains(c))
}
