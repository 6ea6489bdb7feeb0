//! A parser for the Markdown tables of the company's profile: each with its heading, its line and the text around it.

use super::document::heading;

/// A section's first table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SectionTable {
    /// The heading's line.
    pub line: usize,
    /// What is written outside of the table.
    pub prose: String,
    /// The first row has the names of the columns.
    pub rows: Vec<TableRow>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableRow {
    pub line: usize,
    /// Without white space around them.
    pub cells: Vec<String>,
}

impl SectionTable {
    /// The section with this heading; case does not matter.
    pub fn find(text: &str, title: &str) -> Option<Self> {
        let mut lines = text.lines().enumerate().map(|(place, line)| (place + 1, line));
        let is_it = |line: &str| heading(line).is_some_and(|(_, found)| found.eq_ignore_ascii_case(title));
        let (line, _) = lines.find(|(_, line)| is_it(line))?;
        let mut section = Self { line, ..Self::default() };
        for (line, text) in lines.take_while(|(_, line)| heading(line).is_none()) {
            match row(text) {
                Some(cells) if is_rule(&cells) => {}
                Some(cells) => section.rows.push(TableRow { line, cells }),
                None => {
                    section.prose.push_str(text);
                    section.prose.push('\n');
                }
            }
        }
        Some(section)
    }
}

fn row(line: &str) -> Option<Vec<String>> {
    let inner = line.trim().strip_prefix('|')?;
    let inner = inner.strip_suffix('|').unwrap_or(inner);
    Some(inner.split('|').map(|cell| cell.trim().to_owned()).collect())
}

/// Whether it is the line below the names of the columns.
fn is_rule(cells: &[String]) -> bool {
    cells.iter().all(|cell| !cell.is_empty() && cell.chars().all(|c| matches!(c, '-' | ':')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_found_by_its_heading_with_the_text_around_it() {
        let text = "# A\n| x |\n## Hours (all)\nIn UTC.\n\n| Who | When |\n| --- | :-: |\n| We |  now |\n\nEnd.\n## B\n| y |\n";
        let table = SectionTable::find(text, "hours (ALL)").unwrap();
        assert_eq!((table.line, table.prose.as_str()), (3, "In UTC.\n\n\nEnd.\n"));
        let row = |line, cells: [&str; 2]| TableRow { line, cells: cells.map(str::to_owned).to_vec() };
        assert_eq!(table.rows, [row(6, ["Who", "When"]), row(8, ["We", "now"])]);
        assert_eq!(SectionTable::find(text, "Hours"), None);
    }
}
