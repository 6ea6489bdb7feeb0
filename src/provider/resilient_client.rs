//! Resilient client of one model: each call has a time-out, is retried as the failure allows, and passes one breaker.

use std::future::Future;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::backoff::{CallFailure, RetryStep};
use super::breaker::Breaker;
use crate::clock;

/// Time-outs of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// One attempt, from the request to the end of the answer.
    pub call: Duration,
}

/// Calls of one model; shared by all turns of the process.
pub struct ResilientClient {
    model: String,
    timeout: Timeouts,
    breaker: Mutex<Breaker>,
}

impl ResilientClient {
    pub fn new(model: String, timeout: Timeouts) -> Self {
        Self { model, timeout, breaker: Mutex::new(Breaker::new(timeout.call)) }
    }

    pub fn model(&self) -> &str {
        &self.model
    }

    /// Whether the breaker is open.
    pub fn is_resting(&self) -> bool {
        self.breaker().is_open()
    }

    /// Retries until there is an answer or retrying is pointless for now. `attempt` makes one attempt.
    pub async fn call<T, F>(&self, attempt: impl Fn() -> F) -> Result<T, CallFailure>
    where
        F: Future<Output = Result<T, CallFailure>>,
    {
        let mut tries = 0;
        loop {
            self.breaker().admit(clock::monotonic()).map_err(CallFailure::Resting)?;
            let outcome = tokio::time::timeout(self.timeout.call, attempt()).await;
            let failure = match outcome.unwrap_or(Err(CallFailure::TimedOut)) {
                Ok(answer) => {
                    self.breaker().succeeded();
                    return Ok(answer);
                }
                Err(failure) => failure,
            };
            tries += 1;
            tracing::debug!(model = self.model, %failure, tries, "a call of the provider failed");
            match failure.step(tries, clock::chance()) {
                RetryStep::Again(pause) => {
                    self.breaker().failed(clock::monotonic());
                    tokio::time::sleep(pause).await;
                }
                RetryStep::Later(wish) => {
                    let now = clock::monotonic();
                    match wish {
                        Some(wish) => self.breaker().rest(now, wish),
                        None => self.breaker().failed(now),
                    }
                    return Err(failure);
                }
                // The provider answers, and that is all the breaker is about.
                RetryStep::Never => {
                    self.breaker().succeeded();
                    return Err(failure);
                }
            }
        }
    }

    fn breaker(&self) -> MutexGuard<'_, Breaker> {
        self.breaker.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
