//! Outage tests of the model service: customers get one acknowledgement, and an answer after the recovery. The ten
//! minutes of outage and the two minutes before an acknowledgement are scaled down to seconds here.

use fte::fakes::openai::{Act, Asked, FakeOpenai, What, named};
use futures_util::future::join_all;
use serde_json::Value;

use super::served::serve;
use crate::support::customers::{Customer, FORGOTTEN, PRICING, replies};
use crate::support::postgres::{client, fresh_database};
use crate::support::served::Served;
use crate::support::verdict::{all_settled, assert_answered_exactly_once, count};
use crate::support::wait::LIMIT;

const TOLD: &str = "select count(*) from messages where kind = 'acknowledgement' and turn_id is null";

fn down(_: &Asked) -> Act {
    What::error(503, "overloaded", "down").into()
}

fn kinds(view: &Value) -> Vec<String> {
    replies(view).into_iter().map(|(kind, _)| kind).collect()
}

#[tokio::test]
async fn during_a_model_outage_customers_are_acknowledged_once_and_answered_after_it() {
    let (url, fake) = (fresh_database().await, FakeOpenai::start(down).unwrap());
    let served = serve(&url, &fake, &[("DELAY_ACK_SECONDS", "2")]).await;
    let everybody = Customer::of(&served.base);
    let tickets = join_all((0..10).map(async |n| {
        everybody.submit(&format!("customer-{n}@example.com"), &n.to_string(), FORGOTTEN).await.ticket()
    }))
    .await;
    let priced = everybody.submit("priced@example.com", "priced", PRICING).await.ticket();

    for ticket in &tickets {
        let view = everybody.replied(ticket, 1, LIMIT).await;
        assert_eq!(kinds(&view), ["acknowledgement"]);
        let text = &replies(&view)[0].1;
        assert!(
            text.starts_with("Hello") && text.contains("longer than usual"),
            "framed, in the brand's voice: {text}"
        );
        assert!(text.contains(view["ticket_number"].as_str().unwrap()), "{text}");
        assert_eq!(view["status"], "open");
    }
    everybody.follow_up(&tickets[0], "again", FORGOTTEN).await;
    let health = everybody.json("/health/ready").await;
    assert!(health.to_string().contains("gpt-4o fails"), "{health}");
    // A later customer is acknowledged as well: by then a second acknowledgement of the others would have been sent.
    let later = everybody.submit("later@example.com", "later", FORGOTTEN).await.ticket();
    everybody.replied(&later, 1, LIMIT).await;
    let database = client(&url).await;
    assert_eq!(count(&database, TOLD).await, 11);
    assert_eq!(kinds(&everybody.ticket(&priced).await), ["acknowledgement"], "rules need no model");

    fake.play(named("grounded").unwrap());
    for ticket in &tickets {
        let view = everybody.replied(ticket, 2, LIMIT).await;
        assert_eq!(kinds(&view), ["acknowledgement", "message"]);
    }
    all_settled(&url, LIMIT).await;
    assert_eq!(count(&database, TOLD).await, 11);
    assert_answered_exactly_once(&url).await;
}

#[tokio::test]
async fn two_processes_acknowledge_each_waiting_customer_once() {
    let url = fresh_database().await;
    let variables = [("AGENT_POOL_SIZE", "0"), ("DELAY_ACK_SECONDS", "2")];
    let (one, _other) = Served::start_two(&url, &variables).await;
    let everybody = Customer::of(&one.base);
    let tickets = join_all((0..40).map(async |n| {
        everybody.submit(&format!("customer-{n}@example.com"), &n.to_string(), FORGOTTEN).await.ticket()
    }))
    .await;
    for ticket in &tickets {
        assert_eq!(kinds(&everybody.replied(ticket, 1, LIMIT).await), ["acknowledgement"]);
    }
    let database = client(&url).await;
    let early = "select count(*) from messages a join messages m using (conversation_id)
                 where a.kind = 'acknowledgement' and m.direction = 'inbound'
                   and a.created_at < m.created_at + interval '2 seconds'";
    assert_eq!(count(&database, early).await, 0, "an acknowledgement was sent before two seconds had passed");
    // Two later customers are acknowledged as well: both processes have polled again since.
    for n in 0..2 {
        let email = format!("later-{n}@example.com");
        let later = everybody.submit(&email, &email, FORGOTTEN).await.ticket();
        everybody.replied(&later, 1, LIMIT).await;
    }
    assert_eq!(count(&database, TOLD).await, 42);
}
