//! Second pass: tags, templates and expressions within the text. A component's text stays; its title becomes a
//! paragraph.

use super::Line;
use super::blocks::{Block, html_block};
use super::inline::{emoji_length, is_attribute_list, marked, tracked, without_annotation};
use super::tags::{Found, Tag, code_length, has_open_tag, tag_at, value};
use crate::knowledge::documents::html;

/// Lines that one tag may take.
const MAX_TAG_LINES: usize = 40;
/// Attributes that a reader sees, best first.
const TITLES: &[&str] =
    &["title", "label", "heading", "header", "question", "summary", "caption", "name", "text"];
/// Elements that structure a page.
const CONTAINERS: &[&str] = &[
    "div",
    "details",
    "summary",
    "section",
    "article",
    "main",
    "center",
    "figure",
    "figcaption",
    "picture",
    "header",
    "footer",
    "nav",
    "aside",
    "template",
    "form",
    "fieldset",
    "legend",
    "dialog",
];

pub(super) fn without_markup(lines: Vec<Line>, is_mdx: bool) -> String {
    let mut writer = Writer { is_mdx, ..Writer::default() };
    let mut lines = lines.into_iter().peekable();
    while let Some(line) = lines.next() {
        if line.is_code {
            let text = without_annotation(&line.text).to_owned();
            writer.segment.push(Line { text, ..line });
            continue;
        }
        if let Some(name) = html_block(&line.text) {
            let mut block = Block::new(name, &line.text);
            while !block.is_complete() {
                let Some(next) = lines.next() else { break };
                block.push(&next.text);
            }
            writer.write_block(&block);
            continue;
        }
        let mut text = line.text;
        for _ in 0..MAX_TAG_LINES {
            if !has_open_tag(&text) {
                break;
            }
            let Some(next) = lines.next_if(|next| !next.is_code && !next.text.is_empty()) else { break };
            text.push(' ');
            text.push_str(next.text.trim());
        }
        writer.write_line(&text);
    }
    writer.finish()
}

#[derive(Default)]
struct Writer {
    is_mdx: bool,
    text: String,
    /// Lines since the last component; they are indented as far as their component is, which means nothing.
    segment: Vec<Line>,
}

impl Writer {
    fn finish(mut self) -> String {
        self.end_segment();
        self.text
    }

    fn write_line(&mut self, line: &str) {
        let mut scanner = Scanner {
            is_mdx: self.is_mdx,
            is_row: line.trim_start().starts_with('|'),
            is_heading: line.starts_with('#'),
            ..Scanner::default()
        };
        scanner.scan(line);
        for part in scanner.parts() {
            match part {
                Part::Text(text) => self.segment.push(Line { text, is_code: false }),
                Part::Break(title) => {
                    self.end_segment();
                    if let Some(title) = title {
                        self.text.push_str(&format!("\n{title}\n"));
                    }
                    self.text.push('\n');
                }
            }
        }
    }

    fn write_block(&mut self, block: &Block) {
        self.end_segment();
        if !block.is_unread() {
            self.text.push_str(&format!("\n{}\n", html::fragment(&block.text)));
        }
        self.text.push('\n');
    }

    fn end_segment(&mut self) {
        let lines = std::mem::take(&mut self.segment);
        let indent = |text: &str| text.len() - text.trim_start_matches(' ').len();
        let is_fence = |text: &str| text.trim_start().starts_with(['`', '~']);
        let common = lines
            .iter()
            .filter(|line| !line.text.trim().is_empty() && (!line.is_code || is_fence(&line.text)))
            .map(|line| indent(&line.text))
            .min()
            .unwrap_or(0);
        for line in lines {
            let cut = common.min(indent(&line.text));
            self.text.push_str(line.text.get(cut..).unwrap_or_default());
            self.text.push('\n');
        }
    }
}

enum Part {
    Text(String),
    /// The edge of a component, with its title.
    Break(Option<String>),
}

