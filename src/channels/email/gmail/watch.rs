//! The subscription to pushes (`users.watch`): renewed on start and daily, and sooner if it ends sooner. Gmail grants 7
//! days; a warning is given 48 hours before it ends.

use std::sync::PoisonError;
use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::json;
use time::OffsetDateTime;

use super::Gmail;
use super::answers::Int64;
use crate::channels::port::SendError;
use crate::clock;

const RENEW_AFTER: Duration = Duration::from_secs(24 * 3_600);
/// It is renewed no more often.
const SOONEST: Duration = Duration::from_secs(10);
/// Between two tries while it can't be renewed.
const RETRY_AFTER: Duration = Duration::from_secs(60);
const WARN_BEFORE: Duration = Duration::from_secs(48 * 3_600);

/// What is known of the subscription.
#[derive(Clone, Debug, Default)]
pub struct WatchState {
    next: Option<Instant>,
    expires_at: Option<OffsetDateTime>,
    problem: Option<String>,
}

#[derive(Deserialize)]
struct Watching {
    /// Milliseconds since 1970.
    expiration: Option<Int64>,
}

impl Gmail {
    /// Renews the subscription if it is time. Without it the mailbox is still polled.
    pub(super) async fn keep_watching(&self) {
        let Some(topic) = &self.settings().topic else {
            return;
        };
        let now = clock::monotonic();
        if self.state(|state| state.next.is_some_and(|next| now < next)) {
            return;
        }
        // The default is every label: what is taken out of the spam folder is announced as well.
        let renewed = self.api.post::<Watching>("watch", &json!({ "topicName": topic })).await;
        match renewed {
            Ok(watching) => self.state(|state| {
                let expires_at = watching.expiration.and_then(|at| expiration(&at));
                let next = Some(now + renew_after(expires_at, clock::now()));
                *state = WatchState { next, expires_at, problem: None };
            }),
            Err(error) => {
                let why = SendError::from(error).to_string();
                tracing::warn!(why, "could not renew the subscription to Gmail's pushes");
                self.state(|state| {
                    state.next = Some(now + RETRY_AFTER);
                    state.problem = Some(why);
                });
            }
        }
    }

    /// For the health report.
    pub(super) fn watch_warning(&self) -> Option<String> {
        let state = self.state(|state| state.clone());
        warning(&state, clock::now())
    }

    fn state<T>(&self, look: impl FnOnce(&mut WatchState) -> T) -> T {
        look(&mut self.shared.watch.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn expiration(milliseconds: &Int64) -> Option<OffsetDateTime> {
    let seconds = i64::try_from(milliseconds.number()? / 1_000).ok()?;
    OffsetDateTime::from_unix_timestamp(seconds).ok()
}

/// Daily, or after half of the time for which the subscription was granted.
fn renew_after(expires_at: Option<OffsetDateTime>, now: OffsetDateTime) -> Duration {
    let granted = expires_at.and_then(|at| Duration::try_from(at - now).ok());
    granted.map_or(RENEW_AFTER, |granted| (granted / 2).clamp(SOONEST, RENEW_AFTER))
}

/// A subscription that is about to end is worth a warning, whether or not a renewal has failed. One that was granted
/// for a time that is over says nothing.
fn warning(state: &WatchState, now: OffsetDateTime) -> Option<String> {
    let left = state.expires_at.map(|at| at - now);
    match (left, &state.problem) {
        (Some(left), problem) if left <= WARN_BEFORE && (problem.is_some() || left.is_positive()) => {
            let hours = left.whole_hours().max(0);
            let why = problem.as_ref().map(|why| format!(" and can't be renewed: {why}")).unwrap_or_default();
            Some(format!("the subscription to pushes ends in {hours} hours{why}"))
        }
        (None, Some(why)) => Some(format!("there are no pushes, the mailbox is polled: {why}")),
        (Some(_) | None, _) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: OffsetDateTime = OffsetDateTime::UNIX_EPOCH;
    const HOUR: Duration = Duration::from_secs(3_600);

    fn warned(hours: i32, problem: Option<&str>) -> Option<String> {
        let expires_at = Some(NOW + HOUR * hours.unsigned_abs());
        let expires_at = if hours < 0 { Some(NOW - HOUR) } else { expires_at };
        warning(&WatchState { next: None, expires_at, problem: problem.map(str::to_owned) }, NOW)
    }

    #[test]
    fn the_end_of_the_subscription_is_announced_48_hours_before() {
        assert_eq!(warned(49, Some("403")), None);
        assert_eq!(
            warned(48, Some("403")).unwrap(),
            "the subscription to pushes ends in 48 hours and can't be renewed: 403"
        );
        assert_eq!(warned(47, None).unwrap(), "the subscription to pushes ends in 47 hours");
        assert!(warned(-1, Some("403")).unwrap().contains("ends in 0 hours"));
        assert_eq!(warned(-1, None), None);
        let never = WatchState { problem: Some("403".to_owned()), ..WatchState::default() };
        assert!(warning(&never, NOW).unwrap().contains("there are no pushes"));
    }

    #[test]
    fn it_is_renewed_daily_and_in_time() {
        assert_eq!(renew_after(Some(NOW + HOUR * 168), NOW), HOUR * 24);
        assert_eq!(renew_after(Some(NOW + HOUR * 10), NOW), HOUR * 5);
        assert_eq!(renew_after(Some(NOW + Duration::from_secs(4)), NOW), SOONEST);
        assert_eq!(renew_after(Some(NOW - HOUR), NOW), HOUR * 24);
        assert_eq!(renew_after(None, NOW), HOUR * 24);
    }
}
