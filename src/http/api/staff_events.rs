//! Data transfer objects of the console's events and of presence.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::conversations::live::PresentStaff;
use crate::domain::enums::PresenceState;
use crate::domain::ids::{ConversationId, StaffId};

/// The data of an event `presence`.
#[derive(Debug, Serialize, ToSchema)]
pub struct PresenceChange {
    pub conversation_id: ConversationId,
    pub staff: Vec<StaffPresence>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct StaffPresence {
    pub id: StaffId,
    pub state: PresenceState,
}

/// Who looks at a conversation, or writes in it. Unknown fields are refused.
#[derive(Debug, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PresenceRequest {
    pub conversation_id: ConversationId,
    #[schema(pattern = "^(viewing|typing|left)$", example = "viewing")]
    pub state: String,
}

impl From<&PresentStaff> for StaffPresence {
    fn from(present: &PresentStaff) -> Self {
        Self { id: present.id, state: present.state }
    }
}
