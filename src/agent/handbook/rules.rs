//! Escalation rules: when a person takes over, what is refused, and how an unhappy customer is recognised.

use std::collections::{HashMap, HashSet};

use sha2::{Digest, Sha256};

use super::document::{self, ErrorCollector, ListItem, RuleSection};
use super::spelling::SpellingVariants;
use super::{ContextErrors, ContextSource};
use crate::agent::canonical::Canonical;
use crate::agent::reading::patterns::{Groups, Lexicon, Pattern};
use crate::domain::enums::{Reason, Severity};
use crate::domain::wording::texts::TextKey;

mod read;

/// Minimum letters of a competitor's name that counts at the beginning of a longer word too.
const UNMISTAKABLE_MIN_CHARS: usize = 8;
/// Languages in which triggers may be written.
const LANGUAGES: &[&str] =
    &["English", "German", "Spanish", "French", "Italian", "Portuguese", "Dutch", "Polish"];

/// The compiled rules.
#[derive(Clone, Debug)]
pub struct Rules {
    edition: String,
    /// Most severe first.
    rules: Vec<Rule>,
    refusals: Vec<GuardPhrase>,
    triggers: Lexicon<RulePosition>,
    exceptions: Lexicon<RulePosition>,
    competitors: Lexicon<()>,
    /// Their names without blanks and punctuation.
    competitor_names: Vec<String>,
    spelling: SpellingVariants,
    mood: Option<Mood>,
    searches: Option<u32>,
}

/// An escalation rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    pub reason: Reason,
    pub severity: Severity,
    /// The team that should take it.
    pub team: String,
    /// For staff: what was found in the message.
    pub note: String,
    /// What the customer gets instead of the usual acknowledgement.
    pub text: Option<TextKey>,
}

/// A request that is refused, whoever makes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GuardPhrase {
    pub subject: Subject,
    /// The answer for the customer.
    pub answer: String,
}

/// The subject of a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// Prompt injection, such as an order to ignore the rules.
    Instructions,
    /// Data of other people.
    OtherPeople,
}

impl Subject {
    fn named(name: &str) -> Result<Self, String> {
        match name {
            "instructions" => Ok(Self::Instructions),
            "other people" => Ok(Self::OtherPeople),
            other => Err(format!("unknown subject `{other}`, expected one of instructions, other people")),
        }
    }
}

/// How an unhappy customer is recognised.
#[derive(Clone, Debug, PartialEq)]
pub struct Mood {
    /// Sentiment threshold, from 0 to 1.
    pub below: f32,
    pub rule: Rule,
    /// Words of the trade that the lexicon rates as emotional.
    pub neutral: HashSet<String>,
    phrases: Lexicon<()>,
}

impl Mood {
    /// How many patterns of anger a sentence matches.
    pub fn anger(&self, sentence: &[String]) -> usize {
        self.phrases.matches(sentence).len()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum RulePosition {
    Rule(usize),
    GuardPhrase(usize),
}

impl Rules {
    /// Parses the rules, or returns all mistakes in them.
    pub fn read(source: ContextSource<'_>) -> Result<Self, ContextErrors> {
        read::read(source)
    }

    /// Changes with the content of the file.
    pub fn edition(&self) -> &str {
        &self.edition
    }

    /// Names of the rules, refusals and languages in the file, for people who check an installation.
    pub fn summary(&self) -> String {
        let (rules, refusals) = (self.rules.len(), self.refusals.len());
        format!("{}: {rules} reasons to hand over, {refusals} refusals", self.edition)
    }

    /// What a sentence matches: the rank of the most severe rule (smaller is more severe), and a refusal.
    pub(in crate::agent) fn judge(&self, sentence: &[String]) -> (Option<usize>, Option<&GuardPhrase>) {
        let mut found = self.triggers.matches(sentence);
        if !found.is_empty() {
            let exempt = self.exceptions.matches(sentence);
            found.retain(|place| !exempt.contains(place));
        }
        let rules = found.iter().filter_map(|place| match place {
            RulePosition::Rule(rule) => Some(*rule),
            RulePosition::GuardPhrase(_) => None,
        });
        let refusals = found.iter().filter_map(|place| match place {
            RulePosition::GuardPhrase(refusal) => Some(*refusal),
            RulePosition::Rule(_) => None,
        });
        (rules.min(), refusals.min().and_then(|refusal| self.refusals.get(refusal)))
    }

    pub(in crate::agent) fn rule(&self, place: usize) -> Option<&Rule> {
        self.rules.get(place)
    }

    /// The usual rule for a reason.
    pub(in crate::agent) fn usual(&self, reason: Reason) -> Option<&Rule> {
        let mood = self.mood.as_ref().map(|mood| &mood.rule);
        self.rules.iter().chain(mood).find(|rule| rule.reason == reason)
    }

    pub(in crate::agent) fn refusal_of(&self, subject: Subject) -> Option<&GuardPhrase> {
        self.refusals.iter().find(|refusal| refusal.subject == subject)
    }

    pub(in crate::agent) fn mood(&self) -> Option<&Mood> {
        self.mood.as_ref()
    }

    /// Unsuccessful searches after which a person takes over.
    pub(in crate::agent) fn searches(&self) -> Option<u32> {
        self.searches
    }

    /// Whether a text names a competitor, also with something inside of the name.
    pub(in crate::agent) fn names_competitor(&self, text: &Canonical) -> bool {
        let names = |text: &Canonical| {
            text.readings().iter().flatten().any(|sentence| {
                !self.competitors.matches(&sentence.words).is_empty() || self.names_squeezed(&sentence.words)
            })
        };
        // Where nothing of this occurs, the second reading is the first one.
        let may_differ = |c: char| !c.is_ascii() || "@$!|&%\\`".contains(c);
        names(text) || text.shown.contains(may_differ) && names(&with_letters(&text.folded))
    }

    fn names_squeezed(&self, words: &[String]) -> bool {
        let is_name = |word: &str| {
            let is_one = |name: &String| {
                word.strip_prefix(name.as_str()).is_some_and(|rest| {
                    rest.is_empty() || rest == "s" || name.len() >= UNMISTAKABLE_MIN_CHARS
                })
            };
            self.competitor_names.iter().any(is_one)
        };
        let is_split = |pair: &[String]| match pair {
            [first, second] => self
                .competitor_names
                .iter()
                .any(|name| name.strip_prefix(first.as_str()) == Some(second.as_str())),
            _ => false,
        };
        words.iter().any(|word| is_name(word)) || words.windows(2).any(is_split)
    }

    /// The answers of all refusals.
    pub(in crate::agent) fn refusal_answers(&self) -> impl Iterator<Item = &str> {
        self.refusals.iter().map(|refusal| refusal.answer.as_str())
    }

    /// The sentence with typing mistakes in the significant words corrected.
    pub(in crate::agent) fn corrected(&self, sentence: &[String]) -> Vec<String> {
        self.spelling.correct(sentence)
    }
}

/// A canonical text with letters for the symbols that are used as some.
fn with_letters(folded: &str) -> Canonical {
    let read = |c: char| match c {
        '@' => 'a',
        '$' => 's',
        '!' => 'i',
        '|' => 'l',
        c => c,
    };
    Canonical::of(&folded.chars().map(read).collect::<String>())
}
