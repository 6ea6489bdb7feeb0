//! Tests of the OpenAPI document: its structure, and that it matches the router and the parsers.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use utoipa::openapi::path::HttpMethod;

use super::*;
use crate::channels::web_form;
use crate::domain::ids::TicketId;
use crate::domain::messages::inquiry::FreshIds;

fn document_json() -> Value {
    serde_json::to_value(openapi()).unwrap()
}

fn name(method: &HttpMethod) -> String {
    serde_json::to_value(method).unwrap().as_str().unwrap().to_ascii_lowercase()
}

/// Every operation of the document, with its path and method.
fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let paths = document["paths"].as_object().unwrap();
    let of_path = |(path, item): (&String, &Value)| -> Vec<_> {
        let methods = item.as_object().unwrap().iter();
        methods.map(|(method, operation)| (path.clone(), method.clone(), operation.clone())).collect()
    };
    paths.iter().flat_map(of_path).collect()
}

/// Every value of `$ref` below `value`.
fn references(value: &Value) -> Vec<&str> {
    match value {
        Value::Object(members) => {
            let own = members.get("$ref").and_then(Value::as_str);
            own.into_iter().chain(members.values().flat_map(references)).collect()
        }
        Value::Array(items) => items.iter().flat_map(references).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    }
}

#[test]
fn the_document_is_openapi_3_1_with_a_license_and_a_description() {
    let document = document_json();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1."), "{}", document["openapi"]);
    let info = &document["info"];
    assert_eq!(info["license"], json!({"name": "Apache-2.0", "identifier": "Apache-2.0"}));
    assert_eq!(info["version"], env!("CARGO_PKG_VERSION"));
    assert!(info["description"].as_str().unwrap().len() > 20);
    let tags: Vec<&str> =
        document["tags"].as_array().unwrap().iter().map(|tag| tag["name"].as_str().unwrap()).collect();
    assert_eq!(tags, ["public", "webhooks", "staff", "programs", "ops"]);
}

/// Handlers that carry an action out once for each key say so; these POSTs store nothing, or nothing that a repetition
/// would store twice.
#[test]
fn every_action_of_staff_lists_its_idempotency_key() {
    let without = [
        "/staff/conversations/{id}/suggestion",
        "/staff/conversations/{id}/summary",
        "/staff/customers/{id}/erase",
        "/staff/files",
        "/staff/macros/{id}/render",
        "/staff/presence",
        "/staff/session",
        "/staff/totp",
    ];
    for (path, method, operation) in operations(&document_json()) {
        if method != "post" || !path.starts_with("/staff/") {
            continue;
        }
        let listed = operation["parameters"].as_array().into_iter().flatten();
        let has_key = listed.into_iter().any(|parameter| parameter["name"] == "Idempotency-Key");
        assert_eq!(has_key, !without.contains(&path.as_str()), "{path}");
    }
}

#[test]
fn every_registered_endpoint_is_documented_and_nothing_else() {
    let registered: Vec<(String, String)> = routes::endpoints()
        .into_iter()
        .map(|endpoint| (endpoint.path.clone(), name(&endpoint.method)))
        .collect();
    let distinct: BTreeSet<_> = registered.iter().cloned().collect();
    assert_eq!(distinct.len(), registered.len(), "an endpoint is registered twice: {registered:?}");
    let documented: BTreeSet<_> =
        operations(&document_json()).into_iter().map(|(path, method, _)| (path, method)).collect();
    assert_eq!(documented, distinct);
}

/// The description of one handler must not be given to another one.
#[test]
fn every_description_belongs_to_its_handler() {
    for endpoint in routes::endpoints() {
        let handler = endpoint.description.handler.rsplit("::").next().unwrap();
        assert_eq!(
            endpoint.description.operation.operation_id.as_deref(),
            Some(handler),
            "{}",
            endpoint.path
        );
    }
}

#[test]
fn every_operation_is_complete() {
    let document = document_json();
    let mut ids = BTreeSet::new();
    for (path, method, operation) in operations(&document) {
        let place = format!("{method} {path}");
        assert!(ids.insert(operation["operationId"].as_str().unwrap().to_owned()), "{place}");
        assert!(operation["summary"].as_str().is_some_and(|text| !text.is_empty()), "{place}");
        let responses = operation["responses"].as_object().unwrap();
        assert!(responses.keys().any(|status| status.starts_with('2')), "{place}");
        for (status, response) in responses {
            let description = response["description"].as_str();
            assert!(description.is_some_and(|text| !text.is_empty()), "{place} {status}");
            if status.starts_with('4') || status == "default" {
                assert!(response["content"][PROBLEM_JSON].is_object(), "{place} {status}");
            }
        }
        let named: BTreeSet<&str> = operation["parameters"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|parameter| parameter["in"] == "path")
            .map(|parameter| parameter["name"].as_str().unwrap())
            .collect();
        let in_path: BTreeSet<&str> =
            path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).collect();
        assert_eq!(named, in_path, "{place}");
    }
}

