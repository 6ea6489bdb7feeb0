//! Markdown normaliser: turns what documentation tools add to Markdown (Docusaurus, VitePress, MkDocs, Mintlify,
//! GitBook, Hugo) into plain Markdown that says the same. Code is left as it is.
//!
//! Two passes over the lines, each linear: [`lines`] removes whole-line markup, [`markup`] tags and expressions.

mod blocks;
mod inline;
mod lines;
mod markup;
pub(super) mod tags;

/// A line of a document, without its line end.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Line {
    text: String,
    is_code: bool,
}

/// `is_mdx`: indented text is no code, and braces are expressions.
pub(super) fn plain_markdown(text: &str, is_mdx: bool) -> String {
    markup::without_markup(lines::without_line_markup(text, is_mdx), is_mdx)
}

#[cfg(test)]
mod tests;
