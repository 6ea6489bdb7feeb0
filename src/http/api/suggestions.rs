//! Data transfer objects of suggestions.

use serde::Serialize;
use utoipa::ToSchema;

use super::tickets::ArticleRef;
use crate::domain::ids::SuggestionId;

/// What the agent should heed. Unknown fields are refused.
#[derive(Debug, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SuggestionRequest {
    #[schema(max_length = 1_000)]
    pub instruction: Option<String>,
}

/// A reply that the agent suggests.
#[derive(Debug, Serialize, ToSchema)]
pub struct SuggestionAnswer {
    pub suggestion_id: SuggestionId,
    /// Null where no source answers.
    #[schema(required)]
    pub text: Option<String>,
    pub sources: Vec<ArticleRef>,
}
