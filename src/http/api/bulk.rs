//! Data transfer objects of bulk actions.

use serde::Serialize;
use serde_json::Value;
use time::OffsetDateTime;
use utoipa::ToSchema;

use crate::domain::console::bulk::{BulkReport, BulkStepEnd};
use crate::domain::enums::BulkAction;
use crate::domain::ids::{BulkId, ConversationId};

/// One action for many conversations. Either `ids` or `filter` says which. Unknown fields are refused.
#[derive(Debug, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BulkRequest {
    pub action: BulkAction,
    /// The body of the single action, without `seen_through`: `as_of` takes its place.
    #[schema(value_type = Option<Object>, example = json!({"add_tags": ["outage"]}))]
    pub params: Option<Value>,
    #[schema(max_items = 500)]
    pub ids: Option<Vec<ConversationId>>,
    /// The parameters of a queue: `queue`, `channel`, `status`, and so on.
    #[schema(value_type = Option<Object>, example = json!({"queue": "mine", "tag": "outage"}))]
    pub filter: Option<Value>,
    /// That of the queue in which the conversations were chosen. What has changed since is left alone.
    #[schema(value_type = String, format = DateTime)]
    pub as_of: OffsetDateTime,
}

/// What became of a bulk action, or of its undoing.
#[derive(Debug, Serialize, ToSchema)]
pub struct BulkResult {
    pub bulk_id: BulkId,
    /// How many conversations were changed.
    pub done: usize,
    pub failed: Vec<BulkFailure>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct BulkFailure {
    pub conversation_id: ConversationId,
    /// `changed`: it has changed since; else the code of the single action's refusal.
    #[schema(example = "changed")]
    pub code: String,
}

impl From<BulkReport> for BulkResult {
    fn from(report: BulkReport) -> Self {
        let failed = report.failed.into_iter().map(BulkFailure::from).collect();
        Self { bulk_id: report.bulk, done: report.done, failed }
    }
}

impl From<BulkStepEnd> for BulkFailure {
    fn from(end: BulkStepEnd) -> Self {
        Self { conversation_id: end.conversation, code: end.code.unwrap_or_default() }
    }
}
