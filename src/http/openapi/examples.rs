//! Examples of bodies, made from their schemas: a declared example where there is one, else the simplest valid value. So
//! no operation lacks one, and none can drift from its schema.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use utoipa::openapi::path::Operation;
use utoipa::openapi::{Content, RefOr, Schema};

/// Deeper schemas refer to themselves.
const MAX_DEPTH: usize = 20;

/// The schemas by name, as JSON.
pub(super) struct Examples(BTreeMap<String, Value>);

impl Examples {
    pub(super) fn new(schemas: &BTreeMap<String, RefOr<Schema>>) -> Self {
        let as_json = |(name, schema): (&String, &RefOr<Schema>)| {
            Some((name.clone(), serde_json::to_value(schema).ok()?))
        };
        Self(schemas.iter().filter_map(as_json).collect())
    }

    /// Adds an example to every body of the operation that is JSON and has none.
    pub(super) fn add_to(&self, operation: &mut Operation) {
        if let Some(RefOr::T(body)) = &mut operation.request_body {
            body.content.iter_mut().for_each(|(media_type, content)| self.complete(media_type, content));
        }
        for response in operation.responses.responses.values_mut() {
            if let RefOr::T(response) = response {
                response
                    .content
                    .iter_mut()
                    .for_each(|(media_type, content)| self.complete(media_type, content));
            }
        }
    }

    fn complete(&self, media_type: &str, content: &mut RefOr<Content>) {
        let RefOr::T(content) = content else {
            return;
        };
        let schema = content.schema.as_ref().and_then(|schema| serde_json::to_value(schema).ok());
        if let (true, None, Some(schema)) = (media_type.ends_with("json"), &content.example, schema) {
            content.example = Some(self.of(&schema, 0));
        }
    }

    fn of(&self, schema: &Value, depth: usize) -> Value {
        if depth > MAX_DEPTH {
            return Value::Null;
        }
        if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
            return self.0.get(name).map_or(Value::Null, |named| self.of(named, depth + 1));
        }
        let declared = [&schema["example"], &schema["examples"][0], &schema["const"], &schema["enum"][0]];
        if let Some(declared) = declared.into_iter().find(|value| !value.is_null()) {
            return declared.clone();
        }
        if let Some(parts) = schema["allOf"].as_array() {
            return self.merged(parts, schema, depth);
        }
        let choices = schema["oneOf"].as_array().or_else(|| schema["anyOf"].as_array());
        if let Some(choice) = choices.and_then(|all| all.iter().find(|one| one["type"] != json!("null"))) {
            return self.of(choice, depth + 1);
        }
        match type_of(schema) {
            Some("object") => self.object(schema, depth),
            Some("array") => Value::Array(vec![self.of(&schema["items"], depth + 1)]),
            Some("string") => Value::String(string(schema)),
            Some("integer") => json!(schema["minimum"].as_i64().unwrap_or(1)),
            Some("number") => json!(schema["minimum"].as_f64().unwrap_or(0.5)),
            Some("boolean") => Value::Bool(true),
            Some(_) | None => json!({}),
        }
    }

    fn merged(&self, parts: &[Value], schema: &Value, depth: usize) -> Value {
        let own = schema["properties"].is_object().then(|| self.object(schema, depth));
        let mut members = Map::new();
        for part in parts.iter().map(|part| self.of(part, depth + 1)).chain(own) {
            if let Value::Object(more) = part {
                members.extend(more);
            }
        }
        Value::Object(members)
    }

    fn object(&self, schema: &Value, depth: usize) -> Value {
        let properties = schema["properties"].as_object().into_iter().flatten();
        Value::Object(properties.map(|(name, value)| (name.clone(), self.of(value, depth + 1))).collect())
    }
}

/// The first type that is not null.
fn type_of(schema: &Value) -> Option<&str> {
    match &schema["type"] {
        Value::String(name) => Some(name),
        Value::Array(names) => names.iter().filter_map(Value::as_str).find(|name| *name != "null"),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => None,
    }
}

fn string(schema: &Value) -> String {
    let text = match schema["format"].as_str() {
        Some("uuid") => "0197c9b2-5d1e-7c63-9a51-0d2f6a3b8c41",
        Some("date-time") => "2026-11-30T12:00:00Z",
        Some("date") => "2026-11-30",
        Some("email") => "ann@example.com",
        Some("uri") => "https://example.com",
        Some(_) | None => "text",
    };
    let missing = schema["minLength"].as_u64().and_then(|least| usize::try_from(least).ok()).unwrap_or(0);
    let mut text = text.to_owned();
    while text.len() < missing {
        text.push_str(" text");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_example_follows_references_types_and_limits() {
        let named = json!({"type": "object", "properties": {"id": {"type": "string", "format": "uuid"}}});
        let examples = Examples([("Named".to_owned(), named)].into_iter().collect());
        let schema = json!({
            "allOf": [{"$ref": "#/components/schemas/Named"}],
            "properties": {
                "word": {"enum": ["low", "high"]},
                "comment": {"type": ["string", "null"], "minLength": 10},
                "score": {"type": "integer", "minimum": 3},
                "all": {"type": "array", "items": {"type": "boolean"}},
                "one": {"oneOf": [{"type": "null"}, {"type": "string", "example": "given"}]},
            },
        });
        let expected = json!({
            "id": "0197c9b2-5d1e-7c63-9a51-0d2f6a3b8c41",
            "word": "low",
            "comment": "text text text",
            "score": 3,
            "all": [true],
            "one": "given",
        });
        assert_eq!(examples.of(&schema, 0), expected);
    }

    #[test]
    fn a_schema_that_refers_to_itself_ends() {
        let named = json!({"type": "object", "properties": {"next": {"$ref": "#/components/schemas/Named"}}});
        let examples = Examples([("Named".to_owned(), named)].into_iter().collect());
        assert!(examples.of(&json!({"$ref": "#/components/schemas/Named"}), 0)["next"].is_object());
    }
}
