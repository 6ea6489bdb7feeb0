//! A second kind of mail server, GreenMail: mails are read, answered by SMTP with a login, and copies are found again.

use super::rig::{first_id, question, quiet_time_passes};
use crate::support::greenmail::{CUSTOMER, GreenMail};
use crate::support::postgres::{client, fresh_database};
use crate::support::served::Served;
use crate::support::verdict::{all_settled, assert_answered_exactly_once, count};
use crate::support::wait::{LIMIT, becomes};
use fte::domain::runtime::timing::DELIVERY_QUIET;

async fn serve(mails: &GreenMail, url: &str, variables: &[(&str, &str)]) -> Served {
    let (imap, smtp) = (mails.imap_url(), mails.smtp_url());
    let mut all = vec![
        ("IMAP_URL", imap.as_str()),
        ("SMTP_URL", smtp.as_str()),
        ("EMAIL_AUTHSERV_ID", "mx.acme.example"),
        ("EMAIL_POLL_SECONDS", "3600"),
    ];
    all.extend_from_slice(variables);
    Served::start(url, &all).await
}

fn ask(mails: &GreenMail, id: &str, references: &[&str]) {
    mails.deliver(CUSTOMER, &question(CUSTOMER, id, references));
}

async fn answers(mails: &GreenMail, count: usize) -> Vec<String> {
    becomes("answers", count, async || mails.mails_of(CUSTOMER, "INBOX").unwrap().len()).await;
    mails.mails_of(CUSTOMER, "INBOX").unwrap()
}

fn message_id(mail: &str) -> &str {
    let line = mail.lines().find(|line| line.to_lowercase().starts_with("message-id:")).unwrap();
    line.split_once(':').unwrap().1.trim()
}

#[tokio::test]
async fn mails_are_answered_in_their_thread_and_copies_are_kept() {
    let url = fresh_database().await;
    let mails = GreenMail::start().await;
    let served = serve(&mails, &url, &[]).await;
    ask(&mails, &first_id(CUSTOMER), &[]);
    let first = answers(&mails, 1).await;
    assert!(first[0].contains(&format!("In-Reply-To: {}", first_id(CUSTOMER))), "{}", first[0]);
    ask(&mails, "<second@example.com>", &[&first_id(CUSTOMER), message_id(&first[0])]);
    answers(&mails, 2).await;
    all_settled(&url, LIMIT).await;
    assert_answered_exactly_once(&url).await;
    assert_eq!(count(&client(&url).await, "select count(*) from conversations").await, 1);
    let copies = mails.mails_of(crate::support::dovecot::SUPPORT, "Sent").unwrap();
    assert_eq!(copies.len(), 2);
    assert_eq!(message_id(&copies[0]), message_id(&first[0]));
    served.kill9().await;
}

/// The program is killed when a reply is accepted and its copy is kept, but nothing is recorded.
#[cfg(feature = "failpoints")]
#[tokio::test]
async fn an_attempt_in_doubt_is_found_by_its_copy() {
    let url = fresh_database().await;
    let mails = GreenMail::start().await;
    let doomed = serve(&mails, &url, &[("FTE_FAILPOINT", "delivery.chat.answered")]).await;
    ask(&mails, &first_id(CUSTOMER), &[]);
    assert_eq!(doomed.wait_death().await, Some(9));
    answers(&mails, 1).await;
    quiet_time_passes(&url, DELIVERY_QUIET).await;
    let served = serve(&mails, &url, &[]).await;
    all_settled(&url, LIMIT).await;
    assert_answered_exactly_once(&url).await;
    let found = "select count(*) from deliveries where state = 'sent' and attempts = 1";
    assert_eq!(count(&client(&url).await, found).await, 1);
    assert_eq!(answers(&mails, 1).await.len(), 1);
    served.kill9().await;
}
