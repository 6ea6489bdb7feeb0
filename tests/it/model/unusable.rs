//! Tests of answers that can't be used, and of trouble that one message has alone: neither delays other conversations,
//! and a person takes over.

use fte::clock;
use fte::fakes::openai::{Act, Asked, FakeOpenai, FakeReply, What, named};
use futures_util::future::join_all;
use serde_json::json;

use super::served::serve;
use crate::support::customers::{Customer, FORGOTTEN, replies};
use crate::support::postgres::{client, fresh_database};
use crate::support::verdict::{all_settled, assert_answered_exactly_once, count};
use crate::support::wait::LIMIT;

const MANY: &str = "How do I reset my password? Please look at kiwi.";
const LONG: &str = "How do I reset my password? Please look at mango.";
const HALF: &str = "How do I reset my password? Please look at papaya.";
const CHARS: &str = "How do I reset my password? Please look at quince.";

fn hostile(asked: &Asked) -> Option<Act> {
    let customer = asked.customer();
    let call = |id: usize, arguments: &str| {
        json!({ "id": format!("c{id}"), "type": "function", "function": {
        "name": "search_knowledge_base", "arguments": arguments } })
    };
    let message = if customer.contains("kiwi") {
        let calls: Vec<_> = (0..40).map(|n| call(n, "{\"query\": \"x\"}")).collect();
        json!({ "content": null, "tool_calls": calls }).to_string()
    } else if customer.contains("mango") {
        json!({ "content": "a".repeat(300 << 10) }).to_string()
    } else if customer.contains("papaya") {
        let lone = "{\\\"message\\\": \\\"Hi \\ud83d\\\", \\\"citations\\\": []}";
        format!(
            "{{\"tool_calls\": [{{\"function\": {{\"name\": \"send_response\", \"arguments\": \"{lone}\"}}}}]}}"
        )
    } else if customer.contains("quince") {
        json!({ "content": 42 }).to_string()
    } else {
        return None;
    };
    let usage = "\"usage\": {\"prompt_tokens\": 1200, \"completion_tokens\": 80}";
    let body =
        format!("{{\"choices\": [{{\"message\": {message}, \"finish_reason\": \"tool_calls\"}}], {usage}}}");
    Some(What::raw("application/json", &body).into())
}

fn script() -> impl Fn(&Asked) -> Act {
    let grounded = named("grounded").unwrap();
    move |asked: &Asked| hostile(asked).unwrap_or_else(|| grounded.act(asked))
}

fn asked_about(fake: &FakeOpenai, word: &str) -> usize {
    fake.ledger().chats().iter().filter(|seen| seen.body["messages"].to_string().contains(word)).count()
}

#[tokio::test]
async fn conversations_that_provoke_unusable_answers_are_handed_over_and_delay_no_others() {
    let (url, fake) = (fresh_database().await, FakeOpenai::start(script()).unwrap());
    let served = serve(&url, &fake, &[]).await;
    let everybody = Customer::of(&served.base);
    let hostile =
        join_all([("m", MANY), ("l", LONG), ("h", HALF), ("c", CHARS)].map(async |(name, text)| {
            everybody.submit(&format!("{name}@example.com"), name, text).await.ticket()
        }));
    let neighbours = join_all((0..12).map(async |n| {
        let ticket =
            everybody.submit(&format!("neighbour-{n}@example.com"), &n.to_string(), FORGOTTEN).await.ticket();
        replies(&everybody.replied(&ticket, 1, LIMIT).await)[0].0.clone()
    }));
    let (hostile, neighbours) = futures_util::future::join(hostile, neighbours).await;
    assert!(neighbours.iter().all(|kind| kind == "message"), "{neighbours:?}");
    for ticket in &hostile {
        let view = everybody.replied(ticket, 1, LIMIT).await;
        assert_eq!((replies(&view)[0].0.as_str(), &view["status"]), ("acknowledgement", &json!("escalated")));
    }
    all_settled(&url, LIMIT).await;
    assert_answered_exactly_once(&url).await;
    for word in ["kiwi", "mango", "papaya", "quince"] {
        assert_eq!(asked_about(&fake, word), 2, "{word}: asked, and corrected once");
    }
    // No other was asked about twice: the circuit breaker stayed closed, and no call was repeated.
    assert_eq!(fake.ledger().chats().len(), 4 * 2 + 12);
    let database = client(&url).await;
    assert_eq!(count(&database, "select count(*) from escalations where reason = 'failure'").await, 4);
    // 1,200 input tokens at $2.50 and 80 output tokens at $10.00 per million, for each attempt.
    let failed = "select count(*) from conversations where status = 'escalated' and tokens_used = 2560 and cost_micros = 7600";
    assert_eq!(count(&database, failed).await, 4);
    let recorded =
        "select count(*) from turn_steps where kind = 'modelled' and content #>> '{said,fault}' is not null";
    assert_eq!(count(&database, recorded).await, 8);
    let health = everybody.json("/health/ready").await.to_string();
    assert!(!health.contains("gpt-4o fails"), "{health}");
}

#[tokio::test]
async fn a_correction_that_succeeds_is_counted_by_its_kind() {
    let grounded = named("grounded").unwrap();
    let once = move |asked: &Asked| -> Act {
        if asked.replies() == 0 {
            FakeReply::words("I would rather talk.").into()
        } else {
            grounded.act(asked)
        }
    };
    let (url, fake) = (fresh_database().await, FakeOpenai::start(once).unwrap());
    let served = serve(&url, &fake, &[]).await;
    let ann = Customer::of(&served.base);
    let ticket = ann.submit("ann@example.com", "1", FORGOTTEN).await.ticket();
    assert_eq!(replies(&ann.replied(&ticket, 1, LIMIT).await)[0].0, "message");
    let metrics = ann.get("/metrics").await.unwrap().text().await.unwrap();
    assert!(metrics.contains("fte_model_corrections_total{kind=\"no_call\"} 1"), "{metrics}");
}

