//! Gmail: each mail is answered once, whatever its pushes, its history, its quota and its answers do.

use std::time::Duration;

use fte::domain::runtime::timing::DELIVERY_QUIET;
use serde_json::{Value, json};

use super::rig::{customers, first_id, question, quiet_time_passes};
use crate::console::rig::Team;
use crate::support::customers::Customer;
use crate::support::gmail::{FakeGmail, GmailFault, PushToken};
use crate::support::postgres::{client, fresh_database};
use crate::support::process::argument;
use crate::support::verdict::{all_settled, assert_answered_exactly_once, count, none_left};
use crate::support::wait::{LIMIT, becomes, eventually, reaches};

/// Mails of the test with unreliable pushes; 2,000 for a long run.
const MAILS: usize = 200;
const ANN: &str = "ann@example.com";
const STORED: &str = "select count(*) from messages where channel = 'email' and direction = 'inbound'";

fn ask(gmail: &FakeGmail, customer: &str, labels: &[&str]) -> String {
    gmail.arrive(&question(customer, &first_id(customer), &[]), labels)
}

async fn answered(gmail: &FakeGmail, customers: &[String]) {
    answered_within(gmail, customers, LIMIT).await;
}

async fn answered_within(gmail: &FakeGmail, customers: &[String], limit: Duration) {
    let missing = async || {
        let missing = gmail.state().counts(customers).into_iter().filter(|count| *count == 0).count();
        if missing == 0 { Ok(()) } else { Err(format!("{missing} without an answer")) }
    };
    eventually("answers by Gmail", limit, missing).await;
}

async fn knows_the_mailbox(url: &str) {
    none_left(url, "select 1 - count(*) from channel_cursors where channel = 'email'", LIMIT).await;
}

#[tokio::test]
async fn a_push_brings_an_answer_in_its_thread_and_a_label() {
    let url = fresh_database().await;
    let gmail = FakeGmail::start();
    let served = gmail.serve(&url, &[("EMAIL_POLL_SECONDS", "3600")]).await;
    knows_the_mailbox(&url).await;
    let id = ask(&gmail, ANN, &["INBOX", "UNREAD"]);
    assert_eq!(gmail.push(&served.base, &PushToken::default()).await, 204);
    answered(&gmail, &[ANN.to_owned()]).await;
    all_settled(&url, LIMIT).await;
    assert_answered_in_thread(&gmail, &id);
    let noticed = "select count(*) from feed_notices where account = 'support@acme.example'";
    assert_eq!(count(&client(&url).await, noticed).await, 1);
    served.kill9().await;
}

fn assert_answered_in_thread(gmail: &FakeGmail, id: &str) {
    let state = gmail.state();
    let reply = &state.sent()[0];
    assert!(reply.contains(&format!("In-Reply-To: {}", first_id(ANN))), "{reply}");
    assert!(
        reply.contains("Subject: Re: Password") && reply.contains("Auto-Submitted: auto-replied"),
        "{reply}"
    );
    let sent = state.mails.iter().find(|mail| mail.labels.contains(&"SENT".to_owned())).unwrap();
    assert_eq!(sent.thread_id, format!("t-{id}"));
    let asked = state.mails.iter().find(|mail| mail.id == id).unwrap();
    assert!(asked.labels.contains(&"Label_1".to_owned()), "{:?}", asked.labels);
    assert!(state.requests.contains(&"POST /gmail/v1/users/me/watch".to_owned()));
}

