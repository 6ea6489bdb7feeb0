//! Characters that people do not see: control characters and terminal sequences, which are removed, and invisible ones,
//! of which alone a text or a name must not consist.

/// Whether a character shows something. White space, control characters, the default ignorable code points of Unicode
/// (UAX #44) and blank symbols do not, nor do marks without a base.
pub fn is_visible(c: char) -> bool {
    !(c.is_whitespace()
        || c.is_control()
        || is_ignorable(c)
        || is_mark(c)
        || matches!(c, '\u{2800}' | '\u{fffc}'))
}

/// Whether a character is a default ignorable code point of Unicode or an annotation; marks aside.
pub fn is_ignorable(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d159}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

/// Combining diacritical marks; those of other scripts come with letters.
fn is_mark(c: char) -> bool {
    matches!(
        c,
        '\u{34f}' | '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}'
            | '\u{fe20}'..='\u{fe2f}'
    )
}

/// The text without terminal sequences (ECMA-48, such as colours) and without control characters other than line breaks
/// and tabs.
pub fn without_controls(text: String) -> String {
    if !text.chars().any(is_removed) {
        return text;
    }
    let mut kept = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match c {
            '\u{1b}' => skip_sequence(&mut rest),
            '\u{9b}' => skip_until(&mut rest, is_final),
            '\u{90}' | '\u{9d}' | '\u{98}' | '\u{9e}' | '\u{9f}' => skip_string(&mut rest),
            c if is_removed(c) => {}
            c => kept.push(c),
        }
    }
    kept
}

fn is_removed(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\r' | '\t')
}

/// What follows an escape character: a control sequence, a string such as a title, or one character.
fn skip_sequence(rest: &mut std::str::Chars<'_>) {
    let mut ahead = rest.clone();
    match ahead.next() {
        Some('[') => {
            *rest = ahead;
            skip_until(rest, is_final);
        }
        Some(']' | 'P' | 'X' | '^' | '_') => {
            *rest = ahead;
            skip_string(rest);
        }
        // Escapes of two or three characters, such as a choice of character set.
        Some('(' | ')' | '*' | '+' | '#' | '%' | ' ') => {
            let _set = ahead.next();
            *rest = ahead;
        }
        Some('0'..='~') => *rest = ahead,
        Some(_) | None => {}
    }
}

/// The last character of a control sequence.
fn is_final(c: char) -> bool {
    matches!(c, '@'..='~')
}

/// Skips parameters up to and with the character that ends them. Anything that is no parameter is text again.
fn skip_until(rest: &mut std::str::Chars<'_>, ends: fn(char) -> bool) {
    let mut ahead = rest.clone();
    while let Some(c) = ahead.next() {
        if ends(c) {
            *rest = ahead;
            return;
        }
        if !matches!(c, ' '..='?') {
            return;
        }
        *rest = ahead.clone();
    }
}

/// Skips a string that ends with BEL or ST. Without an end, only its introducer is no text.
fn skip_string(rest: &mut std::str::Chars<'_>) {
    let mut ahead = rest.clone();
    while let Some(c) = ahead.next() {
        match c {
            '\u{7}' | '\u{9c}' => {
                *rest = ahead;
                return;
            }
            '\u{1b}' => {
                let _backslash = ahead.next();
                *rest = ahead;
                return;
            }
            '\n' => return,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn terminal_output_keeps_its_text() {
        for (text, expected) in [
            ("plain\ttext\r\n", "plain\ttext\r\n"),
            ("\u{1b}[1;31merror\u{1b}[0m: failed", "error: failed"),
            ("\u{9b}31merror\u{9b}m", "error"),
            ("\u{1b}]0;title\u{7}$ ls", "$ ls"),
            ("\u{1b}]8;;https://a.example\u{1b}\\link\u{1b}]8;;\u{1b}\\", "link"),
            ("\u{1b}(Bok\u{1b}c", "ok"),
            ("page 1\u{c}page 2\u{b}", "page 1page 2"),
            ("a\u{85}b\u{80}c\u{9f}d", "abcd"),
            ("bell\u{7} back\u{8} del\u{7f}", "bell back del"),
            ("\u{1b}", ""),
            ("\u{1b}[31", ""),
            ("\u{1b}]never ends", "never ends"),
        ] {
            assert_eq!(without_controls(text.to_owned()), expected, "{text:?}");
        }
    }

    #[test]
    fn invisible_characters_show_nothing() {
        for c in "\u{200b}\u{200d}\u{ad}\u{2060}\u{feff}\u{3164}\u{2800}\u{e0041}\u{fe0f}\u{115f}\u{202e} \u{a0}\n\u{300}\u{34f}\u{3000}".chars() {
            assert!(!is_visible(c), "{c:?}");
        }
        for c in "aé李ه한?👍.ऽ".chars() {
            assert!(is_visible(c), "{c:?}");
        }
    }

    proptest! {
        #[test]
        fn no_control_character_is_left_and_nothing_is_added(text in "(\\PC|\u{1b}|\u{9b}|\u{9d}|\\[|31m|\u{7}|\n|\t){0,60}") {
            let cleaned = without_controls(text.clone());
            prop_assert!(!cleaned.chars().any(is_removed));
            prop_assert!(cleaned.len() <= text.len());
            prop_assert_eq!(without_controls(cleaned.clone()), cleaned);
        }
    }
}
