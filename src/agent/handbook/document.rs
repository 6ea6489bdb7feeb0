//! A parser for the small Markdown subset of the handbook's files: headings, list items and text, each with its line.

use super::{ContextError, ContextSource};

/// A heading and everything below it, up to the next heading of the same or a higher level.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleSection {
    pub title: String,
    /// The heading's line; 0 for the file itself.
    pub line: usize,
    pub items: Vec<ListItem>,
    pub parts: Vec<RuleSection>,
}

/// A list item; indented lines below belong to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListItem {
    pub line: usize,
    pub text: String,
}

impl ListItem {
    /// Key and value of `Key: value`, the key in lower case.
    pub fn field(&self) -> Option<(String, &str)> {
        let (key, value) = self.text.split_once(':')?;
        Some((key.trim().to_lowercase(), value.trim()))
    }

    /// The text between back quotes, or all of it.
    pub fn unquoted(&self) -> &str {
        let text = self.text.trim();
        text.strip_prefix('`').and_then(|text| text.strip_suffix('`')).unwrap_or(text)
    }
}

/// The file as one section that contains the others. Text outside lists is a comment and is skipped.
pub fn read(text: &str) -> RuleSection {
    let mut stack: Vec<(usize, RuleSection)> = vec![(0, RuleSection::default())];
    let mut in_code = false;
    for (place, line) in text.lines().enumerate() {
        in_code ^= line.trim_start().starts_with("```");
        if in_code {
            continue;
        }
        let number = place + 1;
        if let Some((level, title)) = heading(line) {
            while stack.last().is_some_and(|(open, _)| *open >= level) && stack.len() > 1 {
                close(&mut stack);
            }
            stack.push((level, RuleSection { title, line: number, ..RuleSection::default() }));
        } else if let Some((_, section)) = stack.last_mut() {
            read_line(section, line, number);
        }
    }
    while stack.len() > 1 {
        close(&mut stack);
    }
    stack.pop().map(|(_, section)| section).unwrap_or_default()
}

fn read_line(section: &mut RuleSection, line: &str, number: usize) {
    if let Some(text) = line.strip_prefix("- ").or_else(|| line.strip_prefix("* ")) {
        section.items.push(ListItem { line: number, text: text.trim().to_owned() });
    } else if line.starts_with("  ")
        && let Some(item) = section.items.last_mut()
    {
        item.text.push(' ');
        item.text.push_str(line.trim());
    }
}

fn close(stack: &mut Vec<(usize, RuleSection)>) {
    if let Some((_, section)) = stack.pop()
        && let Some((_, parent)) = stack.last_mut()
    {
        parent.parts.push(section);
    }
}

pub fn heading(line: &str) -> Option<(usize, String)> {
    let level = line.len() - line.trim_start_matches('#').len();
    let title = line.get(level..)?.strip_prefix(' ')?;
    (1..=6).contains(&level).then(|| (level, title.trim().trim_end_matches('#').trim().to_owned()))
}

/// Collects mistakes while parsing continues.
pub struct ErrorCollector<'a> {
    file: &'a str,
    pub faults: Vec<ContextError>,
}

impl<'a> ErrorCollector<'a> {
    pub fn new(source: ContextSource<'a>) -> Self {
        Self { file: source.name, faults: Vec::new() }
    }

    pub fn note(&mut self, line: usize, what: impl ToString) {
        self.faults.push(ContextError { file: self.file.to_owned(), line, what: what.to_string() });
    }

    /// The value, or `None` after recording the mistake.
    pub fn keep<T, E: ToString>(&mut self, line: usize, value: Result<T, E>) -> Option<T> {
        value.map_err(|error| self.note(line, error)).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_nest_and_items_keep_their_lines() {
        let text = "# File\n\nProse.\n\n## Rules\n### One\n- Reason: legal\n- `a b`\n  `c`\n```\n- no\n```\n## Last\n* x\n";
        let file = &read(text).parts[0];
        assert_eq!((file.title.as_str(), file.parts.len()), ("File", 2));
        let one = &file.parts[0].parts[0];
        assert_eq!((one.title.as_str(), one.line), ("One", 6));
        assert_eq!(one.items[0].field(), Some(("reason".to_owned(), "legal")));
        assert_eq!(one.items[1], ListItem { line: 8, text: "`a b` `c`".to_owned() });
        assert_eq!(file.parts[1].items, [ListItem { line: 14, text: "x".to_owned() }]);
    }
}
