//! Authentication results (RFC 8601): whether our own receiving server vouches for the author of a mail.
//!
//! Only the topmost field that our receiver wrote counts; fields below it, comments, and fields under another server's
//! name are the sender's own text. Two authors, or two From fields, are never vouched for.

use super::message::ParsedMail;
use super::own::{Authserv, OwnMailbox};
use crate::domain::customers::contact::Email;
use crate::domain::enums::Authentication;

/// Longest field that is read: a receiver's own is a few hundred bytes.
const MAX_BYTES: usize = 8 * 1024;

/// What our receiver found out about the author of a mail.
pub fn authentication(mail: &ParsedMail, own: &OwnMailbox) -> Authentication {
    let (Some(authserv), Some(author)) = (&own.authserv, mail.single_author()) else {
        return Authentication::None;
    };
    let ours = mail.header_values("Authentication-Results").find_map(|value| results_of(value, authserv));
    ours.map_or(Authentication::None, |results| judge(&results, author))
}

/// What a Google group that rewrote From found out about the original author. It counts only where the mail itself
/// passed as the group's.
pub fn original_authentication(mail: &ParsedMail, author: &Email) -> Authentication {
    let Some(value) = mail.header_values("X-Original-Authentication-Results").next() else {
        return Authentication::None;
    };
    let google = |id: &str| id == "google.com" || id.ends_with(".google.com");
    match parse(value) {
        Some((Some(id), results)) if google(&id) => judge(&results, author),
        Some(_) | None => Authentication::None,
    }
}

fn results_of(value: &str, authserv: &Authserv) -> Option<Vec<MethodResult>> {
    let (id, results) = parse(value)?;
    let is_ours = match (authserv, id) {
        (Authserv::Id(expected), Some(id)) => *expected == id,
        (Authserv::Unnamed, None) => true,
        (Authserv::Id(_), None) | (Authserv::Unnamed, Some(_)) => false,
    };
    is_ours.then_some(results)
}

/// One `method=result property=value …`.
#[derive(Debug, PartialEq, Eq)]
struct MethodResult {
    method: String,
    result: String,
    properties: Vec<(String, String)>,
}

