//! The names of a conversation's people, found in a text word by word, whatever their case.

use std::collections::HashSet;

use crate::domain::wording::text::fold;

/// Parts of names that name nobody.
const PARTICLES: &[&str] = &[
    "al",
    "am",
    "an",
    "bin",
    "da",
    "das",
    "de",
    "del",
    "den",
    "der",
    "des",
    "di",
    "do",
    "dos",
    "du",
    "el",
    "et",
    "het",
    "ibn",
    "la",
    "le",
    "les",
    "mac",
    "of",
    "st",
    "ten",
    "ter",
    "the",
    "und",
    "van",
    "von",
    "vom",
    "y",
    "zu",
    "zum",
    "zur",
    "mr",
    "mrs",
    "ms",
    "dr",
    "herr",
    "frau",
    "mme",
    "sr",
    "sra",
    "inc",
    "ltd",
    "llc",
    "gmbh",
    "customer",
    "admin",
    "administrator",
    "agent",
    "bot",
    "help",
    "desk",
    "service",
    "support",
    "team",
    "unknown",
];
/// Names that are words too: only a capital makes them a name.
const ALSO_WORDS: &[&str] = &[
    "april",
    "art",
    "august",
    "baker",
    "bill",
    "black",
    "brown",
    "case",
    "chance",
    "chase",
    "christian",
    "cook",
    "dawn",
    "dean",
    "drew",
    "faith",
    "frank",
    "gene",
    "grace",
    "grant",
    "gray",
    "green",
    "guy",
    "hope",
    "iris",
    "ivy",
    "jack",
    "jay",
    "joy",
    "june",
    "king",
    "lily",
    "long",
    "major",
    "mark",
    "may",
    "miles",
    "olive",
    "page",
    "park",
    "pat",
    "penny",
    "pierce",
    "price",
    "rich",
    "rob",
    "rose",
    "sandy",
    "short",
    "skip",
    "smith",
    "stone",
    "sue",
    "summer",
    "walker",
    "ward",
    "white",
    "will",
    "wood",
    "young",
];

/// The parts of known names, folded.
pub(super) struct KnownNames {
    parts: HashSet<String>,
    /// Names of scripts that do not put spaces between words.
    unspaced: Vec<String>,
}

impl KnownNames {
    pub fn new(names: &[String]) -> Self {
        let parts = names.iter().flat_map(|name| name.split(|c: char| !c.is_alphanumeric()));
        let parts =
            parts.map(fold).filter(|part| part.chars().count() > 1 && !PARTICLES.contains(&part.as_str()));
        let unspaced = names.iter().flat_map(|name| name.split_whitespace());
        let unspaced = unspaced.filter(|name| is_unspaced(name) && name.chars().count() > 1);
        Self { parts: parts.collect(), unspaced: unspaced.map(str::to_owned).collect() }
    }

    /// Whether a word is part of a name, a possessive or a part of a compound included; a handle is one too.
    pub fn include(&self, core: &str) -> bool {
        let handle = core.strip_prefix('@').filter(|rest| rest.chars().count() > 1);
        if handle.is_some_and(|rest| rest.starts_with(char::is_alphabetic)) {
            return true;
        }
        core.split(|c: char| !c.is_alphanumeric()).any(|part| self.is_part(part))
    }

    fn is_part(&self, part: &str) -> bool {
        let folded = fold(part);
        self.parts.contains(&folded)
            && (!ALSO_WORDS.contains(&folded.as_str()) || part.starts_with(char::is_uppercase))
    }

    /// The text with the names of unspaced scripts replaced wherever they stand.
    pub fn without_unspaced(&self, text: &str, replacement: &str) -> String {
        self.unspaced.iter().fold(text.to_owned(), |text, name| text.replace(name.as_str(), replacement))
    }
}

/// Chinese, Japanese and Korean.
fn is_unspaced(name: &str) -> bool {
    name.chars()
        .any(|c| matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}'))
}
