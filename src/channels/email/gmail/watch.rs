//! The subscription to pushes (`users.watch`): renewed on start and daily; it lasts 7 days, and a warning is given 48
//! hours before it ends.

use std::sync::PoisonError;
use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::json;
use time::OffsetDateTime;

use super::Gmail;
use crate::channels::port::SendError;
use crate::clock;

const RENEW_AFTER: Duration = Duration::from_secs(24 * 3_600);
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
    /// Milliseconds since 1970, as a text.
    expiration: serde_json::Value,
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
                let expires_at = expiration(&watching.expiration);
                *state = WatchState { next: Some(now + RENEW_AFTER), expires_at, problem: None };
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
        let problem = state.problem?;
        let now = clock::now();
        match state.expires_at {
            Some(at) if at - now > WARN_BEFORE => None,
            Some(at) => Some(format!(
                "the subscription to pushes ends in {} hours and can't be renewed: {problem}",
                (at - now).whole_hours().max(0)
            )),
            None => Some(format!("there are no pushes, the mailbox is polled: {problem}")),
        }
    }

    fn state<T>(&self, look: impl FnOnce(&mut WatchState) -> T) -> T {
        look(&mut self.shared.watch.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn expiration(value: &serde_json::Value) -> Option<OffsetDateTime> {
    let milliseconds: i64 = match value.as_str() {
        Some(text) => text.parse().ok()?,
        None => value.as_i64()?,
    };
    OffsetDateTime::from_unix_timestamp(milliseconds / 1_000).ok()
}
