//! The log on a real Apache Kafka, through librdkafka. What carries the guarantee is the outbox and that a turn is
//! fenced, not Kafka's exactly-once: an event may come twice, in any order.

mod consumer;
mod producer;
mod topics;

use std::sync::{Arc, Mutex, PoisonError};

use rdkafka::ClientConfig;
use rdkafka::client::ClientContext;
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::error::KafkaError;
use secrecy::{ExposeSecret, SecretString};

pub use consumer::KafkaGroup;
pub use producer::KafkaLog;
pub use topics::{TopicPlan, ensure};

/// Where Kafka is, and what the operator wants of librdkafka beyond our own settings.
#[derive(Clone, Debug)]
pub struct KafkaSettings {
    /// `KAFKA_BOOTSTRAP_SERVERS`: host:port, separated by commas.
    pub bootstrap_servers: String,
    /// Property and value, from other `KAFKA_…` variables: `KAFKA_SASL_PASSWORD` is `sasl.password`.
    pub properties: Vec<(String, SecretString)>,
}

/// Properties that carry the guarantee, or that have a variable of their own: nobody else sets them.
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
    /// `defaults` may be replaced by the operator, `fixed` may not. A property that only the other kind of client knows is
    /// ignored by librdkafka.
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
        for (name, value) in fixed {
            config.set(*name, *value);
        }
        config.set("bootstrap.servers", &self.bootstrap_servers);
        config
    }

    /// Whether librdkafka knows each property and takes its value; else which it does not, and why.
    pub fn check(&self) -> Result<(), (String, String)> {
        for (name, value) in &self.properties {
            let alone = ClientConfig::new().set(name, value.expose_secret()).create_native_config().err();
            if let Some(KafkaError::ClientConfig(_, reason, name, _)) = alone {
                return Err((name, reason));
            }
        }
        Ok(())
    }

    /// The same without what only consumers know, so that librdkafka does not warn of it.
    fn without_membership(&self) -> Self {
        let properties = self.properties.iter().filter(|(name, _)| name != "group.instance.id");
        Self { bootstrap_servers: self.bootstrap_servers.clone(), properties: properties.cloned().collect() }
    }
}

/// Why Kafka can't be reached at present.
#[derive(Debug, Default)]
struct KafkaStatus(Mutex<Option<String>>);

impl KafkaStatus {
    fn now(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, problem: Option<String>) {
        let mut now = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match (&*now, &problem) {
            (None, Some(reason)) => tracing::warn!(reason, "Kafka is away"),
            (Some(_), None) => tracing::info!("Kafka is back"),
            (None, None) | (Some(_), Some(_)) => {}
        }
        *now = problem;
    }
}

/// What librdkafka says where a broker does not take us: the password is wrong, or one of the certificates.
const REFUSALS: [&str; 3] = ["uthentication", "SSL handshake failed", "certificate"];

/// Sends what librdkafka says to our own log. It repeats itself while brokers are away; the loss as such is logged once.
/// Remembers why brokers refuse us: what else fails then only says that it took too long.
#[derive(Clone, Debug, Default)]
struct Voice(Arc<Mutex<Option<String>>>);

impl Voice {
    fn refusal(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// They take us again.
    fn forget(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn heard(&self, facility: &str, message: &str) {
        if facility != "FAIL" || !REFUSALS.iter().any(|words| message.contains(words)) {
            return;
        }
        let mut refusal = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // The name of a thread stands before it.
        let reason = message.split_once("]: ").map_or(message, |(_, reason)| reason);
        if refusal.is_none() {
            tracing::error!(reason, "Kafka refuses us: look at {VARIABLES}");
        }
        *refusal = Some(reason.to_owned());
    }
}

/// Where an operator says who we are.
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
