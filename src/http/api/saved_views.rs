//! Data transfer objects of saved views.

use serde::Serialize;
use utoipa::ToSchema;

use super::people::Person;
use crate::domain::console::saved_views::{SavedFilters, SavedView, ViewAssignee};
use crate::domain::enums::{
    Channel, ConversationStatus, DeskQueue, Priority, QueueOrder, Reason, Severity, TicketStatus,
};
use crate::domain::ids::{CustomerId, SavedViewId};

/// The views of the team and an account's own, each by name.
#[derive(Debug, Serialize, ToSchema)]
pub struct ViewList {
    pub items: Vec<QueueView>,
    #[schema(required)]
    pub next_cursor: Option<String>,
}

/// A queue with its order and filters.
#[derive(Debug, Serialize, ToSchema)]
pub struct QueueView {
    pub id: SavedViewId,
    pub name: String,
    /// It is the team's.
    pub shared: bool,
    pub queue: DeskQueue,
    pub sort: QueueOrder,
    pub filters: ViewFilters,
    pub author: Person,
}

/// The parameters of a queue that limit it; those that are absent do not. Unknown fields are refused.
#[derive(Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ViewFilters {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<ConversationStatus>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ticket_status: Option<TicketStatus>,
    /// An account's id, `me` (whoever looks) or `none`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(pattern = "^(me|none|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$", example = "me")]
    pub assignee: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(pattern = "^[a-z0-9-]{1,40}$", example = "vip")]
    pub tag: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_id: Option<CustomerId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub breached: Option<bool>,
}

/// A view to keep. Unknown fields are refused.
#[derive(Debug, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ViewRequest {
    /// Unique among the account's own views, and among those of the team.
    #[schema(min_length = 1, max_length = 60, format = "line", example = "VIP, overdue")]
    pub name: String,
    /// For the team; false unless given.
    pub shared: Option<bool>,
    pub queue: DeskQueue,
    /// `due` unless given.
    pub sort: Option<QueueOrder>,
    pub filters: Option<ViewFilters>,
}

impl From<SavedView> for QueueView {
    fn from(view: SavedView) -> Self {
        let content = view.content;
        Self {
            id: view.id,
            name: content.name,
            shared: content.shared,
            queue: content.queue,
            sort: content.order,
            filters: content.filters.into(),
            author: view.author.into(),
        }
    }
}

impl From<SavedFilters> for ViewFilters {
    fn from(filters: SavedFilters) -> Self {
        let word = |assignee| match assignee {
            ViewAssignee::Me => "me".to_owned(),
            ViewAssignee::None => "none".to_owned(),
            ViewAssignee::Staff(id) => id.to_string(),
        };
        Self {
            channel: filters.channel,
            status: filters.status,
            ticket_status: filters.ticket_status,
            assignee: filters.assignee.map(word),
            tag: filters.tag,
            priority: filters.priority,
            severity: filters.severity,
            reason: filters.reason,
            customer_id: filters.customer_id,
            breached: filters.breached,
        }
    }
}
