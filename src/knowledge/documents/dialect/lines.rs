//! First pass: markup that takes whole lines. Imports, comments, includes, admonitions, and the indented blocks of
//! MkDocs.

use super::Line;

/// Indentation of the text of an indented block (`!!! note`, `=== "Tab"`).
const BLOCK_INDENT: usize = 4;
/// Lines that are nothing but an instruction to a tool.
const INSTRUCTIONS: &[&str] =
    &["[[toc]]", "[toc]", "[[_toc_]]", "${toc}", "<!--more-->", "{==", "==}", "{++", "++}", "{--", "--}"];

pub(super) fn without_line_markup(text: &str, is_mdx: bool) -> Vec<Line> {
    let mut reader = LineReader { is_mdx, ..LineReader::default() };
    for line in text.lines() {
        reader.read(line);
    }
    reader.lines
}

#[derive(Default)]
struct LineReader {
    is_mdx: bool,
    lines: Vec<Line>,
    fence: Option<Fence>,
    /// Text indents of the open indented blocks, outermost first.
    blocks: Vec<usize>,
    /// What ends the open comment.
    comment: Option<&'static str>,
    statement: Option<Statement>,
    is_in_list: bool,
}

struct Fence {
    mark: char,
    length: usize,
    indent: usize,
}

/// An `import` or `export` that is not complete yet, by its open brackets.
struct Statement {
    depth: usize,
}

impl LineReader {
    fn read(&mut self, raw: &str) {
        let line = self.within_blocks(raw);
        if self.is_fenced(&line) {
            self.push(line, true);
        } else if let Some(statement) = self.statement.take() {
            self.statement = statement.after(&line);
        } else {
            let line = match heading_of_comment(&line).filter(|_| self.comment.is_none()) {
                Some(heading) => heading,
                None => self.without_comments(&line),
            };
            self.read_text(line);
        }
    }

    fn read_text(&mut self, line: String) {
        let start = line.trim_start();
        if let Some(definition) = start.strip_prefix(":   ") {
            self.open_block(&line);
            self.push(String::new(), false);
            self.read_text(definition.to_owned());
        } else if is_statement(&line) {
            self.statement = Statement { depth: 0 }.after(&line);
        } else if let Some(title) = indented_block(start) {
            self.open_block(&line);
            self.push_paragraph(title);
        } else if let Some(title) = admonition(start) {
            self.push_paragraph(title);
        } else if is_instruction(start) {
            self.push(String::new(), false);
        } else if self.is_indented_code(&line) {
            self.push(line, true);
        } else {
            self.note_list(&line);
            self.push(alert(line), false);
        }
    }

    fn push(&mut self, text: String, is_code: bool) {
        self.lines.push(Line { text, is_code });
    }

    fn push_paragraph(&mut self, title: &str) {
        for text in ["", title, ""] {
            self.push(text.to_owned(), false);
        }
    }

    /// What follows is the text of this line, and is indented more.
    fn open_block(&mut self, line: &str) {
        self.blocks.push(indent(line) + self.blocks.last().copied().unwrap_or(0) + BLOCK_INDENT);
    }

    /// The line without the indentation of the blocks it is in.
    fn within_blocks(&mut self, raw: &str) -> String {
        let line = raw.replace('\t', "    ");
        if line.trim().is_empty() {
            return String::new();
        }
        while self.blocks.last().is_some_and(|block| indent(&line) < *block) {
            self.blocks.pop();
            self.fence = None;
        }
        let block = self.blocks.last().copied().unwrap_or(0);
        line.get(block..).unwrap_or_default().to_owned()
    }

    /// Whether the line belongs to fenced code, its fences included.
    fn is_fenced(&mut self, line: &str) -> bool {
        if self.comment.is_some() {
            return false;
        }
        let start = line.trim_start().trim_start_matches(['>', ' ']);
        let mark = start.chars().next().filter(|mark| matches!(mark, '`' | '~'));
        let length = mark.map_or(0, |mark| start.chars().take_while(|c| *c == mark).count());
        let rest = start.get(length..).unwrap_or_default();
        let closes = |fence: &Fence| {
            Some(fence.mark) == mark
                && length >= fence.length
                && rest.trim().is_empty()
                && indent(line) < fence.indent + BLOCK_INDENT
        };
        match (&self.fence, mark) {
            (Some(fence), _) if closes(fence) => {
                self.fence = None;
                true
            }
            (Some(_), _) => true,
            (None, Some(mark)) if length >= 3 && !(mark == '`' && rest.contains('`')) => {
                self.fence = Some(Fence { mark, length, indent: indent(line) });
                true
            }
            (None, _) => false,
        }
    }

    /// Code by indentation, as Markdown has it outside lists. MDX has none.
    fn is_indented_code(&self, line: &str) -> bool {
        let last = self.lines.last();
        let continues = last.is_some_and(|last| last.is_code && indent(&last.text) >= BLOCK_INDENT);
        let follows =
            last.is_none_or(|last| last.text.is_empty()) && !line.trim_start().starts_with(['<', '{']);
        !self.is_mdx && !self.is_in_list && (continues || follows) && indent(line) >= BLOCK_INDENT
    }