#[derive(Default)]
struct Scanner {
    is_mdx: bool,
    /// A table's row stays one line.
    is_row: bool,
    /// A heading too, and its anchor is made of its own text alone.
    is_heading: bool,
    done: Vec<Part>,
    text: String,
    /// Targets of the open links.
    links: Vec<Option<String>>,
}

impl Scanner {
    fn scan(&mut self, line: &str) {
        let mut rest = line;
        while let Some(at) = rest.find(['<', '`', '{', '\\', ':', '+', '=', '^']) {
            let (before, from) = rest.split_at(at);
            self.text.push_str(before);
            let length = self.take(from);
            rest = from.get(length..).unwrap_or_default();
        }
        self.text.push_str(rest);
    }

    fn parts(mut self) -> Vec<Part> {
        let is_empty = self.text.trim().is_empty() && !self.done.is_empty();
        if !is_empty {
            self.done.push(Part::Text(self.text));
        }
        self.done
    }

    /// Takes what the text begins with, and returns its length.
    fn take(&mut self, from: &str) -> usize {
        let rest = from.get(1..).unwrap_or_default();
        match from.as_bytes().first() {
            Some(b'`') => {
                let length = code_length(from).unwrap_or(1);
                self.keep(from, length)
            }
            Some(b'\\') => {
                let escaped = rest.chars().next().map_or(0, char::len_utf8);
                self.keep(from, 1 + escaped)
            }
            Some(b'<') => match tag_at(from) {
                Found::Tag(tag) => {
                    self.tag(tag, from.get(tag.length..).unwrap_or_default());
                    tag.length
                }
                Found::Open | Found::Text => self.keep(from, 1),
            },
            Some(b'{') => self.braces(from),
            Some(b':') => self.icon(from),
            _ => match marked(from, self.text.chars().next_back()) {
                Some((text, length)) => {
                    self.text.push_str(&text);
                    length
                }
                None => self.keep(
                    from,
                    from.bytes().take_while(|byte| Some(byte) == from.as_bytes().first()).count(),
                ),
            },
        }
    }

    fn keep(&mut self, from: &str, length: usize) -> usize {
        self.text.push_str(from.get(..length).unwrap_or_default());
        length
    }

    fn tag(&mut self, tag: Tag<'_>, after: &str) {
        let name = tag.name;
        let is_component = name.is_empty()
            || name.starts_with(|c: char| c.is_ascii_uppercase())
            || name.contains(['-', '.'])
            || CONTAINERS.contains(&name);
        let ends_line = after.trim().is_empty();
        let is_edge = ends_line || (self.text.trim().is_empty() && !tag.is_empty);
        match name {
            "br" => self.space(),
            "a" => self.link(tag),
            "td" | "th" | "tr" | "li" | "dt" | "dd" => self.space(),
            _ if !is_component => {}
            _ if self.is_heading => {}
            _ if is_edge && !self.is_row => {
                self.edge((!tag.is_closing).then(|| title(tag)).flatten());
            }
            _ => {
                let title = if tag.is_closing { None } else { title(tag) };
                self.text.push_str(&title.unwrap_or_default());
            }
        }
    }

    fn space(&mut self) {
        if !self.text.ends_with(' ') {
            self.text.push(' ');
        }
    }

    fn edge(&mut self, title: Option<String>) {
        let text = std::mem::take(&mut self.text);
        if !text.trim().is_empty() {
            self.done.push(Part::Text(text));
        }
        self.done.push(Part::Break(title));
    }

    fn link(&mut self, tag: Tag<'_>) {
        if tag.is_closing {
            if let Some(Some(target)) = self.links.pop() {
                self.text.push_str(&format!("]({target})"));
            }
        } else if !tag.is_empty {
            let target = value(tag.attributes, &["href"]).filter(|target| target.starts_with("https://"));
            if target.is_some() {
                self.text.push('[');
            }
            self.links.push(target);
        }
    }

