//! Allow-list filter of inline styles: how text looks, and nothing that loads, positions or covers.

/// Properties by their exact names; those below [`FAMILIES`] too.
const PROPERTIES: [&str; 27] = [
    "background",
    "background-color",
    "border",
    "border-collapse",
    "border-spacing",
    "color",
    "direction",
    "display",
    "font",
    "height",
    "letter-spacing",
    "line-height",
    "list-style-type",
    "margin",
    "max-width",
    "min-width",
    "overflow-wrap",
    "padding",
    "table-layout",
    "text-align",
    "text-decoration",
    "text-indent",
    "text-transform",
    "vertical-align",
    "white-space",
    "width",
    "word-break",
];
const FAMILIES: [&str; 4] = ["border-", "font-", "margin-", "padding-"];
/// The only functions of values.
const FUNCTIONS: [&str; 4] = ["rgb", "rgba", "hsl", "hsla"];

/// The declarations that are allowed, in their order; `None` if none is.
pub(super) fn safe(style: &str) -> Option<String> {
    let kept: Vec<String> = style.split(';').filter_map(declaration).collect();
    (!kept.is_empty()).then(|| kept.join(";"))
}

fn declaration(text: &str) -> Option<String> {
    let (name, value) = text.split_once(':')?;
    let (name, value) = (name.trim().to_ascii_lowercase(), value.trim());
    let is_known = PROPERTIES.contains(&name.as_str())
        || (FAMILIES.iter().any(|family| name.starts_with(family)) && is_word(&name));
    (is_known && is_plain(value)).then(|| format!("{name}:{value}"))
}

fn is_word(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
}

/// Words, lengths and colours; escapes, comments and functions that load something are none.
fn is_plain(value: &str) -> bool {
    let is_allowed = |c: char| c.is_alphanumeric() || " #%.,-+'\"()!".contains(c);
    let mut calls = value.split('(').collect::<Vec<_>>();
    calls.pop();
    let is_colour = |before: &&str| {
        let name = before.rsplit(|c: char| !c.is_ascii_alphanumeric() && c != '-').next().unwrap_or_default();
        FUNCTIONS.contains(&name.to_ascii_lowercase().as_str())
    };
    !value.is_empty() && value.chars().all(is_allowed) && calls.iter().all(is_colour)
}

#[cfg(test)]
mod tests {
    use super::safe;

    #[test]
    fn how_text_looks_is_kept() {
        let style = "COLOR: #b00; font-family: 'Segoe UI', Arial; margin-left:4px; background: rgb(1, 2, 3)";
        let kept = "color:#b00;font-family:'Segoe UI', Arial;margin-left:4px;background:rgb(1, 2, 3)";
        assert_eq!(safe(style).as_deref(), Some(kept));
    }

    #[test]
    fn what_loads_covers_or_hides_its_name_is_left_out() {
        for style in [
            "background:url(https://evil.example/p.png)",
            "background:URL('https://evil.example/p.png')",
            "background:u\\72l(https://evil.example/p.png)",
            "background:u/**/rl(x)",
            "background-color:image-set('a.png' 1x)",
            "width:expression(alert(1))",
            "position:fixed",
            "behavior:url(x.htc)",
            "-moz-binding:url(x)",
            "list-style-image:url(x)",
            "border-image:url(x)",
            "--x:url(x)",
            "color:var(--x)",
            "@import 'x'",
            "font-family:a}b{c",
            "color",
            "",
        ] {
            assert_eq!(safe(style), None, "{style}");
        }
        assert_eq!(safe("position:fixed;color:red;background:url(x)").as_deref(), Some("color:red"));
    }
}
