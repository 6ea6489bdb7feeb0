//! Tests of escalation webhooks: each escalation reaches staff, once if the receiver responds, through failures,
//! restarts and crashes.

use std::net::TcpListener;
use std::time::Duration;

use futures_util::future::join_all;

use crate::support::customers::{Customer, FORGOTTEN, PRICING};
use crate::support::postgres::{client, fresh_database};
use crate::support::receiver::{Answer, Receiver};
use crate::support::served::Served;
use crate::support::verdict::{all_settled, none_left};
use crate::support::wait::{LIMIT, becomes};

const UNTOLD: &str = "select count(*) from escalations where notified_at is null";

#[tokio::test]
async fn each_escalation_is_posted_once_and_answers_are_not() {
    let (url, receiver) = (fresh_database().await, Receiver::start(&[]));
    let served = serve(&url, &receiver, &[]).await;
    let everybody = Customer::of(&served.base);

    escalate(&everybody, 0..12).await;
    everybody.submit("bob@example.com", "answered", FORGOTTEN).await;
    all_settled(&url, LIMIT).await;
    none_left(&url, UNTOLD, LIMIT).await;

    assert_eq!(receiver.told(), escalations(&url).await);
    assert_eq!(receiver.told().len(), 12);
    let text = &receiver.ledger()[0].text;
    assert!(text.contains("needs a person: *pricing*") && text.contains("Ann Example"), "{text}");
    health_becomes(&everybody, "ok").await;
}

#[tokio::test]
async fn posts_to_a_failing_receiver_are_retried_and_health_reports_it() {
    let script = [Answer::Status(500), Answer::Later(429, 3), Answer::Status(404)];
    let (url, receiver) = (fresh_database().await, Receiver::start(&script));
    let served = serve(&url, &receiver, &[]).await;
    let everybody = Customer::of(&served.base);

    escalate(&everybody, 0..1).await;
    health_becomes(&everybody, "degraded").await;
    assert_eq!(everybody.json("/health/ready").await["status"], "ready");
    none_left(&url, UNTOLD, LIMIT).await;

    let posts = receiver.ledger();
    let statuses: Vec<u16> = posts.iter().map(|post| post.answered).collect();
    assert_eq!(statuses, [500, 429, 404, 200]);
    // 2 s after the first failure, 3 s after the second one as the receiver's `Retry-After` says.
    let pauses = posts[2].at.duration_since(posts[0].at);
    assert!(pauses >= Duration::from_millis(4500), "{pauses:?}");
    assert_eq!(receiver.told(), escalations(&url).await);
    health_becomes(&everybody, "ok").await;
}

#[tokio::test]
async fn after_an_outage_the_receiver_gets_every_escalation() {
    let place = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = place.local_addr().unwrap();
    drop(place);
    let url = fresh_database().await;
    let hook = format!("http://{address}/hooks/staff");
    let served = Served::start(&url, &[("ESCALATION_WEBHOOK_URL", &hook)]).await;
    let everybody = Customer::of(&served.base);

    escalate(&everybody, 0..3).await;
    health_becomes(&everybody, "degraded").await;
    assert!(!served.log().contains("/hooks/staff"), "the URL is a secret: {}", served.log());
    let receiver = Receiver::start_at(address);
    none_left(&url, UNTOLD, LIMIT).await;

    assert_eq!(receiver.told(), escalations(&url).await);
}

#[cfg(feature = "failpoints")]
#[tokio::test]
async fn a_crash_before_the_post_loses_nothing_and_one_after_it_repeats_the_same_key() {
    for (point, told) in [("desk.leased", 1), ("desk.told", 2)] {
        let (url, receiver) = (fresh_database().await, Receiver::start(&[]));
        let doomed = serve(&url, &receiver, &[("FTE_FAILPOINT", point)]).await;
        escalate(&Customer::of(&doomed.base), 0..1).await;
        assert_eq!(doomed.wait_death().await, Some(9), "{point}");

        let _served = serve(&url, &receiver, &[]).await;
        none_left(&url, UNTOLD, LIMIT).await;

        let [expected] = &escalations(&url).await[..] else { panic!("{point}: not one escalation") };
        assert_eq!(receiver.told(), vec![expected.clone(); told], "{point}");
    }
}

#[cfg(feature = "failpoints")]
#[tokio::test]
async fn a_panic_of_the_desk_is_counted_and_only_delays_posts() {
    let (url, receiver) = (fresh_database().await, Receiver::start(&[]));
    let mut served = serve(&url, &receiver, &[("FTE_PANICPOINT", "desk.leased")]).await;
    let everybody = Customer::of(&served.base);

    escalate(&everybody, 0..1).await;
    none_left(&url, "select 1 - count(*) from escalations where notified_at is not null", LIMIT).await;

    assert!(served.is_alive(), "{}", served.log());
    assert_eq!(receiver.told(), escalations(&url).await);
    assert_eq!(everybody.metric(r#"fte_actor_panics_total{actor="desk"}"#).await, Some(1));
}

#[tokio::test]
async fn two_processes_post_each_escalation_once() {
    let (url, receiver) = (fresh_database().await, Receiver::start(&[]));
    let hook = [("ESCALATION_WEBHOOK_URL", receiver.url.as_str())];
    let (first, second) = Served::start_two(&url, &hook).await;

    let (one, two) = (Customer::of(&first.base), Customer::of(&second.base));
    futures_util::future::join(escalate(&one, 0..15), escalate(&two, 15..30)).await;
    all_settled(&url, LIMIT).await;
    none_left(&url, UNTOLD, LIMIT).await;

    assert_eq!(receiver.told(), escalations(&url).await);
    assert_eq!(receiver.told().len(), 30);
}

async fn serve(url: &str, receiver: &Receiver, more: &[(&str, &str)]) -> Served {
    let mut variables = vec![("ESCALATION_WEBHOOK_URL", receiver.url.as_str())];
    variables.extend(more);
    Served::start(url, &variables).await
}

/// Each of the given customers asks one question that is escalated.
async fn escalate(everybody: &Customer, numbers: std::ops::Range<u32>) {
    let posts = numbers.map(async |n| {
        everybody.submit(&format!("customer-{n}@example.com"), &n.to_string(), PRICING).await;
    });
    join_all(posts).await;
}

/// The ids of all escalations, sorted.
async fn escalations(url: &str) -> Vec<String> {
    let rows = client(url).await.query("select id::text from escalations order by 1", &[]).await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

/// Waits for this status of staff notification in the health report.
async fn health_becomes(customer: &Customer, expected: &str) {
    let health = async || customer.check("staff_notices").await;
    becomes("the health of staff notification", expected.to_owned(), health).await;
}