#[test]
fn the_security_of_an_operation_is_the_access_of_its_endpoint() {
    let document = document_json();
    for endpoint in routes::endpoints() {
        let operation = &document["paths"][&endpoint.path][name(&endpoint.method)];
        let expected = match endpoint.access {
            Access::Public => json!([]),
            Access::Signed => json!([{"twilio_signature": []}]),
            Access::Pushed => json!([{"google_oidc": []}]),
            Access::Scope(scope) => json!([{"bearer": [scope.as_str()]}, {"session": []}]),
            Access::Either(one, other) => {
                json!([{"bearer": [one.as_str()]}, {"bearer": [other.as_str()]}, {"session": []}])
            }
            Access::Session => json!([{"session": []}]),
            Access::Program => json!([{"bearer": []}]),
        };
        assert_eq!(operation["security"], expected, "{}", endpoint.path);
        let has_401 = operation["responses"]["401"].is_object();
        let is_guarded = !matches!(endpoint.access, Access::Public | Access::Signed);
        assert_eq!(has_401, is_guarded || endpoint.path == "/staff/session", "{}", endpoint.path);
    }
}

#[test]
fn every_reference_leads_to_a_schema() {
    let document = document_json();
    let found = references(&document);
    assert!(found.len() > 20, "{found:?}");
    for reference in found {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference}");
    }
}

#[test]
fn every_json_body_has_an_example() {
    let document = document_json();
    let mut bodies = 0;
    for (path, method, operation) in operations(&document) {
        let responses = operation["responses"].as_object().unwrap().values();
        for body in responses.chain([&operation["requestBody"]]) {
            for (media_type, content) in body["content"].as_object().into_iter().flatten() {
                let is_json = media_type.ends_with("json");
                assert!(!is_json || content.get("example").is_some(), "{method} {path} {media_type}");
                bodies += 1;
            }
        }
    }
    assert!(bodies > 50, "{bodies}");
}

#[test]
fn a_file_is_bytes_and_a_nullable_field_is_still_required() {
    let schemas = &document_json()["components"]["schemas"];
    assert_eq!(schemas["FileContent"]["type"], "string");
    assert_eq!(schemas["FileContent"]["format"], "binary");
    let ticket = &schemas["Ticket"];
    assert!(ticket["required"].as_array().unwrap().contains(&json!("resolved_at")), "{ticket}");
    assert_eq!(ticket["properties"]["resolved_at"]["type"], json!(["string", "null"]));
    assert_eq!(ticket["properties"]["resolved_at"]["format"], "date-time");
}

fn submit(body: &Value) -> bool {
    let ids = FreshIds {
        message: uuid::Uuid::from_u128(1).into(),
        conversation: uuid::Uuid::from_u128(2).into(),
        ticket: uuid::Uuid::from_u128(3).into(),
        customer: uuid::Uuid::from_u128(4).into(),
    };
    web_form::submission(body.to_string().as_bytes(), None, ids).is_ok()
}

fn follow_up(body: &Value) -> bool {
    let ticket = TicketId(uuid::Uuid::from_u128(1));
    web_form::follow_up(body.to_string().as_bytes(), None, ticket, uuid::Uuid::from_u128(2).into()).is_ok()
}

/// The schema of a request body says what its parser accepts.
fn assert_parser_follows(schema: &Value, full: &Value, parses: fn(&Value) -> bool) {
    assert!(parses(full), "{full}");
    let with = |field: &str, value: Value| {
        let mut body = full.clone();
        body[field] = value;
        body
    };
    let properties = schema["properties"].as_object().unwrap();
    let fields =
        |object: &Value| -> BTreeSet<String> { object.as_object().unwrap().keys().cloned().collect() };
    assert_eq!(fields(&schema["properties"]), fields(full));
    assert_eq!(schema["additionalProperties"], json!(false));
    assert!(!parses(&with("another", json!("x"))));
    let required: Vec<&str> =
        schema["required"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
    for (field, property) in properties {
        let mut without = full.clone();
        without.as_object_mut().unwrap().remove(field);
        assert_eq!(parses(&without), !required.contains(&field.as_str()), "{field}");
        if let Some(least) = property["minLength"].as_u64() {
            let chars = usize::try_from(least).unwrap();
            assert!(parses(&with(field, json!("a".repeat(chars)))), "{field} of {chars}");
            assert!(!parses(&with(field, json!("a".repeat(chars - 1)))), "{field} of {chars} - 1");
        }
        if let (Some(most), None) = (property["maxLength"].as_u64(), property["format"].as_str()) {
            let chars = usize::try_from(most).unwrap();
            assert!(parses(&with(field, json!("a".repeat(chars)))), "{field} of {chars}");
            assert!(!parses(&with(field, json!("a".repeat(chars + 1)))), "{field} of {chars} + 1");
        }
    }
}

#[test]
fn the_schemas_of_the_web_form_say_what_its_parser_accepts() {
    let document = document_json();
    let schemas = &document["components"]["schemas"];
    let submission = json!({
        "name": "Ann Lee",
        "email": "ann@example.com",
        "subject": "Cannot sign in",
        "category": "technical",
        "priority": "low",
        "message": "I forgot my password.",
        "phone": "+4915112345678",
    });
    assert_parser_follows(&schemas["SubmissionRequest"], &submission, submit);
    assert_parser_follows(&schemas["FollowUpRequest"], &json!({"message": "Yes"}), follow_up);
}
