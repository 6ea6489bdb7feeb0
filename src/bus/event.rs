//! Versioned events: one JSON type per topic. They point to database records and hold no customer text.
//!
//! `docs/events/` publishes each schema with an example for other teams; a test keeps them equal to these types.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use time::OffsetDateTime;

use super::topic::Topic;
use crate::domain::enums::{Channel, MessageKind, Outcome, Reason, Role, Severity};
use crate::domain::ids::{ConversationId, EscalationId, MessageId, TurnId};

/// The version of every event so far. A breaking change gets a new version.
const VERSION: u32 = 1;

/// Serialised as its number; any other number is an error.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Version;

impl Serialize for Version {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u32(VERSION)
    }
}

impl<'de> Deserialize<'de> for Version {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match u32::deserialize(deserializer)? {
            VERSION => Ok(Self),
            other => Err(serde::de::Error::custom(format!("version {other} is not known, only {VERSION}"))),
        }
    }
}

/// A conversation has something to answer. Order and duplicates do not matter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TicketIncoming {
    #[schemars(schema_with = "version")]
    pub version: Version,
    #[schemars(schema_with = "id")]
    pub conversation_id: ConversationId,
    #[schemars(schema_with = "channel")]
    pub channel: Channel,
}

/// A customer's message was stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Inbound {
    #[schemars(schema_with = "version")]
    pub version: Version,
    #[schemars(schema_with = "id")]
    pub message_id: MessageId,
    #[schemars(schema_with = "id")]
    pub conversation_id: ConversationId,
    #[schemars(schema_with = "channel")]
    pub channel: Channel,
    /// The sequence number of the message within its conversation.
    pub seq: i64,
    /// Whether the channel proves who the sender is.
    pub attested: bool,
    #[serde(with = "time::serde::rfc3339")]
    #[schemars(schema_with = "instant")]
    pub at: OffsetDateTime,
}

/// A message to a customer was stored. Its delivery status is not part of this event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Outbound {
    #[schemars(schema_with = "version")]
    pub version: Version,
    #[schemars(schema_with = "id")]
    pub message_id: MessageId,
    #[schemars(schema_with = "id")]
    pub conversation_id: ConversationId,
    #[schemars(schema_with = "channel")]
    pub channel: Channel,
    /// The sequence number of the message within its conversation.
    pub seq: i64,
    /// Who wrote it.
    #[schemars(schema_with = "role")]
    pub role: Role,
    #[schemars(schema_with = "kind")]
    pub kind: MessageKind,
    /// The turn that wrote it; null if no turn did, as for messages of staff and acknowledgements of a delay.
    #[schemars(schema_with = "id_or_null")]
    pub turn_id: Option<TurnId>,
    #[serde(with = "time::serde::rfc3339")]
    #[schemars(schema_with = "instant")]
    pub at: OffsetDateTime,
}

/// A conversation was handed over to staff.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Escalation {
    #[schemars(schema_with = "version")]
    pub version: Version,
    #[schemars(schema_with = "id")]
    pub escalation_id: EscalationId,
    #[schemars(schema_with = "id")]
    pub conversation_id: ConversationId,
    #[schemars(schema_with = "id_or_null")]
    pub turn_id: Option<TurnId>,
    #[schemars(schema_with = "channel")]
    pub channel: Channel,
    #[schemars(schema_with = "reason")]
    pub reason: Reason,
    #[schemars(schema_with = "severity")]
    pub severity: Severity,
    #[serde(with = "time::serde::rfc3339")]
    #[schemars(schema_with = "instant")]
    pub at: OffsetDateTime,
}

/// A turn of the bot ended with a decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Metrics {
    #[schemars(schema_with = "version")]
    pub version: Version,
    #[schemars(schema_with = "id")]
    pub turn_id: TurnId,
    #[schemars(schema_with = "id")]
    pub conversation_id: ConversationId,
    #[schemars(schema_with = "channel")]
    pub channel: Channel,
    #[schemars(schema_with = "outcome")]
    pub outcome: Outcome,
    /// From the start of the turn to its decision, in milliseconds.
    pub latency_ms: i32,
    pub model: String,
    pub model_calls: i32,
    pub tokens_in: i32,
    pub tokens_out: i32,
    #[serde(with = "time::serde::rfc3339")]
    #[schemars(schema_with = "instant")]
    pub at: OffsetDateTime,
}

