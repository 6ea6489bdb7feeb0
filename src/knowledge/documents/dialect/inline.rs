//! Inline markup of PyMdown extensions and attribute lists, which MkDocs uses: keys, marks, tracked changes, emoji, and the
//! numbers of annotations in code. Each function looks at the beginning of a text.

/// Signs that may begin the comment which holds nothing but an annotation's number.
const COMMENTS: &[&str] = &["#", "//", "<!--", "/*", "--", ";", "%", "{#"];

/// Keys (`++ctrl+s++`), marked text (`==text==`) and inserted text (`^^text^^`): what a reader sees, and the length of the
/// markup. `before` is the character before.
pub(super) fn marked(from: &str, before: Option<char>) -> Option<(String, usize)> {
    let mark = ["++", "==", "^^"].into_iter().find(|mark| from.starts_with(mark))?;
    if before.is_some_and(char::is_alphanumeric) {
        return None;
    }
    let rest = from.get(mark.len()..)?;
    let inner = rest.get(..rest.find(mark)?)?;
    let after = rest.get(inner.len() + mark.len()..)?;
    let is_tight = !inner.is_empty()
        && !inner.starts_with([' ', '=', '+'])
        && !inner.ends_with(' ')
        && !after.starts_with(char::is_alphanumeric);
    let is_keys = mark != "++" || !inner.contains(' ') || inner.starts_with('"');
    (is_tight && is_keys).then(|| (inner.replace('"', ""), inner.len() + 2 * mark.len()))
}

/// A tracked change (`{++added++}`, `{--deleted--}`, `{~~old~>new~~}`, `{==marked==}`, `{>>comment<<}`): the text as it is
/// after the change, and the length of the markup.
pub(super) fn tracked(from: &str) -> Option<(&str, usize)> {
    let changes = [("{++", "++}"), ("{--", "--}"), ("{~~", "~~}"), ("{==", "==}"), ("{>>", "<<}")];
    let (open, close) = changes.into_iter().find(|(open, _)| from.starts_with(open))?;
    let rest = from.get(open.len()..)?;
    let inner = rest.get(..rest.find(close)?)?;
    let text = match open {
        "{--" | "{>>" => "",
        "{~~" => inner.split_once("~>").map_or(inner, |(_, new)| new),
        _ => inner,
    };
    Some((text, open.len() + inner.len() + close.len()))
}

/// Whether the content of braces is a list of attributes: `{ .wide #top width="300" data-preview }`.
pub(super) fn is_attribute_list(inner: &str) -> bool {
    let mut rest = inner.trim_start_matches(':').trim();
    let is_spaced = inner.starts_with([' ', ':', '.', '#']);
    let mut is_empty = true;
    let mut has_value = false;
    while !rest.is_empty() {
        let end = rest.find(|c: char| c.is_whitespace() || c == '=').unwrap_or(rest.len());
        let (name, left) = rest.split_at(end);
        let plain = name.trim_start_matches(['.', '#']);
        let is_name = !plain.is_empty() && plain.chars().all(|c| c.is_alphanumeric() || "-_:".contains(c));
        let is_valued = left.starts_with('=');
        if !is_name || !(is_valued || name.len() > plain.len() || name.starts_with("data-")) {
            return false;
        }
        has_value |= is_valued;
        is_empty = false;
        rest = if is_valued { after_value(left.get(1..).unwrap_or_default()) } else { left }.trim_start();
    }
    !is_empty && (is_spaced || has_value)
}

fn after_value(text: &str) -> &str {
    match text.chars().next() {
        Some(mark @ ('"' | '\'')) => {
            text.get(1..).and_then(|rest| rest.split_once(mark)).map_or("", |(_, after)| after)
        }
        _ => text.find(char::is_whitespace).and_then(|end| text.get(end..)).unwrap_or_default(),
    }
}

