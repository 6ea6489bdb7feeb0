//! Parser of which page of a conversation's messages is asked for.

use super::path_id;
use crate::domain::ids::MessageId;
use crate::domain::validation::FieldError;
use crate::domain::views::PageRequest;
use crate::http::api::tickets::MESSAGES_MAX_BYTES;
use crate::http::server::query::{MAX_LIMIT, Parameters, list_limit};

/// Parses `before` and `limit`; `no_message` is what is wrong with a `before` that is no id.
pub fn page_request(
    query: &[(String, String)],
    no_message: &'static str,
) -> Result<PageRequest, Vec<FieldError>> {
    let mut parameters = Parameters::new(query);
    let before = parameters.optional("before", |value| {
        path_id::parse(value).ok_or_else(|| FieldError::new("before", no_message))
    });
    let limit = parameters.optional("limit", list_limit);
    parameters.finish(&["before", "limit"])?;
    Ok(PageRequest {
        before: before.map(MessageId),
        limit: limit.unwrap_or(MAX_LIMIT),
        max_bytes: i64::try_from(MESSAGES_MAX_BYTES).unwrap_or(i64::MAX),
    })
}
