//! Output guard against active markup: finds HTML elements, and links that execute or carry something.

/// Elements that no answer needs; a placeholder such as `<name>` is not one of them.
const ELEMENTS: &[&str] = &[
    "a", "applet", "audio", "base", "body", "button", "embed", "form", "frame", "html", "iframe", "img",
    "input", "link", "math", "meta", "object", "script", "source", "style", "svg", "template", "textarea",
    "track", "video",
];
/// Schemes that execute or carry content.
const SCHEMES: &[&str] =
    &["javascript:", "vbscript:", "data:text/", "data:image/", "data:application/", "file:", "blob:"];

pub fn is_active(text: &str) -> bool {
    // Browsers ignore blanks and control characters inside a scheme (WHATWG URL, 4.4).
    let squeezed: String = text.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
    let squeezed = squeezed.to_lowercase();
    SCHEMES.iter().any(|scheme| squeezed.contains(scheme)) || has_element(text) || is_image(text)
}

fn has_element(text: &str) -> bool {
    text.split('<').skip(1).any(|part| {
        let name = part.trim_start_matches('/');
        let end = name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len());
        let name = name.get(..end).unwrap_or_default().to_ascii_lowercase();
        ELEMENTS.contains(&name.as_str())
    })
}

/// A Markdown image is fetched without a click, and so tells its host who reads.
fn is_image(text: &str) -> bool {
    text.match_indices("![").any(|(place, _)| text.get(place..).is_some_and(|rest| rest.contains(']')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_more_than_show_text_is_found() {
        for text in [
            "<script>alert(1)</script>",
            "<IMG src=x onerror=y>",
            "</a>",
            "<svg/onload=x>",
            "[click](javascript:alert(1))",
            "[click](java\nscript:alert(1))",
            "![logo](https://app.techcorp.example/x.png)",
            "![logo][1]",
            "[x](data:text/html;base64,AAAA)",
        ] {
            assert!(is_active(text), "{text}");
        }
        for text in [
            "Use <your name> here.",
            "a < b and b > a",
            "Export the data: text or CSV!",
            "Wow! [link](https://a.b)",
        ] {
            assert!(!is_active(text), "{text}");
        }
    }
}
