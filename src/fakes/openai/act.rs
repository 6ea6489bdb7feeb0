//! Responses of the fake OpenAI service: what it does with one request.

use std::time::Duration;

use serde_json::{Value, json};

/// One response and its delay.
#[derive(Clone, Debug, PartialEq)]
pub struct Act {
    pub after: Duration,
    pub what: What,
}

#[derive(Clone, Debug, PartialEq)]
pub enum What {
    Say(FakeReply),
    /// The complete reply in one body, although the request asked for a stream.
    Whole(FakeReply),
    /// An error response, with headers such as `Retry-After`.
    Refuse {
        status: u16,
        body: Value,
        headers: Vec<(&'static str, String)>,
    },
    /// Status 200 with a body as it stands, in parts, each after a delay.
    Raw {
        content_type: &'static str,
        parts: Vec<(Duration, String)>,
    },
    /// Status 200 with a body that is not JSON.
    Garbage,
    /// The connection closes in the middle of the response.
    Cut(FakeReply),
    /// No response until the caller times out.
    Hang,
}

/// The model's output: text, tool calls, or both.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FakeReply {
    pub text: Option<String>,
    /// Name and arguments; the arguments are sent unchanged, valid or not.
    pub calls: Vec<(String, String)>,
    /// `None`: derived from the text and the calls.
    pub finish_reason: Option<String>,
    pub tokens_in: u32,
    pub tokens_out: u32,
}

impl FakeReply {
    pub fn call(name: &str, arguments: &Value) -> Self {
        Self::default().and_call(name, &arguments.to_string())
    }

    pub fn words(text: &str) -> Self {
        Self { text: Some(text.to_owned()), ..Self::usual() }
    }

    pub fn and_call(self, name: &str, arguments: &str) -> Self {
        let mut calls = self.calls;
        calls.push((name.to_owned(), arguments.to_owned()));
        Self { calls, ..Self::usual() }
    }

    /// The reply that ends a turn.
    pub fn response(message: &str, citations: &[&str]) -> Self {
        Self::call("send_response", &json!({ "message": message, "citations": citations }))
    }

    fn usual() -> Self {
        Self { tokens_in: 1_200, tokens_out: 80, ..Self::default() }
    }

    pub(super) fn finish_reason(&self) -> &str {
        match &self.finish_reason {
            Some(reason) => reason,
            None if self.calls.is_empty() => "stop",
            None => "tool_calls",
        }
    }
}

impl From<FakeReply> for Act {
    fn from(said: FakeReply) -> Self {
        What::Say(said).into()
    }
}

impl From<What> for Act {
    fn from(what: What) -> Self {
        Self { after: Duration::ZERO, what }
    }
}

impl What {
    /// An error body in OpenAI's format.
    pub fn error(status: u16, code: &str, message: &str) -> Self {
        let body = json!({ "error": { "message": message, "type": code, "param": null, "code": code } });
        Self::Refuse { status, body, headers: Vec::new() }
    }

    #[must_use]
    pub fn with_header(self, name: &'static str, value: &str) -> Self {
        match self {
            Self::Refuse { status, body, mut headers } => {
                headers.push((name, value.to_owned()));
                Self::Refuse { status, body, headers }
            }
            Self::Say(_) | Self::Whole(_) | Self::Raw { .. } | Self::Garbage | Self::Cut(_) | Self::Hang => {
                self
            }
        }
    }

    /// A body of one part.
    pub fn raw(content_type: &'static str, body: &str) -> Self {
        Self::Raw { content_type, parts: vec![(Duration::ZERO, body.to_owned())] }
    }

    pub fn busy(retry_after: &str) -> Self {
        Self::error(429, "rate_limit_exceeded", "too many requests").with_header("Retry-After", retry_after)
    }

    pub fn broken() -> Self {
        Self::error(500, "server_error", "the server had an error")
    }
}
