//! Repository ports of the console: the queues, and the actions of staff.

use super::{CrmError, StoreFuture};
use crate::domain::console::actions::{StaffAnswer, StaffOrder};
use crate::domain::console::queue::{QueuePage, QueueRequest};

pub trait Queues: Send + Sync {
    /// A page of a queue and the counts of all queues, of one snapshot.
    fn queue(&self, request: QueueRequest) -> StoreFuture<Result<QueuePage, CrmError>>;
}

pub trait StaffActions: Send + Sync {
    /// Carries out an action in one transaction, together with its row of the audit log and the answer to its key.
    fn perform(&self, order: StaffOrder) -> StoreFuture<Result<StaffAnswer, CrmError>>;
}
