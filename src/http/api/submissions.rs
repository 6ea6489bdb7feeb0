//! Data transfer objects of the web form: a submission, a follow-up, and their receipts.
//!
//! The two request bodies describe what `channels::web_form` parses; the tests below hold them to it.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::enums::{Category, Priority, TicketStatus};
use crate::domain::ids::{MessageId, TicketId};

/// A request for support. Lengths count characters after trimming; unknown fields are refused.
#[derive(Debug, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SubmissionRequest {
    #[schema(min_length = 1, max_length = 100, format = "line", example = "Ann Lee")]
    pub name: String,
    #[schema(format = Email, max_length = 254, pattern = r"^[^@]*@[^@]*\.[^@]*$")]
    pub email: String,
    #[schema(min_length = 5, max_length = 200, format = "line", example = "I cannot sign in")]
    pub subject: String,
    pub category: Category,
    /// `medium` unless given.
    pub priority: Option<Priority>,
    #[schema(min_length = 10, max_length = 10_000, example = "I forgot my password. How do I reset it?")]
    pub message: String,
    /// E.164; empty is the same as absent.
    #[schema(pattern = r"^(\s*|\+[1-9][0-9]{6,14})$", example = "+4915112345678")]
    pub phone: Option<String>,
}

/// A customer's message on an existing ticket. Unknown fields are refused.
#[derive(Debug, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FollowUpRequest {
    #[schema(min_length = 1, max_length = 10_000)]
    pub message: String,
}

/// Where a submission is found; the same for the first try and each repetition.
#[derive(Debug, Serialize, ToSchema)]
pub struct SubmissionReceipt {
    pub ticket_id: TicketId,
    #[schema(example = "T-1042")]
    pub ticket_number: String,
    pub status: TicketStatus,
    pub message: String,
    pub estimated_response_time: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct FollowUpReceipt {
    pub message_id: MessageId,
    pub status: TicketStatus,
}
