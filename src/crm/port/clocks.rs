//! Repository port of the SLA clocks: stores the service levels that they go by, and what follows when time passes.

use time::OffsetDateTime;

use super::{CrmError, StoreFuture};
use crate::domain::conversations::service_levels::{Alarms, SlaPlan};

pub trait SlaClockStore: Send + Sync {
    /// Stores the service levels, with the support hours around `now`; what is due is computed anew. `false` if the same
    /// has been stored on the same day.
    fn write_service_levels(&self, plan: SlaPlan, now: OffsetDateTime)
    -> StoreFuture<Result<bool, CrmError>>;
    /// Marks at most `limit` conversations whose answer is due soon, or overdue, each once in the whole system.
    fn sound_alarms(&self, limit: i64) -> StoreFuture<Result<Alarms, CrmError>>;
    /// Writes at most `limit` reminders of escalations that nobody takes, each once in the whole system; returns how many.
    fn remind_staff(&self, limit: i64) -> StoreFuture<Result<u64, CrmError>>;
}
