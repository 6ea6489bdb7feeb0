//! Settings of the e-mail channel: our own addresses, and whose authentication results are trusted.

use super::reader::Reader;
use crate::domain::customers::contact::Email;

/// The address of a development server without one.
const SANDBOX_ADDRESS: &str = "support@example.com";

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmailConfig {
    /// The mailbox that customers write to.
    pub address: Option<Email>,
    /// Other addresses of ours; `@example.com` is a whole domain.
    pub aliases: Vec<String>,
    /// How our receiving server signs its authentication results; `-` if it writes no id. Unset: nobody is attested.
    pub authserv_id: Option<String>,
}

impl EmailConfig {
    /// The configured address, else that of the sandbox.
    pub fn address_or_sandbox(&self) -> Option<Email> {
        self.address.clone().or_else(|| Email::parse(SANDBOX_ADDRESS).ok())
    }
}

pub(super) fn read(reader: &mut Reader<'_>) -> EmailConfig {
    EmailConfig {
        address: reader.parse("EMAIL_ADDRESS", "an e-mail address such as support@example.com", |text| {
            Email::parse(text).ok()
        }),
        aliases: reader
            .parse(
                "EMAIL_ALIASES",
                "addresses or domains such as help@example.com,@shop.example.com",
                aliases,
            )
            .unwrap_or_default(),
        authserv_id: reader.parse(
            "EMAIL_AUTHSERV_ID",
            "a server's id such as mx.example.com, or -",
            |text| {
                let is_id = !text.contains(char::is_whitespace) && !text.contains(';');
                is_id.then(|| text.to_owned())
            },
        ),
    }
}

fn aliases(text: &str) -> Option<Vec<String>> {
    let listed = text.split(',').map(str::trim).filter(|alias| !alias.is_empty());
    listed.map(|alias| is_alias(alias).then(|| alias.to_lowercase())).collect()
}

fn is_alias(text: &str) -> bool {
    match text.strip_prefix('@') {
        Some(domain) => Email::parse(&format!("x@{domain}")).is_ok(),
        None => Email::parse(text).is_ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aliases_are_addresses_and_domains() {
        assert_eq!(
            aliases("Help@example.com, @shop.example.com,"),
            Some(vec!["help@example.com".to_owned(), "@shop.example.com".to_owned()])
        );
        for wrong in ["help", "@", "a b@example.com", "help@example.com;x@example.com"] {
            assert_eq!(aliases(wrong), None, "{wrong}");
        }
    }
}
