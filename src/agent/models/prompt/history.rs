//! Bounded conversation history: the newest messages in full, older ones as an extractive summary, made without a
//! model, so that it costs nothing and invents nothing.

use super::tokens::{cut, tokens};
use crate::domain::conversations::turn::Utterance;
use crate::domain::enums::Role;

/// Maximum tokens of the messages shown whole.
const HISTORY_MAX_TOKENS: usize = 2_500;
/// Maximum tokens of one earlier message.
const MESSAGE_MAX_TOKENS: usize = 600;
/// Maximum tokens of the summary; the newest lines are kept.
const SUMMARY_MAX_TOKENS: usize = 500;
/// Maximum tokens of one line of the summary.
const LINE_MAX_TOKENS: usize = 30;

/// The messages shown in full, oldest first, and a summary of the older ones.
pub fn trimmed(history: &[Utterance]) -> (&[Utterance], Option<String>) {
    let mut left = HISTORY_MAX_TOKENS;
    let shown = history.iter().rev().take_while(|said| {
        let needed = tokens(&said.text).min(MESSAGE_MAX_TOKENS);
        let fits = needed <= left;
        left = left.saturating_sub(needed);
        fits
    });
    let first = history.len() - shown.count();
    let (older, shown) = history.split_at(first);
    (shown, summary(older))
}

fn summary(older: &[Utterance]) -> Option<String> {
    if older.is_empty() {
        return None;
    }
    let mut left = SUMMARY_MAX_TOKENS;
    let mut lines: Vec<String> = older
        .iter()
        .rev()
        .map(brief)
        .take_while(|line| {
            let fits = tokens(line) <= left;
            left = left.saturating_sub(tokens(line));
            fits
        })
        .collect();
    lines.push(format!("{} older messages; the newest of them:", older.len()));
    lines.reverse();
    Some(lines.join("\n"))
}

fn brief(said: &Utterance) -> String {
    let who = match said.role {
        Role::Customer => "The customer wrote",
        Role::Agent => "The assistant answered",
        Role::Staff => "Staff answered",
    };
    let text = said.text.split_whitespace().collect::<Vec<_>>().join(" ");
    let end = text.find(['.', '!', '?']).map_or(text.len(), |place| place + 1);
    format!("{who}: {}", cut(text.get(..end).unwrap_or(&text), LINE_MAX_TOKENS))
}

/// A message of the history, shortened.
pub fn shortened(said: &Utterance) -> Utterance {
    Utterance { text: cut(&said.text, MESSAGE_MAX_TOKENS), ..said.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::samples::said_by;

    #[test]
    fn a_short_history_is_shown_whole() {
        let history = [said_by(Role::Customer, "Hello."), said_by(Role::Agent, "Hi.")];
        assert_eq!(trimmed(&history), (&history[..], None));
    }

    #[test]
    fn the_oldest_messages_become_a_summary_first() {
        let long = "word ".repeat(400);
        let history: Vec<Utterance> = (0..40)
            .map(|n| {
                let role = if n % 2 == 0 { Role::Customer } else { Role::Agent };
                said_by(role, &format!("Number {n} it is. {long}"))
            })
            .collect();
        let (shown, summary) = trimmed(&history);
        assert_eq!(shown.len(), 4);
        assert_eq!(shown.last(), history.last());
        let summary = summary.unwrap();
        assert!(summary.starts_with("36 older messages"), "{summary}");
        assert!(summary.ends_with("The assistant answered: Number 35 it is."), "{summary}");
        assert!(tokens(&summary) <= SUMMARY_MAX_TOKENS + 20, "{summary}");
    }
}
