//! Output guard against active markup: HTML outside of code, images, and links that execute or carry something. Harmless
//! placeholders such as `<your name>` become code, so that no program takes them for an element.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, LinkType, Parser, Tag};

use super::grounds::Grounds;
use crate::agent::canonical::decoded;

mod angles;

/// Whether a character may follow.
type Follows = fn(char) -> bool;

/// Schemes that need no slashes to do something, and what follows them if they are meant as such.
const SCHEMES: [(&str, Follows); 13] = [
    ("javascript:", is_any),
    ("vbscript:", is_any),
    ("livescript:", is_any),
    ("data:", |c| c.is_ascii_alphabetic() || ",;".contains(c)),
    ("file:", |c| c == '/'),
    ("blob:", is_any),
    ("tel:", is_number),
    ("sms:", is_number),
    ("callto:", is_any),
    ("skype:", is_any),
    ("magnet:", |c| c == '?'),
    ("intent:", |c| "/#".contains(c)),
    ("view-source:", is_any),
];

fn is_any(c: char) -> bool {
    !c.is_whitespace()
}

fn is_number(c: char) -> bool {
    c == '+' || c.is_ascii_digit()
}

/// The text without angle brackets that a program could take for HTML; nothing if it is active.
pub fn defused(text: &str, grounds: &Grounds<'_>) -> Option<String> {
    let code = code_ranges(text)?;
    let text = angles::escaped(text, &code)?;
    let mut prose = String::with_capacity(text.len());
    let mut start = 0;
    for range in code_ranges(&text)? {
        prose.push_str(text.get(start..range.start).unwrap_or_default());
        prose.push(' ');
        start = range.end;
    }
    prose.push_str(text.get(start..).unwrap_or_default());
    let prose = decoded(&prose);
    let is_active = angles::has_element(&prose)
        || (prose.contains("![") && prose.contains("](") && code_ranges(&prose).is_none())
        || has_scheme(&decoded(&text), grounds);
    (!is_active).then_some(text)
}

/// The ranges of fenced and inline code, in order; nothing if there is an image or a link that is no plain web link.
fn code_ranges(text: &str) -> Option<Vec<Range<usize>>> {
    let mut ranges = Vec::new();
    for (event, range) in Parser::new(text).into_offset_iter() {
        if let Event::Start(Tag::Link { link_type, dest_url, .. }) = &event
            && !is_plain_link(*link_type, dest_url)
        {
            return None;
        }
        if matches!(event, Event::Start(Tag::Image { .. })) {
            return None;
        }
        if matches!(event, Event::Code(_) | Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_)))) {
            ranges.push(range);
        }
    }
    Some(ranges)
}

fn is_plain_link(kind: LinkType, target: &str) -> bool {
    let target = decoded(target).to_lowercase();
    let is_web = ["http://", "https://", "mailto:"].iter().any(|scheme| target.starts_with(scheme));
    matches!(kind, LinkType::Email) || (is_web && !target.contains(char::is_whitespace))
}

/// Whether a text holds a link that executes or carries something, or one of a scheme that no document uses.
fn has_scheme(decoded: &str, grounds: &Grounds<'_>) -> bool {
    // Browsers ignore line ends and control characters inside a scheme (WHATWG URL, 4.4).
    let squeezed: String = decoded.to_lowercase().chars().filter(|c| !c.is_control()).collect();
    let is_used = |(scheme, follows): &(&str, Follows)| {
        squeezed.match_indices(scheme).any(|(place, _)| {
            let before = squeezed.get(..place).and_then(|before| before.chars().next_back());
            let next = squeezed.get(place + scheme.len()..).and_then(|rest| rest.chars().next());
            before.is_none_or(|c| !c.is_alphanumeric() || scheme.contains("script"))
                && next.is_some_and(follows)
        })
    };
    SCHEMES.iter().any(is_used)
        || squeezed.match_indices("://").any(|(place, _)| {
            let scheme = squeezed.get(..place).unwrap_or_default();
            let start =
                scheme.rfind(|c: char| !c.is_ascii_alphanumeric() && !"+-.".contains(c)).map_or(0, |n| n + 1);
            let scheme = scheme.get(start..).unwrap_or_default();
            !matches!(scheme, "http" | "https" | "") && !grounds.documents_contain(&format!("{scheme}://"))
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::samples::{context, handbook, passage};

    fn defused(text: &str) -> Option<String> {
        let (context, handbook) = (context(&["Why?"]), handbook());
        let passages = [passage("a.md#a", "Connect to wss://stream.techcorp.example.")];
        super::defused(text, &Grounds::of(&context, &passages, "", &handbook))
    }

    #[test]
    fn what_does_more_than_show_text_is_refused() {
        for text in [
            "<script>alert(1)</script>",
            "<IMG src=x onerror=y>",
            "a <img src=x",
            "</a>",
            "<!-- x -->",
            "<?php x",
            "<x onclick=alert(1)>",
            "<svg/onload=x>",
            "&lt;img src=x&gt;",
            "&amp;lt;script&amp;gt;",
            "%3Cscript%3E",
            "＜script＞",
            "`open <script>alert(1)</script>",
            "    <script>x</script>",
            "[click](javascript:alert(1))",
            "[click](java\nscript:alert(1))",
            "[click](<java&#10;script:alert(1)>)",
            "[click](JaVaScRiPt:alert(1))",
            "[click](/settings)",
            "[click][1]\n\n[1]: data:text/html,x",
            "Open javascript:alert(1)",
            "![logo](https://app.techcorp.example/x.png)",
            "![logo][1]\n\n[1]: https://app.techcorp.example/x.png",
            "[x](data:text/html;base64,AAAA)",
            "file:///etc/passwd",
            "Open ftp://files.techcorp.example",
            "Call tel:+4930123",
        ] {
            assert_eq!(defused(text), None, "{text}");
        }
    }

    #[test]
    fn text_and_code_stay_and_placeholders_become_code() {
        for text in [
            "a < b and b > a, 1<2 <- <3",
            "Export the data: text or CSV!",
            "JavaScript: enable it.",
            "Wow! [link](https://a.b)",
            "Write `<script>` or\n\n```html\n<img src=\"x\">\n```",
            "Connect to wss://stream.techcorp.example.",
        ] {
            assert_eq!(defused(text).as_deref(), Some(text));
        }
        for (text, expected) in [
            ("Use <your name> here.", "Use `<your name>` here."),
            ("Set <workspace-id> and <title>.", "Set `<workspace-id>` and `<title>`."),
            ("Open <https://app.techcorp.example/x>.", "Open https://app.techcorp.example/x."),
            ("Write to <help@techcorp.example>.", "Write to help@techcorp.example."),
            ("if a <max then", "if a < max then"),
        ] {
            assert_eq!(defused(text).as_deref(), Some(expected));
        }
    }
}
