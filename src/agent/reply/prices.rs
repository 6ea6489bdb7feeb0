//! Output guard against prices: finds a number beside a currency's sign, code or name.

const SIGNS: &str = "$€£¥₹";
const WORDS: &[&str] = &[
    "usd", "eur", "gbp", "chf", "jpy", "inr", "cad", "aud", "dollar", "dollars", "euro", "euros", "pound",
    "pounds", "bucks", "rupee", "rupees", "cents",
];

pub(super) fn names_amount(text: &str) -> bool {
    let words = words(text);
    words.windows(2).any(|pair| match pair {
        [left, right] => {
            (is_currency(left) && starts_as_number(right)) || (ends_as_number(left) && is_currency(right))
        }
        _ => false,
    })
}

/// The words of a text in lower case; a currency sign is a word of its own, and so are the digits and the letters of
/// `29usd`. A full stop or comma stays with the preceding word, so that sentences do not merge.
fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut last = Kind::Gap;
    for c in text.chars() {
        let kind = Kind::of(c, last);
        if kind != last || kind == Kind::Sign {
            words.push(String::new());
        }
        if kind != Kind::Gap
            && let Some(word) = words.last_mut()
        {
            word.extend(c.to_lowercase());
        }
        last = kind;
    }
    words.retain(|word| !word.is_empty());
    words
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Gap,
    Sign,
    Digits,
    Letters,
    /// Ends a sentence or a clause.
    Stop,
}

impl Kind {
    fn of(c: char, last: Self) -> Self {
        if SIGNS.contains(c) {
            Self::Sign
        } else if c.is_numeric() || (last == Self::Digits && ".,'’".contains(c)) {
            Self::Digits
        } else if c.is_alphabetic() {
            Self::Letters
        } else if ".,;:!?\n".contains(c) {
            Self::Stop
        } else {
            Self::Gap
        }
    }
}

fn is_currency(word: &str) -> bool {
    WORDS.contains(&word) || word.chars().all(|c| SIGNS.contains(c))
}

fn starts_as_number(word: &str) -> bool {
    word.starts_with(char::is_numeric)
}

fn ends_as_number(word: &str) -> bool {
    word.ends_with(char::is_numeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_of_money_is_found_however_it_is_written() {
        for text in [
            "It is $29.",
            "It is $ 29 a month",
            "29$ a seat",
            "€1.299,00",
            "only 29 USD/month",
            "USD 29",
            "twenty? no: 29 dollars.",
            "**£5**",
            "29USD",
            "EUR10",
        ] {
            assert!(names_amount(text), "{text}");
        }
    }

    #[test]
    fn other_numbers_and_currencies_are_no_amounts() {
        for text in [
            "",
            "Select $HOME, then step 3.",
            "The limit is 50 seats.",
            "Invoices are in euros or dollars. 3 copies are sent.",
            "Use 12 characters or more.",
            "Open 5 projects",
        ] {
            assert!(!names_amount(text), "{text}");
        }
    }
}
