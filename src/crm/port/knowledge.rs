//! Query port of the knowledge base. Writing it is the business of `crm::postgres::library`.

use super::{CrmError, StoreFuture};
use crate::domain::knowledge::{Findings, Question};

pub trait Knowledge: Send + Sync {
    /// The best sections for a question, at most so many.
    fn search(&self, question: Question, limit: i64) -> StoreFuture<Result<Findings, CrmError>>;
}
