//! Delivery policy of WhatsApp: free text within 24 hours of the customer's last message and a template after them,
//! and which of the messages that Twilio lists an attempt in doubt may be. Pure.

use std::time::Duration;

use time::OffsetDateTime;

use crate::channels::port::{DoubtFinding, NOT_LISTED, SentMessage};
use crate::domain::enums::{DeliveryState, FailureCause};
use crate::domain::messages::delivery::{
    ClaimedDelivery, FREE_TEXT_MARGIN, FREE_TEXT_WINDOW, Failure, InDoubt, Route,
};
use crate::domain::runtime::timing::DELIVERY_QUIET;

/// Quiet after an attempt whose answer was lost, before it is made once more: the request's time-out and the lag of
/// Twilio's list, with room (PROTOCOL.md 6.3).
pub const QUIET: Duration = DELIVERY_QUIET;
/// How soon an attempt that may still be listed is looked for again.
const LOOK_AGAIN: Duration = Duration::from_secs(5);
/// Characters by which a text is known again inside another, as inside a template.
const TELLING_CHARS: usize = 100;

/// A message of ours in Twilio's list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedMessage {
    pub provider_id: String,
    pub body: String,
    pub created_at: OffsetDateTime,
    pub state: DeliveryState,
}

/// How a reply may be sent now.
pub fn route(delivery: &ClaimedDelivery, has_template: bool) -> Route {
    if let Err(failure) = delivery.recipient() {
        return Route::Nowhere(failure);
    }
    match delivery.silent_for {
        Some(silent) if silent + FREE_TEXT_MARGIN < FREE_TEXT_WINDOW => Route::Text,
        Some(_) | None if has_template => Route::Template,
        Some(_) | None => Route::Nowhere(no_template()),
    }
}

/// The window has closed, and nothing else may be sent.
pub fn no_template() -> Failure {
    let detail = "63016: the customer has not written for 24 hours, and no template is configured";
    Failure::new(FailureCause::Policy, detail)
}

/// Which of the listed messages an attempt in doubt may be, and what it comes to if it is none of them.
pub fn resolve(in_doubt: &InDoubt, mut listed: Vec<ListedMessage>, quiet: Duration) -> DoubtFinding {
    listed.retain(|listed| is_like(listed, &in_doubt.text));
    listed.sort_by_key(|listed| listed.created_at);
    let sent = |listed: ListedMessage| SentMessage { provider_id: listed.provider_id, state: listed.state };
    DoubtFinding {
        candidates: listed.into_iter().map(sent).collect(),
        otherwise: in_doubt.unlisted(quiet),
        look_again: LOOK_AGAIN.min(quiet),
        given_up: NOT_LISTED,
    }
}

/// Whether a listed message may be that text: the same words, or, where a template holds them, its beginning.
fn is_like(listed: &ListedMessage, text: &str) -> bool {
    let (listed, text) = (squeezed(&listed.body), squeezed(text));
    let telling: String = text.chars().take(TELLING_CHARS).collect();
    listed == text || (telling.chars().count() == TELLING_CHARS && listed.contains(&telling))
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::conversations::turn::Consent;
    use crate::domain::customers::contact::{Address, Phone};
    use crate::domain::ids::DeliveryId;
    use crate::domain::messages::delivery::Resolution;

    fn leased() -> ClaimedDelivery {
        crate::domain::messages::delivery::leased(Phone::parse("+4915112345678").ok().map(Address::Phone))
    }

    #[test]
    fn free_text_goes_within_a_day_of_the_last_message_and_a_template_after_it() {
        let after = |minutes: u64| {
            let silent_for = Some(Duration::from_secs(minutes * 60));
            route(&ClaimedDelivery { silent_for, ..leased() }, true)
        };
        assert_eq!(after(0), Route::Text);
        assert_eq!(after(24 * 60 - 2), Route::Text);
        assert_eq!(after(24 * 60 - 1), Route::Template);
        assert_eq!(after(3 * 24 * 60), Route::Template);
        let never = ClaimedDelivery { silent_for: None, ..leased() };
        assert_eq!(route(&never, true), Route::Template);
        assert_eq!(route(&never, false), Route::Nowhere(no_template()));
    }

    #[test]
    fn who_wants_no_messages_gets_the_confirmation_alone() {
        let withdrawn = ClaimedDelivery { consent: Consent::Withdrawn, ..leased() };
        let Route::Nowhere(failure) = route(&withdrawn, true) else {
            panic!("it is sent");
        };
        assert_eq!(failure.cause, FailureCause::OptedOut);
        assert_eq!(route(&ClaimedDelivery { is_confirmation: true, ..withdrawn }, true), Route::Text);
        assert!(matches!(route(&ClaimedDelivery { to: None, ..leased() }, true), Route::Nowhere(_)));
    }

    fn listed(id: &str, body: &str, second: i64) -> ListedMessage {
        ListedMessage {
            provider_id: id.to_owned(),
            body: body.to_owned(),
            created_at: OffsetDateTime::UNIX_EPOCH + time::Duration::seconds(second),
            state: DeliveryState::Sent,
        }
    }

    #[test]
    fn a_text_is_known_again_with_other_spaces_or_inside_a_template() {
        let listed = |body: &str| listed("SM1", body, 0);
        assert!(is_like(&listed("Open the page.\nThen sign in."), "Open the page. Then sign in. "));
        assert!(!is_like(&listed("Open the page."), "Open the other page."));
        assert!(!is_like(&listed("Yes, open the page."), "Yes"));
        let long = "Open the sign-in page and choose the link below the form. ".repeat(4);
        assert!(is_like(&listed(&format!("About your ticket: {long}")), &long));
    }

    #[test]
    fn an_attempt_in_doubt_is_the_oldest_like_it_else_it_waits() {
        let in_doubt = InDoubt {
            delivery: DeliveryId(uuid::Uuid::nil()),
            attempt: 1,
            text: "Hello".to_owned(),
            to: leased().to,
            requested_at: OffsetDateTime::UNIX_EPOCH,
            quiet: Duration::from_secs(1),
            unresolved_attempts: 0,
            draft: None,
            mailbox: None,
        };
        let found = vec![listed("SM3", "Hello", 3), listed("SM2", "Bye", 2), listed("SM1", "Hello", 1)];
        let finding = resolve(&in_doubt, found, QUIET);
        let ids: Vec<&str> = finding.candidates.iter().map(|sent| sent.provider_id.as_str()).collect();
        assert_eq!(ids, ["SM1", "SM3"]);
        assert_eq!((finding.otherwise, finding.look_again), (Resolution::Wait, LOOK_AGAIN));
    }
}
