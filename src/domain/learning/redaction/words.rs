//! Tokeniser of a line: words with the punctuation around them.

/// A word of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TextWord<'a> {
    pub lead: &'a str,
    pub core: &'a str,
    pub trail: &'a str,
}

/// Punctuation that surrounds a word.
const AROUND: &str = "\"'“”‘’«»<>()[]{}*_`.,;:!?¿¡…";

impl<'a> TextWord<'a> {
    fn new(word: &'a str) -> Self {
        let is_around = |c: char| AROUND.contains(c);
        let rest = word.trim_start_matches(is_around);
        let lead = word.get(..word.len() - rest.len()).unwrap_or_default();
        let core = rest.trim_end_matches(is_around);
        let trail = rest.get(core.len()..).unwrap_or_default();
        Self { lead, core, trail }
    }

    /// The word as it was.
    pub fn whole(&self) -> String {
        format!("{}{}{}", self.lead, self.core, self.trail)
    }

    /// Whether a clause ends behind it.
    pub fn ends_clause(&self) -> bool {
        self.trail.contains(['.', ',', ';', ':', '!', '?'])
    }

    pub fn is_capitalised(&self) -> bool {
        self.core.chars().next().is_some_and(char::is_uppercase)
    }

    pub fn digits(&self) -> usize {
        self.core.chars().filter(char::is_ascii_digit).count()
    }
}

pub(super) fn words_of_line(line: &str) -> Vec<TextWord<'_>> {
    line.split_whitespace().map(TextWord::new).collect()
}
