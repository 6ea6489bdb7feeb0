//! Validation errors: what a parser of a request body reports, field by field. It does not know how the report is sent.

use std::borrow::Cow;

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    pub field: Cow<'static, str>,
    pub message: Cow<'static, str>,
}

impl FieldError {
    pub fn new(field: impl Into<Cow<'static, str>>, message: impl Into<Cow<'static, str>>) -> Self {
        Self { field: field.into(), message: message.into() }
    }
}

/// Why a body is no inquiry.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidForm {
    #[error("not JSON: {0}")]
    Malformed(String),
    /// Never empty.
    #[error("not valid: {0:?}")]
    Invalid(Vec<FieldError>),
}
