//! Answers of a WhatsApp Flow, a form inside the chat, as lines of text for staff and for the agent. It knows the shapes of
//! Twilio (pages with labelled items) and of Meta (`nfm_reply` with a JSON text), and reads any other object by its names.

use serde_json::Value;

use super::form::Form;

/// Fields that carry the answers, as providers name them.
const FIELDS: &[&str] = &["InteractiveData", "FlowData", "FlowResponse", "NfmReply", "ResponseJson"];
/// Names of technical members, which say nothing to people.
const TECHNICAL: &[&str] = &["flow_token", "flow_id", "flow_name", "screen", "version", "page_id", "type"];
/// Members that only wrap the answers.
const WRAPPERS: &[&str] =
    &["nfm_reply", "response_json", "interactive", "data", "response", "params", "payload"];
const MAX_LINES: usize = 100;
const VALUE_MAX_CHARS: usize = 1_000;
/// Forms are shallow; deeper nesting is no form.
const MAX_DEPTH: usize = 6;

/// One line for each answer; none if the message has no Flow's answers.
pub(super) fn answers(form: &Form) -> Vec<String> {
    let mut lines = Vec::new();
    for data in FIELDS.iter().filter_map(|name| form.get(name)) {
        if let Ok(data @ (Value::Object(_) | Value::Array(_))) = serde_json::from_str(data) {
            collect("", &data, 0, &mut lines);
        }
        if !lines.is_empty() {
            break;
        }
    }
    lines.truncate(MAX_LINES);
    lines
}

/// What WhatsApp shows in place of the answers.
pub(super) fn is_placeholder(body: &str) -> bool {
    ["sent", "flow", ""].contains(&body.trim().to_ascii_lowercase().as_str())
}

fn collect(label: &str, value: &Value, depth: usize, lines: &mut Vec<String>) {
    if depth > MAX_DEPTH || lines.len() >= MAX_LINES {
        return;
    }
    match value {
        Value::Object(members) => {
            let item = members.get("label").and_then(Value::as_str).zip(members.get("value"));
            if let Some((label, value)) = item {
                collect(label, value, depth + 1, lines);
                return;
            }
            if let Some(reply) = members.get("nfm_reply") {
                collect(label, reply.get("response_json").unwrap_or(reply), depth + 1, lines);
                return;
            }
            for (name, value) in members.iter().filter(|(name, _)| !TECHNICAL.contains(&name.as_str())) {
                let is_wrapper =
                    WRAPPERS.contains(&name.as_str()) || ["pages", "items"].contains(&name.as_str());
                let label =
                    if is_wrapper { label.to_owned() } else { format!("{label} {name}").trim().to_owned() };
                collect(&label, value, depth + 1, lines);
            }
        }
        Value::Array(items) if items.iter().any(|item| item.is_object() || item.is_array()) => {
            items.iter().for_each(|item| collect(label, item, depth + 1, lines));
        }
        Value::Array(items) => {
            push(label, &items.iter().filter_map(plain).collect::<Vec<_>>().join(", "), lines);
        }
        Value::String(text) => match serde_json::from_str(text) {
            Ok(inner @ (Value::Object(_) | Value::Array(_))) => collect(label, &inner, depth + 1, lines),
            Ok(_) | Err(_) => push(label, text, lines),
        },
        Value::Bool(_) | Value::Number(_) => push(label, &value.to_string(), lines),
        Value::Null => {}
    }
}

fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

fn push(label: &str, value: &str, lines: &mut Vec<String>) {
    let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let value: String = one_line(value).chars().take(VALUE_MAX_CHARS).collect();
    if !value.is_empty() {
        let label = one_line(label);
        lines.push(if label.is_empty() { value } else { format!("{label}: {value}") });
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn lines(field: &str, data: &str) -> Vec<String> {
        answers(&Form::from([(field, data)]))
    }

    #[test]
    fn answers_are_read_in_every_shape_and_tokens_are_left_out() {
        let expected = ["agree: true", "email: ann@example.com"];
        for data in [
            r#"{"flow_token":"t","email":"ann@example.com","agree":true}"#,
            r#"{"data":{"email":"ann@example.com","agree":true},"version":"3"}"#,
            r#"{"nfm_reply":{"response_json":{"email":"ann@example.com","agree":true,"flow_token":"t"}}}"#,
            r#"[{"label":"email","value":"ann@example.com"},{"label":"agree","value":true}]"#,
        ] {
            for field in FIELDS {
                let mut found = lines(field, data);
                found.sort();
                assert_eq!(found, expected, "{field} {data}");
            }
        }
    }

    #[test]
    fn what_is_no_form_has_no_answers() {
        for data in ["", "7", "\"text\"", "{", "{}", "[]", r#"{"flow_token":"t"}"#, "null"] {
            assert!(lines("InteractiveData", data).is_empty(), "{data}");
        }
        let deep = format!("{}1{}", r#"{"a":"#.repeat(50), "}".repeat(50));
        assert!(lines("InteractiveData", &deep).is_empty());
    }

    proptest! {
        #[test]
        fn any_data_can_be_read_and_is_bounded(data in "\\PC{0,200}", name in "\\PC{0,20}") {
            let wrapped = serde_json::json!({ name: data, "pages": [{"items": [data, {"label": data, "value": [data]}]}] });
            for data in [data.clone(), wrapped.to_string()] {
                let read = lines("FlowData", &data);
                prop_assert!(read.len() <= MAX_LINES && read.iter().all(|line| !line.contains('\n')));
            }
        }
    }
}
