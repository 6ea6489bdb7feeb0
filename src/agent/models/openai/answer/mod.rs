//! Parser of a Chat Completions answer, complete or streamed. The input is untrusted: keys may be missing, unknown or of
//! other types than documented, and sizes are bounded. What can be understood is accepted.

mod arguments;
mod body;
mod calls;
mod json;
mod reasoning;
mod text_calls;

use std::time::Duration;

use futures_util::StreamExt;
use reqwest::Response;
use serde_json::Value;

use crate::agent::models::prompt::{PromptMessage, tokens};
use crate::domain::conversations::answer_fault::AnswerFault;
use crate::domain::conversations::turn::{ModelTurn, ToolCall, Usage};
use crate::provider::{CallFailure, lost, refusal};
use arguments::{canonical, is_complete, tool_name};
use body::{BodyDemand, BodyReader};
use calls::{CallAssembler, CallEntry, WrittenCall};
use json::join_halves;
use reasoning::strip;
use text_calls::calls_in;

/// Maximum bytes of text and arguments in one answer; no reply is nearly as long.
const SAID_MAX_BYTES: usize = 64 << 10;
/// Maximum tool calls in one answer.
const MAX_CALLS: usize = 32;
/// The longest silence between tokens; comments end it too. The wait for the first token has no limit of its own.
const MAX_SILENCE: Duration = Duration::from_secs(20);
/// How long a count of tokens is waited for when the answer is complete.
const COUNT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long the end of the body is waited for after the last event.
const END_TIMEOUT: Duration = Duration::from_millis(50);
/// A piece of text of this length is taken for a repetition if it repeats everything so far.
const REPEATED_MIN_BYTES: usize = 16;

/// The answer assembled so far.
#[derive(Clone, Debug, Default)]
pub struct AssistantMessage {
    text: String,
    calls: CallAssembler,
    tokens_in: Option<u32>,
    tokens_out: Option<u32>,
    finish_reason: Option<String>,
    bytes: usize,
    pieces: usize,
    /// Whether parts of it came as `delta`: then a `message` only repeats them.
    has_deltas: bool,
    has_odd_types: bool,
    fault: Option<AnswerFault>,
}

/// Reads an answer to its end.
pub async fn gather(response: Response) -> Result<AssistantMessage, CallFailure> {
    let mut reader = BodyReader::default();
    let mut bytes = response.bytes_stream();
    loop {
        let next = match (reader.has_ended(), reader.has_tokens()) {
            (true, _) => match tokio::time::timeout(COUNT_TIMEOUT, bytes.next()).await {
                Ok(next) => next,
                Err(_complete) => return reader.finish(),
            },
            (false, true) => {
                let next = tokio::time::timeout(MAX_SILENCE, bytes.next()).await;
                next.map_err(|_silent| CallFailure::TimedOut)?
            }
            (false, false) => bytes.next().await,
        };
        match next {
            Some(Ok(piece)) if reader.push(&piece)? == BodyDemand::NoMore => {
                // With the end of the body, the connection can be used again.
                let _end = tokio::time::timeout(END_TIMEOUT, bytes.next()).await;
                return reader.finish();
            }
            Some(Ok(_)) => {}
            Some(Err(_)) if reader.has_ended() => return reader.finish(),
            Some(Err(error)) => return Err(lost(&error)),
            None => return reader.finish(),
        }
    }
}

impl AssistantMessage {
    /// An answer that the service itself could not use.
    pub fn unusable() -> Self {
        Self { fault: Some(AnswerFault::Unreadable), ..Self::default() }
    }

    /// Whether it says nothing at all.
    pub fn is_empty(&self) -> bool {
        self.fault.is_none() && self.text.trim().is_empty() && self.calls.calls().is_empty()
    }

    fn has_fault(&self) -> bool {
        self.fault.is_some()
    }

    fn has_tokens(&self) -> bool {
        self.pieces > 0
    }

    fn has_ended(&self) -> bool {
        self.finish_reason.is_some()
    }

    fn mark_too_long(&mut self) {
        self.fault = Some(AnswerFault::TooLong);
    }

