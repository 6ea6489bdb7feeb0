//! Tag scanner for HTML and JSX, linear and without a grammar: names, attributes, and where a tag ends.

/// A longer tag is text.
const MAX_LENGTH: usize = 4_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tag<'a> {
    pub name: &'a str,
    pub attributes: &'a str,
    pub is_closing: bool,
    /// `<Icon />`.
    pub is_empty: bool,
    /// Of the whole tag, in bytes.
    pub length: usize,
}

/// What a text that begins with `<` starts with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found<'a> {
    Tag(Tag<'a>),
    /// A tag whose end is not in the text.
    Open,
    Text,
}

pub fn tag_at(text: &str) -> Found<'_> {
    let Some(inner) = text.strip_prefix('<') else {
        return Found::Text;
    };
    let is_closing = inner.starts_with('/');
    let named = if is_closing { inner.get(1..).unwrap_or_default() } else { inner };
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | ':');
    let name_length = named.find(|c| !is_name(c)).unwrap_or(named.len());
    let (name, rest) = named.split_at(name_length);
    let is_fragment = name.is_empty() && rest.starts_with('>');
    let is_named = name.starts_with(|c: char| c.is_ascii_alphabetic()) && !name.ends_with(':');
    let follows = rest.is_empty() || rest.starts_with(|c: char| c.is_whitespace() || matches!(c, '/' | '>'));
    if !(is_fragment || (is_named && follows)) {
        return Found::Text;
    }
    match end(rest) {
        End::At(at) => {
            let attributes = rest.get(..at).unwrap_or_default();
            let is_empty = attributes.ends_with('/');
            let length = text.len() - rest.len() + at + 1;
            Found::Tag(Tag {
                name,
                attributes: attributes.trim_end_matches('/'),
                is_closing,
                is_empty,
                length,
            })
        }
        End::Missing => Found::Open,
        End::TooFar => Found::Text,
    }
}

enum End {
    At(usize),
    Missing,
    TooFar,
}

/// The `>` that is in no quotes and no braces.
fn end(rest: &str) -> End {
    let (mut quote, mut depth) = (None, 0_usize);
    let mut before = ' ';
    for (at, c) in rest.char_indices() {
        if at > MAX_LENGTH {
            return End::TooFar;
        }
        match (quote, c) {
            (Some(mark), c) if mark == c => quote = None,
            (Some(_), _) => {}
            // An apostrophe within a word opens nothing.
            (None, '"' | '\'' | '`') if depth > 0 || before == '=' => quote = Some(c),
            (None, '{') => depth += 1,
            (None, '}') => depth = depth.saturating_sub(1),
            (None, '>') if depth == 0 => return End::At(at),
            (None, _) => {}
        }
        before = c;
    }
    End::Missing
}

/// The value of the first of the attributes that is there and has text.
pub fn value(attributes: &str, names: &[&str]) -> Option<String> {
    let found = parse(attributes);
    names.iter().find_map(|wanted| {
        let (_, value) = found.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted))?;
        (!value.trim().is_empty()).then(|| decoded(value.trim()))
    })
}

/// Names and values, in order. A value in braces counts only if it is a quoted text.
fn parse(attributes: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    let mut rest = attributes;
    while let Some(equals) = rest.find('=') {
        let (before, after) = rest.split_at(equals);
        let name = before.split_whitespace().next_back().unwrap_or_default().trim_start_matches(':');
        let after = after.get(1..).unwrap_or_default().trim_start();
        let (value, left) = value_at(after);
        found.push((name, value));
        rest = left;
    }
    found
}

fn value_at(text: &str) -> (&str, &str) {
    let mut chars = text.chars();
    match chars.next() {
        Some(mark @ ('"' | '\'')) => chars.as_str().split_once(mark).unwrap_or((chars.as_str(), "")),
        Some('{') => {
            let (inner, left) = chars.as_str().split_once('}').unwrap_or((chars.as_str(), ""));
            let inner = inner.trim();
            let text =
                ['"', '\'', '`'].iter().find_map(|mark| inner.strip_prefix(*mark)?.strip_suffix(*mark));
            (text.unwrap_or_default(), left)
        }
        _ => text.split_once(char::is_whitespace).unwrap_or((text, "")),
    }
}

/// The text of an attribute; a space that must not break is one like others.
fn decoded(value: &str) -> String {
    htmlize::unescape_attribute(value).replace('\u{a0}', " ")
}

/// Whether the last tag of a text has no end in it.
pub fn has_open_tag(text: &str) -> bool {
    let mut rest = text;
    while let Some(at) = rest.find(['<', '`']) {
        let from = rest.get(at..).unwrap_or_default();
        let skipped = match code_length(from) {
            Some(length) => length,
            None => match tag_at(from) {
                Found::Open => return true,
                Found::Tag(tag) => tag.length,
                Found::Text => 1,
            },
        };
        rest = from.get(skipped..).unwrap_or_default();
    }
    false
}

/// The length of the inline code that a text begins with.
pub fn code_length(text: &str) -> Option<usize> {
    let ticks = text.len() - text.trim_start_matches('`').len();
    if ticks == 0 {
        return None;
    }
    let (mark, rest) = text.split_at(ticks);
    let mut from = 0;
    while let Some(at) = rest.get(from..).and_then(|rest| rest.find(mark)) {
        let end = from + at + ticks;
        let more = rest.get(end..).unwrap_or_default();
        let extra = more.len() - more.trim_start_matches('`').len();
        if extra == 0 {
            return Some(ticks + end);
        }
        from = end + extra;
    }
    Some(ticks)
}
