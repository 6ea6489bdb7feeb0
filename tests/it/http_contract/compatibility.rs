//! A breaking change of the API against the released OpenAPI document fails here: a client of the release must still work.
//! Additions are allowed.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::openapi_diff::breaking_changes;

fn released() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("specs/openapi");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.filter(|path| path.extension().is_some_and(|name| name == "json")).collect()
}

/// The numbers of a version, by which releases are ordered.
fn version(path: &Path) -> Vec<u64> {
    let name = path.file_stem().unwrap().to_str().unwrap();
    name.split('.').map(|number| number.parse().unwrap()).collect()
}

#[test]
fn the_api_still_serves_clients_of_the_last_release() {
    let last = released().into_iter().max_by_key(|path| version(path)).unwrap();
    let released: Value = serde_json::from_slice(&std::fs::read(&last).unwrap()).unwrap();
    assert_eq!(released["info"]["version"], last.file_stem().unwrap().to_str().unwrap());
    assert!(released["paths"].as_object().unwrap().len() > 40);
    let current = serde_json::to_value(fte::http::openapi()).unwrap();
    assert_eq!(breaking_changes(&released, &current), Vec::<String>::new(), "against {}", last.display());
}

/// A small API with each thing that can break.
fn api() -> Value {
    json!({
        "paths": {
            "/tickets": {
                "get": {
                    "security": [],
                    "parameters": [
                        {"name": "limit", "in": "query", "required": false,
                         "schema": {"type": "integer", "minimum": 1, "maximum": 100}},
                        {"name": "status", "in": "query", "required": false,
                         "schema": {"$ref": "#/components/schemas/Status"}},
                    ],
                    "responses": {"200": {"content": {"application/json": {"schema": {
                        "type": "array", "items": {"$ref": "#/components/schemas/Ticket"}}}}}},
                },
                "post": {
                    "security": [],
                    "requestBody": {"required": true, "content": {"application/json": {"schema":
                        {"$ref": "#/components/schemas/NewTicket"}}}},
                    "responses": {
                        "201": {"content": {"application/json": {"schema": {"allOf": [
                            {"$ref": "#/components/schemas/Ticket"},
                            {"type": "object", "required": ["url"], "properties": {"url": {"type": "string"}}},
                        ]}}}},
                        "409": {"content": {"application/problem+json": {"schema": {"type": "object"}}}},
                    },
                },
            },
        },
        "components": {"schemas": schemas()},
    })
}

fn schemas() -> Value {
    json!({
        "Status": {"type": "string", "enum": ["open", "closed"]},
        "Ticket": {"type": "object", "required": ["id", "parent"], "properties": {
            "id": {"type": "string"},
            "status": {"$ref": "#/components/schemas/Status"},
            "parent": {"oneOf": [{"type": "null"}, {"$ref": "#/components/schemas/Ticket"}]},
        }},
        "NewTicket": {"type": "object", "required": ["subject"], "additionalProperties": false, "properties": {
            "subject": {"type": "string", "minLength": 5, "maxLength": 200},
            "note": {"type": ["string", "null"]},
        }},
    })
}

const SCHEMAS: &str = "/components/schemas";
const GET: &str = "/paths/~1tickets/get";
const POST: &str = "/paths/~1tickets/post";

/// The API after a change of the value at a pointer; null removes it.
fn changed(pointer: &str, value: Value) -> Value {
    let mut api = api();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let name = name.replace("~1", "/");
    match api.pointer_mut(parent).unwrap() {
        Value::Object(members) if value.is_null() => drop(members.remove(&name).unwrap()),
        Value::Object(members) => drop(members.insert(name, value)),
        Value::Array(items) if value.is_null() => drop(items.remove(name.parse().unwrap())),
        Value::Array(items) => items.push(value),
        other @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => panic!("{other}"),
    }
    api
}

fn breaks(pointer: &str, value: Value) -> Vec<String> {
    breaking_changes(&api(), &changed(pointer, value))
}

