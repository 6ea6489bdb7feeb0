//! Strict JSON Schemas of the tools, derived from the types that parse their calls: every key is required, unknown keys
//! are refused, and an optional value is null.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value};

use super::{
    EscalationArgs, OpenTicket, ReadHistory, ResponseArgs, SearchArgs, SummaryArgs, ToolName, WRITE_SUMMARY,
    is_for_tools,
};
use crate::domain::enums::{Reason, Severity};

/// One tool, as described to a model.
#[derive(Clone, Debug, PartialEq)]
pub struct ToolSchema {
    pub name: &'static str,
    pub description: String,
    /// A JSON Schema in strict form.
    pub parameters: Value,
}

/// Keywords that strict schemas do not support, or that carry no information.
const DROPPED: &[&str] = &["$schema", "title", "format", "default"];

/// Every tool, in the order of `ToolName::ALL`.
pub fn schemas() -> Vec<ToolSchema> {
    ToolName::ALL.iter().map(|name| schema(*name)).collect()
}

/// The one tool of a model that summarises a thread.
pub fn summary_schema() -> ToolSchema {
    described(WRITE_SUMMARY, of::<SummaryArgs>())
}

fn schema(name: ToolName) -> ToolSchema {
    let parameters = match name {
        ToolName::CreateTicket => of::<OpenTicket>(),
        ToolName::GetCustomerHistory => of::<ReadHistory>(),
        ToolName::SearchKnowledgeBase => of::<SearchArgs>(),
        ToolName::EscalateToHuman => of::<EscalationArgs>(),
        ToolName::SendResponse => of::<ResponseArgs>(),
    };
    described(name.as_str(), parameters)
}

fn described(name: &'static str, mut parameters: Value) -> ToolSchema {
    let description = parameters.as_object_mut().and_then(|object| object.remove("description"));
    let description = description.and_then(|text| text.as_str().map(on_one_line)).unwrap_or_default();
    tighten(&mut parameters);
    ToolSchema { name, description, parameters }
}

fn of<T: JsonSchema>() -> Value {
    let settings = SchemaSettings::default().with(|settings| settings.inline_subschemas = true);
    SchemaGenerator::new(settings).into_root_schema_for::<T>().to_value()
}

fn on_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn tighten(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            object.retain(|key, _| !DROPPED.contains(&key.as_str()));
            if object.get("type").is_some_and(|kind| kind == "object") {
                seal(object);
            }
            object.values_mut().for_each(tighten);
        }
        Value::Array(items) => items.iter_mut().for_each(tighten),
        Value::String(text) => *text = on_one_line(text),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Makes all keys required and forbids others.
fn seal(object: &mut Map<String, Value>) {
    let properties = object.entry("properties").or_insert_with(|| Value::Object(Map::new()));
    let keys: Vec<Value> =
        properties.as_object().into_iter().flat_map(Map::keys).map(|key| key.clone().into()).collect();
    object.insert("required".to_owned(), keys.into());
    object.insert("additionalProperties".to_owned(), false.into());
}

pub(super) fn reasons(_: &mut SchemaGenerator) -> Schema {
    let reasons: Vec<&str> =
        Reason::ALL.iter().filter(|reason| is_for_tools(**reason)).map(|reason| reason.as_str()).collect();
    json_schema!({ "type": "string", "enum": reasons })
}

pub(super) fn severities(_: &mut SchemaGenerator) -> Schema {
    let severities: Vec<Option<&str>> =
        Severity::ALL.iter().map(|severity| Some(severity.as_str())).chain([None]).collect();
    json_schema!({ "type": ["string", "null"], "enum": severities })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn objects(schema: &Value) -> Vec<&Map<String, Value>> {
        match schema {
            Value::Object(object) => {
                let inside = object.values().flat_map(objects);
                let own = object.get("type").is_some_and(|kind| kind == "object").then_some(object);
                own.into_iter().chain(inside).collect()
            }
            Value::Array(items) => items.iter().flat_map(objects).collect(),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
        }
    }

    #[test]
    fn every_schema_is_strict() {
        for tool in schemas().into_iter().chain([summary_schema()]) {
            let found = objects(&tool.parameters);
            assert!(!found.is_empty(), "{tool:?}");
            for object in found {
                assert_eq!(object["additionalProperties"], false, "{tool:?}");
                let keys: Vec<&String> = object["properties"].as_object().unwrap().keys().collect();
                let required: Vec<&str> =
                    object["required"].as_array().unwrap().iter().map(|key| key.as_str().unwrap()).collect();
                assert_eq!(required, keys, "{tool:?}");
            }
        }
    }

    #[test]
    fn no_tool_takes_a_customers_id() {
        for tool in schemas() {
            let keys = tool.parameters["properties"].as_object().unwrap().keys();
            assert!(keys.clone().all(|key| !key.contains("id") && !key.contains("customer")), "{tool:?}");
        }
    }

    #[test]
    fn the_schemas_are_these() {
        let text: Vec<String> = schemas()
            .iter()
            .map(|tool| {
                let parameters = serde_json::to_string_pretty(&tool.parameters).unwrap();
                format!("{}: {}\n{parameters}", tool.name, tool.description)
            })
            .collect();
        insta::assert_snapshot!(text.join("\n\n"));
    }
}
