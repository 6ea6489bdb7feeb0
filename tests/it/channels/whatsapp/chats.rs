//! End-to-end tests of WhatsApp conversations.

use fte::channels::whatsapp::sandbox::SandboxFaults;

use crate::support::customers::{Customer, FORGOTTEN, PRICING};
use crate::support::postgres::{client, fresh_database};
use crate::support::twilio::FakeTwilio;
use crate::support::verdict::{count, none_left};
use crate::support::wait::{LIMIT, reaches};
use crate::support::whatsapp::{form, photo};

const ANN: &str = "+4915112345678";
const BEN: &str = "+4915187654321";

async fn number(url: &str, query: &str) -> i64 {
    count(&client(url).await, query).await
}

/// Waits until no message waits for the bot and no delivery is pending.
async fn settled(url: &str) {
    let waiting = "select (select count(*) from messages m join conversations c on c.id = m.conversation_id
                           where m.direction = 'inbound' and m.answered_by is null and c.status = 'active')
                        + (select count(*) from deliveries where state in ('pending', 'sending'))";
    none_left(url, waiting, LIMIT).await;
}

/// A later message of another customer has been answered: earlier messages have had their turn as well.
async fn a_later_message_is_answered(url: &str, twilio: &FakeTwilio, base: &str) {
    none_left(url, "select count(*) from outbox", LIMIT).await;
    twilio.write(base, &form(BEN, "SMlater", FORGOTTEN)).await;
    twilio.replied(BEN, 1, LIMIT).await;
    none_left(url, "select count(*) from deliveries where state in ('pending', 'sending')", LIMIT).await;
}

#[tokio::test]
async fn a_question_is_answered_in_the_chat_and_its_delivery_is_shown_to_staff() {
    let url = fresh_database().await;
    let twilio = FakeTwilio::open();
    let served = twilio.serve(&url, &[]).await;

    twilio.write(&served.base, &form(ANN, "SM1", FORGOTTEN)).await;
    let texts = twilio.replied(ANN, 1, LIMIT).await;
    assert!(texts[0].contains("Forgot password"), "{texts:?}");

    none_left(&url, "select count(*) from deliveries where state <> 'read'", LIMIT).await;
    let staff = Customer::of(&served.base);
    let found = staff.json("/customers/lookup?phone=%2B4915112345678").await;
    assert_eq!(found["identifiers"][0]["attested"], true, "{found}");
    let id = found["conversations"][0]["conversation_id"].as_str().unwrap();
    let view = staff.json(&format!("/conversations/{id}")).await;
    assert_eq!(
        (&view["channel"], &view["ticket"]["status"]),
        (&"whatsapp".into(), &"waiting_customer".into())
    );
    assert_eq!(view["messages"][1]["delivery_status"], "read", "{view}");
    let metrics = staff.get("/metrics").await.unwrap().text().await.unwrap();
    let observed = r#"fte_delivery_attempt_seconds_count{channel="whatsapp",outcome="sent"} 1"#;
    assert!(metrics.lines().any(|line| line == observed), "{metrics}");
    let ledger = twilio.sandbox.ledger();
    assert!(ledger.report_answers.iter().all(|answer| *answer == 204), "{:?}", ledger.report_answers);
}

