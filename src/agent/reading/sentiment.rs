//! Sentiment analysis of a message, from 0 (furious) through 0.5 (neutral) to 1 (delighted): a lexicon of words and
//! emoji without the product's technical terms, so that "the import failed with an error" is a report and not a
//! feeling.

use std::sync::LazyLock;

use unicode_segmentation::UnicodeSegmentation;
use vader_sentimental::SentimentIntensityAnalyzer;

use super::language::{Language, language};
use super::patterns::{fold, sentences};
use crate::agent::handbook::Rules;
use crate::domain::wording::quotes::own_words;

/// Maximum characters of a message that are analysed: sentiment shows early, and a long message must not cost more.
const WEIGHED_MAX_CHARS: usize = 3_000;
/// Penalty of one angry phrase on the lexicon's score, which runs from -1 to 1, and the maximum of all penalties.
const ANGER_WEIGHT: f64 = 0.3;
const ANGER_MAX_PHRASES: usize = 4;
/// Weight of the lexicon's score: one strong word alone must not decide.
const LEXICON_WEIGHT: f64 = 0.75;

/// Minimum distinct negative words that show a mood; one may be part of a name or of a subject, as in "a six sided die".
const NEGATIVE_MIN_WORDS: usize = 2;
/// Score of a single word, by the lexicon, from which it counts as negative.
const NEGATIVE_WORD: f64 = -0.25;
/// Minimum angry emoji that show a mood by themselves.
const NEGATIVE_MIN_EMOJI: usize = 3;
/// Sentiment below which an earlier message counts as a repetition of a mood.
const MOODY: f32 = 0.4;

/// Emoji whose description in the lexicon is weaker than their usual meaning, with their adjustments.
const EMOJI: &[(&str, f64)] = &[
    ("😡", -0.5),
    ("🤬", -0.6),
    ("😠", -0.4),
    ("👿", -0.4),
    ("😤", -0.3),
    ("💩", -0.3),
    ("🖕", -0.6),
    ("👎", -0.3),
    ("😭", -0.2),
    ("😞", -0.2),
    ("🙏", 0.1),
    ("👍", 0.2),
    ("😊", 0.3),
    ("😍", 0.4),
    ("❤", 0.3),
    ("🎉", 0.3),
    ("🥳", 0.3),
];

static ANALYZER: LazyLock<SentimentIntensityAnalyzer<'static>> =
    LazyLock::new(SentimentIntensityAnalyzer::new);

/// The sentiment of a message that no turn reads, because a person has taken over the conversation; `None` if the
/// customer wrote nothing themselves.
pub fn sentiment(text: &str, rules: &Rules) -> Option<f32> {
    let own = own_words(text);
    (!own.is_empty()).then(|| sentiment_of(&own, language(&own), rules))
}

/// The sentiment of what a customer wrote themselves, in that language.
pub(in crate::agent) fn sentiment_of(own: &str, language: Language, rules: &Rules) -> f32 {
    let end = own.char_indices().nth(WEIGHED_MAX_CHARS).map_or(own.len(), |(end, _)| end);
    let text = own.get(..end).unwrap_or(own);
    let score = lexicon_score(text, language, rules) + emoji_score(text) - anger(text, rules);
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a score between 0 and 1 loses only insignificant digits"
    )]
    let sentiment = ((score.clamp(-1.0, 1.0) + 1.0) / 2.0) as f32;
    sentiment
}

/// The lexicon's score of a sentence, from -1 to 1; it knows English only.
pub(super) fn positivity(sentence: &str) -> f64 {
    ANALYZER.polarity_scores(sentence).compound
}

/// What a message tells about its writer's mood.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Feeling {
    /// From 0 to 1.
    pub score: f32,
    /// Whether it is below the rules' limit, by words or by repeated emoji alone.
    pub is_unhappy: bool,
}

impl Feeling {
    pub fn of(own: &str, language: Language, rules: &Rules) -> Self {
        let score = sentiment_of(own, language, rules);
        let below = rules.mood().map_or(0.0, |mood| mood.below);
        let is_shown = || {
            let words = without_emoji(own);
            sentiment_of(&words, language, rules) < below && is_shown_by_words(&words, language, rules)
                || angry_emoji(own) >= NEGATIVE_MIN_EMOJI
        };
        Self { score, is_unhappy: score < below && is_shown() }
    }
}

/// Whether a bad mood in one message, such as by an emoji, was there before: then it is one.
pub(super) fn is_repeated(feelings: &[Feeling], earlier: &[&str], rules: &Rules) -> bool {
    let below = rules.mood().map_or(0.0, |mood| mood.below);
    let now = feelings.iter().filter(|feeling| feeling.score < MOODY).count();
    let is_bad = feelings.iter().any(|feeling| feeling.score < below);
    let before = || earlier.iter().filter_map(|text| sentiment(text, rules)).any(|score| score < MOODY);
    is_bad && (now > 1 || before())
}

fn is_shown_by_words(text: &str, language: Language, rules: &Rules) -> bool {
    if anger(text, rules) > 0.0 {
        return true;
    }
    let neutral = without_trade(text, rules).to_lowercase();
    let words: std::collections::BTreeSet<&str> =
        neutral.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 2).collect();
    language == Language::English
        && words.iter().filter(|word| ANALYZER.polarity_scores(word).compound <= NEGATIVE_WORD).count()
            >= NEGATIVE_MIN_WORDS
}

