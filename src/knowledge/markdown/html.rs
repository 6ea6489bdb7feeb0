//! HTML renderer for the text below a heading. What it returns is clean: markup of a fixed list, no script, no style, no
//! image, and links to web pages, mail addresses and other sections only.

use std::collections::HashSet;
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};
use pulldown_cmark::{CowStr, Event, Tag, TagEnd, html};

/// The elements that Markdown's own syntax produces; images are left out, because pages load nothing from elsewhere.
const TAGS: [&str; 25] = [
    "a",
    "blockquote",
    "br",
    "code",
    "del",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "li",
    "ol",
    "p",
    "pre",
    "strong",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "ul",
];
/// Where a page of the help centre shows a section.
const HELP_PAGE: &str = "/help?id=";

static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut cleaner = Builder::empty();
    cleaner
        .tags(HashSet::from(TAGS))
        .clean_content_tags(HashSet::from(["script", "style"]))
        .tag_attributes([("a", HashSet::from(["href"])), ("ol", HashSet::from(["start"]))].into())
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .url_relative(UrlRelative::PassThrough)
        .link_rel(Some("noopener noreferrer"));
    cleaner
});

/// The HTML of these events; `file` is the document's path, to which its links are relative.
pub(super) fn render(file: &str, events: Vec<Event<'_>>) -> String {
    let mut is_without_target = false;
    let has_target = |event: &Event<'_>| {
        if let Event::Start(Tag::Link { dest_url, .. }) = event {
            is_without_target = dest_url.is_empty();
            return !is_without_target;
        }
        let is_end = matches!(event, Event::End(TagEnd::Link));
        !(is_end && std::mem::take(&mut is_without_target))
    };
    let linked = events.into_iter().filter(has_target).map(|mut event| {
        if let Event::Start(Tag::Link { dest_url, .. }) = &mut event
            && let Some(link) = section_link(file, dest_url)
        {
            *dest_url = CowStr::from(link);
        }
        event
    });
    let mut rendered = String::new();
    html::push_html(&mut rendered, linked);
    CLEANER.clean(&rendered.replace('\0', "")).to_string().trim().to_owned()
}

/// A paragraph of plain text.
pub(super) fn paragraph(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("<p>{}</p>\n", ammonia::clean_text(text)) }
}

/// The address of another section, if the link leads to one: `#slug`, or `other.md#slug` relative to the file's folder.
fn section_link(file: &str, target: &str) -> Option<String> {
    let (path, slug) = target.split_once('#').unwrap_or((target, ""));
    if path.contains([':', '?', '\\'])
        || path.starts_with('/')
        || (!path.is_empty() && !path.ends_with(".md"))
    {
        return None;
    }
    let mut parts: Vec<&str> = file.split('/').collect();
    if !path.is_empty() {
        parts.pop();
        for part in path.split('/') {
            match part {
                "." => {}
                ".." => drop(parts.pop()?),
                name => parts.push(name),
            }
        }
    }
    let id = parts.join("/");
    let id = if slug.is_empty() { id } else { format!("{id}#{slug}") };
    let encoded: String = form_urlencoded::byte_serialize(id.as_bytes()).collect();
    Some(format!("{HELP_PAGE}{encoded}"))
}

#[cfg(test)]
mod tests {
    use pulldown_cmark::Parser;

    use super::super::EXTENSIONS;
    use super::*;

    fn rendered(markdown: &str) -> String {
        render("guides/docs.md", Parser::new_ext(markdown, EXTENSIONS).collect())
    }

    #[test]
    fn markdown_keeps_its_structure() {
        let html = rendered("Press **Save**.\n\n3. one\n4. `two`\n\n| a | b |\n| - | - |\n| 1 | 2 |");
        for part in
            ["<p>Press <strong>Save</strong>.</p>", "<ol start=\"3\">", "<code>two</code>", "<td>1</td>"]
        {
            assert!(html.contains(part), "{part} in {html}");
        }
    }

    #[test]
    fn nothing_that_runs_or_loads_something_is_left() {
        for markdown in [
            "<script>alert(1)</script>x",
            "<img src=x onerror=alert(1)>x",
            "![x](https://example.com/a.png)",
            "[x](javascript:alert(1))",
            "[x](data:text/html,hi)",
            "<a href=\"JaVaScRiPt:alert(1)\">x</a>",
            "<p style=\"background:url(//example.com)\" onclick=alert(1)>x</p>",
            "<iframe src=//example.com></iframe>x",
            "<svg><script>alert(1)</script></svg>x",
            "<form action=//example.com><input></form>x",
        ] {
            let html = rendered(markdown).to_lowercase();
            for bad in
                ["<script", "<img", "<iframe", "<svg", "<form", "<input", "style=", "onerror", "onclick"]
            {
                assert!(!html.contains(bad), "{markdown}: {html}");
            }
            assert!(!html.contains("javascript:") && !html.contains("data:"), "{markdown}: {html}");
        }
    }

    #[test]
    fn links_between_sections_lead_to_their_articles() {
        for (target, expected) in [
            ("#sign-in", Some("/help?id=guides%2Fdocs.md%23sign-in")),
            ("other.md#a-b", Some("/help?id=guides%2Fother.md%23a-b")),
            ("../top.md", Some("/help?id=top.md")),
            ("../../out.md", None),
            ("https://example.com/a.md#b", None),
            ("/elsewhere.md", None),
            ("file.txt", None),
        ] {
            assert_eq!(section_link("guides/docs.md", target).as_deref(), expected, "{target}");
        }
        let html = rendered("[web](https://example.com)");
        assert!(html.contains("href=\"https://example.com\" rel=\"noopener noreferrer\""), "{html}");
    }
}
