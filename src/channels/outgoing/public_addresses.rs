//! DNS resolver with protection against server-side request forgery: a connection goes to exactly the addresses that were
//! checked, because this is where the HTTP client gets them from.

use std::net::{IpAddr, SocketAddr};

use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::domain::messages::fetch::is_public;

/// The refusal of an address that others must not be reached by.
pub const NOT_PUBLIC: &str = "its address is not on the public internet";

/// Resolves names to addresses of the public internet. A name with any other address among its own is refused.
#[derive(Debug)]
pub struct PublicAddresses;

impl Resolve for PublicAddresses {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = look_up(name.as_str()).await?;
            let checked = all_public(found)?;
            Ok(Box::new(checked.into_iter()) as Addrs)
        })
    }
}

/// Whom a URL names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    Address(SocketAddr),
    Name(String),
}

impl Target {
    /// A URL's parser has brought every notation of an address, such as `0x7f000001`, into the usual one.
    pub fn of(url: &Url) -> Option<Self> {
        let host = url.host_str()?;
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        let address = bare.parse::<IpAddr>().map(|address| Self::Address(SocketAddr::new(address, 0)));
        Some(address.unwrap_or_else(|_| Self::Name(host.to_owned())))
    }
}

/// All addresses of a name; the port is 0.
pub async fn look_up(host: &str) -> std::io::Result<Vec<SocketAddr>> {
    Ok(tokio::net::lookup_host((host, 0)).await?.collect())
}

pub fn all_public(found: Vec<SocketAddr>) -> Result<Vec<SocketAddr>, &'static str> {
    let addresses = || found.iter().map(SocketAddr::ip);
    if found.is_empty() || !addresses().all(|address: IpAddr| is_public(address)) {
        return Err(NOT_PUBLIC);
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(addresses: &[&str]) -> Vec<SocketAddr> {
        addresses.iter().map(|address| SocketAddr::new(address.parse().unwrap(), 0)).collect()
    }

    /// A name of the attacker's that leads to a public address and to a private one may be connected to by either.
    #[test]
    fn one_private_address_spoils_a_name() {
        for refused in
            [&["8.8.8.8", "127.0.0.1"][..], &["2606:4700::1111", "fd00::1"], &["169.254.169.254"], &[]]
        {
            assert_eq!(all_public(found(refused)), Err(NOT_PUBLIC), "{refused:?}");
        }
        let public = found(&["8.8.8.8", "2606:4700::1111"]);
        assert_eq!(all_public(public.clone()), Ok(public));
    }
}
