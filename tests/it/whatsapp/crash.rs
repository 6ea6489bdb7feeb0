//! Death around sending: one message at the provider, whenever it comes.

use std::time::Duration;

use fte::channels::whatsapp::sandbox::{Reports, SandboxFaults};
use rustix::process::Signal;

use super::faults::{assert_each_sent_once, sent_by_delivery};
use super::seed;
use crate::support::customers::Customer;
use crate::support::postgres::{client, fresh_database};
use crate::support::twilio::Line;
use crate::support::verdict::{count, none_left};

const SETTLED_TIMEOUT: Duration = Duration::from_secs(120);
const UNSETTLED: &str = "select count(*) from deliveries where state in ('pending', 'sending')";
const SIGKILL: i32 = 9;
const REPLIES: usize = 100;

/// As if two minutes had passed since the attempts of a dead process; their leases are over as well.
async fn two_minutes_pass(url: &str) {
    let pass = "update deliveries set requested_at = requested_at - interval '120 seconds',
                       lease_until = lease_until - interval '120 seconds' where state = 'sending'";
    client(url).await.batch_execute(pass).await.unwrap();
}

#[tokio::test]
async fn a_death_before_or_after_a_request_leaves_one_message() {
    // With the provider's reports, and without: then its list must do.
    for (point, reports) in [
        ("delivery.chat.before:40", Reports::InOrder),
        ("delivery.chat.before:40", Reports::Never),
        ("delivery.chat.answered:40", Reports::InOrder),
        ("delivery.chat.answered:40", Reports::Never),
    ] {
        let url = fresh_database().await;
        seed::replies(&url, i64::try_from(REPLIES).unwrap()).await;
        let line = Line::with(SandboxFaults { reports, latency_ms: 20, ..SandboxFaults::default() });
        let doomed = line.serve(&url, &[("AGENT_POOL_SIZE", "0"), ("FTE_FAILPOINT", point)]).await;
        assert_eq!(doomed.wait_death().await, Some(SIGKILL), "{point}");
        let database = client(&url).await;
        assert!(
            count(&database, "select count(*) from deliveries where state = 'sending'").await > 0,
            "{point}"
        );

        two_minutes_pass(&url).await;
        let served = line.serve(&url, &[("AGENT_POOL_SIZE", "0")]).await;
        none_left(&url, UNSETTLED, SETTLED_TIMEOUT).await;
        assert_each_sent_once(&url, &line, REPLIES).await;
        served.kill9().await;
    }
}

#[tokio::test]
async fn kills_at_any_moment_while_sending_leave_one_message_each() {
    let url = fresh_database().await;
    seed::replies(&url, 400).await;
    let line =
        Line::with(SandboxFaults { reports: Reports::Never, latency_ms: 30, ..SandboxFaults::default() });
    for round in 0..6_u64 {
        let variables = [("AGENT_POOL_SIZE", "0"), ("TWILIO_MESSAGES_PER_SECOND", "60")];
        let served = line.serve(&url, &variables).await;
        tokio::time::sleep(Duration::from_millis(300 + 137 * round)).await;
        served.kill9().await;
        two_minutes_pass(&url).await;
    }
    let served = line.serve(&url, &[("AGENT_POOL_SIZE", "0")]).await;
    none_left(&url, UNSETTLED, SETTLED_TIMEOUT).await;
    assert_each_sent_once(&url, &line, 400).await;
    served.kill9().await;
}

#[tokio::test]
async fn a_stop_finishes_what_is_under_way() {
    let url = fresh_database().await;
    seed::replies(&url, 200).await;
    let line =
        Line::with(SandboxFaults { reports: Reports::Never, latency_ms: 200, ..SandboxFaults::default() });
    let mut served =
        line.serve(&url, &[("AGENT_POOL_SIZE", "0"), ("TWILIO_MESSAGES_PER_SECOND", "50")]).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    served.send(Signal::TERM);
    let (status, _) = served.ended().await;
    assert!(status.success(), "{}", served.log());
    let database = client(&url).await;
    let (left, sending) = (
        count(&database, "select count(*) from deliveries where state = 'pending'").await,
        count(&database, "select count(*) from deliveries where state = 'sending'").await,
    );
    assert!(left > 0, "it was over before the stop");
    assert_eq!(sending, 0, "a stop leaves no doubt");
    assert_eq!(sent_by_delivery(&line).len(), 200 - usize::try_from(left).unwrap());
}

#[tokio::test]
async fn a_panic_while_sending_is_counted_and_costs_no_second_message() {
    for point in ["delivery.chat.before:30", "delivery.chat.answered:30"] {
        let url = fresh_database().await;
        seed::replies(&url, i64::try_from(REPLIES).unwrap()).await;
        let line =
            Line::with(SandboxFaults { reports: Reports::Never, latency_ms: 20, ..SandboxFaults::default() });
        let mut served = line.serve(&url, &[("AGENT_POOL_SIZE", "0"), ("FTE_PANICPOINT", point)]).await;
        none_left(&url, "select count(*) from deliveries where state = 'pending'", SETTLED_TIMEOUT).await;
        // What was under way when it panicked is settled like what a crash left.
        tokio::time::sleep(Duration::from_secs(1)).await;
        two_minutes_pass(&url).await;
        none_left(&url, UNSETTLED, SETTLED_TIMEOUT).await;
        assert_each_sent_once(&url, &line, REPLIES).await;
        assert!(served.is_alive(), "{point}: {}", served.log());
        let metrics = Customer::of(&served.base).get("/metrics").await.unwrap().text().await.unwrap();
        let counted = r#"fte_actor_panics_total{actor="delivery-whatsapp"} 1"#;
        assert!(metrics.lines().any(|line| line == counted), "{point}: {metrics}");
    }
}
