//! Message template approved by WhatsApp, for messages after the window for free text has closed.

use std::collections::BTreeMap;

/// Maximum characters of a variable that WhatsApp reliably accepts.
const VARIABLE_MAX_CHARS: usize = 900;

/// A template and the patterns of its variables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    pub content_sid: String,
    variables: BTreeMap<String, String>,
}

impl Template {
    /// `variables` is a JSON object of strings with the placeholders `{text}`, `{name}` and `{ticket}`.
    pub fn new(content_sid: String, variables: &str) -> Result<Self, serde_json::Error> {
        Ok(Self { content_sid, variables: serde_json::from_str(variables)? })
    }

    /// The variables as JSON. WhatsApp refuses line breaks, tabs and runs of spaces in them.
    pub fn fill(&self, text: &str, name: &str, ticket: &str) -> String {
        let filled: BTreeMap<&str, String> = self
            .variables
            .iter()
            .map(|(variable, pattern)| (variable.as_str(), fill(pattern, text, name, ticket)))
            .collect();
        serde_json::to_string(&filled).unwrap_or_default()
    }
}

/// In one pass, so that no placeholder in a customer's or a model's text is expanded.
fn fill(pattern: &str, text: &str, name: &str, ticket: &str) -> String {
    let mut filled = String::new();
    let mut rest = pattern;
    while let Some(start) = rest.find('{') {
        filled.push_str(&rest[..start]);
        rest = &rest[start..];
        let place = [("{text}", text), ("{name}", name), ("{ticket}", ticket)]
            .into_iter()
            .find(|(place, _)| rest.starts_with(place));
        match place {
            Some((place, value)) => {
                filled.push_str(value);
                rest = &rest[place.len()..];
            }
            None => {
                filled.push('{');
                rest = &rest[1..];
            }
        }
    }
    filled.push_str(rest);
    one_line(&filled)
}

fn one_line(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= VARIABLE_MAX_CHARS {
        return line;
    }
    line.chars().take(VARIABLE_MAX_CHARS - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_is_filled_on_one_line() {
        let template =
            Template::new("HX1".to_owned(), r#"{"1":"{name}","2":"{ticket}: {text} {x}"}"#).unwrap();
        assert_eq!(
            template.fill("Open\n\nthe  page.", "{text}", "T-1001"),
            r#"{"1":"{text}","2":"T-1001: Open the page. {x}"}"#
        );
    }

    #[test]
    fn a_long_text_is_cut() {
        let template = Template::new("HX1".to_owned(), r#"{"1":"{text}"}"#).unwrap();
        assert!(template.fill(&"a".repeat(2000), "", "").ends_with("a…\"}"));
    }
}
