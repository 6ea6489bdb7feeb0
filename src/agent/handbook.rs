//! The company's configuration of its agent, in two Markdown files: escalation rules and brand voice. Parsed and
//! validated
//! as a whole; every mistake is reported with file and line.

use std::fmt;

use crate::domain::voice::BrandVoice;

mod document;
mod rules;
mod spelling;
mod voice;

pub use rules::Rules;
pub(super) use rules::{Rule, Subject};

/// File name of the rules.
pub const RULES_FILE: &str = "escalation-rules.md";
/// File name of the voice.
pub const VOICE_FILE: &str = "brand-voice.md";

/// Both files as shipped with the program.
const OWN_RULES: &str = include_str!("../../context/escalation-rules.md");
const OWN_VOICE: &str = include_str!("../../context/brand-voice.md");

/// Rules and voice together.
#[derive(Clone, Debug)]
pub struct Handbook {
    pub rules: Rules,
    pub voice: BrandVoice,
}

/// A file's content.
#[derive(Clone, Copy, Debug)]
pub struct ContextSource<'a> {
    /// The name in error messages.
    pub name: &'a str,
    pub text: &'a str,
}

impl Handbook {
    /// Parses both files, or returns all mistakes in either.
    pub fn read(rules: ContextSource<'_>, voice: ContextSource<'_>) -> Result<Self, ContextErrors> {
        match (Rules::read(rules), read_voice(voice)) {
            (Ok(rules), Ok(voice)) => Ok(Self { rules, voice }),
            (rules, voice) => {
                let faults = [rules.err(), voice.err()].into_iter().flatten().flat_map(|faults| faults.0);
                Err(ContextErrors(faults.collect()))
            }
        }
    }

    /// Both files as shipped with the program.
    pub fn own() -> Result<Self, ContextErrors> {
        Self::read(Self::own_rules(), Self::own_voice())
    }

    /// The rules as shipped with the program.
    pub fn own_rules() -> ContextSource<'static> {
        ContextSource { name: RULES_FILE, text: OWN_RULES }
    }

    /// The voice as shipped with the program.
    pub fn own_voice() -> ContextSource<'static> {
        ContextSource { name: VOICE_FILE, text: OWN_VOICE }
    }
}

/// Parses the voice, or returns all mistakes in it.
pub fn read_voice(source: ContextSource<'_>) -> Result<BrandVoice, ContextErrors> {
    voice::read(source)
}

/// One mistake in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContextError {
    pub file: String,
    /// From 1; 0 if something is missing from the file as a whole.
    pub line: usize,
    pub what: String,
}

impl fmt::Display for ContextError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line == 0 {
            write!(f, "{}: {}", self.file, self.what)
        } else {
            write!(f, "{}:{}: {}", self.file, self.line, self.what)
        }
    }
}

/// All mistakes, in the order of the lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContextErrors(pub Vec<ContextError>);

impl fmt::Display for ContextErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, fault) in self.0.iter().enumerate() {
            if place > 0 {
                f.write_str("\n")?;
            }
            fault.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for ContextErrors {}

#[cfg(test)]
mod tests;