#[tokio::test]
async fn a_user_without_a_number_is_answered_found_and_told_once_what_cannot_be_read() {
    const USER: &str = "US.13491208655302741918";
    let url = fresh_database().await;
    let twilio = FakeTwilio::open();
    let served = twilio.serve(&url, &[]).await;
    twilio.write(&served.base, &form(USER, "SM1", FORGOTTEN)).await;
    let texts = twilio.replied(USER, 1, LIMIT).await;
    assert!(texts[0].contains("Forgot password"), "{texts:?}");
    none_left(&url, "select count(*) from deliveries where state <> 'read'", LIMIT).await;
    let staff = Customer::of(&served.base);
    let found = staff.json(&format!("/customers/lookup?provider_user=whatsapp:{USER}")).await;
    assert_eq!(found["identifiers"][0]["kind"], "provider_user", "{found}");
    for (n, kind) in ["poll", "order"].into_iter().enumerate() {
        let mut unreadable = form(USER, &format!("SM{}", n + 2), "");
        unreadable.push("MessageType", kind);
        twilio.write(&served.base, &unreadable).await;
        settled(&url).await;
    }
    a_later_message_is_answered(&url, &twilio, &served.base).await;
    let texts = twilio.replied(USER, 2, LIMIT).await;
    assert_eq!(texts.len(), 2, "{texts:?}");
    assert!(texts[1].contains("cannot read this kind of message"), "{texts:?}");
}

#[tokio::test]
async fn a_burst_gets_one_answer_and_thanks_get_none() {
    let url = fresh_database().await;
    // Longer than a busy machine needs from one message to the next.
    let slow = "update channel_configs set quiet_ms = 4000 where channel = 'whatsapp'";
    client(&url).await.batch_execute(slow).await.unwrap();
    let twilio = FakeTwilio::open();
    let served = twilio.serve(&url, &[]).await;

    for (n, text) in ["Hello", "I have a problem", FORGOTTEN].into_iter().enumerate() {
        twilio.write(&served.base, &form(ANN, &format!("SM{n}"), text)).await;
    }
    twilio.replied(ANN, 1, LIMIT).await;
    settled(&url).await;
    for (sid, text) in [("SM4", "👍"), ("SM5", "Thank you very much!")] {
        twilio.write(&served.base, &form(ANN, sid, text)).await;
        settled(&url).await;
    }
    assert_eq!(twilio.texts_to(ANN).len(), 1);
    assert_eq!(number(&url, "select count(*) from turns where outcome = 'silent'").await, 2);
    assert_eq!(number(&url, "select count(*) from conversations").await, 1);
}

#[tokio::test]
async fn a_pricing_question_is_escalated_and_the_bot_stays_silent() {
    let url = fresh_database().await;
    let twilio = FakeTwilio::open();
    let served = twilio.serve(&url, &[]).await;

    twilio.write(&served.base, &form(ANN, "SM1", PRICING)).await;
    twilio.replied(ANN, 1, LIMIT).await;
    twilio.write(&served.base, &form(ANN, "SM2", FORGOTTEN)).await;
    a_later_message_is_answered(&url, &twilio, &served.base).await;

    assert_eq!(twilio.texts_to(ANN).len(), 1);
    assert_eq!(number(&url, "select count(*) from escalations where reason = 'pricing'").await, 1);
}

#[tokio::test]
async fn stop_and_start_are_confirmed_once() {
    let url = fresh_database().await;
    let twilio = FakeTwilio::open();
    let served = twilio.serve(&url, &[]).await;

    twilio.write(&served.base, &form(ANN, "SM1", "STOP")).await;
    let texts = twilio.replied(ANN, 1, LIMIT).await;
    assert!(texts[0].contains("no more messages"), "{texts:?}");
    for (sid, text) in [("SM2", "stop"), ("SM3", FORGOTTEN)] {
        twilio.write(&served.base, &form(ANN, sid, text)).await;
        settled(&url).await;
    }
    a_later_message_is_answered(&url, &twilio, &served.base).await;
    assert_eq!(twilio.texts_to(ANN).len(), 1, "an opted-out customer got a message");

    twilio.write(&served.base, &form(ANN, "SM4", "Start")).await;
    twilio.replied(ANN, 2, LIMIT).await;
    twilio.write(&served.base, &form(ANN, "SM5", FORGOTTEN)).await;
    let texts = twilio.replied(ANN, 3, LIMIT).await;
    assert!(texts[1].contains("again") && texts[2].contains("Forgot password"), "{texts:?}");
}

