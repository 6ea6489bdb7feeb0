//! What a service supports of the API, as negotiated: a parameter that it refuses is dropped or replaced, once, and that
//! is remembered for its model and base URL.

#[cfg(test)]
mod tests;

use std::fmt;

use serde_json::{Value, json};

use crate::provider::{CallFailure, FailureReason};

/// How a request differs from the full API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capabilities {
    pub limit: TokenLimit,
    pub choice: ToolChoice,
    pub schemas: SchemaForm,
    pub parallel_calls: bool,
    pub stream: bool,
    /// Whether a stream may be asked for its count of tokens.
    pub stream_usage: bool,
    pub role: InstructionRole,
}

/// The parameter that limits the tokens of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenLimit {
    Completion,
    Older,
    Absent,
}

/// How a tool call is demanded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ToolChoice {
    Required,
    /// The same in Mistral's words.
    Any,
    Auto,
    Absent,
}

/// How the tools' inputs are described.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SchemaForm {
    Strict,
    /// The same schemas without the promise to keep to them.
    Loose,
    /// Without keywords that some services do not know.
    Plain,
}

/// The role of the message with the instructions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InstructionRole {
    System,
    Developer,
    User,
}

/// A step of the negotiation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Concession {
    pub next: Capabilities,
    /// The parameter that is dropped or replaced.
    pub parameter: &'static str,
    /// Whether it says something of the service; else only of the one request.
    pub is_lasting: bool,
}

impl Default for Capabilities {
    fn default() -> Self {
        Self {
            limit: TokenLimit::Completion,
            choice: ToolChoice::Required,
            schemas: SchemaForm::Strict,
            parallel_calls: true,
            stream: true,
            stream_usage: true,
            role: InstructionRole::System,
        }
    }
}

/// What a text names, and the parameter that it means, in the order in which they are looked for.
const NAMES: &[(&str, &[&str])] = &[
    ("stream_options", &["stream_options", "include_usage", "stream options"]),
    (
        "parallel_tool_calls",
        &["parallel_tool_calls", "parallel tool call", "parallel function call", "multiple tool calls"],
    ),
    (
        "max_completion_tokens",
        &[
            "max_completion_tokens",
            "max_tokens",
            "maxoutputtokens",
            "max_output_tokens",
            "in the completion",
            "max_new_tokens",
        ],
    ),
    ("tool_choice", &["tool_choice", "tool choice", "toolchoice", "toolconfig"]),
    (
        "strict",
        &[
            "strict",
            "additionalproperties",
            "additional_properties",
            "function_declarations",
            "json schema",
            "json_schema",
            "schema",
        ],
    ),
    ("stream", &["stream"]),
    (
        "role",
        &[
            "system role",
            "role system",
            "'system'",
            "\"system\"",
            "`system`",
            "system message",
            "system prompt",
            "'developer'",
            "developer role",
            "[0].role",
            "roles must alternate",
            "messages.0.role",
            "unexpected role",
            "developer instruction",
            "developer message",
        ],
    ),
];
/// Words that say that something named is not wanted, needed where a status does not say so.
const REFUSALS: &[&str] = &[
    "support",
    "not allowed",
    "cannot use",
    "can't use",
    "unknown",
    "unrecognized",
    "unexpected",
    "extra",
    "not permitted",
    "only",
    "must alternate",
    "invalid",
    "not implemented",
];

impl Capabilities {
    /// What to try after a refusal: the named parameter is dropped or replaced. A refusal that names none may mean any of
    /// them, as long as nothing has shown what the service supports (`is_proven`).
    pub fn without(&self, failure: &CallFailure, is_proven: bool) -> Option<Concession> {
        let CallFailure::Status { status, code, message, hints } = failure else {
            return None;
        };
        if hints.should_retry == Some(true) {
            return None;
        }
        let text = format!("{code} {message}").to_lowercase();
        let reason = failure.cause();
        let says_so = REFUSALS.iter().any(|word| text.contains(word));
        let is_about_request = match *status {
            400 | 415 | 422 | 501 => true,
            404 | 405 | 500 => says_so,
            _ => false,
        };
        if !is_about_request {
            return None;
        }
        match reason {
            FailureReason::ContextTooLong => self.with_longer_context(&text),
            FailureReason::Other => self.named(&text).or_else(|| self.implied(*status, is_proven)),
            FailureReason::WrongUrl | FailureReason::NoModel | FailureReason::Overloaded => self.named(&text),
            FailureReason::NoTools if text.contains("--enable-auto") => None,
            FailureReason::NoTools => self.named(&text).filter(|concession| concession.parameter != "strict"),
            FailureReason::NoCredit
            | FailureReason::RateLimited
            | FailureReason::BadKey
            | FailureReason::Forbidden
            | FailureReason::Filtered
            | FailureReason::UnreadableCall
            | FailureReason::Unreachable
            | FailureReason::Slow => None,
        }
    }

    /// After an answer that holds nothing at all: some servers answer so where they can't demand a tool call, others
    /// where they can't stream one.
    pub fn after_nothing(&self) -> Option<Concession> {
        let (choice, stream, parameter) = match (self.choice, self.stream) {
            (ToolChoice::Required, _) => (ToolChoice::Auto, self.stream, "tool_choice"),
            (ToolChoice::Any | ToolChoice::Auto | ToolChoice::Absent, true) => {
                (ToolChoice::Required, false, "stream")
            }
            (ToolChoice::Any | ToolChoice::Auto | ToolChoice::Absent, false) => return None,
        };
        Some(Concession { next: Self { choice, stream, ..*self }, parameter, is_lasting: true })
    }

