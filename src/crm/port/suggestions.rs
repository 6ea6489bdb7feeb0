//! Repository port of suggestions: replies that the agent writes for staff.

use super::{CrmError, StoreFuture};
use crate::domain::console::suggestions::NewSuggestion;
use crate::domain::conversations::turn::TurnContext;
use crate::domain::ids::{ConversationId, TurnId};

pub trait Suggestions: Send + Sync {
    /// What a suggestion starts from; nothing changes. `None` without a customer's message.
    fn suggestion_context(
        &self,
        conversation: ConversationId,
        turn: TurnId,
        instruction: Option<String>,
    ) -> StoreFuture<Result<Option<TurnContext>, CrmError>>;
    fn keep_suggestion(&self, suggestion: NewSuggestion) -> StoreFuture<Result<(), CrmError>>;
}
