//! Fault-injection tests of the WhatsApp provider: lost responses, outages, missing webhooks; every message is
//! resolved, none is sent twice.

use std::collections::HashMap;
use std::time::Duration;

use fte::channels::whatsapp::sandbox::{InjectedRefusal, Outage, Reports, SandboxFaults};
use fte::channels::whatsapp::{FeedPace, QUIET};

use super::scale::scaled;
use super::seed;
use crate::support::customers::{Customer, FORGOTTEN};
use crate::support::postgres::{client, fresh_database};
use crate::support::process::argument;
use crate::support::served::Served;
use crate::support::twilio::FakeTwilio;
use crate::support::verdict::{count, none_left};
use crate::support::wait::{LIMIT, becomes, pause, reaches};
use crate::support::whatsapp::form;

/// The length of the provider's outage; `FTE_TEST_OUTAGE_SECONDS` overrides it.
const OUTAGE: Duration = Duration::from_secs(60);
const UNSETTLED: &str = "select count(*) from deliveries where state in ('pending', 'sending')";

/// How often each delivery is in the fake's ledger.
pub fn sent_by_delivery(twilio: &FakeTwilio) -> HashMap<String, usize> {
    let mut sent = HashMap::new();
    for entry in twilio.sandbox.ledger().sent() {
        let callback = entry.status_callback.clone().unwrap_or_default();
        let (_, delivery) = callback.rsplit_once("delivery=").unwrap();
        *sent.entry(delivery.to_owned()).or_default() += 1;
    }
    sent
}

/// Fails unless each of `replies` replies was sent once and is recorded as sent.
/// How many deliveries were sent, none of them twice.
pub fn sent_without_duplicate(twilio: &FakeTwilio) -> usize {
    let sent = sent_by_delivery(twilio);
    let twice: Vec<_> = sent.iter().filter(|(_, times)| **times > 1).collect();
    assert!(twice.is_empty(), "{} were sent more than once: {twice:?}", twice.len());
    sent.len()
}

