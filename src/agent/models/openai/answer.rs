//! Parser of a Chat Completions answer, complete or streamed. The input is untrusted: keys may be missing or unknown,
//! and sizes are bounded.

use std::collections::BTreeMap;
use std::time::Duration;

use async_openai::types::stream::StreamResponse;
use futures_util::StreamExt;
use serde::Deserialize;

use crate::agent::models::prompt::{PromptMessage, tokens};
use crate::domain::conversations::turn::{ModelTurn, ToolCall, Usage};
use crate::provider::{CallFailure, failure};

/// Maximum bytes of text and arguments in one answer; no reply is nearly as long.
const SAID_MAX_BYTES: usize = 256 << 10;
/// Maximum tool calls in one answer.
const MAX_CALLS: usize = 32;
/// Timeout between chunks of a stream.
const MAX_SILENCE: Duration = Duration::from_secs(20);

/// A chunk of an answer, or a complete one (its text is then under `message`).
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct StreamChunk {
    choices: Vec<Choice>,
    usage: Option<Tokens>,
    error: Option<serde_json::Value>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Choice {
    #[serde(alias = "message")]
    delta: Option<Delta>,
    finish_reason: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Delta {
    content: Option<String>,
    refusal: Option<String>,
    tool_calls: Option<Vec<CallPart>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct CallPart {
    index: Option<usize>,
    id: Option<String>,
    function: Option<FunctionPart>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct FunctionPart {
    name: Option<String>,
    arguments: Option<String>,
}

#[derive(Clone, Copy, Deserialize)]
struct Tokens {
    #[serde(default)]
    prompt_tokens: u32,
    #[serde(default)]
    completion_tokens: u32,
}

/// The answer assembled so far.
#[derive(Default)]
pub struct AssistantMessage {
    text: String,
    calls: BTreeMap<usize, ToolCall>,
    tokens: Option<Tokens>,
    finish_reason: Option<String>,
    bytes: usize,
}

/// Reads a stream to its end.
pub async fn gather(mut stream: StreamResponse<StreamChunk>) -> Result<AssistantMessage, CallFailure> {
    let mut spoken = AssistantMessage::default();
    loop {
        let next = tokio::time::timeout(MAX_SILENCE, stream.next()).await;
        match next.map_err(|_silent| CallFailure::TimedOut)? {
            Some(Ok(chunk)) => spoken.hear(chunk)?,
            Some(Err(error)) => {
                return Err(failure(error).err().unwrap_or(CallFailure::Broken("the stream was cut")));
            }
            None => return spoken.checked(),
        }
    }
}

/// Parses a complete answer.
pub fn whole(bytes: &[u8]) -> Result<AssistantMessage, CallFailure> {
    let chunk =
        serde_json::from_slice(bytes).map_err(|_| CallFailure::Broken("not what the API promises"))?;
    let mut spoken = AssistantMessage::default();
    spoken.hear(chunk)?;
    spoken.checked()
}

impl AssistantMessage {
    fn hear(&mut self, chunk: StreamChunk) -> Result<(), CallFailure> {
        if chunk.error.is_some() {
            return Err(CallFailure::Broken("the provider broke off"));
        }
        self.tokens = chunk.usage.or(self.tokens);
        let Some(choice) = chunk.choices.into_iter().next() else {
            return Ok(());
        };
        self.finish_reason = choice.finish_reason.or(self.finish_reason.take());
        let Delta { content, refusal, tool_calls } = choice.delta.unwrap_or_default();
        for words in [content, refusal].into_iter().flatten() {
            self.grow(words.len())?;
            self.text.push_str(&words);
        }
        for (place, part) in tool_calls.into_iter().flatten().enumerate() {
            self.hear_call(part.index.unwrap_or(place), part)?;
        }
        Ok(())
    }

    fn hear_call(&mut self, place: usize, part: CallPart) -> Result<(), CallFailure> {
        let FunctionPart { name, arguments } = part.function.unwrap_or_default();
        let call = self.calls.entry(place).or_insert_with(|| ToolCall {
            id: String::new(),
            name: String::new(),
            arguments: String::new(),
        });
        let mut grown = 0;
        let pieces = [(&mut call.id, part.id), (&mut call.name, name), (&mut call.arguments, arguments)];
        for (whole, piece) in pieces {
            let piece = piece.unwrap_or_default();
            grown += piece.len();
            whole.push_str(&piece);
        }
        self.grow(grown)?;
        if self.calls.len() > MAX_CALLS {
            return Err(CallFailure::Broken("too many calls"));
        }
        Ok(())
    }

    fn grow(&mut self, bytes: usize) -> Result<(), CallFailure> {
        self.bytes += bytes;
        if self.bytes > SAID_MAX_BYTES { Err(CallFailure::Broken("the answer is too long")) } else { Ok(()) }
    }

    /// An answer without a finish reason is incomplete.
    fn checked(self) -> Result<Self, CallFailure> {
        match self.finish_reason.as_deref() {
            None => Err(CallFailure::Broken("the answer has no end")),
            Some("content_filter") => Err(CallFailure::Filtered),
            Some(_) => Ok(self),
        }
    }

    /// Converts it. Tokens are estimated if the provider does not count them.
    pub fn into_turn(self, messages: &[PromptMessage]) -> ModelTurn {
        let usage = self.tokens.map_or_else(
            || Usage {
                tokens_in: count(messages.iter().map(PromptMessage::tokens).sum()),
                tokens_out: count(self.bytes.div_ceil(4)),
                ..Usage::default()
            },
            |Tokens { prompt_tokens, completion_tokens }| Usage {
                tokens_in: prompt_tokens,
                tokens_out: completion_tokens,
                ..Usage::default()
            },
        );
        let calls = self.calls.into_iter().map(|(place, call)| ToolCall {
            id: if call.id.is_empty() { format!("call-{place}") } else { storable(&call.id) },
            name: storable(&call.name),
            arguments: storable(&call.arguments),
        });
        let text = Some(self.text).filter(|text| !text.trim().is_empty());
        ModelTurn { text: text.map(|text| storable(&text)), calls: calls.collect(), usage, model: None }
    }
}

/// Removes NUL, which PostgreSQL cannot store.
fn storable(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

fn count(tokens: usize) -> u32 {
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
