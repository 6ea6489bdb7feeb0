//! Budget tests: tokens and cost are counted when they are recorded, and an exhausted conversation or daily budget
//! stops further calls.

use fte::fakes::openai::{FakeOpenai, named};

use super::served::serve;
use crate::support::customers::{Customer, FORGOTTEN, replies};
use crate::support::postgres::{client, fresh_database};
use crate::support::verdict::{all_settled, count};
use crate::support::wait::LIMIT;

const BY_BUDGET: &str = "select count(*) from escalations where reason = 'budget'";

fn grounded() -> FakeOpenai {
    FakeOpenai::start(named("grounded").unwrap()).unwrap()
}

#[tokio::test]
async fn each_model_call_is_counted_once_for_its_conversation_and_the_day() {
    let (url, fake) = (fresh_database().await, grounded());
    let served = serve(&url, &fake, &[]).await;
    let ann = Customer::of(&served.base);
    let ticket = ann.submit("ann@example.com", "1", FORGOTTEN).await.ticket();
    ann.replied(&ticket, 1, LIMIT).await;
    ann.follow_up(&ticket, "2", "And how do I turn on two-factor authentication?").await;
    ann.replied(&ticket, 2, LIMIT).await;
    ann.submit("bob@example.com", "3", FORGOTTEN).await;
    all_settled(&url, LIMIT).await;

    // 1,200 input tokens at $2.50 and 80 output tokens at $10.00 per million, three times.
    assert_eq!(fake.ledger().chats().len(), 3);
    let database = client(&url).await;
    let day = database.query_one("select tokens, cost_micros from model_spend", &[]).await.unwrap();
    assert_eq!((day.get::<_, i64>(0), day.get::<_, i64>(1)), (3 * 1_280, 3 * 3_800));
    let anns = "select count(*) from conversations where tokens_used = 2560 and cost_micros = 7600";
    assert_eq!(count(&database, anns).await, 1);
    assert_eq!(count(&database, "select sum(cost_micros)::bigint from agent_metrics").await, 3 * 3_800);
}

#[tokio::test]
async fn a_conversation_that_exceeds_its_budget_is_escalated_and_others_continue() {
    let (url, fake) = (fresh_database().await, grounded());
    let served = serve(&url, &fake, &[("BUDGET_CONVERSATION_USD", "0.0038")]).await;
    let ann = Customer::of(&served.base);
    let ticket = ann.submit("ann@example.com", "1", FORGOTTEN).await.ticket();
    ann.replied(&ticket, 1, LIMIT).await;
    ann.follow_up(&ticket, "2", FORGOTTEN).await;
    let view = ann.replied(&ticket, 2, LIMIT).await;
    assert_eq!(replies(&view)[1].0, "acknowledgement");
    assert_eq!(fake.ledger().chats().len(), 1);
    let bobs = ann.submit("bob@example.com", "3", FORGOTTEN).await.ticket();
    assert_eq!(replies(&ann.replied(&bobs, 1, LIMIT).await)[0].0, "message");
    assert_eq!(count(&client(&url).await, BY_BUDGET).await, 1);
}

#[tokio::test]
async fn an_exhausted_daily_token_budget_stops_model_calls() {
    let (url, fake) = (fresh_database().await, grounded());
    let served = serve(&url, &fake, &[("BUDGET_DAY_TOKENS", "2000")]).await;
    let everybody = Customer::of(&served.base);
    for n in 0..4 {
        let ticket = everybody.submit(&format!("{n}@example.com"), &n.to_string(), FORGOTTEN).await.ticket();
        everybody.replied(&ticket, 1, LIMIT).await;
    }
    assert_eq!(fake.ledger().chats().len(), 2);
    assert_eq!(count(&client(&url).await, BY_BUDGET).await, 2);
}