#[tokio::test]
async fn dropped_and_doubled_pushes_leave_each_mail_answered_once() {
    let mails = argument("FTE_TEST_MAILS").map_or(MAILS, |count| count.parse().unwrap());
    let url = fresh_database().await;
    let gmail = FakeGmail::start();
    gmail.state().page = 7;
    let served = gmail.serve(&url, &[]).await;
    knows_the_mailbox(&url).await;
    let (all, began) = (customers(0..mails), fte::clock::monotonic());
    let limit = LIMIT * u32::try_from(mails.div_ceil(MAILS)).unwrap();
    for (n, customer) in all.iter().enumerate() {
        ask(&gmail, customer, &["INBOX"]);
        // One push in ten is dropped, one in five comes twice.
        let pushes = match n % 10 {
            0 => 0,
            3 | 7 => 2,
            _ => 1,
        };
        for _ in 0..pushes {
            assert_eq!(gmail.push(&served.base, &PushToken::default()).await, 204);
        }
        if n == mails / 2 {
            gmail.expire_history();
            gmail.state().faults.extend([GmailFault::Quota, GmailFault::TokenRefused]);
        }
    }
    answered_within(&gmail, &all, limit).await;
    all_settled(&url, limit).await;
    println!("{mails} mails: answered after {:?}", fte::clock::monotonic().duration_since(began));
    assert!(gmail.state().counts(&all).into_iter().all(|count| count == 1));
    assert_eq!(count(&client(&url).await, STORED).await, i64::try_from(mails).unwrap());
    assert_answered_exactly_once(&url).await;
    served.kill9().await;
}

#[tokio::test]
async fn a_mail_out_of_the_spam_folder_is_answered_once_and_others_are_skipped() {
    let url = fresh_database().await;
    let gmail = FakeGmail::start();
    let served = gmail.serve(&url, &[]).await;
    knows_the_mailbox(&url).await;
    let spam = ask(&gmail, "rescued@example.com", &["SPAM"]);
    for label in ["SENT", "DRAFT", "TRASH", "CHAT"] {
        ask(&gmail, &format!("{label}@example.com").to_lowercase(), &[label]);
    }
    ask(&gmail, ANN, &["INBOX"]);
    answered(&gmail, &[ANN.to_owned()]).await;
    assert_eq!(count(&client(&url).await, STORED).await, 1);
    gmail.rescue(&spam);
    answered(&gmail, &["rescued@example.com".to_owned()]).await;
    gmail.rescue(&spam);
    ask(&gmail, "last@example.com", &["INBOX"]);
    answered(&gmail, &["last@example.com".to_owned()]).await;
    all_settled(&url, LIMIT).await;
    assert_eq!(gmail.state().counts(&["rescued@example.com".to_owned()]), [1]);
    assert_eq!(count(&client(&url).await, STORED).await, 3);
    served.kill9().await;
}

#[tokio::test]
async fn a_lost_answer_and_a_lost_request_send_one_mail_each() {
    let url = fresh_database().await;
    let gmail = FakeGmail::start();
    gmail.state().faults.extend([GmailFault::SendAnswerLost, GmailFault::SendLost]);
    let served = gmail.serve(&url, &[]).await;
    knows_the_mailbox(&url).await;
    for (sends_by_then, customer) in [(1, ANN), (2, "bob@example.com")] {
        ask(&gmail, customer, &["INBOX"]);
        let tried = "select 1 - count(*) from deliveries where state = 'sending' and lease_until > now()";
        none_left(&url, tried, LIMIT).await;
        let sends =
            async || gmail.state().requests.iter().filter(|request| request.ends_with("drafts/send")).count();
        reaches("requests to send", sends_by_then, sends).await;
        quiet_time_passes(&url, DELIVERY_QUIET).await;
        none_left(&url, "select count(*) from deliveries where state <> 'sent'", LIMIT).await;
    }
    assert_eq!(gmail.state().counts(&[ANN.to_owned(), "bob@example.com".to_owned()]), [1, 1]);
    assert_eq!(gmail.state().drafts_made, 2, "a draft that is left is used again");
    served.kill9().await;
}