    /// Templates (`{% tab %}`, `{{< note >}}`), expressions of MDX, and attribute lists (`{: .wide }`).
    fn braces(&mut self, from: &str) -> usize {
        if let Some((text, length)) = tracked(from) {
            self.text.push_str(text);
            return length;
        }
        for (open, close) in [("{%", "%}"), ("{{<", ">}}"), ("{{%", "%}}")] {
            if let Some(inner) = between(from, open, close) {
                self.template(inner, from.get(open.len() + inner.len() + close.len()..).unwrap_or_default());
                return open.len() + inner.len() + close.len();
            }
        }
        if let Some(inner) = between(from, "{{", "}}") {
            let variable = inner.trim();
            let is_variable =
                ["$", "page.", "site.", "frontmatter"].iter().any(|of| variable.starts_with(of));
            return if is_variable { inner.len() + 4 } else { self.keep(from, 2) };
        }
        let Some(inner) = between(from, "{", "}") else {
            return self.keep(from, 1);
        };
        let length = inner.len() + 2;
        let text =
            ['"', '\'', '`'].iter().find_map(|mark| inner.trim().strip_prefix(*mark)?.strip_suffix(*mark));
        let is_anchor = self.is_heading && inner.contains('#');
        let is_list = is_attribute_list(inner)
            && !is_anchor
            && (inner.starts_with([' ', ':']) || !self.text.ends_with(char::is_alphanumeric));
        match text {
            Some(text) => self.text.push_str(text),
            None if is_list => {}
            None if self.is_mdx && is_path(inner) => {}
            None => return self.keep(from, 1),
        }
        length
    }

    fn template(&mut self, inner: &str, after: &str) {
        let inner = inner.trim().trim_start_matches('-').trim_start();
        let name = inner.split_whitespace().next().unwrap_or_default();
        let is_closing = name.starts_with('/') || name.starts_with("end");
        let titled = ["tab", "tabs", "expand", "details", "accordion", "step"].contains(&name);
        let first = inner.split('"').nth(1).filter(|_| titled && !inner.contains('='));
        let title = value(inner, TITLES).or_else(|| first.map(ToOwned::to_owned));
        if !self.is_row && (self.text.trim().is_empty() || after.trim().is_empty()) {
            self.edge(if is_closing { None } else { title });
        }
    }

    /// Icons of MkDocs (`:material-check:`), and emoji.
    fn icon(&mut self, from: &str) -> usize {
        let sets = [":material-", ":octicons-", ":fontawesome-", ":simple-"];
        let end =
            from.get(1..).and_then(|rest| rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-')));
        match end {
            Some(end) if sets.iter().any(|set| from.starts_with(set)) && from[1 + end..].starts_with(':') => {
                end + 2
            }
            // The anchor of a heading has the emoji's name.
            _ => match emoji_length(from, self.text.chars().next_back()) {
                Some(length) if !self.is_heading => length,
                Some(_) | None => self.keep(from, 1),
            },
        }
    }
}

/// What a reader sees of a component's attributes.
fn title(tag: Tag<'_>) -> Option<String> {
    // The attributes of these name files and icons.
    if matches!(tag.name, "Icon" | "img" | "Image" | "source" | "Snippet" | "meta") {
        return None;
    }
    let names: &[&str] = match tag.name {
        "TabItem" | "Tab" => &["label", "title", "value"],
        "ParamField" => &["body", "path", "query", "header", "name"],
        "input" | "slot" | "template" => &[],
        _ => TITLES,
    };
    value(tag.attributes, names)
}

/// The text between two marks, if the text begins with the first.
fn between<'a>(text: &'a str, open: &str, close: &str) -> Option<&'a str> {
    let rest = text.strip_prefix(open)?;
    rest.find(close).and_then(|end| rest.get(..end))
}

/// `props.version`, `siteConfig.title`.
fn is_path(inner: &str) -> bool {
    let inner = inner.trim();
    inner.contains('.') && inner.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '$'))
}
