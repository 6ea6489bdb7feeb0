//! HTML to text, as a person would see it: one line for each block, `> ` before quotes, nothing that is hidden. It works
//! on tokens alone, so that neither the depth nor the errors of the markup matter.

mod visibility;

use std::cell::RefCell;
use std::collections::HashMap;

use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{Tag, TagKind, Token, TokenSink, TokenSinkResult};

use self::visibility::{is_hidden, paints, value};
use super::mime::is_invisible;
use super::tokens::tokenize;

/// Markup beyond this is not read: the text of a mail is far shorter.
const HTML_MAX_BYTES: usize = 1024 * 1024;
/// Levels of quotes that are shown; deeper ones look like the last.
const QUOTE_MAX_DEPTH: usize = 20;
/// Open elements that are remembered, to know where something hidden ends.
const OPEN_MAX: usize = 1_000;

/// The text of an HTML document, at most `max_chars` of it.
pub fn to_text(html: &str, max_chars: usize) -> String {
    let end = html.floor_char_boundary(HTML_MAX_BYTES);
    let sink = Sink(RefCell::new(TextWriter::new(max_chars)));
    let (sink, _is_cut) = tokenize(html.get(..end).unwrap_or_default(), sink);
    sink.0.into_inner().finish()
}

struct Sink(RefCell<TextWriter>);

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut writer = self.0.borrow_mut();
        match token {
            Token::TagToken(tag) => return writer.tag(&tag),
            Token::CharacterTokens(text) => writer.text(&text),
            Token::DoctypeToken(_)
            | Token::CommentToken(_)
            | Token::NullCharacterToken
            | Token::EOFToken
            | Token::ParseError(_) => {}
        }
        TokenSinkResult::Continue
    }
}

/// An element that is open, and what its end undoes.
struct OpenElement {
    name: String,
    hides: bool,
    quotes: bool,
    keeps_space: bool,
    /// It has a background of its own, on which white text can be seen.
    paints: bool,
}

struct TextWriter {
    text: String,
    chars: usize,
    max_chars: usize,
    open: Vec<OpenElement>,
    /// How many elements of each name are open.
    names: HashMap<String, usize>,
    hidden: usize,
    quotes: usize,
    keeps_space: usize,
    painted: usize,
    /// Of the quotes around the last line.
    last_depth: usize,
    /// Line breaks that are due before the next text.
    breaks: usize,
    space: bool,
    at_start: bool,
    /// Where the text of a link goes, until its end.
    link: Option<(String, usize)>,
}

impl TextWriter {
    fn new(max_chars: usize) -> Self {
        Self {
            text: String::new(),
            chars: 0,
            max_chars,
            open: Vec::new(),
            names: HashMap::new(),
            hidden: 0,
            quotes: 0,
            keeps_space: 0,
            painted: 0,
            last_depth: 0,
            breaks: 0,
            space: false,
            at_start: true,
            link: None,
        }
    }

    fn tag(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        let name = tag.name.as_ref();
        match tag.kind {
            TagKind::StartTag => self.start(tag, name),
            TagKind::EndTag => {
                self.end(name);
                TokenSinkResult::Continue
            }
        }
    }

    fn start(&mut self, tag: &Tag, name: &str) -> TokenSinkResult<()> {
        match name {
            "br" => self.line(),
            "hr" => self.rule(),
            "img" => self.picture(tag),
            "li" => self.item(),
            "td" | "th" => self.space = true,
            _ if is_block(name) => self.block(name),
            _ => {}
        }
        if !is_void(name) && !tag.self_closing {
            self.push(tag, name);
        }
        match name {
            "style" | "script" | "noframes" | "noscript" | "xmp" | "iframe" => {
                TokenSinkResult::RawData(RawKind::Rawtext)
            }
            "title" | "textarea" => TokenSinkResult::RawData(RawKind::Rcdata),
            _ => TokenSinkResult::Continue,
        }
    }

    fn push(&mut self, tag: &Tag, name: &str) {
        if self.open.len() >= OPEN_MAX {
            return;
        }
        let paints = paints(tag);
        let open = OpenElement {
            name: name.to_owned(),
            hides: is_never_shown(name) || is_hidden(tag, paints || self.painted > 0),
            quotes: name == "blockquote",
            keeps_space: name == "pre",
            paints,
        };
        self.hidden += usize::from(open.hides);
        self.quotes += usize::from(open.quotes);
        self.keeps_space += usize::from(open.keeps_space);
        self.painted += usize::from(open.paints);
        if name == "a" && self.hidden == 0 {
            self.link = value(tag, "href").map(|href| (href, self.text.len()));
        }
        *self.names.entry(open.name.clone()).or_default() += 1;
        self.open.push(open);
    }

