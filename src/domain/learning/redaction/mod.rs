//! Redaction: takes personal data out of a text before it becomes a draft, by rules alone. It removes too much rather than
//! too little, and a person reads every draft; it does not recognise names that it was not told.

mod addresses;
mod links;
mod names;
mod numbers;
mod words;

use names::KnownNames;
use words::{TextWord, words_of_line};

/// Maximum characters that are read of one text.
const READ_MAX_CHARS: usize = 20_000;

/// What stands in place of the data.
const EMAIL: &str = "[email]";
const NAME: &str = "[name]";
const ADDRESS: &str = "[address]";

/// A match at the beginning of some words.
struct Redaction {
    /// How many words it covers.
    words: usize,
    replacement: String,
}

impl Redaction {
    fn of(words: usize, replacement: impl Into<String>) -> Self {
        Self { words, replacement: replacement.into() }
    }
}

/// The text without e-mail addresses, phones, numbers of orders and tickets, postal addresses, tokens in links, and these
/// names. White space within a line becomes one space.
pub fn redact(text: &str, names: &[String]) -> String {
    let names = KnownNames::new(names);
    let read: String = text.chars().take(READ_MAX_CHARS).collect();
    let read = names.without_unspaced(&read, NAME);
    let lines: Vec<String> = read.lines().map(|line| redact_line(line, &names)).collect();
    lines.join("\n").trim().to_owned()
}

fn redact_line(line: &str, names: &KnownNames) -> String {
    let indent: String = line.chars().take_while(|c| c.is_whitespace()).collect();
    let words = words_of_line(line);
    let mut kept: Vec<String> = Vec::new();
    let mut at = 0;
    while let Some(rest) = words.get(at..).filter(|rest| !rest.is_empty()) {
        let before = at.checked_sub(1).and_then(|before| words.get(before));
        let Some(found) = redaction(rest, before, names) else {
            kept.extend(rest.first().map(TextWord::whole));
            at += 1;
            continue;
        };
        let last = rest.get(found.words.saturating_sub(1)).or(rest.first());
        let lead = rest.first().map_or("", |word| word.lead);
        let trail = last.map_or("", |word| word.trail);
        let is_repeated =
            found.replacement == NAME && lead.is_empty() && kept.last().is_some_and(|word| word == NAME);
        if is_repeated {
            kept.pop();
        }
        kept.push(format!("{lead}{}{trail}", found.replacement));
        at += found.words.max(1);
    }
    format!("{indent}{}", kept.join(" ")).trim_end().to_owned()
}

fn redaction(words: &[TextWord<'_>], before: Option<&TextWord<'_>>, names: &KnownNames) -> Option<Redaction> {
    let first = words.first()?;
    links::link(first, names)
        .or_else(|| is_email(first.core).then(|| Redaction::of(1, EMAIL)))
        .or_else(|| addresses::address(words).map(|count| Redaction::of(count, ADDRESS)))
        .or_else(|| numbers::number(words, before))
        .or_else(|| names.include(first.core).then(|| Redaction::of(1, NAME)))
}

fn is_email(core: &str) -> bool {
    let address = core.strip_prefix("mailto:").unwrap_or(core);
    match address.rsplit_once('@') {
        Some((local, domain)) => !local.is_empty() && domain.contains('.'),
        None => false,
    }
}

#[cfg(test)]
mod tests;
