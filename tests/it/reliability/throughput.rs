//! Throughput comparison of Kafka: the same work with and without it, on the same machine, one after the other.

use std::time::Duration;

use futures_util::stream::{self, StreamExt};
use serde_json::json;

use crate::support::crowd::size;
use crate::support::customers::{Customer, FORGOTTEN};
use crate::support::kafka::Cluster;
use crate::support::postgres::{client, fresh_database};
use crate::support::served::Served;
use crate::support::verdict::{all_settled, assert_answered_exactly_once};

const TIMEOUT: Duration = Duration::from_secs(300);
/// The documented minimum.
const RATIO: f64 = 0.7;

/// `FTE_TEST_BACKLOG` messages, each from another customer.
#[tokio::test]
#[ignore = "a measurement, which needs a quiet machine"]
async fn with_kafka_it_answers_at_least_seven_tenths_as_fast() {
    let kafka = Cluster::start(1).await;
    let mut best = [0.0_f64; 2];
    // Alternating, so that a machine that slows down affects both equally.
    for _ in 0..size("FTE_TEST_ROUNDS", 3) {
        for (which, servers) in ["", kafka.servers.as_str()].into_iter().enumerate() {
            let rate = rate(servers).await;
            println!(
                "{}: {rate:.0} messages/s",
                if servers.is_empty() { "in process" } else { "with Kafka" }
            );
            best[which] = best[which].max(rate);
        }
    }
    let ratio = best[1] / best[0];
    println!("with Kafka {:.0}/s, without {:.0}/s: {ratio:.2}", best[1], best[0]);
    assert!(ratio >= RATIO, "{ratio}");
}

/// Messages per second while a backlog is processed, from the begin of the first turn to the end of the last one.
async fn rate(servers: &str) -> f64 {
    let url = fresh_database().await;
    let count = size("FTE_TEST_BACKLOG", 3000);
    let served = Served::start(&url, &[("KAFKA_BOOTSTRAP_SERVERS", servers), ("AGENT_POOL_SIZE", "0")]).await;
    let everybody = Customer::of(&served.base);
    let posts = (0..count).map(|n| {
        let everybody = everybody.clone();
        async move { everybody.submit(&format!("c-{n}@example.com"), &n.to_string(), FORGOTTEN).await }
    });
    stream::iter(posts).buffer_unordered(64).collect::<Vec<_>>().await;
    everybody.put("/ops/pool", &json!({"size": 64})).await.unwrap();
    all_settled(&url, TIMEOUT).await;
    let seconds = "select extract(epoch from max(ended_at) - min(started_at))::float8 from turns";
    let seconds: f64 = client(&url).await.query_one(seconds, &[]).await.unwrap().get(0);
    assert_answered_exactly_once(&url).await;
    served.terminate().await;
    f64::from(u32::try_from(count).unwrap()) / seconds
}
