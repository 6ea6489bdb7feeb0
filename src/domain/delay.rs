//! Customers whose answer is late, and what they are told meanwhile.

use super::enums::Channel;
use super::ids::ConversationId;
use super::inquiry::TicketNumber;

/// Somebody who waits for an answer, as found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delay {
    pub conversation: ConversationId,
    /// Everything up to here was answered: with the conversation it names this very wait.
    pub answered_through: i64,
    pub channel: Channel,
    pub customer_name: String,
    pub ticket: TicketNumber,
}

/// What one of them is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DelayNotice {
    pub conversation: ConversationId,
    pub answered_through: i64,
    pub text: String,
}
