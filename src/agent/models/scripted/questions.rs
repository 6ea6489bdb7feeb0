//! Question splitter: the separate questions of a message, so that each is searched for and answered, or named.

use crate::agent::reading::patterns::split;

use super::saying_words;

/// Minimum significant words of a question that is complete by itself.
const MIN_WORDS: usize = 2;
/// Questions that are searched for; the rest is named as open.
pub(super) const MAX_SEARCHED: usize = 3;
/// Share of common words from which two questions are the same one, in other words.
const SAME_SHARE: f64 = 0.5;

/// The questions of a text, in their order, if there are several that have nothing to do with each other.
pub(super) fn several(text: &str) -> Vec<String> {
    let mut questions: Vec<(String, Vec<String>)> = Vec::new();
    for sentence in sentences(text) {
        let words = saying_words(&sentence);
        if words.len() >= MIN_WORDS && !questions.iter().any(|(_, known)| is_same(known, &words)) {
            questions.push((sentence, words));
        }
    }
    if questions.len() < 2 { Vec::new() } else { questions.into_iter().map(|(text, _)| text).collect() }
}

/// The sentences that ask, without the numbers or bullets of a list.
fn sentences(text: &str) -> Vec<String> {
    let asking =
        split(text).into_iter().flat_map(|part| part.split_inclusive('?')).filter(|part| part.contains('?'));
    let is_mark = |c: char| c.is_ascii_digit() || c.is_whitespace() || "-*•.)(".contains(c);
    asking.map(|sentence| sentence.trim_start_matches(is_mark).trim().to_owned()).collect()
}

fn is_same(one: &[String], other: &[String]) -> bool {
    let common = one.iter().filter(|word| other.contains(word)).count();
    let shorter = one.len().min(other.len());
    let count = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    count(common) >= SAME_SHARE * count(shorter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separate_questions_differ_from_one_in_several_sentences() {
        assert_eq!(
            several("Hi! 1. How do I export a project as CSV?\n2) Where do I change my password?\nThanks"),
            ["How do I export a project as CSV?", "Where do I change my password?"]
        );
        assert_eq!(several("Can I invite guests? And which file types can be uploaded?").len(), 2);
        for text in [
            "How do I export a project? Is it possible to export the project as CSV?",
            "How do I export a project? Can you help?",
            "The export fails. How do I fix that?",
            "How do I export a project as CSV? And as JSON?",
            "",
        ] {
            assert_eq!(several(text), Vec::<String>::new(), "{text}");
        }
    }
}
