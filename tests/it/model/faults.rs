//! Fault-injection test of the model service: a third of all calls fail, in ten ways; every message is answered, or
//! escalated to staff, in time.
//!
//! `FTE_TEST_FAULT_MESSAGES` sets the number of messages, 100 if unset; `FTE_TEST_FAULT_TIMEOUT` the provider's
//! time-out in seconds, 2 if unset.

use fte::fakes::openai::{FakeFault, FakeOpenai, FaultInjection, named};
use futures_util::future::join_all;

use super::served::serve;
use crate::support::customers::{Customer, FORGOTTEN};
use crate::support::postgres::{client, fresh_database};
use crate::support::process::argument;
use crate::support::verdict::{all_settled, assert_answered_exactly_once, count};
use crate::support::wait::LIMIT;

#[tokio::test]
async fn with_thirty_percent_faults_every_message_is_resolved_within_two_minutes() {
    let messages = argument("FTE_TEST_FAULT_MESSAGES").map_or(100, |count| count.parse().unwrap());
    let timeout = argument("FTE_TEST_FAULT_TIMEOUT").unwrap_or_else(|| "2".to_owned());
    let faults = FaultInjection {
        percent: 30,
        kinds: FakeFault::ALL.to_vec(),
        seed: 7,
        script: named("grounded").unwrap(),
    };
    let (url, fake) = (fresh_database().await, FakeOpenai::start(faults).unwrap());
    let served = serve(&url, &fake, &[("OPENAI_TIMEOUT_SECONDS", &timeout)]).await;
    let everybody = Customer::of(&served.base);
    join_all((0..messages).map(async |n: usize| {
        everybody.submit(&format!("customer-{n}@example.com"), &n.to_string(), FORGOTTEN).await;
    }))
    .await;
    all_settled(&url, LIMIT).await;
    assert_answered_exactly_once(&url).await;

    let database = client(&url).await;
    let slowest = "select (1000 * extract(epoch from max(r.created_at - m.created_at)))::bigint
                   from messages m join messages r on r.turn_id = m.answered_by where m.direction = 'inbound'";
    let slowest = count(&database, slowest).await;
    assert!(slowest < 120_000, "the slowest answer took {slowest} ms");
    let answered = count(&database, "select count(*) from turns where outcome = 'answer'").await;
    let escalated = count(&database, "select count(*) from turns where outcome = 'escalate'").await;
    assert_eq!(usize::try_from(answered + escalated), Ok(messages));
    assert!(answered * 10 >= (answered + escalated) * 9, "{answered} answered, {escalated} escalated");
    println!(
        "{messages} messages: {answered} answered, {escalated} escalated, the slowest after {slowest} ms, {} calls",
        fake.ledger().chats().len()
    );
}