    /// Hears a chunk, or a complete answer.
    fn hear(&mut self, chunk: &Value) -> Result<(), CallFailure> {
        self.count(chunk);
        let choice = match chunk.get("choices") {
            Some(Value::Array(choices)) => choices.first(),
            Some(choice @ Value::Object(_)) => Some(choice),
            Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) | None => Some(chunk),
        };
        let Some(choice) = choice else {
            return Ok(());
        };
        if let Some(failure) = choice.get("error").filter(|e| !e.is_null()).and_then(|_| refusal(choice)) {
            return Err(failure);
        }
        let part = |key: &str| choice.get(key).filter(|part| part.is_object());
        if let Some(delta) = part("delta").filter(|delta| says_something(delta)) {
            self.has_deltas = true;
            self.add(delta, CallEntry::Piece);
        } else if let Some(message) = part("message").filter(|_| !self.has_deltas) {
            self.add(message, CallEntry::Whole);
        } else if let Some(text) = choice.get("text").and_then(Value::as_str) {
            self.add_text(text);
        }
        self.end_with(choice)
    }

    /// Notes why the service ended, if it says so.
    fn end_with(&mut self, choice: &Value) -> Result<(), CallFailure> {
        let reason = ["finish_reason", "done_reason"].iter().find_map(|key| choice.get(*key)?.as_str());
        let Some(reason) = reason.filter(|reason| !reason.is_empty() && *reason != "null") else {
            return Ok(());
        };
        if reason == "error" {
            return Err(refusal(&serde_json::json!({ "error": "the service broke off" }))
                .unwrap_or(CallFailure::Broken("the service broke off")));
        }
        self.finish_reason = Some(reason.to_owned());
        Ok(())
    }

    fn add(&mut self, message: &Value, kind: CallEntry) {
        for key in ["content", "refusal"] {
            if let Some(content) = message.get(key) {
                match text_of(content) {
                    Some(text) => self.add_text(&text),
                    None => self.has_odd_types = true,
                }
            }
        }
        let entries = match message.get("tool_calls") {
            Some(Value::Array(entries)) => &entries[..],
            Some(entry @ Value::Object(_)) => std::slice::from_ref(entry),
            Some(Value::String(_) | Value::Bool(_) | Value::Number(_)) => {
                self.has_odd_types = true;
                &[]
            }
            Some(Value::Null) | None => &[],
        };
        let older = message.get("function_call").filter(|call| call.is_object());
        if self.calls.holds(entries) {
            return;
        }
        for entry in entries.iter().chain(older) {
            let grown = self.calls.add(entry, kind);
            self.grow(grown);
            self.pieces += 1;
        }
        if self.calls.calls().len() > MAX_CALLS {
            self.fault = Some(AnswerFault::TooManyCalls);
        }
    }

    fn add_text(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        self.pieces += 1;
        let repeats = self.text.len() >= REPEATED_MIN_BYTES && text.starts_with(&self.text);
        if repeats {
            // Everything so far, and perhaps more.
            self.grow(text.len() - self.text.len());
            text.clone_into(&mut self.text);
        } else {
            self.grow(text.len());
            self.text.push_str(text);
        }
    }

    fn grow(&mut self, bytes: usize) {
        self.bytes += bytes;
        if self.bytes > SAID_MAX_BYTES {
            self.mark_too_long();
        }
    }

    /// Tokens as the service counts them, wherever it puts them.
    fn count(&mut self, chunk: &Value) {
        let groq = chunk.get("x_groq").and_then(|more| more.get("usage"));
        let usage = chunk.get("usage").filter(|usage| usage.is_object()).or(groq);
        let usage = usage.or_else(|| chunk.get("prompt_eval_count").map(|_| chunk));
        let read = |keys: [&str; 3]| keys.iter().find_map(|key| whole_number(usage?.get(*key)?));
        self.tokens_in = read(["prompt_tokens", "input_tokens", "prompt_eval_count"]).or(self.tokens_in);
        self.tokens_out = read(["completion_tokens", "output_tokens", "eval_count"]).or(self.tokens_out);
    }

    /// The answer at the end of its body. Without a word of the service that it has ended, it must be complete in itself.
    fn end(mut self, is_done: bool, has_broken_parts: bool) -> Result<Self, CallFailure> {
        if self.has_fault() {
            return Ok(self);
        }
        if self.finish_reason.as_deref() == Some("content_filter") {
            return Err(CallFailure::Filtered);
        }
        let calls = self.calls.calls();
        let is_whole = calls.iter().all(|call| is_complete(&call.arguments)) && !self.is_empty();
        if is_whole || (!has_broken_parts && (is_done || self.has_ended())) {
            if self.is_empty() && self.has_odd_types {
                self.fault = Some(AnswerFault::WrongTypes);
            } else if self.is_empty() && self.finish_reason.as_deref() == Some("length") {
                // It has used up its tokens before it came to say anything.
                self.mark_too_long();
            }
            return Ok(self);
        }
        if has_broken_parts {
            self.fault = Some(AnswerFault::Unreadable);
            return Ok(self);
        }
        Err(CallFailure::Broken("the answer has no end"))
    }

    /// Converts it. Tokens are estimated if the service does not count them.
    pub fn into_turn(self, messages: &[PromptMessage]) -> ModelTurn {
        let usage = Usage {
            tokens_in: counted(self.tokens_in)
                .unwrap_or_else(|| number(messages.iter().map(PromptMessage::tokens).sum())),
            tokens_out: counted(self.tokens_out).unwrap_or_else(|| number(self.bytes.div_ceil(4))),
            ..Usage::default()
        };
        let mut written = self.calls.into_calls();
        let mut text = self.text;
        if written.is_empty() {
            written = calls_in(&text).into_iter().map(|(name, text)| WrittenCall::new(name, text)).collect();
            if !written.is_empty() {
                text.clear();
            }
        }
        let (calls, has_half) = calls(written);
        let fault = self.fault.or_else(|| has_half.then_some(AnswerFault::Unreadable));
        if fault.is_some() {
            return ModelTurn { usage, fault, ..ModelTurn::default() };
        }
        let text = Some(storable(&strip(&text))).filter(|text| !text.trim().is_empty());
        ModelTurn { text, calls, usage, ..ModelTurn::default() }
    }
}

