//! Output guard against personal data: finds addresses, numbers and ids that no passage contains. The model never gets
//! another customer's data; this stops what it invents or repeats.

use super::grounds::Grounds;
use crate::agent::canonical::Canonical;

mod numbers;

use numbers::numbers;

/// Minimum digits of a ticket's number without the letter.
const TICKET_MIN_DIGITS: usize = 3;
/// Hexadecimal digits of a UUID.
const UUID_DIGITS: usize = 32;
/// Services that reach people outside of the company's channels.
const MESSENGERS: &[&str] = &[
    "telegram",
    "skype",
    "wechat",
    "viber",
    "snapchat",
    "icq",
    "imessage",
    "facetime",
    "threema",
    "kakaotalk",
    "instagram",
    "facebook",
    "messenger",
    "discord",
];
/// Words before such a service that send a customer there.
const REACHED_BY: &[&str] = &[
    "on", "via", "by", "at", "over", "through", "to", "add", "contact", "message", "write", "per", "uber",
    "auf", "por", "sur", "en", "our", "my",
];

pub fn names_other_person(text: &Canonical, grounds: &Grounds<'_>) -> bool {
    let [_, joined] = text.texts();
    [&text.folded, joined].into_iter().any(|text| {
        [addresses, numbers, tickets, uuids, contacts].into_iter().any(|find: fn(&str) -> Vec<String>| {
            let found = find(text);
            !found.is_empty() && {
                let known = grounds.known(find);
                found.iter().any(|found| !known.contains(found))
            }
        })
    })
}

/// Mail addresses; `bob (at) example.com` and `bob at example dot com` are some too.
fn addresses(text: &str) -> Vec<String> {
    let text = ["(at)", "[at]", "{at}", "<at>"]
        .iter()
        .fold(text.to_owned(), |text, at| text.replace(&format!(" {at} "), "@").replace(at, "@"));
    let is_break = |c: char| c.is_whitespace() || "<>()[]{}\"'|,;?&=!:".contains(c);
    let words = text.split(is_break).map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()));
    let is_address =
        |word: &&str| word.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'));
    words.filter(is_address).map(str::to_owned).collect()
}

/// `T-1041`, `T 1041`, `ticket no. 1041`, `#1041`.
fn tickets(text: &str) -> Vec<String> {
    let words: Vec<&str> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let is_number =
        |word: &&&str| word.len() >= TICKET_MIN_DIGITS && word.chars().all(|c| c.is_ascii_digit());
    let named = (0..words.len()).filter_map(|place| {
        let name = words.get(place)?;
        if let Some(number) = name.strip_prefix('t').filter(|number| is_number(&number)) {
            return Some(number);
        }
        match *name {
            "t" => words.get(place + 1).filter(is_number).copied(),
            "ticket" | "tickets" | "case" | "vorgang" => {
                words.iter().skip(place + 1).take(2).find(is_number).copied()
            }
            _ => None,
        }
    });
    named.map(|number| format!("t-{number}")).collect()
}

/// UUIDs, whatever separates their groups.
fn uuids(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut digits = String::new();
    for word in text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
        if word.len() < 4 || !word.chars().all(|c| c.is_ascii_hexdigit()) {
            digits.clear();
            continue;
        }
        digits.push_str(word);
        if digits.len() >= UUID_DIGITS {
            found.push(std::mem::take(&mut digits));
        }
    }
    found
}

/// Services after a word that sends a customer there.
fn contacts(text: &str) -> Vec<String> {
    let words: Vec<&str> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let pairs = words.windows(2).filter_map(|pair| match pair {
        [before, service] if REACHED_BY.contains(before) && MESSENGERS.contains(service) => Some(*service),
        _ => None,
    });
    pairs.map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::samples::{context, handbook, passage};

    #[test]
    fn what_stands_in_the_passages_may_be_said_and_nothing_else() {
        let (context, handbook) =
            (context(&["Bob is bob@example.com, call +1 (555) 010-9999 about T-1041."]), handbook());
        let passages = [passage("docs.md#a", "Write to help@techcorp.example or call 0800 123 4567.")];
        let cases = [
            ("Select Forgot password, then wait 10 minutes.", false),
            ("Write to **help@techcorp.example**.", false),
            ("[us](mailto:help@techcorp.example?subject=Hi)", false),
            ("Call 0800-1234567.", false),
            ("Your ticket is T-1042.", false),
            ("Your ticket number is 1042.", false),
            ("Mention @ann or @team in a comment.", false),
            ("We work on signal processing with Discord bots.", false),
            ("Bob's address is bob@example.com.", true),
            ("bob (at) example.com", true),
            ("mailto:bob@example.com", true),
            ("mailto:help@techcorp.example?cc=bob@example.com", true),
            ("His number is +1 (555) 010-9999.", true),
            ("His card is 4111 1111 1111 1111.", true),
            ("See T-1041 of another customer.", true),
            ("See T‑1041 and ticket no. 1041.", true),
            ("See ticket 1041.", true),
            ("See 0197a9f2-8a6e-4b7e-9d3c-2f1e0d9c8b7a.", true),
            ("https://app.techcorp.example/t/0197a9f2-8a6e-4b7e-9d3c-2f1e0d9c8b7a", true),
            ("0197a9f2 8a6e 4b7e 9d3c 2f1e0d9c8b7a", true),
            ("Write to us on Telegram.", true),
        ];
        for (text, expected) in cases {
            let grounds = Grounds::of(&context, &passages, "", &handbook);
            assert_eq!(names_other_person(&Canonical::of(text), &grounds), expected, "{text}");
        }
    }
}
