//! Suggestions: replies that the agent writes for staff, to be edited and sent by a person.

use crate::domain::conversations::turn::TurnContext;
use crate::domain::ids::{ConversationId, StaffId, SuggestionId};
use crate::domain::knowledge::Source;

/// What a suggestion starts from.
#[derive(Clone, Debug, PartialEq)]
pub enum SuggestionStart {
    From(Box<TurnContext>),
    /// There is no such conversation, or no message of a customer in it.
    Nothing,
    TicketClosed,
}

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