pub async fn assert_each_sent_once(url: &str, twilio: &FakeTwilio, replies: usize) {
    assert_eq!(sent_without_duplicate(twilio), replies);
    let database = client(url).await;
    let known = "select count(*) from deliveries where state in ('sent', 'delivered', 'read') and provider_id is not null";
    assert_eq!(usize::try_from(count(&database, known).await), Ok(replies));
    assert_eq!(count(&database, "select count(*) from escalations").await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn responses_lost_after_acceptance_cause_no_duplicate() {
    for reports in [Reports::InOrder, Reports::Shuffled, Reports::Never] {
        let replies = scaled(2000);
        let url = fresh_database().await;
        seed::replies(&url, i64::try_from(replies).unwrap()).await;
        let twilio = FakeTwilio::with(SandboxFaults {
            cut_after_taking_every: 20,
            reports,
            ..SandboxFaults::default()
        });
        let served = twilio.serve(&url, &[("AGENT_POOL_SIZE", "0")]).await;

        let took = none_left(&url, UNSETTLED, LIMIT).await;
        println!("{replies} replies, every 20th response cut off, {reports:?}: resolved in {took:.1?}");
        assert_each_sent_once(&url, &twilio, replies).await;
        let requests = twilio.sandbox.ledger().send_requests;
        assert_eq!(usize::try_from(requests), Ok(replies), "{reports:?}: {}", served.log());
    }
}

#[tokio::test]
async fn requests_lost_before_acceptance_are_sent_once_after_the_quiet_period() {
    let replies = 20;
    let url = fresh_database().await;
    seed::replies(&url, replies).await;
    let twilio = FakeTwilio::with(SandboxFaults {
        cut_before_taking_every: 4,
        reports: Reports::Never,
        ..SandboxFaults::default()
    });
    let served = twilio.serve(&url, &[("AGENT_POOL_SIZE", "0")]).await;
    let in_doubt = "select 5 - count(*) from deliveries where state = 'sending'";
    none_left(&url, "select count(*) from deliveries where state = 'pending'", LIMIT).await;
    none_left(&url, in_doubt, LIMIT).await;
    twilio.sandbox.set_faults(SandboxFaults { reports: Reports::Never, ..SandboxFaults::default() });

    // The lease of the attempts expires, the list is fetched, and nothing is sent before the quiet period is over.
    let database = client(&url).await;
    let lapse = "update deliveries set lease_until = now() - interval '1 second' where state = 'sending'";
    database.batch_execute(lapse).await.unwrap();
    reaches("lists asked for", 5, async || lists(&twilio)).await;
    // When the list is fetched again, the decisions after the first list have been applied.
    database.batch_execute(lapse).await.unwrap();
    reaches("lists asked for", 10, async || lists(&twilio)).await;
    assert_eq!(twilio.sandbox.ledger().sent().count(), 15, "{}", served.log());

    database.batch_execute(&quiet_time_later()).await.unwrap();
    none_left(&url, UNSETTLED, LIMIT).await;
    assert_each_sent_once(&url, &twilio, 20).await;
}

fn lists(twilio: &FakeTwilio) -> usize {
    usize::try_from(twilio.sandbox.ledger().list_requests).unwrap()
}

/// Simulates that the quiet period has passed since the attempts in doubt.
fn quiet_time_later() -> String {
    format!(
        "update deliveries set requested_at = requested_at - interval '{} seconds',
                               lease_until = now() - interval '1 second' where state = 'sending'",
        QUIET.as_secs()
    )
}

async fn health_becomes(base: &str, expected: &str) {
    let staff = Customer::of(base);
    becomes("the health of the channel", expected.to_owned(), async || staff.check("whatsapp").await).await;
}

#[tokio::test]
async fn health_recovers_once_an_attempt_in_doubt_is_resolved_by_list_or_report() {
    for reports in [Reports::Never, Reports::InOrder] {
        let url = fresh_database().await;
        seed::replies(&url, 1).await;
        let twilio = FakeTwilio::with(SandboxFaults {
            cut_after_taking_every: 1,
            reports,
            ..SandboxFaults::default()
        });
        let served = twilio.serve(&url, &[("AGENT_POOL_SIZE", "0")]).await;
        health_becomes(&served.base, "degraded").await;
        if reports == Reports::Never {
            let lapse = "update deliveries set lease_until = now() - interval '1 second'";
            client(&url).await.batch_execute(lapse).await.unwrap();
        }
        none_left(&url, UNSETTLED, LIMIT).await;
        // Nothing else is sent.
        health_becomes(&served.base, "ok").await;
        assert_eq!(twilio.sandbox.ledger().send_requests, 1, "{reports:?}: {}", served.log());
    }
}

#[tokio::test]
async fn an_unreadable_list_degrades_health_until_it_is_readable() {
    let url = fresh_database().await;
    seed::replies(&url, 1).await;
    let twilio =
        FakeTwilio::with(SandboxFaults { outage: Some(Outage::Unavailable), ..SandboxFaults::default() });
    let doubt = "update deliveries set state = 'sending', attempts = 1, requested_at = now(),
                                       lease_until = now() - interval '1 second'";
    client(&url).await.batch_execute(doubt).await.unwrap();
    let served = twilio.serve(&url, &[("AGENT_POOL_SIZE", "0")]).await;
    health_becomes(&served.base, "degraded").await;
    twilio.sandbox.set_faults(SandboxFaults::default());
    let lapse = "update deliveries set lease_until = now() - interval '1 second' where state = 'sending'";
    client(&url).await.batch_execute(lapse).await.unwrap();
    health_becomes(&served.base, "ok").await;
    assert_eq!(twilio.sandbox.ledger().send_requests, 0, "{}", served.log());
}

#[tokio::test]
async fn a_second_attempt_in_doubt_is_escalated() {
    let url = fresh_database().await;
    seed::replies(&url, 1).await;
    let twilio = FakeTwilio::with(SandboxFaults { cut_before_taking_every: 1, ..SandboxFaults::default() });
    let served = twilio.serve(&url, &[("AGENT_POOL_SIZE", "0")]).await;
    let (staff, database) = (Customer::of(&served.base), client(&url).await);
    for doubts in 0..2 {
        let in_doubt = format!(
            "select 1 - count(*) from deliveries where state = 'sending' and unresolved_attempts = {doubts}"
        );
        none_left(&url, &in_doubt, LIMIT).await;
        let unknown = async || staff.metric(r#"fte_deliveries_total{end="unknown"}"#).await;
        becomes("lost responses", Some(doubts + 1), unknown).await;
        database.batch_execute(&quiet_time_later()).await.unwrap();
    }
    none_left(&url, "select 1 - count(*) from deliveries where state = 'failed'", LIMIT).await;
    assert_eq!(count(&database, "select count(*) from escalations where reason = 'failure'").await, 1);
    assert_eq!(twilio.sandbox.ledger().send_requests, 2);
}

#[tokio::test]
async fn after_an_outage_the_provider_gets_every_message_once() {
    let outage =
        argument("FTE_TEST_OUTAGE_SECONDS").map_or(OUTAGE, |s| Duration::from_secs(s.parse().unwrap()));
    let replies = 100;
    let url = fresh_database().await;
    seed::replies(&url, replies).await;
    let twilio =
        FakeTwilio::with(SandboxFaults { outage: Some(Outage::Unavailable), ..SandboxFaults::default() });
    let served = twilio.serve(&url, &[]).await;
    twilio.write(&served.base, &form("+491700000001", "SM1", FORGOTTEN)).await;
    pause("the provider is down", outage).await;
    // Messages that customers wrote meanwhile, and whose webhooks Twilio could not deliver.
    for n in 0..20 {
        twilio.sandbox.receive(&form(&format!("+4917100000{n:02}"), &format!("SMlost{n}"), FORGOTTEN));
    }
    assert_eq!(twilio.sandbox.ledger().sent().count(), 0);
    twilio.sandbox.set_faults(SandboxFaults::default());

    none_left(&url, UNSETTLED, LIMIT).await;
    let lost =
        "select 20 - count(*) from messages where external_id like 'SMlost%' and answered_by is not null";
    none_left(&url, lost, LIMIT).await;
    none_left(&url, UNSETTLED, LIMIT).await;
    assert_each_sent_once(&url, &twilio, 121).await;
}

#[tokio::test]
async fn messages_without_a_webhook_are_imported_once_on_start() {
    let url = fresh_database().await;
    let twilio = FakeTwilio::open();
    // The first start sets the position in the list.
    let served = twilio.serve(&url, &[]).await;
    none_left(&url, "select 1 - count(*) from channel_cursors", LIMIT).await;
    let (status, _) = served.terminate().await;
    assert!(status.success());

    for n in 0..30 {
        twilio.sandbox.receive(&form(&format!("+4917100000{:02}", n % 10), &format!("SMlost{n}"), FORGOTTEN));
    }
    let grace = FeedPace::default().grace + Duration::from_secs(1);
    pause("younger ones are left to their webhooks", grace).await;
    let served = twilio.serve(&url, &[]).await;
    let answered = "select 30 - count(*) from messages where answered_by is not null";
    none_left(&url, answered, LIMIT).await;
    // Their webhooks arrive late.
    for n in 0..30 {
        twilio
            .write(
                &served.base,
                &form(&format!("+4917100000{:02}", n % 10), &format!("SMlost{n}"), FORGOTTEN),
            )
            .await;
    }
    let database = client(&url).await;
    assert_eq!(count(&database, "select count(*) from messages where direction = 'inbound'").await, 30);
    assert_eq!(count(&database, "select count(*) from conversations").await, 10);
    none_left(&url, UNSETTLED, LIMIT).await;
    assert!(sent_by_delivery(&twilio).values().all(|times| *times == 1));
}

#[tokio::test]
async fn temporary_refusals_are_retried_and_permanent_ones_are_not() {
    // Status and code, how often the provider refuses with it, and the resulting state.
    let cases = [
        (429, 20429, 3, "read"),
        (400, 63018, 2, "read"),
        (400, 21610, 100, "failed"),
        (400, 63016, 100, "failed"),
    ];
    for (status, code, times, state) in cases {
        let url = fresh_database().await;
        seed::replies(&url, 1).await;
        let refuse = Some(InjectedRefusal { status, code, times });
        let twilio = FakeTwilio::with(SandboxFaults { refuse, ..SandboxFaults::default() });
        let _served = twilio.serve(&url, &[("AGENT_POOL_SIZE", "0")]).await;
        let expected = format!("select 1 - count(*) from deliveries where state = '{state}'");
        none_left(&url, &expected, LIMIT).await;
        let ledger = twilio.sandbox.ledger();
        let requests = if state == "failed" { 1 } else { times + 1 };
        assert_eq!(ledger.send_requests, requests, "{code}");
        let database = client(&url).await;
        let opted_out =
            count(&database, "select count(*) from customer_identifiers where opted_out_at is not null");
        assert_eq!(opted_out.await == 1, code == 21610, "{code}");
        let told = count(&database, "select count(*) from escalations").await;
        assert_eq!(told == 1, code == 63016, "{code}");
    }
}

/// The time between the first and the last message of a ledger.
fn took(twilio: &FakeTwilio) -> f64 {
    let ledger = twilio.sandbox.ledger();
    let sent: Vec<_> = ledger.sent().map(|entry| entry.created_at).collect();
    (*sent.last().unwrap() - sent[0]).as_seconds_f64()
}

#[tokio::test]
async fn the_send_rate_of_a_sender_is_limited() {
    let url = fresh_database().await;
    seed::replies(&url, 60).await;
    let twilio = FakeTwilio::with(SandboxFaults { reports: Reports::Never, ..SandboxFaults::default() });
    let variables = [("AGENT_POOL_SIZE", "0"), ("TWILIO_MESSAGES_PER_SECOND", "10")];
    let _served = twilio.serve(&url, &variables).await;
    none_left(&url, UNSETTLED, LIMIT).await;
    let took = took(&twilio);
    assert!(took >= 4.5, "60 messages at 10 a second, the first 10 at once, took {took} s");
}

#[tokio::test]
async fn two_processes_share_the_rate_limit_of_their_sender() {
    let url = fresh_database().await;
    seed::replies(&url, 120).await;
    let twilio = FakeTwilio::with(SandboxFaults { reports: Reports::Never, ..SandboxFaults::default() });
    let origins = twilio.sandbox.origins().join(",");
    let mut variables = twilio.variables(&origins);
    variables.extend([("AGENT_POOL_SIZE", "0"), ("TWILIO_MESSAGES_PER_SECOND", "20")]);
    let (_one, _other) = Served::start_two(&url, &variables).await;
    none_left(&url, UNSETTLED, LIMIT).await;
    let took = took(&twilio);
    println!("120 messages of two processes at 20 a second took {took:.1} s");
    assert!(took >= 4.5, "120 messages at 20 a second, the first 20 at once, took {took} s");
    // Each process sends some at once; at one message per second they would need two minutes.
    assert!(took <= 60.0, "the rate was not used: {took} s");
    assert_each_sent_once(&url, &twilio, 120).await;
}
