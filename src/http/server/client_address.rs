//! Client address resolution behind reverse proxies (`X-Forwarded-For`). Only entries from trusted proxies count.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::http::header::X_FORWARDED_FOR;

/// The trusted proxies.
#[derive(Clone)]
pub struct TrustedProxies(Arc<dyn Fn(IpAddr) -> bool + Send + Sync>);

impl TrustedProxies {
    pub fn new(is_trusted: impl Fn(IpAddr) -> bool + Send + Sync + 'static) -> Self {
        Self(Arc::new(is_trusted))
    }

    pub fn contains(&self, address: IpAddr) -> bool {
        (self.0)(address)
    }

    /// The client's address; `None` if the connection has none.
    pub fn client(&self, request: &HttpRequest) -> Option<IpAddr> {
        let peer = request.peer_addr()?.ip().to_canonical();
        if !(self.0)(peer) {
            return Some(peer);
        }
        let lines = request.headers().get_all(X_FORWARDED_FOR);
        let hops = lines.flat_map(|line| line.to_str().unwrap_or("").split(',')).collect::<Vec<_>>();
        Some(self.furthest(peer, &hops))
    }

    /// Each proxy appends the address of its caller, so the last entries are the nearest: walks backwards through them
    /// as long as they are trusted. Entries before the first untrusted address can be forged.
    fn furthest(&self, peer: IpAddr, hops: &[&str]) -> IpAddr {
        let mut client = peer;
        for hop in hops.iter().rev() {
            if !(self.0)(client) {
                break;
            }
            let Some(address) = address(hop) else {
                break;
            };
            client = address;
        }
        client
    }
}

impl fmt::Debug for TrustedProxies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TrustedProxies")
    }
}

/// An address in the formats that proxies write: bare, in brackets, or with a port.
fn address(hop: &str) -> Option<IpAddr> {
    let hop = hop.trim();
    let bare = hop.strip_prefix('[').and_then(|hop| hop.strip_suffix(']')).unwrap_or(hop);
    let address = bare.parse().or_else(|_| hop.parse().map(|socket: SocketAddr| socket.ip()));
    address.ok().map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn the_client_is_the_last_hop_that_is_not_trusted() {
        let proxies = TrustedProxies::new(|address| address.to_string().starts_with("10."));
        let cases: [(&str, &[&str], &str); 8] = [
            ("203.0.113.9", &["198.51.100.1"], "203.0.113.9"),
            ("10.0.0.1", &[], "10.0.0.1"),
            ("10.0.0.1", &["198.51.100.1"], "198.51.100.1"),
            ("10.0.0.1", &["1.1.1.1", " 198.51.100.1", "10.0.0.2"], "198.51.100.1"),
            ("10.0.0.1", &["10.0.0.3", "10.0.0.2"], "10.0.0.3"),
            ("10.0.0.1", &["1.1.1.1", "unknown", "10.0.0.2"], "10.0.0.2"),
            ("10.0.0.1", &["198.51.100.1:4711"], "198.51.100.1"),
            ("10.0.0.1", &["[2001:db8::1]:4711"], "2001:db8::1"),
        ];
        for (peer, hops, client) in cases {
            assert_eq!(proxies.furthest(ip(peer), hops), ip(client), "{peer} {hops:?}");
        }
    }

    #[test]
    fn an_address_is_read_in_every_form_that_proxies_write() {
        for (hop, expected) in [
            (" 192.0.2.1 ", Some("192.0.2.1")),
            ("192.0.2.1:80", Some("192.0.2.1")),
            ("2001:db8::1", Some("2001:db8::1")),
            ("[2001:db8::1]", Some("2001:db8::1")),
            ("::ffff:192.0.2.1", Some("192.0.2.1")),
            ("", None),
            ("unknown", None),
            ("_hidden", None),
        ] {
            assert_eq!(address(hop), expected.map(ip), "{hop}");
        }
    }
}
