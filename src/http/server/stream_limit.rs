//! Concurrency limit of event streams: at most so many at once for each client address, and for each account of staff.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

/// Streams of one address at once, and of one account (API-STAFF.md, section 1).
pub const MAX_STREAMS: u32 = 20;

/// The open streams by owner.
pub struct StreamLimiter<K>(Arc<Mutex<HashMap<K, u32>>>);

/// A place for one stream, given back when it is dropped.
pub struct StreamPermit<K: Eq + Hash> {
    limiter: StreamLimiter<K>,
    owner: K,
}

impl<K> Default for StreamLimiter<K> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<K: Copy + Eq + Hash> StreamLimiter<K> {
    /// A place for one more stream of `owner`, unless it has all of its places in use.
    pub fn admit(&self, owner: K) -> Option<StreamPermit<K>> {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(owner).or_default();
        if *count >= MAX_STREAMS {
            return None;
        }
        *count += 1;
        Some(StreamPermit { limiter: Self(Arc::clone(&self.0)), owner })
    }
}

impl<K: Eq + Hash> Drop for StreamPermit<K> {
    fn drop(&mut self) {
        let mut open = self.limiter.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.owner) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                open.remove(&self.owner);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_owner_has_its_places_and_gets_them_back() {
        let (limiter, one, other) = (StreamLimiter::default(), 1, 2);
        let mut permits: Vec<_> = (0..MAX_STREAMS).map(|_| limiter.admit(one).unwrap()).collect();
        assert!(limiter.admit(one).is_none() && limiter.admit(other).is_some());
        permits.pop();
        assert!(limiter.admit(one).is_some());
        drop(permits);
        assert!(limiter.0.lock().unwrap().is_empty(), "an owner without a stream costs no memory");
    }
}
