//! Elements that are taken whole from among the lines: read as HTML, or left out.

use super::tags::{Found, tag_at};

/// Elements that are read as HTML, because Markdown would not read them or their parts.
const HTML_BLOCKS: &[&str] =
    &["table", "p", "ul", "ol", "dl", "pre", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6"];
/// Elements whose content is no text.
const UNREAD: &[&str] = &["script", "style", "svg", "iframe", "video", "audio", "noscript", "object", "math"];

/// The name of the element that a line opens and that is taken whole: read as HTML, or left out.
pub(super) fn html_block(line: &str) -> Option<&str> {
    let start = line.trim_start();
    let name = match tag_at(start) {
        Found::Tag(tag) if !tag.is_closing && !tag.is_empty => tag.name,
        Found::Open => start.get(1..)?.split(char::is_whitespace).next()?,
        Found::Tag(_) | Found::Text => return None,
    };
    (HTML_BLOCKS.contains(&name) || UNREAD.contains(&name)).then_some(name)
}

/// An element with its content, line by line.
pub(super) struct Block {
    pub name: String,
    pub text: String,
    depth: usize,
}

impl Block {
    /// Whether the element's content is no text.
    pub fn is_unread(&self) -> bool {
        UNREAD.contains(&self.name.as_str())
    }

    pub fn new(name: &str, line: &str) -> Self {
        let mut block = Self { name: name.to_owned(), text: String::new(), depth: 0 };
        block.push(line);
        block
    }

    pub fn push(&mut self, line: &str) {
        // A paragraph's end may be left out.
        if self.name == "p" && line.trim().is_empty() {
            self.depth = 0;
        }
        let lower = line.to_ascii_lowercase();
        let opened = occurrences(&lower, &format!("<{}", self.name));
        let closed = occurrences(&lower, &format!("</{}", self.name));
        self.depth = (self.depth + opened).saturating_sub(closed);
        self.text.push_str(line);
        self.text.push('\n');
    }

    pub fn is_complete(&self) -> bool {
        self.depth == 0
    }
}

/// How often a tag's beginning occurs as a whole name.
fn occurrences(line: &str, start: &str) -> usize {
    line.match_indices(start)
        .filter(|(at, _)| {
            line.get(at + start.len()..)
                .is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '-'))
        })
        .count()
}
