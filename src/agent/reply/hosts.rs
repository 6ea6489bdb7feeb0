//! Output guard against foreign links: finds hosts in links, addresses and bare names that no passage contains.

use std::collections::BTreeSet;

use crate::domain::knowledge::Passage;

/// Endings of bare host names, which mail and chat programs turn into links.
const ENDINGS: &[&str] = &[
    "com", "net", "org", "io", "co", "dev", "app", "ai", "me", "info", "biz", "xyz", "online", "site",
    "shop", "top", "club", "link", "click", "ly", "gg", "tk", "ru", "cn", "de", "fr", "es", "it", "nl", "uk",
    "us", "eu", "ch", "at", "in", "to", "example", "test", "zip", "cloud", "page", "support", "live", "tech",
    "store",
];

/// The first host in a text that no passage contains.
pub(super) fn foreign(text: &str, passages: &[Passage]) -> Option<String> {
    hosts(text).into_iter().find(|host| !passages.iter().any(|passage| names(passage, host)))
}

/// A cheap test first: few passages contain the letters of the host.
fn names(passage: &Passage, host: &str) -> bool {
    passage.text.to_lowercase().contains(host) && hosts(&passage.text).contains(host)
}

fn hosts(text: &str) -> BTreeSet<String> {
    let breaks = |c: char| c.is_whitespace() || "<>()[]{}\"'`*|,;".contains(c);
    // A host contains a dot, or is part of a link.
    text.split(breaks).filter(|word| word.contains(['.', '/'])).filter_map(host).collect()
}

/// The host of one word, in lower case, without user name and port.
fn host(word: &str) -> Option<String> {
    let (is_link, rest) = match word.split_once("//") {
        Some((_scheme, rest)) => (true, rest),
        None => (false, word),
    };
    // Browsers read a backslash as a slash (WHATWG URL, 4.4).
    let authority = rest.split(['/', '\\', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    let host = host.split(':').next().unwrap_or_default();
    let host = host.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let is_host = if is_link { !host.is_empty() } else { looks_like_host(&host) };
    is_host.then_some(host)
}

fn looks_like_host(word: &str) -> bool {
    let labels: Vec<&str> = word.split('.').collect();
    let well_formed = labels
        .iter()
        .all(|label| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_'));
    let ends_like_one = labels.last().is_some_and(|label| ENDINGS.contains(label));
    labels.len() >= 2 && well_formed && (ends_like_one || word.starts_with("www."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::samples::passage;

    #[test]
    fn a_host_that_no_passage_names_is_foreign() {
        let passages =
            [passage("a.md#a", "Open https://app.techcorp.example or mail help@techcorp.example.")];
        let cases = [
            ("Open https://app.techcorp.example/login.", None),
            ("Open app.techcorp.example, then sign in.", None),
            ("Write to help@techcorp.example.", None),
            ("Edit notes.md or README.txt, e.g. with Node.js.", None),
            ("Version 2.10.3 at 10.30", None),
            ("See https://evil.net/a", Some("evil.net")),
            ("See [this](http://evil.net)", Some("evil.net")),
            ("See www.evil.museum now", Some("www.evil.museum")),
            ("See bit.ly/abc", Some("bit.ly")),
            ("Write to ann@evil.com!", Some("evil.com")),
            ("https://app.techcorp.example@evil.net/", Some("evil.net")),
            ("https://evil.net\\@app.techcorp.example", Some("evil.net")),
            ("https://app.techcorp.example.evil.net", Some("app.techcorp.example.evil.net")),
            ("HTTPS://EVIL.NET:8443/x", Some("evil.net")),
            ("//evil.net/x.png", Some("evil.net")),
            ("https://127.0.0.1/x", Some("127.0.0.1")),
        ];
        for (text, expected) in cases {
            assert_eq!(foreign(text, &passages).as_deref(), expected, "{text}");
        }
    }
}
