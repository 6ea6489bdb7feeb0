//! Delivery state machine, its values: replies that wait to be sent through a provider, why one failed, and what an
//! attempt without an answer comes to (PROTOCOL.md 6). Pure; the `Delivery` actors act on it, and each channel's
//! adapter decides how its provider may be used.

use std::time::Duration;

use serde::Deserialize;

use super::inquiry::TicketNumber;
use crate::domain::conversations::turn::Consent;
use crate::domain::customers::contact::{Address, Email};
use crate::domain::enums::{Channel, DeliveryState, FailureCause};
use crate::domain::ids::DeliveryId;
use crate::domain::runtime::backoff::Backoff;

/// WhatsApp accepts free text for so long after the customer's last message (Twilio, error 63016).
pub const FREE_TEXT_WINDOW: Duration = Duration::from_secs(24 * 60 * 60);
/// What is sent in the last moments may arrive too late.
pub const FREE_TEXT_MARGIN: Duration = Duration::from_secs(60);

/// Of the first pause after a failure; it doubles.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// Between two tries while a provider is unavailable: work is taken up soon after it is back.
const MAX_PAUSE: Duration = Duration::from_secs(10);

/// One part of a reply that this process has leased and must send now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimedDelivery {
    pub delivery: DeliveryId,
    /// Counts the leases of this row: whoever holds an older number records nothing.
    pub attempt: i16,
    pub text: String,
    /// It was not looked at yet whether it must be split.
    pub is_whole: bool,
    /// Where the customer wrote from last on this channel; `None` where they never did, or not from a usable address.
    pub to: Option<Address>,
    pub consent: Consent,
    /// It confirms to a customer that messages stop.
    pub is_confirmation: bool,
    /// How long ago the customer last wrote on this channel.
    pub silent_for: Option<Duration>,
    pub customer_name: String,
    pub ticket: TicketNumber,
    /// The thread that a mail belongs to; chats have none.
    pub mail: Option<MailThread>,
}

/// The mail thread of a reply (RFC 5322, 3.6.4), and who gets it beside the customer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct MailThread {
    pub subject: String,
    /// The message id of the customer's newest mail.
    pub in_reply_to: Option<String>,
    /// The message ids of the thread, oldest first.
    pub references: Vec<String>,
    /// The provider's thread, and the mailbox of ours that the customer wrote to, where known.
    pub thread_id: Option<String>,
    pub mailbox: Option<String>,
    /// A person wrote it: it is no automatic answer.
    pub by_staff: bool,
    /// It begins a thread: its subject is not marked as that of a reply.
    pub begins: bool,
    pub recipients: Recipients,
}

/// Further recipients of a mail.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Recipients {
    pub to: Vec<Email>,
    pub cc: Vec<Email>,
    pub bcc: Vec<Email>,
}

/// Why a message did not reach its customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The program decides by this alone.
    pub cause: FailureCause,
    /// For staff; it begins with the provider's code where there is one.
    pub detail: String,
}

impl Failure {
    pub fn new(cause: FailureCause, detail: impl Into<String>) -> Self {
        Self { cause, detail: detail.into() }
    }
}

/// A recipient of a mail whom the server refuses, while it takes the mail for the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedRecipient {
    pub address: Email,
    pub failure: Failure,
}

/// How a reply may be sent, as its channel decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// As free text.
    Text,
    /// Only as a message that the provider has approved.
    Template,
    /// It must not be sent.
    Nowhere(Failure),
}

impl ClaimedDelivery {
    /// Whom it goes to, by the rules that hold on every channel: there is an address, and the customer wants it.
    pub fn recipient(&self) -> Result<&Address, Failure> {
        let Some(to) = &self.to else {
            let detail = "the customer never wrote on this channel from an address that can be used";
            return Err(Failure::new(FailureCause::InvalidAddress, detail));
        };
        match self.consent {
            Consent::Withdrawn if !self.is_confirmation => {
                Err(Failure::new(FailureCause::OptedOut, "the customer wants no messages from us"))
            }
            Consent::Withdrawn | Consent::Given => Ok(to),
        }
    }
}