#[tokio::test]
async fn a_photo_without_text_gets_a_clarifying_question() {
    let url = fresh_database().await;
    let twilio = FakeTwilio::open();
    let served = twilio.serve(&url, &[]).await;

    let nowhere = photo(ANN, "MM1", "https://127.0.0.1/nowhere");
    twilio.write(&served.base, &nowhere).await;
    let texts = twilio.replied(ANN, 1, LIMIT).await;
    assert!(texts[0].contains("photo") && texts[0].contains('?'), "{texts:?}");
}

#[tokio::test]
async fn after_a_day_only_a_template_is_sent_and_without_one_staff_are_notified() {
    for (template, expected) in [(Some("HX1"), 1), (None, 0)] {
        let url = fresh_database().await;
        let twilio = FakeTwilio::open();
        super::seed::replies(&url, 1).await;
        let late = "update customer_identifiers set last_inbound_at = now() - interval '25 hours'";
        client(&url).await.batch_execute(late).await.unwrap();
        let variables = template.map_or(vec![], |sid| {
            vec![("TWILIO_TEMPLATE_SID", sid), ("TWILIO_TEMPLATE_VARIABLES", r#"{"1":"{ticket}: {text}"}"#)]
        });
        let _served = twilio.serve(&url, &variables).await;
        none_left(&url, "select count(*) from deliveries where state in ('pending', 'sending')", LIMIT).await;
        let ledger = twilio.sandbox.ledger();
        let sent: Vec<_> = ledger.sent().collect();
        assert_eq!(sent.len(), expected);
        if template.is_some() {
            assert_eq!((sent[0].content_sid.as_deref(), sent[0].body.as_str()), (Some("HX1"), ""));
            assert_eq!(sent[0].content_variables.as_deref(), Some(r#"{"1":"T-1001: Answer 0."}"#));
        } else {
            let told = "select count(*) from escalations where reason = 'failure' and summary like '%63016%'";
            assert_eq!(number(&url, told).await, 1);
            let shown = "select count(*) from deliveries where state = 'failed' and error like '63016%'";
            assert_eq!(number(&url, shown).await, 1);
        }
    }
}

#[tokio::test]
async fn a_failure_that_is_reported_later_reaches_staff_once() {
    let url = fresh_database().await;
    let twilio = FakeTwilio::with(SandboxFaults { fail_with: Some(63024), ..SandboxFaults::default() });
    let served = twilio.serve(&url, &[]).await;
    twilio.write(&served.base, &form(ANN, "SM1", FORGOTTEN)).await;
    none_left(&url, "select 1 - count(*) from deliveries where state = 'failed'", LIMIT).await;
    reaches("answered reports", 3, async || twilio.sandbox.ledger().report_answers.len()).await;
    twilio.write(&served.base, &form(ANN, "SM2", FORGOTTEN)).await;
    none_left(&url, "select count(*) from outbox", LIMIT).await;
    assert_eq!(number(&url, "select count(*) from escalations where summary like '%63024%'").await, 1);
    assert_eq!(number(&url, "select count(*) from conversations where status = 'escalated'").await, 1);
    assert_eq!(twilio.texts_to(ANN).len(), 1, "a failed message is not sent again");
}

#[tokio::test]
async fn a_long_answer_is_sent_in_parts_in_order() {
    let url = fresh_database().await;
    let twilio = FakeTwilio::open();
    super::seed::replies(&url, 1).await;
    let sentence = "This is a sentence of some length about the product, and there are many of them. ";
    let long = sentence.repeat(45);
    let write = "update messages set content = $1 where direction = 'outbound'";
    client(&url).await.execute(write, &[&long]).await.unwrap();
    let _served = twilio.serve(&url, &[]).await;
    none_left(&url, "select 3 - count(*) from deliveries where state = 'read'", LIMIT).await;
    let texts: Vec<String> = twilio.sandbox.ledger().sent().map(|entry| entry.body.clone()).collect();
    assert_eq!(texts.len(), 3);
    assert_eq!(texts.join(" "), long.trim());
}
