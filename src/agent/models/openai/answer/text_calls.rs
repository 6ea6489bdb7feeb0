//! Tool calls that a server left in the text of an answer, as models write them: JSON objects with a name, or tags.

use serde_json::{Map, Value, json};

use super::arguments::tool_name;
use super::json::{parse, parse_all};
use super::reasoning::strip;
use crate::agent::models::tools::is_tool_name;

/// Marks around or before calls.
const MARKS: &[&str] = &[
    "<tool_call>",
    "</tool_call>",
    "<tool_calls>",
    "</tool_calls>",
    "<|tool_call|>",
    "<|tool_call>",
    "<tool_call|>",
    "<|python_tag|>",
    "[TOOL_CALLS]",
    "[/TOOL_CALLS]",
    "<function_call>",
    "</function_call>",
    "<tool-use>",
    "</tool-use>",
    "<|call|>",
    "<|eom_id|>",
    "<|eot_id|>",
    "```json",
    "```",
];

/// Name and arguments of each call; empty if the text is anything beside calls and reasoning.
pub fn calls_in(text: &str) -> Vec<(String, String)> {
    let visible = strip(text);
    harmony(text).or_else(|| tags(&visible)).unwrap_or_else(|| objects(&visible))
}

/// `{"name": "…", "arguments": {…}}`, also several, in a list, or under `tool_calls`.
fn objects(text: &str) -> Vec<(String, String)> {
    let bare = MARKS.iter().fold(text.to_owned(), |text, mark| text.replace(mark, " "));
    let bare = bare.trim();
    if !bare.starts_with(['{', '[']) {
        return named(bare).into_iter().collect();
    }
    let (values, rest) = parse_all(bare);
    let calls: Option<Vec<_>> = values.into_iter().flat_map(flat).map(|value| call(&value)).collect();
    calls.filter(|_| rest.is_empty()).unwrap_or_default()
}

fn flat(value: Value) -> Vec<Value> {
    match value {
        Value::Array(list) => list,
        Value::Object(object) => match object.get("tool_calls") {
            Some(Value::Array(list)) => list.clone(),
            Some(_) | None => vec![Value::Object(object)],
        },
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    }
}

fn call(value: &Value) -> Option<(String, String)> {
    let function = value.get("function").filter(|function| function.is_object()).unwrap_or(value);
    let name = ["name", "tool", "tool_name", "function", "action"]
        .iter()
        .find_map(|key| function.get(*key)?.as_str())?;
    let keys = ["arguments", "parameters", "input", "args", "action_input"];
    let arguments = keys.iter().find_map(|key| function.get(*key).or_else(|| value.get(*key)));
    let arguments = match arguments {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => "{}".to_owned(),
    };
    known(name).map(|name| (name, arguments))
}

/// `send_response{"message": …}`.
fn named(text: &str) -> Option<(String, String)> {
    let start = text.find('{')?;
    let (name, arguments) = text.split_at_checked(start)?;
    let name = known(name.trim().trim_end_matches(['=', ':', '(', '>']))?;
    let arguments = arguments.trim().trim_end_matches(')').trim_end_matches("</function>");
    parse(arguments)?;
    Some((name, arguments.to_owned()))
}

/// `<function=NAME>{…}</function>`, or with a `<parameter=KEY>` for each argument.
fn tags(text: &str) -> Option<Vec<(String, String)>> {
    let mut calls = Vec::new();
    for part in text.split("<function=").skip(1) {
        let inside = part.split_once("</function>").map_or(part, |(inside, _)| inside);
        let end = inside.find(['>', '{'])?;
        let name = known(inside.get(..end)?.trim().trim_end_matches('='))?;
        let body = inside.get(end..)?.trim_start_matches('>').trim();
        let arguments = if body.contains("<parameter=") { parameters(body) } else { body.to_owned() };
        calls.push((name, arguments));
    }
    (!calls.is_empty()).then_some(calls)
}

