//! Replies on their way to customers through a provider: what may be sent when, and what an attempt whose answer was
//! lost comes to (PROTOCOL.md 6). Pure; the `Delivery` actors act on it.

use std::time::Duration;

use super::backoff::Backoff;
use super::contact::Phone;
use super::enums::DeliveryState;
use super::ids::DeliveryId;
use super::inquiry::TicketNumber;
use super::turn::Consent;

/// WhatsApp takes free text for so long after the customer's last message (Twilio, error 63016).
const WINDOW: Duration = Duration::from_secs(24 * 60 * 60);
/// What is sent in the last moments may arrive too late.
const WINDOW_MARGIN: Duration = Duration::from_secs(60);
/// Quiet after an attempt whose answer was lost, before it is made once more: the request's time-out and the lag of
/// the provider's list, with room (PROTOCOL.md 6.3).
pub const QUIET: Duration = super::timing::DELIVERY_QUIET;
/// Of the first pause after a failure; it doubles.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// Between two tries while a provider is away: work is taken up soon after it is back.
const MAX_PAUSE: Duration = Duration::from_secs(10);

/// One part of a reply that this process has claimed and must send now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimedDelivery {
    pub delivery: DeliveryId,
    /// Counts the claims of this row: whoever holds an older number settles nothing.
    pub attempt: i16,
    pub text: String,
    /// It was not looked at yet whether it must be split.
    pub is_whole: bool,
    /// Where the customer wrote from last on this channel.
    pub to: Option<Phone>,
    pub consent: Consent,
    /// It confirms to a customer that messages stop.
    pub is_confirmation: bool,
    /// How long ago the customer last wrote on this channel.
    pub silent_for: Option<Duration>,
    pub customer_name: String,
    pub ticket: TicketNumber,
}

/// What to do with a parcel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    /// As free text.
    Text,
    /// The window has closed: only an approved template may be sent.
    Template,
    /// It must not be sent; why, for staff.
    Nowhere(&'static str),
}

impl ClaimedDelivery {
    pub fn route(&self) -> Route {
        if self.to.is_none() {
            return Route::Nowhere("the customer never wrote on this channel");
        }
        match self.consent {
            Consent::Withdrawn if !self.is_confirmation => {
                return Route::Nowhere("21610: the customer wants no messages from us");
            }
            Consent::Withdrawn | Consent::Given => {}
        }
        match self.silent_for {
            Some(silent) if silent + WINDOW_MARGIN < WINDOW => Route::Text,
            Some(_) | None => Route::Template,
        }
    }
}

/// An attempt of which nobody knows whether it reached the provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InDoubt {
    pub delivery: DeliveryId,
    pub attempt: i16,
    pub text: String,
    pub to: Option<Phone>,
    pub requested_at: time::OffsetDateTime,
    /// How long ago the request was made, measured before the provider is asked.
    pub quiet: Duration,
    /// How many earlier attempts remained doubtful for good.
    pub unresolved_attempts: i16,
}

/// What a doubtful attempt comes to that the provider does not list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// It may still appear: look again later.
    Wait,
    /// It is sent once more.
    Resend,
    /// It was doubtful twice: staff decide.
    GiveUp,
}

impl InDoubt {
    /// `quiet` is how long a provider's list is given, usually [`QUIET`].
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
    /// Where the provider was told of it.
    pub delivery: Option<DeliveryId>,
    pub provider_id: Option<String>,
    pub state: DeliveryState,
    /// Why it failed, for staff; begins with the provider's code where there is one.
    pub error: Option<String>,
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

#[cfg(test)]
mod tests {
    use super::*;

    fn claimed() -> ClaimedDelivery {
        ClaimedDelivery {
            delivery: DeliveryId(uuid::Uuid::nil()),
            attempt: 1,
            text: "Hello".to_owned(),
            is_whole: true,
            to: Phone::parse("+4915112345678").ok(),
            consent: Consent::Given,
            is_confirmation: false,
            silent_for: Some(Duration::from_secs(60)),
            customer_name: "Ann".to_owned(),
            ticket: TicketNumber(1001),
        }
    }

    #[test]
    fn free_text_goes_within_a_day_of_the_last_message_and_a_template_after_it() {
        let after = |minutes: u64| {
            ClaimedDelivery { silent_for: Some(Duration::from_secs(minutes * 60)), ..claimed() }.route()
        };
        assert_eq!(after(0), Route::Text);
        assert_eq!(after(24 * 60 - 2), Route::Text);
        assert_eq!(after(24 * 60 - 1), Route::Template);
        assert_eq!(after(3 * 24 * 60), Route::Template);
        assert_eq!(ClaimedDelivery { silent_for: None, ..claimed() }.route(), Route::Template);
    }

    #[test]
    fn who_wants_no_messages_gets_the_confirmation_alone() {
        let withdrawn = ClaimedDelivery { consent: Consent::Withdrawn, ..claimed() };
        assert!(matches!(withdrawn.route(), Route::Nowhere(_)));
        assert_eq!(ClaimedDelivery { is_confirmation: true, ..withdrawn }.route(), Route::Text);
        assert!(matches!(ClaimedDelivery { to: None, ..claimed() }.route(), Route::Nowhere(_)));
    }

    #[test]
    fn a_doubtful_attempt_is_made_once_more_and_then_left_to_staff() {
        let in_doubt = |quiet: u64, unresolved_attempts| InDoubt {
            delivery: DeliveryId(uuid::Uuid::nil()),
            attempt: 1,
            text: String::new(),
            to: None,
            requested_at: time::OffsetDateTime::UNIX_EPOCH,
            quiet: Duration::from_secs(quiet),
            unresolved_attempts,
        };
        assert_eq!(in_doubt(119, 0).unlisted(QUIET), Resolution::Wait);
        assert_eq!(in_doubt(120, 0).unlisted(QUIET), Resolution::Resend);
        assert_eq!(in_doubt(119, 1).unlisted(QUIET), Resolution::Wait);
        assert_eq!(in_doubt(120, 1).unlisted(QUIET), Resolution::GiveUp);
    }

    #[test]
    fn pauses_grow_and_stay_short_enough_to_notice_a_return() {
        let pauses: Vec<u128> = (1..8).map(|failures| pause_after(failures).as_millis()).collect();
        assert_eq!(pauses, [500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
    }
}
