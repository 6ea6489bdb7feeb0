//! Configuration of the agent's behaviour, in files that people edit: when a person must take over, how the agent
//! speaks, and the notices that customers get. Read and checked as a whole; every mistake is reported with its file and
//! line.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use super::canonical::{Canonical, hosts};
use crate::domain::conversations::service_levels::ServiceLevels;
use crate::domain::wording::hours::SupportHours;
use crate::domain::wording::texts::Texts;
use crate::domain::wording::voice::BrandVoice;

mod document;
mod passage_texts;
mod profile;
mod rules;
mod spelling;
mod tables;
mod texts;
mod voice;

pub use passage_texts::{PassageText, PassageTexts};
pub use rules::Rules;
pub(super) use rules::{Rule, Subject};
pub use texts::Catalogue;

/// File name of the rules.
pub const RULES_FILE: &str = "escalation-rules.md";
/// File name of the voice.
pub const VOICE_FILE: &str = "brand-voice.md";
/// File name of what is promised to whom.
pub const PROFILE_FILE: &str = "company-profile.md";
/// The folder of the texts, one file per language.
pub const TEXTS_FOLDER: &str = "texts";

/// The files, as they come with the program.
const OWN_RULES: &str = include_str!("../../../context/escalation-rules.md");
const OWN_VOICE: &str = include_str!("../../../context/brand-voice.md");
const OWN_PROFILE: &str = include_str!("../../../context/company-profile.md");

macro_rules! own_texts {
    ($($language:literal),+) => {
        [$((
            $language,
            concat!("texts/", $language, ".md"),
            include_str!(concat!("../../../context/texts/", $language, ".md")),
        )),+]
    };
}

/// By language.
const OWN_TEXTS: [(&str, &str, &str); 7] = own_texts!["en", "de", "fr", "es", "pt", "it", "nl"];

/// Rules, voice and texts together.
#[derive(Clone, Debug)]
pub struct Handbook {
    pub rules: Rules,
    pub voice: BrandVoice,
    pub texts: Arc<Texts>,
    /// Hosts that the company's own texts name; replies may point to them.
    pub hosts: BTreeSet<String>,
    pub passage_texts: PassageTexts,
}

/// A file's content.
#[derive(Clone, Copy, Debug)]
pub struct ContextSource<'a> {
    /// The name in error messages.
    pub name: &'a str,
    pub text: &'a str,
}

impl Handbook {
    /// All files, or everything that is wrong in any.
    pub fn read(
        rules: ContextSource<'_>,
        voice: ContextSource<'_>,
        texts: &[Catalogue<'_>],
    ) -> Result<Self, ContextErrors> {
        match (Rules::read(rules), read_voice(voice), texts::read(texts)) {
            (Ok(rules), Ok(voice), Ok(texts)) => {
                let hosts = hosts(&Canonical::of(&voice.help_link)).into_iter().collect();
                Ok(Self {
                    rules,
                    voice,
                    texts: Arc::new(texts),
                    hosts,
                    passage_texts: PassageTexts::default(),
                })
            }
            (rules, voice, texts) => {
                let faults = [rules.err(), voice.err(), texts.err()].into_iter().flatten();
                Err(ContextErrors(faults.flat_map(|faults| faults.0).collect()))
            }
        }
    }

    /// Adds the hosts that a text of the company names.
    pub fn with_hosts_of(mut self, text: &str) -> Self {
        self.hosts.extend(hosts(&Canonical::of(text)));
        self
    }

    /// All files as they come with the program.
    pub fn own() -> Result<Self, ContextErrors> {
        Self::read(Self::own_rules(), Self::own_voice(), &Self::own_texts())
    }

    /// The rules as shipped with the program.
    pub fn own_rules() -> ContextSource<'static> {
        ContextSource { name: RULES_FILE, text: OWN_RULES }
    }

    /// The voice as shipped with the program.
    pub fn own_voice() -> ContextSource<'static> {
        ContextSource { name: VOICE_FILE, text: OWN_VOICE }
    }

    /// The company's profile as shipped with the program.
    pub fn own_profile() -> ContextSource<'static> {
        ContextSource { name: PROFILE_FILE, text: OWN_PROFILE }
    }

    /// The texts that come with the program.
    pub fn own_texts() -> [Catalogue<'static>; 7] {
        OWN_TEXTS.map(|(language, name, text)| Catalogue { language, source: ContextSource { name, text } })
    }
}

/// Parses the voice, or returns all mistakes in it.
pub fn read_voice(source: ContextSource<'_>) -> Result<BrandVoice, ContextErrors> {
    voice::read(source)
}

/// Parses what the company's profile promises, or returns all mistakes in it. Holidays are those of the voice, and so is
/// the time zone where the profile names none.
pub fn read_service_levels(
    source: ContextSource<'_>,
    voice: &SupportHours,
) -> Result<ServiceLevels, ContextErrors> {
    profile::read(source, voice)
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