/// The length of the name of an emoji: `:tada:`, `:flag_ch:`. `before` is the character before.
pub(super) fn emoji_length(from: &str, before: Option<char>) -> Option<usize> {
    let rest = from.strip_prefix(':')?;
    let name = rest.get(..rest.find(':')?)?;
    let after = rest.get(name.len() + 1..)?;
    let is_name = name.len() > 1
        && name.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '+')
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "_+-".contains(c));
    let is_alone = before.is_none_or(|c| !c.is_alphanumeric() && c != ':')
        && !after.starts_with(|c: char| c.is_alphanumeric() || c == ':');
    (is_name && is_alone).then_some(name.len() + 2)
}

/// A line of code without the comment that refers to an annotation: `name: x # (1)!`.
pub(super) fn without_annotation(code: &str) -> &str {
    let line = code.trim_end();
    let line = ["-->", "*/", "#}"].iter().find_map(|end| line.strip_suffix(end)).unwrap_or(line).trim_end();
    let number = line.strip_suffix('!').and_then(|line| line.strip_suffix(')'));
    let Some((before, number)) = number.and_then(|line| line.rsplit_once('(')) else {
        return code;
    };
    let is_number = !number.is_empty() && number.chars().all(|c| c.is_ascii_digit());
    let before = before.trim_end();
    let comment = COMMENTS.iter().find_map(|sign| before.strip_suffix(sign));
    comment.filter(|_| is_number).map_or(code, str::trim_end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_marked_text_lose_their_marks_and_comparisons_do_not() {
        let text = |from| marked(from, Some(' ')).map(|(text, _)| text);
        assert_eq!(text("++ctrl+alt+del++ now").as_deref(), Some("ctrl+alt+del"));
        assert_eq!(text("++\"Log in\"++").as_deref(), Some("Log in"));
        assert_eq!(text("==much==, and").as_deref(), Some("much"));
        assert_eq!(text("^^new^^").as_deref(), Some("new"));
        for other in ["== b and c == d", "==b or c==d", "++i; j++", "====", "^^", "++ ++", "==x"] {
            assert_eq!(text(other), None, "{other}");
        }
        assert_eq!(marked("++ and D++", Some('C')), None);
    }

    #[test]
    fn a_tracked_change_is_read_as_it_is_after_it() {
        for (from, text) in
            [("{++a++}", "a"), ("{--a--}", ""), ("{~~a~>b~~}", "b"), ("{==a==}", "a"), ("{>>a<<}", "")]
        {
            assert_eq!(tracked(&format!("{from} after")), Some((text, from.len())), "{from}");
        }
        assert_eq!(tracked("{a}"), None);
    }

    #[test]
    fn attribute_lists_are_told_from_other_text_in_braces() {
        for list in [
            " .wide ",
            ":.wide #top",
            " data-preview ",
            ":target=\"_blank\"",
            "width=300 height=200",
            " align=right title=\"a b\" ",
            "#anchor",
        ] {
            assert!(is_attribute_list(list), "{list}");
        }
        for text in ["", " ", " name ", "slug", " page.title ", " a = 1 ", "GH_TOKEN", " return true "] {
            assert!(!is_attribute_list(text), "{text}");
        }
    }

    #[test]
    fn emoji_and_the_numbers_of_annotations_are_found() {
        assert_eq!(emoji_length(":tada: x", None), Some(6));
        assert_eq!(emoji_length(":woman_in_lotus_position:", Some(' ')), Some(25));
        assert_eq!(emoji_length(":100:", Some(' ')), Some(5));
        for text in [":30:15", ":a", ":: x ::", ":x y:", ":root:x"] {
            assert_eq!(emoji_length(text, None), None, "{text}");
        }
        assert_eq!(emoji_length(":on:", Some('s')), None);
        for (code, expected) in [
            ("boost: 2 # (1)!", "boost: 2"),
            ("<a> <!-- (12)! -->", "<a>"),
            ("f(1)!", "f(1)!"),
            ("x # (1)", "x # (1)"),
            ("// (2)!", ""),
        ] {
            assert_eq!(without_annotation(code), expected, "{code}");
        }
    }
}
