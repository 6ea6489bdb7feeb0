//! Graceful shutdown on SIGTERM: accepted messages are stored, running turns finish, other processes continue the rest.

use std::time::Duration;

use fte::clock;
use futures_util::future::{join, join_all};
use rustix::process::Signal;
use tokio::net::TcpStream;
use tokio_postgres::Client;

use crate::support::customers::{CurrentUrl, Customer, FORGOTTEN};
use crate::support::load::{Load, assert_all_stored, load};
use crate::support::postgres::{client, fresh_database};
use crate::support::served::Served;
use crate::support::verdict::{all_settled, assert_answered_exactly_once, count, none_left};
use crate::support::wait::{LIMIT, becomes, eventually};

/// A drain ends well before an orchestrator kills the container.
const STOPPED_TIMEOUT: Duration = Duration::from_secs(30);

#[tokio::test]
async fn a_drain_under_load_ends_cleanly_and_loses_nothing() {
    let url = fresh_database().await;
    let first = Served::start(&url, &[]).await;
    let endpoint = CurrentUrl::at(&first.base);
    let rolling = async {
        let written = "select greatest(100 - count(*), 0) from messages where direction = 'inbound'";
        none_left(&url, written, LIMIT).await;
        let (status, took) = first.terminate().await;
        assert_eq!(status.code(), Some(0), "after {took:?}");
        assert!(took < STOPPED_TIMEOUT, "{took:?}");
        let second = Served::start(&url, &[]).await;
        endpoint.move_to(&second.base);
        println!("drained in {took:?}");
        second
    };

    let (posts, _second) = join(load(&endpoint, 500, Load::Mixed), rolling).await;

    all_settled(&url, LIMIT).await;
    assert_answered_exactly_once(&url).await;
    assert_all_stored(&url, &posts, "drain").await;
}

#[tokio::test]
async fn posts_in_flight_at_a_drain_are_answered_and_new_connections_are_refused() {
    let url = fresh_database().await;
    let mut served = Served::start(&url, &[]).await;
    let everybody = Customer::of(&served.base);
    let keeper = client(&url).await;
    lock(&keeper, "messages").await;

    let keys: Vec<String> = (0..50).map(|n| n.to_string()).collect();
    let posts = join_all(keys.iter().map(|key| everybody.submit_once("ann@example.com", key, FORGOTTEN)));
    let drain = async {
        someone_waits(&url).await;
        served.send(Signal::TERM);
        let listens_no_longer =
            async || match TcpStream::connect(served.base.trim_start_matches("http://")).await {
                Ok(_) => Err("it still listens"),
                Err(_) => Ok(()),
            };
        eventually("new connections are refused", LIMIT, listens_no_longer).await;
        keeper.batch_execute("commit").await.unwrap();
    };
    let (posts, ()) = join(posts, drain).await;
    let (status, took) = served.ended().await;

    assert_eq!((status.code(), took < STOPPED_TIMEOUT), (Some(0), true), "{took:?}");
    let statuses: Vec<u16> = posts.into_iter().map(|post| post.unwrap().status().as_u16()).collect();
    assert_eq!(statuses, [201; 50]);
    assert_eq!(count(&client(&url).await, "select count(*) from tickets").await, 50);
    let _next = Served::start(&url, &[]).await;
    all_settled(&url, LIMIT).await;
    assert_answered_exactly_once(&url).await;
}

#[tokio::test]
async fn leases_released_by_a_drain_are_taken_over_at_once() {
    let url = fresh_database().await;
    let (mut leaving, _staying) = Served::start_two(&url, &[("AGENT_POOL_SIZE", "16")]).await;
    let everybody = Customer::of(&leaving.base);
    let keeper = client(&url).await;
    lock(&keeper, "knowledge_base").await;
    let keys: Vec<String> = (0..40).map(|n| n.to_string()).collect();
    join_all(keys.iter().map(|key| everybody.submit("ann@example.com", key, FORGOTTEN))).await;
    none_left(&url, "select count(*) from outbox where lease_until is null", LIMIT).await;

    leaving.send(Signal::TERM);
    let drains = async || leaving.log().contains("draining");
    becomes("the drain has begun", true, drains).await;
    keeper.batch_execute("commit").await.unwrap();
    let released = clock::monotonic();
    let (status, drained) = leaving.ended().await;
    all_settled(&url, LIMIT).await;

    let took = clock::monotonic().duration_since(released);
    println!("drained in {drained:?}, all answered {took:?} after the turns were resumed");
    assert_eq!(status.code(), Some(0));
    assert!(leaving.log().contains("handing back"), "{}", leaving.log());
    assert_eq!(owners(&url).await, 2);
    assert_answered_exactly_once(&url).await;
}

/// Locks a table exclusively until the transaction ends. No statement waits longer than 2 s for the lock.
async fn lock(keeper: &Client, table: &str) {
    keeper.batch_execute(&format!("begin; lock table {table} in access exclusive mode")).await.unwrap();
}

/// Waits until a session is blocked on a lock.
async fn someone_waits(url: &str) {
    none_left(url, "select (not exists (select from pg_locks where not granted))::int::bigint", LIMIT).await;
}

/// The number of processes that finished turns.
async fn owners(url: &str) -> i64 {
    count(&client(url).await, "select count(distinct owner) from turns where outcome is not null").await
}
