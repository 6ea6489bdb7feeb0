//! Bounded normaliser of HTML: from tokens alone it writes balanced markup of known elements and attributes, so that the
//! parser behind it works in linear time on any input: no deep tree, no open formatting to repeat, few attributes.

use std::cell::RefCell;
use std::collections::HashMap;

use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{Tag, TagKind, Token, TokenSink, TokenSinkResult};

use crate::channels::email::tokens::tokenize;

/// Elements that are kept; the content of others is kept without them.
pub(super) const ELEMENTS: [&str; 56] = [
    "a",
    "abbr",
    "address",
    "b",
    "big",
    "blockquote",
    "br",
    "caption",
    "center",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "font",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "samp",
    "section",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
];
pub(super) const GENERIC_ATTRIBUTES: [&str; 9] =
    ["align", "bgcolor", "dir", "height", "lang", "style", "title", "valign", "width"];
pub(super) const ATTRIBUTES: [(&str, &[&str]); 7] = [
    ("a", &["href"]),
    ("font", &["color", "face", "size"]),
    ("img", &["alt", "src"]),
    ("ol", &["start", "type"]),
    ("table", &["border", "cellpadding", "cellspacing"]),
    ("td", &["colspan", "nowrap", "rowspan"]),
    ("th", &["colspan", "nowrap", "rowspan"]),
];
/// Parsers repeat those that a block has left open in each block after it (HTML, 13.2.4.3).
const FORMATTING: [&str; 12] =
    ["a", "b", "big", "code", "em", "font", "i", "s", "small", "strike", "strong", "u"];
/// An end tag of something else does not reach beyond these.
const CELLS: [&str; 4] = ["caption", "table", "td", "th"];
const TABLE_PARTS: [&str; 10] =
    ["caption", "col", "colgroup", "table", "tbody", "td", "tfoot", "th", "thead", "tr"];
const INLINE: [&str; 13] =
    ["abbr", "cite", "del", "ins", "kbd", "mark", "q", "samp", "span", "sub", "sup", "img", "br"];
const MAX_DEPTH: usize = 64;
const MAX_FORMATTING: usize = 6;
const VALUE_MAX_BYTES: usize = 32 * 1024;

/// Balanced markup.
#[derive(Debug, Default)]
pub(super) struct NormalisedMarkup {
    pub html: String,
    /// A token was too long: what follows it is left out.
    pub is_cut: bool,
}

pub(super) fn normalise(html: &str) -> NormalisedMarkup {
    let (sink, is_cut) = tokenize(html, NormalisingSink::default());
    NormalisedMarkup { html: sink.0.into_inner().finish(), is_cut }
}

#[derive(Default)]
struct NormalisingSink(RefCell<MarkupWriter>);

impl TokenSink for NormalisingSink {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut writer = self.0.borrow_mut();
        match token {
            Token::TagToken(tag) => return writer.tag(&tag),
            Token::CharacterTokens(text) => writer.text(&text),
            Token::CommentToken(_)
            | Token::DoctypeToken(_)
            | Token::NullCharacterToken
            | Token::EOFToken
            | Token::ParseError(_) => {}
        }
        TokenSinkResult::Continue
    }
}

#[derive(Default)]
struct MarkupWriter {
    html: String,
    open: Vec<&'static str>,
    /// How many start tags of a name were left out, whose end tags are still to come.
    left_out: HashMap<&'static str, usize>,
    /// The element whose content is no text for readers.
    skipping: Option<String>,
}

impl MarkupWriter {
    fn tag(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        let name = tag.name.as_ref();
        if tag.kind == TagKind::EndTag {
            self.end(name);
            return TokenSinkResult::Continue;
        }
        if self.skipping.is_some() {
            return TokenSinkResult::Continue;
        }
        let raw = match name {
            "script" | "style" | "iframe" | "noembed" | "noframes" | "noscript" | "xmp" => RawKind::Rawtext,
            "title" | "textarea" => RawKind::Rcdata,
            _ => {
                self.start(tag, name);
                return TokenSinkResult::Continue;
            }
        };
        self.skipping = Some(name.to_owned());
        TokenSinkResult::RawData(raw)
    }

    fn start(&mut self, tag: &Tag, name: &str) {
        let Some(name) = ELEMENTS.iter().copied().find(|known| *known == name) else {
            return;
        };
        let is_void = matches!(name, "br" | "col" | "hr" | "img");
        let formatting = self.open.iter().filter(|open| FORMATTING.contains(open)).count();
        let is_too_much = FORMATTING.contains(&name) && formatting >= MAX_FORMATTING;
        if !is_void && (self.open.len() >= MAX_DEPTH || is_too_much) {
            *self.left_out.entry(name).or_default() += 1;
            return;
        }
        self.html.push('<');
        self.html.push_str(name);
        for attribute in &tag.attrs {
            let key = attribute.name.local.as_ref();
            if is_kept(name, key) && attribute.value.len() <= VALUE_MAX_BYTES {
                self.html.push(' ');
                self.html.push_str(key);
                self.html.push_str("=\"");
                self.escaped(&attribute.value);
                self.html.push('"');
            }
        }
        self.html.push('>');
        if !is_void {
            self.open.push(name);
        }
    }

    fn end(&mut self, name: &str) {
        if let Some(skipped) = &self.skipping {
            if skipped == name {
                self.skipping = None;
            }
            return;
        }
        if let Some(count) = self.left_out.get_mut(name).filter(|count| **count > 0) {
            *count -= 1;
            return;
        }
        let reaches_beyond = |open: &&str| {
            if name == "table" {
                true
            } else if TABLE_PARTS.contains(&name) {
                *open != "table"
            } else if FORMATTING.contains(&name) || INLINE.contains(&name) {
                FORMATTING.contains(open) || INLINE.contains(open)
            } else {
                !CELLS.contains(open)
            }
        };
        let above = self.open.iter().rev().take_while(|open| **open != name && reaches_beyond(open)).count();
        let Some(place) = self.open.len().checked_sub(above + 1) else {
            return;
        };
        if self.open.get(place).is_some_and(|open| *open == name) {
            self.close(place);
        }
    }

    fn close(&mut self, place: usize) {
        for name in self.open.drain(place..).rev() {
            self.html.push_str("</");
            self.html.push_str(name);
            self.html.push('>');
        }
    }

    fn text(&mut self, text: &str) {
        if self.skipping.is_none() {
            self.escaped(text);
        }
    }

    fn escaped(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                '&' => self.html.push_str("&amp;"),
                '<' => self.html.push_str("&lt;"),
                '>' => self.html.push_str("&gt;"),
                '"' => self.html.push_str("&quot;"),
                '\0' => {}
                _ => self.html.push(c),
            }
        }
    }

    fn finish(mut self) -> String {
        self.close(0);
        self.html
    }
}

fn is_kept(element: &str, attribute: &str) -> bool {
    let own = ATTRIBUTES.iter().find(|(tag, _)| *tag == element);
    GENERIC_ATTRIBUTES.contains(&attribute) || own.is_some_and(|(_, names)| names.contains(&attribute))
}
