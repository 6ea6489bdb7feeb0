//! Repository port of escalations: leases notices to staff, and records the outcome.

use uuid::Uuid;

use super::{CrmError, StoreFuture};
use crate::domain::conversations::escalation::{Notice, NoticeEnd, ReminderMail};
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
    /// Leases reminders that staff have not been mailed, for one attempt each.
    fn lease_reminder_mails(&self, limit: i64) -> StoreFuture<Result<Vec<ReminderMail>, CrmError>>;
    /// Records that a reminder, by the key of its notice, was mailed; it is not leased again.
    fn settle_reminder_mail(&self, key: Uuid) -> StoreFuture<Result<(), CrmError>>;
}
