//! Numbers by which a person or a purchase can be found: phones, orders, tickets, accounts, addresses of computers.

use super::Redaction;
use super::words::TextWord;
use crate::domain::wording::text::fold;

const PHONE: &str = "[phone]";
const NUMBER: &str = "[number]";
/// Digits from which a number may identify something.
const ID_MIN_DIGITS: usize = 5;
/// Digits from which a number that begins like a phone is one.
const PHONE_MIN_DIGITS: usize = 7;
/// Digits of a number behind a word that says what it numbers.
const NAMED_MIN_DIGITS: usize = 3;
/// Length from which a mixture of letters and digits is a key.
const KEY_MIN_CHARS: usize = 20;

/// Words before the number of something that belongs to one customer, folded.
const NUMBERED: &[&str] = &[
    "account",
    "booking",
    "case",
    "card",
    "contract",
    "customer",
    "id",
    "invoice",
    "kundennummer",
    "member",
    "nr",
    "no",
    "number",
    "order",
    "ordernumber",
    "payment",
    "receipt",
    "ref",
    "reference",
    "serial",
    "shipment",
    "ticket",
    "tracking",
    "transaction",
    "bestellung",
    "bestellnummer",
    "rechnung",
    "rechnungsnummer",
    "auftrag",
    "vorgang",
    "commande",
    "facture",
    "numero",
    "pedido",
    "factura",
    "ordine",
    "fattura",
    "fatura",
    "bestelling",
    "factuur",
    "iban",
    "pin",
    "code",
    "phone",
    "tel",
    "telephone",
    "mobile",
    "fax",
];

/// A number at the beginning of the words.
pub(super) fn number(words: &[TextWord<'_>], before: Option<&TextWord<'_>>) -> Option<Redaction> {
    let first = words.first()?;
    if is_key(first.core) {
        return Some(Redaction::of(1, NUMBER));
    }
    run(words).or_else(|| mixed(first)).or_else(|| {
        let names = before.is_some_and(|word| NUMBERED.contains(&fold(word.core).as_str()));
        (names && first.digits() >= NAMED_MIN_DIGITS).then(|| Redaction::of(1, NUMBER))
    })
}

/// Digits over one or more words, as phones and account numbers are written.
fn run(words: &[TextWord<'_>]) -> Option<Redaction> {
    let first = words.first().filter(|word| is_numeric(word.core) || is_account_head(word.core))?;
    let mut length = 1;
    while let Some(next) = words.get(length).filter(|next| is_numeric(next.core))
        && !words.get(length - 1).is_some_and(|word| word.ends_clause() || next.lead.contains(['"', '\'']))
    {
        length += 1;
    }
    let digits: usize = words.iter().take(length).map(TextWord::digits).sum();
    let begins_like_phone = first.core.starts_with(['+', '0']) || first.lead.ends_with('(');
    if length == 1 && (is_amount(first.core) || is_version(first.core)) {
        None
    } else if begins_like_phone && digits >= PHONE_MIN_DIGITS {
        Some(Redaction::of(length, PHONE))
    } else if digits >= ID_MIN_DIGITS {
        Some(Redaction::of(length, NUMBER))
    } else {
        None
    }
}

fn is_numeric(core: &str) -> bool {
    core.chars().all(|c| c.is_ascii_digit() || "+-()/.".contains(c))
        && core.contains(|c: char| c.is_ascii_digit())
}

/// The beginning of an IBAN: a country and two digits.
fn is_account_head(core: &str) -> bool {
    core.len() == 4 && core.starts_with(|c: char| c.is_ascii_uppercase()) && {
        let (country, check) = core.split_at(2);
        country.chars().all(|c| c.is_ascii_uppercase()) && check.chars().all(|c| c.is_ascii_digit())
    }
}

/// `10,000` and `1.000.000`: groups of three digits. A number without groups is no amount.
fn is_amount(core: &str) -> bool {
    let mut groups = core.split([',', '.']);
    let first = groups.next().unwrap_or_default();
    let rest: Vec<&str> = groups.collect();
    let is_digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    (1..=3).contains(&first.len())
        && is_digits(first)
        && (1..=2).contains(&rest.len())
        && rest.iter().all(|group| group.len() == 3 && is_digits(group))
}

/// `2.14.100`; four groups are the address of a computer.
fn is_version(core: &str) -> bool {
    let groups: Vec<&str> = core.trim_start_matches('v').split('.').collect();
    (2..=3).contains(&groups.len())
        && groups
            .iter()
            .all(|group| (1..=3).contains(&group.len()) && group.chars().all(|c| c.is_ascii_digit()))
}

/// `T-1042`, `#12345`, `INV2024001`.
fn mixed(word: &TextWord<'_>) -> Option<Redaction> {
    let (core, digits) = (word.core, word.digits());
    let is_hashed = core.starts_with('#') && digits >= 2;
    let has_letter = core.contains(char::is_alphabetic);
    let is_coded = has_letter && core.contains(['-', '#', '/']) && digits >= NAMED_MIN_DIGITS;
    let is_long = digits >= ID_MIN_DIGITS && !is_amount(core) && !is_version(core);
    (is_hashed || is_coded || is_long).then(|| Redaction::of(1, NUMBER))
}

/// A secret as programs make them: long, with letters and digits.
fn is_key(core: &str) -> bool {
    core.len() >= KEY_MIN_CHARS
        && core.chars().all(|c| c.is_ascii_alphanumeric() || "-_=+.".contains(c))
        && core.contains(|c: char| c.is_ascii_digit())
        && core.contains(|c: char| c.is_ascii_alphabetic())
}