    fn named(&self, text: &str) -> Option<Concession> {
        NAMES.iter().filter(|(_, names)| names.iter().any(|name| text.contains(name))).find_map(
            |(parameter, _)| {
                let next = self.conceding(parameter, text)?;
                Some(Concession { next, parameter, is_lasting: true })
            },
        )
    }

    fn conceding(&self, parameter: &str, text: &str) -> Option<Self> {
        let now = *self;
        match parameter {
            "stream_options" => {
                (now.stream && now.stream_usage).then_some(Self { stream_usage: false, ..now })
            }
            "parallel_tool_calls" => now.parallel_calls.then_some(Self { parallel_calls: false, ..now }),
            "max_completion_tokens" => Some(Self { limit: now.limit.after(text)?, ..now }),
            "tool_choice" => Some(Self { choice: now.choice.after(text)?, ..now }),
            "strict" => Some(Self { schemas: now.schemas.after(text)?, ..now }),
            "stream" => now.stream.then_some(Self { stream: false, ..now }),
            "role" => Some(Self { role: now.role.next()?, ..now }),
            _ => None,
        }
    }

    /// The room that the answer was promised is too large for this conversation.
    fn with_longer_context(&self, text: &str) -> Option<Concession> {
        let is_about_answer =
            ["completion", "max_tokens", "max_completion_tokens"].iter().any(|word| text.contains(word));
        let next = Self { limit: TokenLimit::Absent, ..*self };
        (is_about_answer && self.limit != TokenLimit::Absent).then_some(Concession {
            next,
            parameter: "max_completion_tokens",
            is_lasting: false,
        })
    }

    /// The least that a service must support.
    fn implied(&self, status: u16, is_proven: bool) -> Option<Concession> {
        let least = Self {
            limit: if self.limit == TokenLimit::Absent { TokenLimit::Absent } else { TokenLimit::Older },
            choice: if self.choice == ToolChoice::Absent { ToolChoice::Absent } else { ToolChoice::Auto },
            schemas: SchemaForm::Plain,
            parallel_calls: false,
            stream: false,
            stream_usage: false,
            role: self.role,
        };
        let may_be = matches!(status, 400 | 422 | 501) && !is_proven && *self != least;
        may_be.then_some(Concession { next: least, parameter: "everything optional", is_lasting: true })
    }

    /// Puts the parameters into a request.
    pub fn apply(&self, request: &mut Value, max_tokens: u32) {
        request["stream"] = self.stream.into();
        if self.stream && self.stream_usage {
            request["stream_options"] = json!({ "include_usage": true });
        }
        if self.parallel_calls {
            request["parallel_tool_calls"] = true.into();
        }
        match self.limit {
            TokenLimit::Completion => request["max_completion_tokens"] = max_tokens.into(),
            TokenLimit::Older => request["max_tokens"] = max_tokens.into(),
            TokenLimit::Absent => {}
        }
        match self.choice {
            ToolChoice::Required => request["tool_choice"] = "required".into(),
            ToolChoice::Any => request["tool_choice"] = "any".into(),
            ToolChoice::Auto => request["tool_choice"] = "auto".into(),
            ToolChoice::Absent => {}
        }
    }
}

impl TokenLimit {
    fn after(self, text: &str) -> Option<Self> {
        let is_value =
            ["too large", "at most", "exceed", "less than or equal", "maximum", "in the completion"]
                .iter()
                .any(|word| text.contains(word));
        match self {
            Self::Completion if !is_value => Some(Self::Older),
            Self::Completion | Self::Older => Some(Self::Absent),
            Self::Absent => None,
        }
    }
}

impl ToolChoice {
    fn after(self, text: &str) -> Option<Self> {
        let knows_any = ["'any'", "\"any\"", "`any`"].iter().any(|word| text.contains(word));
        match self {
            Self::Required if knows_any => Some(Self::Any),
            Self::Required | Self::Any => Some(Self::Auto),
            Self::Auto => Some(Self::Absent),
            Self::Absent => None,
        }
    }
}

impl SchemaForm {
    fn after(self, text: &str) -> Option<Self> {
        match self {
            Self::Strict if text.contains("additional") || text.contains("function_declarations") => {
                Some(Self::Plain)
            }
            Self::Strict => Some(Self::Loose),
            Self::Loose => Some(Self::Plain),
            Self::Plain => None,
        }
    }
}

impl InstructionRole {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Developer => "developer",
            Self::User => "user",
        }
    }

    fn next(self) -> Option<Self> {
        match self {
            Self::System => Some(Self::Developer),
            Self::Developer => Some(Self::User),
            Self::User => None,
        }
    }
}

impl fmt::Display for Capabilities {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stream = match (self.stream, self.stream_usage) {
            (true, true) => "stream with usage",
            (true, false) => "stream without stream_options",
            (false, _) => "no stream",
        };
        let choice = match self.choice {
            ToolChoice::Required => "tool_choice required",
            ToolChoice::Any => "tool_choice any",
            ToolChoice::Auto => "tool_choice auto",
            ToolChoice::Absent => "no tool_choice",
        };
        let schemas = match self.schemas {
            SchemaForm::Strict => "strict schemas",
            SchemaForm::Loose => "schemas without strict",
            SchemaForm::Plain => "plain schemas",
        };
        let parallel = if self.parallel_calls { "parallel_tool_calls" } else { "no parallel_tool_calls" };
        let limit = match self.limit {
            TokenLimit::Completion => "max_completion_tokens",
            TokenLimit::Older => "max_tokens",
            TokenLimit::Absent => "no max_tokens",
        };
        let role = self.role.as_str();
        write!(f, "{stream}, {choice}, {schemas}, {parallel}, {limit}, role {role}")
    }
}