#[tokio::test]
async fn a_draft_that_a_person_deleted_does_not_count_as_sent_and_staff_are_told() {
    let url = fresh_database().await;
    let gmail = FakeGmail::start();
    gmail.state().faults.push_back(GmailFault::DraftDeleted);
    let served = gmail.serve(&url, &[]).await;
    knows_the_mailbox(&url).await;
    ask(&gmail, ANN, &["INBOX"]);
    for attempt in 1..=2 {
        let sends =
            async || gmail.state().requests.iter().filter(|request| request.ends_with("drafts/send")).count();
        reaches("requests to send", attempt, sends).await;
        quiet_time_passes(&url, DELIVERY_QUIET).await;
    }
    none_left(&url, "select 1 - count(*) from deliveries where state = 'failed'", LIMIT).await;
    let told = "select count(*) from escalations where reason = 'failure'";
    assert_eq!(count(&client(&url).await, told).await, 1);
    assert!(gmail.state().sent().is_empty());
    served.kill9().await;
}

#[tokio::test]
async fn a_withdrawn_consent_is_shown_with_what_to_do_until_it_is_given_again() {
    let url = fresh_database().await;
    let gmail = FakeGmail::start();
    gmail.state().is_revoked = true;
    let served = gmail.serve(&url, &[]).await;
    let customer = Customer::of(&served.base);
    becomes("the check of e-mail", "degraded".to_owned(), async || customer.check("email").await).await;
    let health = customer.json("/health").await.to_string();
    assert!(health.contains("invalid_grant") && health.contains("fte gmail connect"), "{health}");
    gmail.state().is_revoked = false;
    becomes("the check of e-mail", "ok".to_owned(), async || customer.check("email").await).await;
    served.kill9().await;
}

#[tokio::test]
async fn only_tokens_of_our_pushes_are_accepted() {
    let url = fresh_database().await;
    let gmail = FakeGmail::start();
    let served = gmail.serve(&url, &[]).await;
    let mut unsigned = PushToken::default();
    unsigned.header["alg"] = json!("none");
    let mut symmetric = PushToken::default();
    symmetric.header["alg"] = json!("HS256");
    let mut unknown_key = PushToken::default();
    unknown_key.header["kid"] = json!("key-2");
    let now = fte::clock::now().unix_timestamp();
    for refused in [
        PushToken { is_forged: true, ..PushToken::default() },
        unsigned,
        symmetric,
        unknown_key,
        PushToken::with("exp", json!(now - 3_600)),
        PushToken::with("aud", json!("https://evil.example/webhooks/gmail")),
        PushToken::with("iss", json!("https://evil.example")),
        PushToken::with("email", json!("other@acme.iam.gserviceaccount.com")),
        PushToken::with("email_verified", json!(false)),
    ] {
        assert_eq!(gmail.push(&served.base, &refused).await, 401, "{refused:?}");
    }
    assert_eq!(gmail.push(&served.base, &PushToken::default()).await, 204);
    let certs = gmail.state().requests.iter().filter(|request| request.ends_with("/certs")).count();
    assert_eq!(certs, 1, "an unknown key is not looked for again at once");
    served.kill9().await;
}

#[tokio::test]
async fn a_question_to_a_third_party_leaves_by_a_draft_with_its_file() {
    let url = fresh_database().await;
    let gmail = FakeGmail::start();
    let team = Team::serving(&url, gmail.serve(&url, &[("AGENT_POOL_SIZE", "0")]).await).await;
    let agent = team.agent(&url, "staff@example.com", "agent").await;
    let (_, conversation) = team.submit("I forgot my password.").await;
    let uploaded = agent.browser.upload("/staff/files?name=plan.pdf", "application/pdf", b"a plan").await;
    let file: Value = uploaded.json().await.unwrap();
    let body =
        json!({"to": ["vendor@parts.example"], "subject": "Part 7", "text": "?", "files": [file["id"]]});
    let (status, side) = agent.act(&conversation, "side", body).await;
    assert_eq!(status, 201, "{side}");
    none_left(&url, "select count(*) from side_messages where state <> 'sent'", LIMIT).await;
    let sent = gmail.state().sent();
    assert_eq!(sent.len(), 1);
    assert!(sent[0].contains("To: <vendor@parts.example>") && sent[0].contains("plan.pdf"), "{}", sent[0]);
}
