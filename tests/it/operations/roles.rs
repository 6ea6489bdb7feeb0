//! Process role tests: processes with different roles work together, and operators resize the pool at run time.

use std::time::Duration;

use futures_util::future::join_all;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::customers::{Customer, FORGOTTEN};
use crate::support::kafka::{PARTITIONS, all_share, partitions, shared};
use crate::support::postgres::{client, fresh_database};
use crate::support::served::Served;
use crate::support::verdict::{all_settled, assert_answered_exactly_once, count};
use crate::support::wait::{LIMIT, becomes};

/// Without notifications a process polls every 250 ms for work and every 500 ms for replies: 375 ms per message on
/// average; the average of 20 is below this limit once in 10,000 rounds.
const WOKEN_WITHIN: Duration = Duration::from_millis(225);
const MESSAGES: u32 = 20;
/// A busy machine delays some rounds; a process that gets no notification is late in each of them.
const ROUNDS: u32 = 15;

#[tokio::test]
async fn three_processes_with_one_role_each_notify_one_another() {
    let url = fresh_database().await;
    let served = Served::start_roles(&url, &["intake", "agent", "delivery,desk"], &[]).await;
    let [intake, agent, delivery] = &served[..] else { panic!("three were started") };
    let ann = Customer::of(&intake.base);

    let mut fastest = f64::INFINITY;
    for n in 0..ROUNDS {
        fastest = fastest.min(round(&url, &ann, n).await);
        if fastest < WOKEN_WITHIN.as_secs_f64() {
            break;
        }
    }
    println!("{fastest:.3} s from a message to its reply on the page");
    assert!(fastest < WOKEN_WITHIN.as_secs_f64(), "{fastest} s: no process was notified");
    for (process, roles) in [(intake, "intake"), (agent, "agent"), (delivery, "delivery, desk")] {
        let health = Customer::of(&process.base).json("/health/ready").await;
        let check = health["checks"].as_array().unwrap().iter().find(|check| check["name"] == "roles");
        assert_eq!(check.unwrap()["detail"], roles);
        assert_eq!(Customer::of(&process.base).get("/metrics").await.unwrap().status(), 200);
    }
    let refused = Customer::of(&agent.base).submit_once("ann@example.com", "x", FORGOTTEN).await.unwrap();
    assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
    let refused = ann.put("/ops/pool", &json!({"size": 1})).await.unwrap();
    assert_eq!(refused.status(), StatusCode::CONFLICT);
    all_settled(&url, LIMIT).await;
    assert_answered_exactly_once(&url).await;
}

/// Seconds from a message to its reply on the page, by the database's clock: the average of one round.
async fn round(url: &str, ann: &Customer, number: u32) -> f64 {
    for n in 0..MESSAGES {
        let ticket = ann.submit("ann@example.com", &format!("{number}-{n}"), FORGOTTEN).await.ticket();
        ann.replied(&ticket, 1, LIMIT).await;
    }
    let took = "select extract(epoch from avg(took))::float8 from (
                    select d.updated_at - m.created_at as took
                    from deliveries d join messages r on r.id = d.message_id
                    join messages m on m.answered_by = r.turn_id
                    order by m.created_at desc limit $1) round";
    client(url).await.query_one(took, &[&i64::from(MESSAGES)]).await.unwrap().get(0)
}

#[tokio::test]
async fn an_unknown_role_is_bad_usage() {
    let dir = tempfile::tempdir().unwrap();
    let mut command = crate::support::served::command(&dir);
    let status = command.args(["--roles", "intake,butler"]).status().await.unwrap();
    assert_eq!(status.code(), Some(2));
}

#[tokio::test]
async fn ops_change_the_pool_while_it_runs() {
    let url = fresh_database().await;
    let served = Served::start(&url, &[("AGENT_POOL_SIZE", "0")]).await;
    let ops = Customer::of(&served.base);
    let ticket = ops.submit("ann@example.com", "1", FORGOTTEN).await.ticket();
    // The relay also counts the waiting rows when it checks the capacity, which happens more often.
    becomes("waiting work", Some(1), async || ops.metric("fte_outbox_waiting").await).await;
    assert_eq!(ops.ticket(&ticket).await["messages"].as_array().unwrap().len(), 1, "no turns are taken");
    assert_eq!(ops.json("/ops/pool").await["size"], 0);

    let changed = ops.put("/ops/pool", &json!({"size": 4, "idle": 7})).await.unwrap();
    let view: Value = changed.json().await.unwrap();
    assert_eq!((&view["size"], &view["idle"]), (&json!(4), &json!(7)));
    ops.replied(&ticket, 1, LIMIT).await;

    for (body, status) in [(json!({"size": -1}), 422), (json!({"threads": 1}), 422), (json!({}), 422)] {
        let refused = ops.put("/ops/pool", &body).await.unwrap();
        assert_eq!(refused.status().as_u16(), status, "{body}");
        assert!(!refused.json::<Value>().await.unwrap()["errors"].as_array().unwrap().is_empty());
    }
    let nobody = fte::http_client::builder()
        .build()
        .unwrap()
        .put(format!("{}/ops/pool", served.base))
        .json(&json!({"size": 1}));
    assert_eq!(nobody.send().await.unwrap().status(), StatusCode::UNAUTHORIZED);
    assert_eq!(ops.json("/ops/pool").await["size"], 4);
    let metrics = ops.get("/metrics").await.unwrap().text().await.unwrap();
    for metric in ["fte_pool_size 4", "fte_turns_running", "fte_turns_waiting", "fte_outbox_waiting"] {
        assert!(metrics.contains(metric), "{metric}");
    }
}

#[tokio::test]
async fn a_process_without_capacity_leaves_its_partitions_to_the_others() {
    let kafka = shared().await;
    let url = fresh_database().await;
    let (mut one, two) = Served::start_two(&url, &[("KAFKA_BOOTSTRAP_SERVERS", &kafka.servers)]).await;
    let (idle, ann) = (Customer::of(&one.base), Customer::of(&two.base));
    let first = ann.submit("ann@example.com", "first", FORGOTTEN).await.ticket();
    ann.replied(&first, 1, LIMIT).await;
    all_share(&[&one, &two]).await;

    idle.put("/ops/pool", &json!({"size": 0})).await.unwrap();
    becomes("partitions of the other", PARTITIONS, async || partitions(&two)).await;
    let before: String = client(&url).await.query_one("select now()::text", &[]).await.unwrap().get(0);
    let tickets = join_all((0..40).map(async |n: u32| {
        ann.submit(&format!("customer-{n}@example.com"), &n.to_string(), FORGOTTEN).await.ticket()
    }));
    for ticket in tickets.await {
        ann.replied(&ticket, 1, LIMIT).await;
    }

    let owners =
        format!("select count(distinct owner) from turns where started_at > '{before}'::timestamptz");
    assert_eq!(count(&client(&url).await, &owners).await, 1, "{}", one.log());
    assert!(one.is_alive());
    all_settled(&url, LIMIT).await;
    assert_answered_exactly_once(&url).await;
    join_all([one.terminate(), two.terminate()]).await;
}
