//! Confusables: maps a character that looks like an ASCII one to it, by the data of Unicode's UTS 39 and some letter-like
//! symbols that it leaves out.

use unicode_normalization::char::is_combining_mark;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};
use unicode_security::skeleton;

/// Phonetic small capitals, which no normalisation maps to letters.
const SMALL_CAPITALS: [(&str, &str); 2] =
    [("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnopqrstuvwyz"), ("ɡɩɾʋɑɐǝɥ", "girvaaeh")];
/// Where a run of 26 letters or of digits from 1 begins.
const LETTERS: [u32; 4] = [0x1f1e6, 0x1f150, 0x1f170, 0x1f130];
const DIGITS: [u32; 4] = [0x2776, 0x2780, 0x278a, 0x24f5];
/// Longest run of decimal digits in Unicode, the mathematical ones.
const LONGEST_RUN: u32 = 50;

/// Appends a lower-case character as the ASCII text that it looks like, or unchanged if it looks like none.
pub(super) fn push_folded(folded: &mut String, c: char) {
    match c {
        c if c.is_ascii() => folded.push(c),
        'ß' => folded.push_str("ss"),
        'æ' => folded.push_str("ae"),
        'œ' => folded.push_str("oe"),
        'þ' => folded.push_str("th"),
        '。' | 'ꓸ' => folded.push('.'),
        c if is_currency_sign(c) => folded.push(c),
        c => match digit(c).or_else(|| letter(c)) {
            Some(plain) => folded.push(plain),
            None => match looks_like(c).or_else(|| c.to_uppercase().next().and_then(looks_like)) {
                Some(plain) => folded.push_str(&plain),
                None => folded.push(c),
            },
        },
    }
}

pub fn is_currency_sign(c: char) -> bool {
    c.general_category() == GeneralCategory::CurrencySymbol
}

fn looks_like(c: char) -> Option<String> {
    let mut buffer = [0; 4];
    let plain: String = skeleton(c.encode_utf8(&mut buffer)).filter(|c| !is_combining_mark(*c)).collect();
    // A letter that resembles a figure stays a letter.
    let is_letter = !c.is_alphabetic() || plain.chars().all(|c| c.is_ascii_alphabetic());
    let is_plain = !plain.is_empty() && plain.is_ascii() && is_letter;
    is_plain.then(|| if plain == "rn" { "m".to_owned() } else { plain.to_lowercase() })
}

fn letter(c: char) -> Option<char> {
    let small = SMALL_CAPITALS.iter().find_map(|(capitals, letters)| {
        capitals.chars().position(|capital| capital == c).and_then(|place| letters.chars().nth(place))
    });
    small.or_else(|| {
        let place = LETTERS.iter().find_map(|first| u32::from(c).checked_sub(*first).filter(|n| *n < 26))?;
        u8::try_from(place).ok().map(|place| char::from(b'a' + place))
    })
}

/// The value of a digit of any script: decimal digits come in runs of ten.
fn digit(c: char) -> Option<char> {
    let code = u32::from(c);
    let value = if c.general_category() == GeneralCategory::DecimalNumber {
        let is_digit = |code: u32| {
            char::from_u32(code).is_some_and(|c| c.general_category() == GeneralCategory::DecimalNumber)
        };
        (1..LONGEST_RUN).take_while(|back| code.checked_sub(*back).is_some_and(is_digit)).count() % 10
    } else {
        let place = DIGITS.iter().find_map(|first| code.checked_sub(*first).filter(|n| *n < 9))?;
        usize::try_from(place).ok()? + 1
    };
    u32::try_from(value).ok().and_then(|value| char::from_digit(value, 10))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_becomes_the_ascii_one_that_it_looks_like() {
        for (text, expected) in [
            ("аѕаnа", "asana"),
            ("тreллο", "treллo"),
            ("сlιскuр", "clickup"),
            ("ᴀꜱᴀɴᴀ", "asana"),
            ("🇦🇸🇦🇳🇦", "asana"),
            ("🅰🅢🅰🅝🅰", "asana"),
            ("٢٩۲۹", "2929"),
            ("❷❾", "29"),
            ("straße", "strasse"),
            ("₤₽€", "₤₽€"),
            ("evilꓸcom", "evil.com"),
        ] {
            let mut folded = String::new();
            text.chars().for_each(|c| push_folded(&mut folded, c));
            assert_eq!(folded, expected);
        }
    }
}
