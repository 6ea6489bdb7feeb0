//! A language model without a language model: it answers with the best section as it stands, asks back once, and then
//! hands over. The same request always gets the same answer, and nothing it states is its own.

use serde_json::json;

use super::port::{Answering, LanguageModel, Request, ToolName};
use crate::domain::attachment::Attachment;
use crate::domain::knowledge::Passage;
use crate::domain::turn::{ModelTurn, ToolCall, Usage};
use crate::domain::words::{Channel, Reason, Role};

/// Changes whenever the same request would be answered otherwise.
const EDITION: &str = "scripted-1";
/// What it asks where the documents hold no certain answer.
const QUESTION: &str = "I want to be sure to give you the right answer: which part of the product is this about, and \
                        what were you trying to do?";
/// What it asks about files, which it can't look into.
const FILE_QUESTION: &str =
    "I can't look inside files myself: what do they show, and what would you like to do?";
const CLOSING: &str = "If this does not solve it, reply here and tell me where it stops.";
/// Room for the title and the closing below the 2,000 characters that a reply may have.
const EXCERPT_MAX_CHARS: usize = 1_700;

/// The offline model.
#[derive(Clone, Copy, Debug, Default)]
pub struct Scripted;

impl LanguageModel for Scripted {
    fn name(&self) -> &'static str {
        "scripted"
    }

    fn prompt_version(&self) -> &'static str {
        EDITION
    }

    fn answer(&self, request: Request) -> Answering {
        let said = reply(&request);
        Box::pin(std::future::ready(Ok(said)))
    }
}

fn reply(request: &Request) -> ModelTurn {
    let best = request.findings.passages.first().filter(|_| request.findings.relevant);
    let call = match best {
        _ if !request.exchanges.is_empty() => {
            escalate("The answer from the documents could not be sent as it is.")
        }
        _ if is_only_files(request) && has_asked(request) => {
            escalate("The customer sent files without words again; somebody must look at them.")
        }
        _ if is_only_files(request) => respond(&question(request), &[]),
        Some(passage) => respond(&answer(request.channel, passage), &[&passage.id]),
        None if has_asked(request) => {
            escalate("The documents hold no certain answer, and a question back did not help.")
        }
        None => respond(&question(request), &[]),
    };
    ModelTurn { text: None, calls: vec![call], usage: Usage::default() }
}

fn has_asked(request: &Request) -> bool {
    let last = request.history.iter().rev().find(|said| said.role == Role::Agent);
    last.is_some_and(|said| said.text.contains(QUESTION) || said.text.ends_with(FILE_QUESTION))
}

/// What to ask back: about a file that came without words, what it shows.
fn question(request: &Request) -> String {
    let files: Vec<String> = files(request).map(ToString::to_string).collect();
    match files.as_slice() {
        [file] if is_only_files(request) => format!("Thank you, I have got your file ({file}). {FILE_QUESTION}"),
        [_, _, ..] if is_only_files(request) => {
            format!("Thank you, I have got your {} files. {FILE_QUESTION}", files.len())
        }
        _ => QUESTION.to_owned(),
    }
}

fn files(request: &Request) -> impl Iterator<Item = &Attachment> {
    request.unsettled.iter().flat_map(|said| &said.attachments)
}

/// Whether the customer sent files and not a word: what was asked before says nothing about them.
fn is_only_files(request: &Request) -> bool {
    let has_words = request.unsettled.iter().any(|said| said.text.chars().any(char::is_alphanumeric));
    !has_words && files(request).next().is_some()
}

fn respond(message: &str, citations: &[&str]) -> ToolCall {
    call(ToolName::SendResponse, &json!({ "message": message, "citations": citations }))
}

fn escalate(summary: &str) -> ToolCall {
    let input = json!({ "reason": Reason::NoAnswer, "severity": null, "summary": summary });
    call(ToolName::EscalateToHuman, &input)
}

fn call(tool: ToolName, input: &serde_json::Value) -> ToolCall {
    ToolCall {
        id: format!("{EDITION}-{}", tool.as_str()),
        name: tool.as_str().to_owned(),
        arguments: input.to_string(),
    }
}

fn answer(channel: Channel, passage: &Passage) -> String {
    let excerpt = excerpt(passage.text.trim(), words_at_most(channel));
    format!("{}\n\n{excerpt}\n\n{CLOSING}", passage.title)
}

/// Words of an excerpt, at most; the title and the closing come on top (DESIGN.md, the agent).
fn words_at_most(channel: Channel) -> usize {
    match channel {
        Channel::Email => 450,
        Channel::WebForm => 270,
        Channel::Whatsapp => 180,
    }
}

/// The longest beginning of a text that fits, cut after a line or a sentence, never inside a code block.
fn excerpt(text: &str, words_at_most: usize) -> String {
    let fits = |end: &usize| {
        let part = text.get(..*end).unwrap_or_default();
        part.split_whitespace().count() <= words_at_most && part.chars().count() <= EXCERPT_MAX_CHARS
    };
    let leads_nowhere = |end: &usize| text.get(..*end).is_some_and(|part| part.trim_end().ends_with(':'));
    let cuts = cuts(text);
    if let Some(end) = cuts.iter().rev().find(|end| fits(end) && !leads_nowhere(end)) {
        return text.get(..*end).unwrap_or_default().trim_end().to_owned();
    }
    let words: Vec<&str> = text.split_whitespace().take(words_at_most).collect();
    let start: String = words.join(" ").chars().take(EXCERPT_MAX_CHARS).collect();
    format!("{start}…")
}

/// Where a text may be cut: after each line outside code, and after each sentence of a line that is no list item.
fn cuts(text: &str) -> Vec<usize> {
    let mut cuts = Vec::new();
    let mut is_code = false;
    let mut end = 0;
    for line in text.split_inclusive('\n') {
        let start = end;
        end += line.len();
        let is_fence = line.trim_start().starts_with("```");
        is_code ^= is_fence;
        if is_code {
            continue;
        }
        if !is_fence && !is_list_item(line) {
            cuts.extend(sentence_ends(line).map(|place| start + place));
        }
        cuts.push(end);
    }
    cuts
}

fn is_list_item(line: &str) -> bool {
    let line = line.trim_start();
    let after_digits = line.trim_start_matches(|c: char| c.is_ascii_digit());
    line.starts_with("- ") || (after_digits.len() < line.len() && after_digits.starts_with(". "))
}

/// The places after a full stop that a new sentence follows.
fn sentence_ends(line: &str) -> impl Iterator<Item = usize> {
    line.match_indices(". ").map(|(place, _)| place + 1).filter(|place| {
        let next = line.get(*place..).and_then(|rest| rest.trim_start().chars().next());
        next.is_some_and(|c| c.is_uppercase() || c == '"')
    })
}

#[cfg(test)]
mod tests;
