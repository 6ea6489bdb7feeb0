//! Plain-text renderer for the text below a heading: list items keep their markers, code keeps its fences.

use std::borrow::Cow;

use pulldown_cmark::{CodeBlockKind, Event, Tag, TagEnd};

/// Indentation, in columns, of a nested list and of further blocks of an item.
const INDENT: usize = 3;

/// Code about Markdown, with its fences written by tildes: those by backticks would end its own.
fn with_other_fences(code: &str) -> Cow<'_, str> {
    if !code.contains("```") {
        return Cow::Borrowed(code);
    }
    let fence = |line: &str| {
        let start = line.trim_start();
        let rest = start.trim_start_matches('`');
        let (indent, ticks) = (line.len() - start.len(), start.len() - rest.len());
        match line.get(..indent) {
            Some(indent) if ticks >= 3 => format!("{indent}{}{rest}", "~".repeat(ticks)),
            Some(_) | None => line.to_owned(),
        }
    };
    Cow::Owned(code.split('\n').map(fence).collect::<Vec<_>>().join("\n"))
}

#[derive(Debug, Default)]
pub(super) struct Body {
    text: String,
    gap: Gap,
    /// The enclosing lists, outermost first: the next number, or `None` for bullets.
    lists: Vec<Option<u64>>,
    /// Whether a list marker was just written, so that text continues on the same line.
    is_marked: bool,
    is_code: bool,
    /// Targets of the enclosing links, with the position where their texts begin.
    links: Vec<(String, usize)>,
    table: Table,
}

/// The table that is read. Each row is written with its headers, so that it can be understood alone.
#[derive(Debug, Default)]
struct Table {
    headers: Vec<String>,
    /// Where the text of the current cell begins, its header included and left out.
    cell: (usize, usize),
    /// The separator before the current cell.
    gap: Gap,
    column: usize,
    is_head: bool,
    has_rows: bool,
}

/// The separator between the text so far and what follows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    #[default]
    None,
    Line,
    Paragraph,
}

