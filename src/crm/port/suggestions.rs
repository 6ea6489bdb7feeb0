//! Repository port of suggestions: replies that the agent writes for staff.

use super::{CrmError, StoreFuture};
use crate::domain::console::actions::RequestKey;
use crate::domain::console::suggestions::{EarlierSuggestion, NewSuggestion, SuggestionStart};
use crate::domain::ids::{ConversationId, StaffId, TurnId};

pub trait Suggestions: Send + Sync {
    /// What a suggestion starts from; nothing changes.
    fn suggestion_context(
        &self,
        conversation: ConversationId,
        turn: TurnId,
        instruction: Option<String>,
    ) -> StoreFuture<Result<SuggestionStart, CrmError>>;
    /// The suggestion that a request with the same key got before.
    fn earlier_suggestion(
        &self,
        staff: StaffId,
        key: RequestKey,
    ) -> StoreFuture<Result<Option<EarlierSuggestion>, CrmError>>;
    /// Stores a suggestion, unless a request with the same key was faster: then what that one got counts.
    fn keep_suggestion(
        &self,
        suggestion: NewSuggestion,
        key: Option<RequestKey>,
    ) -> StoreFuture<Result<Option<EarlierSuggestion>, CrmError>>;
}
