//! Data transfer objects of merges and splits.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::ids::{ConversationId, CustomerId, MergeId, MessageId, TicketId};

/// The customer that another one is merged into. Unknown fields are refused.
#[derive(Debug, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CustomerMergeRequest {
    pub into: CustomerId,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct MergeReceipt {
    pub merge_id: MergeId,
}

/// The conversation that another one is merged into. Unknown fields are refused.
#[derive(Debug, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConversationMergeRequest {
    pub into: ConversationId,
}

/// Messages that get a conversation of their own. Unknown fields are refused.
#[derive(Debug, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SplitRequest {
    #[schema(min_items = 1, max_items = 100)]
    pub message_ids: Vec<MessageId>,
    #[schema(min_length = 1, max_length = 200)]
    pub subject: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct SplitReceipt {
    pub conversation_id: ConversationId,
    pub ticket_id: TicketId,
}
