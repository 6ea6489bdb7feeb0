//! Messages to `Advisor`: what the agent does for staff without a turn of its own.

use actix::Message;

use crate::actors::runtime::ask::Reply;
use crate::domain::console::actions::RequestKey;
use crate::domain::console::suggestions::SuggestedReply;
use crate::domain::console::summaries::{SummaryView, SummaryWish};
use crate::domain::conversations::replay::TurnReplay;
use crate::domain::ids::{ConversationId, StaffId, TurnId};
use crate::domain::knowledge::Source;

/// To `Advisor`: write a suggestion.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct Suggest {
    pub conversation: ConversationId,
    pub staff: StaffId,
    pub instruction: Option<String>,
    /// Repeated with the same key, a request gets the same suggestion.
    pub key: Option<RequestKey>,
    pub reply: Reply<SuggestAnswer>,
}

/// To `Advisor`: what is this long thread about? Answered with `None` where there is none, or nothing in it.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct Summarize {
    pub conversation: ConversationId,
    /// Who asks.
    pub staff: StaffId,
    pub wish: SummaryWish,
    pub reply: Reply<Option<SummaryView>>,
}

/// To `Advisor`: may this reply of a program be sent to the customer?
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct ReviewReply {
    pub conversation: ConversationId,
    pub text: String,
    /// Ids of public sections.
    pub citations: Vec<String>,
    pub reply: Reply<ReplyReview>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum ReplyReview {
    /// It may, in this form.
    Sound {
        text: String,
        sources: Vec<Source>,
    },
    /// It may not; the text says why, as feedback for a model.
    Objection(String),
    NoConversation,
    TicketClosed,
}

/// A reply that the agent suggests.
#[derive(Clone, Debug, PartialEq)]
pub enum SuggestAnswer {
    Suggested(SuggestedReply),
    /// There is no customer's message, or the suggestion was erased.
    Nothing,
    TicketClosed,
    /// The key was used before, for another request.
    KeyReused,
}

/// To `Advisor`: replay a finished turn from its recorded steps. Answered with `None` if there is no such turn, or it has
/// committed nothing.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct ReplayTurn {
    pub turn: TurnId,
    pub reply: Reply<Option<TurnReplay>>,
}
