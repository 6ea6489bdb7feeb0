//! Saved views: a queue with its order and filters under a name, an account's own and those of the team.

use serde::{Deserialize, Serialize};

use super::detail::PersonRef;
use crate::domain::enums::{
    Channel, ConversationStatus, DeskQueue, Priority, QueueOrder, Reason, Severity, TicketStatus,
};
use crate::domain::ids::{CustomerId, SavedViewId, StaffId};

/// Views of one account, those that it shares included.
pub const MAX_VIEWS: i64 = 50;

/// Whose conversations a view shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ViewAssignee {
    /// Those of whoever looks.
    Me,
    None,
    #[serde(untagged)]
    Staff(StaffId),
}

/// The filters of a queue, as they are stored: `me` stays whoever looks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SavedFilters {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<ConversationStatus>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ticket_status: Option<TicketStatus>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assignee: Option<ViewAssignee>,
    #[serde(skip_serializing_if = "Option::is_none")]
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

/// A view as its author writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ViewContent {
    pub name: String,
    /// It is the team's.
    pub shared: bool,
    pub queue: DeskQueue,
    pub order: QueueOrder,
    pub filters: SavedFilters,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedView {
    pub id: SavedViewId,
    pub author: PersonRef,
    pub content: ViewContent,
}

/// What an account does with a view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ViewCommand {
    Add { id: SavedViewId, content: ViewContent },
    Replace { id: SavedViewId, content: ViewContent },
    Remove { id: SavedViewId },
}
