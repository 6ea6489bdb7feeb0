//! Parser of the paths that Rust code uses, sufficient for the import rules: `use` trees with their groups, and paths
//! written out. It handles comments, strings and inline modules, but not macros or shadowed names.

use std::ops::Range;

/// A path that code uses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsedPath {
    /// It begins with `crate::` if it leads into this crate, whether it was written with `crate`, `self` or `super`;
    /// other paths are as written.
    pub path: String,
    /// The name that a `use` imports into the module; `None` for a path written out.
    pub name: Option<String>,
    /// Whether the `use` only re-exports the name: it is public, and no other code of the file uses the name.
    pub is_reexport: bool,
    /// Whether it is in an inline module, such as the tests of a file.
    pub is_inline: bool,
}

/// Every path used in `text`, the code of `module`.
pub fn paths_in(text: &str, module: &[String]) -> Vec<UsedPath> {
    let code = code_of(text);
    let (inline, trees) = (inline_modules(&code), use_trees(&code));
    let mut found = Vec::new();
    for &(at, tree) in &trees {
        let enclosing = enclosing(&inline, at, module);
        let mut leaves = Vec::new();
        expand(tree.trim(), "", &mut leaves);
        for Leaf { path, name } in leaves {
            let is_reexport = is_public(&code, at) && !occurs_outside_of_use(&code, &trees, &name);
            let is_inline = enclosing.len() > module.len();
            found.push(UsedPath {
                path: absolute(&path, &enclosing),
                name: Some(name),
                is_reexport,
                is_inline,
            });
        }
    }
    for (at, path) in written_paths(&code) {
        let enclosing = enclosing(&inline, at, module);
        let is_inline = enclosing.len() > module.len();
        found.push(UsedPath { path: absolute(path, &enclosing), name: None, is_reexport: false, is_inline });
    }
    found
}

fn is_public(code: &str, at: usize) -> bool {
    let before = code[..at].trim_end();
    before.ends_with("pub")
        || before
            .rfind("pub(")
            .is_some_and(|start| before[start..].find(')') == Some(before.len() - start - 1))
}

fn occurs_outside_of_use(code: &str, trees: &[(usize, &str)], name: &str) -> bool {
    let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    code.match_indices(name).any(|(at, _)| {
        let is_whole = !code[..at].ends_with(is_word) && !code[at + name.len()..].starts_with(is_word);
        is_whole && !trees.iter().any(|(start, tree)| (*start..start + 4 + tree.len()).contains(&at))
    })
}

/// The text without comments and string contents, so that neither is parsed as an import.
fn code_of(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let skipped = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if let Some(hashes) = raw_string_hashes(rest) {
            let end = format!("\"{}", "#".repeat(hashes));
            let start = hashes + 2;
            rest[start..].find(&end).map_or(rest.len(), |at| start + at + end.len())
        } else if first == '"' {
            string_end(rest)
        } else if let Some(quote) = ["'\"'", "'\\\"'"].iter().find(|quote| rest.starts_with(**quote)) {
            quote.len()
        } else {
            code.push(first);
            first.len_utf8()
        };
        rest = &rest[skipped..];
    }
    code
}

fn raw_string_hashes(rest: &str) -> Option<usize> {
    let after = rest.strip_prefix('r')?;
    let hashes = after.len() - after.trim_start_matches('#').len();
    after[hashes..].starts_with('"').then_some(hashes)
}

fn string_end(rest: &str) -> usize {
    let mut escaped = false;
    for (at, letter) in rest.char_indices().skip(1) {
        match letter {
            '"' if !escaped => return at + 1,
            _ => escaped = letter == '\\' && !escaped,
        }
    }
    rest.len()
}

/// The text between each `use` and its semicolon.
fn use_trees(code: &str) -> Vec<(usize, &str)> {
    let begins_statement = |at: usize| {
        let before = code[..at].trim_end();
        before.is_empty() || before.ends_with([';', '{', '}', ']', ')']) || before.ends_with("pub")
    };
    code.match_indices("use ")
        .filter(|(at, _)| begins_statement(*at))
        .filter_map(|(at, keyword)| {
            let rest = &code[at + keyword.len()..];
            Some((at, &rest[..rest.find(';')?]))
        })
        .collect()
}

