//! An IP network in CIDR notation (RFC 4632); a bare address is a network of one.

use std::net::IpAddr;
use std::str::FromStr;

use thiserror::Error;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IpNetwork {
    address: IpAddr,
    /// Leading bits that count: at most 32 for IPv4, 128 for IPv6.
    prefix: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("not an address or network")]
pub struct InvalidNetwork;

impl IpNetwork {
    /// Its width in bits, its first and its last address. An IPv4 address in IPv6 form counts as IPv4.
    fn range(&self) -> (u8, u128, u128) {
        let (given, _) = bits(self.address);
        let (width, network) = bits(self.address.to_canonical());
        let ignored = (given - self.prefix.min(given)).min(width);
        let hosts = if ignored == 0 { 0 } else { u128::MAX >> (128 - ignored) };
        (width, network & !hosts, network | hosts)
    }

    pub fn contains(&self, address: IpAddr) -> bool {
        let (width, network) = bits(self.address.to_canonical());
        let (other_width, other) = bits(address.to_canonical());
        let ignored = u32::from(width - self.prefix.min(width));
        width == other_width && network.checked_shr(ignored) == other.checked_shr(ignored)
    }
}

impl FromStr for IpNetwork {
    type Err = InvalidNetwork;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (address, prefix) = text.split_once('/').map_or((text, None), |(a, p)| (a, Some(p)));
        let address: IpAddr = address.parse().map_err(|_| InvalidNetwork)?;
        let (width, _) = bits(address);
        let prefix = prefix.map_or(Ok(width), str::parse).map_err(|_| InvalidNetwork)?;
        if prefix > width {
            return Err(InvalidNetwork);
        }
        Ok(Self { address, prefix })
    }
}

/// Whether the networks together contain every IPv4 or every IPv6 address.
pub(super) fn cover_everything(networks: &[IpNetwork]) -> bool {
    [32, 128].into_iter().any(|width| covers(networks, width))
}

fn covers(networks: &[IpNetwork], width: u8) -> bool {
    let last = u128::MAX >> (128 - width);
    let ranges = networks.iter().map(IpNetwork::range).filter(|(of, _, _)| *of == width);
    let mut ranges: Vec<(u128, u128)> = ranges.map(|(_, first, last)| (first, last)).collect();
    ranges.sort_unstable();
    let mut next = 0;
    for (first, end) in ranges {
        if first > next {
            return false;
        }
        if end >= last {
            return true;
        }
        next = next.max(end + 1);
    }
    false
}

fn bits(address: IpAddr) -> (u8, u128) {
    match address {
        IpAddr::V4(v4) => (32, u128::from(v4.to_bits())),
        IpAddr::V6(v6) => (128, v6.to_bits()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_contains_its_addresses_and_no_others() {
        for (network, address, expected) in [
            ("10.0.0.0/8", "10.200.3.4", true),
            ("10.0.0.0/8", "11.0.0.1", false),
            ("192.168.1.7", "192.168.1.7", true),
            ("192.168.1.7", "192.168.1.8", false),
            ("0.0.0.0/0", "203.0.113.9", true),
            ("0.0.0.0/0", "2001:db8::1", false),
            ("::/0", "2001:db8::1", true),
            ("2001:db8::/32", "2001:db8:ffff::1", true),
            ("2001:db8::/32", "2001:db9::1", false),
            ("10.0.0.0/8", "::ffff:10.1.2.3", true),
        ] {
            let parsed: IpNetwork = network.parse().unwrap();
            assert_eq!(parsed.contains(address.parse().unwrap()), expected, "{address} in {network}");
        }
    }

    #[test]
    fn networks_that_contain_everything_are_known_however_they_are_written() {
        let parse =
            |list: &str| -> Vec<IpNetwork> { list.split(' ').map(|text| text.parse().unwrap()).collect() };
        for list in ["0.0.0.0/0", "::/0", "10.0.0.1/0", "128.0.0.0/1 0.0.0.0/1", "::/1 8000::/1 10.0.0.0/8"] {
            assert!(cover_everything(&parse(list)), "{list}");
        }
        for list in ["10.0.0.0/8", "0.0.0.0/1", "0.0.0.0/1 128.0.0.0/2", "::1", "0.0.0.0/32 ::/2"] {
            assert!(!cover_everything(&parse(list)), "{list}");
        }
        assert!(!cover_everything(&[]));
    }

    #[test]
    fn what_is_no_network_is_refused() {
        for text in ["", "proxy", "10.0.0.0/33", "10.0.0/8", "10.0.0.0/", "::/129", "10.0.0.0/-1"] {
            assert_eq!(text.parse::<IpNetwork>(), Err(InvalidNetwork), "{text}");
        }
    }
}
