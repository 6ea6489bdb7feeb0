//! Supervision tests: a panic in any actor is caught, counted and recovered; the process continues, nothing is lost or
//! answered twice.

use std::time::Duration;

use futures_util::future::join_all;
use futures_util::stream::{self, StreamExt};

use crate::support::customers::{Accepted, Customer, FORGOTTEN, PRICING};
use crate::support::postgres::{client, fresh_database};
use crate::support::served::Served;
use crate::support::verdict::{all_settled, assert_answered_exactly_once, count};
use crate::support::wait::{LIMIT, becomes, pause};

/// Messages sent during the panic.
const MESSAGES: usize = 60;

/// Cases tested in parallel: a panic that loses work mostly waits for leases to expire.
const AT_ONCE: usize = 2;

/// The failpoint, the hit at which it panics, and the actor that counts the panic. A slow machine may store, finish and
/// hand on everything in one or two batches, so that those panic at the first.
const CASES: &[(&str, &str)] = &[
    ("intake.received:20", "intake"),
    ("crm.store.before:1", "crm"),
    ("crm.store.committed:1", "crm"),
    ("crm.finish.committed:1", "crm"),
    ("relay.leased:1", "relay"),
    ("relay.handed:1", "relay"),
    ("pool.taken:3", "pool"),
    ("turn.begun:10", "conversation"),
    ("turn.modelled:10", "turn"),
    ("turn.recorded:10", "turn"),
    ("turn.finish.before:10", "turn"),
    ("delivery.before:2", "delivery"),
];

#[tokio::test]
async fn a_panic_on_a_message_s_path_is_counted_and_every_message_is_answered_once() {
    stream::iter(CASES)
        .for_each_concurrent(AT_ONCE, async |(point, actor)| {
            let url = fresh_database().await;
            let mut served =
                Served::start(&url, &[("FTE_PANICPOINT", point), ("AGENT_POOL_IDLE", "0")]).await;
            let everybody = Customer::of(&served.base);

            let accepted = write(&everybody, MESSAGES).await;

            let took = all_settled(&url, LIMIT).await;
            assert_answered_exactly_once(&url).await;
            let stored =
                count(&client(&url).await, "select count(*) from messages where direction = 'inbound'").await;
            assert_eq!(usize::try_from(stored), Ok(accepted.len()), "{point}");
            assert!(served.is_alive(), "{point}: {}", served.log());
            assert_eq!(panics(&everybody, actor).await, 1, "{point}: {}", served.log());
            assert_eq!(everybody.get("/health/ready").await.unwrap().status(), 200, "{point}");
            assert_nothing_is_left_in_memory(&everybody, point).await;
            println!("{point}: all answered after {:.1} s", took.as_secs_f64());
        })
        .await;
}

#[tokio::test]
async fn a_panic_of_the_sweeper_only_delays_work() {
    let url = fresh_database().await;
    let doomed = Served::start(&url, &[("AGENT_POOL_SIZE", "0")]).await;
    write(&Customer::of(&doomed.base), 20).await;
    doomed.kill9().await;
    // The state after a crash that lost the process's memory after the outbox was emptied.
    client(&url).await.batch_execute("delete from outbox").await.unwrap();

    let mut served = Served::start(&url, &[("FTE_PANICPOINT", "sweeper.swept")]).await;
    let everybody = Customer::of(&served.base);

    all_settled(&url, LIMIT).await;
    assert_answered_exactly_once(&url).await;
    assert!(served.is_alive());
    assert_eq!(panics(&everybody, "sweeper").await, 1, "{}", served.log());
}

#[tokio::test]
async fn a_panic_of_the_supervisor_loses_one_report() {
    let served = Served::start(&fresh_database().await, &[("FTE_PANICPOINT", "supervisor.asked:2")]).await;
    let probe = Customer::of(&served.base);
    let report = async || probe.get("/health/ready").await.unwrap().status().as_u16();
    assert_eq!([report().await, report().await], [200, 503]);
    // The worker is restarted after a delay.
    becomes("the report of the new worker", 200, report).await;
    assert_eq!(panics(&probe, "supervisor").await, 1, "{}", served.log());
}

/// Sends questions for the documents and for staff, all at once; each is repeated until it is accepted.
async fn write(everybody: &Customer, messages: usize) -> Vec<Accepted> {
    join_all((0..messages).map(async |n| {
        let (email, text) =
            (format!("customer-{n}@example.com"), if n % 4 == 0 { PRICING } else { FORGOTTEN });
        pause("customers write one after the other", Duration::from_millis(u64::try_from(n).unwrap() * 10))
            .await;
        everybody.submit(&email, &n.to_string(), text).await
    }))
    .await
}

/// The number of panics that the program counted for `actor`.
async fn panics(customer: &Customer, actor: &str) -> u64 {
    customer.metric(&format!("fte_actor_panics_total{{actor=\"{actor}\"}}")).await.unwrap_or(0)
}

/// With passivation of idle conversations at once, memory must be empty: a conversation that the pool counted as busy
/// for ever would take capacity from the others.
async fn assert_nothing_is_left_in_memory(customer: &Customer, point: &str) {
    for gauge in ["fte_turns_running", "fte_turns_waiting", "fte_conversations_live"] {
        becomes(&format!("{point}: {gauge}"), Some(0), async || customer.metric(gauge).await).await;
    }
}