fn parameters(body: &str) -> String {
    let mut object = Map::new();
    for part in body.split("<parameter=").skip(1) {
        let Some((key, value)) = part.split_once('>') else {
            continue;
        };
        let value = value.split_once("</parameter>").map_or(value, |(value, _)| value).trim();
        let is_json = value.starts_with(['[', '{']) || ["null", "true", "false"].contains(&value);
        let value = parse(value).filter(|_| is_json).unwrap_or_else(|| json!(value));
        object.insert(key.trim().to_owned(), value);
    }
    Value::Object(object).to_string()
}

/// `<|channel|>commentary to=functions.NAME <|constrain|>json<|message|>{…}<|call|>`, with or without its marks.
fn harmony(text: &str) -> Option<Vec<(String, String)>> {
    let mut calls = Vec::new();
    let mut parts = text.split("to=functions.");
    let mut before = parts.next()?;
    for part in parts {
        // The channel of the model's own thoughts may name a tool without calling it.
        if std::mem::replace(&mut before, part).trim_end().ends_with("analysis") {
            continue;
        }
        let end = part.find(|c: char| !c.is_alphanumeric() && c != '_')?;
        let name = known(part.get(..end)?)?;
        let start = part.find('{')?;
        let (values, _) = parse_all(part.get(start..)?);
        calls.push((name, values.first()?.to_string()));
    }
    (!calls.is_empty()).then_some(calls)
}

fn known(name: &str) -> Option<String> {
    let name = tool_name(name);
    is_tool_name(&name).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_read_from_text() {
        let cases = [
            r#"{"name": "send_response", "arguments": {"message": "Hi"}}"#,
            r#"{"name": "send_response", "parameters": {"message": "Hi"}}"#,
            "```json\n{\"name\": \"send_response\", \"arguments\": {\"message\": \"Hi\"}}\n```",
            r#"<tool_call>{"name": "send_response", "arguments": {"message": "Hi"}}</tool_call>"#,
            r#"[TOOL_CALLS][{"name": "send_response", "arguments": {"message": "Hi"}}]"#,
            r#"<|python_tag|>{"type": "function", "name": "send_response", "parameters": {"message": "Hi"}}"#,
            r#"{"tool_calls": [{"type": "function", "function": {"name": "send_response", "arguments": {"message": "Hi"}}}]}"#,
            r#"<function=send_response>{"message": "Hi"}</function>"#,
            r#"<function=send_response{"message": "Hi"}</function>"#,
            "<tool_call>\n<function=send_response>\n<parameter=message>\nHi\n</parameter>\n</function>\n</tool_call>",
            r#"commentary to=functions.send_response json{"message": "Hi"}"#,
            r#"<|channel|>commentary to=functions.send_response <|constrain|>json<|message|>{"message": "Hi"}<|call|>"#,
            r#"send_response{"message": "Hi"}</function>"#,
        ];
        for text in cases {
            let calls = calls_in(text);
            assert_eq!(calls.len(), 1, "{text}");
            let arguments = parse(&calls[0].1).unwrap();
            assert_eq!(
                (calls[0].0.as_str(), arguments),
                ("send_response", json!({"message": "Hi"})),
                "{text}"
            );
        }
        let two = r#"{"name": "create_ticket"} {"name": "send_response", "arguments": "{}"}"#;
        assert_eq!(calls_in(two).len(), 2);
    }

    #[test]
    fn other_text_is_no_call() {
        for text in [
            "Select Forgot password.",
            "",
            r#"{"message": "Hi"}"#,
            r#"{"name": "run_sql", "arguments": {}}"#,
            r#"I would call {"name": "send_response", "arguments": {}}"#,
            r#"{"name": "send_response", "arguments": {}} and that is it"#,
            "<function=run_sql>{}</function>",
            "[1, 2]",
            r#"<think><function=send_response>{"message": "Hi"}</function></think>Which one?"#,
            r#"<|channel|>analysis to=functions.send_response <|message|>{"message": "Hi"}<|end|>"#,
        ] {
            assert_eq!(calls_in(text), [], "{text}");
        }
    }
}
