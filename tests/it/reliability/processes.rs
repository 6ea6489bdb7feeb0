//! Process failure tests under load: processes are killed and replaced.

use std::cell::Cell;
use std::time::Duration;

use futures_util::future::{join, join_all};

use crate::support::crowd::{crowd, size};
use crate::support::customers::CurrentUrl;
use crate::support::kafka::{Cluster, shared};
use crate::support::load::assert_all_stored;
use crate::support::postgres::fresh_database;
use crate::support::served::Served;
use crate::support::verdict::{all_settled, assert_answered_exactly_once};
use crate::support::wait::{LIMIT, pause};

/// The grace period of an orchestrator.
const DRAINED_TIMEOUT: Duration = Duration::from_secs(30);
const WORKER: &str = "agent,delivery,desk";

/// `FTE_TEST_CUSTOMERS` customers with `FTE_TEST_MESSAGES` messages each, and at least `FTE_TEST_KILLS` kills, one
/// every `FTE_TEST_KILL_SECONDS`.
#[tokio::test]
async fn workers_killed_one_after_the_other_lose_no_answer() {
    let kafka = Cluster::start(1).await;
    let url = fresh_database().await;
    let variables = [("KAFKA_BOOTSTRAP_SERVERS", kafka.servers.as_str())];
    let mut served = Served::start_roles(&url, &["intake", WORKER, WORKER, WORKER], &variables).await;
    let intake = served.remove(0);
    let endpoint = CurrentUrl::at(&intake.base);
    let kills = Cell::new(0);
    let wanted = size("FTE_TEST_KILLS", 2);
    let every = Duration::from_secs(u64::try_from(size("FTE_TEST_KILL_SECONDS", 5)).unwrap());
    let sent = Cell::new(false);
    let killing = async {
        while !sent.get() || kills.get() < wanted {
            pause("from one kill to the next", every).await;
            let place = served.remove(0).killed().await;
            kills.set(kills.get() + 1);
            served.push(Served::start_with(place, &url, &["--roles", WORKER], &variables).await);
        }
    };
    let writing = async {
        let (customers, each) = (size("FTE_TEST_CUSTOMERS", 20), size("FTE_TEST_MESSAGES", 10));
        let posts = crowd(&endpoint, customers, each, || kills.get() < wanted).await;
        sent.set(true);
        posts
    };
    let (posts, ()) = join(writing, killing).await;

    let settled = all_settled(&url, LIMIT).await;
    println!(
        "{} messages, {} workers killed, all answered {settled:?} after the last kill",
        posts.len(),
        kills.get()
    );
    assert_answered_exactly_once(&url).await;
    assert_all_stored(&url, &posts, "kills").await;
}

/// `FTE_TEST_CUSTOMERS` customers with `FTE_TEST_MESSAGES` messages each, while `FTE_TEST_REPLACED` processes are
/// replaced.
#[tokio::test]
async fn a_rolling_restart_fails_no_request() {
    let kafka = shared().await;
    let url = fresh_database().await;
    let variables = [("KAFKA_BOOTSTRAP_SERVERS", kafka.servers.as_str())];
    let (one, two) = Served::start_two(&url, &variables).await;
    let endpoint = CurrentUrl::at(&one.base);
    let replaced = Cell::new(0);
    let wanted = size("FTE_TEST_REPLACED", 2);
    let rolling = async {
        let mut serving = vec![two, one];
        let mut slowest = Duration::ZERO;
        while replaced.get() < wanted {
            pause("customers write for a while", Duration::from_secs(2)).await;
            // As a load balancer does: first no new requests, then SIGTERM.
            endpoint.move_to(&serving[0].base);
            endpoint.left(&serving[1].base).await;
            let (status, took, place) = serving.remove(1).terminated().await;
            assert_eq!(status.code(), Some(0));
            assert!(took < DRAINED_TIMEOUT, "{took:?}");
            slowest = slowest.max(took);
            serving.insert(0, Served::start_with(place, &url, &[], &variables).await);
            replaced.set(replaced.get() + 1);
        }
        (serving, slowest)
    };
    let (customers, each) = (size("FTE_TEST_CUSTOMERS", 20), size("FTE_TEST_MESSAGES", 10));
    let writing = crowd(&endpoint, customers, each, || replaced.get() < wanted);
    let (posts, (serving, slowest)) = join(writing, rolling).await;

    all_settled(&url, LIMIT).await;
    println!("{} messages, {wanted} processes replaced, drained within {slowest:?}", posts.len());
    let repeated = posts.iter().filter(|post| post.accepted.tries > 1).count();
    assert_eq!(repeated, 0, "requests failed");
    assert_answered_exactly_once(&url).await;
    assert_all_stored(&url, &posts, "rolling").await;
    join_all(serving.into_iter().map(Served::terminate)).await;
}