impl Body {
    pub fn read(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.write(&text),
            Event::Code(code) => self.write(&code),
            Event::SoftBreak => self.text.push(' '),
            Event::HardBreak => self.widen(Gap::Line),
            Event::Rule => self.widen(Gap::Paragraph),
            // Markup without text, and events of extensions that are not enabled.
            Event::Html(_)
            | Event::InlineHtml(_)
            | Event::InlineMath(_)
            | Event::DisplayMath(_)
            | Event::FootnoteReference(_)
            | Event::TaskListMarker(_) => {}
        }
    }

    /// The text, without trailing white space.
    pub fn finish(self) -> String {
        let lines: Vec<&str> = self.text.lines().map(str::trim_end).collect();
        lines.join("\n").trim_matches('\n').to_owned()
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::List(first) => {
                self.widen(self.block_gap());
                self.lists.push(first);
            }
            Tag::Item => self.mark_item(),
            Tag::CodeBlock(kind) => self.open_code(&kind),
            Tag::Link { dest_url, .. } => self.links.push((dest_url.into_string(), self.text.len())),
            Tag::TableHead => self.open_row(true),
            Tag::TableRow => self.open_row(false),
            Tag::TableCell => self.open_cell(),
            Tag::Table(_) => {
                self.widen(self.block_gap());
                self.table = Table::default();
            }
            Tag::Paragraph | Tag::BlockQuote(_) | Tag::HtmlBlock => self.widen(self.block_gap()),
            // Inline elements, and those of extensions that are not enabled.
            Tag::Heading { .. }
            | Tag::FootnoteDefinition(_)
            | Tag::DefinitionList
            | Tag::DefinitionListTitle
            | Tag::DefinitionListDefinition
            | Tag::Emphasis
            | Tag::Strong
            | Tag::Strikethrough
            | Tag::Superscript
            | Tag::Subscript
            | Tag::Image { .. }
            | Tag::MetadataBlock(_) => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::List(_) => {
                self.lists.pop();
                self.widen(self.block_gap());
            }
            TagEnd::Item => {
                self.is_marked = false;
                self.widen(Gap::Line);
            }
            TagEnd::CodeBlock => {
                self.is_code = false;
                self.widen(Gap::Line);
                self.write("```");
                self.widen(self.block_gap());
            }
            TagEnd::Link => self.name_target(),
            TagEnd::TableCell => self.close_cell(),
            TagEnd::TableHead | TagEnd::TableRow => self.close_row(),
            TagEnd::Table => self.close_table(),
            TagEnd::Paragraph | TagEnd::BlockQuote(_) | TagEnd::HtmlBlock => self.widen(self.block_gap()),
            TagEnd::Heading(_)
            | TagEnd::FootnoteDefinition
            | TagEnd::DefinitionList
            | TagEnd::DefinitionListTitle
            | TagEnd::DefinitionListDefinition
            | TagEnd::Emphasis
            | TagEnd::Strong
            | TagEnd::Strikethrough
            | TagEnd::Superscript
            | TagEnd::Subscript
            | TagEnd::Image
            | TagEnd::MetadataBlock(_) => {}
        }
    }

    /// Blocks within a list are separated by a line break, others by a blank line.
    fn block_gap(&self) -> Gap {
        if self.lists.is_empty() { Gap::Paragraph } else { Gap::Line }
    }

    fn widen(&mut self, gap: Gap) {
        self.gap = self.gap.max(gap);
    }

    fn mark_item(&mut self) {
        self.is_marked = false;
        self.widen(Gap::Line);
        let depth = self.lists.len().saturating_sub(1);
        let mark = match self.lists.last_mut() {
            Some(Some(number)) => {
                let mark = format!("{number}. ");
                *number += 1;
                mark
            }
            Some(None) | None => "- ".to_owned(),
        };
        self.break_line(depth);
        self.text.push_str(&mark);
        self.is_marked = true;
    }

    fn write(&mut self, text: &str) {
        let text = text.replace('\0', "");
        if text.is_empty() {
            return;
        }
        if !std::mem::take(&mut self.is_marked) {
            self.break_line(self.lists.len());
        }
        self.gap = Gap::None;
        if self.is_code {
            self.write_code(&text);
        } else {
            self.text.push_str(&text);
        }
    }

    fn open_code(&mut self, kind: &CodeBlockKind<'_>) {
        self.widen(self.block_gap());
        let language = match kind {
            // What follows the language is for the page: a file's name, the lines to mark.
            CodeBlockKind::Fenced(language) => language
                .split(|c: char| c.is_whitespace() || matches!(c, '{' | ','))
                .next()
                .filter(|language| !language.contains('='))
                .unwrap_or_default(),
            CodeBlockKind::Indented => "",
        };
        self.write(&format!("```{language}"));
        self.widen(Gap::Line);
        self.is_code = true;
    }

    fn write_code(&mut self, code: &str) {
        let indent = " ".repeat(INDENT * self.lists.len());
        let ends_line = code.ends_with('\n');
        let code = with_other_fences(code);
        self.text.push_str(&code.trim_end_matches('\n').replace('\n', &format!("\n{indent}")));
        if ends_line {
            self.widen(Gap::Line);
        }
    }

    /// Writes the pending separator, indented for `depth` lists.
    fn break_line(&mut self, depth: usize) {
        let gap = std::mem::take(&mut self.gap);
        if gap == Gap::None || self.text.is_empty() {
            return;
        }
        let trimmed = self.text.trim_end_matches(' ').len();
        self.text.truncate(trimmed);
        self.text.push_str(if gap == Gap::Paragraph { "\n\n" } else { "\n" });
        self.text.push_str(&" ".repeat(INDENT * depth));
    }

    /// Adds a link's target if its text does not contain it.
    fn name_target(&mut self) {
        let Some((target, start)) = self.links.pop() else {
            return;
        };
        let is_told = self.text.get(start..).is_some_and(|text| text.contains(&target));
        if target.starts_with("https://") && !is_told {
            self.write(&format!(" ({target})"));
        }
    }

    fn open_row(&mut self, is_head: bool) {
        self.widen(Gap::Line);
        self.table.column = 0;
        self.table.is_head = is_head;
        self.table.has_rows |= !is_head;
    }

    fn open_cell(&mut self) {
        let start = self.text.len();
        self.table.gap = self.gap;
        let header = self.table.headers.get(self.table.column).filter(|_| !self.table.is_head).cloned();
        if let Some(header) = header.filter(|header| !header.is_empty()) {
            self.write(&format!("{header}: "));
        }
        self.table.cell = (start, self.text.len());
    }

    fn close_cell(&mut self) {
        let (start, text) = self.table.cell;
        let cell = self.text.get(text..).unwrap_or_default().trim().to_owned();
        if self.table.is_head || cell.is_empty() {
            self.text.truncate(start);
            self.gap = self.table.gap;
        } else {
            self.text.push_str(" | ");
        }
        if self.table.is_head {
            self.table.headers.push(cell);
        }
        self.table.column += 1;
    }

    fn close_row(&mut self) {
        let row = self.text.trim_end_matches([' ', '|']).len();
        self.text.truncate(row);
        self.widen(Gap::Line);
    }

    /// A table of headers alone says them.
    fn close_table(&mut self) {
        let table = std::mem::take(&mut self.table);
        if !table.has_rows {
            self.write(&table.headers.join(" | "));
        }
        self.widen(self.block_gap());
    }
}
