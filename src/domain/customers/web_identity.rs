//! Identity by proof on the web form: sessions of browsers in which an address was proved by a mailed code, and what they
//! open. An address that is only named opens nothing (PROTOCOL.md 8).

use std::time::Duration;

use time::OffsetDateTime;

use super::contact::Email;
use crate::domain::enums::{Channel, TicketStatus};
use crate::domain::ids::TicketId;
use crate::domain::messages::inquiry::TicketNumber;

/// How long a browser is trusted after its code was right.
pub const SESSION_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);

/// A browser in which an address was proved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebIdentity {
    pub email: Email,
    pub expires_at: OffsetDateTime,
}

/// A ticket in the list of its customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnTicket {
    pub ticket: TicketId,
    pub number: TicketNumber,
    pub subject: String,
    pub status: TicketStatus,
    pub channel: Channel,
    pub created_at: OffsetDateTime,
    pub updated_at: OffsetDateTime,
}

/// A ticket of a proved customer, as a turn in another conversation may know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountTicket {
    pub number: TicketNumber,
    /// `None` where nobody has proved who wrote it.
    pub subject: Option<String>,
    pub status: TicketStatus,
}
