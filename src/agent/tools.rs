//! The five tools: their names, their inputs, and how strictly these are read. None takes a customer's id.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::domain::turn::ToolCall;
use crate::domain::words::{Reason, Severity};

/// Results of one search, at most.
pub const RESULTS_AT_MOST: u8 = 5;
/// Characters of a search query, at most.
pub(super) const QUERY_MAX_CHARS: usize = 500;
/// Characters of a summary for staff, at most.
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

/// A tool call whose input was found valid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Tool {
    CreateTicket,
    GetCustomerHistory,
    Search(Search),
    Escalate(Escalation),
    Respond(Response),
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Search {
    pub query: String,
    #[serde(default)]
    pub max_results: Option<u8>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Escalation {
    pub reason: Reason,
    #[serde(default)]
    pub severity: Option<Severity>,
    pub summary: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Response {
    pub message: String,
    /// Ids of passages given in this turn.
    pub citations: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NoInput {}

/// What is wrong with a tool call, in words that the model can act on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Malformed {
    #[error("there is no tool of this name; the tools are {}", names())]
    UnknownTool,
    #[error("the input is not valid: {0}")]
    Input(String),
}

impl Tool {
    pub fn read(call: &ToolCall) -> Result<Self, Malformed> {
        let name = ToolName::ALL.iter().find(|name| name.as_str() == call.name);
        match name.ok_or(Malformed::UnknownTool)? {
            ToolName::CreateTicket => input::<NoInput>(call).map(|_| Self::CreateTicket),
            ToolName::GetCustomerHistory => input::<NoInput>(call).map(|_| Self::GetCustomerHistory),
            ToolName::SearchKnowledgeBase => input(call).and_then(Search::check).map(Self::Search),
            ToolName::EscalateToHuman => input(call).and_then(Escalation::check).map(Self::Escalate),
            ToolName::SendResponse => input(call).map(Self::Respond),
        }
    }
}

impl Search {
    pub fn at_most(&self) -> i64 {
        i64::from(self.max_results.unwrap_or(RESULTS_AT_MOST))
    }

    fn check(self) -> Result<Self, Malformed> {
        check_text("query", &self.query, QUERY_MAX_CHARS)?;
        if self.max_results.is_some_and(|n| !(1..=RESULTS_AT_MOST).contains(&n)) {
            return Err(Malformed::Input(format!("max_results must be 1 to {RESULTS_AT_MOST}")));
        }
        Ok(self)
    }
}

impl Escalation {
    fn check(self) -> Result<Self, Malformed> {
        check_text("summary", &self.summary, SUMMARY_MAX_CHARS)?;
        match self.reason {
            Reason::Budget | Reason::Failure => {
                Err(Malformed::Input(format!("reason `{}` is the program's own, not a tool's", self.reason)))
            }
            Reason::Pricing
            | Reason::Refund
            | Reason::Legal
            | Reason::HumanRequest
            | Reason::Abuse
            | Reason::Sentiment
            | Reason::NoAnswer
            | Reason::Security => Ok(self),
        }
    }
}

fn input<T: DeserializeOwned>(call: &ToolCall) -> Result<T, Malformed> {
    serde_json::from_str(&call.arguments).map_err(|error| Malformed::Input(error.to_string()))
}

/// A text field must say something, within its length, without NUL (a database stores none).
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
