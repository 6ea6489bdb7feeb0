//! Settings of Kafka and its topics.

use std::collections::HashMap;

use secrecy::SecretString;

use super::reader::Reader;
use crate::bus::kafka::{KafkaSettings, OURS, TopicPlan};

/// Upper bound of processes that take turns at once: a process without a partition is idle.
const PARTITIONS: i32 = 12;
/// `KAFKA_…` variables that are not librdkafka's.
const NOT_PASSED: [&str; 6] = [
    "KAFKA_BOOTSTRAP_SERVERS",
    "KAFKA_NODES",
    "KAFKA_SASL_PASSWORD_FILE",
    "KAFKA_SSL_KEY_PASSWORD_FILE",
    "KAFKA_TOPIC_PARTITIONS",
    "KAFKA_TOPIC_REPLICATION",
];
/// Properties whose values may be in files.
const PASSWORDS: [&str; 2] = ["KAFKA_SASL_PASSWORD", "KAFKA_SSL_KEY_PASSWORD"];

#[derive(Clone, Debug)]
pub struct KafkaConfig {
    /// `None` = work is handed over in process.
    pub settings: Option<KafkaSettings>,
    pub topics: TopicPlan,
}

pub(super) fn read(reader: &mut Reader<'_>, others: &HashMap<String, String>) -> KafkaConfig {
    let servers =
        reader.parse("KAFKA_BOOTSTRAP_SERVERS", "host:port, several separated by commas", |value| {
            value.split(',').all(is_server).then(|| value.to_owned())
        });
    let positive = |value: &str| value.parse().ok().filter(|number| *number > 0);
    let topics = TopicPlan {
        partitions: reader
            .parse("KAFKA_TOPIC_PARTITIONS", "a whole number from 1", positive)
            .unwrap_or(PARTITIONS),
        replication: reader.parse("KAFKA_TOPIC_REPLICATION", "a whole number from 1", positive),
    };
    let mut properties = Vec::new();
    let mut names: Vec<&String> = others.keys().collect();
    names.sort();
    for variable in names {
        let Some(property) = property(variable).filter(|_| !others[variable].trim().is_empty()) else {
            continue;
        };
        if OURS.contains(&property.as_str()) {
            reader.wrong_named(variable, "to be unset: the program itself sets it");
        } else {
            properties.push((property, SecretString::from(others[variable].trim())));
        }
    }
    properties.extend(passwords_in_files(reader));
    let settings =
        servers.map(|bootstrap_servers| KafkaSettings { bootstrap_servers, properties, live: Vec::new() });
    if let Some(settings) = &settings
        && let Err((property, reason)) = settings.check()
    {
        let variable = format!("KAFKA_{}", property.to_uppercase().replace('.', "_"));
        reader.wrong_named(&variable, &format!("what librdkafka takes for `{property}`: {reason}"));
    }
    KafkaConfig { settings, topics }
}

fn passwords_in_files(reader: &mut Reader<'_>) -> Vec<(String, SecretString)> {
    let in_file = |variable: &&str| {
        let is_in_file = reader.given(variable).is_none();
        property(variable).zip(reader.secret(variable)).filter(|_| is_in_file)
    };
    PASSWORDS.iter().filter_map(in_file).collect()
}

/// `KAFKA_SASL_PASSWORD` is `sasl.password`.
fn property(variable: &str) -> Option<String> {
    let name = variable.strip_prefix("KAFKA_").filter(|name| !name.is_empty())?;
    (!NOT_PASSED.contains(&variable)).then(|| name.to_lowercase().replace('_', "."))
}

fn is_server(value: &str) -> bool {
    let parts = value.trim().rsplit_once(':');
    parts.is_some_and(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok_and(|port| port > 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_names_a_property_unless_it_is_our_own() {
        assert_eq!(property("KAFKA_SECURITY_PROTOCOL").as_deref(), Some("security.protocol"));
        for none in ["KAFKA_NODES", "KAFKA_TOPIC_PARTITIONS", "KAFKA_", "AGENT_MODEL"] {
            assert_eq!(property(none), None, "{none}");
        }
    }

    #[test]
    fn a_server_has_a_port() {
        assert!(is_server("127.0.0.1:9092") && is_server(" kafka.example.com:9092"));
        for wrong in ["kafka", ":9092", "kafka:", "kafka:0", "kafka:70000", ""] {
            assert!(!is_server(wrong), "{wrong}");
        }
    }
}
