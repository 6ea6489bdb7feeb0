//! Tests of events written outside of a server's turns: by a command, by a timer, by a provider's callback.

use fte::bus::topic::Topic;
use fte::domain::enums::Channel;
use serde_json::Value;

use super::only_conversation;
use super::topics::{each, of_conversation};
use crate::operations::commands::fte_with;
use crate::support::customers::{Customer, FORGOTTEN};
use crate::support::kafka::shared;
use crate::support::postgres::{client, fresh_database};
use crate::support::served::Served;
use crate::support::verdict::{all_settled, count, none_left};
use crate::support::wait::LIMIT;

const OUTBOX: &str = "select count(*) from outbox";

#[tokio::test]
async fn messages_of_the_chat_command_are_published_to_the_topics() {
    let kafka = shared().await;
    let servers = kafka.servers.as_str();
    let url = fresh_database().await;
    let variables = [("KAFKA_BOOTSTRAP_SERVERS", servers)];
    let arguments = ["chat", "--as", "ann@example.com", "--json"];

    // Without a running server the events stay in the outbox; the chat itself neither needs a server nor parks them.
    let chat = fte_with(&url, &arguments, &format!("{FORGOTTEN}\n"), &variables).await;
    assert_eq!(chat.status.code(), Some(0), "{}", String::from_utf8_lossy(&chat.stderr));
    let database = client(&url).await;
    assert_eq!(count(&database, "select count(*) from outbox where parked_reason is not null").await, 0);
    assert_eq!(count(&database, OUTBOX).await, 3, "message, reply, metrics");
    let conversation = only_conversation(&database).await;
    let served = Served::start(&url, &variables).await;
    none_left(&url, OUTBOX, LIMIT).await;

    let of_it = |topic| of_conversation(servers, topic, &conversation);
    assert_eq!(each(&of_it(Topic::Inbound(Channel::WebForm)), "seq"), [1]);
    assert_eq!(each(&of_it(Topic::Outbound(Channel::WebForm)), "kind"), ["message"]);
    assert_eq!(each(&of_it(Topic::Metrics), "outcome"), ["answer"]);
    served.terminate().await;
}

#[tokio::test]
async fn an_acknowledgement_of_a_delay_is_in_the_topic_of_its_channel() {
    let kafka = shared().await;
    let servers = kafka.servers.as_str();
    let url = fresh_database().await;
    let variables =
        [("KAFKA_BOOTSTRAP_SERVERS", servers), ("AGENT_POOL_SIZE", "0"), ("DELAY_ACK_SECONDS", "1")];
    let served = Served::start(&url, &variables).await;
    let ann = Customer::of(&served.base);
    let ticket = ann.submit("ann@example.com", "1", FORGOTTEN).await.ticket();
    ann.replied(&ticket, 1, LIMIT).await;
    none_left(&url, OUTBOX, LIMIT).await;

    let conversation = only_conversation(&client(&url).await).await;
    let outbound = of_conversation(servers, Topic::Outbound(Channel::WebForm), &conversation);
    assert_eq!(each(&outbound, "kind"), ["acknowledgement"]);
    assert_eq!(outbound[0]["turn_id"], Value::Null);
    ann.put("/ops/pool", &serde_json::json!({"size": 4})).await.unwrap();
    all_settled(&url, LIMIT).await;
    served.terminate().await;
}

/// The state after a provider reported that a message was not delivered.
#[tokio::test]
async fn an_undelivered_reply_is_in_the_topic_of_escalations() {
    let kafka = shared().await;
    let servers = kafka.servers.as_str();
    let url = fresh_database().await;
    let served = Served::start(&url, &[("KAFKA_BOOTSTRAP_SERVERS", servers)]).await;
    let ann = Customer::of(&served.base);
    let ticket = ann.submit("ann@example.com", "1", FORGOTTEN).await.ticket();
    ann.replied(&ticket, 1, LIMIT).await;
    let database = client(&url).await;
    let conversation = only_conversation(&database).await;
    let failed = format!(
        "set fte.events = 'on'; select hand_failure_to_staff('{conversation}', 'web_form', 'rejected', '30008 unknown error')"
    );
    database.batch_execute(&failed).await.unwrap();
    none_left(&url, OUTBOX, LIMIT).await;
    assert_eq!(each(&of_conversation(servers, Topic::Escalations, &conversation), "reason"), ["failure"]);
    served.terminate().await;
}
