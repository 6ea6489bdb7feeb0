//! Repository port of summaries: long threads, and what staff are told of them.

use super::{CrmError, StoreFuture};
use crate::domain::console::summaries::{KeptSummary, LongThread, NewSummary};
use crate::domain::ids::ConversationId;

pub trait Summaries: Send + Sync {
    fn kept_summary(&self, conversation: ConversationId) -> StoreFuture<Result<KeptSummary, CrmError>>;
    /// The end of a thread and its first message; `None` where there is nothing to summarise.
    fn long_thread(&self, conversation: ConversationId) -> StoreFuture<Result<Option<LongThread>, CrmError>>;
    /// Keeps it in place of the one before, unless the customer was erased meanwhile.
    fn keep_summary(&self, summary: NewSummary) -> StoreFuture<Result<(), CrmError>>;
}
