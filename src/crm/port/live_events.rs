//! Query port of live events: the changes of tickets since a position.

use super::{CrmError, StoreFuture};
use crate::domain::conversations::live::{ChangeBatch, EventPosition};
use crate::domain::ids::TicketId;

pub trait LiveEvents: Send + Sync {
    /// The present position.
    fn position(&self) -> StoreFuture<Result<EventPosition, CrmError>>;
    /// The changes of each ticket since its position; `None` if those since one of them are not on record any more.
    fn changes(
        &self,
        since: Vec<(TicketId, EventPosition)>,
    ) -> StoreFuture<Result<Option<ChangeBatch>, CrmError>>;
    /// Deletes events that no page can still ask for, at most `limit`; returns how many.
    fn forget_events(&self, limit: i64) -> StoreFuture<Result<u64, CrmError>>;
}
