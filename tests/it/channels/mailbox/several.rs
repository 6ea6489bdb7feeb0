//! Several mailboxes of Gmail: each is read, announced and answered by itself, and one mail in two of them once.

use super::rig::{first_id, question};
use crate::support::gmail::{FakeGmail, PushToken, SUPPORT};
use crate::support::postgres::{client, fresh_database};
use crate::support::verdict::{all_settled, assert_answered_exactly_once, count, none_left};
use crate::support::wait::{LIMIT, becomes};

const SALES: &str = "sales@acme.example";
const ANN: &str = "ann@example.com";
const BOB: &str = "bob@example.com";
const CAROL: &str = "carol@example.com";

async fn announce(gmail: &FakeGmail, base: &str) {
    for mailbox in [SUPPORT, SALES] {
        assert_eq!(gmail.push_about(base, &PushToken::default(), mailbox).await, 204);
    }
}

#[tokio::test]
async fn each_mailbox_is_answered_from_itself_and_a_mail_to_both_once() {
    let url = fresh_database().await;
    let gmail = FakeGmail::start();
    let (credentials, addresses) = (gmail.add_second(), format!("{SUPPORT},{SALES}"));
    let variables = [
        ("GMAIL_CREDENTIALS_PATH", credentials.as_str()),
        ("EMAIL_ADDRESS", addresses.as_str()),
        ("EMAIL_POLL_SECONDS", "3600"),
    ];
    let served = gmail.serve(&url, &variables).await;
    none_left(&url, "select 2 - count(*) from channel_cursors where channel = 'email'", LIMIT).await;
    let to_sales = |customer: &str| question(customer, &first_id(customer), &[]).replace(SUPPORT, SALES);
    gmail.arrive(&question(ANN, &first_id(ANN), &[]), &["INBOX"]);
    gmail.state().second.as_mut().unwrap().arrive(&to_sales(BOB), &["INBOX"]);
    announce(&gmail, &served.base).await;
    let sent = || {
        let state = gmail.state();
        (state.sent(), state.second.as_ref().unwrap().sent())
    };
    becomes("answers", (1, 1), async || (sent().0.len(), sent().1.len())).await;
    for (mails, from, to) in [(sent().0, SUPPORT, ANN), (sent().1, SALES, BOB)] {
        assert!(
            mails[0].contains(&format!("<{from}>")) && mails[0].contains(&format!("To: <{to}>")),
            "{}",
            mails[0]
        );
    }

    let both = question(CAROL, &first_id(CAROL), &[]).replace("To: ", &format!("To: {SALES}, "));
    gmail.arrive(&both, &["INBOX"]);
    gmail.state().second.as_mut().unwrap().arrive(&both, &["INBOX"]);
    announce(&gmail, &served.base).await;
    let copies = "select 2 - count(*) from message_emails where rfc_message_id = '<first.carol@example.com>'";
    none_left(&url, copies, LIMIT).await;
    all_settled(&url, LIMIT).await;
    assert_answered_exactly_once(&url).await;
    assert_eq!(sent().0.len() + sent().1.len(), 3);
    let noticed = "select count(*) from feed_notices";
    assert_eq!(count(&client(&url).await, noticed).await, 2);
    served.kill9().await;
}