#[test]
fn each_kind_of_break_is_found() {
    let cases = [
        ("/paths/~1tickets".to_owned(), Value::Null, "the path is gone"),
        (GET.to_owned(), Value::Null, "the method is gone"),
        (format!("{GET}/security"), json!([{"bearer": ["read"]}]), "is guarded otherwise"),
        (format!("{GET}/parameters/0"), Value::Null, "limit is gone"),
        (
            format!("{GET}/parameters/-"),
            json!({"name": "q", "in": "query", "required": true}),
            "q is required",
        ),
        (format!("{GET}/parameters/0/schema/maximum"), json!(50), "maximum"),
        (format!("{SCHEMAS}/Status/enum/1"), Value::Null, "no longer takes closed"),
        (format!("{POST}/requestBody/content/application~1json"), Value::Null, "application/json is gone"),
        (format!("{SCHEMAS}/NewTicket/required/-"), json!("note"), "note is required"),
        (format!("{SCHEMAS}/NewTicket/properties/note"), Value::Null, "note is gone"),
        (format!("{SCHEMAS}/NewTicket/properties/note/type"), json!("string"), "no longer takes null"),
        (format!("{SCHEMAS}/NewTicket/properties/subject/minLength"), json!(6), "minLength"),
        (format!("{SCHEMAS}/NewTicket/properties/subject/pattern"), json!("^a"), "pattern"),
        (format!("{SCHEMAS}/NewTicket/properties/subject/format"), json!("email"), "format"),
        (format!("{POST}/responses/409"), Value::Null, "the status 409 is gone"),
        (format!("{POST}/responses/201/content/application~1json"), Value::Null, "application/json is gone"),
        (format!("{SCHEMAS}/Ticket/properties/id"), Value::Null, "id is gone"),
        (format!("{SCHEMAS}/Ticket/required/0"), Value::Null, "id may be absent"),
        (format!("{SCHEMAS}/Ticket/properties/id/type"), json!("integer"), "may be integer"),
        (format!("{SCHEMAS}/Ticket/properties/id/type"), json!(["string", "null"]), "may be null"),
        (
            format!("{POST}/responses/201/content/application~1json/schema/allOf/1"),
            Value::Null,
            "url is gone",
        ),
    ];
    for (pointer, value, expected) in cases {
        let found = breaks(&pointer, value);
        assert!(found.iter().any(|line| line.contains(expected)), "{pointer}: {found:?}");
    }
}

#[test]
fn additions_break_nothing() {
    assert_eq!(breaking_changes(&api(), &api()), Vec::<String>::new());
    let additions = [
        ("/paths/~1macros".to_owned(), json!({"get": {"responses": {}}})),
        ("/paths/~1tickets/put".to_owned(), json!({"responses": {}})),
        (format!("{GET}/parameters/-"), json!({"name": "q", "in": "query", "required": false})),
        (format!("{GET}/parameters/0/schema/maximum"), json!(200)),
        (format!("{GET}/responses/404"), json!({"description": "There is none."})),
        (format!("{SCHEMAS}/Status/enum/-"), json!("snoozed")),
        (format!("{SCHEMAS}/Ticket/properties/tags"), json!({"type": "array"})),
        (format!("{SCHEMAS}/Ticket/required/-"), json!("status")),
        (format!("{SCHEMAS}/NewTicket/properties/tags"), json!({"type": "array"})),
        (format!("{SCHEMAS}/NewTicket/properties/subject/minLength"), json!(1)),
        (format!("{SCHEMAS}/NewTicket/required/0"), Value::Null),
        (format!("{SCHEMAS}/Ticket/description"), json!("A ticket.")),
    ];
    for (pointer, value) in additions {
        assert_eq!(breaks(&pointer, value), Vec::<String>::new(), "{pointer}");
    }
}

#[test]
fn one_break_is_told_once_for_each_operation() {
    let found = breaks(&format!("{SCHEMAS}/Ticket/properties/id"), Value::Null);
    let operations: BTreeSet<&str> = found.iter().filter_map(|line| line.split(':').next()).collect();
    assert_eq!(operations.len(), found.len(), "{found:?}");
    assert_eq!(found.len(), 2);
}
