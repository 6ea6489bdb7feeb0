//! Long numbers: phones, cards, accounts. Dates, versions and thousands are none of them.

/// Minimum digits of a phone, card or account number.
const NUMBER_MIN_DIGITS: usize = 7;
/// Digits of a card's number (ISO/IEC 7812).
const CARD_DIGITS: std::ops::RangeInclusive<usize> = 13..=19;
/// Maximum characters between two groups of digits of one number.
const MAX_GAP: usize = 3;
/// Characters inside numbers of every kind; others occur in lists too, so that they only count in a card's number.
const SOFT: &str = " -.()/\u{a0}_*+·•~'|";
/// Words for single digits, as people dictate them.
const DIGIT_WORDS: &[(&str, char)] = &[
    ("zero", '0'),
    ("oh", '0'),
    ("null", '0'),
    ("cero", '0'),
    ("one", '1'),
    ("eins", '1'),
    ("uno", '1'),
    ("un", '1'),
    ("two", '2'),
    ("zwei", '2'),
    ("zwo", '2'),
    ("dos", '2'),
    ("deux", '2'),
    ("three", '3'),
    ("drei", '3'),
    ("tres", '3'),
    ("trois", '3'),
    ("four", '4'),
    ("vier", '4'),
    ("cuatro", '4'),
    ("quatre", '4'),
    ("five", '5'),
    ("funf", '5'),
    ("cinco", '5'),
    ("cinq", '5'),
    ("six", '6'),
    ("sechs", '6'),
    ("seis", '6'),
    ("seven", '7'),
    ("sieben", '7'),
    ("siete", '7'),
    ("sept", '7'),
    ("eight", '8'),
    ("acht", '8'),
    ("ocho", '8'),
    ("huit", '8'),
    ("nine", '9'),
    ("neun", '9'),
    ("nueve", '9'),
    ("neuf", '9'),
];

/// A group of digits, and what separates it from the one before.
#[derive(Clone, Debug)]
struct DigitGroup<'a> {
    gap: &'a str,
    digits: &'a str,
}

/// Long numbers of a text by their digits.
pub(super) fn numbers(text: &str) -> Vec<String> {
    let text = with_digits(text);
    let (mut found, mut run) = (Vec::new(), Vec::new());
    let mut rest = text.as_str();
    while let Some((gap, from)) = rest.find(|c: char| c.is_ascii_digit()).map(|start| rest.split_at(start)) {
        let (digits, after) = from.split_at(from.find(|c: char| !c.is_ascii_digit()).unwrap_or(from.len()));
        if gap.contains(|c: char| c.is_alphabetic() || c == '\n') || gap.chars().count() > MAX_GAP {
            collect(&run, &mut found);
            run.clear();
        }
        run.push(DigitGroup { gap, digits });
        rest = after;
    }
    collect(&run, &mut found);
    found
}

