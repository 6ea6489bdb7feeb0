//! Data transfer objects of identity by proof on the pages, and of the list of a customer's own tickets.

use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;

use crate::domain::customers::web_identity::{OwnTicket, WebIdentity};
use crate::domain::enums::{Channel, TicketStatus};
use crate::domain::ids::{ChallengeId, TicketId};

/// Asks for a code. Unknown fields are refused.
#[derive(Debug, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CodeRequest {
    #[schema(format = Email, max_length = 254, pattern = r"^[^@]*@[^@]*\.[^@]*$", example = "ann@example.com")]
    pub email: String,
    /// Of the mail (ISO 639); English unless given.
    #[schema(example = "de")]
    pub language: Option<String>,
}

/// The same whether the address is known or not.
#[derive(Debug, Serialize, ToSchema)]
pub struct CodeRequested {
    /// Names the request when the code is typed.
    pub proof_id: ChallengeId,
}

/// A typed code. Unknown fields are refused.
#[derive(Debug, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TypedCode {
    #[schema(pattern = "^[0-9]{6}$", example = "012345")]
    pub code: String,
    /// The ticket whose page it is typed on: from then on it opens only to its customer, who gets answers about their other
    /// tickets in it.
    pub ticket_id: Option<TicketId>,
}

/// Whose browser it is.
#[derive(Debug, Serialize, ToSchema)]
pub struct PageIdentity {
    /// Whether codes can be mailed.
    pub offered: bool,
    /// The proved address.
    #[schema(required, example = "ann@example.com")]
    pub email: Option<String>,
    #[schema(required)]
    #[serde(with = "time::serde::rfc3339::option")]
    pub expires_at: Option<OffsetDateTime>,
}

impl PageIdentity {
    pub fn new(offered: bool, identity: Option<&WebIdentity>) -> Self {
        Self {
            offered,
            email: identity.map(|identity| identity.email.as_str().to_owned()),
            expires_at: identity.map(|identity| identity.expires_at),
        }
    }
}

/// A page of the customer's tickets.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnTickets {
    /// The newest first.
    pub items: Vec<OwnTicketLine>,
    #[schema(required)]
    pub next_cursor: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct OwnTicketLine {
    pub ticket_id: TicketId,
    #[schema(example = "T-1042")]
    pub ticket_number: String,
    pub subject: String,
    pub status: TicketStatus,
    pub channel: Channel,
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
}

impl From<OwnTicket> for OwnTicketLine {
    fn from(ticket: OwnTicket) -> Self {
        Self {
            ticket_id: ticket.ticket,
            ticket_number: ticket.number.to_string(),
            subject: ticket.subject,
            status: ticket.status,
            channel: ticket.channel,
            created_at: ticket.created_at,
            updated_at: ticket.updated_at,
        }
    }
}
