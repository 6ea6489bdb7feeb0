//! Decides whether a dotted word is a host, a file name, a piece of code, or two sentences without a blank between them.

use std::net::Ipv4Addr;

use super::DottedWord;

/// Endings of hosts that the Public Suffix List lacks (RFC 2606, RFC 7686).
const RESERVED: &[&str] = &["example", "test", "onion", "invalid"];
/// Endings that count in code as well, where others are names of fields.
const IN_CODE: &[&str] = &[
    "com", "net", "org", "info", "biz", "io", "co", "app", "dev", "ai", "xyz", "online", "site", "shop",
    "club", "icu", "live", "tech", "cloud", "example", "onion", "tk", "ml", "ga", "cf", "gq", "ru", "cn",
    "de", "fr", "es", "nl", "uk", "eu", "ch",
];
/// Endings that files have more often than hosts, and those of which only the words around tell.
const MOSTLY_FILES: &[&str] =
    &["md", "rs", "sh", "py", "pl", "ps", "so", "pm", "mk", "cc", "tf", "inc", "in", "am", "as"];
const SOMETIMES_FILES: &[&str] = &["zip", "mov", "ai", "pub", "one", "app", "bar", "st", "ml"];
/// Words before a host.
const LEADS_TO: &[&str] = &[
    "visit", "website", "site", "url", "browse", "portal", "domain", "webpage", "page", "go", "link", "log",
    "login", "sign", "at", "besuche", "besuchen", "webseite", "seite", "visite", "visita", "sitio", "pagina",
    "visitez", "allez", "rendez", "navigate", "host", "auf", "via", "online", "check",
];
/// Words around a file name.
const FILE_WORDS: &[&str] = &[
    "file",
    "files",
    "archive",
    "folder",
    "attachment",
    "attached",
    "upload",
    "uploaded",
    "import",
    "export",
    "exported",
    "unzip",
    "extract",
    "save",
    "saved",
    "rename",
    "renamed",
    "backup",
    "called",
    "named",
    "edit",
    "script",
    "extension",
    "document",
    "drag",
    "datei",
    "dateien",
    "archiv",
    "hochladen",
    "archivo",
    "fichero",
    "adjunto",
    "fichier",
    "attach",
    "compress",
    "video",
    "logo",
    "image",
    "run",
    "open",
    "download",
    "name",
];
/// Names of techniques that are hosts only by accident.
const NAMES: &[&str] = &["asp.net", "vb.net", "ado.net", "java.io", "system.io", "socket.io", "ml.net"];
/// Programs that fetch from a host.
const FETCHERS: &[&str] = &["curl", "wget", "ping", "ssh", "iwr", "irm", "invoke-webrequest"];
const VERSION_WORDS: &[&str] =
    &["version", "versions", "v", "release", "build", "firmware", "update", "versión", "ver"];
/// How many words before a dotted word are looked at.
const WORDS_BEFORE: usize = 4;

pub(super) fn is_host(around: DottedWord<'_>) -> bool {
    let DottedWord { word, before, after, in_code } = around;
    let lower = word.to_lowercase();
    let labels: Vec<&str> = lower.split('.').collect();
    let Some(ending) = labels.last().copied().filter(|_| labels.iter().all(|label| !label.is_empty())) else {
        return false;
    };
    let is_local_part = after.starts_with('@') && !before.ends_with("//");
    if is_local_part || NAMES.contains(&lower.as_str()) {
        return false;
    }
    if let Ok(address) = lower.parse::<Ipv4Addr>() {
        return is_address(address, before, after);
    }
    let is_marked = lower.starts_with("www.") || before.ends_with("//") || before.ends_with('@');
    let is_long = ending.chars().count() >= 2 && !ending.chars().all(|c| c.is_ascii_digit());
    if !is_long || !(is_public_suffix(&lower, ending) || lower.starts_with("www.")) {
        return false;
    }
    let is_call = in_code && after.starts_with('(');
    !is_call && (is_marked || !is_something_else(around, &lower, ending))
}

fn is_something_else(around: DottedWord<'_>, lower: &str, ending: &str) -> bool {
    let DottedWord { word, before, after, in_code } = around;
    if words_before(before).iter().any(|word| FETCHERS.contains(&word.as_str())) {
        return false;
    }
    let is_in_path = before.ends_with('/') || before.ends_with('~');
    let has_path = after.starts_with('/') && after.len() > 1 && !after[1..].starts_with(char::is_whitespace);
    if MOSTLY_FILES.contains(&ending) && (is_in_path || in_code) {
        return !has_path;
    }
    if has_path {
        return false;
    }
    if SOMETIMES_FILES.contains(&ending) && (is_in_path || in_code && ending != "app" && ending != "ai") {
        return true;
    }
    if in_code {
        return !IN_CODE.contains(&ending);
    }
    let words = words_before(before);
    let near = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    if MOSTLY_FILES.contains(&ending) {
        return !near(LEADS_TO) || near(FILE_WORDS);
    }
    if SOMETIMES_FILES.contains(&ending) {
        let is_file = |word: &String| {
            FILE_WORDS.contains(&word.as_str()) && !["open", "run", "download"].contains(&word.as_str())
        };
        return words.iter().any(is_file) && !near(LEADS_TO) || follows_file_word(after);
    }
    ends_sentence(word, lower, ending)
}

fn follows_file_word(after: &str) -> bool {
    let next = after.split_whitespace().next().unwrap_or_default().to_lowercase();
    ["file", "archive", "folder", "datei", "attachment"]
        .contains(&next.trim_matches(|c: char| !c.is_alphanumeric()))
}

/// `Save.Then`: a capital after the full stop and none before it; the usual endings of hosts are hosts all the same.
fn ends_sentence(word: &str, lower: &str, ending: &str) -> bool {
    let Some((head, tail)) = word.rsplit_once('.') else { return false };
    let is_usual = IN_CODE.contains(&ending)
        && !["de", "es", "co", "tech", "live", "online", "shop", "site", "club", "cloud"].contains(&ending);
    let is_title =
        tail.chars().next().is_some_and(char::is_uppercase) && tail.chars().skip(1).all(char::is_lowercase);
    let all_short = lower.split('.').all(|label| label.chars().count() == 1);
    all_short || (is_title && !is_usual && head.ends_with(|c: char| c.is_lowercase() || c.is_ascii_digit()))
}

fn words_before(before: &str) -> Vec<String> {
    let words = before.split_whitespace().rev().take(WORDS_BEFORE);
    words.map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase()).collect()
}

/// A bare address with four parts may be a version.
fn is_address(address: Ipv4Addr, before: &str, after: &str) -> bool {
    let words = words_before(before);
    let is_version = words.iter().take(2).any(|word| VERSION_WORDS.contains(&word.as_str()))
        || before.ends_with(['v', 'V']);
    let is_link = before.ends_with(['/', '@']) || after.starts_with(['/', ':']);
    is_link || (!is_version && !address.is_unspecified())
}

fn is_public_suffix(word: &str, ending: &str) -> bool {
    if RESERVED.contains(&ending) {
        return true;
    }
    let ascii = if word.is_ascii() { Ok(word.to_owned()) } else { idna::domain_to_ascii(word) };
    let ascii = ascii.or_else(|_| idna::domain_to_ascii(&format!("a.{ending}"))).unwrap_or_default();
    psl::suffix(ascii.as_bytes()).is_some_and(|suffix| suffix.is_known())
}
