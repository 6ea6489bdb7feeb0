//! End-to-end tests of the whole program with a fake model service: real HTTP on both sides.

use fte::fakes::openai::{Act, Asked, FakeOpenai, FakeReply, What, named};
use serde_json::Value;

use crate::support::customers::{Customer, FORGOTTEN, PRICING, replies};
use crate::support::postgres::{client, fresh_database};
use crate::support::served::Served;
use crate::support::verdict::{all_settled, assert_answered_exactly_once, count};
use crate::support::wait::LIMIT;

/// Starts the program with the model at `fake`.
pub async fn serve(url: &str, fake: &FakeOpenai, more: &[(&str, &str)]) -> Served {
    let base = fake.base_url();
    let mut variables = vec![("OPENAI_API_KEY", "sk-test"), ("OPENAI_BASE_URL", base.as_str())];
    variables.extend(more);
    Served::start(url, &variables).await
}

fn only_reply(view: &Value) -> (String, String) {
    let [reply] = &replies(view)[..] else { panic!("not exactly one reply: {view}") };
    reply.clone()
}

#[tokio::test]
async fn a_typical_turn_is_one_model_call_and_its_reply_cites_its_sources() {
    let (url, fake) = (fresh_database().await, FakeOpenai::start(named("grounded").unwrap()).unwrap());
    let served = serve(&url, &fake, &[]).await;
    let ann = Customer::of(&served.base);

    let ticket = ann.submit("ann@example.com", "1", FORGOTTEN).await.ticket();
    let (kind, text) = only_reply(&ann.replied(&ticket, 1, LIMIT).await);

    assert_eq!((kind.as_str(), fake.ledger().chats().len()), ("message", 1));
    assert!(text.contains("Here is what helps"), "{text}");
    let database = client(&url).await;
    let row = database
        .query_one(
            "select model, prompt_version, tokens, sources::text, tool_calls::text from messages
                    where direction = 'outbound'",
            &[],
        )
        .await
        .unwrap();
    assert_eq!((row.get::<_, &str>(0), row.get::<_, i32>(2)), ("gpt-4o", 1_280));
    assert!(row.get::<_, &str>(1).starts_with("prompts-"));
    assert!(row.get::<_, &str>(3).contains("product-docs.md#"));
    assert_eq!(row.get::<_, &str>(4).matches("name").count(), 4);
    all_settled(&url, LIMIT).await;
    assert_answered_exactly_once(&url).await;
}

#[tokio::test]
async fn what_rules_decide_costs_no_model_call() {
    let (url, fake) = (fresh_database().await, FakeOpenai::start(named("grounded").unwrap()).unwrap());
    let served = serve(&url, &fake, &[]).await;
    let ann = Customer::of(&served.base);
    let ticket = ann.submit("ann@example.com", "1", PRICING).await.ticket();
    ann.replied(&ticket, 1, LIMIT).await;
    assert_eq!(fake.ledger().chats().len(), 0);
}

#[tokio::test]
async fn a_bad_key_is_reported_to_staff_and_ops_and_the_customer_gets_an_acknowledgement() {
    let refused =
        |_: &Asked| -> Act { What::error(401, "invalid_api_key", "Incorrect API key: sk-test").into() };
    let (url, fake) = (fresh_database().await, FakeOpenai::start(refused).unwrap());
    let served = serve(&url, &fake, &[]).await;
    let ann = Customer::of(&served.base);

    let ticket = ann.submit("ann@example.com", "1", FORGOTTEN).await.ticket();
    let view = ann.replied(&ticket, 1, LIMIT).await;

    assert_eq!(
        (only_reply(&view).0.as_str(), &view["status"]),
        ("acknowledgement", &Value::from("escalated"))
    );
    let database = client(&url).await;
    assert_eq!(count(&database, "select count(*) from escalations where reason = 'failure'").await, 1);
    let health = ann.json("/health/ready").await;
    assert_eq!(health["status"], "ready");
    let checks = health["checks"].as_array().unwrap().clone();
    let model = checks.iter().find(|check| check["name"] == "model").unwrap();
    assert_eq!(
        (&model["status"], model["detail"].as_str().unwrap().contains("401")),
        (&Value::from("degraded"), true)
    );
    assert!(!health.to_string().contains("sk-test") && !served.log().contains("sk-test"), "{}", served.log());
}

#[tokio::test]
async fn each_turn_ends_in_one_allowed_action_whatever_the_model_replies() {
    let cases: [(&str, &str); 3] =
        [("endless-tools", "budget"), ("wrong-tool", "failure"), ("talking", "failure")];
    let url = fresh_database().await;
    let fake = FakeOpenai::start(named("grounded").unwrap()).unwrap();
    let served = serve(&url, &fake, &[]).await;
    let ann = Customer::of(&served.base);
    let database = client(&url).await;
    for (script, reason) in cases {
        fake.play(named(script).unwrap());
        let ticket = ann.submit(&format!("{script}@example.com"), script, FORGOTTEN).await.ticket();
        let view = ann.replied(&ticket, 1, LIMIT).await;
        assert_eq!(only_reply(&view).0, "acknowledgement", "{script}");
        let found = format!(
            "select string_agg(e.reason, ',') from escalations e join tickets t using (conversation_id)
             where t.id = '{ticket}'"
        );
        let reasons: Option<String> = database.query_one(&found, &[]).await.unwrap().get(0);
        assert_eq!(reasons.as_deref(), Some(reason), "{script}");
    }
    all_settled(&url, LIMIT).await;
    assert_answered_exactly_once(&url).await;
}

#[tokio::test]
async fn customer_text_is_not_logged_when_the_service_responds_with_garbage() {
    let echo = |asked: &Asked| -> Act {
        let words = asked.customer();
        if asked.nth == 0 {
            return What::Refuse { status: 500, body: words.into(), headers: Vec::new() }.into();
        }
        FakeReply::response("Which page is it?", &[]).into()
    };
    let (url, fake) = (fresh_database().await, FakeOpenai::start(echo).unwrap());
    let served = serve(&url, &fake, &[]).await;
    let ann = Customer::of(&served.base);
    let ticket = ann.submit("ann@example.com", "1", "My zebra password is lost, what now?").await.ticket();
    ann.replied(&ticket, 1, LIMIT).await;
    assert_eq!(fake.ledger().chats().len(), 2);
    assert!(!served.log().contains("zebra"), "{}", served.log());
}
