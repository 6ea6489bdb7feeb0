//! Lenient JSON: strings may hold raw control characters, unknown escapes and lone surrogates, as models and servers
//! write them. Structure is not repaired.

use serde_json::Value;

/// Where lone surrogates are kept inside a `String`: as the private characters from here on, one for each of
/// U+D800..U+DFFF. Halves that a server has put into two chunks can so be joined.
const HALVES: u32 = 0x10_F800;
const SURROGATES: u32 = 0xD800;
const LOW_SURROGATES: u32 = 0xDC00;
const SURROGATES_END: u32 = 0xE000;

/// The value of a JSON text; `None` if it is none even when its strings are repaired.
pub fn parse(text: &str) -> Option<Value> {
    let text = text.trim().trim_start_matches('\u{feff}');
    serde_json::from_str(text).ok().or_else(|| serde_json::from_str(&repaired(text)).ok())
}

/// The values of a text that holds several, one after another, and the text after the last.
pub fn parse_all(text: &str) -> (Vec<Value>, String) {
    let text = repaired(text);
    let mut values = Vec::new();
    let mut end = 0;
    let mut stream = serde_json::Deserializer::from_str(&text).into_iter::<Value>();
    while let Some(Ok(value)) = stream.next() {
        values.push(value);
        end = stream.byte_offset();
    }
    (values, text.get(end..).unwrap_or_default().trim().to_owned())
}

/// The text with strings that JSON allows.
fn repaired(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    let mut is_inside = false;
    while let Some(c) = chars.next() {
        match c {
            '"' => {
                is_inside = !is_inside;
                out.push(c);
            }
            '\\' if is_inside => escape(&mut chars, &mut out),
            c if is_inside && c.is_control() && u32::from(c) < 0x20 => {
                out.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            c => out.push(c),
        }
    }
    out
}

/// Copies what follows a backslash; an escape that JSON does not know becomes its character.
fn escape(chars: &mut std::str::Chars<'_>, out: &mut String) {
    match chars.clone().next() {
        Some('u') => {
            chars.next();
            unicode(chars, out);
        }
        Some(c @ ('"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't')) => {
            chars.next();
            out.push('\\');
            out.push(c);
        }
        // The backslash is dropped, what follows is read again.
        Some(_) | None => {}
    }
}

fn unicode(chars: &mut std::str::Chars<'_>, out: &mut String) {
    let Some(code) = hex4(chars) else {
        return;
    };
    if !(SURROGATES..SURROGATES_END).contains(&code) {
        out.push_str(&format!("\\u{code:04x}"));
        return;
    }
    let mut ahead = chars.clone();
    let low = (ahead.next() == Some('\\') && ahead.next() == Some('u')).then(|| hex4(&mut ahead)).flatten();
    match low.filter(|low| (LOW_SURROGATES..SURROGATES_END).contains(low) && code < LOW_SURROGATES) {
        Some(low) => {
            out.push_str(&format!("\\u{code:04x}\\u{low:04x}"));
            *chars = ahead;
        }
        None => out.extend(char::from_u32(HALVES + code - SURROGATES)),
    }
}

fn hex4(chars: &mut std::str::Chars<'_>) -> Option<u32> {
    let digits: String = chars.clone().take(4).collect();
    let is_hex = digits.len() == 4 && digits.chars().all(|c| c.is_ascii_hexdigit());
    if !is_hex {
        return None;
    }
    chars.nth(3);
    u32::from_str_radix(&digits, 16).ok()
}

/// A text with halves of characters joined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JoinedText {
    pub text: String,
    /// Whether a half has no other half; it became U+FFFD.
    pub has_half: bool,
}

pub fn join_halves(text: &str) -> JoinedText {
    let mut joined = JoinedText { text: String::with_capacity(text.len()), has_half: false };
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let Some(half) = half_of(c) else {
            joined.text.push(c);
            continue;
        };
        let low = chars.peek().copied().and_then(half_of).filter(|low| *low >= LOW_SURROGATES);
        match low.filter(|_| half < LOW_SURROGATES) {
            Some(low) => {
                chars.next();
                let code = 0x10000 + ((half - SURROGATES) << 10) + (low - LOW_SURROGATES);
                joined.text.extend(char::from_u32(code));
            }
            None => {
                joined.has_half = true;
                joined.text.push('\u{fffd}');
            }
        }
    }
    joined
}

fn half_of(c: char) -> Option<u32> {
    u32::from(c)
        .checked_sub(HALVES)
        .filter(|offset| *offset < SURROGATES_END - SURROGATES)
        .map(|n| n + SURROGATES)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn strings_are_repaired_and_structure_is_not() {
        let cases = [
            ("{\"a\": \"x\ny\"}", Some(json!({"a": "x\ny"}))),
            (r#"{"a": "snake\_case \$5 \'x\'"}"#, Some(json!({"a": "snake_case $5 'x'"}))),
            (r#"{"a": "\ud83d\ude00 \\u \u00e9"}"#, Some(json!({"a": "😀 \\u é"}))),
            ("\u{feff} {\"a\": 1} ", Some(json!({"a": 1}))),
            (r#"{"a": "x"#, None),
            (r#"{a: 1}"#, None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(parse(text), expected, "{text}");
        }
    }

    #[test]
    fn halves_of_a_character_in_two_chunks_are_joined_and_a_lone_one_is_noticed() {
        let string = |text: &str| parse(text).unwrap().as_str().unwrap().to_owned();
        let both = string(r#""Hi \ud83d""#) + &string(r#""\ude00!""#);
        assert_eq!(join_halves(&both), JoinedText { text: "Hi 😀!".to_owned(), has_half: false });
        for lone in [r#""\ud83d""#, r#""\ude00""#, r#""\ud83dx""#, r#""\ud83d\u0041""#, r#""\ude00\ud83d""#] {
            let joined = join_halves(&string(lone));
            assert!(joined.has_half && joined.text.contains('\u{fffd}'), "{lone}: {joined:?}");
        }
    }

    #[test]
    fn several_values_are_read_with_what_follows_them() {
        let (values, rest) = parse_all(r#"{"a": 1}{"b": 2} </tool_call>"#);
        assert_eq!((values, rest.as_str()), (vec![json!({"a": 1}), json!({"b": 2})], "</tool_call>"));
    }

    proptest! {
        #[test]
        fn valid_json_is_read_as_it_is(text in "\\PC*") {
            let value = json!({ "a": text });
            prop_assert_eq!(parse(&repaired(&value.to_string())), Some(value));
        }

        #[test]
        fn nothing_makes_it_panic(text in ".*") {
            let _value = parse(&text);
            let _values = parse_all(&text);
            let _joined = join_halves(&text);
        }
    }
}
