//! Query port of the knowledge base. `crm::postgres::library` writes it.

use super::{CrmError, StoreFuture};
use crate::domain::knowledge::{Article, ArticleLine, Audience, Findings, Question};

pub trait Knowledge: Send + Sync {
    /// The best sections for a question, at most `limit`, of those that the audience may see.
    fn search(
        &self,
        question: Question,
        limit: i64,
        audience: Audience,
    ) -> StoreFuture<Result<Findings, CrmError>>;
    /// The public sections after this one, in the order of the documents. An unknown `after` begins after the place
    /// where it would stand.
    fn articles(&self, after: Option<String>, limit: i64) -> StoreFuture<Result<Vec<ArticleLine>, CrmError>>;
    /// Counts a reader's opinion of a public section; whether there is one.
    fn vote(&self, id: String, helpful: bool) -> StoreFuture<Result<bool, CrmError>>;
    /// A public section.
    fn article(&self, id: String) -> StoreFuture<Result<Option<Article>, CrmError>>;
}
