//! Links: what follows the address of a page, and every part of it that looks like a secret, is removed.

use super::Redaction;
use super::names::KnownNames;
use super::words::TextWord;

/// Minimum length of a part of a path with a digit that may be a token.
const TOKEN_MIN_CHARS: usize = 16;
/// Digits of a number that may identify something.
const ID_MIN_DIGITS: usize = 4;

/// The word with its links cleaned; `None` if there is nothing to clean.
pub(super) fn link(word: &TextWord<'_>, names: &KnownNames) -> Option<Redaction> {
    let core = word.core;
    let start = start_of_link(core)?;
    let before = core.get(..start)?;
    let rest = core.get(start..)?;
    let end = rest.find(['>', '"', ')', ']', '|']).unwrap_or(rest.len());
    let (address, behind) = rest.split_at_checked(end)?;
    let cleaned = cleaned(address, names);
    // What stands around the link may hold another one, or an address.
    let around = [before, behind].concat();
    if around.contains("://") || around.contains('@') {
        return Some(Redaction::of(1, cleaned));
    }
    Some(Redaction::of(1, format!("{before}{cleaned}{behind}")))
}

/// Where a link begins: at its scheme, or at a host with a path.
fn start_of_link(core: &str) -> Option<usize> {
    if let Some(scheme) = core.find("://") {
        let before = core.get(..scheme).unwrap_or_default();
        let name = before.rsplit(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        return Some(scheme - name.len());
    }
    let host = core.split(['/', '?']).next().unwrap_or_default();
    let is_host = host.len() < core.len() && host.contains('.') && !host.contains('@');
    (is_host || core.starts_with("www.")).then_some(0)
}

fn cleaned(address: &str, names: &KnownNames) -> String {
    let (scheme, rest) = match address.split_once("://") {
        Some((scheme, rest)) => (format!("{scheme}://"), rest),
        None => (String::new(), address),
    };
    let path = rest.split(['?', '#', ';']).next().unwrap_or_default();
    let mut parts = path.split('/');
    let authority = parts.next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    let public = parts.take_while(|part| !is_token(part) && !names.include(part));
    let mut kept = vec![host.to_owned()];
    kept.extend(public.map(str::to_owned));
    format!("{scheme}{}", kept.join("/").trim_end_matches('/'))
}

/// Whether a part of a path may be a secret, or name something of one customer's.
fn is_token(part: &str) -> bool {
    let digits = part.chars().filter(char::is_ascii_digit).count();
    digits >= ID_MIN_DIGITS || part.contains(['@', '%', '=']) || (part.len() >= TOKEN_MIN_CHARS && digits > 0)
}
