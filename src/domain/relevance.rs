//! Relevance judgement: whether a section answers a question, from what a search measured and from the names, numbers and
//! facts that the question asks about. `docs/evaluation.md` says how the constants were chosen.

use std::collections::HashSet;

use super::wording::text::words_of;

/// Evidence that a section answers a question. Shares of words are weighted by rarity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Evidence {
    /// The share of the question's words that the section contains; slightly above 1 if they are in its headings.
    pub words: f64,
    /// The same without regard to headings: at most 1.
    pub held: f64,
    /// How many of the question's words the section contains.
    pub matches: i64,
    /// The share of the question's words that no section contains.
    pub unknown: f64,
    /// Cosine similarity of the question and the nearest chunk of the section; `None` for a text-only search.
    pub cosine: Option<f64>,
    /// Cosine similarity of the question and the nearest line of the background corpus; `None` if there are no vectors
    /// of it.
    pub elsewhere: Option<f64>,
    /// The share of the question's words that one line of the background corpus contains.
    pub held_elsewhere: f64,
    /// Whether much of the question is misspelt, so that its vector is unreliable.
    pub misspelt: bool,
}

/// Minimum cosine of an answer, whatever else speaks for it.
const COSINE_MIN: f64 = 0.25;
/// Minimum cosine where there is no background corpus to compare with.
const COSINE_MIN_ALONE: f64 = 0.35;
/// How much the words in common add to the cosine.
const WEIGHT_OF_WORDS: f64 = 0.1;
/// How much the nearness of the background corpus takes from it, and the words that one of its lines holds.
const WEIGHT_OF_BACKGROUND: f64 = 0.9;
const WEIGHT_OF_BACKGROUND_WORDS: f64 = 0.2;
/// How much the words take from it that no section holds.
const WEIGHT_OF_UNKNOWN: f64 = 0.05;
/// Minimum of these together.
const FIT_MIN: f64 = -0.155;
/// Weight of words that match only after spelling correction.
const WORTH_OF_SPELLING: f64 = 0.8;

/// Minimum fit of a search by words alone.
const WORDS_FIT_MIN: f64 = 0.04;
const WEIGHT_OF_A_MATCH: f64 = 0.09;
const MATCHES_MAX: i64 = 4;
const WEIGHT_OF_WORDS_ELSEWHERE: f64 = 1.5;
const WEIGHT_OF_UNKNOWN_WORDS: f64 = 0.25;

/// Minimum for a question for a fact: such a question contains most words of the sentence that answers it.
const FACT_MIN: f64 = 0.75;
const WEIGHT_OF_WORDS_IN_FACT: f64 = 0.5;
const FACT_HELD_MIN: f64 = 0.6;

impl Evidence {
    /// Relevance from 0 to 1: the cosine similarity where there is one, else the share of words. (Many words of a
    /// message have nothing to do with its question, so words count less than meaning.)
    pub fn score(self) -> f64 {
        let score = match self.cosine {
            Some(cosine) if self.misspelt => cosine.max(WORTH_OF_SPELLING * self.words),
            Some(cosine) => cosine,
            None => self.words,
        };
        score.clamp(0.0, 1.0)
    }

    /// Whether the section is about the question's subject, and no other subject is nearer.
    fn is_near(self) -> bool {
        let score = self.score();
        match (self.cosine, self.elsewhere) {
            (None, _) => {
                let matches = f64::from(u32::try_from(self.matches.min(MATCHES_MAX)).unwrap_or(0));
                let fit = self.held + WEIGHT_OF_A_MATCH * matches
                    - WEIGHT_OF_WORDS_ELSEWHERE * self.held_elsewhere
                    - WEIGHT_OF_UNKNOWN_WORDS * self.unknown;
                fit >= WORDS_FIT_MIN
            }
            (Some(_), None) => score >= COSINE_MIN_ALONE,
            (Some(_), Some(elsewhere)) => {
                let fit = score + WEIGHT_OF_WORDS * self.held
                    - WEIGHT_OF_BACKGROUND * elsewhere
                    - WEIGHT_OF_BACKGROUND_WORDS * self.held_elsewhere
                    - WEIGHT_OF_UNKNOWN * self.unknown;
                score >= COSINE_MIN && fit >= FIT_MIN
            }
        }
    }

    /// Whether the section contains enough of a question for a fact.
    fn holds_fact(self) -> bool {
        match self.cosine {
            Some(_) => self.score() + WEIGHT_OF_WORDS_IN_FACT * self.held >= FACT_MIN,
            None => self.held >= FACT_HELD_MIN,
        }
    }
}

/// Whether a section, with its headings, is good enough to answer the question from.
pub fn is_enough(question: &str, section: &str, evidence: Evidence) -> bool {
    if !evidence.is_near() {
        return false;
    }
    !asks_for_a_fact(question) || (evidence.holds_fact() && names_missing(question, section).is_empty())
}

/// Openings of a question for a fact.
const FACT_OPENINGS: &[&str] = &[
    "who",
    "whom",
    "whose",
    "which",
    "when",
    "in which",
    "to whom",
    "on which",
    "at which",
    "for whom",
    "from which",
    "in what",
    "since when",
    "until when",
    "how many",
    "how much",
    "how long",
    "how far",
    "how old",
    "how tall",
    "how heavy",
    "how fast",
    "how high",
    "how large",
    "how big",
    "how wide",
    "how deep",
    "how often",
    "what",
    "whats",
    "where",
    "name",
    "why did",
    "why was",
    "why were",
    "why is",
    "why are",
    "how is",
    "how are",
    "how was",
    "how were",
    "how did",
];

