//! Query port of the events that consoles are told of, and repository port of who is where.

use super::{CrmError, StoreFuture};
use crate::domain::conversations::live::{EventBatch, EventPosition, StaffChange};
use crate::domain::enums::PresenceState;
use crate::domain::ids::{ConversationId, StaffId};

pub trait StaffEvents: Send + Sync {
    /// The present position.
    fn desk_position(&self) -> StoreFuture<Result<EventPosition, CrmError>>;
    /// The changes since a position; `None` if they are not on record any more, or too many.
    fn desk_changes(
        &self,
        since: EventPosition,
    ) -> StoreFuture<Result<Option<EventBatch<StaffChange>>, CrmError>>;
    /// Stores the presence of an account for a while; without a state it has left. False if there is no such
    /// conversation.
    fn note_presence(
        &self,
        conversation: ConversationId,
        staff: StaffId,
        state: Option<PresenceState>,
    ) -> StoreFuture<Result<bool, CrmError>>;
    /// Removes presences that have not been renewed; returns how many.
    fn end_presences(&self) -> StoreFuture<Result<u64, CrmError>>;
}
