//! Kafka wiring at start: topics, log, consumer group, and a store that emits events.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;

use super::start;
use crate::actors::supervisor::Bus;
use crate::bus::kafka::{self, KafkaGroup, KafkaLog, KafkaSettings};
use crate::config::{Config, KafkaConfig};
use crate::crm::connect::{ConnectError, Connector};
use crate::crm::postgres::{EVENTS_FOR_OTHERS, PgStore, WITH_EVENTS};

/// Pause between attempts to create topics while Kafka is down.
const TOPICS_PAUSE: Duration = Duration::from_secs(2);
/// Variables whose values may be in files, with their properties.
const FILE_PROPERTIES: [(&str, &str); 2] =
    [("KAFKA_SASL_PASSWORD", "sasl.password"), ("KAFKA_SSL_KEY_PASSWORD", "ssl.key.password")];

/// The store; with Kafka it emits events for other teams too.
pub fn store(config: &Config, connector: &Connector) -> Result<PgStore, ConnectError> {
    match &config.kafka.settings {
        Some(_) => PgStore::new(&connector.with_settings(&[WITH_EVENTS])),
        None => PgStore::new(connector),
    }
}

/// The store for a command beside the servers: with Kafka it writes events, and the servers' relays publish them.
pub fn store_beside(config: &Config, connector: &Connector) -> Result<PgStore, ConnectError> {
    match &config.kafka.settings {
        Some(_) => PgStore::new(&connector.with_settings(&[EVENTS_FOR_OTHERS])),
        None => PgStore::new(connector),
    }
}

/// The log between processes, if Kafka is configured.
pub fn bus(config: &Config) -> anyhow::Result<Option<Bus>> {
    let Some(settings) = &config.kafka.settings else {
        return Ok(None);
    };
    let settings = with_live_secrets(config, settings);
    let log = KafkaLog::new(&settings).context("could not make a Kafka producer")?;
    Ok(Some(Bus { log: Arc::new(log), group: Arc::new(KafkaGroup::new(&settings)) }))
}

fn with_live_secrets(config: &Config, settings: &KafkaSettings) -> KafkaSettings {
    let live = FILE_PROPERTIES.into_iter().filter_map(|(variable, property)| {
        Some((property.to_owned(), config.live_secrets.in_file(variable)?))
    });
    KafkaSettings { live: live.collect(), ..settings.clone() }
}

/// Whether the brokers answer and have the topics; `None` if Kafka is not configured. Creates nothing.
pub async fn check(config: &Config) -> Option<Result<String, String>> {
    let settings = config.kafka.settings.as_ref()?;
    Some(match kafka::look(settings, config.kafka.topics).await {
        Ok(findings) if findings.is_empty() => Ok("the brokers answer and have every topic".to_owned()),
        Ok(findings) => Err(findings.join("; ")),
        Err(error) => Err(error.to_string()),
    })
}

/// Creates missing topics. Without Kafka the program serves all the same, and keeps trying.
pub async fn ensure_topics(config: &Config) {
    let settings = config.kafka.settings.as_ref().map(|settings| with_live_secrets(config, settings));
    let kafka = KafkaConfig { settings, topics: config.kafka.topics };
    if let Err(error) = create_topics(&kafka).await {
        tracing::warn!(error = format!("{error:#}"), "serving without Kafka for now");
        actix::spawn(async move {
            while create_topics(&kafka).await.is_err() {
                tokio::time::sleep(TOPICS_PAUSE).await;
            }
        });
    }
}

async fn create_topics(kafka: &KafkaConfig) -> anyhow::Result<()> {
    let created = start::topics(kafka, 1).await?;
    if !created.is_empty() {
        tracing::info!(created = created.join(", "), "created topics");
    }
    Ok(())
}
