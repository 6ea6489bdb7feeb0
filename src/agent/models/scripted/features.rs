//! Entailment check for questions whether the product has something: the section found must name the thing.

use crate::agent::reading::patterns::words_of;
use crate::domain::knowledge::Passage;
use crate::domain::relevance::names_missing;

use super::compose::stems;
use super::saying_words;

/// Relevance from which a section answers although it calls the thing otherwise.
const SURE: f64 = 0.55;

/// Openings of a question about a feature that the product may lack: then asking back does not help.
const FORMS: &[&str] = &[
    "do you have",
    "do you support",
    "do you offer",
    "do you provide",
    "does it have",
    "does it support",
    "does it offer",
    "does techcorp have",
    "does techcorp support",
    "does the app have",
    "does the app support",
    "does your app have",
    "does your app support",
    "is there a",
    "is there an",
    "is there any",
    "are there any",
    "have you got",
    "is it compatible",
    "are you compatible",
    "compatible with",
    "do you integrate",
    "does it integrate",
    "does it work with",
    "can we connect",
    "can i connect",
    "connect it to",
    "connect it with",
    "connect to",
    "integrate with",
    "integration with",
    "integrates with",
    "sync with",
    "hook up",
];
/// What such a question may ask for without naming a thing.
const WAYS: &[&str] = &[
    "way",
    "possibility",
    "place",
    "option",
    "setting",
    "trick",
    "limit",
    "chance",
    "button",
    "page",
    "problem",
];
/// Maximum words of a text that asks for a thing and no more.
const TEXT_MAX_WORDS: usize = 25;
/// Maximum words of the thing that is asked for.
const THING_MAX_WORDS: usize = 5;

/// What a text asks for, in its significant words, if it asks whether the product has something.
pub(super) fn thing(text: &str) -> Option<Vec<String>> {
    let words = words_of(text);
    if words.len() > TEXT_MAX_WORDS {
        return None;
    }
    let text = words.join(" ");
    let after = |form: &&str| {
        text.match_indices(*form)
            .filter_map(|(place, form)| text.get(place + form.len()..))
            .find(|rest| rest.starts_with(' ') && !names_a_way(rest))
            .map(str::to_owned)
    };
    let rest = FORMS.iter().find_map(after).or_else(|| after_having(&words));
    rest.and_then(|rest| {
        let mut thing = saying_words(&rest);
        let place = |word: &String| rest.split_whitespace().position(|other| other == word);
        thing.sort_by_key(place);
        thing.truncate(THING_MAX_WORDS);
        (!thing.is_empty()).then_some(thing)
    })
}

fn names_a_way(rest: &str) -> bool {
    rest.split_whitespace().take(2).any(|word| WAYS.contains(&word))
}

/// What follows "does the machine have" and the like.
fn after_having(words: &[String]) -> Option<String> {
    const HAVING: &[&str] = &["have", "support", "offer", "provide", "integrate"];
    const SUBJECT_MAX_WORDS: usize = 4;
    let start = words.iter().position(|word| word == "does")?;
    let end = words
        .iter()
        .skip(start)
        .take(SUBJECT_MAX_WORDS + 1)
        .position(|word| HAVING.contains(&word.as_str()))?;
    let rest = words.get(start + end + 1..)?.join(" ");
    (!rest.starts_with("to ") && !names_a_way(&rest)).then_some(rest)
}

/// Whether a section speaks of the thing that the text asks for: it holds the names in the text and most of the thing's
/// words, or is so near that it calls the thing otherwise.
pub(super) fn is_entailed(text: &str, thing: &[String], passage: &Passage) -> bool {
    let section = format!("{}\n{}\n{}", passage.title, passage.section, passage.text);
    let held = stems(&words_of(&section));
    let wanted = stems(thing);
    let missing = wanted.iter().filter(|stem| !held.contains(stem)).count();
    passage.score >= SURE || names_missing(text, &section).is_empty() && missing * 2 < wanted.len().max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::samples::passage;

    #[test]
    fn a_thing_that_the_section_does_not_name_is_not_entailed() {
        let slack = Passage {
            score: 0.45,
            ..passage("docs.md#slack", "Connect Slack to a project under Integrations.")
        };
        for (text, expected) in [
            ("Can we connect Slack?", true),
            ("can i connect slack to a project", true),
            ("Do you have a Slack integration?", true),
            ("Can we connect Zapier?", false),
            ("do you integrate with zapier", false),
            ("Does it work with Trello?", false),
            ("Does the mobile app have a Zapier button?", false),
        ] {
            let thing = thing(text).unwrap();
            assert_eq!(is_entailed(text, &thing, &slack), expected, "{text} {thing:?}");
        }
    }

    #[test]
    fn a_question_for_a_way_names_no_thing() {
        for text in ["Is there a way to export?", "How do I export?", "is there any option"] {
            assert_eq!(thing(text), None, "{text}");
        }
        assert_eq!(thing("Do you have an espresso machine?").unwrap(), ["espresso", "machine"]);
    }
}