/// Numbers that a run of groups contains.
fn collect(run: &[DigitGroup<'_>], found: &mut Vec<String>) {
    let all: String = run.iter().map(|group| group.digits).collect();
    if CARD_DIGITS.contains(&all.len()) && is_card(&all) {
        found.push(all);
        return;
    }
    let mut part: Vec<&DigitGroup<'_>> = Vec::new();
    for group in run {
        let is_soft = group.gap.chars().all(|c| SOFT.contains(c));
        if !part.is_empty() && !is_soft {
            push_number(&part, found);
            part.clear();
        }
        part.push(group);
    }
    push_number(&part, found);
}

fn push_number(part: &[&DigitGroup<'_>], found: &mut Vec<String>) {
    let mut part = part;
    // Dates and versions at the beginning and the end do not belong to the number.
    while let Some(length) = harmless_prefix(part) {
        part = part.get(length..).unwrap_or_default();
    }
    let digits: String = part.iter().map(|group| group.digits).collect();
    if digits.len() >= NUMBER_MIN_DIGITS {
        found.push(digits);
    }
}

/// How many groups at the beginning are a date, a version, or a number with separators of thousands.
fn harmless_prefix(part: &[&DigitGroup<'_>]) -> Option<usize> {
    let first = part.first()?;
    let is_plus = first.gap.ends_with(['+', '(']);
    let same = |gap: &str, limit: usize| {
        let after = part.iter().skip(1).take(limit).take_while(|group| group.gap == gap).count();
        after + 1
    };
    if is_plus {
        return None;
    }
    let digits: Vec<&str> = part.iter().map(|group| group.digits).collect();
    let separated = |place: usize| part.get(place).is_some_and(|group| ["-", ".", "/"].contains(&group.gap));
    if let [a, b, c, ..] = digits.as_slice()
        && separated(1)
        && separated(2)
        && is_date(a, b, c)
    {
        return Some(3);
    }
    if first.digits.len() == 4
        && first.digits.starts_with(['1', '2'])
        && part.get(1).is_none_or(|next| next.gap == " " || next.gap == "-")
        && is_year(first.digits)
        && part.len() <= 2
        && part.get(1).is_none_or(|next| next.digits.len() <= 4)
    {
        return Some(part.len());
    }
    let dots = same(".", 5);
    let is_version = dots >= 3
        && part.iter().take(dots).all(|group| group.digits.len() <= 5)
        && !is_phone_like(&digits, dots);
    let is_decimal = dots == 2 && part.get(1).is_some_and(|group| group.digits.len() <= 6);
    let is_thousands = dots >= 2
        && first.digits.len() <= 3
        && part.iter().skip(1).take(dots - 1).all(|group| group.digits.len() == 3);
    (is_version || is_decimal || is_thousands).then_some(dots)
}

/// Versions begin with small numbers; groups of two and more digits each are dictated phone numbers.
fn is_phone_like(digits: &[&str], dots: usize) -> bool {
    let groups = digits.get(..dots).unwrap_or_default();
    let total: usize = groups.iter().map(|group| group.len()).sum();
    let first = groups.first().copied().unwrap_or_default();
    total >= NUMBER_MIN_DIGITS
        && (first.starts_with('0') && first.len() > 1 || groups.iter().all(|group| group.len() >= 2))
}

fn is_date(a: &str, b: &str, c: &str) -> bool {
    let value = |text: &str| text.parse::<u32>().unwrap_or(u32::MAX);
    let (day, month) = (1..=31, 1..=12);
    let is_day = |text: &str| text.len() <= 2 && day.contains(&value(text));
    let is_month = |text: &str| text.len() <= 2 && month.contains(&value(text));
    (is_year(a) && is_month(b) && is_day(c))
        || ((is_year(c) || c.len() == 2) && (is_day(a) && is_month(b) || is_month(a) && is_day(b)))
}

fn is_year(text: &str) -> bool {
    text.len() == 4 && matches!(text.parse::<u32>(), Ok(1900..=2199))
}

/// The check digit of card numbers (ISO/IEC 7812-1, Luhn).
fn is_card(digits: &str) -> bool {
    let values = digits.chars().rev().filter_map(|c| c.to_digit(10));
    let sum: u32 = values
        .enumerate()
        .map(|(place, digit)| match (place % 2 == 1, digit * 2) {
            (false, _) => digit,
            (true, doubled) if doubled > 9 => doubled - 9,
            (true, doubled) => doubled,
        })
        .sum();
    sum.is_multiple_of(10) && digits.starts_with(['3', '4', '5', '6'])
}

/// Dictated digits as figures.
fn with_digits(text: &str) -> String {
    let mut read = String::with_capacity(text.len());
    let mut run: Vec<&str> = Vec::new();
    let digit = |piece: &str| {
        let word = piece.trim_matches(|c: char| !c.is_alphanumeric());
        DIGIT_WORDS.iter().find(|(name, _)| *name == word).map(|(_, digit)| *digit)
    };
    let flush = |read: &mut String, run: &mut Vec<&str>| {
        if run.len() >= NUMBER_MIN_DIGITS {
            read.extend(run.iter().filter_map(|piece| digit(piece)));
            read.push(' ');
        } else {
            read.extend(run.iter().copied());
        }
        run.clear();
    };
    for piece in text.split_inclusive([' ', '-', '\n']) {
        if digit(piece).is_some() {
            run.push(piece);
        } else {
            flush(&mut read, &mut run);
            read.push_str(piece);
        }
    }
    flush(&mut read, &mut run);
    read
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_numbers_are_found_whatever_separates_their_digits() {
        for (text, expected) in [
            ("+1 (555) 010-9999", "15550109999"),
            ("4111 1111 1111 1111", "4111111111111111"),
            ("4111_1111_1111_1111", "4111111111111111"),
            ("4111, 1111, 1111, 1111", "4111111111111111"),
            ("4111*1111*1111*1111", "4111111111111111"),
            ("4111:1111:1111:1111", "4111111111111111"),
            ("0800.123.4567", "08001234567"),
            ("030 | 123 | 45 67", "0301234567"),
            ("123-45-6789", "123456789"),
            ("four one one one one one one one", "41111111"),
            ("de89 3704 0044 0532 0130 00", "89370400440532013000"),
        ] {
            assert_eq!(numbers(text), [expected], "{text}");
        }
    }

    #[test]
    fn dates_versions_lists_and_thousands_are_no_such_numbers() {
        for text in [
            "2030-05-31",
            "31.05.2030 14:00",
            "5/31/2030",
            "2030-05-31t14:00:00z",
            "from 2024-2025",
            "version 10.0.19045.3693",
            "1,000,000 or 10.000.000",
            "1. open\n2. select\n3. save",
            "10, 20, 30, 40, 50",
            "steps 1-4",
            "one two three",
        ] {
            assert_eq!(numbers(text), Vec::<String>::new(), "{text}");
        }
    }
}
