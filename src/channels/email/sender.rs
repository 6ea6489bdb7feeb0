//! Whose mail it is. The author is the address in From; no other is answered. Only where a Google group of ours wrote
//! From itself does the author that it names count instead, as far as the group vouches for them.

use super::authentication::{authentication, original_authentication};
use super::message::ParsedMail;
use super::own::OwnMailbox;
use crate::domain::customers::contact::Email;
use crate::domain::enums::Authentication;

/// The longest name that is kept.
const NAME_MAX_CHARS: usize = 200;

/// Who wrote a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Author {
    /// `None` where From has no usable address.
    pub address: Option<Email>,
    pub name: String,
    pub authentication: Authentication,
    pub origin: AuthorOrigin,
}

/// How From came to say what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthorOrigin {
    /// The author wrote it.
    Author,
    /// A group of ours wrote itself into From, and vouches for the author that it names elsewhere.
    Group,
    /// It is an address of ours, and Reply-To is a foreign one: a form on a website.
    Form,
    /// It is an address of ours.
    Ourselves,
}

pub fn author(mail: &ParsedMail, own: &OwnMailbox) -> Author {
    let listed = mail.authors();
    let first =
        listed.iter().find_map(|found| Email::parse(&found.address).ok().map(|email| (email, &found.name)));
    let Some((address, name)) = first else {
        let name = listed.first().map(|found| found.name.clone()).unwrap_or_default();
        return Author {
            address: None,
            name: shown(&name),
            authentication: Authentication::None,
            origin: AuthorOrigin::Author,
        };
    };
    let authentication = authentication(mail, own);
    if !own.is_own(&address) {
        return Author {
            name: shown(name),
            address: Some(address),
            authentication,
            origin: AuthorOrigin::Author,
        };
    }
    group_author(mail, own, authentication).unwrap_or_else(|| {
        let origin = if reply_to(mail, own).is_some() { AuthorOrigin::Form } else { AuthorOrigin::Ourselves };
        Author { name: shown(name), address: Some(address), authentication, origin }
    })
}

/// The author of a mail that a group of ours rewrote (`"Ann via Support" <support@…>`).
fn group_author(mail: &ParsedMail, own: &OwnMailbox, outer: Authentication) -> Option<Author> {
    let is_group = mail.header("x-google-group-id").is_some() || mail.header("list-id").is_some();
    if !is_group {
        return None;
    }
    let originals = [mail.fields.addresses("x-original-from"), mail.fields.addresses("x-original-sender")];
    let named = originals.iter().flatten().find_map(|found| {
        let address = Email::parse(&found.address).ok().filter(|address| !own.is_own(address))?;
        Some((address, found.name.clone()))
    });
    let (address, name) = named.or_else(|| reply_to(mail, own))?;
    let inner = original_authentication(mail, &address);
    // The group's own signature proves that the group, and not the sender, wrote these fields.
    let is_proved = outer == Authentication::Pass && inner == Authentication::Pass;
    is_proved.then(|| Author {
        address: Some(address),
        name: shown(&name),
        authentication: Authentication::Pass,
        origin: AuthorOrigin::Group,
    })
}

/// The one address in Reply-To, if it is not ours.
pub fn reply_to(mail: &ParsedMail, own: &OwnMailbox) -> Option<(Email, String)> {
    let listed = mail.fields.addresses("reply-to");
    let mut foreign = listed.into_iter().filter_map(|found| {
        let address = Email::parse(&found.address).ok().filter(|address| !own.is_own(address))?;
        Some((address, found.name))
    });
    let first = foreign.next()?;
    foreign.next().is_none().then_some(first)
}

fn shown(name: &str) -> String {
    name.chars().take(NAME_MAX_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channels::email::message::MailLimits;
    use crate::channels::email::own::tests::mailbox;

    fn of(headers: &str) -> (Option<String>, Authentication, AuthorOrigin) {
        let raw = format!("{headers}\r\n\r\nText");
        let found = author(&ParsedMail::parse(raw.as_bytes(), &MailLimits::default()), &mailbox());
        (found.address.map(|address| address.to_string()), found.authentication, found.origin)
    }

    const OUTER: &str = "Authentication-Results: mx.acme.example; dmarc=pass header.from=acme.example\r\n\
                         List-ID: <support.acme.example>\r\nFrom: 'Ann' via Support <support@acme.example>\r\n";
    const INNER: &str =
        "X-Original-Authentication-Results: gmr-mx.google.com; dmarc=pass header.from=example.com\r\n";

    #[test]
    fn the_author_is_who_stands_in_from() {
        let (address, _, origin) = of("From: Ann <ann@example.com>\r\nReply-To: eve@evil.example");
        assert_eq!((address.as_deref(), origin), (Some("ann@example.com"), AuthorOrigin::Author));
        assert_eq!(of("From: Ann").0, None);
        assert_eq!(of("From: support@acme.example").2, AuthorOrigin::Ourselves);
        let form = of("From: Shop <support@acme.example>\r\nReply-To: ann@example.com");
        assert_eq!((form.0.as_deref(), form.2), (Some("support@acme.example"), AuthorOrigin::Form));
    }

    #[test]
    fn a_group_names_the_author_only_where_it_vouches_for_them() {
        let original = "X-Original-From: Ann <ann@example.com>";
        let ann = (Some("ann@example.com".to_owned()), Authentication::Pass, AuthorOrigin::Group);
        assert_eq!(of(&format!("{OUTER}{INNER}{original}")), ann);
        assert_eq!(of(&format!("{OUTER}{INNER}Reply-To: ann@example.com")), ann);
        let refused = [
            format!("{OUTER}{original}"),
            format!("{}{INNER}{original}", OUTER.replace("dmarc=pass", "dmarc=none")),
            format!("{OUTER}{}{original}", INNER.replace("example.com", "evil.example")),
            format!("{OUTER}{}{original}", INNER.replace("google.com", "google.com.evil.example")),
        ];
        for headers in refused {
            assert_eq!(of(&headers).0.as_deref(), Some("support@acme.example"), "{headers}");
        }
    }
}
