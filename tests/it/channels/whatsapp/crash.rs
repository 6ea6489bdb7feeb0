//! Crash tests of sending: the provider gets each message once, whenever the process crashes.

use std::time::Duration;

use fte::actors::channels::delivery::chat::LEASE;
use fte::channels::whatsapp::QUIET;
use fte::channels::whatsapp::sandbox::{Reports, SandboxFaults};
use futures_util::future::join;
use rustix::process::Signal;

use super::faults::{assert_each_sent_once, sent_by_delivery, sent_without_duplicate};
use super::seed;
use crate::support::customers::Customer;
use crate::support::postgres::{client, fresh_database};
use crate::support::twilio::FakeTwilio;
use crate::support::verdict::{count, none_left};
use crate::support::wait::{LIMIT, reaches};

/// A busy machine may lose another response: then reconciliation takes another quiet period before the message is sent
/// again, and a further one before it is escalated to staff.
const SETTLED_TIMEOUT: Duration = QUIET.saturating_mul(2).saturating_add(LIMIT);
const UNSETTLED: &str = "select count(*) from deliveries where state in ('pending', 'sending')";
const SIGKILL: i32 = 9;
const REPLIES: usize = 100;

/// Simulates that the quiet period has passed since the attempts of a crashed process; their leases have expired as
/// well.
async fn quiet_time_passes(url: &str) {
    // Statements that the crashed process had sent may still commit, and would start a new quiet period.
    let sessions = "select count(*) from pg_stat_activity
                    where datname = current_database() and application_name = 'fte'";
    none_left(url, sessions, LIMIT).await;
    pass(url).await;
}

async fn pass(url: &str) {
    let pass = format!(
        "update deliveries set requested_at = requested_at - interval '{0} seconds',
                               lease_until = lease_until - interval '{0} seconds' where state = 'sending'",
        QUIET.as_secs()
    );
    client(url).await.batch_execute(&pass).await.unwrap();
}

#[tokio::test]
async fn a_crash_before_or_after_a_request_sends_one_message() {
    // With the provider's status reports, and without: then reconciliation uses only its message list.
    for (point, reports) in [
        ("delivery.chat.before:40", Reports::InOrder),
        ("delivery.chat.before:40", Reports::Never),
        ("delivery.chat.answered:40", Reports::InOrder),
        ("delivery.chat.answered:40", Reports::Never),
    ] {
        let url = fresh_database().await;
        seed::replies(&url, i64::try_from(REPLIES).unwrap()).await;
        let twilio = FakeTwilio::with(SandboxFaults { reports, latency_ms: 20, ..SandboxFaults::default() });
        let doomed = twilio.serve(&url, &[("AGENT_POOL_SIZE", "0"), ("FTE_FAILPOINT", point)]).await;
        assert_eq!(doomed.wait_death().await, Some(SIGKILL), "{point}");
        let database = client(&url).await;
        assert!(
            count(&database, "select count(*) from deliveries where state = 'sending'").await > 0,
            "{point}"
        );

        quiet_time_passes(&url).await;
        let served = twilio.serve(&url, &[("AGENT_POOL_SIZE", "0")]).await;
        none_left(&url, UNSETTLED, LIMIT).await;
        assert_each_sent_once(&url, &twilio, REPLIES).await;
        served.kill9().await;
    }
}

fn requests(twilio: &FakeTwilio) -> usize {
    usize::try_from(twilio.sandbox.ledger().send_requests).unwrap()
}

#[tokio::test]
async fn kills_at_any_moment_while_sending_send_each_message_once() {
    let url = fresh_database().await;
    seed::replies(&url, 400).await;
    let twilio = FakeTwilio::with(SandboxFaults {
        reports: Reports::Never,
        latency_ms: 30,
        ..SandboxFaults::default()
    });
    for round in 0..6 {
        let variables = [("AGENT_POOL_SIZE", "0"), ("TWILIO_MESSAGES_PER_SECOND", "60")];
        let before = requests(&twilio);
        let served = twilio.serve(&url, &variables).await;
        // Each round kills at another point among the requests in flight.
        reaches("requests to send", before + 7 * round, async || requests(&twilio)).await;
        served.kill9().await;
        quiet_time_passes(&url).await;
    }
    let served = twilio.serve(&url, &[("AGENT_POOL_SIZE", "0")]).await;
    none_left(&url, UNSETTLED, SETTLED_TIMEOUT).await;
    assert_sent_once_or_left_to_staff(&url, &twilio, 400).await;
    served.kill9().await;
}

