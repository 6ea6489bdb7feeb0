//! How the company speaks through its agent: what frames a reply on each channel, and what may be promised.

use std::collections::BTreeMap;

use super::hours::SupportHours;
use crate::domain::enums::{Reason, Severity};

/// The company's voice, as its file lays it down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrandVoice {
    pub company: String,
    /// What the company wants to sound like, one rule a line: for people, and for a language model's prompt.
    pub tone: Vec<String>,
    pub help_link: String,
    pub email: EmailFrame,
    pub whatsapp: WhatsappFrame,
    pub web_form: WebFrame,
    pub phrases: Phrases,
    pub hours: SupportHours,
    /// How soon a person answers, as the end of "They will reply …".
    pub response_times: ResponseTimes,
    /// How the acknowledgement of an escalation begins.
    pub openings: BTreeMap<Reason, String>,
}

/// A greeting with and without the customer's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Greeting {
    /// Holds `{name}`.
    pub with_name: String,
    pub without_name: String,
}

/// What stands around the text of a mail; the subject line carries the ticket as well.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmailFrame {
    pub greeting: Greeting,
    /// One line each.
    pub signature: Vec<String>,
    /// Names the ticket by `{ticket}`.
    pub reference: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WhatsappFrame {
    /// The last line of every answer; begins with an emoji.
    pub footer: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebFrame {
    pub greeting: Greeting,
    /// Points to `{help}`.
    pub footer: String,
}

/// Sentences that the agent says in its own name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phrases {
    /// Ends an answer: what to do if it did not help.
    pub next_step: String,
    /// Asks back where the documents hold no certain answer.
    pub clarifying_question: String,
    /// Said where a question is not in the language of the documents.
    pub other_language: String,
    /// Sent to a customer who waits for an answer longer than usual; names the ticket by `{ticket}`.
    pub delay: String,
}

/// How soon a person answers an escalation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResponseTimes {
    pub by_severity: BTreeMap<Severity, String>,
    /// A time of its own for some reasons, whatever the severity.
    pub by_reason: BTreeMap<Reason, String>,
}

impl ResponseTimes {
    /// Such as `within 2 working days`.
    pub fn of(&self, reason: Reason, severity: Severity) -> Option<&str> {
        let time = self.by_reason.get(&reason).or_else(|| self.by_severity.get(&severity));
        time.map(String::as_str)
    }
}

impl Greeting {
    /// The greeting for a customer. A name that is not plainly one is left out: what a stranger typed into a name field
    /// must not stand at the head of a letter.
    pub fn to(&self, name: &str) -> String {
        let name = name.trim();
        if is_plain_name(name) { self.with_name.replace("{name}", name) } else { self.without_name.clone() }
    }
}

/// Characters of a name that is greeted by, at most.
const NAME_MAX_CHARS: usize = 60;
const NAME_MAX_WORDS: usize = 5;

fn is_plain_name(name: &str) -> bool {
    let allowed = |c: char| c.is_alphabetic() || " -'’.".contains(c) || ('\u{300}'..='\u{36f}').contains(&c);
    let looks_like_host = name.split_whitespace().any(|word| word.trim_end_matches('.').contains('.'));
    name.chars().any(char::is_alphabetic)
        && name.chars().all(allowed)
        && name.chars().count() <= NAME_MAX_CHARS
        && name.split_whitespace().count() <= NAME_MAX_WORDS
        && !looks_like_host
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_plain_name_is_greeted_by() {
        let greeting = Greeting { with_name: "Hello {name},".to_owned(), without_name: "Hello,".to_owned() };
        for name in ["Ann", "Jürgen Brandstätter", "Dr. Marguerite Delacroix-Hayes", "O'Halloran", "王伟"]
        {
            assert_eq!(greeting.to(name), format!("Hello {name},"));
        }
        for name in [
            "",
            "  ",
            "🎉🎉",
            "visit evil.example now",
            "<b>Ann</b>",
            "+44 20 7946",
            "Ann\r\nBcc: x",
            "a b c d e f",
        ] {
            assert_eq!(greeting.to(name), "Hello,", "{name:?}");
        }
    }
}
