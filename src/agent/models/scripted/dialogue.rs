//! Dialogue moves of a message that reacts to an earlier answer: "that did not work", "any update?", "hello?".

use crate::agent::models::transcript::shorten;
use crate::agent::port::Request;
use crate::agent::reading::patterns::words_of;
use crate::domain::enums::Role;

use super::saying_words;

/// Maximum significant words beside a reaction; with more of them the message tells something new.
const BESIDE_MAX_WORDS: usize = 2;
/// Characters quoted of an earlier answer, for staff.
const TRIED_MAX_CHARS: usize = 140;
const TRIED_MAX: usize = 3;

/// What a message does in the conversation, beyond what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Move {
    /// The last answer was of no help.
    NotHelped,
    /// Whether there is news about something.
    AsksForNews,
    /// Whether the bot is still there.
    Nudges,
    /// Nothing of these.
    Asks,
}

const NOT_HELPED: &[&str] = &[
    "did not work",
    "didnt work",
    "does not work",
    "doesnt work",
    "not working",
    "isnt working",
    "no luck",
    "did not help",
    "didnt help",
    "does not help",
    "doesnt help",
    "not helpful",
    "no help",
    "still the same",
    "same problem",
    "same error",
    "still broken",
    "still fails",
    "still failing",
    "still not",
    "not what i asked",
    "not what i meant",
    "not my question",
    "wrong answer",
    "not the answer",
    "you misunderstood",
    "tried that",
    "already tried",
    "did that already",
    "tried all of that",
    "no that is not it",
    "thats not it",
];
const NEWS: &[&str] = &[
    "any update",
    "any updates",
    "any news",
    "whats the status",
    "what is the status",
    "status of this",
    "any progress",
    "heard back",
    "hear back",
    "still waiting",
    "im waiting",
    "am waiting",
    "when will i get an answer",
    "when do i get an answer",
];
const NUDGES: &[&str] = &[
    "hello",
    "hi",
    "hey",
    "anyone there",
    "anybody there",
    "is anyone there",
    "is anybody there",
    "are you there",
    "you there",
    "still there",
    "are you still there",
    "hello anyone",
    "hello are you there",
    "hello is anyone there",
];

/// Reactions exist only after an answer.
pub(super) fn of(request: &Request, now: &str) -> Move {
    if !request.history.iter().any(|said| said.role == Role::Agent) {
        return Move::Asks;
    }
    let words = words_of(now).join(" ");
    let holds =
        |phrases: &[&str]| phrases.iter().any(|phrase| format!(" {words} ").contains(&format!(" {phrase} ")));
    let is_short = saying_words(now).len() <= BESIDE_MAX_WORDS;
    if NUDGES.contains(&words.as_str()) {
        Move::Nudges
    } else if is_short && holds(NEWS) {
        Move::AsksForNews
    } else if is_short && holds(NOT_HELPED) {
        Move::NotHelped
    } else {
        Move::Asks
    }
}

/// Whether the bot has sent a text before, whatever frame its channel put around it.
pub(super) fn was_said(request: &Request, text: &str) -> bool {
    let text = text.trim();
    !text.is_empty()
        && request.history.iter().any(|said| said.role == Role::Agent && said.text.contains(text))
}

/// What was tried, for staff.
pub(super) fn tried(request: &Request) -> String {
    let answers = request.history.iter().filter(|said| said.role == Role::Agent);
    let lines: Vec<String> =
        answers.map(|said| format!("\"{}\"", shorten(&said.text, TRIED_MAX_CHARS))).collect();
    let left_out = lines.len().saturating_sub(TRIED_MAX);
    match lines.get(left_out..) {
        Some(newest) if !newest.is_empty() => format!(" Tried: {}.", newest.join("; ")),
        Some(_) | None => String::new(),
    }
}
