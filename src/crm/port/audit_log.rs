//! Query port of the audit log.

use super::{CrmError, StoreFuture};
use crate::domain::audit::{AuditQuery, AuditRecord};

pub trait AuditLog: Send + Sync {
    /// A page of the log, newest first.
    fn audit_page(&self, query: AuditQuery) -> StoreFuture<Result<Vec<AuditRecord>, CrmError>>;
}
