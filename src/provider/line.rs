//! The line to one model: each call with its time-out, tried again as the failure allows, behind one breaker.

use std::future::Future;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::backoff::{Failure, Step};
use super::breaker::Breaker;
use crate::clock;

/// How long a call may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// One try, from the request to the end of the answer.
    pub call: Duration,
}

/// Calls of one model; shared by all turns of the process.
pub struct Line {
    model: String,
    patience: Patience,
    breaker: Mutex<Breaker>,
}

impl Line {
    pub fn new(model: String, patience: Patience) -> Self {
        Self { model, patience, breaker: Mutex::new(Breaker::new(patience.call)) }
    }

    pub fn model(&self) -> &str {
        &self.model
    }

    /// Whether calls are held back at the moment.
    pub fn is_resting(&self) -> bool {
        self.breaker().is_open()
    }

    /// Calls until there is an answer or no hope for now. `attempt` makes one try.
    pub async fn call<T, F>(&self, attempt: impl Fn() -> F) -> Result<T, Failure>
    where
        F: Future<Output = Result<T, Failure>>,
    {
        let mut tries = 0;
        loop {
            self.breaker().admit(clock::monotonic()).map_err(Failure::Resting)?;
            let outcome = tokio::time::timeout(self.patience.call, attempt()).await;
            let failure = match outcome.unwrap_or(Err(Failure::TimedOut)) {
                Ok(answer) => {
                    self.breaker().succeeded();
                    return Ok(answer);
                }
                Err(failure) => failure,
            };
            tries += 1;
            tracing::debug!(model = self.model, %failure, tries, "a call of the provider failed");
            match failure.step(tries, clock::chance()) {
                Step::Again(pause) => {
                    self.breaker().failed(clock::monotonic());
                    tokio::time::sleep(pause).await;
                }
                Step::Later(wish) => {
                    let now = clock::monotonic();
                    match wish {
                        Some(wish) => self.breaker().rest(now, wish),
                        None => self.breaker().failed(now),
                    }
                    return Err(failure);
                }
                // The provider answers, which is all that the breaker is about.
                Step::Never => {
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
