//! Adapter for Apache Kafka through librdkafka, at-least-once. The guarantees come from the outbox and from fencing
//! turns, not from Kafka's exactly-once: an event may come twice and in any order.

mod consumer;
mod producer;
mod topics;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use rdkafka::ClientConfig;
use rdkafka::client::ClientContext;
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::error::KafkaError;
use secrecy::{ExposeSecret, SecretString};

pub use consumer::KafkaGroup;
pub use producer::KafkaLog;
pub use topics::{TopicPlan, ensure, look};

use crate::live_secret::LiveSecret;

/// The header that carries the trace of a record (W3C Trace Context).
const TRACEPARENT: &str = "traceparent";

/// Connection settings, and the operator's own librdkafka properties.
#[derive(Clone, Debug)]
pub struct KafkaSettings {
    /// `KAFKA_BOOTSTRAP_SERVERS`: host:port pairs, separated by commas.
    pub bootstrap_servers: String,
    /// Property and value, from other `KAFKA_…` variables: `KAFKA_SASL_PASSWORD` is `sasl.password`.
    pub properties: Vec<(String, SecretString)>,
    /// Properties whose values are in files that may be replaced; these win.
    pub live: Vec<(String, LiveSecret)>,
}

/// Properties that the guarantees rest on, or that have a variable of their own; operators cannot set them.
pub const OURS: [&str; 9] = [
    "acks",
    "bootstrap.servers",
    "enable.auto.commit",
    "enable.auto.offset.store",
    "enable.idempotence",
    "group.id",
    "metadata.broker.list",
    "partition.assignment.strategy",
    "request.required.acks",
];

impl KafkaSettings {
    /// The operator may override `defaults`, but not `fixed`. librdkafka ignores a property that only the other kind of
    /// client knows.
    fn client(&self, defaults: &[(&str, &str)], fixed: &[(&str, &str)]) -> ClientConfig {
        let mut config = ClientConfig::new();
        config.set_log_level(RDKafkaLogLevel::Warning);
        config.set("client.id", "fte");
        for (name, value) in defaults {
            config.set(*name, *value);
        }
        for (name, value) in &self.properties {
            config.set(name, value.expose_secret());
        }
        for (name, secret) in &self.live {
            config.set(name, secret.now().expose_secret());
        }
        for (name, value) in fixed {
            config.set(*name, *value);
        }
        config.set("bootstrap.servers", &self.bootstrap_servers);
        config
    }

    /// When a secret was last replaced. A client that was made before must be made anew: librdkafka keeps its passwords.
    fn replaced_at(&self) -> Option<Instant> {
        self.live.iter().filter_map(|(_, secret)| secret.replaced_at()).max()
    }

    /// Checks that librdkafka knows each property and accepts its value; else returns the property and the reason.
    pub fn check(&self) -> Result<(), (String, String)> {
        for (name, value) in &self.properties {
            let alone = ClientConfig::new().set(name, value.expose_secret()).create_native_config().err();
            if let Some(KafkaError::ClientConfig(_, reason, name, _)) = alone {
                return Err((name, reason));
            }
        }
        Ok(())
    }

    /// The same settings without consumer-only properties, so that librdkafka does not warn about them.
    fn without_membership(&self) -> Self {
        let properties = self.properties.iter().filter(|(name, _)| name != "group.instance.id");
        Self { properties: properties.cloned().collect(), ..self.clone() }
    }
}

/// Why Kafka cannot be reached at present.
#[derive(Debug, Default)]
struct KafkaStatus(Mutex<Option<String>>);

impl KafkaStatus {
    fn now(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, problem: Option<String>) {
        let mut now = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match (&*now, &problem) {
            (None, Some(reason)) => tracing::warn!(reason, "Kafka is unavailable"),
            (Some(_), None) => tracing::info!("Kafka is back"),
            (None, None) | (Some(_), Some(_)) => {}
        }
        *now = problem;
    }
}

/// What librdkafka reports when a broker rejects the client: a wrong password, or one of the certificates.
const REFUSALS: [&str; 3] = ["uthentication", "SSL handshake failed", "certificate"];

/// Forwards librdkafka's log to ours. librdkafka repeats itself while brokers are down, so the loss is logged once.
/// Remembers why brokers reject the client, because later errors only report a time-out.
#[derive(Clone, Debug, Default)]
struct Voice(Arc<Mutex<Option<String>>>);

impl Voice {
    fn refusal(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The brokers accept the client again.
    fn forget(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn heard(&self, facility: &str, message: &str) {
        if facility != "FAIL" || !REFUSALS.iter().any(|words| message.contains(words)) {
            return;
        }
        let mut refusal = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // The thread's name precedes the reason.
        let reason = message.split_once("]: ").map_or(message, |(_, reason)| reason);
        if refusal.is_none() {
            tracing::error!(reason, "Kafka refuses us: look at {VARIABLES}");
        }
        *refusal = Some(reason.to_owned());
    }
}

/// The variables that hold the client's credentials.
const VARIABLES: &str = "KAFKA_SECURITY_PROTOCOL, KAFKA_SASL_… and KAFKA_SSL_…";

impl ClientContext for Voice {
    fn log(&self, level: RDKafkaLogLevel, facility: &str, message: &str) {
        self.heard(facility, message);
        log(level, facility, message);
    }

    fn error(&self, error: KafkaError, reason: &str) {
        tracing::debug!(%error, reason, "kafka");
    }
}

fn log(level: RDKafkaLogLevel, facility: &str, message: &str) {
    match level {
        RDKafkaLogLevel::Emerg | RDKafkaLogLevel::Alert | RDKafkaLogLevel::Critical => {
            tracing::error!(facility, message, "librdkafka");
        }
        RDKafkaLogLevel::Error
        | RDKafkaLogLevel::Warning
        | RDKafkaLogLevel::Notice
        | RDKafkaLogLevel::Info
        | RDKafkaLogLevel::Debug => tracing::debug!(facility, message, "librdkafka"),
    }
}
