//! Canonical form of a tool call: the tool's own name, and one JSON object as its arguments, however a server wrote them.

use serde_json::{Map, Value};

use super::json::{join_halves, parse, parse_all};
use super::reasoning::strip;
use crate::agent::models::tools::is_tool_name;

/// How often arguments may be encoded one in another.
const MAX_LEVELS: usize = 4;
/// Keys under which some models put all arguments.
const WRAPPERS: &[&str] = &["arguments", "parameters", "input", "args", "kwargs", "tool_input", "properties"];

/// The arguments of a call. Some servers join several calls of one tool into one text, so there may be several.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Arguments {
    /// JSON texts; one that could not be read stays as it was.
    pub texts: Vec<String>,
    /// Whether a character is only half there.
    pub has_half: bool,
}

/// Whether a text is arguments from beginning to end.
pub fn is_complete(text: &str) -> bool {
    text.trim_end().ends_with(['}', '"']) && !objects(text).is_empty()
}

pub fn canonical(text: &str, tool: &str) -> Arguments {
    let mut found = objects(text);
    if let [object] = &found[..]
        && is_canonical(text, object, tool)
    {
        return Arguments { texts: vec![text.to_owned()], has_half: false };
    }
    if found.is_empty() && is_blank(text) {
        found.push(Map::new());
    }
    if found.is_empty() {
        let joined = join_halves(text);
        return Arguments { texts: vec![joined.text], has_half: joined.has_half };
    }
    let mut arguments = Arguments::default();
    for object in found {
        let mut value = Value::Object(unwrapped(object, tool));
        arguments.has_half |= clean(&mut value);
        arguments.texts.push(value.to_string());
    }
    arguments
}

/// Whether a text is this object and nothing in it must be changed.
fn is_canonical(text: &str, object: &Map<String, Value>, tool: &str) -> bool {
    let mut value = Value::Object(unwrapped(object.clone(), tool));
    let has_half = clean(&mut value);
    !has_half && value.as_object() == Some(object) && serde_json::from_str::<Map<String, Value>>(text).is_ok()
}

fn is_blank(text: &str) -> bool {
    let text = text.trim();
    text.is_empty() || ["null", "\"\"", "None", "{}"].contains(&text)
}

/// The objects that a text holds: plain, encoded again as a string, fenced, or several in a row.
fn objects(text: &str) -> Vec<Map<String, Value>> {
    let mut text = text.trim().to_owned();
    for _level in 0..MAX_LEVELS {
        match parse(&text) {
            Some(Value::Object(object)) => return vec![object],
            Some(Value::Array(list)) => return list.into_iter().filter_map(into_object).collect(),
            Some(Value::String(inside)) => text = inside,
            Some(Value::Null | Value::Bool(_) | Value::Number(_)) => return Vec::new(),
            None => return several(&text),
        }
    }
    Vec::new()
}

/// Several objects in a row without repetitions, or one between marks such as a code fence or `</tool_call>`.
fn several(text: &str) -> Vec<Map<String, Value>> {
    let bare = strip(text);
    let Some(start) = bare.find('{') else {
        return Vec::new();
    };
    let (values, rest) = parse_all(bare.get(start..).unwrap_or_default());
    let is_mark = |text: &str| {
        let text = text.trim().trim_start_matches('`');
        text.is_empty() || text.starts_with('<') || text.starts_with("[/") || text == "json" || text == "}"
    };
    if !is_mark(&rest) || !is_mark(bare.get(..start).unwrap_or_default()) {
        return Vec::new();
    }
    let mut objects: Vec<Map<String, Value>> = Vec::new();
    for object in values.into_iter().filter_map(into_object) {
        if !objects.contains(&object) {
            objects.push(object);
        }
    }
    // Some servers begin with an empty object and append the real one.
    if objects.len() > 1 {
        objects.retain(|object| !object.is_empty());
    }
    objects
}

fn into_object(value: Value) -> Option<Map<String, Value>> {
    match value {
        Value::Object(object) => Some(object),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => None,
    }
}

/// The arguments inside of `{"arguments": {…}}` or of an object with the tool's name as its only key.
fn unwrapped(object: Map<String, Value>, tool: &str) -> Map<String, Value> {
    let names = object.keys().filter(|key| !["name", "type", "id"].contains(&key.as_str()));
    let keys: Vec<&String> = names.collect();
    let [key] = keys[..] else {
        return object;
    };
    if key != tool && !WRAPPERS.contains(&key.as_str()) {
        return object;
    }
    match object.get(key) {
        Some(Value::Object(inside)) => inside.clone(),
        Some(Value::String(inside)) => match parse(inside) {
            Some(Value::Object(inside)) => inside,
            Some(_) | None => object,
        },
        Some(_) | None => object,
    }
}

