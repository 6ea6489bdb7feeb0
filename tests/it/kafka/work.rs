//! Work distribution tests with Kafka: sharing, takeover, dead-lettering of unreadable rows, and back-pressure during
//! an outage.

use std::time::Duration;

use futures_util::future::join;
use rustix::process::Signal;
use serde_json::json;

use crate::support::customers::{CurrentUrl, Customer, FORGOTTEN};
use crate::support::kafka::{all_share, shared};
use crate::support::load::{Load, assert_all_stored, load};
use crate::support::postgres::{client, fresh_database};
use crate::support::served::Served;
use crate::support::verdict::{all_settled, assert_answered_exactly_once, count, none_left};
use crate::support::wait::{LIMIT, becomes};

const BACKLOG: u32 = 320;
/// Half of the delay of a capacity check that only a tick triggers.
const PAUSE: Duration = Duration::from_millis(125);
/// With eight conversations at a time there would be at least this many pauses.
const PAUSES: i64 = 40;

#[tokio::test]
async fn two_processes_share_the_work_and_answer_everything_once() {
    let cluster = shared().await;
    let url = fresh_database().await;
    let kafka = [("KAFKA_BOOTSTRAP_SERVERS", cluster.servers.as_str())];
    let (one, two) = Served::start_two(&url, &kafka).await;
    let endpoint = CurrentUrl::at(&one.base);
    let halfway = async {
        all_share(&[&one, &two]).await;
        // Messages written from now on are shared.
        let written = "select count(*) from messages where direction = 'inbound'";
        let before = count(&client(&url).await, written).await;
        none_left(
            &url,
            &format!("select greatest({before} + 200 - now_written.count, 0) from ({written}) as now_written (count)"),
            LIMIT,
        )
        .await;
        endpoint.move_to(&two.base);
    };
    let (posts, ()) = join(load(&endpoint, 600, Load::Mixed), halfway).await;
    all_settled(&url, LIMIT).await;
    assert_answered_exactly_once(&url).await;
    assert_all_stored(&url, &posts, "shared").await;
    let owners = "select count(distinct owner) from turns where outcome is not null";
    assert_eq!(count(&client(&url).await, owners).await, 2, "both took turns");
    join(one.terminate(), two.terminate()).await;
}

/// Two concurrent turns leave capacity for eight conversations: the rest follows as soon as capacity is free, not at
/// the next tick.
#[tokio::test]
async fn a_backlog_far_beyond_the_capacity_is_processed_without_pauses() {
    let kafka = shared().await;
    let url = fresh_database().await;
    let variables = [("KAFKA_BOOTSTRAP_SERVERS", kafka.servers.as_str()), ("AGENT_POOL_SIZE", "0")];
    let served = Served::start(&url, &variables).await;
    let ann = Customer::of(&served.base);
    for n in 0..BACKLOG {
        ann.submit(&format!("customer-{n}@example.com"), &n.to_string(), FORGOTTEN).await;
    }
    ann.put("/ops/pool", &json!({"size": 2})).await.unwrap();
    all_settled(&url, LIMIT).await;
    // If only a tick of 250 ms triggered each capacity check, no turn would run until the tick. A busy machine prolongs
    // the turns themselves.
    let pauses = format!(
        "select count(*) from (
             select started_at - max(ended_at) over (order by started_at rows between unbounded preceding and 1 preceding)
                    as pause from turns) between_turns
         where pause > interval '{} ms'",
        PAUSE.as_millis()
    );
    let pauses = count(&client(&url).await, &pauses).await;
    println!("{BACKLOG} conversations, two at once, with {pauses} pauses");
    assert!(pauses < PAUSES / 2, "{pauses} pauses");
    assert_answered_exactly_once(&url).await;
    served.terminate().await;
}

#[tokio::test]
async fn a_poison_row_is_dead_lettered_and_blocks_no_other() {
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
    ann.replied(&ticket, 1, LIMIT).await;
    none_left(&url, "select count(*) from outbox where parked_reason is null", LIMIT).await;
    assert_eq!(count(&database, "select count(*) from outbox where parked_reason is not null").await, 3);
    served.terminate().await;
}

#[tokio::test]
async fn during_a_kafka_outage_messages_are_accepted_and_answered_afterwards() {
    let cluster = shared().await;
    let url = fresh_database().await;
    let served = Served::start(&url, &[("KAFKA_BOOTSTRAP_SERVERS", &cluster.servers)]).await;
    let ann = Customer::of(&served.base);
    let before = ann.submit("ann@example.com", "0", FORGOTTEN).await.ticket();
    ann.replied(&before, 1, LIMIT).await;

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
    assert!(
        count(&database, "select count(*) from outbox").await >= 20,
        "the outbox does not show the backlog"
    );

    cluster.signal(1, Signal::CONT);
    for ticket in tickets {
        ann.replied(&ticket, 1, LIMIT).await;
    }
    kafka_becomes(&ann, "ok").await;
    none_left(&url, "select count(*) from outbox", LIMIT).await;
    all_settled(&url, LIMIT).await;
    assert_answered_exactly_once(&url).await;
    served.terminate().await;
}

async fn kafka_becomes(ann: &Customer, status: &str) {
    becomes("the health of Kafka", status.to_owned(), async || ann.check("kafka").await).await;
}