/// A reply whose attempts were in doubt at two kills is not sent a third time: staff decide (PROTOCOL.md 6.3).
async fn assert_sent_once_or_left_to_staff(url: &str, twilio: &FakeTwilio, replies: usize) {
    let sent = sent_without_duplicate(twilio);
    let database = client(url).await;
    let number = async |query: &str| usize::try_from(count(&database, query).await).unwrap();
    let known = "select count(*) from deliveries where state in ('sent', 'delivered', 'read') and provider_id is not null";
    assert_eq!(number(known).await, sent, "what was sent is known");
    let given_up = "select count(*) from deliveries where state = 'failed' and unresolved_attempts > 0";
    let given_up = number(given_up).await;
    assert_eq!(sent + given_up, replies, "{given_up} were in doubt twice");
    assert_eq!(number("select count(*) from escalations").await, given_up, "staff are told of them alone");
    assert!(given_up < replies / 10, "{given_up} were in doubt twice");
}

#[tokio::test]
async fn a_stop_finishes_sends_in_flight() {
    let url = fresh_database().await;
    seed::replies(&url, 200).await;
    let twilio = FakeTwilio::with(SandboxFaults {
        reports: Reports::Never,
        latency_ms: 200,
        ..SandboxFaults::default()
    });
    let mut served =
        twilio.serve(&url, &[("AGENT_POOL_SIZE", "0"), ("TWILIO_MESSAGES_PER_SECOND", "50")]).await;
    reaches("requests to send", 20, async || requests(&twilio)).await;
    served.send(Signal::TERM);
    let (status, _) = served.ended().await;
    assert!(status.success(), "{}", served.log());
    let database = client(&url).await;
    let (left, sending) = (
        count(&database, "select count(*) from deliveries where state = 'pending'").await,
        count(&database, "select count(*) from deliveries where state = 'sending'").await,
    );
    assert!(left > 0, "everything was sent before the shutdown");
    assert_eq!(sending, 0, "a shutdown leaves no attempt in doubt");
    assert_eq!(sent_by_delivery(&twilio).len(), 200 - usize::try_from(left).unwrap());
}

#[tokio::test]
async fn a_panic_while_sending_is_counted_and_sends_no_duplicate() {
    join(panic_while_sending("delivery.chat.before:30"), panic_while_sending("delivery.chat.answered:30"))
        .await;
}

async fn panic_while_sending(point: &str) {
    let url = fresh_database().await;
    seed::replies(&url, i64::try_from(REPLIES).unwrap()).await;
    let twilio = FakeTwilio::with(SandboxFaults {
        reports: Reports::Never,
        latency_ms: 20,
        ..SandboxFaults::default()
    });
    let mut served = twilio.serve(&url, &[("AGENT_POOL_SIZE", "0"), ("FTE_PANICPOINT", point)]).await;
    none_left(&url, "select count(*) from deliveries where state = 'pending'", LIMIT).await;
    // Attempts in flight during the panic are resolved like those after a crash, once their lease has expired: until
    // then their request may still be sent.
    let in_flight = format!(
        "select count(*) from deliveries where state = 'sending' and requested_at > now() - interval '{} seconds'",
        LEASE.as_secs()
    );
    none_left(&url, &in_flight, LIMIT).await;
    pass(&url).await;
    none_left(&url, UNSETTLED, SETTLED_TIMEOUT).await;
    assert_each_sent_once(&url, &twilio, REPLIES).await;
    assert!(served.is_alive(), "{point}: {}", served.log());
    let counted =
        Customer::of(&served.base).metric(r#"fte_actor_panics_total{actor="delivery-whatsapp"}"#).await;
    assert_eq!(counted, Some(1), "{point}: {}", served.log());
}
