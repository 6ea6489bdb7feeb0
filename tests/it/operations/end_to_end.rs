//! End-to-end tests of the main use case through the real program: `fte serve`, real HTTP, a real PostgreSQL.

use std::time::Duration;

use fte::clock;
use futures_util::future::join_all;
use serde_json::Value;

use crate::support::customers::{Customer, FORGOTTEN, PRICING, replies};
use crate::support::postgres::{client, fresh_database};
use crate::support::served::Served;
use crate::support::verdict::{all_settled, assert_answered_exactly_once, count, none_left};
use crate::support::wait::LIMIT;

/// API.md's limit for the main use case: a grounded answer on the ticket's page.
const ANSWERED_TIMEOUT: Duration = Duration::from_secs(2);
/// The test checks the fastest answer of this many customers: a busy machine delays some of them, a pause in the
/// program delays each.
const CUSTOMERS: u32 = 10;

fn names(list: &Value, member: &str) -> Vec<String> {
    let entries = list.as_array().unwrap().iter();
    entries.map(|entry| entry[member].as_str().unwrap().to_owned()).collect()
}

/// The agent's view of the only conversation of `email`.
async fn conversation_of(customer: &Customer, email: &str) -> Value {
    let found = customer.json(&format!("/customers/lookup?email={email}")).await;
    let id = found["conversations"][0]["conversation_id"].as_str().unwrap();
    customer.json(&format!("/conversations/{id}")).await
}

