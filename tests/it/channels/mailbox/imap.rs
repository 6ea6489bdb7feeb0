//! Mails that arrive: each is taken in once, whatever happens to the server in between.

use rustix::process::Signal;

use super::rig::{Mailbox, customers, first_id, question};
use crate::support::customers::Customer;
use crate::support::postgres::{client, fresh_database};
use crate::support::smtp::SmtpSink;
use crate::support::verdict::{all_settled, assert_answered_exactly_once, count, none_left};
use crate::support::wait::{LIMIT, becomes, eventually};

const ANN: &str = "ann@example.com";
const STORED: &str = "select count(*) from messages where channel = 'email' and direction = 'inbound'";

#[tokio::test]
async fn a_mail_is_answered_in_its_thread_and_the_copy_is_kept() {
    let url = fresh_database().await;
    let mailbox = Mailbox::open(SmtpSink::start(&[])).await;
    let served = mailbox.serve(&url, &[]).await;
    mailbox.ask(&[ANN.to_owned()]);
    mailbox.answered(&[ANN.to_owned()]).await;
    all_settled(&url, LIMIT).await;

    let reply = mailbox.smtp.mails()[0].clone();
    assert_eq!(reply.to, [ANN]);
    let field = |name| reply.field(name).unwrap_or_default();
    assert_eq!((field("In-Reply-To"), field("Subject")), (first_id(ANN), "Re: Password".to_owned()));
    assert_eq!((field("References"), field("Auto-Submitted")), (first_id(ANN), "auto-replied".to_owned()));
    becomes("copies in the Sent folder", 1, async || mailbox.dovecot.sent().len()).await;
    assert!(mailbox.dovecot.sent()[0].contains(&field("Message-ID")));

    let thread = [first_id(ANN), field("Message-ID")];
    let references: Vec<&str> = thread.iter().map(String::as_str).collect();
    mailbox.dovecot.deliver(ANN, &question(ANN, "<second@example.com>", &references));
    none_left(&url, &format!("select 2 - ({STORED})"), LIMIT).await;
    all_settled(&url, LIMIT).await;
    let database = client(&url).await;
    assert_eq!(count(&database, "select count(distinct conversation_id) from messages").await, 1);
    assert_answered_exactly_once(&url).await;
    let (status, _) = served.terminate().await;
    assert!(status.success());
}

#[tokio::test]
async fn mails_from_before_the_program_knew_the_mailbox_are_left_alone() {
    let url = fresh_database().await;
    let mailbox = Mailbox::open(SmtpSink::start(&[])).await;
    let old = "Received: from x by y; Tue, 3 Nov 2026 08:00:00 +0000\r\n";
    let mail = question("old@example.com", "<old@example.com>", &[]);
    let (head, date) = mail.split_once("Date: ").unwrap();
    let (_, rest) = date.split_once("\r\n").unwrap();
    let moved = format!("{old}{head}Date: Tue, 3 Nov 2026 07:59:00 +0000\r\n{rest}");
    let served = mailbox.serve(&url, &[]).await;
    none_left(&url, "select 1 - count(*) from channel_cursors where account like 'imap:%'", LIMIT).await;
    // A person moves a mail of last month into the folder.
    mailbox.dovecot.move_in(&moved);
    mailbox.ask(&[ANN.to_owned()]);
    mailbox.answered(&[ANN.to_owned()]).await;
    assert_eq!(count(&client(&url).await, STORED).await, 1);
    served.kill9().await;
}

#[tokio::test]
async fn a_server_that_restarts_during_idle_costs_no_mail() {
    let url = fresh_database().await;
    let mailbox = Mailbox::open(SmtpSink::start(&[])).await;
    let served = mailbox.serve(&url, &[]).await;
    let (before, after) = (customers(0..5), customers(5..10));
    mailbox.ask(&before);
    mailbox.answered(&before).await;
    mailbox.dovecot.stop().await;
    becomes("the check of e-mail", "degraded".to_owned(), async || {
        Customer::of(&served.base).check("email").await
    })
    .await;
    mailbox.dovecot.run().await;
    mailbox.ask(&after);
    mailbox.answered(&after).await;
    becomes("the check of e-mail", "ok".to_owned(), async || Customer::of(&served.base).check("email").await)
        .await;
    all_settled(&url, LIMIT).await;
    assert_eq!(mailbox.smtp.counts(&customers(0..10)), [1; 10]);
    assert_answered_exactly_once(&url).await;
    served.kill9().await;
}

#[tokio::test]
async fn a_changed_uidvalidity_answers_nothing_twice_and_misses_nothing() {
    let url = fresh_database().await;
    let mailbox = Mailbox::open(SmtpSink::start(&[])).await;
    let served = mailbox.serve(&url, &[]).await;
    let (before, after) = (customers(0..60), customers(60..65));
    mailbox.ask(&before);
    mailbox.answered(&before).await;
    let cursor = async || {
        let read = "select cursor from channel_cursors where account like 'imap:%'";
        client(&url).await.query_one(read, &[]).await.unwrap().get::<_, String>(0)
    };
    let old = cursor().await;
    mailbox.dovecot.stop().await;
    mailbox.dovecot.forget_uids();
    mailbox.dovecot.run().await;
    mailbox.ask(&after);
    mailbox.answered(&after).await;
    let validity = |cursor: &str| cursor.split(':').next().unwrap().to_owned();
    eventually("a cursor of the new UIDVALIDITY", LIMIT, async || {
        let now = cursor().await;
        if validity(&now) != validity(&old) && now.contains(":65:") { Ok(()) } else { Err(now) }
    })
    .await;
    all_settled(&url, LIMIT).await;
    assert_eq!(mailbox.smtp.counts(&customers(0..65)), [1; 65]);
    assert_eq!(count(&client(&url).await, STORED).await, 65);
    assert_answered_exactly_once(&url).await;
    served.kill9().await;
}

#[tokio::test]
async fn two_processes_on_one_mailbox_answer_each_mail_once() {
    let url = fresh_database().await;
    let mailbox = Mailbox::open(SmtpSink::start(&[])).await;
    let first = mailbox.serve(&url, &[]).await;
    let second = mailbox.serve(&url, &[]).await;
    let all = customers(0..20);
    mailbox.ask(&all);
    mailbox.answered(&all).await;
    all_settled(&url, LIMIT).await;
    assert_eq!(mailbox.smtp.counts(&all), [1; 20]);
    for served in [first, second] {
        served.send(Signal::TERM);
        served.kill9().await;
    }
}