/// A send attempt in doubt: it is unknown whether it reached the provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InDoubt {
    pub delivery: DeliveryId,
    pub attempt: i16,
    pub text: String,
    pub to: Option<Address>,
    pub requested_at: time::OffsetDateTime,
    /// How long ago the request was made, measured before the provider is asked.
    pub quiet: Duration,
    /// How many earlier attempts stayed unresolved.
    pub unresolved_attempts: i16,
    /// The provider's id of the draft that it was sent by; only of providers with drafts.
    pub draft: Option<String>,
    /// The mailbox of ours that it was sent from; only of mails.
    pub mailbox: Option<String>,
}

/// Resolution of an attempt in doubt that the provider does not list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// It may still appear: look again later.
    Wait,
    /// It is sent once more.
    Resend,
    /// In doubt for the second time: staff decide.
    GiveUp,
}

impl InDoubt {
    /// `quiet` is how long the provider is given to list a message that it accepted.
    pub fn unlisted(&self, quiet: Duration) -> Resolution {
        if self.quiet < quiet {
            Resolution::Wait
        } else if self.unresolved_attempts == 0 {
            Resolution::Resend
        } else {
            Resolution::GiveUp
        }
    }
}

/// What is known of a message at the provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusUpdate {
    /// Ids of providers are unique within a channel alone.
    pub channel: Channel,
    /// Where the provider was told of it.
    pub delivery: Option<DeliveryId>,
    pub provider_id: Option<String>,
    pub state: DeliveryState,
    /// Only of a failed one.
    pub failure: Option<Failure>,
    /// Recipients in copy who do not get what was sent.
    pub refused: Vec<RefusedRecipient>,
}

/// Whether a status belongs to any delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    Yes,
    No,
}

/// The pause after so many failures in a row.
pub fn pause_after(failures: u32) -> Duration {
    Backoff::doubling(FIRST_PAUSE, MAX_PAUSE).pause(failures)
}

/// A short reply that may be sent as free text, for tests.
#[cfg(test)]
pub fn leased(to: Option<Address>) -> ClaimedDelivery {
    ClaimedDelivery {
        delivery: DeliveryId(uuid::Uuid::nil()),
        attempt: 1,
        text: "Hello".to_owned(),
        is_whole: true,
        to,
        consent: Consent::Given,
        is_confirmation: false,
        silent_for: Some(Duration::from_secs(60)),
        customer_name: "Ann".to_owned(),
        ticket: TicketNumber(1001),
        mail: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leased() -> ClaimedDelivery {
        super::leased(Email::parse("ann@example.com").ok().map(Address::Email))
    }

    fn cause(delivery: &ClaimedDelivery) -> Option<FailureCause> {
        delivery.recipient().err().map(|failure| failure.cause)
    }

    #[test]
    fn who_wants_no_messages_gets_the_confirmation_alone() {
        let withdrawn = ClaimedDelivery { consent: Consent::Withdrawn, ..leased() };
        assert_eq!(cause(&withdrawn), Some(FailureCause::OptedOut));
        assert_eq!(cause(&ClaimedDelivery { is_confirmation: true, ..withdrawn }), None);
        assert_eq!(cause(&ClaimedDelivery { to: None, ..leased() }), Some(FailureCause::InvalidAddress));
    }

    #[test]
    fn an_attempt_in_doubt_is_made_once_more_and_then_left_to_staff() {
        let in_doubt = |quiet: u64, unresolved_attempts| InDoubt {
            delivery: DeliveryId(uuid::Uuid::nil()),
            attempt: 1,
            text: String::new(),
            to: None,
            requested_at: time::OffsetDateTime::UNIX_EPOCH,
            quiet: Duration::from_secs(quiet),
            unresolved_attempts,
            draft: None,
            mailbox: None,
        };
        assert_eq!(in_doubt(119, 0).unlisted(Duration::from_secs(120)), Resolution::Wait);
        assert_eq!(in_doubt(120, 0).unlisted(Duration::from_secs(120)), Resolution::Resend);
        assert_eq!(in_doubt(119, 1).unlisted(Duration::from_secs(120)), Resolution::Wait);
        assert_eq!(in_doubt(120, 1).unlisted(Duration::from_secs(120)), Resolution::GiveUp);
    }

    #[test]
    fn pauses_grow_and_stay_short_enough_to_notice_a_return() {
        let pauses: Vec<u128> = (1..8).map(|failures| pause_after(failures).as_millis()).collect();
        assert_eq!(pauses, [500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
    }
}
