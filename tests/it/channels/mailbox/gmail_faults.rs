//! Gmail: what it never accepts, what it no longer grants, and what is kept in order in the mailbox.

use fte::domain::runtime::timing::DELIVERY_QUIET;
use serde_json::{Value, json};

use super::rig::{customers, first_id, question, quiet_time_passes};
use crate::support::customers::Customer;
use crate::support::gmail::{FakeGmail, GmailFault, SUPPORT, claims_of, service_account};
use crate::support::postgres::{client, fresh_database};
use crate::support::served::Served;
use crate::support::verdict::{all_settled, count, none_left};
use crate::support::wait::{LIMIT, becomes, eventually, reaches};

const ANN: &str = "ann@example.com";
const BOB: &str = "bob@example.com";
const FAILED: &str = "select 1 - count(*) from deliveries where state = 'failed'";

fn ask(gmail: &FakeGmail, customer: &str) -> String {
    gmail.arrive(&question(customer, &first_id(customer), &[]), &["INBOX"])
}

async fn asked(url: &str, gmail: &FakeGmail) -> Served {
    let served = gmail.serve(url, &[]).await;
    none_left(url, "select 1 - count(*) from channel_cursors where channel = 'email'", LIMIT).await;
    ask(gmail, ANN);
    served
}

fn requests(gmail: &FakeGmail, ending: &str) -> usize {
    gmail.state().requests.iter().filter(|request| request.ends_with(ending)).count()
}

/// What staff see of the only reply's delivery.
pub async fn delivery(url: &str, served: &Served) -> Value {
    let read = "select conversation_id::text from messages where direction = 'outbound' and kind = 'message'";
    let id: String = client(url).await.query_one(read, &[]).await.unwrap().get(0);
    let conversation = Customer::of(&served.base).json(&format!("/conversations/{id}")).await;
    let messages = conversation["messages"].as_array().unwrap();
    messages.iter().find(|message| message["role"] == "agent").unwrap()["deliveries"][0].clone()
}

#[tokio::test]
async fn a_draft_that_gmail_never_sends_is_left_to_staff() {
    let url = fresh_database().await;
    let gmail = FakeGmail::start();
    gmail.state().sends_nothing = true;
    let served = asked(&url, &gmail).await;
    for attempt in 1..=4 {
        let in_doubt = format!(
            "select 1 - count(*) from deliveries where state = 'sending' and unresolved_attempts = {}",
            attempt - 1
        );
        none_left(&url, &in_doubt, LIMIT).await;
        reaches("requests to send", attempt, async || requests(&gmail, "drafts/send")).await;
        quiet_time_passes(&url, DELIVERY_QUIET).await;
    }
    none_left(&url, FAILED, LIMIT).await;
    let told = "select count(*) from escalations
                where reason = 'failure' and summary like '%Gmail did not send its draft%'";
    assert_eq!(count(&client(&url).await, told).await, 1);
    assert_eq!((requests(&gmail, "drafts/send"), gmail.state().drafts_made), (4, 1));
    let shown = delivery(&url, &served).await;
    assert_eq!((&shown["state"], &shown["in_doubt"]), (&json!("failed"), &json!(true)));
    served.kill9().await;
}

#[tokio::test]
async fn a_refused_draft_is_left_to_staff_with_the_words_of_gmail() {
    let url = fresh_database().await;
    let gmail = FakeGmail::start();
    gmail.state().faults.push_back(GmailFault::DraftRefused);
    let served = asked(&url, &gmail).await;
    none_left(&url, FAILED, LIMIT).await;
    let told =
        "select count(*) from escalations where reason = 'failure' and summary like '%Invalid To header%'";
    assert_eq!(count(&client(&url).await, told).await, 1);
    let shown = delivery(&url, &served).await;
    let failed = json!([{ "address": ANN, "cause": "invalid_address", "detail": "400 Invalid To header" }]);
    assert_eq!((&shown["to"], &shown["failed"]), (&json!([ANN]), &failed));
    served.kill9().await;
}

#[tokio::test]
async fn a_reply_that_is_not_accepted_for_hours_is_left_to_staff() {
    let url = fresh_database().await;
    let gmail = FakeGmail::start();
    let served = gmail.serve(&url, &[]).await;
    none_left(&url, "select 1 - count(*) from channel_cursors where channel = 'email'", LIMIT).await;
    let many = "alter table deliveries alter column attempts set default 1000";
    client(&url).await.batch_execute(many).await.unwrap();
    ask(&gmail, ANN);
    none_left(&url, FAILED, LIMIT).await;
    let told = "select count(*) from escalations where reason = 'failure' and summary like '%1000 attempts%'";
    assert_eq!(count(&client(&url).await, told).await, 1);
    assert!(gmail.state().sent().is_empty());
    served.kill9().await;
}

