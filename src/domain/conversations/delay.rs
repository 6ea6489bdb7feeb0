//! Delay acknowledgements: customers whose answer is late, and the message they get meanwhile.

use crate::domain::enums::Channel;
use crate::domain::ids::ConversationId;
use crate::domain::messages::inquiry::TicketNumber;

/// A customer who waits for an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delay {
    pub conversation: ConversationId,
    /// Everything up to here is answered; together with the conversation it identifies this very wait.
    pub answered_through: i64,
    pub channel: Channel,
    pub customer_name: String,
    pub ticket: TicketNumber,
}

/// The acknowledgement for one of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DelayNotice {
    pub conversation: ConversationId,
    pub answered_through: i64,
    pub text: String,
}
