//! Graceful shutdown with Kafka: on SIGTERM to one process its running turns finish before others get its partitions.

use std::time::Duration;

use fte::fakes::openai::{Act, Asked, FakeOpenai, Script, named};
use futures_util::future::join_all;
use rustix::process::Signal;

use crate::support::customers::{Customer, FORGOTTEN};
use crate::support::kafka::{all_share, shared};
use crate::support::postgres::{client, fresh_database};
use crate::support::served::Served;
use crate::support::verdict::{all_settled, assert_answered_exactly_once, count};
use crate::support::wait::{LIMIT, reaches};

/// Longer than the group needs to reassign the partitions of a member that left.
const THINKING: Duration = Duration::from_secs(6);
const CUSTOMERS: usize = 12;
/// The grace period of an orchestrator.
const DRAINED_TIMEOUT: Duration = Duration::from_secs(30);

/// A well-behaved model that is slow.
fn slow() -> impl Script {
    let grounded = named("grounded").unwrap();
    move |asked: &Asked| Act { after: THINKING, ..grounded.act(asked) }
}

#[tokio::test]
async fn a_turn_that_runs_at_a_drain_is_finished_and_not_begun_again_elsewhere() {
    let kafka = shared().await;
    let (url, fake) = (fresh_database().await, FakeOpenai::start(slow()).unwrap());
    let base = fake.base_url();
    let variables = [
        ("KAFKA_BOOTSTRAP_SERVERS", kafka.servers.as_str()),
        ("OPENAI_API_KEY", "sk-test"),
        ("OPENAI_BASE_URL", base.as_str()),
    ];
    let (mut leaving, staying) = Served::start_two(&url, &variables).await;
    all_share(&[&leaving, &staying]).await;
    let everybody = Customer::of(&staying.base);
    join_all((0..CUSTOMERS).map(async |n| {
        everybody.submit(&format!("customer-{n}@example.com"), &n.to_string(), FORGOTTEN).await
    }))
    .await;
    reaches("questions asked", CUSTOMERS, async || fake.ledger().chats().len()).await;

    leaving.send(Signal::TERM);
    let (status, took) = leaving.ended().await;

    assert_eq!(status.code(), Some(0));
    assert!(took < DRAINED_TIMEOUT, "{took:?}");
    all_settled(&url, LIMIT).await;
    let owners = "select count(distinct owner) from turns where outcome is not null";
    assert_eq!(count(&client(&url).await, owners).await, 2, "both had turns to finish");
    assert_eq!(fake.ledger().chats().len(), CUSTOMERS, "each question was asked once");
    assert_answered_exactly_once(&url).await;
    staying.terminate().await;
}
