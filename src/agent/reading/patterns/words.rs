//! Text tokenizer: the sentences and words of a text, normalised so that case, accents and apostrophes are ignored.

pub use crate::domain::wording::text::{fold, words_of};

/// One sentence as its words.
pub type Sentence = Vec<String>;

/// The sentences of a text as words. Links, mail addresses and code are skipped: their contents are names, not words.
pub fn sentences(text: &str) -> Vec<Sentence> {
    let text = without_code(text);
    split(&text).into_iter().map(words_in).filter(|sentence| !sentence.is_empty()).collect()
}

/// The sentences of a text, unchanged.
pub fn split(text: &str) -> Vec<&str> {
    let mut sentences = Vec::new();
    let (mut start, mut place) = (0, 0);
    for line in text.split_inclusive('\n') {
        let mut ends: Vec<usize> = Vec::new();
        if line.trim().is_empty() || is_list_item(line) {
            ends.push(place);
        }
        for chunk in line.split_inclusive(char::is_whitespace) {
            place += chunk.len();
            if ends_sentence(chunk.trim_end()) {
                ends.push(place);
            }
        }
        for end in ends {
            sentences.extend(text.get(start..end));
            start = end;
        }
    }
    sentences.extend(text.get(start..));
    sentences.retain(|sentence| !sentence.trim().is_empty());
    sentences
}

/// The words of one sentence, without addresses.
pub fn words_in(sentence: &str) -> Sentence {
    sentence.split_whitespace().filter(|chunk| !is_address(chunk)).flat_map(words_of).collect()
}

fn ends_sentence(chunk: &str) -> bool {
    chunk
        .trim_end_matches(['"', '\'', ')', '”', '*', '_'])
        .ends_with(['.', '!', '?', ';', '…', '。', '？', '！'])
}

fn is_list_item(line: &str) -> bool {
    line.trim_start().starts_with(['-', '*', '•', '–'])
}

fn is_address(chunk: &str) -> bool {
    let has_host = |(before, after): (&str, &str)| !before.is_empty() && after.contains('.');
    chunk.contains("://") || chunk.starts_with("www.") || chunk.split_once('@').is_some_and(has_host)
}

/// Removes code in back quotes from a text, both blocks and inline code.
pub fn without_code(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    for (place, block) in text.split("```").enumerate() {
        if place % 2 == 1 {
            kept.push('\n');
            continue;
        }
        for line in block.split_inclusive('\n') {
            let pieces = line.split('`');
            if pieces.clone().count() % 2 == 1 {
                pieces.step_by(2).for_each(|piece| kept.push_str(piece));
            } else {
                kept.push_str(line);
            }
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_and_addresses_are_no_words() {
        let text =
            "Call `DELETE /refund` now\n```\nkill -9\n```\nSee https://a.example/legal or a.b@c.example ok";
        let expected: Vec<Sentence> =
            vec![vec!["call".into(), "now".into()], vec!["see".into(), "or".into(), "ok".into()]];
        assert_eq!(sentences(text), expected);
    }
}
