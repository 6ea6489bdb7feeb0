//! Suggestions: replies that the agent writes for staff, to be edited and sent by a person.

use crate::domain::ids::{ConversationId, StaffId, SuggestionId};
use crate::domain::knowledge::Source;

/// A suggestion to keep.
#[derive(Clone, Debug, PartialEq)]
pub struct NewSuggestion {
    pub id: SuggestionId,
    pub conversation: ConversationId,
    pub staff: StaffId,
    pub instruction: Option<String>,
    /// `None` where no source answers.
    pub text: Option<String>,
    pub sources: Vec<Source>,
    /// The number of the newest message that it has read.
    pub read_through: i64,
}

/// A reply that the agent suggests.
#[derive(Clone, Debug, PartialEq)]
pub struct SuggestedReply {
    pub id: SuggestionId,
    /// `None` where no source answers.
    pub text: Option<String>,
    pub sources: Vec<Source>,
}

/// What a request with the same `Idempotency-Key` got before.
#[derive(Clone, Debug, PartialEq)]
pub enum EarlierSuggestion {
    Given(SuggestedReply),
    /// It was erased meanwhile.
    Gone,
    /// It was another request.
    KeyReused,
}
