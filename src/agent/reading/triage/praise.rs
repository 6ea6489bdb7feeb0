//! Intent detection of praise: it is thanked for, and neither searched for nor asked back about.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::silence::{self, Clause};
use crate::agent::reading::patterns::{split, words_of};
use crate::agent::reading::sentiment::positivity;

/// Maximum words of a message that only praises; a longer one tells something.
const MAX_WORDS: usize = 60;
/// Minimum words of a sentence that praises: `yes` and `help` are positive words, too.
const MIN_WORDS: usize = 3;

/// Words that mark a sentence as praise in any language.
static WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    "love loves happy pleased impressed enjoy enjoying beautiful helpful nice amazing awesome fantastic brilliant excellent great wonderful best perfect kudos bravo toll super klasse \
     spitze hervorragend begeistert ausgezeichnet excelente genial maravilloso fantastico increible formidable \
     parfait superbe ottimo eccellente bravissimi geweldig uitstekend prachtig otimo maravilhoso incrivel swietne \
     doskonale rewelacja"
        .split_whitespace()
        .collect()
});

/// Phrases that go with praise without being positive by the lexicon.
const BESIDE: &[&str] = &[
    "keep it up",
    "keep going",
    "well done",
    "hats off",
    "just wanted to say",
    "just wanted to let you know",
    "weiter so",
    "sigan asi",
    "continuez comme ca",
    "continuate cosi",
    "ga zo door",
    "continuem assim",
    "tak trzymac",
];

/// First words of questions that end without a question mark.
const OPENS_A_QUESTION: &[&str] = &[
    "is", "are", "am", "can", "do", "does", "did", "will", "may", "shall", "has", "have", "was", "were",
    "any", "anyone", "make", "help", "tell", "show", "give", "let",
];

/// Whether a message praises and asks for nothing.
pub(super) fn is_praise(text: &str) -> bool {
    let words = words_of(text);
    if silence::asks(text) || words.is_empty() || words.len() > MAX_WORDS || silence::wants_something(&words)
    {
        return false;
    }
    let clauses = split(text).into_iter().flat_map(|sentence| sentence.split([',', ';', '–', '—']));
    let sentences: Vec<Clause<'_>> =
        clauses.map(Clause::read).filter(|clause| !clause.words.is_empty()).collect();
    sentences.iter().any(|clause| praises(&clause.words))
        && sentences.iter().all(|clause| praises(&clause.words) || goes_with_it(clause))
}

fn praises(sentence: &[String]) -> bool {
    sentence.len() >= MIN_WORDS
        && !sentence.first().is_some_and(|first| OPENS_A_QUESTION.contains(&first.as_str()))
        && sentence.iter().any(|word| WORDS.contains(word.as_str()))
        && positivity(&sentence.join(" ")) >= 0.0
}

/// A greeting, a name, or a phrase that goes with praise.
fn goes_with_it(clause: &Clause<'_>) -> bool {
    let text = clause.words.join(" ");
    clause.is_name() || BESIDE.iter().any(|phrase| text.contains(phrase)) || silence::is_enough(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn praise_is_no_request_with_kind_words() {
        for text in [
            "Your tool is the best thing we have bought this year!",
            "I love the new board view. Keep it up!",
            "Just wanted to say that your support is amazing.\n\nAnn",
            "Das neue Board ist klasse. Weiter so!",
            "El nuevo tablero es genial",
        ] {
            assert!(is_praise(text), "{text}");
        }
        for text in [
            "I love the board view. Export my project please.",
            "Great, but the export fails",
            "The best way to import my tasks",
            "I would love to see a Gantt chart",
            "How do I export? You are great.",
            "Delete my project. Great.",
            "I love the board view. Export failed",
            "The new design is great, reset password",
            "is it ok to invite guests to a private project",
            "great, the import is empty",
            "The import failed",
            "",
        ] {
            assert!(!is_praise(text), "{text}");
        }
    }
}
