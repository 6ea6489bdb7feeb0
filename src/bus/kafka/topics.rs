//! Topic provisioning: creates missing topics, compares existing ones, and never changes them.

use std::time::Duration;

use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, TopicReplication};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::metadata::Metadata;

use super::{KafkaSettings, VARIABLES, Voice};
use crate::bus::topic::Topic;

/// Time-out of a metadata request.
const METADATA_TIMEOUT: Duration = Duration::from_secs(5);
const CREATED_TIMEOUT: Duration = Duration::from_secs(30);
/// Replication factor when there are enough brokers (FACTS.md, Kafka).
const REPLICATION_WANTED: i32 = 3;

/// The wanted configuration of the topics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TopicPlan {
    pub partitions: i32,
    /// `None` means three, or the number of brokers if there are fewer.
    pub replication: Option<i32>,
}

#[derive(Debug, thiserror::Error)]
pub enum TopicError {
    #[error("could not reach Kafka (KAFKA_BOOTSTRAP_SERVERS)")]
    Unavailable(#[source] KafkaError),
    #[error("Kafka refuses us: {0} (look at {VARIABLES})")]
    Refused(String),
    #[error("could not create the topic {name}: {code}")]
    NotCreated { name: String, code: RDKafkaErrorCode },
}

/// The program's topics as found on the brokers.
#[derive(Debug, Default)]
pub struct Ensured {
    pub created: Vec<&'static str>,
    /// How existing topics differ from the wanted configuration; they are left unchanged.
    pub differences: Vec<String>,
}

/// Creates the missing topics and compares the others. Several processes may do this at once. Brokers that start at the
/// same time may need a while, so the request is retried a limited number of times.
pub async fn ensure(settings: &KafkaSettings, plan: TopicPlan, tries: u32) -> Result<Ensured, TopicError> {
    let settings = settings.without_membership();
    let voice = Voice::default();
    let unavailable = |error| voice.refusal().map_or(TopicError::Unavailable(error), TopicError::Refused);
    let admin: AdminClient<Voice> =
        settings.client(&[], &[]).create_with_context(voice.clone()).map_err(unavailable)?;
    let asked =
        tokio::task::spawn_blocking(move || metadata(&admin, tries).map(|found| (admin, found))).await;
    let (admin, found) = asked
        .map_err(|error| TopicError::Unavailable(KafkaError::ClientCreation(error.to_string())))?
        .map_err(unavailable)?;
    let brokers = i32::try_from(found.brokers().len()).unwrap_or(i32::MAX);
    let replication = plan.replication.unwrap_or(REPLICATION_WANTED.min(brokers));
    let is_missing = |topic: &Topic| found.topics().iter().all(|known| known.name() != topic.name());
    let missing: Vec<Topic> = Topic::ALL.into_iter().filter(is_missing).collect();
    let mut ensured = Ensured { created: vec![], differences: differences(&found, plan, replication) };
    let new: Vec<NewTopic<'_>> = missing
        .iter()
        .map(|topic| NewTopic::new(topic.name(), plan.partitions, TopicReplication::Fixed(replication)))
        .map(|topic| if replication >= 3 { topic.set("min.insync.replicas", "2") } else { topic })
        .collect();
    if new.is_empty() {
        return Ok(ensured);
    }
    let options = AdminOptions::new().operation_timeout(Some(CREATED_TIMEOUT));
    let results = admin.create_topics(&new, &options).await.map_err(unavailable)?;
    for (topic, result) in missing.iter().zip(results) {
        match result {
            Ok(_) => ensured.created.push(topic.name()),
            // Another process created it first.
            Err((_, RDKafkaErrorCode::TopicAlreadyExists)) => {}
            Err((name, code)) => return Err(TopicError::NotCreated { name, code }),
        }
    }
    Ok(ensured)
}

/// What the brokers have, in words: missing topics, and those that differ from the plan. Creates nothing.
pub async fn look(settings: &KafkaSettings, plan: TopicPlan) -> Result<Vec<String>, TopicError> {
    let settings = settings.without_membership();
    let voice = Voice::default();
    let unavailable = |error| voice.refusal().map_or(TopicError::Unavailable(error), TopicError::Refused);
    let admin: AdminClient<Voice> =
        settings.client(&[], &[]).create_with_context(voice.clone()).map_err(unavailable)?;
    let found = tokio::task::spawn_blocking(move || metadata(&admin, 1))
        .await
        .map_err(|error| TopicError::Unavailable(KafkaError::ClientCreation(error.to_string())))?
        .map_err(unavailable)?;
    let brokers = i32::try_from(found.brokers().len()).unwrap_or(i32::MAX);
    let replication = plan.replication.unwrap_or(REPLICATION_WANTED.min(brokers));
    let is_missing = |topic: &Topic| found.topics().iter().all(|known| known.name() != topic.name());
    let missing =
        Topic::ALL.into_iter().filter(is_missing).map(|topic| format!("{} is missing", topic.name()));
    Ok(missing.chain(differences(&found, plan, replication)).collect())
}

fn metadata(admin: &AdminClient<Voice>, limit: u32) -> Result<Metadata, KafkaError> {
    let mut tries = 0;
    loop {
        tries += 1;
        match admin.inner().fetch_metadata(None, METADATA_TIMEOUT) {
            Err(error) if tries < limit => tracing::warn!(%error, "waiting for Kafka"),
            answer => return answer,
        }
    }
}

fn differences(found: &Metadata, plan: TopicPlan, replication: i32) -> Vec<String> {
    let ours = found.topics().iter().filter(|topic| Topic::by_name(topic.name()).is_some());
    ours.filter_map(|topic| {
        let partitions = i32::try_from(topic.partitions().len()).unwrap_or(i32::MAX);
        let copies = topic.partitions().iter().map(|partition| partition.replicas().len()).min();
        let copies = copies.and_then(|copies| i32::try_from(copies).ok()).unwrap_or(0);
        difference(topic.name(), (partitions, copies), (plan.partitions, replication))
    })
    .collect()
}

/// Describes how a topic's (partitions, replication factor) differ from the planned ones.
fn difference(name: &str, has: (i32, i32), planned: (i32, i32)) -> Option<String> {
    (has != planned).then(|| {
        format!(
            "{name} has {} partitions in {} copies, not {} in {} (KAFKA_TOPIC_PARTITIONS, \
             KAFKA_TOPIC_REPLICATION); it is left as it is",
            has.0, has.1, planned.0, planned.1
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_that_is_not_as_planned_is_named() {
        assert_eq!(difference("fte.dlq", (12, 3), (12, 3)), None);
        let said = difference("fte.dlq", (6, 1), (12, 3)).unwrap();
        assert!(said.starts_with("fte.dlq has 6 partitions in 1 copies, not 12 in 3"), "{said}");
    }
}
