//! Value objects for the addresses of customers, in the one form in which they are stored and compared: e-mail
//! addresses, phone numbers, and the ids of a provider's users who show neither.
//!
//! Full RFC 5322 checking happens at the edge (`channels`).

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::domain::enums::{Channel, IdentifierKind};

/// The longest address SMTP can carry (RFC 5321, 4.5.3.1.3, less the angle brackets).
pub const EMAIL_MAX_CHARS: usize = 254;

/// A text is not an address or number that could identify anybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidContact {
    #[error("must be a valid e-mail address of at most {EMAIL_MAX_CHARS} characters")]
    Email,
    #[error("must be a phone number in E.164 form, like +4915112345678")]
    Phone,
    #[error("must be a provider's user id with its channel, like whatsapp:US.13491208655302741918")]
    ProviderUser,
}

/// An e-mail address, trimmed and in lower case, with its domain in ASCII.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Email(String);

impl Email {
    pub fn parse(text: &str) -> Result<Self, InvalidContact> {
        let text = text.trim();
        let plain = |part: &str| {
            !part.is_empty()
                && !part.chars().any(|c| c.is_whitespace() || c.is_control() || "<>()[],;:\\\"".contains(c))
        };
        let Some((local, host)) = text.rsplit_once('@') else {
            return Err(InvalidContact::Email);
        };
        // Full stops of East Asian keyboards (RFC 3490, 3.1).
        let host = &host.replace(['\u{3002}', '\u{ff0e}', '\u{ff61}'], ".");
        let labels_ok =
            host.contains('.') && host.split('.').all(|label| plain(label) && !label.contains('@'));
        if text.chars().count() > EMAIL_MAX_CHARS || !plain(local) || local.contains('@') || !labels_ok {
            return Err(InvalidContact::Email);
        }
        let address = format!("{}@{}", local.to_lowercase(), ascii_host(host)?);
        if address.chars().count() > EMAIL_MAX_CHARS { Err(InvalidContact::Email) } else { Ok(Self(address)) }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The host in lower case and in ASCII (IDNA, UTS #46), so that both spellings of an internationalised domain are one.
fn ascii_host(host: &str) -> Result<Cow<'_, str>, InvalidContact> {
    let is_plain = host.is_ascii() && !host.to_ascii_lowercase().contains("xn--");
    if is_plain {
        return Ok(host.to_ascii_lowercase().into());
    }
    let ascii = idna::domain_to_ascii_cow(host.as_bytes(), idna::AsciiDenyList::EMPTY);
    ascii.map_err(|_| InvalidContact::Email)
}

/// A phone number in E.164 form: `+`, a country code that is not 0, at most 15 digits in all (ITU-T E.164).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Phone(String);

impl Phone {
    pub fn parse(text: &str) -> Result<Self, InvalidContact> {
        let text = text.trim();
        let digits = text.strip_prefix('+').ok_or(InvalidContact::Phone)?;
        let well_formed = (7..=15).contains(&digits.len())
            && digits.bytes().all(|byte| byte.is_ascii_digit())
            && !digits.starts_with('0');
        if well_formed { Ok(Self(text.to_owned())) } else { Err(InvalidContact::Phone) }
    }

    /// The number as people write it: with spaces, dashes, dots, brackets, `00` for the plus, a `(0)` to leave out.
    /// A national number is refused, because its country is unknown.
    pub fn normalise(text: &str) -> Result<Self, InvalidContact> {
        let text = text.trim().replace("(0)", "");
        let plain: String = text
            .chars()
            .filter(|c| {
                !c.is_whitespace() && !matches!(c, '-' | '.' | '/' | '(' | ')' | '\u{2011}' | '\u{2013}')
            })
            .collect();
        match plain.strip_prefix("00") {
            Some(international) => Self::parse(&format!("+{international}")),
            None => Self::parse(&plain),
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The longest id of a provider's user; with its channel it fits into the records.
const USER_MAX_BYTES: usize = 128;

/// A user of a provider who shows neither an e-mail address nor a phone number, such as `whatsapp:US.1349…` (a
/// business-scoped user id). The channel is part of it: ids of two providers never meet.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ProviderUser(String);

impl ProviderUser {
    pub fn parse(text: &str) -> Result<Self, InvalidContact> {
        let text = text.trim();
        let (channel, id) = text.split_once(':').ok_or(InvalidContact::ProviderUser)?;
        let is_well_formed = channel.parse::<Channel>().is_ok()
            && (1..=USER_MAX_BYTES).contains(&id.len())
            && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'));
        if is_well_formed { Ok(Self(text.to_owned())) } else { Err(InvalidContact::ProviderUser) }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Where a customer writes from, and can be written to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Address {
    Email(Email),
    Phone(Phone),
    ProviderUser(ProviderUser),
}

impl Address {
    /// The address that the records hold as `kind` and `value`.
    pub fn parse(kind: IdentifierKind, value: &str) -> Result<Self, InvalidContact> {
        match kind {
            IdentifierKind::Email => Email::parse(value).map(Self::Email),
            IdentifierKind::Phone => Phone::parse(value).map(Self::Phone),
            IdentifierKind::ProviderUser => ProviderUser::parse(value).map(Self::ProviderUser),
        }
    }

    pub fn kind(&self) -> IdentifierKind {
        match self {
            Self::Email(_) => IdentifierKind::Email,
            Self::Phone(_) => IdentifierKind::Phone,
            Self::ProviderUser(_) => IdentifierKind::ProviderUser,
        }
    }

    pub fn value(&self) -> &str {
        match self {
            Self::Email(email) => email.as_str(),
            Self::Phone(phone) => phone.as_str(),
            Self::ProviderUser(user) => user.as_str(),
        }
    }
}

macro_rules! text_form {
    ($($name:ident),+) => {$(
        impl TryFrom<String> for $name {
            type Error = InvalidContact;

            fn try_from(text: String) -> Result<Self, InvalidContact> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(contact: $name) -> Self {
                contact.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}

text_form!(Email, Phone, ProviderUser);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_compared_in_lower_case() {
        assert_eq!(Email::parse(" Ann@Example.COM "), Email::parse("ann@example.com"));
    }

    #[test]
    fn an_internationalised_domain_has_one_form() {
        let ascii = Email::parse("ann@xn--bcher-kva.example").unwrap();
        for text in [
            "ann@bücher.example",
            "Ann@BÜCHER.example",
            "ann@bu\u{308}cher.example",
            "ANN@XN--BCHER-KVA.EXAMPLE",
        ] {
            assert_eq!(Email::parse(text).as_ref(), Ok(&ascii), "{text}");
        }
        assert_eq!(Email::parse("ann@例え。example").unwrap().as_str(), "ann@xn--r8jz45g.example");
        for text in ["ann@xn--\u{fc}.example", "ann@xn--a.example", "ann@\u{200d}.example"] {
            assert_eq!(Email::parse(text), Err(InvalidContact::Email), "{text:?}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in [
            "",
            "ann",
            "@example.com",
            "ann@",
            "ann@host",
            "a b@example.com",
            "a@b@example.com",
            "a@ex..com",
            "a\u{0}@example.com",
        ] {
            assert_eq!(Email::parse(text), Err(InvalidContact::Email), "{text:?}");
        }
        let long = format!("{}@example.com", "a".repeat(EMAIL_MAX_CHARS));
        assert_eq!(Email::parse(&long), Err(InvalidContact::Email));
    }

    #[test]
    fn a_number_without_its_country_is_refused() {
        assert!(Phone::parse("+4915112345678").is_ok());
        for text in ["", "015112345678", "+0151123456", "+49 151 1234567", "+1234567890123456", "+49x5112345"]
        {
            assert_eq!(Phone::parse(text), Err(InvalidContact::Phone), "{text:?}");
        }
    }

    #[test]
    fn a_providers_user_is_known_by_channel_and_id() {
        let user = ProviderUser::parse(" whatsapp:US.13491208655302741918 ").unwrap();
        assert_eq!(user.as_str(), "whatsapp:US.13491208655302741918");
        let long = format!("whatsapp:{}", "9".repeat(USER_MAX_BYTES + 1));
        for text in [
            "",
            "US.1349",
            "whatsapp:",
            "telegram:1",
            "whatsapp:+4915112345678",
            "whatsapp:a b",
            long.as_str(),
        ] {
            assert_eq!(ProviderUser::parse(text), Err(InvalidContact::ProviderUser), "{text:?}");
        }
    }

    #[test]
    fn an_address_reads_back_from_its_kind_and_value() {
        for (kind, value) in [
            (IdentifierKind::Email, "ann@example.com"),
            (IdentifierKind::Phone, "+4915112345678"),
            (IdentifierKind::ProviderUser, "whatsapp:US.1349"),
        ] {
            let address = Address::parse(kind, value).unwrap();
            assert_eq!((address.kind(), address.value()), (kind, value));
        }
        assert_eq!(Address::parse(IdentifierKind::Phone, "ann@example.com"), Err(InvalidContact::Phone));
    }

    #[test]
    fn a_number_as_people_write_it_becomes_e164() {
        let number = Phone::parse("+4915112345678");
        for text in
            ["+49 151 1234-5678", "0049 151 12345678", "+49 (0)151 / 123 456 78", " +49.151.12345678 "]
        {
            assert_eq!(Phone::normalise(text), number, "{text}");
        }
        for text in ["0151 12345678", "", "+49 151 x", "00"] {
            assert_eq!(Phone::normalise(text), Err(InvalidContact::Phone), "{text:?}");
        }
    }
}
