//! The state of the model's service, for operators: the last failure with what to do about it, and when it last
//! answered. Warns once a minute.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::clock;
use crate::provider::{CallFailure, FailureReason};

/// At most one warning in this time.
const WARN_EVERY: Duration = Duration::from_secs(60);

#[derive(Debug, Default)]
pub struct ServiceReport(Mutex<ReportState>);

#[derive(Debug, Default)]
struct ReportState {
    /// Why the last call failed; `None` after a success.
    problem: Option<String>,
    answered_at: Option<Instant>,
    warned_at: Option<Instant>,
}

impl ServiceReport {
    pub fn problem(&self) -> Option<String> {
        self.lock().problem.clone()
    }

    pub fn answered_at(&self) -> Option<Instant> {
        self.lock().answered_at
    }

    pub fn answered(&self) {
        let mut state = self.lock();
        state.problem = None;
        state.answered_at = Some(clock::monotonic());
    }

    /// Notes a failure. One that concerns a single conversation says nothing of the service's health.
    pub fn failed(&self, model: &str, failure: &CallFailure) {
        let problem = format!("{model} fails: {failure} → {}", failure.advice());
        let now = clock::monotonic();
        let mut state = self.lock();
        if !is_about_one_conversation(failure) {
            state.problem = Some(problem.clone());
        }
        let is_due = state.warned_at.is_none_or(|warned| now.duration_since(warned) >= WARN_EVERY);
        if !is_due {
            return;
        }
        state.warned_at = Some(now);
        drop(state);
        tracing::warn!(model, %failure, advice = failure.advice(), "the model did not answer");
    }

    fn lock(&self) -> MutexGuard<'_, ReportState> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_about_one_conversation(failure: &CallFailure) -> bool {
    matches!(failure.cause(), FailureReason::ContextTooLong | FailureReason::Filtered)
}
