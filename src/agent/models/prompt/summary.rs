//! What a model is told that summarises a thread for staff: instructions from a file, and one message with the thread in
//! delimited, escaped parts.

use super::fence::{element, escape};
use super::tokens::cut;
use super::{PromptMessage, Prompts};
use crate::agent::port::SummaryRequest;
use crate::domain::console::summaries::{ProposedPoint, ThreadMessage};

/// Maximum tokens of one message of the thread.
pub const MESSAGE_MAX_TOKENS: usize = 300;

impl Prompts {
    /// The dialogue with a model about a piece of a thread.
    pub fn of_summary(&self, request: &SummaryRequest) -> [PromptMessage; 2] {
        [PromptMessage::System(self.summary.clone()), PromptMessage::User(about(request))]
    }
}

fn about(request: &SummaryRequest) -> String {
    let mut parts = Vec::new();
    if !request.earlier.is_empty() {
        let points: Vec<String> = request.earlier.iter().map(point).collect();
        parts.push(element("points", &[], &points.join("\n")));
    }
    let thread: Vec<String> = request.messages.iter().map(|(number, said)| message(*number, said)).collect();
    parts.push(element("thread", &[], &thread.join("\n")));
    parts.push("Write the points of <points> and <thread>.".to_owned());
    parts.join("\n\n")
}

fn point(point: &ProposedPoint) -> String {
    let numbers: Vec<String> = point.messages.iter().map(usize::to_string).collect();
    let facts = [("kind", point.kind.as_str()), ("messages", &numbers.join(", "))];
    element("point", &facts, &escape(&point.text))
}

fn message(number: usize, said: &ThreadMessage) -> String {
    let (number, at) = (number.to_string(), said.at);
    let at = format!("{} {:02}:{:02} UTC", at.date(), at.hour(), at.minute());
    let facts = [("number", number.as_str()), ("from", said.role.as_str()), ("at", &at)];
    element("message", &facts, &escape(&cut(&said.text, MESSAGE_MAX_TOKENS)))
}
