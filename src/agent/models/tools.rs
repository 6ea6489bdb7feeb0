//! Tool definitions: the names of the five tools, their inputs, and the validation of them: lenient in how a value is
//! written, strict in what it is. None takes a customer's id.

mod lenient;
mod schema;
mod summary;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::domain::conversations::turn::ToolCall;
use crate::domain::enums::{Reason, Severity};

pub use schema::{ToolSchema, schemas, summary_schema};
pub(in crate::agent) use summary::{SummaryArgs, WRITE_SUMMARY};

/// Maximum results of one search.
pub const MAX_RESULTS: u8 = 5;
/// Maximum characters of a search query.
pub(in crate::agent) const QUERY_MAX_CHARS: usize = 500;
/// Maximum characters of a summary for staff.
const SUMMARY_MAX_CHARS: usize = 2_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ToolName {
    CreateTicket,
    GetCustomerHistory,
    SearchKnowledgeBase,
    EscalateToHuman,
    SendResponse,
}

impl ToolName {
    pub const ALL: &'static [Self] = &[
        Self::CreateTicket,
        Self::GetCustomerHistory,
        Self::SearchKnowledgeBase,
        Self::EscalateToHuman,
        Self::SendResponse,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CreateTicket => "create_ticket",
            Self::GetCustomerHistory => "get_customer_history",
            Self::SearchKnowledgeBase => "search_knowledge_base",
            Self::EscalateToHuman => "escalate_to_human",
            Self::SendResponse => "send_response",
        }
    }
}

/// Whether a model may have been given a tool of this name.
pub(in crate::agent) fn is_tool_name(name: &str) -> bool {
    name == WRITE_SUMMARY || ToolName::ALL.iter().any(|tool| tool.as_str() == name)
}

/// A tool call with a valid input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::agent) enum Tool {
    CreateTicket,
    GetCustomerHistory,
    SearchArgs(SearchArgs),
    Escalate(EscalationArgs),
    Respond(ResponseArgs),
}

/// Search the company's documents again, in other words than the customer's, when the passages that were given do not
/// answer the question.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
pub(in crate::agent) struct SearchArgs {
    /// What to look for, in a few words.
    pub query: String,
    /// How many passages to return; null is 5.
    #[serde(default, deserialize_with = "lenient::small_number")]
    #[schemars(range(min = 1, max = 5))]
    pub max_results: Option<u8>,
}

/// Hand the conversation over to a person and end the turn. The customer is told so.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
pub(in crate::agent) struct EscalationArgs {
    /// Why a person must take over.
    #[serde(deserialize_with = "lenient::word")]
    #[schemars(schema_with = "schema::reasons")]
    pub reason: Reason,
    /// How urgent it is; null is what the reason usually means.
    #[serde(default, deserialize_with = "lenient::optional_word")]
    #[schemars(schema_with = "schema::severities")]
    pub severity: Option<Severity>,
    /// For staff: what the customer wants, and what was tried, in one to three sentences.
    pub summary: String,
}

/// Send the answer to the customer and end the turn.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
pub(in crate::agent) struct ResponseArgs {
    /// The text of the answer, in the customer's language.
    pub message: String,
    /// Ids of the passages that the answer rests on, as they were given in this turn; empty only for a short question.
    #[serde(default, deserialize_with = "lenient::citations")]
    pub citations: Vec<String>,
}

/// Look at the open ticket of this conversation; it was opened already.
#[derive(Deserialize, JsonSchema)]
struct OpenTicket {}

/// Look at what was said in this conversation before, as far as it may be shown.
#[derive(Deserialize, JsonSchema)]
struct ReadHistory {}

/// What is wrong with a tool call, in words that the model can act on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(in crate::agent) enum Malformed {
    #[error("there is no tool of this name; the tools are {}", names())]
    UnknownTool,
    #[error("the input is not valid: {0}")]
    Input(String),
}

impl Tool {
    pub fn read(call: &ToolCall) -> Result<Self, Malformed> {
        let name = ToolName::ALL.iter().find(|name| name.as_str() == call.name);
        match name.ok_or(Malformed::UnknownTool)? {
            ToolName::CreateTicket => input::<OpenTicket>(call).map(|_| Self::CreateTicket),
            ToolName::GetCustomerHistory => input::<ReadHistory>(call).map(|_| Self::GetCustomerHistory),
            ToolName::SearchKnowledgeBase => input(call).and_then(SearchArgs::check).map(Self::SearchArgs),
            ToolName::EscalateToHuman => input(call).and_then(EscalationArgs::check).map(Self::Escalate),
            ToolName::SendResponse => input(call).map(Self::Respond),
        }
    }
}

impl SearchArgs {
    pub fn limit(&self) -> i64 {
        i64::from(self.max_results.unwrap_or(MAX_RESULTS))
    }

    fn check(self) -> Result<Self, Malformed> {
        check_text("query", &self.query, QUERY_MAX_CHARS)?;
        if self.max_results.is_some_and(|n| !(1..=MAX_RESULTS).contains(&n)) {
            return Err(Malformed::Input(format!("max_results must be 1 to {MAX_RESULTS}")));
        }
        Ok(self)
    }
}

impl EscalationArgs {
    fn check(self) -> Result<Self, Malformed> {
        check_text("summary", &self.summary, SUMMARY_MAX_CHARS)?;
        match self.reason {
            reason if is_for_tools(reason) => Ok(self),
            reason => Err(Malformed::Input(format!("reason `{reason}` is the program's own, not a tool's"))),
        }
    }
}

/// Whether a model may give this reason; the others are reserved for the program.
fn is_for_tools(reason: Reason) -> bool {
    match reason {
        Reason::Budget | Reason::Failure => false,
        Reason::Pricing
        | Reason::Refund
        | Reason::Legal
        | Reason::HumanRequest
        | Reason::Abuse
        | Reason::Sentiment
        | Reason::NoAnswer
        | Reason::Security => true,
    }
}

fn input<T: DeserializeOwned>(call: &ToolCall) -> Result<T, Malformed> {
    serde_json::from_str(&call.arguments).map_err(|error| Malformed::Input(error.to_string()))
}

/// A text field must not be blank or too long, nor contain NUL (PostgreSQL cannot store it).
fn check_text(field: &str, text: &str, max_chars: usize) -> Result<(), Malformed> {
    let chars = text.trim().chars().count();
    if chars == 0 || chars > max_chars || text.contains('\0') {
        return Err(Malformed::Input(format!("{field} must be 1 to {max_chars} characters, without NUL")));
    }
    Ok(())
}

fn names() -> String {
    let names: Vec<_> = ToolName::ALL.iter().map(|name| name.as_str()).collect();
    names.join(", ")
}
