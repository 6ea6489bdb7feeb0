//! Rate limiting: a token bucket for each client address or ticket, in bounded memory. Time is an argument.

use std::collections::HashMap;
use std::hash::Hash;
use std::mem;
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Maximum keys of one generation; with two generations this takes some megabytes.
const MAX_KEYS: usize = 50_000;
/// Time to refill an empty bucket.
const WINDOW: Duration = Duration::from_secs(60);

/// Token buckets shared by several threads, one for each key.
pub struct Limiter<K>(Mutex<Buckets<K>>);

impl<K: Copy + Eq + Hash> Limiter<K> {
    pub fn new(per_minute: NonZeroU32) -> Self {
        Self(Mutex::new(Buckets::new(per_minute, MAX_KEYS)))
    }

    /// Takes a token of `key`, or returns the time until the next one. For addresses, the key is their [`owner`].
    pub fn admit(&self, key: K, now: Instant) -> Result<(), Duration> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take(key, now)
    }
}

/// Each bucket is stored as the time when it is full again; a full bucket needs no entry. Entries live in two
/// generations: when the newer one is full, the older one is dropped, so that a flood of keys costs neither memory
/// nor a scan.
#[derive(Debug)]
struct Buckets<K> {
    /// Time to refill one token.
    refill: Duration,
    limit: usize,
    newer: HashMap<K, Instant>,
    older: HashMap<K, Instant>,
}

impl<K: Copy + Eq + Hash> Buckets<K> {
    fn new(per_minute: NonZeroU32, limit: usize) -> Self {
        Self { refill: WINDOW / per_minute.get(), limit, newer: HashMap::new(), older: HashMap::new() }
    }

    fn take(&mut self, key: K, now: Instant) -> Result<(), Duration> {
        let full_at = self.newer.get(&key).or_else(|| self.older.get(&key));
        let taken = full_at.map_or(now, |full_at| now.max(*full_at)) + self.refill;
        let wait = taken.duration_since(now).saturating_sub(WINDOW);
        if !wait.is_zero() {
            return Err(wait);
        }
        if self.newer.len() >= self.limit && !self.newer.contains_key(&key) {
            self.older = mem::take(&mut self.newer);
        }
        self.newer.insert(key, taken);
        Ok(())
    }
}

/// The unit that is limited: for IPv6 the /64 prefix, because every client has one to choose addresses from (RFC 6177).
pub fn owner(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::clock;

    fn buckets(per_minute: u32) -> Buckets<IpAddr> {
        Buckets::new(NonZeroU32::new(per_minute).unwrap(), 4)
    }

    fn ip(last: u32) -> IpAddr {
        IpAddr::V4(last.into())
    }

    #[test]
    fn a_minutes_worth_may_come_at_once_and_then_one_by_one() {
        let (mut buckets, start) = (buckets(3), clock::monotonic());
        for _ in 0..3 {
            assert_eq!(buckets.take(ip(1), start), Ok(()));
        }
        assert_eq!(buckets.take(ip(1), start), Err(Duration::from_secs(20)));
        assert_eq!(buckets.take(ip(2), start), Ok(()));
        let later = start + Duration::from_secs(20);
        assert_eq!(buckets.take(ip(1), later), Ok(()));
        assert_eq!(buckets.take(ip(1), later), Err(Duration::from_secs(20)));
    }

    #[test]
    fn neighbours_in_one_ipv6_network_share_a_bucket() {
        let (mut buckets, now) = (buckets(1), clock::monotonic());
        let ip = |text: &str| owner(text.parse().unwrap());
        assert_eq!(buckets.take(ip("2001:db8::1"), now), Ok(()));
        assert!(buckets.take(ip("2001:db8::ffff:2"), now).is_err());
        assert_eq!(buckets.take(ip("2001:db8:0:1::1"), now), Ok(()));
    }

    proptest! {
        #[test]
        fn nobody_gets_more_than_the_burst_and_the_refill(
            per_minute in 1u32..100,
            pauses_ms in proptest::collection::vec(0u64..3_000, 1..200),
        ) {
            let (mut buckets, start) = (buckets(per_minute), clock::monotonic());
            let mut passed = Duration::ZERO;
            let mut admitted = 0;
            for pause in pauses_ms {
                passed += Duration::from_millis(pause);
                admitted += u32::from(buckets.take(ip(1), start + passed).is_ok());
            }
            let refilled = f64::from(per_minute) * passed.as_secs_f64() / 60.0;
            prop_assert!(f64::from(admitted) <= f64::from(per_minute) + refilled + 1.0);
        }

        #[test]
        fn memory_is_bounded_however_many_addresses_come(
            addresses in proptest::collection::vec(any::<u32>(), 1..200),
        ) {
            let (mut buckets, now) = (buckets(5), clock::monotonic());
            for address in addresses {
                let _taken = buckets.take(ip(address), now);
                prop_assert!(buckets.newer.len() <= 4 && buckets.older.len() <= 4);
            }
        }
    }
}
