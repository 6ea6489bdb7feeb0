//! Query port of the knowledge base. `crm::postgres::library` writes it.

use super::{CrmError, StoreFuture};
use crate::domain::knowledge::{Findings, Question};

pub trait Knowledge: Send + Sync {
    /// The best sections for a question, at most `limit`.
    fn search(&self, question: Question, limit: i64) -> StoreFuture<Result<Findings, CrmError>>;
}
