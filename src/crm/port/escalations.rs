//! Repository port of escalations: leasing those that staff must be told of, and how telling them ended.

use super::{CrmError, StoreFuture};
use crate::domain::escalation::{Notice, NoticeEnd};
use crate::domain::ids::EscalationId;

pub trait Escalations: Send + Sync {
    /// Leases escalations that staff have not been told of, for one try each.
    fn lease_notices(&self, limit: i64) -> StoreFuture<Result<Vec<Notice>, CrmError>>;
    /// Records how that try ended.
    fn settle_notice(
        &self,
        escalation: EscalationId,
        attempt: i32,
        end: NoticeEnd,
    ) -> StoreFuture<Result<(), CrmError>>;
}
