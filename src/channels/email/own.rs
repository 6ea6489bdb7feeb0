//! Our own addresses: the mailbox, its aliases, and whose authentication results are trusted.

use crate::domain::customers::contact::Email;

/// Our side of one mailbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnMailbox {
    pub address: Email,
    /// Other addresses of ours: aliases, forwarding addresses, groups. `@example.com` is a whole domain.
    pub aliases: Vec<String>,
    pub authserv: Option<Authserv>,
}

/// How our receiving server signs its authentication results (RFC 8601, 2.5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Authserv {
    Id(String),
    /// It writes no id, as Microsoft 365 does.
    Unnamed,
}

impl Authserv {
    /// Of Gmail.
    pub const GMAIL: &str = "mx.google.com";
    /// In the configuration: the server writes no id.
    const UNNAMED: &str = "-";

    pub fn parse(text: &str) -> Self {
        if text == Self::UNNAMED { Self::Unnamed } else { Self::Id(text.to_ascii_lowercase()) }
    }
}

impl OwnMailbox {
    /// Whether an address is ours, with or without an extension (`support+shop@example.com`, RFC 5233).
    pub fn is_own(&self, address: &Email) -> bool {
        let address = without_extension(address.as_str());
        let is = |own: &str| match own.strip_prefix('@') {
            Some(domain) => {
                address.rsplit_once('@').is_some_and(|(_, host)| host.eq_ignore_ascii_case(domain))
            }
            None => without_extension(own).eq_ignore_ascii_case(&address),
        };
        is(self.address.as_str()) || self.aliases.iter().any(|alias| is(alias))
    }

    /// The domain that our Message-IDs end in.
    pub fn domain(&self) -> &str {
        self.address.as_str().rsplit_once('@').map_or("localhost", |(_, host)| host)
    }

    /// Every address of ours that is written out.
    pub fn addresses(&self) -> impl Iterator<Item = &str> {
        let aliases = self.aliases.iter().map(String::as_str).filter(|alias| !alias.starts_with('@'));
        std::iter::once(self.address.as_str()).chain(aliases)
    }
}

fn without_extension(address: &str) -> String {
    let Some((local, host)) = address.rsplit_once('@') else {
        return address.to_lowercase();
    };
    let local = local.split_once('+').map_or(local, |(local, _)| local);
    format!("{local}@{host}").to_lowercase()
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// The mailbox of the tests.
    pub fn mailbox() -> OwnMailbox {
        OwnMailbox {
            address: Email::parse("support@acme.example").unwrap(),
            aliases: vec!["help@acme.example".to_owned(), "@shop.acme.example".to_owned()],
            authserv: Some(Authserv::Id("mx.acme.example".to_owned())),
        }
    }

    #[test]
    fn an_address_is_ours_by_name_alias_extension_or_domain() {
        for (address, expected) in [
            ("support@acme.example", true),
            ("Support+vip@Acme.example", true),
            ("help@acme.example", true),
            ("anything@shop.acme.example", true),
            ("ann@acme.example", false),
            ("support@acme.example.evil.example", false),
            ("support@sub.shop.acme.example", false),
        ] {
            assert_eq!(mailbox().is_own(&Email::parse(address).unwrap()), expected, "{address}");
        }
    }
}
