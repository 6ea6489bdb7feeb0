//! Typing-error tolerance: recognises words with a missing, additional, wrong or transposed letter.

use std::collections::{HashMap, HashSet};

/// Minimum letters of a word that may contain one mistake, and of one that may contain two.
const ONE_SLIP_MIN_LETTERS: usize = 5;
const TWO_SLIPS_MIN_LETTERS: usize = 10;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SpellingVariants {
    /// By their first byte, in their order.
    words: HashMap<u8, Vec<String>>,
    /// Correct words, never treated as a misspelling of another.
    known: HashSet<String>,
}

impl SpellingVariants {
    pub fn new(words: Vec<String>, known: HashSet<String>) -> Self {
        let mut by_first: HashMap<u8, Vec<String>> = HashMap::new();
        for word in words {
            if let Some(first) = word.bytes().next() {
                by_first.entry(first).or_default().push(word);
            }
        }
        Self { words: by_first, known }
    }

    /// The sentence with these words corrected.
    pub fn correct(&self, sentence: &[String]) -> Vec<String> {
        sentence.iter().map(|word| self.meant(word).unwrap_or(word).to_owned()).collect()
    }

    fn meant(&self, written: &str) -> Option<&str> {
        if written.len() < ONE_SLIP_MIN_LETTERS - 1 || self.known.contains(written) {
            return None;
        }
        let alike = self.words.get(&written.bytes().next()?)?;
        let mut near = alike.iter().filter(|word| word.len().abs_diff(written.len()) <= 2);
        near.find(|word| is_slip(written, word)).map(String::as_str)
    }
}

/// The first and last letters are nearly always right. Requiring them keeps `layer` from matching `lawyer`, except
/// where the list says so, and keeps inflections from counting as mistakes.
fn is_slip(written: &str, word: &str) -> bool {
    let slips = match word.chars().count() {
        TWO_SLIPS_MIN_LETTERS.. => 2,
        ONE_SLIP_MIN_LETTERS.. => 1,
        _ => return false,
    };
    // A cheap test that hardly any word passes.
    let ends = |word: &str| word.chars().next_back();
    if ends(written) != ends(word) && ends(written) != word.chars().nth_back(1) {
        return false;
    }
    let written: Vec<char> = written.chars().collect();
    let word: Vec<char> = word.chars().collect();
    written.len().abs_diff(word.len()) <= slips
        && written.first() == word.first()
        && ends_alike(&written, &word)
        && distance(&written, &word) <= slips
}

/// The same last letter, or the last two transposed.
fn ends_alike(written: &[char], word: &[char]) -> bool {
    let exchanged = match (written, word) {
        ([.., a, b], [.., c, d]) => a == d && b == c,
        _ => false,
    };
    written.last() == word.last() || exchanged
}

/// Optimal string alignment distance: insertions, deletions, substitutions and transpositions.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let at = |row: &[usize], place: usize| row.get(place).copied().unwrap_or(usize::MAX - 1);
            let mut cost =
                (at(&last, j) + usize::from(x != y)).min(at(&last, j + 1) + 1).min(at(&row, j) + 1);
            let exchanged = i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x);
            if exchanged {
                cost = cost.min(at(&before_last, j - 1) + 1);
            }
            row.push(cost);
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_put_right_and_other_words_are_left_alone() {
        let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        let spelling = SpellingVariants::new(
            owned(&["refund", "cancel", "subscription", "human", "discount"]),
            owned(&["humans", "subscriptions"]).into_iter().collect(),
        );
        let cases = [
            ("refnud", "refund"),
            ("refudn", "refund"),
            ("reffund", "refund"),
            ("cancle", "cancel"),
            ("canel", "cancel"),
            ("subscripton", "subscription"),
            ("subcsriptoin", "subscription"),
            ("humen", "human"),
            ("humans", "humans"),
            ("refunds", "refunds"),
            ("cancels", "cancels"),
            ("found", "found"),
            ("disconnect", "disconnect"),
            ("description", "description"),
        ];
        for (written, expected) in cases {
            assert_eq!(spelling.correct(&[written.to_owned()]), [expected], "{written}");
        }
    }
}
