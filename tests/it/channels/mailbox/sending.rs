//! Replies by SMTP: what a server refuses, what it takes later, and attempts whose answer was lost.

use fte::domain::runtime::timing::DELIVERY_QUIET;

use super::rig::{Mailbox, quiet_time_passes};
use crate::support::postgres::{client, fresh_database};
use crate::support::smtp::{SmtpFault, SmtpSink};
use crate::support::verdict::{count, none_left};
use crate::support::wait::{LIMIT, becomes};

const ANN: &str = "ann@example.com";
const UNSENT: &str = "select 1 - count(*) from deliveries where state = 'sent'";

#[tokio::test]
async fn a_refused_recipient_goes_to_staff_with_the_words_of_the_server() {
    for (fault, cause) in [
        (SmtpFault::OnRecipient("550 5.1.1 no such user"), "invalid_address"),
        (SmtpFault::OnContent("554 5.7.1 looks like spam"), "rejected"),
    ] {
        let url = fresh_database().await;
        let mailbox = Mailbox::open(SmtpSink::start(&[fault])).await;
        let served = mailbox.serve(&url, &[]).await;
        mailbox.ask(&[ANN.to_owned()]);
        none_left(&url, "select 1 - count(*) from deliveries where state = 'failed'", LIMIT).await;
        let told = format!(
            "select count(*) from escalations e, deliveries d where e.reason = 'failure' and d.cause = '{cause}'
             and e.summary like '%5._.1%'"
        );
        assert_eq!(count(&client(&url).await, &told).await, 1, "{fault:?}");
        assert!(mailbox.smtp.mails().is_empty());
        served.kill9().await;
    }
}

#[tokio::test]
async fn what_a_server_does_not_take_now_is_sent_later_once() {
    let url = fresh_database().await;
    let faults = [
        SmtpFault::OnRecipient("450 4.2.0 greylisted"),
        SmtpFault::OnMail("421 4.3.2 shutting down"),
        SmtpFault::OnContent("451 4.3.0 try again"),
    ];
    let mailbox = Mailbox::open(SmtpSink::start(&faults)).await;
    let served = mailbox.serve(&url, &[]).await;
    mailbox.ask(&[ANN.to_owned()]);
    none_left(&url, UNSENT, LIMIT).await;
    assert_eq!(mailbox.smtp.counts(&[ANN.to_owned()]), [1]);
    served.kill9().await;
}

#[tokio::test]
async fn an_attempt_without_an_answer_is_found_in_the_sent_folder_by_its_message_id() {
    let url = fresh_database().await;
    let mailbox = Mailbox::open(SmtpSink::start(&[SmtpFault::AnswerLost])).await;
    // The provider keeps the copies of what it sends.
    let served = mailbox.serve(&url, &[("EMAIL_SENT_COPIES", "off")]).await;
    mailbox.ask(&[ANN.to_owned()]);
    becomes("mails that the server took", 1, async || mailbox.smtp.mails().len()).await;
    let kept = mailbox.smtp.mails()[0].clone();
    mailbox.dovecot.keep(&kept.text);
    none_left(&url, "select 1 - count(*) from deliveries where state = 'sending'", LIMIT).await;
    quiet_time_passes(&url, DELIVERY_QUIET).await;
    none_left(&url, UNSENT, LIMIT).await;
    assert_eq!(mailbox.smtp.counts(&[ANN.to_owned()]), [1]);
    let id = kept.field("Message-ID").unwrap();
    let known = format!("select count(*) from deliveries where provider_id = '{id}' and attempts = 1");
    assert_eq!(count(&client(&url).await, &known).await, 1);
    served.kill9().await;
}

/// The look-up is by the copy, and without the answer there is none: SMTP itself can't be asked.
#[tokio::test]
async fn an_accepted_mail_whose_answer_was_lost_without_a_copy_is_repeated_once_under_its_message_id() {
    let url = fresh_database().await;
    let mailbox = Mailbox::open(SmtpSink::start(&[SmtpFault::AnswerLost])).await;
    let served = mailbox.serve(&url, &[]).await;
    mailbox.ask(&[ANN.to_owned()]);
    none_left(&url, "select 1 - count(*) from deliveries where state = 'sending'", LIMIT).await;
    becomes("mails that the server took", 1, async || mailbox.smtp.mails().len()).await;
    quiet_time_passes(&url, DELIVERY_QUIET).await;
    none_left(&url, UNSENT, LIMIT).await;
    let ids: Vec<_> = mailbox.smtp.mails().iter().map(|mail| mail.field("Message-ID")).collect();
    assert_eq!(ids.len(), 2);
    assert_eq!(ids[0], ids[1]);
    assert_eq!(mailbox.dovecot.sent().len(), 1, "of the second attempt");
    served.kill9().await;
}

#[tokio::test]
async fn an_attempt_that_never_arrived_is_made_once_more_and_then_left_to_staff() {
    let url = fresh_database().await;
    let faults = [SmtpFault::ContentLost, SmtpFault::ContentLost];
    let mailbox = Mailbox::open(SmtpSink::start(&faults)).await;
    let served = mailbox.serve(&url, &[]).await;
    mailbox.ask(&[ANN.to_owned()]);
    for attempt in 1..=2 {
        let tried =
            format!("select 1 - count(*) from deliveries where state = 'sending' and attempts = {attempt}");
        none_left(&url, &tried, LIMIT).await;
        quiet_time_passes(&url, DELIVERY_QUIET).await;
    }
    none_left(&url, "select 1 - count(*) from deliveries where state = 'failed'", LIMIT).await;
    assert!(mailbox.smtp.mails().is_empty());
    let told = "select count(*) from escalations where reason = 'failure'";
    assert_eq!(count(&client(&url).await, told).await, 1);
    served.kill9().await;
}
