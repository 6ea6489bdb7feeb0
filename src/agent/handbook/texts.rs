//! Parser of the message catalogue, one file per language. It refuses a file that lacks a text, has an unknown one, or
//! whose placeholders differ from those that the program fills in.

use std::collections::{BTreeMap, HashMap};

use super::document::{ErrorCollector, heading};
use super::{ContextError, ContextErrors, ContextSource};
use crate::domain::wording::texts::{ENGLISH, Scope, TextKey, Texts, Wording};

/// Level of the headings that name a text; those above are for people.
const KEY_LEVEL: usize = 3;
/// Placeholder for a text that falls back to English.
const FALLBACK: &str = "(English)";

/// The file of one language.
#[derive(Clone, Copy, Debug)]
pub struct Catalogue<'a> {
    /// ISO 639.
    pub language: &'a str,
    pub source: ContextSource<'a>,
}

pub(super) fn read(files: &[Catalogue<'_>]) -> Result<Texts, ContextErrors> {
    let Some(file) = files.iter().find(|file| file.language == ENGLISH) else {
        let mut findings = ErrorCollector::new(ContextSource { name: "en.md", text: "" });
        findings.note(0, "the English texts are missing");
        return Err(ContextErrors(findings.faults));
    };
    let (english, mut faults) = wording(*file, None);
    let mut translations = BTreeMap::new();
    for file in files.iter().filter(|file| file.language != ENGLISH) {
        let (translation, more) = wording(*file, Some(&english));
        translations.insert(file.language.to_owned(), translation);
        faults.extend(more);
    }
    if faults.is_empty() { Ok(Texts::new(english, translations)) } else { Err(ContextErrors(faults)) }
}

/// The texts of a file, and its errors in the order of the lines.
fn wording(file: Catalogue<'_>, english: Option<&Wording>) -> (Wording, Vec<ContextError>) {
    let mut reader = TextsReader::new(file, english);
    let wording = Wording::new(|key| reader.text(key));
    let mut faults = reader.findings.faults;
    faults.sort_by_key(|fault| fault.line);
    (wording, faults)
}

/// A text as its file contains it.
#[derive(Debug, PartialEq, Eq)]
struct Entry {
    key: String,
    /// The line of its heading.
    line: usize,
    /// Paragraphs of one line each, with an empty line between them.
    text: String,
}

struct TextsReader<'a> {
    /// The entries that have not been read yet, by name.
    entries: HashMap<String, Entry>,
    english: Option<&'a Wording>,
    findings: ErrorCollector<'a>,
}

impl<'a> TextsReader<'a> {
    fn new(file: Catalogue<'a>, english: Option<&'a Wording>) -> Self {
        let mut findings = ErrorCollector::new(file.source);
        let mut entries = HashMap::new();
        for entry in entries_of(file.source.text) {
            let (key, line) = (entry.key.clone(), entry.line);
            if !TextKey::ALL.iter().any(|known| known.spec().name == key) {
                findings.note(line, format!("unknown text `{key}`, expected one of {}", names(english)));
            } else if let Some(first) = entries.insert(key, entry) {
                findings.note(line, format!("the text `{}` is in line {} already", first.key, first.line));
            }
        }
        Self { entries, english, findings }
    }

    /// The wording of a text; errors are recorded.
    fn text(&mut self, key: TextKey) -> String {
        let name = key.spec().name;
        match (self.entries.remove(name), self.english, key.spec().scope) {
            (None, Some(english), Scope::EnglishOnly) => english.get(key).to_owned(),
            (Some(entry), Some(_), Scope::EnglishOnly) => {
                let why =
                    format!("`{name}` belongs into {ENGLISH}.md alone, as it continues the brand voice");
                self.findings.note(entry.line, why);
                entry.text
            }
            (None, Some(_), Scope::EveryLanguage) => {
                let how = format!("write `{FALLBACK}` below its heading to use the English text");
                self.findings.note(0, format!("the text `{name}` is missing; {how}"));
                String::new()
            }
            (None, None, _) => {
                self.findings.note(0, format!("the text `{name}` is missing"));
                String::new()
            }
            (Some(entry), Some(english), Scope::EveryLanguage) if entry.text == FALLBACK => {
                english.get(key).to_owned()
            }
            (Some(entry), _, _) => {
                self.check(key, &entry);
                entry.text
            }
        }
    }

    fn check(&mut self, key: TextKey, entry: &Entry) {
        let spec = key.spec();
        let mut note = |what: String| self.findings.note(entry.line, format!("`{}` {what}", spec.name));
        if entry.text.is_empty() || entry.text == FALLBACK {
            note("has no text".to_owned());
            return;
        }
        let chars = entry.text.chars().count();
        if chars > spec.form.max_chars() {
            note(format!("must have at most {} characters, not {chars}", spec.form.max_chars()));
        }
        if entry.text.contains('\n') && !spec.form.has_paragraphs() {
            note("must be one paragraph".to_owned());
        }
        for name in spec.placeholders.iter().filter(|name| !entry.text.contains(&format!("{{{name}}}"))) {
            note(format!("must hold `{{{name}}}`"));
        }
        for name in placeholders(&entry.text).filter(|name| !spec.placeholders.contains(name)) {
            note(format!("has the unknown placeholder `{{{name}}}`"));
        }
        if entry.text.matches('{').count() != placeholders(&entry.text).count()
            || entry.text.matches('}').count() != placeholders(&entry.text).count()
        {
            note("has a `{` or `}` that belongs to no placeholder".to_owned());
        }
    }
}

/// Names of the texts that a file may contain.
fn names(english: Option<&Wording>) -> String {
    let is_allowed = |key: &&TextKey| english.is_none() || key.spec().scope == Scope::EveryLanguage;
    TextKey::ALL.iter().filter(is_allowed).map(|key| key.spec().name).collect::<Vec<_>>().join(", ")
}

/// The names between braces.
fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name)
}

/// Every text of a file. Text above the first such heading is documentation.
fn entries_of(file: &str) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut is_in_text = false;
    for (place, line) in file.lines().enumerate() {
        if let Some((level, title)) = heading(line) {
            is_in_text = level == KEY_LEVEL;
            if is_in_text {
                entries.push(Entry { key: title, line: place + 1, text: String::new() });
            }
        } else if let Some(entry) = entries.last_mut().filter(|_| is_in_text) {
            extend(&mut entry.text, line.trim());
        }
    }
    for entry in &mut entries {
        entry.text.truncate(entry.text.trim_end().len());
    }
    entries
}

/// Lines of a paragraph are joined by a space; an empty line ends it.
fn extend(text: &mut String, line: &str) {
    match (line.is_empty(), text.is_empty() || text.ends_with('\n')) {
        (true, true) => {}
        (true, false) => text.push_str("\n\n"),
        (false, true) => text.push_str(line),
        (false, false) => {
            text.push(' ');
            text.push_str(line);
        }
    }
}

#[cfg(test)]
mod tests;
