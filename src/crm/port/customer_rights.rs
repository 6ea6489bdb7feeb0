//! Repository port of customers' rights: export, erasure, retention, and the removal of files that nothing refers to.

use std::time::Duration;

use super::{CrmError, StoreFuture};
use crate::domain::customers::rights::{CustomerExport, ErasureReceipt, Retention, RetentionRound};
use crate::domain::ids::{CustomerId, StaffId};

pub trait CustomerRights: Send + Sync {
    /// Reads everything that is held of a customer, for `by`, which is written to the audit log. `None` for an unknown
    /// customer. At most `limit` rows of each table.
    fn export(
        &self,
        customer: CustomerId,
        by: StaffId,
        limit: i64,
    ) -> StoreFuture<Result<Option<CustomerExport>, CrmError>>;
    /// Erases a customer; done before, it returns the receipt of then. `None` for an unknown customer.
    fn erase(
        &self,
        customer: CustomerId,
        by: StaffId,
    ) -> StoreFuture<Result<Option<ErasureReceipt>, CrmError>>;
    /// Removes a batch of what was kept for too long; `None` unless it is due, once in `every` in the whole system, and
    /// at once after a batch that was full.
    fn retain(
        &self,
        retention: Retention,
        every: Duration,
    ) -> StoreFuture<Result<Option<RetentionRound>, CrmError>>;
    /// Files that no row refers to.
    fn unused_files(&self, limit: i64) -> StoreFuture<Result<Vec<Vec<u8>>, CrmError>>;
    /// Records that a file was removed; whether a row refers to it by now, so that it must be put back.
    fn file_removed(&self, sha256: Vec<u8>) -> StoreFuture<Result<bool, CrmError>>;
}
