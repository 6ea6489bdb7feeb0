//! Admission control of connections: a maximum of all, and of each client address. A peer that is a trusted proxy
//! speaks for many clients and has no maximum of its own.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::client_address::TrustedProxies;
use super::rate_limit::owner;
use crate::metrics::{METRICS, start_at_zero};

/// Maximum numbers of connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConnectionLimits {
    pub total: usize,
    /// Of one address, or of one IPv6 network of 64 bits; 0 for no limit.
    pub per_address: usize,
}

/// Why a connection is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConnectionRefusal {
    /// All connections are in use.
    Full,
    /// This address has its share.
    AddressFull,
}

impl ConnectionRefusal {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Full => "total",
            Self::AddressFull => "address",
        }
    }
}

/// The open connections of all workers.
#[derive(Clone, Debug)]
pub struct Connections {
    limits: ConnectionLimits,
    trusted: TrustedProxies,
    open: Arc<Mutex<Open>>,
}

#[derive(Debug, Default)]
struct Open {
    total: usize,
    by_address: HashMap<IpAddr, usize>,
}

impl Connections {
    pub fn new(limits: ConnectionLimits, trusted: TrustedProxies) -> Self {
        let refusals =
            [ConnectionRefusal::Full, ConnectionRefusal::AddressFull].map(ConnectionRefusal::as_str);
        start_at_zero(&METRICS.http_connections_refused, refusals);
        Self { limits, trusted, open: Arc::default() }
    }

    /// Counts a connection until its permit is dropped. A peer whose address is unknown counts for the total alone.
    pub fn admit(&self, peer: Option<SocketAddr>) -> Result<ConnectionPermit, ConnectionRefusal> {
        let address = peer.map(|peer| peer.ip().to_canonical()).filter(|_| self.limits.per_address > 0);
        let client = address.filter(|address| !self.trusted.contains(*address)).map(owner);
        let mut open = lock(&self.open);
        if open.total >= self.limits.total {
            return Err(ConnectionRefusal::Full);
        }
        if let Some(client) = client {
            let count = open.by_address.entry(client).or_default();
            if *count >= self.limits.per_address {
                return Err(ConnectionRefusal::AddressFull);
            }
            *count += 1;
        }
        open.total += 1;
        METRICS.http_connections.inc();
        Ok(ConnectionPermit { client, open: Arc::clone(&self.open) })
    }
}

/// A connection that counts; released by drop.
#[derive(Debug)]
pub struct ConnectionPermit {
    client: Option<IpAddr>,
    open: Arc<Mutex<Open>>,
}

impl Drop for ConnectionPermit {
    fn drop(&mut self) {
        let mut open = lock(&self.open);
        open.total = open.total.saturating_sub(1);
        METRICS.http_connections.dec();
        let Some(client) = self.client else {
            return;
        };
        if let Entry::Occupied(mut count) = open.by_address.entry(client) {
            *count.get_mut() -= 1;
            if *count.get() == 0 {
                count.remove();
            }
        }
    }
}

/// No code that may panic runs under the lock.
fn lock(open: &Mutex<Open>) -> MutexGuard<'_, Open> {
    open.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn connections(total: usize, per_address: usize) -> Connections {
        let trusted = TrustedProxies::new(|address| address.to_string().starts_with("10."));
        Connections::new(ConnectionLimits { total, per_address }, trusted)
    }

    fn peer(text: &str) -> Option<SocketAddr> {
        Some(SocketAddr::new(text.parse().unwrap(), 4711))
    }

    #[test]
    fn an_address_has_its_share_and_the_others_theirs() {
        let connections = connections(10, 2);
        let held: Vec<_> = (0..2).map(|_| connections.admit(peer("192.0.2.1")).unwrap()).collect();
        let refused = connections.admit(peer("::ffff:192.0.2.1"));
        assert_eq!(refused.map(|_| ()), Err(ConnectionRefusal::AddressFull));
        assert!(connections.admit(peer("192.0.2.2")).is_ok());
        drop(held);
        assert!(connections.admit(peer("192.0.2.1")).is_ok());
        assert_eq!(connections.open.lock().unwrap().by_address.len(), 0);
    }

    #[test]
    fn one_ipv6_network_is_one_client() {
        let connections = connections(10, 1);
        let _held = connections.admit(peer("2001:db8::1")).unwrap();
        assert!(connections.admit(peer("2001:db8::ffff:2")).is_err());
        assert!(connections.admit(peer("2001:db8:0:1::1")).is_ok());
    }

    #[test]
    fn a_trusted_proxy_and_an_unknown_peer_are_bound_by_the_total_alone() {
        let connections = connections(3, 1);
        let _proxied: Vec<_> = (0..2).map(|_| connections.admit(peer("10.0.0.1")).unwrap()).collect();
        let _unknown = connections.admit(None).unwrap();
        let refused = connections.admit(peer("10.0.0.1"));
        assert_eq!(refused.map(|_| ()), Err(ConnectionRefusal::Full));
    }
}