#[tokio::test]
async fn the_subscription_to_pushes_is_renewed_and_its_end_is_announced() {
    let url = fresh_database().await;
    let gmail = FakeGmail::start();
    gmail.state().watch_seconds = Some(20);
    let served = gmail.serve(&url, &[]).await;
    reaches("subscriptions", 2, async || requests(&gmail, "/watch")).await;
    gmail.state().watch_seconds = None;
    let customer = Customer::of(&served.base);
    let warned = async || {
        let health = customer.json("/health").await.to_string();
        if health.contains("ends in 0 hours and can't be renewed") { Ok(()) } else { Err(health) }
    };
    eventually("a warning", LIMIT, warned).await;
    assert_eq!(customer.check("email").await, "degraded");
    // The mailbox is polled meanwhile.
    ask(&gmail, ANN);
    reaches("answers", 1, async || gmail.state().sent().len()).await;
    served.kill9().await;
}

#[tokio::test]
async fn a_new_consent_counts_without_a_restart() {
    let url = fresh_database().await;
    let gmail = FakeGmail::start();
    gmail.state().refresh_token = "renewed".to_owned();
    let served = gmail.serve(&url, &[]).await;
    let customer = Customer::of(&served.base);
    becomes("the check of e-mail", "degraded".to_owned(), async || customer.check("email").await).await;
    gmail.consent("renewed");
    becomes("the check of e-mail", "ok".to_owned(), async || customer.check("email").await).await;
    served.kill9().await;
}

#[tokio::test]
async fn a_service_account_acts_for_the_mailbox_by_a_signed_assertion() {
    let url = fresh_database().await;
    let gmail = FakeGmail::start();
    let account = service_account("fte@acme.iam.gserviceaccount.com");
    std::fs::write(gmail.credentials(), account.to_string()).unwrap();
    let served = asked(&url, &gmail).await;
    reaches("answers", 1, async || gmail.state().sent().len()).await;
    let form = gmail.state().grants[0].clone();
    let value = |name: &str| form.iter().find(|(key, _)| key == name).unwrap().1.clone();
    assert_eq!(value("grant_type"), "urn:ietf:params:oauth:grant-type:jwt-bearer");
    let claims = claims_of(&value("assertion"));
    assert_eq!(claims["iss"], "fte@acme.iam.gserviceaccount.com");
    assert_eq!((&claims["sub"], &claims["aud"]), (&json!(SUPPORT), &json!(format!("{}/token", gmail.url))));
    assert_eq!(claims["scope"], "https://www.googleapis.com/auth/gmail.modify");
    let lifetime = claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap();
    assert!((1..=3_600).contains(&lifetime), "{claims}");
    served.kill9().await;
}

#[tokio::test]
async fn a_resolved_thread_leaves_the_inbox_unless_that_is_switched_off() {
    for (setting, stays) in [("on", false), ("off", true)] {
        let url = fresh_database().await;
        let gmail = FakeGmail::start();
        let served = gmail.serve(&url, &[("GMAIL_ARCHIVE_RESOLVED", setting)]).await;
        none_left(&url, "select 1 - count(*) from channel_cursors where channel = 'email'", LIMIT).await;
        let id = ask(&gmail, ANN);
        reaches("answers", 1, async || gmail.state().sent().len()).await;
        all_settled(&url, LIMIT).await;
        let is_in_inbox = || {
            let state = gmail.state();
            let mail = state.mails.iter().find(|mail| mail.id == id).unwrap();
            assert!(mail.labels.contains(&"Label_1".to_owned()), "{:?}", mail.labels);
            mail.labels.contains(&"INBOX".to_owned())
        };
        assert!(is_in_inbox(), "it is not resolved yet");
        let resolve = "update tickets set status = 'resolved', resolved_at = now()";
        client(&url).await.batch_execute(resolve).await.unwrap();
        if stays {
            // Rounds have passed by the time that a later mail is answered.
            ask(&gmail, BOB);
            reaches("answers", 2, async || gmail.state().sent().len()).await;
            all_settled(&url, LIMIT).await;
            ask(&gmail, &customers(0..1)[0]);
            reaches("answers", 3, async || gmail.state().sent().len()).await;
            assert!(is_in_inbox());
        } else {
            becomes("the place of the thread", false, async || is_in_inbox()).await;
        }
        served.kill9().await;
    }
}