/// The calls in canonical form, and whether one holds half of a character.
fn calls(written: Vec<WrittenCall>) -> (Vec<ToolCall>, bool) {
    let mut calls: Vec<ToolCall> = Vec::new();
    let mut has_half = false;
    for call in written {
        let name = tool_name(&call.name);
        let arguments = canonical(&call.arguments, &name);
        has_half |= arguments.has_half;
        for text in arguments.texts {
            let is_taken = |id: &str| id.is_empty() || calls.iter().any(|earlier| earlier.id == id);
            let id = if is_taken(&call.id) { format!("call-{}", calls.len()) } else { call.id.clone() };
            calls.push(ToolCall { id: storable(&id), name: storable(&name), arguments: storable(&text) });
        }
    }
    (calls, has_half)
}

fn says_something(delta: &Value) -> bool {
    ["content", "refusal", "tool_calls", "function_call"].iter().any(|key| match delta.get(*key) {
        None | Some(Value::Null) => false,
        Some(Value::String(text)) => !text.is_empty(),
        Some(Value::Array(list)) => !list.is_empty(),
        Some(Value::Bool(_) | Value::Number(_) | Value::Object(_)) => true,
    })
}

/// The text of a content: a string, or parts of which only those with text count. `None` for other types.
fn text_of(content: &Value) -> Option<String> {
    match content {
        Value::Null => Some(String::new()),
        Value::String(text) => Some(text.clone()),
        Value::Array(parts) => Some(parts.iter().filter_map(text_of).collect()),
        Value::Object(part) => {
            let kind = part.get("type").and_then(Value::as_str).unwrap_or("text");
            let is_hidden =
                ["think", "reason", "redacted", "analysis"].iter().any(|word| kind.contains(word));
            let inside = ["text", "content", "value"].iter().find_map(|key| part.get(*key));
            if is_hidden { Some(String::new()) } else { inside.map_or(Some(String::new()), text_of) }
        }
        Value::Bool(_) | Value::Number(_) => None,
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the number is within the limits of u32"
)]
fn whole_number(value: &Value) -> Option<u32> {
    let number = value.as_f64().or_else(|| value.as_str()?.trim().parse().ok())?;
    number.is_finite().then(|| number.clamp(0.0, f64::from(u32::MAX)).round() as u32)
}

/// A count; services that do not count write zero.
fn counted(tokens: Option<u32>) -> Option<u32> {
    tokens.filter(|tokens| *tokens > 0)
}

/// Removes NUL, which PostgreSQL cannot store, and halves of characters.
fn storable(text: &str) -> String {
    join_halves(text).text.replace('\0', "\u{fffd}")
}

fn number(tokens: usize) -> u32 {
    u32::try_from(tokens).unwrap_or(u32::MAX)
}

impl PromptMessage {
    fn tokens(&self) -> usize {
        match self {
            Self::System(text) | Self::User(text) | Self::Tool { text, .. } => tokens(text),
            Self::Assistant { text, calls } => {
                let calls: usize = calls.iter().map(|call| tokens(&call.arguments)).sum();
                text.as_deref().map_or(0, tokens) + calls
            }
        }
    }
}

#[cfg(test)]
mod shapes;
