//! Front matter: the YAML or TOML block before a document, which gives its title and description and is never text.
//!
//! Only these scalars are read, leniently: real files hold YAML that a strict parser refuses (`title: Error: what to do`).

#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct FrontMatter {
    pub title: Option<String>,
    pub description: Option<String>,
    /// `draft: true`, by which Hugo, Docusaurus and MkDocs keep a page from being published.
    pub is_draft: bool,
}

/// The front matter and the text after it.
pub(super) fn split(text: &str) -> (FrontMatter, &str) {
    let text = text.trim_start_matches('\n');
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let close: &[&str] = match first.trim_end() {
        "---" => &["---", "..."],
        "+++" => &["+++"],
        _ => return (FrontMatter::default(), text),
    };
    let mut length = 0;
    for line in rest.split_inclusive('\n') {
        if close.contains(&line.trim_end()) {
            let (block, body) = (rest.get(..length), rest.get(length + line.len()..));
            return match (block.filter(|block| is_data(block)), body) {
                (Some(block), Some(body)) => (read(block), body),
                _ => (FrontMatter::default(), text),
            };
        }
        length += line.len();
    }
    (FrontMatter::default(), text)
}

/// Whether a block between two rules is data, and not the first part of a text that begins with a rule.
fn is_data(block: &str) -> bool {
    let mut lines = block.lines().filter(|line| !line.trim().is_empty());
    lines.next().is_none_or(|first| {
        let key = first.split([':', '=']).next().unwrap_or_default().trim();
        first.starts_with(['#', '[']) || (key.len() < first.trim().len() && is_key(key))
    })
}

fn is_key(key: &str) -> bool {
    let key = key.trim_matches(['"', '\'']);
    !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || "_-.@$".contains(c))
}

fn read(block: &str) -> FrontMatter {
    let mut found = FrontMatter::default();
    let mut lines = block.lines().peekable();
    // TOML keys below a table belong to the table.
    let mut is_top = true;
    while let Some(line) = lines.next() {
        if line.starts_with('[') {
            is_top = false;
        }
        if !is_top || line.starts_with([' ', '\t', '#', '-']) {
            continue;
        }
        let Some((key, value)) = line.split_once([':', '=']) else {
            continue;
        };
        let mut value = scalar(value);
        while let Some(more) = lines.next_if(|next| next.starts_with([' ', '\t'])) {
            let more = more.trim();
            if !value.is_empty() {
                value.push(' ');
            }
            value.push_str(more);
        }
        let value = unquoted(value.trim());
        match key.trim().trim_matches(['"', '\'']) {
            "title" if !value.is_empty() => found.title = Some(value),
            "description" | "summary" | "excerpt" if !value.is_empty() => {
                found.description.get_or_insert(value);
            }
            "draft" => found.is_draft = value == "true",
            "published" => found.is_draft |= value == "false",
            _ => {}
        }
    }
    found
}

/// The value of a line, without a comment and without the sign of a block scalar (`|`, `>-`).
fn scalar(value: &str) -> String {
    let value = value.trim();
    let is_quoted = value.starts_with(['"', '\'']);
    let value = match value.find(" #") {
        Some(comment) if !is_quoted => value.get(..comment).unwrap_or(value).trim_end(),
        _ => value,
    };
    let is_block = value.starts_with(['|', '>']) && value.len() <= 3;
    if is_block { String::new() } else { value.to_owned() }
}

fn unquoted(value: &str) -> String {
    for (mark, escape, plain) in [("\"\"\"", "", ""), ("\"", "\\\"", "\""), ("'", "''", "'")] {
        let inner =
            value.strip_prefix(mark).and_then(|rest| rest.rfind(mark).and_then(|end| rest.get(..end)));
        if let Some(inner) = inner {
            return if escape.is_empty() { inner.trim().to_owned() } else { inner.replace(escape, plain) };
        }
    }
    value.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> (Option<String>, Option<String>, bool, &str) {
        let (found, body) = split(text);
        (found.title, found.description, found.is_draft, body)
    }

    #[test]
    fn title_and_description_are_read_and_nothing_becomes_text() {
        let some = |text: &str| Some(text.to_owned());
        for (text, title, description, body) in [
            ("---\ntitle: Set up\n---\nA", some("Set up"), None, "A"),
            ("---\ntitle: \"A \\\"b\\\"\" # x\nid: a\n---\n\nA", some("A \"b\""), None, "\nA"),
            ("---\ntitle: 'It''s'\n...\nA", some("It's"), None, "A"),
            ("---\ntitle: Error: what now # no\n---\nA", some("Error: what now"), None, "A"),
            ("---\ndescription: >-\n  One\n  two.\ntitle: T\n---\nA", some("T"), some("One two."), "A"),
            ("---\ntags:\n  - title: x\n  - b\n---\nA", None, None, "A"),
            ("+++\ntitle = \"Hugo\"\n[params]\ntitle = 'no'\n+++\nA", some("Hugo"), None, "A"),
            ("\n---\nsummary: S\n---\nA", None, some("S"), "A"),
            ("---\n---\nA", None, None, "A"),
            ("---\nA text after a rule.\n\n---\nA", None, None, "---\nA text after a rule.\n\n---\nA"),
            (
                "---\nNote this: a long text after a rule.\n---\nA",
                None,
                None,
                "---\nNote this: a long text after a rule.\n---\nA",
            ),
            ("---\ntitle: never closed\nA", None, None, "---\ntitle: never closed\nA"),
            ("A\n---\ntitle: b\n---", None, None, "A\n---\ntitle: b\n---"),
        ] {
            assert_eq!(parts(text), (title, description, false, body), "{text:?}");
        }
        assert!(split("---\ndraft: true\n---\nA").0.is_draft);
        assert!(split("---\npublished: false\n---\nA").0.is_draft);
    }
}
