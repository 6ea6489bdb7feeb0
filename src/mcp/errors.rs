//! Refusals of tool calls: a code for programs and a sentence for models. Internal causes go to the log only.

use serde_json::{Value, json};

use crate::actors::runtime::ask::CallError;
use crate::domain::validation::InvalidForm;

/// Why a call was refused or failed, as its result says it: `{code, detail}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToolError {
    pub code: &'static str,
    pub detail: String,
}

impl ToolError {
    pub fn new(code: &'static str, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into() }
    }

    /// The same for a conversation that does not exist and for one of another customer.
    pub fn no_conversation() -> Self {
        Self::new("not_found", "There is no such conversation.")
    }

    pub fn forbidden(detail: &'static str) -> Self {
        Self::new("forbidden", detail)
    }

    pub fn ticket_closed() -> Self {
        Self::new("ticket_closed", "The ticket is closed; a new one must be created.")
    }

    pub fn document(&self) -> Value {
        json!({"code": self.code, "detail": self.detail})
    }
}

impl From<InvalidForm> for ToolError {
    fn from(invalid: InvalidForm) -> Self {
        let detail = match invalid {
            InvalidForm::Malformed(reason) => reason,
            InvalidForm::Invalid(errors) => {
                let said = errors.iter().map(|error| format!("{} {}", error.field, error.message));
                said.collect::<Vec<_>>().join("; ")
            }
        };
        Self::new("invalid_arguments", detail)
    }
}

impl From<CallError> for ToolError {
    fn from(error: CallError) -> Self {
        if error.may_pass() {
            tracing::debug!(%error, "refused a call of an MCP client for now");
            return Self::new(
                "unavailable",
                "Too busy at the moment; the same call may succeed in a few seconds.",
            );
        }
        tracing::error!(%error, "could not answer a call of an MCP client");
        Self::new("failed", "Something went wrong on our side.")
    }
}
