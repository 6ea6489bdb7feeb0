//! What staff are told of an escalation, and when a notice that failed is tried again.

use std::time::Duration;

use time::OffsetDateTime;

use super::backoff::Backoff;
use super::enums::{Channel, Reason, Severity};
use super::ids::{ConversationId, EscalationId};
use super::inquiry::TicketNumber;

/// Our own pauses. The longest is short enough for a receiver that is back not to wait long for what it missed.
const BACKOFF: Backoff = Backoff::doubling(Duration::from_secs(2), Duration::from_secs(300));
/// The longest pause that a receiver may ask for.
const LONGEST_ASKED: Duration = Duration::from_secs(3600);

/// One escalation, as staff hear of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    pub escalation: EscalationId,
    pub conversation: ConversationId,
    pub ticket_number: TicketNumber,
    pub channel: Channel,
    /// As the customer gave it.
    pub customer_name: String,
    pub reason: Reason,
    pub severity: Severity,
    pub summary: String,
    pub created_at: OffsetDateTime,
    /// Which try this is, from 1. Whoever settles the notice names it, so that a try that was given up settles nothing.
    pub attempt: i32,
}

/// How a try to tell staff ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeEnd {
    Told,
    AgainAfter(Duration),
}

impl NoticeEnd {
    /// A failure of try number `attempt`; a receiver may name its own pause.
    pub fn failed(attempt: i32, asked: Option<Duration>) -> Self {
        let own = BACKOFF.pause(u32::try_from(attempt).unwrap_or(0));
        Self::AgainAfter(asked.map_or(own, |asked| asked.clamp(BACKOFF.first, LONGEST_ASKED)))
    }
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
