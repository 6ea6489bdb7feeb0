//! Streams of live events through the real server: in time, resumed after a restart, limited, ended by a drain.

use std::time::Duration;

use fte::clock;
use serde_json::Value;

use crate::support::customers::{Customer, FORGOTTEN};
use crate::support::postgres::{client, fresh_database};
use crate::support::served::Served;
use crate::support::sse::{Events, get};
use crate::support::wait::{LIMIT, becomes};

fn stream(base: &str, ticket: &str) -> String {
    format!("{base}/support/ticket/{ticket}/events")
}

/// Waits for the event that a message shows, and returns the message's id.
async fn shown_message(events: &mut Events) -> String {
    loop {
        let event = events.named("message").await;
        let data: Value = serde_json::from_str(&event.data).unwrap();
        if data["delivery_status"] == "delivered" {
            return data["message_id"].as_str().unwrap().to_owned();
        }
    }
}

#[tokio::test]
async fn an_answer_is_told_within_a_second_of_its_commit() {
    let url = fresh_database().await;
    let served = Served::start(&url, &[]).await;
    let ann = Customer::of(&served.base);
    let mut fastest = Duration::MAX;
    for n in 0..3 {
        let ticket = ann.submit("ann@example.com", &n.to_string(), FORGOTTEN).await.ticket();
        ann.replied(&ticket, 1, LIMIT).await;
        let mut events = Events::open(&stream(&served.base, &ticket), None).await;
        let hello = events.next().await.unwrap();
        assert_eq!((hello.name.as_str(), hello.data.as_str()), ("hello", "{}"));
        let database = client(&url).await;
        database.batch_execute("update tickets set status = 'in_progress'").await.unwrap();
        let committed = clock::monotonic();
        let event = events.named("ticket").await;
        fastest = fastest.min(clock::monotonic().duration_since(committed));
        assert!(event.data.contains("\"in_progress\""), "{}", event.data);
        database.batch_execute("update tickets set status = 'waiting_customer'").await.unwrap();

        ann.follow_up(&ticket, &format!("again-{n}"), FORGOTTEN).await;
        let message = shown_message(&mut events).await;
        let view = ann.ticket(&ticket).await;
        let newest = view["messages"].as_array().unwrap().last().unwrap().clone();
        assert_eq!(newest["id"], message.as_str(), "the page shows what it was told of");
    }
    assert!(fastest <= Duration::from_secs(1), "{fastest:?}");
}

#[tokio::test]
async fn a_page_that_was_away_over_a_restart_gets_what_it_has_missed() {
    let url = fresh_database().await;
    let served = Served::start(&url, &[]).await;
    let ann = Customer::of(&served.base);
    let ticket = ann.submit("ann@example.com", "1", FORGOTTEN).await.ticket();
    ann.replied(&ticket, 1, LIMIT).await;
    let mut events = Events::open(&stream(&served.base, &ticket), None).await;
    events.named("hello").await;
    let seen = events.last_id.clone().unwrap();
    let place = served.killed().await;
    assert_eq!(events.next().await, None, "the stream ended with the process");

    client(&url).await.batch_execute("update tickets set status = 'in_progress'").await.unwrap();
    let served = Served::start_with(place, &url, &[], &[]).await;
    let mut events = Events::open(&stream(&served.base, &ticket), Some(&seen)).await;
    let missed = events.next().await.unwrap();
    assert_eq!(missed.name, "ticket", "no hello: it goes on");
    assert!(missed.data.contains("\"in_progress\""), "{}", missed.data);
    let after = events.last_id.clone().unwrap();
    assert_ne!(after, seen);

    // What it has seen is not sent again, and a position from another world begins anew.
    client(&url).await.batch_execute("update tickets set status = 'resolved'").await.unwrap();
    let mut again = Events::open(&stream(&served.base, &ticket), Some(&after)).await;
    assert!(again.next().await.unwrap().data.contains("\"resolved\""));
    for unknown in ["nonsense", "1.5:5:", "99999999999.9000000000:9000000000:"] {
        let mut events = Events::open(&stream(&served.base, &ticket), Some(unknown)).await;
        assert_eq!(events.next().await.unwrap().name, "reset", "{unknown}");
        client(&url).await.batch_execute("update tickets set status = 'open'").await.unwrap();
        events.named("ticket").await;
        client(&url).await.batch_execute("update tickets set status = 'resolved'").await.unwrap();
    }
}

#[tokio::test]
async fn an_address_has_twenty_streams_and_a_closed_one_makes_room() {
    let url = fresh_database().await;
    let served = Served::start(&url, &[]).await;
    let ann = Customer::of(&served.base);
    let ticket = ann.submit("ann@example.com", "1", FORGOTTEN).await.ticket();
    let url = stream(&served.base, &ticket);
    let mut open = Vec::new();
    for _ in 0..20 {
        let mut events = Events::open(&url, None).await;
        events.named("hello").await;
        open.push(events);
    }
    let refused = get(&url, None).await;
    assert_eq!(refused.status(), 429);
    assert!(refused.headers().contains_key("retry-after"));
    drop(open.pop());
    becomes("a place is free", 200, async || get(&url, None).await.status().as_u16()).await;
}

#[tokio::test]
async fn an_idle_stream_has_a_heartbeat_every_15_seconds() {
    const PERIOD: Duration = Duration::from_secs(15);
    let url = fresh_database().await;
    let served = Served::start(&url, &[("AGENT_POOL_SIZE", "0")]).await;
    let ticket = Customer::of(&served.base).submit("ann@example.com", "1", FORGOTTEN).await.ticket();
    let mut events = Events::open(&stream(&served.base, &ticket), None).await;
    events.named("hello").await;
    let mut last = clock::monotonic();
    for _ in 0..2 {
        assert_eq!(events.frame().await.as_deref(), Some(": hb"));
        let now = clock::monotonic();
        let silence = now.duration_since(last);
        // The beginning of the silence is seen a little late; its end, on a busy machine, up to a period late.
        assert!(silence > PERIOD - Duration::from_secs(1) && silence < 2 * PERIOD, "{silence:?}");
        last = now;
    }
}

#[tokio::test]
async fn a_drain_ends_the_streams_and_does_not_wait_for_pages() {
    let url = fresh_database().await;
    let served = Served::start(&url, &[]).await;
    let ann = Customer::of(&served.base);
    let ticket = ann.submit("ann@example.com", "1", FORGOTTEN).await.ticket();
    ann.replied(&ticket, 1, LIMIT).await;
    let mut events = Events::open(&stream(&served.base, &ticket), None).await;
    events.named("hello").await;
    let ended = async { while events.next().await.is_some() {} };
    let ((status, took), ()) = futures_util::future::join(served.terminate(), ended).await;
    assert_eq!(status.code(), Some(0));
    // The server would wait 15 s for open connections.
    assert!(took < Duration::from_secs(fte::http::STOP_TIMEOUT_SECONDS), "{took:?}");
}
