//! Concurrency limit of event streams: at most so many at once for each client address.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use super::rate_limit::owner;

/// Streams of one address at once (API-STAFF.md, section 1).
pub const MAX_STREAMS: u32 = 20;

/// The open streams by address; clones share them.
#[derive(Clone, Default)]
pub struct StreamLimiter(Arc<Mutex<HashMap<IpAddr, u32>>>);

/// A place for one stream, given back when it is dropped.
pub struct StreamPermit {
    limiter: StreamLimiter,
    address: IpAddr,
}

impl StreamLimiter {
    /// A place for one more stream of `address`, unless it has all of its places in use.
    pub fn admit(&self, address: IpAddr) -> Option<StreamPermit> {
        let address = owner(address);
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(address).or_default();
        if *count >= MAX_STREAMS {
            return None;
        }
        *count += 1;
        Some(StreamPermit { limiter: self.clone(), address })
    }
}

impl Drop for StreamPermit {
    fn drop(&mut self) {
        let mut open = self.limiter.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.address) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                open.remove(&self.address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_address_has_its_places_and_gets_them_back() {
        let (limiter, one, other) =
            (StreamLimiter::default(), IpAddr::from([1, 1, 1, 1]), IpAddr::from([2, 2, 2, 2]));
        let mut permits: Vec<_> = (0..MAX_STREAMS).map(|_| limiter.admit(one).unwrap()).collect();
        assert!(limiter.admit(one).is_none() && limiter.admit(other).is_some());
        permits.pop();
        assert!(limiter.admit(one).is_some());
        drop(permits);
        assert!(limiter.0.lock().unwrap().is_empty(), "addresses without a stream cost no memory");
    }
}
