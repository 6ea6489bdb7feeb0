//! Data transfer objects of problem documents (RFC 9457).

use serde::Serialize;
use utoipa::ToSchema;

use super::conversations::StaffMessage;
use super::people::Person;
use crate::domain::validation;

/// Why a request was refused.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "type": "about:blank",
    "title": "Conflict",
    "status": 409,
    "code": "ticket_closed",
    "detail": "This ticket is closed and takes no more messages; please submit a new request.",
    "instance": "/support/ticket",
}))]
pub struct ProblemDocument<'a> {
    #[serde(rename = "type")]
    #[schema(example = "about:blank")]
    pub kind: &'static str,
    pub title: &'static str,
    pub status: u16,
    /// Which of the refusals with this status it is; absent where the status says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub code: Option<&'static str>,
    pub detail: &'a str,
    /// The path that was requested, without the id of a ticket.
    pub instance: &'a str,
    /// Every field that is wrong; present with status 422.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub errors: Vec<FieldProblem<'a>>,
    /// Who has the conversation; present with the code `claimed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub assignee: Option<&'a Person>,
    /// The messages that the author has not seen; present with the code `unseen_messages`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub unseen: Option<&'a [StaffMessage]>,
}

/// What is wrong with one field.
#[derive(Debug, Serialize, ToSchema)]
pub struct FieldProblem<'a> {
    pub field: &'a str,
    pub message: &'a str,
}

impl<'a> From<&'a validation::FieldError> for FieldProblem<'a> {
    fn from(error: &'a validation::FieldError) -> Self {
        Self { field: &error.field, message: &error.message }
    }
}