    fn note_list(&mut self, line: &str) {
        let start = line.trim_start();
        let number = start.trim_start_matches(|c: char| c.is_ascii_digit());
        let is_item = ["- ", "* ", "+ "].iter().any(|mark| start.starts_with(mark))
            || (number.len() < start.len() && number.starts_with(['.', ')']));
        if is_item {
            self.is_in_list = true;
        } else if !start.is_empty() && indent(line) == 0 {
            self.is_in_list = false;
        }
    }

    /// Removes `<!-- … -->` and `{/* … */}`, which may span lines; inline code is left.
    fn without_comments(&mut self, line: &str) -> String {
        let mut kept = String::new();
        let mut rest = line;
        loop {
            if let Some(end) = self.comment {
                let Some(at) = rest.find(end) else {
                    return kept;
                };
                rest = rest.get(at + end.len()..).unwrap_or_default();
                self.comment = None;
            }
            let opened = [("<!--", "-->"), ("{/*", "*/}")]
                .iter()
                .filter_map(|(open, end)| rest.find(open).map(|at| (at, *open, *end)))
                .min();
            let Some((at, open, end)) = opened else {
                kept.push_str(rest);
                return kept;
            };
            let (before, after) = rest.split_at(at);
            kept.push_str(before);
            rest = after.get(open.len()..).unwrap_or_default();
            if kept.matches('`').count() % 2 == 1 {
                kept.push_str(open);
            } else {
                self.comment = Some(end);
            }
        }
    }
}

impl Statement {
    /// The statement after a further line; `None` when it is complete.
    fn after(mut self, line: &str) -> Option<Self> {
        for c in line.chars() {
            match c {
                '(' | '{' | '[' => self.depth += 1,
                ')' | '}' | ']' => self.depth = self.depth.saturating_sub(1),
                _ => {}
            }
        }
        (self.depth > 0).then_some(self)
    }
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// `import` and `export` of a script. A sentence may begin with these words too.
fn is_statement(line: &str) -> bool {
    let is_quoted = |text: &str| text.contains(['\'', '"']);
    if let Some(rest) = line.strip_prefix("import ") {
        let opens = rest.trim_end().ends_with(['{', ',']) && rest.starts_with(['{', '*']);
        return rest.starts_with(['\'', '"']) || opens || (rest.contains(" from ") && is_quoted(rest));
    }
    line.strip_prefix("export ").is_some_and(|rest| {
        ["const ", "default ", "function ", "let ", "async ", "var ", "class ", "{", "* from"]
            .iter()
            .any(|keyword| rest.starts_with(keyword))
            && (rest.contains(['=', '(', '{', ';']) || is_quoted(rest))
    })
}

/// The title of an indented block: `!!! note "Title"`, `??? tip`, `=== "Tab"`.
fn indented_block(start: &str) -> Option<&str> {
    let rest = ["!!! ", "???+ ", "??? ", "=== "].iter().find_map(|mark| start.strip_prefix(mark))?;
    let is_tab = start.starts_with("===");
    match quoted(rest) {
        Some(title) => Some(title),
        None if is_tab => None,
        None => Some(""),
    }
}

/// The title of a line that opens or closes an admonition: `:::note[Title]`, `::: tip Title`, `:::`.
fn admonition(start: &str) -> Option<&str> {
    let rest = start.trim_start_matches(':');
    if start.len() - rest.len() < 3 {
        return None;
    }
    let rest = rest.trim().trim_start_matches('{').trim_end_matches('}');
    let kind = rest.find(|c: char| !(c.is_alphanumeric() || c == '-' || c == '_')).unwrap_or(rest.len());
    let title = rest.get(kind..).unwrap_or_default().trim();
    Some(quoted(title).unwrap_or_else(|| {
        let title = title.split('{').next().unwrap_or_default().trim();
        title.trim_start_matches('[').trim_end_matches(']')
    }))
}

/// The first text in double quotes.
fn quoted(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once('"')?;
    rest.split_once('"').map(|(inner, _)| inner)
}

/// A heading that a macro writes (`## <!-- md:setting config.dir -->`): what the macro is about.
fn heading_of_comment(line: &str) -> Option<String> {
    let text = line.trim_start_matches('#');
    let marks = line.get(..line.len() - text.len()).filter(|marks| !marks.is_empty())?;
    let comment = text.trim().strip_prefix("<!--")?.strip_suffix("-->")?.trim();
    let (macro_name, about) = comment.split_once(' ')?;
    (macro_name.contains(':') && !comment.contains("-->")).then(|| format!("{marks} {}", about.trim()))
}

fn is_instruction(start: &str) -> bool {
    let lower = start.trim_end().to_lowercase();
    INSTRUCTIONS.contains(&lower.as_str())
        || start.starts_with("--8<--")
        || start.starts_with("<<< ")
        || start.starts_with("@[code")
        || (start.starts_with("{:") && lower.ends_with('}'))
        || (start.starts_with("*[") && start.contains("]: "))
}

/// A quote without the mark that makes it an alert: `> [!NOTE]`.
fn alert(line: String) -> String {
    let Some((before, after)) = line.split_once("[!") else {
        return line;
    };
    match after.split_once(']') {
        Some((kind, rest)) if is_quote(before) && kind.chars().all(char::is_alphanumeric) => {
            format!("{before}{}", rest.trim_start_matches(['-', '+']).trim_start())
        }
        _ => line,
    }
}

fn is_quote(before: &str) -> bool {
    before.contains('>') && before.trim_matches(['>', ' ']).is_empty()
}
