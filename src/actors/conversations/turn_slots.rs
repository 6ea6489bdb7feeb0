//! Turn permits: the messages from a `Conversation` to its `Pool` by which the bounded number of concurrent turns is
//! granted.

use actix::prelude::*;

use crate::domain::conversations::dialogue::Ending;
use crate::domain::ids::ConversationId;

/// Where a `Conversation` asks for its turn, and says how that and its work ended.
pub struct TurnSlots {
    pub ask: Recipient<AskForTurn>,
    pub ended: Recipient<TurnEnded>,
    pub resting: Recipient<Resting>,
}

/// From a `Conversation`: it has something to answer and waits for its turn.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct AskForTurn(pub ConversationId);

/// From a `Conversation`, or from what is left of its turn: the turn has ended.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct TurnEnded {
    pub conversation: ConversationId,
    /// `None` if it was lost, as by a panic.
    pub how: Option<Ending>,
}

/// From a `Conversation`: nothing waits, and it has seen so many arrivals.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct Resting {
    pub conversation: ConversationId,
    pub seen: u32,
}
