//! Topic tests: creation, comparison of the settings, and the events of each topic.

use fte::bus::event::decode;
use fte::bus::kafka::{KafkaSettings, TopicPlan, ensure};
use fte::bus::topic::Topic;
use fte::domain::enums::Channel;
use serde_json::Value;

use super::only_conversation;
use crate::support::customers::{Customer, FORGOTTEN, PRICING};
use crate::support::kafka::{Cluster, events, shared};
use crate::support::postgres::{client, fresh_database};
use crate::support::served::Served;
use crate::support::verdict::{all_settled, assert_answered_exactly_once, count, none_left};
use crate::support::wait::LIMIT;

#[tokio::test]
async fn topics_are_created_once_and_never_changed() {
    let cluster = Cluster::start(1).await;
    let settings =
        KafkaSettings { bootstrap_servers: cluster.servers.clone(), properties: vec![], live: vec![] };
    let plan = TopicPlan { partitions: 3, replication: None };

    let first = ensure(&settings, plan, 3).await.unwrap();
    assert_eq!(first.created, Topic::ALL.map(Topic::name));
    assert_eq!(first.differences, Vec::<String>::new());

    let again = ensure(&settings, plan, 3).await.unwrap();
    assert_eq!((again.created, again.differences), (vec![], vec![]));

    let other = ensure(&settings, TopicPlan { partitions: 2, replication: Some(1) }, 3).await.unwrap();
    assert_eq!((other.created.len(), other.differences.len()), (0, Topic::ALL.len()));
    assert!(other.differences[0].contains("has 3 partitions in 1 copies, not 2 in 1"), "{other:?}");
}

#[tokio::test]
async fn every_topic_gets_its_events_and_they_point_to_the_records() {
    let kafka = shared().await;
    let servers = kafka.servers.as_str();
    let url = fresh_database().await;
    let served = Served::start(&url, &[("KAFKA_BOOTSTRAP_SERVERS", servers)]).await;
    let ann = Customer::of(&served.base);
    let ticket = ann.submit("ann@example.com", "1", FORGOTTEN).await.ticket();
    ann.replied(&ticket, 1, LIMIT).await;
    let second = ann.follow_up(&ticket, "2", PRICING).await.get("message_id");
    ann.replied(&ticket, 2, LIMIT).await;
    let conversation = only_conversation(&client(&url).await).await;
    none_left(&url, "select count(*) from outbox", LIMIT).await;

    let of_ours = |topic: Topic| of_conversation(servers, topic, &conversation);
    let inbound = of_ours(Topic::Inbound(Channel::WebForm));
    assert_eq!(each(&inbound, "seq"), [1, 3]);
    assert_eq!(inbound[1]["message_id"], *second);
    assert_eq!(each(&of_ours(Topic::Outbound(Channel::WebForm)), "kind"), ["message", "acknowledgement"]);
    assert_eq!(each(&of_ours(Topic::Escalations), "reason"), ["pricing"]);
    assert_eq!(each(&of_ours(Topic::Metrics), "outcome"), ["answer", "escalate"]);
    assert!(of_ours(Topic::TicketsIncoming).len() >= 2);
    for topic in Topic::ALL {
        let said = Value::from(events(servers, topic.name())).to_string();
        assert!(!said.contains("password"), "events hold no customer text: {said}");
    }
    all_settled(&url, LIMIT).await;
    assert_answered_exactly_once(&url).await;
    served.terminate().await;
}

/// The events of one conversation; each must match its documented schema.
pub fn of_conversation(servers: &str, topic: Topic, conversation: &str) -> Vec<Value> {
    let found = events(servers, topic.name()).into_iter();
    let ours: Vec<Value> = found.filter(|event| event["conversation_id"] == *conversation).collect();
    for event in &ours {
        decode(topic, event.to_string().as_bytes()).unwrap();
    }
    ours
}

pub fn each(events: &[Value], member: &str) -> Vec<Value> {
    events.iter().map(|event| event[member].clone()).collect()
}

#[tokio::test]
async fn a_parked_message_is_in_the_topic_of_dead_letters() {
    let kafka = shared().await;
    let servers = kafka.servers.as_str();
    let url = fresh_database().await;
    let database = client(&url).await;
    let served = Served::start(&url, &[("KAFKA_BOOTSTRAP_SERVERS", servers)]).await;
    // The state of a conversation whose turns have crashed three times.
    database
        .batch_execute("create function fail_often() returns trigger language plpgsql as $$ begin new.faults := 3; return new; end $$;
                        create trigger fail_often before insert on conversations for each row execute function fail_often()")
        .await
        .unwrap();
    let ann = Customer::of(&served.base);
    let ticket = ann.submit("ann@example.com", "1", FORGOTTEN).await.ticket();
    ann.replied(&ticket, 1, LIMIT).await;
    none_left(&url, "select count(*) from outbox", LIMIT).await;
    let record: String = database.query_one("select id::text from dead_letters", &[]).await.unwrap().get(0);
    let found = events(servers, Topic::DeadLetters.name());
    assert!(found.iter().any(|event| event["dead_letter_id"] == *record), "{found:?}");
    served.terminate().await;
}

#[tokio::test]
async fn without_kafka_no_integration_event_is_written() {
    let url = fresh_database().await;
    let database = client(&url).await;
    database
        .batch_execute("create table seen (topic text);
                        create function see() returns trigger language plpgsql as $$ begin insert into seen values (new.topic); return new; end $$;
                        create trigger see before insert on outbox for each row execute function see()")
        .await
        .unwrap();
    let served = Served::start(&url, &[]).await;
    let ann = Customer::of(&served.base);
    let ticket = ann.submit("ann@example.com", "1", PRICING).await.ticket();
    ann.replied(&ticket, 1, LIMIT).await;
    assert_eq!(count(&database, "select count(*) from seen where topic = 'fte.tickets.incoming'").await, 1);
    assert_eq!(count(&database, "select count(*) from seen where topic <> 'fte.tickets.incoming'").await, 0);
}
