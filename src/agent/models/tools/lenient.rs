//! Lenient reading of a tool's input: other spellings of the same value are accepted, and fields too many are ignored.

use serde::de::{Deserialize, DeserializeOwned, Deserializer, Error};
use serde_json::Value;

/// Ids of passages: a list, one string (also with commas, or with a JSON list inside), or objects with an `id`.
pub fn citations<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    ids(Value::deserialize(deserializer)?).ok_or_else(|| D::Error::custom("citations must be a list of ids"))
}

fn ids(value: Value) -> Option<Vec<String>> {
    match value {
        Value::Null => Some(Vec::new()),
        Value::String(text) => {
            if let Ok(list @ Value::Array(_)) = serde_json::from_str(&text) {
                return ids(list);
            }
            let parts =
                text.split([',', ';', '\n', ' ']).map(|part| part.trim_matches(['[', ']', '"', '\'', ' ']));
            Some(parts.filter(|part| !part.is_empty()).map(str::to_owned).collect())
        }
        Value::Array(list) => {
            let lists: Option<Vec<Vec<String>>> = list.into_iter().map(ids).collect();
            lists.map(|lists| lists.concat())
        }
        Value::Object(object) => {
            let keys = ["id", "passage_id", "source", "citation"];
            keys.iter().find_map(|key| object.get(*key)?.as_str()).map(|id| vec![id.to_owned()])
        }
        Value::Bool(_) | Value::Number(_) => None,
    }
}

/// Numbers: a list of them, one, or a text that holds some. What is no number is left out.
pub fn numbers<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<usize>, D::Error> {
    Ok(numbers_in(Value::deserialize(deserializer)?))
}

fn numbers_in(value: Value) -> Vec<usize> {
    match value {
        Value::Array(list) => list.into_iter().flat_map(numbers_in).collect(),
        Value::String(text) => {
            text.split(|c: char| !c.is_ascii_digit()).filter_map(|number| number.parse().ok()).collect()
        }
        Value::Number(number) => {
            let whole = number.to_string();
            whole.strip_suffix(".0").unwrap_or(&whole).parse().into_iter().collect()
        }
        Value::Null | Value::Bool(_) | Value::Object(_) => Vec::new(),
    }
}

/// A small number, also as a text or with a fraction of zero.
pub fn small_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u8>, D::Error> {
    let value = Value::deserialize(deserializer)?;
    let number = match &value {
        Value::Null => return Ok(None),
        Value::String(text) if text.trim().is_empty() || text == "null" => return Ok(None),
        Value::String(text) => text.trim().parse().ok(),
        Value::Number(number) => number.as_f64(),
        Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    };
    let whole = number.and_then(|number| (0..=u8::MAX).find(|whole| f64::from(*whole) == number));
    whole.map(Some).ok_or_else(|| D::Error::custom("max_results must be a small whole number"))
}

/// A word of a vocabulary in any case, with blanks or hyphens for underscores.
pub fn word<'de, T: DeserializeOwned, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let mut value = Value::deserialize(deserializer)?;
    if let Value::String(text) = &mut value {
        *text = text.trim().to_lowercase().replace([' ', '-'], "_");
    }
    serde_json::from_value(value).map_err(D::Error::custom)
}

/// The same; nothing, an empty text and `null` as a text are no word.
pub fn optional_word<'de, T: DeserializeOwned, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    let value = Value::deserialize(deserializer)?;
    let is_none = match &value {
        Value::Null => true,
        Value::String(text) => ["", "null", "none"].contains(&text.trim().to_lowercase().as_str()),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => false,
    };
    if is_none { Ok(None) } else { word(value).map(Some).map_err(D::Error::custom) }
}

#[cfg(test)]
mod tests {
    use super::super::{EscalationArgs, ResponseArgs, SearchArgs, Tool};
    use crate::agent::samples::call;
    use crate::domain::enums::{Reason, Severity};

    #[test]
    fn citations_are_read_in_every_spelling() {
        for (written, expected) in [
            (r#"["docs.md#a", "docs.md#b"]"#, vec!["docs.md#a", "docs.md#b"]),
            (r#""docs.md#a""#, vec!["docs.md#a"]),
            (r#""docs.md#a, docs.md#b""#, vec!["docs.md#a", "docs.md#b"]),
            (r#""[\"docs.md#a\"]""#, vec!["docs.md#a"]),
            (r#"[{"id": "docs.md#a"}]"#, vec!["docs.md#a"]),
            (r#"["[docs.md#a]"]"#, vec!["docs.md#a"]),
            ("null", vec![]),
            (r#""""#, vec![]),
            ("[]", vec![]),
        ] {
            let input = format!(r#"{{"message": "Hi", "citations": {written}, "confidence": 0.9}}"#);
            let expected = ResponseArgs {
                message: "Hi".to_owned(),
                citations: expected.into_iter().map(str::to_owned).collect(),
            };
            assert_eq!(
                Tool::read(&call("c", "send_response", &input)),
                Ok(Tool::Respond(expected)),
                "{input}"
            );
        }
        let without = r#"{"message": "Which one?"}"#;
        assert!(Tool::read(&call("c", "send_response", without)).is_ok());
        for wrong in [
            r#"{"message": "Hi", "citations": 5}"#,
            r#"{"message": 5, "citations": []}"#,
            r#"{"citations": []}"#,
        ] {
            assert!(Tool::read(&call("c", "send_response", wrong)).is_err(), "{wrong}");
        }
    }

    #[test]
    fn numbers_and_words_are_read_in_every_spelling() {
        for number in ["3", "\"3\"", "3.0"] {
            let input = format!(r#"{{"query": "q", "max_results": {number}}}"#);
            let expected = SearchArgs { query: "q".to_owned(), max_results: Some(3) };
            assert_eq!(
                Tool::read(&call("c", "search_knowledge_base", &input)),
                Ok(Tool::SearchArgs(expected)),
                "{input}"
            );
        }
        for (reason, severity, expected) in [
            ("human_request", "\"high\"", Some(Severity::High)),
            ("Human Request", "\"HIGH\"", Some(Severity::High)),
            ("human-request", "\"null\"", None),
            ("human_request", "\"\"", None),
        ] {
            let input = format!(r#"{{"reason": "{reason}", "severity": {severity}, "summary": "s"}}"#);
            let expected =
                EscalationArgs { reason: Reason::HumanRequest, severity: expected, summary: "s".to_owned() };
            assert_eq!(
                Tool::read(&call("c", "escalate_to_human", &input)),
                Ok(Tool::Escalate(expected)),
                "{input}"
            );
        }
    }
}