impl MethodResult {
    fn property(&self, name: &str) -> Option<&str> {
        self.properties.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

fn judge(results: &[MethodResult], author: &Email) -> Authentication {
    let host = author.as_str().rsplit_once('@').map_or("", |(_, host)| host);
    let of = |method: &'static str| results.iter().filter(move |found| found.method == method);
    let dmarc = of("dmarc").next();
    if let Some(dmarc) = dmarc {
        let is_for_author = dmarc.property("header.from").is_none_or(|from| is_within(host, from));
        match dmarc.result.as_str() {
            "pass" if is_for_author => return Authentication::Pass,
            "fail" => return Authentication::Fail,
            _ => {}
        }
    }
    let is_aligned = |found: &&MethodResult| {
        let domain = found.property("header.d").or_else(|| found.property("header.i")).unwrap_or_default();
        let domain = domain.rsplit_once('@').map_or(domain, |(_, domain)| domain);
        domain.contains('.') && is_within(host, domain)
    };
    if of("dkim").any(|found| found.result == "pass" && is_aligned(&found)) {
        return Authentication::Pass;
    }
    let failed = |method| of(method).any(|found| found.result == "fail");
    let passed = |method| of(method).any(|found| found.result == "pass");
    let is_denied = (failed("dkim") && !passed("dkim")) || (failed("spf") && !passed("dkim"));
    if is_denied { Authentication::Fail } else { Authentication::None }
}

/// Whether `host` is `domain` or below it.
fn is_within(host: &str, domain: &str) -> bool {
    let domain = domain.trim_end_matches('.');
    let below = host.len().checked_sub(domain.len()).and_then(|start| host.split_at_checked(start));
    below.is_some_and(|(before, end)| {
        end.eq_ignore_ascii_case(domain) && (before.is_empty() || before.ends_with('.')) && !domain.is_empty()
    })
}

/// The server's id, where it wrote one, and its results.
fn parse(value: &str) -> Option<(Option<String>, Vec<MethodResult>)> {
    let value = value.get(..MAX_BYTES).unwrap_or(value);
    let statements = statements(value);
    let (first, rest) = statements.split_first()?;
    let id = match first.first() {
        Some(word) if word.contains('=') => None,
        Some(word) => Some(word.trim_end_matches('.').to_ascii_lowercase()),
        None => return None,
    };
    let results = if id.is_some() { rest } else { statements.as_slice() };
    Some((id, results.iter().filter_map(|words| method(words)).collect()))
}

fn method(words: &[String]) -> Option<MethodResult> {
    let (head, rest) = words.split_first()?;
    let pair = |word: &String| {
        let (name, value) = word.split_once('=')?;
        Some((name.to_ascii_lowercase(), value.to_ascii_lowercase()))
    };
    let (method, result) = pair(head)?;
    let method = method.split('/').next().unwrap_or_default().to_owned();
    Some(MethodResult { method, result, properties: rest.iter().filter_map(pair).collect() })
}

/// The words of each statement between semicolons, without comments and quotes; spaces around `=` are removed.
fn statements(value: &str) -> Vec<Vec<String>> {
    let mut scan = Scan::default();
    for c in value.chars() {
        scan.read(c);
    }
    scan.end_statement();
    scan.statements
}

#[derive(Default)]
struct Scan {
    statements: Vec<Vec<String>>,
    words: Vec<String>,
    word: String,
    comment_depth: usize,
    is_quoted: bool,
    is_escaped: bool,
    /// The next word belongs to the one before, as after `=`.
    joins: bool,
}

impl Scan {
    fn read(&mut self, c: char) {
        if self.is_escaped {
            self.is_escaped = false;
            if self.comment_depth == 0 {
                self.word.push(c);
            }
            return;
        }
        match c {
            '\\' if self.is_quoted || self.comment_depth > 0 => self.is_escaped = true,
            '(' if !self.is_quoted => self.comment_depth += 1,
            ')' if self.comment_depth > 0 => self.comment_depth -= 1,
            _ if self.comment_depth > 0 => {}
            '"' => self.is_quoted = !self.is_quoted,
            _ if self.is_quoted => self.word.push(c),
            ';' => self.end_statement(),
            '=' => {
                self.join();
                self.word.push('=');
                self.joins = true;
            }
            c if c.is_whitespace() => {
                if !self.joins || !self.word.ends_with('=') {
                    self.end_word();
                }
            }
            c => {
                self.joins = false;
                self.word.push(c);
            }
        }
    }

    /// Before `=`: the word before the spaces is its left side.
    fn join(&mut self) {
        if self.word.is_empty()
            && let Some(left) = self.words.pop()
        {
            self.word = left;
        }
    }

    fn end_word(&mut self) {
        self.joins = false;
        if !self.word.is_empty() {
            self.words.push(std::mem::take(&mut self.word));
        }
    }

    fn end_statement(&mut self) {
        self.end_word();
        let words = std::mem::take(&mut self.words);
        if !words.is_empty() || self.statements.is_empty() {
            self.statements.push(words);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channels::email::message::{MailLimits, ParsedMail};
    use crate::channels::email::own::tests::mailbox;

    fn of(headers: &str) -> Authentication {
        let raw = format!("{headers}\r\nSubject: x\r\n\r\nText\r\n");
        let mail = ParsedMail::parse(raw.as_bytes(), &MailLimits::default());
        authentication(&mail, &mailbox())
    }

    fn from_ann(results: &str) -> Authentication {
        of(&format!("Authentication-Results: {results}\r\nFrom: Ann <ann@example.com>"))
    }

    #[test]
    fn a_pass_is_our_receivers_for_the_authors_domain() {
        use Authentication::{Fail, None, Pass};
        let cases = [
            ("mx.acme.example; dmarc=pass (p=none dis=none) header.from=example.com", Pass),
            ("mx.acme.example 1; spf=fail smtp.mailfrom=x; dmarc = pass header.from = example.com", Pass),
            ("MX.Acme.example; dkim=pass header.d=example.com header.s=k", Pass),
            ("mx.acme.example; dkim=pass header.i=@example.com", Pass),
            ("mx.acme.example; dmarc=pass", Pass),
            ("mx.acme.example; dmarc=pass header.from=other.example", None),
            ("mx.acme.example; dkim=pass header.d=mailer.example", None),
            ("mx.acme.example; dkim=pass header.d=com", None),
            ("mx.acme.example; dkim=pass header.d=le.com", None),
            ("mx.acme.example; dmarc=fail (p=reject; dmarc=pass) header.from=example.com", Fail),
            ("mx.acme.example; spf=none (dmarc=pass header.from=example.com; dkim=pass)", None),
            (r#"mx.acme.example; spf=none reason="x; dmarc=pass header.from=example.com""#, None),
            ("mx.acme.example; dmarc=none; spf=pass smtp.mailfrom=ann@example.com", None),
            ("mx.acme.example; dmarc=bestguesspass header.from=example.com", None),
            ("mx.acme.example; dmarc=temperror header.from=example.com", None),
            ("mx.acme.example; none", None),
            ("mx.other.example; dmarc=pass header.from=example.com", None),
            ("mx.acme.example.evil.example; dmarc=pass header.from=example.com", None),
            ("dmarc=pass header.from=example.com", None),
            ("(mx.acme.example;) mx.evil.example; dmarc=pass header.from=example.com", None),
            ("", None),
        ];
        for (results, expected) in cases {
            assert_eq!(from_ann(results), expected, "{results}");
        }
    }

    #[test]
    fn what_a_sender_wrote_below_our_receivers_field_counts_for_nothing() {
        let forged = "Authentication-Results: mx.acme.example; dmarc=fail header.from=example.com\r\n\
                      Authentication-Results: mx.acme.example; dmarc=pass header.from=example.com\r\n\
                      From: ann@example.com";
        assert_eq!(of(forged), Authentication::Fail);
        let with_foreign_on_top = "Authentication-Results: relay.example; dmarc=fail header.from=example.com\r\n\
                                   Authentication-Results: mx.acme.example; dmarc=pass header.from=example.com\r\n\
                                   From: ann@example.com";
        assert_eq!(of(with_foreign_on_top), Authentication::Pass);
    }

    #[test]
    fn no_author_is_vouched_for_without_one_address_and_a_known_receiver() {
        let pass = "Authentication-Results: mx.acme.example; dmarc=pass header.from=example.com\r\n";
        for from in [
            "From: ann@example.com, eve@example.com",
            "From: ann@example.com\r\nFrom: eve@evil.example",
            "From: Ann",
            "To: x@example.com",
        ] {
            assert_eq!(of(&format!("{pass}{from}")), Authentication::None, "{from}");
        }
        let raw = format!("{pass}From: ann@example.com\r\n\r\n");
        let mail = ParsedMail::parse(raw.as_bytes(), &MailLimits::default());
        let unknown = OwnMailbox { authserv: None, ..mailbox() };
        assert_eq!(authentication(&mail, &unknown), Authentication::None);
    }

    #[test]
    fn a_receiver_without_a_name_is_trusted_only_where_that_was_configured() {
        let raw = "Authentication-Results: spf=pass smtp.mailfrom=example.com; dkim=pass (signature was verified)\r\n \
                   header.d=example.com;dmarc=pass action=none\r\n header.from=example.com;compauth=pass reason=100\r\n\
                   From: ann@example.com\r\n\r\nText";
        let mail = ParsedMail::parse(raw.as_bytes(), &MailLimits::default());
        let unnamed = OwnMailbox { authserv: Some(Authserv::parse("-")), ..mailbox() };
        assert_eq!(authentication(&mail, &unnamed), Authentication::Pass);
        assert_eq!(authentication(&mail, &mailbox()), Authentication::None);
    }
}
