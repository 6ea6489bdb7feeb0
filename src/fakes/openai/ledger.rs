//! Request ledger of the fake OpenAI service: every request, in order of arrival.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use serde_json::Value;

/// One recorded request.
#[derive(Clone, Debug)]
pub struct Seen {
    pub at: Instant,
    pub path: String,
    pub authorization: Option<String>,
    pub body: Value,
}

#[derive(Debug, Default)]
pub struct RequestLedger {
    seen: Mutex<Vec<Seen>>,
}

impl RequestLedger {
    pub fn all(&self) -> Vec<Seen> {
        self.lock().clone()
    }

    /// The chat completion requests.
    pub fn chats(&self) -> Vec<Seen> {
        self.of("/v1/chat/completions")
    }

    pub fn embeddings(&self) -> Vec<Seen> {
        self.of("/v1/embeddings")
    }

    /// Records a request; returns its index among those of the same path, from 0.
    pub(super) fn note(&self, seen: Seen) -> u64 {
        let mut all = self.lock();
        let nth = all.iter().filter(|earlier| earlier.path == seen.path).count();
        all.push(seen);
        u64::try_from(nth).unwrap_or(u64::MAX)
    }

    fn of(&self, path: &str) -> Vec<Seen> {
        self.lock().iter().filter(|seen| seen.path == path).cloned().collect()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Seen>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