/// One path of a `use` tree, and the name it is imported as.
struct Leaf {
    path: String,
    name: String,
}

/// `a::{b, c::{d, self}}` becomes `a::b`, `a::c::d`, `a::c`.
fn expand(tree: &str, prefix: &str, found: &mut Vec<Leaf>) {
    let Some((head, group)) = tree.split_once('{') else {
        let (path, alias) = tree.split_once(" as ").map_or((tree, None), |(path, alias)| (path, Some(alias)));
        let path = format!("{prefix}{}", path.trim());
        let path = path.strip_suffix("::self").unwrap_or(&path).trim_start_matches("::").to_owned();
        let name = alias.unwrap_or_else(|| path.rsplit("::").next().unwrap_or_default()).trim().to_owned();
        found.push(Leaf { path, name });
        return;
    };
    let prefix = format!("{prefix}{}", head.trim());
    let group = group.trim_end().strip_suffix('}').unwrap_or(group);
    let (mut depth, mut start) = (0_usize, 0);
    for (at, letter) in group.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                expand(group[start..at].trim(), &prefix, found);
                start = at + 1;
            }
            _ => {}
        }
    }
    if !group[start..].trim().is_empty() {
        expand(group[start..].trim(), &prefix, found);
    }
}

/// Identifiers joined by `::`, each from its first identifier on.
fn written_paths(code: &str) -> Vec<(usize, &str)> {
    let is_word = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == ':';
    let mut found = Vec::new();
    let mut end = 0;
    for (at, _) in code.match_indices("::") {
        if at < end {
            continue;
        }
        let start = code[..at].rfind(|letter| !is_word(letter)).map_or(0, |before| before + 1);
        end = code[at..].find(|letter| !is_word(letter)).map_or(code.len(), |length| at + length);
        // The prefix of `use a::{…}`: the tree has been resolved as a whole.
        if code[end..].starts_with('{') && code[..end].ends_with("::") {
            continue;
        }
        let path = code[start..end].trim_end_matches(':');
        if !path.is_empty() && !path.starts_with(':') && path.contains("::") {
            found.push((start, path));
        }
    }
    found
}

/// The inline modules of a file, each with the range of its block; an outer one comes before those in it.
fn inline_modules(code: &str) -> Vec<(Range<usize>, &str)> {
    let mut found = Vec::new();
    let mut blocks: Vec<Option<usize>> = Vec::new();
    for (brace, _) in code.match_indices(['{', '}']) {
        if code[brace..].starts_with('}') {
            if let Some(Some(index)) = blocks.pop() {
                let (range, _): &mut (Range<usize>, &str) = &mut found[index];
                range.end = brace;
            }
            continue;
        }
        let words: Vec<&str> = code[..brace].split_whitespace().rev().take(2).collect();
        let is_module = matches!(words[..], [_, "mod"]);
        blocks.push(is_module.then_some(found.len()));
        if is_module {
            found.push((brace..code.len(), words[0]));
        }
    }
    found
}

/// The module that the code at `at` is in: that of the file, and the inline ones around it.
fn enclosing(inline: &[(Range<usize>, &str)], at: usize, module: &[String]) -> Vec<String> {
    let around = inline.iter().filter(|(range, _)| range.contains(&at)).map(|(_, name)| (*name).to_owned());
    module.iter().cloned().chain(around).collect()
}

fn absolute(path: &str, module: &[String]) -> String {
    let mut segments: Vec<&str> = path.split("::").collect();
    if !matches!(segments[0], "self" | "super") {
        return path.to_owned();
    }
    let mut base: Vec<&str> = module.iter().map(String::as_str).collect();
    while let Some(first @ ("self" | "super")) = segments.first().copied() {
        segments.remove(0);
        if first == "super" {
            base.pop();
        }
    }
    [&["crate"][..], &base, &segments].concat().join("::")
}