#[tokio::test]
async fn a_forgotten_password_gets_a_grounded_answer_within_two_seconds() {
    let served = Served::start(&fresh_database().await, &[]).await;
    let ann = Customer::of(&served.base);

    let mut fastest = Duration::MAX;
    for n in 0..CUSTOMERS {
        let began = clock::monotonic();
        let ticket =
            ann.submit(&format!("customer-{n}@example.com"), &n.to_string(), FORGOTTEN).await.ticket();
        ann.replied(&ticket, 1, LIMIT).await;
        fastest = fastest.min(clock::monotonic().duration_since(began));
    }
    assert!(fastest < ANSWERED_TIMEOUT, "{fastest:?}");

    let ticket = ann.submit("ann@example.com", "1", FORGOTTEN).await.ticket();
    let view = ann.replied(&ticket, 1, LIMIT).await;
    let [(kind, text)] = &replies(&view)[..] else { panic!("more than one reply: {view}") };
    assert_eq!(kind, "message");
    assert!(text.contains("Forgot password"), "{text}");
    assert_eq!(view["status"], "waiting_customer");
    let conversation = conversation_of(&ann, "ann@example.com").await;
    let reply = conversation["messages"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(names(&reply["sources"], "title"), ["Reset a forgotten password"]);
    assert_eq!(
        names(&reply["tool_calls"], "name"),
        ["create_ticket", "get_customer_history", "search_knowledge_base", "send_response"]
    );
}

#[tokio::test]
async fn the_steps_of_a_turn_and_its_requests_are_measured() {
    let served = Served::start(&fresh_database().await, &[]).await;
    let ann = Customer::of(&served.base);
    let ticket = ann.submit("ann@example.com", "1", FORGOTTEN).await.ticket();
    ann.replied(&ticket, 1, LIMIT).await;

    let metrics = ann.get("/metrics").await.unwrap().text().await.unwrap();
    let count = |series: &str| -> u64 {
        let line = metrics.lines().find_map(|line| line.strip_prefix(series));
        line.unwrap_or_else(|| panic!("{series} is missing: {metrics}")).trim().parse().unwrap()
    };
    assert_eq!(count("fte_turn_seconds_count"), 1);
    for phase in ["begin", "search", "model", "record", "finish"] {
        assert!(count(&format!("fte_turn_phase_seconds_count{{phase=\"{phase}\"}}")) > 0, "{phase}");
    }
    for operation in ["store_inquiries", "begin_turns", "finish_turns", "call"] {
        assert!(count(&format!("fte_store_seconds_count{{operation=\"{operation}\"}}")) > 0, "{operation}");
    }
    let submitted = r#"fte_http_request_seconds_count{method="POST",route="/support/submit",status="2xx"}"#;
    assert_eq!(count(submitted), 1);
}

#[tokio::test]
async fn a_pricing_question_is_escalated_with_one_acknowledgement_and_the_bot_stays_silent() {
    let url = fresh_database().await;
    let served = Served::start(&url, &[]).await;
    let ann = Customer::of(&served.base);

    let ticket = ann.submit("ann@example.com", "1", PRICING).await.ticket();
    let view = ann.replied(&ticket, 1, LIMIT).await;

    assert_eq!(view["status"], "escalated");
    let acknowledged = replies(&view);
    assert_eq!(acknowledged[0].0, "acknowledgement");

    ann.follow_up(&ticket, "2", FORGOTTEN).await;
    none_left(&url, "select count(*) from outbox", LIMIT).await;
    // A later message of another customer has been answered, so this one would have been as well.
    let later = ann.submit("ben@example.com", "later", FORGOTTEN).await.ticket();
    ann.replied(&later, 1, LIMIT).await;
    all_settled(&url, LIMIT).await;

    assert_eq!(replies(&ann.ticket(&ticket).await), acknowledged);
    let database = client(&url).await;
    let unanswered = "select count(*) from messages where answered_by is null and seq = 3";
    assert_eq!(count(&database, unanswered).await, 1);
    assert_eq!(count(&database, "select count(*) from escalations where reason = 'pricing'").await, 1);

    // No turn reads it; its sentiment is scored all the same.
    ann.follow_up(&ticket, "3", "This is terrible, awful, I hate waiting. Worst support ever 😡").await;
    let sounds = "select count(*) from messages m join conversations c on c.id = m.conversation_id
                  where c.status = 'escalated' and m.direction = 'inbound' and m.sentiment";
    assert_eq!(count(&database, &format!("{sounds} < 0.3 and seq = 4")).await, 1);
    assert_eq!(count(&database, &format!("{sounds} is not null")).await, 3);
}

#[tokio::test]
async fn a_vague_question_gets_one_clarifying_question() {
    let served = Served::start(&fresh_database().await, &[]).await;
    let ann = Customer::of(&served.base);

    let ticket = ann.submit("ann@example.com", "1", "Somehow it is strange since yesterday.").await.ticket();
    let view = ann.replied(&ticket, 1, LIMIT).await;

    let [(kind, text)] = &replies(&view)[..] else { panic!("more than one reply: {view}") };
    assert_eq!((kind.as_str(), text.contains('?')), ("message", true), "{text}");
    assert_eq!(view["status"], "waiting_customer");
    let conversation = conversation_of(&ann, "ann@example.com").await;
    assert_eq!(conversation["messages"][1]["sources"], Value::Array(vec![]));
}

#[tokio::test]
async fn a_follow_up_is_answered_on_the_same_ticket() {
    let url = fresh_database().await;
    let served = Served::start(&url, &[]).await;
    let ann = Customer::of(&served.base);

    let ticket = ann.submit("ann@example.com", "1", FORGOTTEN).await.ticket();
    ann.replied(&ticket, 1, LIMIT).await;
    ann.follow_up(&ticket, "2", "And how do I turn on two-factor authentication?").await;
    let view = ann.replied(&ticket, 2, LIMIT).await;

    assert!(replies(&view)[1].1.contains("Under Two-factor authentication, select Turn on"), "{view}");
    all_settled(&url, LIMIT).await;
    assert_answered_exactly_once(&url).await;
}

#[tokio::test]
async fn five_posts_at_once_with_one_key_are_one_ticket_five_hundred_times() {
    let url = fresh_database().await;
    let served = Served::start(&url, &[]).await;
    let everybody = Customer::of(&served.base);

    for round in 0..10 {
        let keys = (0..50).map(|n| format!("{}", round * 50 + n));
        join_all(keys.map(async |key| {
            let email = format!("customer-{key}@example.com");
            let posts = join_all((0..5).map(|_| everybody.submit(&email, &key, FORGOTTEN))).await;
            assert!(posts.iter().all(|post| post.body == posts[0].body), "{posts:?}");
        }))
        .await;
    }

    all_settled(&url, LIMIT).await;
    let database = client(&url).await;
    assert_eq!(count(&database, "select count(*) from messages where direction = 'inbound'").await, 500);
    assert_eq!(count(&database, "select count(*) from tickets").await, 500);
    assert_eq!(count(&database, "select count(*) from customers").await, 500);
    assert_answered_exactly_once(&url).await;
}

#[tokio::test]
async fn fifty_new_customers_writing_twice_at_once_through_two_processes_are_fifty_customers() {
    let url = fresh_database().await;
    let (one, other) = Served::start_two(&url, &[]).await;
    let endpoints = [Customer::of(&one.base), Customer::of(&other.base)];

    let posts =
        (0..100).map(|n| {
            let (customer, endpoint) = (n / 2, &endpoints[n % 2]);
            async move {
                endpoint.submit(&format!("new-{customer}@example.com"), &format!("{n}"), FORGOTTEN).await
            }
        });
    join_all(posts).await;

    all_settled(&url, LIMIT).await;
    let database = client(&url).await;
    assert_eq!(count(&database, "select count(*) from customers").await, 50);
    assert_eq!(count(&database, "select count(*) from customer_identifiers").await, 50);
    assert_eq!(count(&database, "select count(*) from tickets").await, 100);
    assert_answered_exactly_once(&url).await;
}

#[tokio::test]
async fn a_burst_of_follow_ups_is_numbered_in_order_and_each_is_answered_once() {
    let url = fresh_database().await;
    let (one, other) = Served::start_two(&url, &[]).await;
    let endpoints = [Customer::of(&one.base), Customer::of(&other.base)];
    let ticket = endpoints[0].submit("ann@example.com", "first", FORGOTTEN).await.ticket();

    let mut sent = Vec::new();
    for n in 0..20 {
        let accepted = endpoints[n % 2].follow_up(&ticket, &format!("row-{n}"), FORGOTTEN).await;
        sent.push(accepted.get("message_id"));
    }
    let heap: Vec<String> = (0..20).map(|n| format!("heap-{n}")).collect();
    join_all(
        heap.iter()
            .zip(endpoints.iter().cycle())
            .map(|(key, endpoint)| endpoint.follow_up(&ticket, key, FORGOTTEN)),
    )
    .await;

    all_settled(&url, LIMIT).await;
    let database = client(&url).await;
    let query = "select m.id::text, t.started_at::text from messages m join turns t on t.id = m.answered_by
                 where m.direction = 'inbound' order by m.seq";
    let settled = database.query(query, &[]).await.unwrap();
    assert_eq!(settled.len(), 41);
    let stored: Vec<String> = settled[1..21].iter().map(|row| row.get(0)).collect();
    assert_eq!(stored, sent);
    let turns: Vec<String> = settled.iter().map(|row| row.get(1)).collect();
    assert!(turns.is_sorted(), "a later message was answered by an earlier turn: {turns:?}");
    assert_answered_exactly_once(&url).await;
}

#[tokio::test]
async fn messages_accepted_by_one_process_are_answered_by_two() {
    let url = fresh_database().await;
    let (busy, _helping) = Served::start_two(&url, &[("AGENT_POOL_SIZE", "1")]).await;
    let everybody = Customer::of(&busy.base);

    let posts = (0..400).map(|n| {
        let (email, key) = (format!("customer-{n}@example.com"), format!("{n}"));
        let everybody = &everybody;
        async move { everybody.submit(&email, &key, FORGOTTEN).await }
    });
    join_all(posts).await;

    all_settled(&url, LIMIT).await;
    let database = client(&url).await;
    let owners = "select count(distinct owner) from turns where outcome is not null";
    assert_eq!(count(&database, owners).await, 2);
    assert_answered_exactly_once(&url).await;
}