/// Words by which a question is about the customer, the company or what a customer does with the product.
const PERSONAL: &[&str] = &[
    "i", "im", "ive", "id", "ill", "my", "me", "mine", "we", "weve", "our", "ours", "us", "you", "your",
    "yours", "u", "ur", "someone", "somebody", "please", "pls",
];

/// Maximum words of a question for a fact; a longer message tells something.
const FACT_MAX_WORDS: usize = 30;

/// Whether a text asks for a fact about the world, rather than for help: it names neither the customer nor the company.
pub fn asks_for_a_fact(text: &str) -> bool {
    let words = words_of(text);
    if words.len() > FACT_MAX_WORDS || words.iter().any(|word| PERSONAL.contains(&word.as_str())) {
        return false;
    }
    text.split_inclusive(['.', '!', '?', '\n']).any(|sentence| {
        let words = words_of(sentence);
        let words = words.iter().skip_while(|word| ["and", "but", "so", "or"].contains(&word.as_str()));
        let words = words.map(String::as_str).collect::<Vec<_>>().join(" ");
        FACT_OPENINGS
            .iter()
            .any(|opening| words.strip_prefix(opening).is_some_and(|rest| rest.starts_with(' ')))
    })
}

/// The names, numbers, years and versions of a question that a text lacks: words with a digit, and words with a capital
/// letter inside of a sentence.
pub fn names_missing(question: &str, text: &str) -> Vec<String> {
    let held: HashSet<String> = parts(text).collect();
    let is_held = |part: &String| {
        held.contains(part)
            || held.contains(part.trim_end_matches('s'))
            || held.contains(&format!("{part}s"))
            || part == "s"
    };
    names(question).into_iter().filter(|name| !parts(name).all(|part| is_held(&part))).collect()
}

fn parts(text: &str) -> impl Iterator<Item = String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty());
    words.map(str::to_lowercase)
}

fn names(question: &str) -> Vec<String> {
    let mut names = Vec::new();
    for sentence in question.split_inclusive(['.', '!', '?', '\n']) {
        let words = sentence.split_whitespace().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()));
        for (place, word) in words.filter(|word| !word.is_empty()).enumerate() {
            let is_name = place > 0 && word.chars().next().is_some_and(char::is_uppercase) && word != "I";
            if is_name || word.contains(|c: char| c.is_ascii_digit()) {
                names.push(word.to_owned());
            }
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEAR: Evidence = Evidence {
        words: 0.8,
        held: 0.7,
        matches: 3,
        unknown: 0.0,
        cosine: Some(0.5),
        elsewhere: Some(0.3),
        held_elsewhere: 0.0,
        misspelt: false,
    };

    #[test]
    fn a_subject_of_the_background_that_is_nearer_wins() {
        assert!(NEAR.is_near());
        assert!(!Evidence { elsewhere: Some(0.85), ..NEAR }.is_near());
        let doubtful = Evidence { elsewhere: Some(0.76), ..NEAR };
        assert!(doubtful.is_near() && !Evidence { held_elsewhere: 0.5, ..doubtful }.is_near());
        assert!(!Evidence { unknown: 1.0, ..doubtful }.is_near());
        assert!(!Evidence { cosine: Some(0.2), elsewhere: Some(0.0), ..NEAR }.is_near());
        assert!(!Evidence { cosine: Some(0.3), elsewhere: None, ..NEAR }.is_near());
        let by_words = Evidence { cosine: None, elsewhere: None, ..NEAR };
        assert!(by_words.is_near());
        assert!(!Evidence { held_elsewhere: 1.0, ..by_words }.is_near());
    }

    #[test]
    fn misspelt_words_count_where_the_vector_does_not() {
        let misspelt = Evidence { cosine: Some(0.2), misspelt: true, ..NEAR };
        assert!((misspelt.score() - 0.64).abs() < 1e-9);
        assert!((Evidence { misspelt: false, ..misspelt }.score() - 0.2).abs() < 1e-9);
    }

    #[test]
    fn a_year_a_version_or_a_name_that_a_section_lacks_is_missing() {
        let section = "The DSM-5 of 2013 was published in New York. Adults weigh 5 to 14 kg.";
        let cases: [(&str, &[&str]); 6] = [
            ("Who published the DSM-5?", &[]),
            ("Who published the DSM-6?", &["DSM-6"]),
            ("What happened in 2014 and 2013?", &["2014"]),
            ("Was it in New York or London?", &["London"]),
            ("Adults weigh?", &[]),
            ("Can I read it?", &[]),
        ];
        for (question, missing) in cases {
            assert_eq!(names_missing(question, section), missing, "{question}");
        }
    }

    #[test]
    fn a_question_for_a_fact_names_neither_customer_nor_company() {
        for text in ["Who wrote it?", "In 1931. How long is the bridge?", "what is the capital of Castova"] {
            assert!(asks_for_a_fact(text), "{text}");
        }
        for text in
            ["How long do we wait?", "Where is my project?", "Export a project", "How do projects end?"]
        {
            assert!(!asks_for_a_fact(text), "{text}");
        }
    }

    #[test]
    fn a_question_for_a_fact_needs_more_of_it() {
        let section = "Construction began in 1927.";
        let evidence = Evidence { cosine: Some(0.5), held: 0.3, ..NEAR };
        assert!(is_enough("How do I begin?", section, evidence));
        assert!(!is_enough("Who began it?", section, evidence));
        assert!(is_enough("When did construction begin?", section, Evidence { held: 0.8, ..evidence }));
        assert!(!is_enough("Which construction began in 1928?", section, Evidence { held: 0.8, ..evidence }));
    }
}
