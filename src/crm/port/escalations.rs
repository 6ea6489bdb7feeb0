//! Repository port of escalations: leases notices to staff, and records the outcome.

use super::{CrmError, StoreFuture};
use crate::domain::conversations::escalation::{Notice, NoticeEnd};
use crate::domain::ids::EscalationId;

pub trait Escalations: Send + Sync {
    /// Leases escalations that staff have not been notified of, for one attempt each.
    fn lease_notices(&self, limit: i64) -> StoreFuture<Result<Vec<Notice>, CrmError>>;
    /// Records the outcome of that attempt.
    fn settle_notice(
        &self,
        escalation: EscalationId,
        attempt: i32,
        end: NoticeEnd,
    ) -> StoreFuture<Result<(), CrmError>>;
}
