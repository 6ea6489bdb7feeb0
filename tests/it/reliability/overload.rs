//! Overload tests: requests beyond the admission limit are refused at once, accepted messages are stored, nothing
//! deadlocks.

use std::time::Duration;

use fte::clock;
use fte::domain::messages::inquiry::MAX_UNSETTLED;
use futures_util::future::{join, join_all};
use futures_util::stream::{FuturesUnordered, StreamExt};
use reqwest::StatusCode;

use crate::support::customers::{CurrentUrl, Customer, FORGOTTEN, PRICING};
use crate::support::gate::Gate;
use crate::support::load::{Load, assert_all_stored, load};
use crate::support::postgres::{client, fresh_database};
use crate::support::served::Served;
use crate::support::verdict::{all_settled, assert_answered_exactly_once, count};
use crate::support::wait::{LIMIT, completes, pause};

/// Concurrent posts: 1.5 times the admission limit of one channel.
const AT_THE_SAME_TIME: usize = 1536;
/// The admission limit of `Intake`.
const ADMITTED: usize = 1024;
const FLOODS: usize = 3;

#[tokio::test]
async fn a_burst_during_a_database_outage_is_refused_beyond_the_limit_without_deadlock() {
    let url = fresh_database().await;
    let gate = Gate::before(&url).await;
    let served = Served::start(&gate.url, &[("AGENT_POOL_SIZE", "8")]).await;
    let everybody = Customer::of(&served.base);

    for nth in 0..FLOODS {
        flood(&everybody, &gate, nth).await;
    }

    // Refused customers retry; the others get the same response as before.
    for nth in 0..FLOODS {
        join_all((0..AT_THE_SAME_TIME).map(async |n| {
            let key = format!("{nth}-{n}");
            everybody.submit(&email(&key), &key, text(n)).await
        }))
        .await;
    }
    let took = all_settled(&url, 3 * LIMIT).await;
    println!("all answered {took:?} after the last post");
    let stored =
        count(&client(&url).await, "select count(*) from messages where direction = 'inbound'").await;
    assert_eq!(usize::try_from(stored), Ok(FLOODS * AT_THE_SAME_TIME));
    assert_answered_exactly_once(&url).await;
    assert_eq!(everybody.get("/health/ready").await.unwrap().status(), 200);
}

/// One burst against a closed gate, which opens when the excess has been refused.
async fn flood(everybody: &Customer, gate: &Gate, nth: usize) {
    gate.shut();
    let began = clock::monotonic();
    let mut posts: FuturesUnordered<_> = (0..AT_THE_SAME_TIME)
        .map(async |n| {
            let key = format!("{nth}-{n}");
            everybody.submit_once(&email(&key), &key, text(n)).await.unwrap()
        })
        .collect();
    for _ in ADMITTED..AT_THE_SAME_TIME {
        let refused = posts.next().await.unwrap();
        assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert!(refused.headers().contains_key("retry-after"));
    }
    // Refusals and the health check respond although the gate is still closed: neither waits for the database.
    let took = clock::monotonic().duration_since(began);
    let live = completes(LIMIT, everybody.get("/health/live")).await;
    assert_eq!(live.unwrap().unwrap().status(), 200);
    gate.open();
    let admitted: Vec<StatusCode> = posts.map(|post| post.status()).collect().await;
    println!("refused {} in {took:?}", AT_THE_SAME_TIME - ADMITTED);
    assert_eq!(admitted, [StatusCode::CREATED; ADMITTED]);
}

/// Mostly questions that need no search: the burst tests messages, not the documents.
fn text(n: usize) -> &'static str {
    if n.is_multiple_of(8) { FORGOTTEN } else { PRICING }
}

fn email(key: &str) -> String {
    format!("customer-{key}@example.com")
}

#[tokio::test]
async fn connections_closed_under_load_lose_no_answer() {
    let url = fresh_database().await;
    let mut served = Served::start(&url, &[]).await;
    let endpoint = CurrentUrl::at(&served.base);
    let cut = async {
        let database = client(&url).await;
        let mut ended = 0;
        for _ in 0..8 {
            pause("from one cut to the next", Duration::from_millis(150)).await;
            let sessions = "select count(pg_terminate_backend(pid)) from pg_stat_activity
                            where datname = current_database() and application_name = 'fte'";
            ended += count(&database, sessions).await;
        }
        // Customers may stop writing.
        endpoint.move_to(&served.base);
        ended
    };

    let (posts, ended) = join(load(&endpoint, 600, Load::Mixed), cut).await;

    assert!(ended >= 8, "only {ended} connections were closed");
    let took = all_settled(&url, 3 * LIMIT).await;
    println!("{ended} connections closed, {} messages, all answered {took:?} after the last", posts.len());
    assert_answered_exactly_once(&url).await;
    assert_all_stored(&url, &posts, "cut").await;
    assert!(served.is_alive());
    assert_eq!(endpoint.customer().get("/health/ready").await.unwrap().status(), 200);
}

#[tokio::test]
async fn as_many_messages_of_one_conversation_as_may_wait_do_not_block_its_turn() {
    let url = fresh_database().await;
    let [intake] = &Served::start_roles(&url, &["intake"], &[]).await[..] else { panic!("one was started") };
    let ann = Customer::of(&intake.base);
    let ticket = ann.submit("ann@example.com", "first", FORGOTTEN).await.ticket();
    join_all((1..MAX_UNSETTLED).map(async |n| ann.follow_up(&ticket, &n.to_string(), FORGOTTEN).await)).await;

    // The relay finds all of them in the outbox, and submits them to the conversation at once.
    let _served = Served::start(&url, &[]).await;
    all_settled(&url, 3 * LIMIT).await;
    assert_answered_exactly_once(&url).await;
}
