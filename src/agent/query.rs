//! What to search the knowledge for: the customer's own words, without greetings, signatures and quoted mail.

use crate::domain::turn::{Briefing, Utterance};
use crate::domain::words::{Channel, Role};

use super::transcript::shorten;

/// Characters of a query, at most; more dilutes a search.
const QUERY_MAX_CHARS: usize = 500;

const GREETINGS: &[&str] = &["hi", "hello", "hey", "dear", "greetings", "good"];
const FAREWELLS: &[&str] = &[
    "regards",
    "best regards",
    "kind regards",
    "warm regards",
    "many thanks",
    "thanks",
    "thank you",
    "best",
    "cheers",
    "sincerely",
    "yours sincerely",
    "thanks in advance",
];
/// Words in a line that is a greeting and nothing else, at most.
const GREETING_MAX_WORDS: usize = 4;

/// The query of a turn; empty where the messages have no words.
pub fn of(briefing: &Briefing) -> String {
    let parts = subject(briefing)
        .into_iter()
        .map(str::to_owned)
        .chain(question_before(&briefing.history).map(|said| content(&said.text)))
        .chain(briefing.unsettled.iter().map(|said| content(&said.text)));
    let parts: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
    let query = parts.join("\n");
    if query.chars().any(char::is_alphanumeric) {
        shorten(&query, QUERY_MAX_CHARS).trim_end_matches('…').to_owned()
    } else {
        String::new()
    }
}

/// The subject, as long as it belongs to the message: on the first turn, where people write subjects at all.
pub(super) fn subject(briefing: &Briefing) -> Option<&str> {
    let is_first = !briefing.history.iter().any(|said| said.role == Role::Customer);
    match briefing.channel {
        Channel::Email | Channel::WebForm if is_first => Some(briefing.ticket.subject.trim()),
        Channel::Email | Channel::WebForm | Channel::Whatsapp => None,
    }
}

/// What the customer had asked when the bot asked back: the answer to that makes sense only beside it.
fn question_before(history: &[Utterance]) -> Option<&Utterance> {
    let last = history.last()?;
    if last.role != Role::Agent || !last.text.contains('?') {
        return None;
    }
    history.iter().rev().find(|said| said.role == Role::Customer)
}

fn content(text: &str) -> String {
    let lines = text.lines().map(str::trim);
    let kept = lines
        .take_while(|line| !is_farewell(line))
        .filter(|line| !line.is_empty() && !line.starts_with('>') && !is_greeting(line));
    kept.collect::<Vec<_>>().join("\n")
}

fn is_farewell(line: &str) -> bool {
    let bare = line.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    line == "--" || FAREWELLS.contains(&bare.as_str())
}

fn is_greeting(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let first = words.next().unwrap_or_default();
    let first = first.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    GREETINGS.contains(&first.as_str()) && words.count() < GREETING_MAX_WORDS && !line.contains('?')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::samples::{briefing, said_by};

    #[test]
    fn a_query_is_the_question_without_what_surrounds_it() {
        let mail = "Hi there,\n\nI forgot my password.\n> old text\nWhat now?\n\nBest regards,\nAnn\nSales";
        let mut briefing = briefing(&[mail]);
        briefing.ticket.subject = "Locked out".to_owned();
        assert_eq!(of(&briefing), "Locked out I forgot my password. What now?");
    }

    #[test]
    fn an_answer_to_a_question_back_is_searched_with_what_was_asked_first() {
        let mut briefing = briefing(&["The board view"]);
        briefing.history = vec![
            said_by(Role::Customer, "Where are the columns?"),
            said_by(Role::Agent, "Which view do you use?"),
        ];
        assert_eq!(of(&briefing), "Where are the columns? The board view");
    }

    #[test]
    fn a_message_without_words_is_not_searched_for() {
        let mut briefing = briefing(&["🎉 !!"]);
        briefing.channel = Channel::Whatsapp;
        assert_eq!(of(&briefing), "");
    }

    #[test]
    fn a_long_message_is_cut_between_words() {
        let query = of(&briefing(&[&"import ".repeat(200)]));
        assert!(query.chars().count() <= QUERY_MAX_CHARS && query.ends_with("import"), "{query}");
    }
}