/// Fails for one message and answers all others.
fn picky(asked: &Asked) -> Act {
    if asked.customer().contains("kiwi") {
        return What::error(500, "server_error", "Failed to generate").into();
    }
    FakeReply::response("Which page is it?", &[]).into()
}

#[tokio::test]
async fn a_message_for_which_the_provider_fails_while_it_answers_others_goes_to_a_person() {
    let (url, fake) = (fresh_database().await, FakeOpenai::start(picky).unwrap());
    let served = serve(&url, &fake, &[]).await;
    let everybody = Customer::of(&served.base);
    let ticket = everybody.submit("ann@example.com", "1", MANY).await.ticket();
    let mut neighbours = 0;
    while everybody.ticket(&ticket).await["status"] != "escalated" {
        let email = format!("neighbour-{neighbours}@example.com");
        let other = everybody.submit(&email, &email, FORGOTTEN).await.ticket();
        assert_eq!(replies(&everybody.replied(&other, 1, LIMIT).await)[0].0, "message");
        neighbours += 1;
    }
    let failed = asked_about(&fake, "kiwi");
    assert!((5..=15).contains(&failed), "five attempts of one to three requests: {failed}");
    assert_eq!(fake.ledger().chats().len() - failed, neighbours, "no neighbour's call was repeated");
    assert_eq!(
        count(&client(&url).await, "select count(*) from escalations where reason = 'failure'").await,
        1
    );
}

#[tokio::test]
async fn a_lonely_message_for_which_the_provider_fails_goes_to_a_person_too() {
    let (url, fake) = (fresh_database().await, FakeOpenai::start(picky).unwrap());
    let served = serve(&url, &fake, &[("DELAY_ACK_SECONDS", "600")]).await;
    let ann = Customer::of(&served.base);
    let ticket = ann.submit("ann@example.com", "1", MANY).await.ticket();
    let view = ann.replied(&ticket, 1, LIMIT).await;
    assert_eq!((replies(&view)[0].0.as_str(), &view["status"]), ("acknowledgement", &json!("escalated")));
    let probes = i64::try_from(asked_about(&fake, "test of the connection")).unwrap();
    assert!(probes >= 1);
    // The probes alone were answered, and count against the budgets of the conversation and the day.
    let database = client(&url).await;
    let spent = format!("tokens = {} and cost_micros = {}", 1_280 * probes, 3_800 * probes);
    assert_eq!(count(&database, &format!("select count(*) from model_spend where {spent}")).await, 1);
    let own = format!("select count(*) from conversations where {}", spent.replace("tokens", "tokens_used"));
    assert_eq!(count(&database, &own).await, 1);
}

/// Never answers one message, and answers everything else.
fn silent(asked: &Asked) -> Act {
    if asked.customer().contains("kiwi") { What::Hang.into() } else { picky(asked) }
}

#[tokio::test]
async fn a_message_that_is_never_answered_goes_to_a_person_after_two_minutes_at_the_default_time_out() {
    let (url, fake) = (fresh_database().await, FakeOpenai::start(silent).unwrap());
    let served = serve(&url, &fake, &[("DELAY_ACK_SECONDS", "600")]).await;
    let everybody = Customer::of(&served.base);
    let ticket = everybody.submit("ann@example.com", "1", MANY).await.ticket();
    let view = everybody.replied(&ticket, 1, LIMIT + LIMIT).await;
    assert_eq!((replies(&view)[0].0.as_str(), &view["status"]), ("acknowledgement", &json!("escalated")));
    assert_eq!(asked_about(&fake, "kiwi"), 2, "once, and once more while others were answered");
    let database = client(&url).await;
    let waited = "select extract(epoch from e.created_at - m.created_at)::bigint from escalations e
                  join messages m using (conversation_id) where m.direction = 'inbound' and e.reason = 'failure'";
    // Both requests last a minute at the most, which a machine that is busy may notice later.
    let waited = count(&database, waited).await;
    assert!((119..150).contains(&waited), "{waited} s");
}

#[tokio::test]
async fn one_warning_a_minute_names_the_cause() {
    let down = |_: &Asked| -> Act { What::error(503, "overloaded", "the GPU is on fire").into() };
    let (url, fake) = (fresh_database().await, FakeOpenai::start(down).unwrap());
    let served = serve(&url, &fake, &[("DELAY_ACK_SECONDS", "5")]).await;
    let everybody = Customer::of(&served.base);
    let tickets = join_all((0..5).map(async |n| {
        everybody.submit(&format!("customer-{n}@example.com"), &n.to_string(), FORGOTTEN).await.ticket()
    }))
    .await;
    for ticket in &tickets {
        everybody.replied(ticket, 1, LIMIT).await;
    }
    let log = served.log();
    let warnings: Vec<&str> = log.lines().filter(|line| line.contains("the model did not answer")).collect();
    assert!(fake.ledger().chats().len() >= 5);
    assert!(
        warnings.len()
            <= 1 + usize::try_from(clock::monotonic().duration_since(served.since).as_secs() / 60).unwrap(),
        "{warnings:#?}"
    );
    assert!(warnings[0].contains("503") && warnings[0].contains("the GPU is on fire"), "{warnings:?}");
    assert!(warnings[0].contains("OPENAI_FALLBACK_MODEL"), "{warnings:?}");
}
