//! Sanitizer: removes from a reply what a customer cannot see but a program acts on, and stacked accents. It adds nothing.

use unicode_normalization::char::is_combining_mark;

use crate::domain::wording::characters;

/// Accents that one letter may carry; real orthographies need at most three.
const MAX_MARKS: usize = 4;

/// The text without control characters, direction overrides, tags, invisible characters and surplus accents.
pub fn visible(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let mut kept = String::with_capacity(text.len());
    let (mut last, mut marks) = (None, 0);
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let c = match c {
            '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{b}' | '\u{c}' => '\n',
            c => c,
        };
        marks = if is_combining_mark(c) { marks + 1 } else { 0 };
        let is_needed = match c {
            '\n' | '\t' => true,
            '\u{200c}' | '\u{200d}' => joins(last, rest.peek().copied()),
            '\u{fe0e}' | '\u{fe0f}' => last.is_some_and(takes_variation),
            c => !c.is_control() && !is_ignorable(c) && marks <= MAX_MARKS,
        };
        if is_needed {
            kept.push(c);
            last = Some(c);
        }
    }
    kept
}

/// Zero-width joiners are part of words in some scripts and of emoji; between Latin letters they only hide something.
fn joins(before: Option<char>, after: Option<char>) -> bool {
    let is_joined = |c: char| !c.is_ascii() && !is_ignorable(c) && !is_latin(c) || c == '\u{fe0f}';
    before.is_some_and(is_joined) && after.is_some_and(is_joined)
}

fn takes_variation(c: char) -> bool {
    c.is_ascii_digit() || c == '#' || c == '*' || (!c.is_ascii() && !c.is_alphanumeric() && !is_ignorable(c))
}

fn is_latin(c: char) -> bool {
    matches!(c, '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}')
}

/// Whether a character has no visible form; beside those of the domain, the grapheme joiner, the blank Braille cell and
/// noncharacters.
pub(super) fn is_ignorable(c: char) -> bool {
    let is_noncharacter = (u32::from(c) & 0xfffe) == 0xfffe || matches!(c, '\u{fdd0}'..='\u{fdef}');
    is_noncharacter || characters::is_ignorable(c) || matches!(c, '\u{34f}' | '\u{2800}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_removed_and_the_rest_stays() {
        let stacked = format!("a{}b", "\u{301}".repeat(40));
        let cases = [
            ("Open\u{0} it\u{1b}[31m\r\nnow\u{7}", "Open it[31m\nnow"),
            ("\u{202e}moc.live\u{202c}", "moc.live"),
            ("a\u{e0041}\u{e0042}b", "ab"),
            ("re\u{ad}fu\u{200b}nd\u{2060}", "refund"),
            ("a\u{200d}b e\u{200c}\u{e9}", "ab e\u{e9}"),
            (
                "\u{1f468}\u{200d}\u{1f469} \u{2764}\u{fe0f} 1\u{fe0f}\u{20e3}",
                "\u{1f468}\u{200d}\u{1f469} \u{2764}\u{fe0f} 1\u{fe0f}\u{20e3}",
            ),
            ("\u{6a9}\u{200c}\u{6be}", "\u{6a9}\u{200c}\u{6be}"),
            ("x\u{fe0f}\u{e0101}y", "xy"),
            ("Größe, naïve: e\u{301}\t.", "Größe, naïve: e\u{301}\t."),
            (stacked.as_str(), "a\u{301}\u{301}\u{301}\u{301}b"),
        ];
        for (text, expected) in cases {
            assert_eq!(visible(text), expected, "{text:?}");
        }
    }
}
