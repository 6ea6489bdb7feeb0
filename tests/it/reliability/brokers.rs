//! Kafka failure tests under load: crashed brokers, and an outage of the whole cluster.

use std::cell::Cell;
use std::time::Duration;

use fte::bus::topic::Topic;
use fte::clock;
use futures_util::future::join;
use rustix::process::Signal;

use crate::support::crowd::{crowd, size};
use crate::support::customers::CurrentUrl;
use crate::support::kafka::Cluster;
use crate::support::load::assert_all_stored;
use crate::support::postgres::fresh_database;
use crate::support::served::Served;
use crate::support::verdict::{all_settled, assert_answered_exactly_once, none_left};
use crate::support::wait::pause;

/// How long customers go on writing while Kafka starts again.
const STARTING: Duration = Duration::from_secs(15);
/// Thousands of messages may wait after an outage, and other tests use the processors as well.
const RECOVERY: Duration = Duration::from_secs(600);

/// `FTE_TEST_CUSTOMERS` customers with `FTE_TEST_MESSAGES` messages each.
#[tokio::test]
async fn a_leading_broker_of_three_killed_under_load_loses_nothing() {
    let kafka = Cluster::start(3).await;
    let url = fresh_database().await;
    let (one, two) = Served::start_two(&url, &[("KAFKA_BOOTSTRAP_SERVERS", &kafka.servers)]).await;
    let endpoint = CurrentUrl::at(&one.base);
    let killed = Cell::new(false);
    let killing = async {
        pause("customers write for a while", Duration::from_secs(3)).await;
        let leader = kafka.leader(Topic::TicketsIncoming.name(), 0).await;
        kafka.signal(leader, Signal::KILL);
        pause("they go on without the broker", Duration::from_secs(5)).await;
        killed.set(true);
    };
    let (customers, each) = (size("FTE_TEST_CUSTOMERS", 20), size("FTE_TEST_MESSAGES", 10));
    let (posts, ()) = join(crowd(&endpoint, customers, each, || !killed.get()), killing).await;

    none_left(&url, "select count(*) from outbox", RECOVERY).await;
    let settled = all_settled(&url, RECOVERY).await;
    println!("{} messages, one of three brokers killed, all answered {settled:?} after", posts.len());
    assert_answered_exactly_once(&url).await;
    assert_all_stored(&url, &posts, "broker").await;
    drop((one, two));
}

/// The outage takes `FTE_TEST_AWAY_SECONDS`.
#[tokio::test]
async fn a_kafka_outage_loses_no_webhook_and_no_answer() {
    let kafka = Cluster::start(1).await;
    let url = fresh_database().await;
    let served = Served::start(&url, &[("KAFKA_BOOTSTRAP_SERVERS", &kafka.servers)]).await;
    let endpoint = CurrentUrl::at(&served.base);
    let away = Duration::from_secs(u64::try_from(size("FTE_TEST_AWAY_SECONDS", 6)).unwrap());
    let back = Cell::new(false);
    let outage = async {
        pause("customers write for a while", Duration::from_secs(2)).await;
        kafka.signal(1, Signal::KILL);
        pause("Kafka is down", away).await;
        kafka.start_again().await;
        back.set(true);
    };
    // On a slow machine Kafka takes long to start; what customers write meanwhile stays bounded.
    let enough = clock::monotonic() + away + STARTING;
    let write_on = || !back.get() && clock::monotonic() < enough;
    let (posts, ()) = join(crowd(&endpoint, 20, 10, write_on), outage).await;

    none_left(&url, "select count(*) from outbox", RECOVERY).await;
    let settled = all_settled(&url, RECOVERY).await;
    println!(
        "{} messages, Kafka down for {away:?}, all answered {settled:?} after its recovery",
        posts.len()
    );
    let repeated = posts.iter().filter(|post| post.accepted.tries > 1).count();
    assert_eq!(repeated, 0, "webhooks were refused");
    assert_answered_exactly_once(&url).await;
    assert_all_stored(&url, &posts, "outage").await;
}
