//! Resilient client of one model: each call has a time-out, is retried as the failure allows, and passes one breaker.

use std::future::Future;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::backoff::{RetryStep, step};
use super::breaker::{Breaker, Caller};
use super::failure::CallFailure;
use crate::clock;
use crate::domain::conversations::provider_trouble::FailedAttempt;

/// Time-outs of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// One attempt, from the request to the end of the answer; so it also limits the wait for the first token.
    pub call: Duration,
}

/// A call that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailedCall {
    pub failure: CallFailure,
    /// Its requests, without what is known of others' answers; `None` if the breaker let none through.
    pub attempt: Option<FailedAttempt>,
}

/// Calls of one model; shared by all turns of the process.
pub struct ResilientClient {
    model: String,
    timeout: Timeouts,
    breaker: Mutex<Breaker>,
    /// The failure that the breaker counted last.
    cause: Mutex<Option<String>>,
}

impl ResilientClient {
    pub fn new(model: String, timeout: Timeouts) -> Self {
        Self { model, timeout, breaker: Mutex::new(Breaker::new(timeout.call)), cause: Mutex::new(None) }
    }

    pub fn model(&self) -> &str {
        &self.model
    }

    /// Whether the breaker is open.
    pub fn is_resting(&self) -> bool {
        self.breaker().is_open()
    }

    /// Retries until there is an answer or retrying is pointless for now. `attempt` makes one attempt.
    pub async fn call<T, F>(&self, caller: Caller, attempt: impl Fn() -> F) -> Result<T, FailedCall>
    where
        F: Future<Output = Result<T, CallFailure>>,
    {
        let began = clock::monotonic();
        let mut tries = 0;
        let mut last: Option<(CallFailure, FailedAttempt)> = None;
        let mut failed_before = None;
        loop {
            if let Err(left) = self.breaker().admit(clock::monotonic(), caller) {
                return Err(self.resting(left, last));
            }
            let outcome = tokio::time::timeout(self.timeout.call, attempt()).await;
            let failure = match outcome.unwrap_or(Err(CallFailure::TimedOut)) {
                Ok(answer) => return Ok(self.answered(answer)),
                Err(failure) => failure,
            };
            tries += 1;
            tracing::debug!(model = self.model, %failure, tries, "a call of the provider failed");
            let made = FailedAttempt { began, failed_before, answered: None };
            let now = clock::monotonic();
            failed_before = Some(now);
            match step(&failure, tries, clock::chance()) {
                RetryStep::Again(pause) => {
                    self.count(&failure, now, caller);
                    last = Some((failure, made));
                    tokio::time::sleep(pause).await;
                }
                RetryStep::Later(Some(wish)) => {
                    self.breaker().rest(now, wish);
                    self.note(&failure);
                    return Err(FailedCall { failure, attempt: Some(made) });
                }
                RetryStep::Later(None) | RetryStep::Never => {
                    self.count(&failure, now, caller);
                    return Err(FailedCall { failure, attempt: Some(made) });
                }
            }
        }
    }

    fn answered<T>(&self, answer: T) -> T {
        self.breaker().succeeded();
        answer
    }

    /// The failure of a call that may not go on: what its own requests met, if it made any.
    fn resting(&self, left: Duration, last: Option<(CallFailure, FailedAttempt)>) -> FailedCall {
        match last {
            Some((failure, attempt)) => FailedCall { failure, attempt: Some(attempt) },
            None => {
                let cause = self.cause().clone().unwrap_or_else(|| "the provider fails".to_owned());
                FailedCall { failure: CallFailure::Resting { left, cause }, attempt: None }
            }
        }
    }

    /// Tells the breaker. A provider that answers, in whatever way, is neither down nor overloaded.
    fn count(&self, failure: &CallFailure, now: Instant, caller: Caller) {
        if failure.is_outage() {
            self.breaker().failed(now, caller);
            self.note(failure);
        } else {
            self.breaker().succeeded();
        }
    }

    fn note(&self, failure: &CallFailure) {
        *self.cause() = Some(failure.to_string());
    }

    fn breaker(&self) -> MutexGuard<'_, Breaker> {
        self.breaker.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn cause(&self) -> MutexGuard<'_, Option<String>> {
        self.cause.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
