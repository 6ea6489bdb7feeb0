//! Output guard against personal data: finds addresses, numbers and ids that no passage contains. The model never gets
//! another customer's data; this stops what it invents or repeats.

use super::grounds::Grounds;

/// Minimum digits of a phone, card or account number.
const NUMBER_MIN_DIGITS: usize = 7;
/// Hexadecimal digits of a UUID.
const UUID_DIGITS: usize = 32;

pub fn names_somebody_else(text: &str, grounds: &Grounds<'_>) -> bool {
    let text = text.to_lowercase();
    [addresses, numbers, tickets, uuids].into_iter().any(|find: fn(&str) -> Vec<String>| {
        let found = find(&text);
        !found.is_empty() && {
            let known = grounds.known(find);
            found.iter().any(|found| !known.contains(found))
        }
    })
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|c: char| c.is_whitespace() || "<>()[]{}\"'`*|,;".contains(c));
    words.map(|word| word.trim_matches(|c: char| !c.is_alphanumeric() && c != '+'))
}

fn addresses(text: &str) -> Vec<String> {
    let is_address =
        |word: &&str| word.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty());
    words(text).filter(is_address).map(|word| word.trim_start_matches("mailto:").to_owned()).collect()
}

fn tickets(text: &str) -> Vec<String> {
    let is_ticket = |word: &&str| {
        word.strip_prefix("t-").is_some_and(|n| !n.is_empty() && n.chars().all(|c| c.is_ascii_digit()))
    };
    words(text).filter(is_ticket).map(str::to_owned).collect()
}

fn uuids(text: &str) -> Vec<String> {
    let is_uuid = |word: &&str| {
        let digits = word.chars().filter(char::is_ascii_hexdigit).count();
        digits == UUID_DIGITS && word.chars().all(|c| c.is_ascii_hexdigit() || c == '-')
    };
    words(text).filter(is_uuid).map(|word| word.replace('-', "")).collect()
}

/// Long numbers reduced to their digits, whatever separates them.
fn numbers(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut digits = String::new();
    for c in text.chars().chain(['\n']) {
        match c {
            _ if c.is_ascii_digit() => digits.push(c),
            ' ' | '-' | '.' | '(' | ')' | '/' | '\u{a0}' if !digits.is_empty() => {}
            _ => {
                if digits.len() >= NUMBER_MIN_DIGITS {
                    found.push(digits.clone());
                }
                digits.clear();
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::samples::{context, passage};

    #[test]
    fn what_stands_in_the_passages_may_be_said_and_nothing_else() {
        let context = context(&["Bob is bob@example.com, call +1 (555) 010-9999 about T-1041."]);
        let passages = [passage("docs.md#a", "Write to help@techcorp.example or call 0800 123 4567.")];
        let cases = [
            ("Select Forgot password, then wait 10 minutes.", false),
            ("Write to **help@techcorp.example**.", false),
            ("Call 0800-1234567.", false),
            ("Your ticket is T-1042.", false),
            ("Bob's address is bob@example.com.", true),
            ("mailto:bob@example.com", true),
            ("His number is +1 (555) 010-9999.", true),
            ("His card is 4111 1111 1111 1111.", true),
            ("See T-1041 of another customer.", true),
            ("See 0197a9f2-8a6e-4b7e-9d3c-2f1e0d9c8b7a.", true),
        ];
        for (text, expected) in cases {
            let grounds = Grounds::of(&context, &passages, "");
            assert_eq!(names_somebody_else(text, &grounds), expected, "{text}");
        }
    }
}
