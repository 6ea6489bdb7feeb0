//! Decides whether a text may go without a source: a single question that states nothing may, after a courtesy, and so may
//! the company's own texts.

use std::borrow::Cow;
use std::sync::LazyLock;

use crate::agent::canonical::{Canonical, sentences};
use crate::agent::handbook::Handbook;
use crate::agent::reading::patterns::{Groups, Lexicon, Pattern};
use crate::domain::wording::texts::TextKey;

/// Maximum characters of a question back to the customer.
const QUESTION_MAX_CHARS: usize = 500;
/// Words of a clause after the question that need no conjunction: a list of choices, a tag.
const CHOICE_MAX_WORDS: usize = 5;
/// Words of a name.
const NAME_MAX_WORDS: usize = 2;
/// How a longer clause after the question begins.
const CONJUNCTIONS: &[&str] = &[
    "and", "or", "when", "if", "for", "while", "on", "in", "with", "after", "before", "e", "either", "such",
    "like", "und", "oder", "wenn", "zum", "bei", "y", "o", "cuando", "si", "por", "et", "ou", "quand",
    "lorsque", "par", "a",
];

/// How a clause begins that asks, courtesies before it, and what turns a question into a statement.
struct QuestionPatterns {
    openings: Lexicon<()>,
    courtesies: Lexicon<()>,
    statements: Lexicon<()>,
}

static PATTERNS: LazyLock<QuestionPatterns> = LazyLock::new(|| {
    let part = |name| lexicon(name).0;
    QuestionPatterns {
        openings: part("openings"),
        courtesies: part("courtesies"),
        statements: part("statements"),
    }
});

/// A part of the table, and its lines that are no patterns (a test makes sure that there are none).
fn lexicon(name: &str) -> (Lexicon<()>, Vec<String>) {
    let table = include_str!("phrases/questions.txt");
    let part = table.split("## ").find_map(|part| part.strip_prefix(name)).unwrap_or_default();
    let (mut lexicon, mut faults) = (Lexicon::default(), Vec::new());
    for line in part.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        match Pattern::read(line, &Groups::new()) {
            Ok(pattern) => lexicon.add(pattern, ()),
            Err(fault) => faults.push(format!("{line}: {fault}")),
        }
    }
    (lexicon, faults)
}

/// Whether a text states nothing that needs a source.
pub fn needs_no_source(text: &str, handbook: &Handbook) -> bool {
    let rest = without_own_texts(text, handbook);
    let rest = rest.trim();
    rest.is_empty() || is_question(rest)
}

/// The text without what the company lets its agent say.
fn without_own_texts<'a>(text: &'a str, handbook: &Handbook) -> Cow<'a, str> {
    let phrases = &handbook.voice.phrases;
    let own = [phrases.clarifying_question.as_str(), &phrases.other_language, &phrases.next_step];
    let files = [TextKey::FileQuestion, TextKey::FilesReceived, TextKey::FileReceived];
    let files = files.map(|key| handbook.texts.get(key, None));
    let own = own.into_iter().chain(handbook.rules.refusal_answers()).chain(files);
    own.fold(Cow::Borrowed(text), |text, own| match own.split_once('{') {
        None if text.contains(own) && !own.is_empty() => Cow::Owned(text.replace(own, " ")),
        Some((before, after)) => without_filled(text, before, after),
        None => text,
    })
}

/// The same for a text at the beginning with a placeholder that was filled in.
fn without_filled<'a>(text: Cow<'a, str>, before: &str, after: &str) -> Cow<'a, str> {
    let end = after.split_once('}').map_or("", |(_, end)| end);
    let rest = text.strip_prefix(before).and_then(|rest| rest.split_once(end)).filter(|_| !end.is_empty());
    match rest {
        Some((filled, rest))
            if !filled.contains(['\n', '.', '!', '?']) || filled.split_whitespace().count() <= 4 =>
        {
            Cow::Owned(rest.to_owned())
        }
        Some(_) | None => text,
    }
}

fn is_question(text: &str) -> bool {
    let folded = Canonical::of(text).folded.replace('؟', "?");
    let folded = folded.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '?');
    if !folded.ends_with('?') || text.chars().count() > QUESTION_MAX_CHARS {
        return false;
    }
    let mut sentences = split_sentences(folded);
    let Some(question) = sentences.pop() else { return false };
    sentences.iter().all(|sentence| is_courteous(&clauses(sentence))) && asks(question)
}

fn split_sentences(text: &str) -> Vec<&str> {
    let mut sentences = Vec::new();
    let mut start = 0;
    let mut characters = text.char_indices().peekable();
    while let Some((place, c)) = characters.next() {
        let ends = ".!?…".contains(c)
            && characters.peek().is_none_or(|(_, next)| next.is_whitespace() || "\")'".contains(*next));
        if ends {
            let end = place + c.len_utf8();
            sentences.extend(text.get(start..end));
            start = end;
        }
    }
    sentences.extend(text.get(start..));
    sentences.retain(|sentence| sentence.contains(char::is_alphanumeric));
    sentences
}

