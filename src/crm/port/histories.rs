//! Query port of what programs may read of conversations: a customer's history, and whose a conversation is.

use super::{CrmError, StoreFuture};
use crate::domain::history::{ConversationOwner, CustomerContact, History, HistoryLimits, HistoryOf};
use crate::domain::ids::{ConversationId, CustomerId};

pub trait Histories: Send + Sync {
    /// `None` if there is no such conversation, or it is not the customer's. A customer without conversations has an
    /// empty history.
    fn history(&self, of: HistoryOf, limits: HistoryLimits)
    -> StoreFuture<Result<Option<History>, CrmError>>;
    fn owner(&self, conversation: ConversationId)
    -> StoreFuture<Result<Option<ConversationOwner>, CrmError>>;
    /// `None` if there is no such customer, or none of their addresses is known.
    fn contact(&self, customer: CustomerId) -> StoreFuture<Result<Option<CustomerContact>, CrmError>>;
}
