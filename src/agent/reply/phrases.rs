//! Phrase tables of the guards: patterns that a reply must not match, unless it negates them or a passage says the same.

use std::ops::Range;

use super::grounds::Grounds;
use crate::agent::canonical::SentenceWords;
use crate::agent::reading::patterns::{Groups, Lexicon, Pattern};

/// Words that make a phrase harmless right before it.
const NEGATIONS: &[&str] = &[
    "not",
    "no",
    "never",
    "cannot",
    "cant",
    "wont",
    "dont",
    "doesnt",
    "didnt",
    "isnt",
    "arent",
    "wouldnt",
    "couldnt",
    "shouldnt",
    "unable",
    "neither",
    "nor",
    "without",
    "nobody",
    "nothing",
    "none",
    "refuse",
    "nicht",
    "kein",
    "keine",
    "keinen",
    "keiner",
    "keinerlei",
    "nie",
    "niemals",
    "weder",
    "ohne",
    "niemand",
    "nunca",
    "jamas",
    "sin",
    "tampoco",
    "ni",
    "ne",
    "n",
    "pas",
    "jamais",
    "aucun",
    "aucune",
    "sans",
    "non",
    "mai",
    "senza",
    "nao",
    "sem",
    "niet",
    "geen",
    "nooit",
    "zonder",
    "nigdy",
    "bez",
];
/// Negated verbs, which reach further: "I cannot give you or anyone else a discount".
const STRONG_NEGATIONS: &[&str] =
    &["cannot", "cant", "unable", "never", "nobody", "neither", "nor", "nicht", "wont", "dont", "doesnt"];
/// Words after a negation that turn it into reassurance: "don't worry, …", "not only …".
const REASSURANCES: &[&str] = &[
    "worry",
    "worries",
    "problem",
    "problema",
    "probleme",
    "only",
    "just",
    "hesitate",
    "fail",
    "doubt",
    "fear",
    "panic",
    "matter",
    "refuse",
    "deny",
    "mind",
    "wonder",
    "question",
    "sorge",
    "sorgen",
    "zweifel",
    "frage",
    "nur",
    "zogern",
    "preocupe",
    "preocupes",
    "duda",
    "solo",
    "inquiet",
    "inquietez",
    "inquiete",
    "doute",
    "souci",
    "seulement",
    "i",
    "we",
    "you",
    "your",
    "wir",
    "ich",
    "sie",
    "issue",
    "sweat",
    "delay",
    "later",
    "forget",
    "believe",
    "wait",
    "thank",
    "stress",
    "emphasise",
    "emphasize",
    "help",
    "lie",
    "but",
    "longer",
    "less",
    "exception",
    "further",
    "ado",
    "reason",
    "te",
    "se",
    "vous",
    "t",
];
/// Words that make a statement conditional.
const CONDITIONS: &[&str] = &[
    "if", "once", "when", "after", "until", "whether", "unless", "before", "as", "wenn", "sobald", "nachdem",
    "falls", "cuando", "si", "despues", "quand", "lorsque", "apres", "whenever",
];
/// How far before a phrase a negation counts, and after it (German and French negate after the verb).
const BEFORE: usize = 2;
const STRONG_BEFORE: usize = 6;
const AFTER: usize = 3;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct PhraseFlags {
    /// A negation does not make it harmless.
    is_absolute: bool,
    /// A condition makes it harmless.
    may_be_conditional: bool,
}

/// A table of phrases.
#[derive(Clone, Debug, Default)]
pub(super) struct PhraseTable(Lexicon<PhraseFlags>);

impl PhraseTable {
    /// Parses a table; a line that is no pattern is left out (a test makes sure that there is none).
    pub fn read(table: &str) -> Self {
        Self::parse(table).0
    }

    fn parse(table: &str) -> (Self, Vec<String>) {
        let (mut groups, mut phrases, mut faults) = (Groups::new(), Self::default(), Vec::new());
        for line in table.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            if let Some((name, members)) = line.strip_prefix('@').and_then(|line| line.split_once(':')) {
                let members = members.split(',').map(|member| member.trim().to_owned()).collect();
                groups.insert(name.to_owned(), members);
                continue;
            }
            let flags =
                PhraseFlags { is_absolute: line.starts_with('!'), may_be_conditional: line.starts_with('?') };
            match Pattern::read(line.trim_start_matches(['!', '?']), &groups) {
                Ok(pattern) => phrases.0.add(pattern, flags),
                Err(fault) => faults.push(format!("{line}: {fault}")),
            }
        }
        (phrases, faults)
    }

    /// The first phrase that the text says of itself.
    pub fn find(&self, readings: &[Vec<SentenceWords>], grounds: &Grounds<'_>) -> Option<String> {
        readings.iter().flatten().find_map(|sentence| {
            let spans = self.0.spans(&sentence.words);
            spans.into_iter().find_map(|(flags, span)| {
                let words = sentence.words.get(span.clone()).unwrap_or_default().join(" ");
                let is_harmless = (!flags.is_absolute && is_negated(sentence, &span))
                    || (flags.may_be_conditional && is_conditional(sentence, &span))
                    || grounds.says(&words);
                (!is_harmless).then_some(words)
            })
        })
    }
}

fn is_negated(sentence: &SentenceWords, span: &Range<usize>) -> bool {
    let clause = |place: usize| sentence.clauses.get(place);
    let word = |place: usize| sentence.words.get(place).map(String::as_str);
    let negates = |place: usize| {
        let next = word(place + 1).unwrap_or_default();
        word(place).is_some_and(|word| NEGATIONS.contains(&word)) && !REASSURANCES.contains(&next)
    };
    let last = span.end.saturating_sub(1);
    let is_strong = |place: usize| {
        word(place).is_some_and(|word| {
            STRONG_NEGATIONS.contains(&word) || word == "not" && word_is_inability(sentence, place)
        })
    };
    let before = (span.start.saturating_sub(STRONG_BEFORE)..span.start)
        .filter(|place| clause(*place) == clause(span.start))
        .filter(|place| place + BEFORE >= span.start || is_strong(*place));
    let inside = span.clone().filter(|place| clause(*place) == clause(last));
    let after = (span.end..span.end + AFTER)
        .filter(|place| clause(*place) == clause(last))
        .filter(|place| word(*place).is_some_and(|word| ["nicht", "pas", "niet"].contains(&word)));
    before.chain(inside).chain(after).any(negates)
}

/// "not able", "not allowed".
fn word_is_inability(sentence: &SentenceWords, place: usize) -> bool {
    let next = sentence.words.get(place + 1).map_or("", String::as_str);
    [
        "able",
        "allowed",
        "possible",
        "permitted",
        "authorised",
        "authorized",
        "need",
        "needed",
        "have",
        "required",
        "know",
        "necessary",
    ]
    .contains(&next)
}

fn is_conditional(sentence: &SentenceWords, span: &Range<usize>) -> bool {
    let until_end = sentence.words.get(..span.end).unwrap_or_default();
    until_end.iter().any(|word| CONDITIONS.contains(&word.as_str()))
}

#[cfg(test)]
pub(super) fn faults(table: &str) -> Vec<String> {
    PhraseTable::parse(table).1
}
