//! Contract tests of the event topics: the documented schemas and examples match the program's types, and the
//! database's events match the schemas.

use std::collections::BTreeSet;
use std::path::PathBuf;

use fte::bus::event::{decode, schema};
use fte::bus::topic::Topic;
use serde_json::Value;

/// One example for each kind of event; the channels share theirs.
const KINDS: [(Topic, &str); 6] = [
    (Topic::TicketsIncoming, "tickets.incoming.v1"),
    (Topic::Inbound(fte::domain::enums::Channel::WebForm), "channels.inbound.v1"),
    (Topic::Outbound(fte::domain::enums::Channel::WebForm), "channels.outbound.v1"),
    (Topic::Escalations, "escalations.v1"),
    (Topic::Metrics, "metrics.v1"),
    (Topic::DeadLetters, "dlq.v1"),
];

fn file(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/events").join(name)
}

fn read(name: &str) -> String {
    std::fs::read_to_string(file(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn rendered(topic: Topic) -> String {
    format!("{}\n", serde_json::to_string_pretty(&schema(topic)).unwrap())
}

#[test]
fn the_documented_schemas_are_those_of_the_program() {
    for (topic, name) in KINDS {
        assert_eq!(read(&format!("{name}.schema.json")), rendered(topic), "{name}");
    }
}

/// Generator, not a test: rewrites the schemas after a change of the types.
#[test]
#[ignore = "writes files"]
fn write_the_schemas() {
    for (topic, name) in KINDS {
        std::fs::write(file(&format!("{name}.schema.json")), rendered(topic)).unwrap();
    }
}

#[test]
fn each_example_is_an_event_and_shows_every_member_of_its_schema() {
    for (topic, name) in KINDS {
        let example = read(&format!("{name}.example.json"));
        let event = decode(topic, example.as_bytes()).unwrap_or_else(|error| panic!("{name}: {error}"));
        let example: Value = serde_json::from_str(&example).unwrap();
        assert_eq!(serde_json::to_value(event).unwrap(), example, "{name}");
        let schema = serde_json::to_value(schema(topic)).unwrap();
        let names = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<BTreeSet<_>>();
        assert_eq!(names(&example), names(&schema["properties"]), "{name}");
        assert_eq!(schema["additionalProperties"], Value::Bool(false), "{name}");
    }
}

#[test]
fn an_event_of_another_topic_is_refused() {
    let example = read("channels.inbound.v1.example.json");
    let cases = [
        (Topic::Inbound(fte::domain::enums::Channel::Email), example.clone()),
        (
            Topic::Inbound(fte::domain::enums::Channel::WebForm),
            example.replace("\"version\": 1", "\"version\": 2"),
        ),
        (Topic::Inbound(fte::domain::enums::Channel::WebForm), example.replace("\"seq\"", "\"number\"")),
        (Topic::Metrics, example.clone()),
        (Topic::TicketsIncoming, "not JSON".to_owned()),
    ];
    for (topic, payload) in cases {
        assert!(decode(topic, payload.as_bytes()).is_err(), "{payload}");
    }
}
