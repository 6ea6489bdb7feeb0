//! Outgoing webhooks: the endpoints of other systems, the events that they get, and when a failed one is sent again. Pure.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use time::OffsetDateTime;
use uuid::Uuid;

use super::console::detail::PersonRef;
use super::enums::{WebhookEvent, WebhookState};
use super::ids::{WebhookDeliveryId, WebhookId};

/// Endpoints of one installation; each costs a row for each of its events.
pub const MAX_WEBHOOKS: i64 = 20;
/// How long the secret before a rotation signs too (API-STAFF.md, section 6).
pub const SECRET_OVERLAP: Duration = Duration::from_secs(24 * 60 * 60);
/// The pauses before an event is sent again (API-STAFF.md, section 6); after the last try it is given up.
pub const RETRY_PAUSES: [Duration; 6] = [
    Duration::from_secs(5),
    Duration::from_secs(5 * 60),
    Duration::from_secs(30 * 60),
    Duration::from_secs(2 * 60 * 60),
    Duration::from_secs(5 * 60 * 60),
    Duration::from_secs(10 * 60 * 60),
];
/// How long events are kept, so that they can be looked at and sent again.
pub const EVENTS_KEPT: Duration = Duration::from_secs(7 * 24 * 60 * 60);
/// An endpoint counts as failing after so long without a success.
pub const FAILURE_PATIENCE: Duration = Duration::from_secs(10 * 60);
/// The status by which a receiver says that it wants no more (RFC 9110, 15.5.11).
const GONE: u16 = 410;
/// Characters of an error that are kept.
const ERROR_CHARS: usize = 300;

/// The secret that signs the events of an endpoint.
#[derive(Clone, PartialEq, Eq)]
pub struct WebhookKey(pub Vec<u8>);

impl fmt::Debug for WebhookKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WebhookKey(..)")
    }
}

/// An endpoint as lists show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookView {
    pub id: WebhookId,
    pub url: String,
    pub types: Vec<WebhookEvent>,
    pub created_by: PersonRef,
    pub created_at: OffsetDateTime,
    /// Since when every try has failed; `None` after a success.
    pub failing_since: Option<OffsetDateTime>,
    /// Its receiver has answered that it wants no more.
    pub disabled_at: Option<OffsetDateTime>,
}

/// The ids of what an event is about, by their names.
pub type EventIds = BTreeMap<String, Uuid>;

/// An event for one endpoint, and how far it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookDeliveryView {
    pub id: WebhookDeliveryId,
    pub webhook: WebhookId,
    pub event: WebhookEvent,
    pub ids: EventIds,
    pub happened_at: OffsetDateTime,
    pub state: WebhookState,
    /// Tries since the event happened, or since it was sent again by hand.
    pub attempts: i16,
    /// The status of the newest answer.
    pub status: Option<u16>,
    pub error: Option<String>,
    /// When the next try is due.
    pub next_attempt_at: Option<OffsetDateTime>,
    pub ended_at: Option<OffsetDateTime>,
}

/// One try to send an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookTry {
    pub delivery: WebhookDeliveryId,
    pub webhook: WebhookId,
    pub event: WebhookEvent,
    pub ids: EventIds,
    pub happened_at: OffsetDateTime,
    /// Counted from 1.
    pub attempt: i16,
    pub url: String,
    /// Each signs it: the present secret first, then the one before while it is still valid.
    pub keys: Vec<WebhookKey>,
}

/// How a try ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookEnd {
    /// Of the answer, if there was one.
    pub status: Option<u16>,
    pub error: Option<String>,
    pub next: AfterTry,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AfterTry {
    Delivered,
    Again(Duration),
    GivenUp,
    /// The endpoint is disabled.
    Gone,
}

impl AfterTry {
    pub const ALL: [&str; 4] = ["delivered", "again", "given_up", "gone"];

    /// Its name in the metrics.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::Again(_) => "again",
            Self::GivenUp => "given_up",
            Self::Gone => "gone",
        }
    }
}

impl WebhookEnd {
    /// What an answer's status, or the lack of an answer, means for a try.
    pub fn of(attempt: i16, answer: Result<u16, String>) -> Self {
        match answer {
            Ok(status @ 200..=299) => Self { status: Some(status), error: None, next: AfterTry::Delivered },
            Ok(GONE) => {
                let error = Some("the receiver wants no more events".to_owned());
                Self { status: Some(GONE), error, next: AfterTry::Gone }
            }
            Ok(status) => {
                let error = Some(format!("the receiver answered with status {status}"));
                Self { status: Some(status), error, next: after_failure(attempt) }
            }
            Err(error) => {
                let error = error.chars().take(ERROR_CHARS).collect();
                Self { status: None, error: Some(error), next: after_failure(attempt) }
            }
        }
    }
}

fn after_failure(attempt: i16) -> AfterTry {
    let failures = usize::try_from(attempt).unwrap_or_default().max(1);
    RETRY_PAUSES.get(failures - 1).map_or(AfterTry::GivenUp, |pause| AfterTry::Again(*pause))
}

/// A change of the endpoints, or of what is sent to them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WebhookCommand {
    Add { webhook: WebhookId, url: String, types: Vec<WebhookEvent>, key: WebhookKey },
    Remove { webhook: WebhookId },
    Rotate { webhook: WebhookId, key: WebhookKey },
    Test { webhook: WebhookId },
    Redeliver { delivery: WebhookDeliveryId },
}

/// What was removed, and how many endpoints fail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WebhookUpkeep {
    pub removed: i64,
    pub failing: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(attempt: i16, answer: Result<u16, String>) -> AfterTry {
        WebhookEnd::of(attempt, answer).next
    }

    #[test]
    fn a_failed_event_is_sent_again_six_times_and_then_given_up() {
        let seconds: Vec<u64> = (1..=7)
            .map_while(|attempt| match next(attempt, Err("refused".to_owned())) {
                AfterTry::Again(pause) => Some(pause.as_secs()),
                AfterTry::Delivered | AfterTry::GivenUp | AfterTry::Gone => None,
            })
            .collect();
        assert_eq!(seconds, [5, 300, 1_800, 7_200, 18_000, 36_000]);
        assert_eq!(next(7, Ok(500)), AfterTry::GivenUp);
        assert_eq!(next(i16::MAX, Ok(500)), AfterTry::GivenUp);
        assert_eq!(next(0, Ok(500)), AfterTry::Again(Duration::from_secs(5)));
    }

    #[test]
    fn only_a_2xx_is_a_success_and_410_disables() {
        for status in [200, 201, 204, 299] {
            assert_eq!(next(1, Ok(status)), AfterTry::Delivered, "{status}");
        }
        for status in [100, 199, 300, 302, 308, 400, 404, 429, 500, 503] {
            assert!(matches!(next(1, Ok(status)), AfterTry::Again(_)), "{status}");
        }
        assert_eq!(next(1, Ok(410)), AfterTry::Gone);
    }

    #[test]
    fn an_error_is_shortened_and_a_key_is_never_shown() {
        let end = WebhookEnd::of(1, Err("x".repeat(5_000)));
        assert_eq!(end.error.map(|error| error.len()), Some(ERROR_CHARS));
        assert_eq!(format!("{:?}", WebhookKey(vec![7; 32])), "WebhookKey(..)");
    }
}
