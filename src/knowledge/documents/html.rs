//! HTML reader: converts a page, or an element within Markdown, into Markdown.

use htmd::HtmlToMarkdown;

use super::dialect::tags::{Found, Tag, tag_at, value};

/// Elements that are not part of an article.
const UNREAD: &[&str] = &[
    "head", "script", "style", "nav", "header", "footer", "aside", "form", "button", "svg", "noscript",
    "template", "iframe", "img", "picture", "video", "audio", "select", "input", "dialog",
];
/// Characters that a title's separator has around it.
const TITLE_SEPARATORS: &[&str] = &[" | ", " – ", " — ", " · ", " :: "];

/// A page as far as it is an article.
#[derive(Debug, Default)]
pub(super) struct Article {
    pub title: Option<String>,
    pub description: Option<String>,
    pub markdown: String,
}

pub(super) fn article(html: &str) -> Article {
    let title = element(html, "title").map(fragment).filter(|title| !title.is_empty());
    let description = tags(html)
        .filter(|tag| tag.name.eq_ignore_ascii_case("meta"))
        .find(|tag| {
            value(tag.attributes, &["name"]).is_some_and(|name| name.eq_ignore_ascii_case("description"))
        })
        .and_then(|tag| value(tag.attributes, &["content"]));
    let content = element(html, "main").or_else(|| element(html, "article")).unwrap_or(html);
    Article { title: title.map(|title| article_title(&title)), description, markdown: converted(content) }
}

/// The Markdown of an element. Text in it may be Markdown already, so nothing is escaped.
pub(super) fn fragment(html: &str) -> String {
    let html = html.replace("{\" \"}", " ").replace("{' '}", " ");
    unescaped(&converted(&html))
}

fn converted(html: &str) -> String {
    let converter = HtmlToMarkdown::builder().skip_tags(UNREAD.to_vec()).build();
    // Reading from memory does not fail.
    converter.convert(html).unwrap_or_default().trim().to_owned()
}

fn unescaped(markdown: &str) -> String {
    let mut text = String::with_capacity(markdown.len());
    let mut chars = markdown.chars().peekable();
    while let Some(c) = chars.next() {
        if !(c == '\\' && chars.peek().is_some_and(|next| "*_`[]".contains(*next))) {
            text.push(c);
        }
    }
    text
}

/// A page's title without the name of the site.
fn article_title(title: &str) -> String {
    let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
    let end = TITLE_SEPARATORS.iter().filter_map(|separator| title.find(separator)).min();
    end.and_then(|end| title.get(..end)).unwrap_or(&title).trim().to_owned()
}

/// The content of the first element of a name, up to its last end.
fn element<'a>(html: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = html;
    loop {
        let at = rest.find('<')?;
        rest = rest.get(at..)?;
        match tag_at(rest) {
            Found::Tag(tag) if tag.name.eq_ignore_ascii_case(name) && !tag.is_closing => {
                let content = rest.get(tag.length..)?;
                let close = format!("</{name}");
                let lower = content.to_ascii_lowercase();
                let end = if name == "title" { lower.find(&close) } else { lower.rfind(&close) };
                return content.get(..end.unwrap_or(content.len()));
            }
            Found::Tag(tag) => rest = rest.get(tag.length..)?,
            Found::Open | Found::Text => rest = rest.get(1..)?,
        }
    }
}

fn tags(html: &str) -> impl Iterator<Item = Tag<'_>> {
    html.match_indices('<').filter_map(|(at, _)| match tag_at(html.get(at..)?) {
        Found::Tag(tag) => Some(tag),
        Found::Open | Found::Text => None,
    })
}