/// The words of each clause; those of a Spanish question begin with the sign that they have.
fn clauses(sentence: &str) -> Vec<Vec<String>> {
    let pieces = sentence.split([',', ':', ';', '\n', '(', '¿', '—']).flat_map(|piece| piece.split(" - "));
    let words = pieces.map(|piece| {
        let piece = piece.replace(['-', '/'], " ");
        sentences(&piece).into_iter().flat_map(|sentence| sentence.words).collect::<Vec<_>>()
    });
    words.filter(|words| !words.is_empty()).collect()
}

/// A courtesy, with the customer's name after it: "Thanks, Ann!"
fn is_courteous(clauses: &[Vec<String>]) -> bool {
    let is_fine = |clause: &Vec<String>| is_courtesy(clause) || clause.len() <= NAME_MAX_WORDS;
    clauses.first().is_some_and(|clause| is_courtesy(clause)) && clauses.iter().skip(1).all(is_fine)
}

fn is_courtesy(clause: &[String]) -> bool {
    !PATTERNS.courtesies.matches(clause).is_empty()
}

/// Whether a sentence asks and states nothing.
fn asks(sentence: &str) -> bool {
    let clauses = clauses(sentence);
    let states = |clause: &Vec<String>| !PATTERNS.statements.matches(clause).is_empty();
    let asks = |clause: &Vec<String>| !PATTERNS.openings.matches(clause).is_empty();
    let Some(first) = clauses.iter().position(|clause| asks(clause) || !is_courtesy(clause)) else {
        return false;
    };
    let (before, rest) = clauses.split_at(first);
    let begins = rest.first().is_some_and(|clause| asks(clause) || sentence.trim_start().starts_with('¿'));
    let mut after = rest.iter().skip(1);
    let goes_on = |clause: &Vec<String>| {
        clause.len() <= CHOICE_MAX_WORDS
            || asks(clause)
            || clause.first().is_some_and(|word| CONJUNCTIONS.contains(&word.as_str()))
    };
    begins && !rest.iter().chain(before).any(states) && after.all(goes_on)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::samples::handbook;

    #[test]
    fn every_line_of_the_table_is_a_pattern() {
        for name in ["openings", "courtesies", "statements"] {
            assert_eq!(lexicon(name).1, Vec::<String>::new());
        }
    }

    #[test]
    fn a_single_question_needs_no_source() {
        let handbook = handbook();
        let phrases = &handbook.voice.phrases;
        let in_english = format!("{} {}", phrases.other_language, phrases.clarifying_question);
        let wrong: Vec<&str> = [
            "Which page are you on when this happens?",
            "Which browser do you use: Chrome, Firefox or Safari?",
            "I want to be sure to give you the right answer: which part is this about, and what were you trying to do?",
            "Hello Ann, which page are you on?",
            "Sorry to hear that. What do you see instead?",
            "Thanks, Ann! When did it start?",
            "Thank you! Do you sign in by SSO or with a password?",
            "If you open the Help menu, what do you see?",
            "Could you tell me which plan you are on?",
            "On which device does it happen?",
            "Welchen Browser benutzen Sie?",
            "Können Sie mir sagen, welche Meldung erscheint?",
            "¿Qué navegador usa?",
            "Gracias, ¿qué ve en la pantalla?",
            "Quel navigateur utilisez-vous ?",
            "Pouvez-vous préciser la page ?",
            "I cannot do that, but what would you like to know about the product?",
            &phrases.clarifying_question,
            &in_english,
            "Thank you, I have received your file (a photo). I cannot look inside files myself: what do they show, and what would you like to do?",
        ]
            .into_iter()
            .filter(|text| !needs_no_source(text, &handbook))
            .collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
        for answer in handbook.rules.refusal_answers() {
            assert!(needs_no_source(answer, &handbook), "{answer}");
        }
    }

    #[test]
    fn a_claim_that_ends_in_a_question_needs_one() {
        let handbook = handbook();
        let wrong: Vec<&str> = [
            "Single sign-on is under Settings.",
            "Single sign-on is in every plan, ok?",
            "Single sign-on is in every plan, right?",
            "Single sign-on is in every plan?",
            "Single sign-on is in every plan. Ok?",
            "Single sign-on is in every plan. Which page are you on?",
            "Happy to help! The trash keeps it for a year, do you see it?",
            "Did you know that the trash keeps it for a year?",
            "Are you aware that it keeps it for a year?",
            "You can restore it within a year, isn't it?",
            "Which page? The trash keeps it for a year?",
            "Which page are you on, the trash keeps everything for a whole year?",
            "SSO ist in jedem Tarif enthalten, oder?",
            "El SSO está en todos los planes, ¿vale?",
            "Le SSO est dans tous les plans, d'accord ?",
            "Thanks. I have noted it. What else?",
        ]
        .into_iter()
        .filter(|text| needs_no_source(text, &handbook))
        .collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}
