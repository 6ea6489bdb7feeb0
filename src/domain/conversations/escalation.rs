//! Notices of escalations to staff, and the back-off of failed notices.

use std::time::Duration;

use time::OffsetDateTime;
use uuid::Uuid;

use crate::domain::enums::{Channel, Reason, Severity, TicketStatus};
use crate::domain::ids::{ConversationId, DeliveryId, EscalationId, MessageId, TicketId};
use crate::domain::messages::inquiry::TicketNumber;
use crate::domain::runtime::backoff::Backoff;

/// Our own pauses. The longest is short enough for a receiver that is back not to wait long for what it missed.
const BACKOFF: Backoff = Backoff::doubling(Duration::from_secs(2), Duration::from_secs(300));
/// The longest pause that a receiver may ask for.
const LONGEST_ASKED: Duration = Duration::from_secs(3600);

/// One escalation as shown to staff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    pub escalation: EscalationId,
    pub conversation: ConversationId,
    pub ticket_number: TicketNumber,
    pub channel: Channel,
    /// As the customer entered it.
    pub customer_name: String,
    pub reason: Reason,
    pub severity: Severity,
    pub summary: String,
    pub created_at: OffsetDateTime,
    /// The id of the escalation, or of the reminder that this notice is for; the same for each attempt.
    pub key: Uuid,
    /// How often staff have been reminded of it, 0 where it is news.
    pub reminders: u16,
    /// Whom a reminder is for, by role, where the company says so.
    pub contact: Option<String>,
    /// Number of this attempt, from 1. The result of an attempt names it, so that an abandoned attempt changes nothing.
    pub attempt: i32,
}

/// A reminder that is mailed to staff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReminderMail {
    pub notice: Notice,
    /// The active members of staff who have an address.
    pub to: Vec<String>,
}

/// The result of an attempt to notify staff.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeEnd {
    Told,
    AgainAfter(Duration),
}

impl NoticeEnd {
    /// Attempt number `attempt` failed; the receiver may ask for a pause (`Retry-After`).
    pub fn failed(attempt: i32, asked: Option<Duration>) -> Self {
        let own = BACKOFF.pause(u32::try_from(attempt).unwrap_or(0));
        Self::AgainAfter(asked.map_or(own, |asked| asked.clamp(BACKOFF.first, LONGEST_ASKED)))
    }
}

/// Who asks for a person, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HandOverWish {
    /// The customer, on the ticket's page.
    OnPage,
    /// A program, in its own words.
    Program { reason: Reason, severity: Option<Severity>, summary: String },
}

/// A ticket whose customer asks for a person, as far as the hand-over's texts need it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonRequest {
    pub channel: Channel,
    pub ticket_number: TicketNumber,
    pub customer_name: String,
    pub subject: String,
    /// What the customer has written last, oldest first.
    pub quotes: Vec<String>,
    /// By the database's clock.
    pub at: OffsetDateTime,
}

/// A hand-over that the customer has asked for, with what is written if the ticket is not with people already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestedHandOver {
    pub ticket: TicketId,
    pub message: MessageId,
    pub delivery: DeliveryId,
    pub escalation: EscalationId,
    pub acknowledgement: String,
    pub reason: Reason,
    pub severity: Severity,
    pub summary: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HandOverAnswer {
    NoTicket,
    TicketClosed,
    Escalated(RequestedEscalation),
}

/// The escalation that a customer's request has led to, or that there was before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestedEscalation {
    pub escalation: EscalationId,
    pub status: TicketStatus,
    /// The acknowledgement.
    pub message: MessageId,
    pub reason: Reason,
    pub severity: Severity,
    pub at: OffsetDateTime,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_a_limit_unless_the_receiver_names_one() {
        for (attempt, asked, seconds) in [
            (1, None, 2),
            (2, None, 4),
            (3, None, 8),
            (8, None, 256),
            (9, None, 300),
            (i32::MAX, None, 300),
            (0, None, 2),
            (1, Some(30), 30),
            (9, Some(7), 7),
            (1, Some(0), 2),
            (1, Some(1_000_000), 3600),
        ] {
            let asked = asked.map(Duration::from_secs);
            let expected = NoticeEnd::AgainAfter(Duration::from_secs(seconds));
            assert_eq!(NoticeEnd::failed(attempt, asked), expected, "{attempt} {asked:?}");
        }
    }
}
