//! The work between processes: shared, taken over, parked where it can't be read, and kept while Kafka is away.

use std::time::Duration;

use futures_util::future::join;
use rustix::process::Signal;
use serde_json::{Value, json};

use crate::support::customers::{Customer, Door, FORGOTTEN};
use crate::support::kafka::shared;
use crate::support::load::{Load, assert_all_stored, load};
use crate::support::postgres::{client, fresh_database};
use crate::support::served::Served;
use crate::support::verdict::{all_settled, assert_answered_exactly_once, count, none_left};

const SOON: Duration = Duration::from_secs(60);
const BACKLOG: u32 = 320;
const WITHOUT_PAUSE: Duration = Duration::from_secs(8);

#[tokio::test]
async fn two_processes_share_the_work_and_answer_everything_once() {
    let cluster = shared().await;
    let url = fresh_database().await;
    let kafka = [("KAFKA_BOOTSTRAP_SERVERS", cluster.servers.as_str())];
    let (one, two) = Served::start_two(&url, &kafka).await;
    let endpoint = Door::at(&one.base);
    let halfway = async {
        tokio::time::sleep(Duration::from_secs(8)).await;
        endpoint.move_to(&two.base);
    };
    let (posts, ()) = join(load(&endpoint, 600, Load::Mixed), halfway).await;
    all_settled(&url, SOON).await;
    assert_answered_exactly_once(&url).await;
    assert_all_stored(&url, &posts, "shared").await;
    let owners = "select count(distinct owner) from turns where outcome is not null";
    assert_eq!(count(&client(&url).await, owners).await, 2, "both took turns");
    join(one.terminate(), two.terminate()).await;
}

/// Two turns at once have room for eight conversations: the rest comes as room is made, not by somebody's clock.
#[tokio::test]
async fn a_backlog_far_beyond_the_room_is_worked_off_without_a_pause() {
    let kafka = shared().await;
    let url = fresh_database().await;
    let variables = [("KAFKA_BOOTSTRAP_SERVERS", kafka.servers.as_str()), ("AGENT_POOL_SIZE", "0")];
    let served = Served::start(&url, &variables).await;
    let ann = Customer::of(&served.base);
    for n in 0..BACKLOG {
        ann.submit(&format!("customer-{n}@example.com"), &n.to_string(), FORGOTTEN).await;
    }
    ann.put("/ops/pool", &json!({"size": 2})).await.unwrap();
    all_settled(&url, SOON).await;
    // Where each look for room comes from a tick of 250 ms, this takes ten seconds.
    let took = "select extract(epoch from max(ended_at) - min(started_at))::float8 from turns";
    let took: f64 = client(&url).await.query_one(took, &[]).await.unwrap().get(0);
    println!("{BACKLOG} conversations in {took:.1} s, two at once");
    assert!(took < WITHOUT_PAUSE.as_secs_f64(), "{took} s");
    assert_answered_exactly_once(&url).await;
    served.terminate().await;
}

#[tokio::test]
async fn a_poisonous_row_is_parked_and_holds_up_nobody() {
    let kafka = shared().await;
    let url = fresh_database().await;
    let database = client(&url).await;
    for (topic, payload) in [
        ("fte.tickets.incoming", "{\"version\": 7}"),
        ("fte.unknown", "{}"),
        ("fte.channels.email.inbound", "[]"),
    ] {
        let insert = format!(
            "insert into outbox (topic, key, payload) values ('{topic}', gen_random_uuid(), '{payload}')"
        );
        database.batch_execute(&insert).await.unwrap();
    }
    let served = Served::start(&url, &[("KAFKA_BOOTSTRAP_SERVERS", &kafka.servers)]).await;
    let ann = Customer::of(&served.base);
    let ticket = ann.submit("ann@example.com", "1", FORGOTTEN).await.ticket();
    ann.replied(&ticket, 1, SOON).await;
    none_left(&url, "select count(*) from outbox where parked_reason is null", SOON).await;
    assert_eq!(count(&database, "select count(*) from outbox where parked_reason is not null").await, 3);
    served.terminate().await;
}

#[tokio::test]
async fn while_kafka_is_away_messages_are_accepted_and_afterwards_answered() {
    let cluster = shared().await;
    let url = fresh_database().await;
    let served = Served::start(&url, &[("KAFKA_BOOTSTRAP_SERVERS", &cluster.servers)]).await;
    let ann = Customer::of(&served.base);
    let before = ann.submit("ann@example.com", "0", FORGOTTEN).await.ticket();
    ann.replied(&before, 1, SOON).await;

    cluster.signal(1, Signal::STOP);
    let mut tickets = Vec::new();
    for n in 1..=20 {
        let accepted = ann.submit("ann@example.com", &n.to_string(), FORGOTTEN).await;
        assert_eq!(accepted.tries, 1, "accepted at once");
        tickets.push(accepted.ticket());
    }
    kafka_becomes(&ann, "degraded").await;
    assert_eq!(ann.get("/health/ready").await.unwrap().status(), 200, "degraded, not failed");
    let database = client(&url).await;
    assert!(count(&database, "select count(*) from outbox").await >= 20, "it grows visibly");

    cluster.signal(1, Signal::CONT);
    for ticket in tickets {
        ann.replied(&ticket, 1, SOON).await;
    }
    kafka_becomes(&ann, "ok").await;
    none_left(&url, "select count(*) from outbox", SOON).await;
    all_settled(&url, SOON).await;
    assert_answered_exactly_once(&url).await;
    served.terminate().await;
}

async fn kafka_becomes(ann: &Customer, status: &str) {
    for _ in 0..200 {
        let health: Value = ann.get("/health/ready").await.unwrap().json().await.unwrap();
        let check = health["checks"].as_array().unwrap().iter().find(|check| check["name"] == "kafka");
        if check.unwrap()["status"] == status {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the check of Kafka never became {status}");
}
