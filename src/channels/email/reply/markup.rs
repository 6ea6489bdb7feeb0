//! Simple HTML from the text of a reply: paragraphs, lines and links. Everything else of the text is escaped.

const STYLE: &str = "font-family:sans-serif;font-size:14px;line-height:1.5";

/// The text as an HTML document.
pub fn html(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let paragraphs = text.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty());
    let body: String = paragraphs.map(paragraph).collect();
    format!("<!DOCTYPE html><html><body style=\"{STYLE}\">{body}</body></html>")
}

fn paragraph(text: &str) -> String {
    let lines = text.lines().map(|line| line.split(' ').map(word).collect::<Vec<_>>().join(" "));
    format!("<p>{}</p>", lines.collect::<Vec<_>>().join("<br>"))
}

/// A word; a web address becomes a link to itself.
fn word(word: &str) -> String {
    let end = word.trim_end_matches(['.', ',', ';', ':', '!', '?', ')']).len();
    let (url, rest) = word.split_at(end);
    let is_link = url.starts_with("https://") && !url.contains(['"', '\'', '<', '>', '`']);
    if is_link { format!("<a href=\"{0}\">{0}</a>{1}", escape(url), escape(rest)) } else { escape(word) }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_becomes_paragraphs_lines_and_links() {
        let found = html("Hello <b>,\n\nOpen https://a.example/x?a=1&b=2.\nBye");
        let body = "<p>Hello &lt;b&gt;,</p><p>Open <a href=\"https://a.example/x?a=1&amp;b=2\">\
                    https://a.example/x?a=1&amp;b=2</a>.<br>Bye</p>";
        assert!(found.contains(body), "{found}");
        assert!(!html("javascript:alert(1) https://x\"onclick=1").contains("<a"));
    }
}