/// Messages were parked because their turns failed; people handle them now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeadLetter {
    #[schemars(schema_with = "version")]
    pub version: Version,
    #[schemars(schema_with = "id")]
    pub dead_letter_id: uuid::Uuid,
    #[schemars(schema_with = "id")]
    pub conversation_id: ConversationId,
    #[schemars(schema_with = "id_or_null")]
    pub turn_id: Option<TurnId>,
    #[schemars(schema_with = "channel")]
    pub channel: Channel,
    /// The cause that the program recorded; it contains no customer text.
    pub reason: String,
    #[serde(with = "time::serde::rfc3339")]
    #[schemars(schema_with = "instant")]
    pub at: OffsetDateTime,
}

/// An event of any topic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Event {
    TicketIncoming(TicketIncoming),
    Inbound(Inbound),
    Outbound(Outbound),
    Escalation(Escalation),
    Metrics(Metrics),
    DeadLetter(DeadLetter),
}

/// The payload is not an event of its topic.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the payload is no event of {}: {reason}", topic.name())]
pub struct NotAnEvent {
    topic: Topic,
    reason: String,
}

/// Decodes an event. The channel in the topic's name must match the channel in the event.
pub fn decode(topic: Topic, payload: &[u8]) -> Result<Event, NotAnEvent> {
    let event = match topic {
        Topic::TicketsIncoming => serde_json::from_slice(payload).map(Event::TicketIncoming),
        Topic::Inbound(_) => serde_json::from_slice(payload).map(Event::Inbound),
        Topic::Outbound(_) => serde_json::from_slice(payload).map(Event::Outbound),
        Topic::Escalations => serde_json::from_slice(payload).map(Event::Escalation),
        Topic::Metrics => serde_json::from_slice(payload).map(Event::Metrics),
        Topic::DeadLetters => serde_json::from_slice(payload).map(Event::DeadLetter),
    };
    let event = event.map_err(|error| NotAnEvent { topic, reason: error.to_string() })?;
    let belongs = match (topic, &event) {
        (Topic::Inbound(channel), Event::Inbound(inbound)) => channel == inbound.channel,
        (Topic::Outbound(channel), Event::Outbound(outbound)) => channel == outbound.channel,
        (
            Topic::TicketsIncoming
            | Topic::Inbound(_)
            | Topic::Outbound(_)
            | Topic::Escalations
            | Topic::Metrics
            | Topic::DeadLetters,
            _,
        ) => true,
    };
    if belongs {
        Ok(event)
    } else {
        Err(NotAnEvent { topic, reason: "it belongs to another channel".to_owned() })
    }
}

/// The JSON Schema (2020-12) of a topic's events.
pub fn schema(topic: Topic) -> Schema {
    let generator = SchemaGenerator::default();
    match topic {
        Topic::TicketsIncoming => generator.into_root_schema_for::<TicketIncoming>(),
        Topic::Inbound(_) => generator.into_root_schema_for::<Inbound>(),
        Topic::Outbound(_) => generator.into_root_schema_for::<Outbound>(),
        Topic::Escalations => generator.into_root_schema_for::<Escalation>(),
        Topic::Metrics => generator.into_root_schema_for::<Metrics>(),
        Topic::DeadLetters => generator.into_root_schema_for::<DeadLetter>(),
    }
}

fn version(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "const": VERSION })
}

fn id(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "string", "format": "uuid" })
}

fn id_or_null(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": ["string", "null"], "format": "uuid" })
}

fn instant(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "string", "format": "date-time" })
}

macro_rules! vocabularies {
    ($($name:ident = $type:ty),+ $(,)?) => {$(
        fn $name(_: &mut SchemaGenerator) -> Schema {
            let words: Vec<&str> = <$type>::ALL.iter().map(|word| word.as_str()).collect();
            json_schema!({ "type": "string", "enum": words })
        }
    )+};
}

vocabularies! {
    channel = Channel,
    role = Role,
    kind = MessageKind,
    outcome = Outcome,
    reason = Reason,
    severity = Severity,
}
