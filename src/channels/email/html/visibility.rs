//! What of an HTML document can be seen: attributes and inline styles that hide text from who reads it.

use html5ever::tokenizer::Tag;

pub(super) fn value(tag: &Tag, name: &str) -> Option<String> {
    let found = tag.attrs.iter().find(|attribute| &*attribute.name.local == name)?;
    Some(found.value.trim().to_owned()).filter(|value| !value.is_empty())
}

/// The rules of a style attribute, in lower case and without spaces.
fn style(tag: &Tag) -> Vec<(String, String)> {
    let style: String = value(tag, "style").unwrap_or_default().to_lowercase();
    let style: String = style.chars().filter(|c| !c.is_whitespace()).collect();
    let rules = style.split(';').filter_map(|rule| rule.split_once(':'));
    rules.map(|(name, value)| (name.to_owned(), value.trim_end_matches("!important").to_owned())).collect()
}

/// Whether an element has a background other than white.
pub(super) fn paints(tag: &Tag) -> bool {
    let is_colour =
        |value: &str| !matches!(value, "white" | "#fff" | "#ffffff" | "transparent" | "none" | "inherit");
    value(tag, "bgcolor").is_some_and(|value| is_colour(&value.to_lowercase()))
        || style(tag).iter().any(|(name, value)| name.starts_with("background") && is_colour(value))
}

/// Whether an element is hidden from who reads the mail: hidden text was not written to be answered.
pub(super) fn is_hidden(tag: &Tag, is_painted: bool) -> bool {
    let has_attribute = tag.attrs.iter().any(|attribute| &*attribute.name.local == "hidden");
    let is_white = |name: &str, value: &str| {
        name == "color" && matches!(value, "#fff" | "#ffffff" | "white" | "rgb(255,255,255)") && !is_painted
    };
    has_attribute || style(tag).iter().any(|(name, value)| hides(name, value) || is_white(name, value))
}

fn hides(property: &str, value: &str) -> bool {
    let number = value.trim_end_matches(|c: char| c.is_alphabetic() || c == '%');
    let is_zero = number.parse::<f32>().is_ok_and(|number| number <= 1.0);
    match property {
        "display" => value == "none",
        "visibility" => value == "hidden" || value == "collapse",
        "font-size" => {
            is_zero && !value.ends_with("em") && !value.ends_with('%') || value == "0" || value == "0em"
        }
        "opacity" => number.parse::<f32>().is_ok_and(|number| number <= 0.05),
        "max-height" | "max-width" => number.parse::<f32>().is_ok_and(|number| number == 0.0),
        "text-indent" | "left" | "top" => number.parse::<f32>().is_ok_and(|number| number <= -500.0),
        "mso-hide" => value == "all",
        "color" => matches!(value, "transparent" | "rgba(0,0,0,0)"),
        _ => false,
    }
}