    fn end(&mut self, name: &str) {
        if is_block(name) {
            self.block(name);
        }
        if name == "a" {
            self.end_link();
        }
        // Most end tags of a broken document close nothing.
        if self.names.get(name).is_none_or(|count| *count == 0) {
            return;
        }
        let Some(place) = self.open.iter().rposition(|open| open.name == name) else {
            return;
        };
        // An inline end tag does not close the blocks around it that were left open.
        let closes_block = is_block(name) || is_never_shown(name);
        let crosses = self.open.iter().skip(place + 1).any(|open| is_block(&open.name));
        let removed: Vec<OpenElement> = if closes_block || !crosses {
            self.open.drain(place..).collect()
        } else {
            vec![self.open.remove(place)]
        };
        for open in removed {
            if let Some(count) = self.names.get_mut(&open.name) {
                *count -= 1;
            }
            self.hidden -= usize::from(open.hides);
            self.quotes -= usize::from(open.quotes);
            self.keeps_space -= usize::from(open.keeps_space);
            self.painted -= usize::from(open.paints);
        }
    }

    /// A link whose text is not its address is followed by the address.
    fn end_link(&mut self) {
        let Some((href, start)) = self.link.take() else {
            return;
        };
        let shown = self.text.get(start..).unwrap_or_default().trim().to_owned();
        let is_web = href.starts_with("http://") || href.starts_with("https://");
        let plain = |url: &str| {
            let url = url.trim_start_matches("https://").trim_start_matches("http://");
            url.trim_start_matches("www.").trim_end_matches('/').to_lowercase()
        };
        let is_short = href.chars().count() <= LINK_MAX_CHARS;
        if is_web && is_short && !shown.is_empty() && plain(&shown) != plain(&href) {
            self.space = true;
            self.text(&format!("<{href}>"));
        }
    }

    fn picture(&mut self, tag: &Tag) {
        // Most descriptions are of logos and of emoji; the emoji are text.
        let description = value(tag, "alt").unwrap_or_default();
        if !description.is_empty() && description.chars().count() <= 2 && !description.is_ascii() {
            self.text(&description);
        }
    }

    fn item(&mut self) {
        self.line_if_written();
        self.text("- ");
    }

    fn rule(&mut self) {
        self.line_if_written();
        self.text("________________________________");
        self.line_if_written();
    }

    fn line(&mut self) {
        if self.hidden == 0 {
            self.breaks += 1;
            self.space = false;
        }
    }

    fn line_if_written(&mut self) {
        if self.hidden == 0 && self.breaks == 0 && !self.at_start {
            self.breaks = 1;
        }
        self.space = false;
    }

    fn block(&mut self, name: &str) {
        self.line_if_written();
        if is_paragraph(name) && self.hidden == 0 && !self.at_start {
            self.breaks = self.breaks.max(2);
        }
    }

    fn text(&mut self, text: &str) {
        if self.hidden > 0 || self.chars >= self.max_chars {
            return;
        }
        for c in text.chars().filter(|c| !is_invisible(*c)) {
            match c {
                '\n' if self.keeps_space > 0 => self.line(),
                ' ' | '\t' if self.keeps_space > 0 => self.put(c),
                '\u{a0}' => self.space = true,
                c if c.is_whitespace() => self.space = true,
                c => self.put(c),
            }
        }
    }

    fn put(&mut self, c: char) {
        if self.chars >= self.max_chars {
            return;
        }
        if self.breaks > 0 || self.at_start {
            self.new_line();
        } else if self.space {
            self.text.push(' ');
        }
        self.space = false;
        self.text.push(c);
        self.chars += 1;
    }

    fn new_line(&mut self) {
        let depth = self.quotes.min(QUOTE_MAX_DEPTH);
        if !self.at_start {
            let empty = self.breaks.min(MAX_BREAKS).saturating_sub(1);
            // An empty line between two levels belongs to the outer one.
            let between = "> ".repeat(depth.min(self.last_depth));
            self.text.push('\n');
            for _ in 0..empty {
                self.text.push_str(between.trim_end());
                self.text.push('\n');
            }
        }
        self.text.push_str(&"> ".repeat(depth));
        self.last_depth = depth;
        self.breaks = 0;
        self.at_start = false;
    }

    fn finish(self) -> String {
        self.text
    }
}

/// Line breaks in a row that are kept.
const MAX_BREAKS: usize = 3;
/// Longer addresses are those of trackers.
const LINK_MAX_CHARS: usize = 200;

/// Elements whose content is no text of the document.
fn is_never_shown(name: &str) -> bool {
    matches!(
        name,
        "style"
            | "script"
            | "head"
            | "title"
            | "noframes"
            | "noscript"
            | "iframe"
            | "template"
            | "object"
            | "svg"
    )
}

fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "br"
            | "col"
            | "embed"
            | "hr"
            | "img"
            | "input"
            | "link"
            | "meta"
            | "source"
            | "wbr"
    )
}

fn is_block(name: &str) -> bool {
    is_paragraph(name)
        || matches!(
            name,
            "div"
                | "tr"
                | "table"
                | "section"
                | "article"
                | "header"
                | "footer"
                | "address"
                | "center"
                | "form"
                | "body"
                | "html"
                | "dt"
                | "dd"
                | "fieldset"
                | "li"
                | "main"
                | "nav"
                | "caption"
                | "tbody"
        )
}

/// Blocks with an empty line around them.
fn is_paragraph(name: &str) -> bool {
    matches!(name, "p" | "ul" | "ol" | "dl" | "pre" | "blockquote" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
}

#[cfg(test)]
mod tests;
