//! Tokenizer of the price guard: words, numbers, currency signs, and where a clause or a sentence ends.

use super::currencies::is_sign;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum PriceToken {
    Word(String),
    Number { value: String, is_decimal: bool, is_marked: bool },
    Sign(String),
    Comma,
    Stop,
}

impl PriceToken {
    /// `29,-` and `29.–` are prices without a currency.
    pub fn is_marked_price(&self) -> bool {
        matches!(self, Self::Number { is_marked: true, .. })
    }
}

/// Characters before a variable such as `$1`.
const BEFORE_VARIABLES: &str = "`'\"/\\{=_-";

pub(super) fn tokens(text: &str) -> Vec<PriceToken> {
    let characters: Vec<char> = text.chars().collect();
    let (mut tokens, mut place) = (Vec::new(), 0);
    while let Some(c) = characters.get(place).copied() {
        let rest = characters.get(place..).unwrap_or_default();
        let length = if c.is_ascii_digit() {
            let (token, length) = number(rest);
            tokens.extend(token);
            length
        } else if is_sign(c) {
            if !is_variable(&characters, place) {
                tokens.push(PriceToken::Sign(c.to_string()));
            }
            1
        } else if c.is_alphabetic() {
            let length = rest.iter().take_while(|c| c.is_alphabetic() || **c == '\'').count();
            let word = rest.iter().take(length).filter(|c| c.is_alphabetic()).collect();
            tokens.push(PriceToken::Word(word));
            length
        } else {
            let ends = rest.get(1).is_none_or(|next| next.is_whitespace());
            match c {
                '%' => tokens.push(PriceToken::Word("percent".to_owned())),
                '\n' => tokens.push(PriceToken::Stop),
                '.' | '!' | '?' | ';' if ends && !after_short_word(&tokens) => tokens.push(PriceToken::Stop),
                ',' | ':' if ends => tokens.push(PriceToken::Comma),
                '/' => tokens.push(PriceToken::Word("per".to_owned())),
                _ => {}
            }
            1
        };
        place += length.max(1);
    }
    tokens
}

/// `Rs. 29` and `Fr. 29`: the full stop of an abbreviation ends no sentence.
fn after_short_word(tokens: &[PriceToken]) -> bool {
    matches!(tokens.last(), Some(PriceToken::Word(word)) if word.len() <= 3)
}

/// A number with its separators, in one spelling; nothing for a time.
fn number(rest: &[char]) -> (Option<PriceToken>, usize) {
    let is_digit = |place: usize| rest.get(place).is_some_and(char::is_ascii_digit);
    let mut length = 0;
    while is_digit(length)
        || (rest.get(length).is_some_and(|c| ".,'".contains(*c)) && is_digit(length + 1))
        || is_group(rest, length)
    {
        length += 1;
    }
    let is_time = rest.get(length) == Some(&':') && is_digit(length + 1);
    if is_time {
        let minutes = rest.iter().skip(length + 1).take_while(|c| c.is_ascii_digit() || **c == ':').count();
        return (None, length + 1 + minutes);
    }
    let written: String = rest.iter().take(length).filter(|c| **c != ' ').collect();
    let is_marked = rest.get(length).is_some_and(|c| ".,".contains(*c))
        && rest.get(length + 1) == Some(&'-')
        && !rest.get(length + 2).is_some_and(|c| c.is_alphanumeric());
    let (value, is_decimal) = plain_number(&written);
    (Some(PriceToken::Number { value, is_decimal, is_marked }), length)
}

/// A blank before exactly three digits separates thousands.
fn is_group(rest: &[char], place: usize) -> bool {
    let digits = rest.iter().skip(place + 1).take_while(|c| c.is_ascii_digit()).count();
    let before = place.checked_sub(1).and_then(|place| rest.get(place)).is_some_and(char::is_ascii_digit);
    rest.get(place) == Some(&' ') && before && digits == 3
}

/// A number without separators of thousands and trailing zeros, and whether it has cents.
fn plain_number(written: &str) -> (String, bool) {
    let last = written.rfind(|c: char| !c.is_ascii_digit());
    let decimals = last.and_then(|place| written.get(place + 1..)).filter(|decimals| decimals.len() <= 2);
    let whole = match (last, decimals) {
        (Some(place), Some(_)) => written.get(..place).unwrap_or_default(),
        (_, None) | (None, _) => written,
    };
    let whole: String = whole.chars().filter(char::is_ascii_digit).collect();
    let whole = whole.trim_start_matches('0');
    let fraction = decimals.unwrap_or_default().trim_end_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let value = if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") };
    (value, decimals.is_some_and(|decimals| decimals.len() == 2))
}

/// `$1` in code is the name of a value.
fn is_variable(characters: &[char], place: usize) -> bool {
    let at = |place: Option<usize>| place.and_then(|place| characters.get(place)).copied();
    let is_named = at(place.checked_sub(1)).is_some_and(|c| BEFORE_VARIABLES.contains(c));
    let digits = characters.iter().skip(place + 1).take_while(|c| c.is_ascii_digit()).count();
    let is_decimal = at(Some(place + 1 + digits)).is_some_and(|c| ".,".contains(c))
        && at(Some(place + 2 + digits)).is_some_and(|c| c.is_ascii_digit());
    at(Some(place)) == Some('$') && is_named && digits == 1 && !is_decimal
}
