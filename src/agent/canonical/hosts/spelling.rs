//! Spellings of links that people read but programs do not: `evil[.]com`, `evil dot com`, `hxxp://`.

/// Endings after which a separate "dot" or "." is part of a host name.
const ENDINGS: &[&str] = &[
    "com", "net", "org", "io", "app", "dev", "info", "biz", "xyz", "ru", "cn", "de", "fr", "co", "uk", "eu",
    "online", "site", "shop", "link", "click", "top", "live", "example", "tk", "club", "icu", "cc", "ly",
    "gg",
];
/// Those of them that begin sentences as well: "Open the page. Click the link." In a text without capitals they can't be
/// told from the end of a host name.
const WORDS: &[&str] = &[
    "io", "app", "info", "de", "co", "eu", "online", "site", "shop", "link", "click", "top", "live",
    "example", "club",
];
/// "Dot" in some languages.
const DOTS: &[&str] = &["dot", "punkt", "punto", "point", "ponto", "punt", "kropka"];
/// Words before a bare ending: "a .com address".
const ARTICLES: &[&str] = &[
    "a", "an", "the", "use", "your", "or", "and", "with", "of", "any", "our", "as", "in", "to", "for", "no",
    "not", "ein", "eine", "der", "un", "une", "le", "el",
];
const BRACKETS: [(&str, &str); 9] = [
    ("[.]", "."),
    ("(.)", "."),
    ("{.}", "."),
    ("[dot]", "."),
    ("(dot)", "."),
    ("{dot}", "."),
    ("[at]", "@"),
    ("(at)", "@"),
    ("[:]", ":"),
];

/// Whether a text still has its capitals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Capitals {
    Kept,
    Folded,
}

/// The text with links as programs read them; backslashes become slashes, as in browsers.
pub fn plain_links(text: &str, capitals: Capitals) -> String {
    let mut plain = text.replace('\\', "/");
    for (written, read) in BRACKETS {
        if plain.contains(written) {
            plain = plain.replace(&format!(" {written} "), read).replace(written, read);
        }
    }
    if plain.to_ascii_lowercase().contains("hxxp") {
        plain = plain.replace("hxxp", "http").replace("HXXP", "http").replace("hXXp", "http");
    }
    joined(&plain, capitals)
}

/// Joins `evil dot com`, `evil . com` and `evil. com`.
fn joined(text: &str, capitals: Capitals) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut pieces = text.split_inclusive(char::is_whitespace).peekable();
    while let Some(piece) = pieces.next() {
        let word = piece.trim();
        let ending = |next: &&str| {
            let next = next.trim().trim_end_matches(|c: char| !c.is_alphanumeric());
            let next = next.split(['/', ':', '?']).next().unwrap_or_default();
            ENDINGS.iter().find(|ending| **ending == next).copied()
        };
        let is_ending = |next: &&str| ending(next).is_some();
        let ends_host = |next: &&str| {
            ending(next).is_some_and(|ending| capitals == Capitals::Kept || !WORDS.contains(&ending))
        };
        let is_dot = word == "." || DOTS.contains(&word.to_lowercase().as_str());
        if is_dot && pieces.peek().is_some_and(is_ending) && !plain.is_empty() {
            plain.truncate(plain.trim_end().len());
            plain.push('.');
        } else if word.ends_with('.') && word.len() > 1 && pieces.peek().is_some_and(ends_host) {
            plain.push_str(word);
        } else if word.strip_prefix('.').is_some_and(|rest| is_ending(&rest)) && follows_a_name(&plain) {
            plain.truncate(plain.trim_end().len());
            plain.push_str(piece);
        } else {
            plain.push_str(piece);
        }
    }
    plain
}

fn follows_a_name(before: &str) -> bool {
    let last = before.split_whitespace().next_back().unwrap_or_default().to_lowercase();
    last.ends_with(char::is_alphanumeric) && !ARTICLES.contains(&last.as_str())
}