/// A text without emoji and emoticons.
fn without_emoji(text: &str) -> String {
    let words = text.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric));
    let kept = words.map(|word| {
        word.chars()
            .filter(|c| c.is_alphanumeric() || c.is_ascii_punctuation() || "’‘".contains(*c))
            .collect()
    });
    kept.collect::<Vec<String>>().join(" ")
}

fn angry_emoji(text: &str) -> usize {
    let graphemes = text.graphemes(true).map(|grapheme| grapheme.trim_end_matches('\u{fe0f}'));
    graphemes
        .filter(|bare| EMOJI.iter().any(|(emoji, value)| *value < -0.25 && bare.starts_with(emoji)))
        .count()
}

fn lexicon_score(text: &str, language: Language, rules: &Rules) -> f64 {
    // The lexicon is English only, and mistakes the German article `die` for the verb.
    match language {
        Language::English => ANALYZER.polarity_scores(&without_trade(text, rules)).compound * LEXICON_WEIGHT,
        Language::Other(_) => 0.0,
    }
}

/// The text without technical terms that carry no sentiment here.
fn without_trade(text: &str, rules: &Rules) -> String {
    let neutral = rules.mood().map(|mood| &mood.neutral);
    let is_neutral = |word: &str| {
        let bare = fold(word.trim_matches(|c: char| !c.is_alphanumeric()));
        neutral.is_some_and(|neutral| neutral.contains(&bare)) || word.contains("://") || word.contains('@')
    };
    // A placeholder keeps the distance between a negation and what it negates.
    let words = text.split_whitespace().map(|word| if is_neutral(word) { "thing" } else { word });
    words.collect::<Vec<_>>().join(" ")
}

fn emoji_score(text: &str) -> f64 {
    if text.is_ascii() {
        return 0.0;
    }
    let mut score: f64 = 0.0;
    for grapheme in text.graphemes(true) {
        let bare = grapheme.trim_end_matches('\u{fe0f}');
        let found = EMOJI.iter().find(|(emoji, _)| bare.starts_with(emoji));
        score += found.map_or(0.0, |(_, value)| *value);
    }
    score.clamp(-0.8, 0.8)
}

fn anger(text: &str, rules: &Rules) -> f64 {
    let Some(mood) = rules.mood() else {
        return 0.0;
    };
    let phrases: usize = sentences(text).iter().map(|sentence| mood.anger(sentence)).sum();
    let phrases = u32::try_from(phrases.min(ANGER_MAX_PHRASES)).unwrap_or(0);
    f64::from(phrases) * ANGER_WEIGHT
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::samples::handbook;

    fn of(text: &str) -> f32 {
        sentiment(text, &handbook().rules).unwrap_or(0.5)
    }

    #[test]
    fn a_report_of_a_fault_is_no_bad_mood() {
        for text in [
            "The import failed with an error, the file seems to be broken.",
            "Sorry to bother you: I lost my phone and I am locked out. What is wrong?",
            "Our deadline is tomorrow and the upload is stuck. Could you please help?",
            "There is a problem with the export, it crashes every time.",
            "Ich habe die Datei verloren, die Aufgabe ist weg.",
        ] {
            assert!(of(text) >= 0.35, "{text}: {}", of(text));
        }
    }

    #[test]
    fn feelings_move_it_both_ways() {
        assert!(of("I love it, thank you so much, this is wonderful! 😍") > 0.8);
        assert!((0.45..=0.6).contains(&of("How do I export a project?")));
        assert!(of("Terrible, awful, I hate it. Worst support ever 😡") < 0.2);
        assert!(of("Das ist eine Frechheit, ich bin stinksauer und enttäuscht") < 0.3);
        assert!(of("👍") > of("👎"));
    }

    fn is_unhappy(text: &str) -> bool {
        Feeling::of(text, language(text), &handbook().rules).is_unhappy
    }

    #[test]
    fn one_emoji_or_one_word_is_no_mood() {
        for text in [
            "How do I restore a deleted task? 😭",
            "my board is gone :( how do I get it back?",
            "😡",
            "roll a six sided die",
            "when was star wars made",
            "The sad face icon does not show",
        ] {
            assert!(!is_unhappy(text), "{text}: {}", of(text));
        }
        for text in ["I hate this awful thing", "Worst support ever 😡", "😡😡😡 every day"] {
            assert!(is_unhappy(text), "{text}: {}", of(text));
        }
    }

    #[test]
    fn a_bad_mood_that_stays_is_one() {
        let rules = &handbook().rules;
        let now = [Feeling::of("🤬", Language::English, rules)];
        assert!(!is_repeated(&now, &["How do I export?"], rules));
        assert!(is_repeated(&now, &["How do I export?", "This is awful 😡"], rules));
    }

    #[test]
    fn what_is_quoted_has_no_mood_of_the_customer() {
        let mail = "Thank you.\n\n> I hate this terrible, horrible, awful software, it is the worst ever";
        assert!(of(mail) >= 0.5);
    }

    #[test]
    fn any_text_is_between_zero_and_one() {
        let long = "hate awful terrible 🤬 ".repeat(1_000);
        for text in ["", "!!!!", "🤬🤬🤬🤬", long.as_str(), "\0\u{feff}"] {
            assert!((0.0..=1.0).contains(&of(text)), "{text:?}");
        }
    }
}