/// Removes reasoning, control tokens, NUL and halves of characters from every string; returns whether there was such a
/// half.
fn clean(value: &mut Value) -> bool {
    match value {
        Value::String(text) => {
            let joined = join_halves(&strip(text));
            *text = joined.text.replace('\0', "\u{fffd}");
            joined.has_half
        }
        Value::Array(list) => list.iter_mut().fold(false, |has_half, item| clean(item) | has_half),
        Value::Object(object) => object.values_mut().fold(false, |has_half, item| clean(item) | has_half),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// The tool that a name means: `functions.NAME`, `NAME:0`, `NAME<|channel|>commentary`, `Send-Response`. A name that
/// means none stays as it is.
pub fn tool_name(written: &str) -> String {
    let marked = ["<|", "(", "{", "\n"];
    let bare = marked.iter().fold(written, |name, mark| name.split(mark).next().unwrap_or_default());
    let candidates = bare.split(['.', ':', '/', ' ', '|', '=', '"', '\'', '`', ',']).map(snake);
    let mut found: Vec<String> = candidates.filter(|name| is_tool_name(name)).collect();
    found.dedup();
    match &found[..] {
        [name] => name.clone(),
        [] | [_, _, ..] => twice(bare).unwrap_or_else(|| written.to_owned()),
    }
}

/// `SendResponse`, `send-response` and `send_response_1` as `send_response`.
fn snake(name: &str) -> String {
    let mut out = String::new();
    for c in name.trim().chars() {
        if c.is_uppercase() && !out.is_empty() && !out.ends_with('_') && !name.contains(['_', '-']) {
            out.push('_');
        }
        out.extend(if c == '-' { '_'.to_lowercase() } else { c.to_lowercase() });
    }
    out.trim_end_matches(|c: char| c.is_ascii_digit()).trim_matches('_').to_owned()
}

/// A name that pieces of a stream have repeated.
fn twice(name: &str) -> Option<String> {
    let (first, second) = name.split_at_checked(name.len() / 2)?;
    (first == second && is_tool_name(first)).then(|| first.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        canonical(text, "send_response").texts
    }

    fn values(text: &str) -> Vec<Value> {
        texts(text).iter().map(|text| serde_json::from_str(text).unwrap()).collect()
    }

    #[test]
    fn arguments_are_read_however_they_are_wrapped() {
        let plain = serde_json::json!({"message": "Hi", "n": 1});
        let cases = [
            r#"{"message": "Hi", "n": 1}"#,
            r#""{\"message\": \"Hi\", \"n\": 1}""#,
            r#""\"{\\\"message\\\": \\\"Hi\\\", \\\"n\\\": 1}\"""#,
            "```json\n{\"message\": \"Hi\", \"n\": 1}\n```",
            r#"{"message": "Hi", "n": 1}</tool_call>"#,
            r#"{"message": "Hi", "n": 1}<|call|>"#,
            r#"{}{"message": "Hi", "n": 1}"#,
            r#"{"message": "Hi", "n": 1}{"message": "Hi", "n": 1}"#,
            r#"<think>so {x}</think>{"message": "Hi", "n": 1}"#,
            r#"{"arguments": {"message": "Hi", "n": 1}}"#,
            r#"{"arguments": "{\"message\": \"Hi\", \"n\": 1}"}"#,
            r#"{"name": "send_response", "parameters": {"message": "Hi", "n": 1}}"#,
            r#"{"send_response": {"message": "Hi", "n": 1}}"#,
            r#"[{"message": "Hi", "n": 1}]"#,
            r#"{"message": "<think>angry</think>Hi", "n": 1}"#,
            r#"{"message": "Hi<|im_end|>", "n": 1}"#,
        ];
        for text in cases {
            assert_eq!(values(text), std::slice::from_ref(&plain), "{text}");
        }
        assert_eq!(texts(r#"{"q":"a"}{"q":"b"}"#), [r#"{"q":"a"}"#, r#"{"q":"b"}"#]);
        for empty in ["", " ", "null", "\"\"", "{}", "\"{}\""] {
            assert_eq!(texts(empty), ["{}"], "{empty}");
        }
    }

    #[test]
    fn what_can_not_be_read_stays_as_it_is() {
        for text in ["{\"message\": \"Hel", "[1", "5", "true", "Hello there", "{\"a\":1} and more"] {
            assert_eq!(texts(text), [text.to_owned()], "{text}");
        }
    }

    #[test]
    fn half_a_character_is_noticed() {
        assert!(canonical(r#"{"message": "Hi \ud83d"}"#, "send_response").has_half);
        assert!(!canonical(r#"{"message": "Hi \ud83d\ude00"}"#, "send_response").has_half);
    }

    #[test]
    fn only_whole_arguments_are_complete() {
        for text in [r#"{"a": 1}"#, r#"{"a": "}"}"#, r#""{\"a\": 1}""#, "{}"] {
            assert!(is_complete(text), "{text}");
        }
        for text in ["", "{", r#"{"a": "}"#, r#"{"a": 1"#, "null"] {
            assert!(!is_complete(text), "{text}");
        }
    }

    #[test]
    fn a_tool_is_known_by_many_names() {
        for written in [
            "send_response",
            "functions.send_response",
            "send_response:0",
            "functions.send_response:0",
            "default_api.send_response",
            "default_api:send_response",
            "tools/send_response",
            "send_response<|channel|>commentary",
            "assistant to=functions.send_response",
            "SendResponse",
            "sendResponse",
            "send-response",
            "Send_Response",
            " send_response\n",
            "\"send_response\"",
            "send_response_1",
            "send_responsesend_response",
            "send_response()",
        ] {
            assert_eq!(tool_name(written), "send_response", "{written}");
        }
        for other in ["run_sql", "", "respond", "send_response_to_admin"] {
            assert_eq!(tool_name(other), other);
        }
    }
}
