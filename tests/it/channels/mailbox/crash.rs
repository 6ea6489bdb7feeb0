//! Crash tests of sync and send: SIGKILL at each step, and at any moment.

use std::collections::HashMap;

use fte::domain::runtime::timing::DELIVERY_QUIET;

use super::rig::{Mailbox, customers, first_id, question, quiet_time_passes};
use crate::support::gmail::FakeGmail;
use crate::support::postgres::{client, fresh_database};
use crate::support::smtp::SmtpSink;
use crate::support::verdict::{all_settled, assert_answered_exactly_once, count, none_left};
use crate::support::wait::{LIMIT, eventually, reaches};

const SIGKILL: i32 = 9;
const MAILS: usize = 30;
/// Mails on their way at a time (`SENDS_AT_ONCE` in `cli/wiring/email.rs`): a kill leaves no more in doubt.
const AT_ONCE: usize = 4;
const KILLS: usize = 4;
/// Statements of a killed process may still commit.
const SESSIONS: &str = "select count(*) from pg_stat_activity
                        where datname = current_database() and application_name = 'fte'";

async fn restarted(mailbox: &Mailbox, url: &str) {
    none_left(url, SESSIONS, LIMIT).await;
    quiet_time_passes(url, DELIVERY_QUIET).await;
    let served = mailbox.serve(url, &[]).await;
    mailbox.answered(&customers(0..MAILS)).await;
    all_settled(url, LIMIT).await;
    assert_answered_exactly_once(url).await;
    served.kill9().await;
}

/// A mail that was on its way at the kill may have been accepted while its copy was not kept: it is sent again, once,
/// under the same Message-ID.
#[tokio::test]
async fn a_crash_at_each_step_loses_no_mail_and_repeats_only_those_on_their_way() {
    for (point, most_doubled) in [
        // Nothing is stored yet, so that nothing is on its way.
        ("feed.listed", 0),
        ("intake.received:10", AT_ONCE),
        ("feed.written", 0),
        ("crm.store.committed", AT_ONCE),
        ("feed.stored", AT_ONCE),
        // Not the mail whose sending is killed: it was not handed over yet, or its copy is kept.
        ("delivery.chat.before:10", AT_ONCE - 1),
        ("delivery.chat.answered:10", AT_ONCE - 1),
    ] {
        let url = fresh_database().await;
        let mailbox = Mailbox::open(SmtpSink::start(&[])).await;
        let doomed = mailbox.serve(&url, &[("FTE_FAILPOINT", point)]).await;
        mailbox.ask(&customers(0..MAILS));
        assert_eq!(doomed.wait_death().await, Some(SIGKILL), "{point}");
        restarted(&mailbox, &url).await;
        let counts = mailbox.smtp.counts(&customers(0..MAILS));
        let doubled = doubled_mails(&mailbox);
        assert_eq!(counts.iter().sum::<usize>(), MAILS + doubled, "{point}");
        assert!(doubled <= most_doubled, "{point}: {doubled}");
    }
}

/// SMTP has no way to ask whether a mail was accepted: a crash between that and the copy sends it again under the same
/// Message-ID, by which receivers recognise it.
#[tokio::test]
async fn a_crash_between_the_acceptance_and_the_copy_repeats_a_mail_under_its_message_id() {
    let url = fresh_database().await;
    let mailbox = Mailbox::open(SmtpSink::start(&[])).await;
    let doomed = mailbox.serve(&url, &[("FTE_FAILPOINT", "email.accepted:10")]).await;
    mailbox.ask(&customers(0..MAILS));
    assert_eq!(doomed.wait_death().await, Some(SIGKILL));
    restarted(&mailbox, &url).await;
    let doubled = doubled_mails(&mailbox);
    assert!((1..=AT_ONCE).contains(&doubled), "{doubled} were repeated");
    assert_eq!(mailbox.smtp.mails().len(), MAILS + doubled);
}

/// Mails and cursor are stored together: after a kill the cursor is behind exactly those mails that are stored.
#[tokio::test]
async fn mails_and_cursor_are_stored_in_one_transaction() {
    const CURSOR: &str = "select cursor from channel_cursors where account like 'imap:%'";
    for point in ["feed.written", "crm.store.committed", "crm.store.committed:2"] {
        let url = fresh_database().await;
        let mailbox = Mailbox::open(SmtpSink::start(&[])).await;
        let known = mailbox.serve(&url, &[]).await;
        none_left(&url, "select 1 - count(*) from channel_cursors where account like 'imap:%'", LIMIT).await;
        known.kill9().await;
        none_left(&url, SESSIONS, LIMIT).await;
        mailbox.ask(&customers(0..MAILS));
        let doomed = mailbox.serve(&url, &[("FTE_FAILPOINT", point), ("AGENT_POOL_SIZE", "0")]).await;
        if point == "crm.store.committed:2" {
            reaches("stored mails", MAILS, async || stored(&url).await).await;
            mailbox.ask(&customers(MAILS..MAILS + 1));
        }
        assert_eq!(doomed.wait_death().await, Some(SIGKILL), "{point}");
        none_left(&url, SESSIONS, LIMIT).await;
        let cursor: String = client(&url).await.query_one(CURSOR, &[]).await.unwrap().get(0);
        let uid: usize = cursor.split(':').nth(1).unwrap().parse().unwrap();
        let expected = match point {
            "feed.written" => 0,
            "crm.store.committed" => MAILS,
            _ => MAILS + 1,
        };
        assert_eq!((stored(&url).await, uid), (expected, expected), "{point}");
    }
}

async fn stored(url: &str) -> usize {
    let stored = "select count(*) from messages where channel = 'email' and direction = 'inbound'";
    usize::try_from(count(&client(url).await, stored).await).unwrap()
}

/// How many mails were accepted more than once; each of them at most twice.
fn doubled_mails(mailbox: &Mailbox) -> usize {
    let mut seen: HashMap<String, usize> = HashMap::new();
    for mail in mailbox.smtp.mails().iter() {
        *seen.entry(mail.field("Message-ID").unwrap()).or_default() += 1;
    }
    assert!(seen.values().all(|count| *count <= 2), "{seen:?}");
    assert_eq!(seen.len(), MAILS, "each mail has one answer");
    seen.values().filter(|count| **count == 2).count()
}

#[tokio::test]
async fn kills_at_any_moment_leave_no_mail_without_an_answer() {
    let url = fresh_database().await;
    let mailbox = Mailbox::open(SmtpSink::start(&[])).await;
    let all = customers(0..MAILS);
    for round in 0..KILLS {
        let served = mailbox.serve(&url, &[]).await;
        mailbox.ask(&all[round * 5..round * 5 + 5]);
        reaches("mails that were sent", 2 * round, async || mailbox.smtp.mails().len()).await;
        served.kill9().await;
        none_left(&url, SESSIONS, LIMIT).await;
        quiet_time_passes(&url, DELIVERY_QUIET).await;
    }
    mailbox.ask(&all[20..]);
    let served = mailbox.serve(&url, &[]).await;
    let unread =
        format!("select {MAILS} - count(*) from messages where channel = 'email' and direction = 'inbound'");
    none_left(&url, &unread, LIMIT).await;
    all_settled(&url, LIMIT).await;
    assert_doubled_or_left_to_staff(&url, &mailbox.smtp.counts(&all)).await;
    served.kill9().await;
}

/// A reply that was in doubt at two kills is not sent a third time: staff decide (PROTOCOL.md 6.3). A kill leaves at
/// most `AT_ONCE` in doubt; a repeated reply was in doubt once at least, one that is left to staff twice.
async fn assert_doubled_or_left_to_staff(url: &str, sent: &[usize]) {
    let database = client(url).await;
    let number = async |query: &str| usize::try_from(count(&database, query).await).unwrap();
    let given_up = "select count(*) from deliveries where state = 'failed' and unresolved_attempts > 0";
    let given_up = number(given_up).await;
    let failures = "select count(*) from escalations where reason = 'failure'";
    assert_eq!(number(failures).await, given_up, "staff are told of those alone");
    assert!(sent.iter().all(|count| *count <= 2), "{sent:?}");
    let of = |times: usize| sent.iter().filter(|count| **count == times).count();
    let (missing, doubled) = (of(0), of(2));
    assert!(missing <= given_up, "{missing} without an answer, {given_up} left to staff");
    assert!(2 * given_up <= KILLS * AT_ONCE, "{given_up} left to staff");
    assert!(doubled <= KILLS * AT_ONCE, "{doubled} were repeated");
}

/// Gmail holds drafts, so that no kill at all sends a mail twice.
#[tokio::test]
async fn a_crash_at_each_step_of_gmail_answers_each_mail_exactly_once() {
    for point in [
        "feed.listed",
        "feed.written",
        "feed.stored",
        "email.draft.made:10",
        "email.draft.stored:10",
        "email.accepted:10",
        "delivery.chat.answered:10",
    ] {
        let url = fresh_database().await;
        let gmail = FakeGmail::start();
        let doomed = gmail.serve(&url, &[("FTE_FAILPOINT", point)]).await;
        let all = customers(0..MAILS);
        for customer in &all {
            gmail.arrive(&question(customer, &first_id(customer), &[]), &["INBOX"]);
        }
        assert_eq!(doomed.wait_death().await, Some(SIGKILL), "{point}");
        none_left(&url, SESSIONS, LIMIT).await;
        quiet_time_passes(&url, DELIVERY_QUIET).await;
        let served = gmail.serve(&url, &[]).await;
        let missing = async || {
            let missing = gmail.state().counts(&all).into_iter().filter(|count| *count == 0).count();
            if missing == 0 { Ok(()) } else { Err(format!("{missing} without an answer")) }
        };
        eventually("answers by Gmail", LIMIT, missing).await;
        all_settled(&url, LIMIT).await;
        assert_eq!(gmail.state().counts(&all), [1; MAILS], "{point}");
        assert_answered_exactly_once(&url).await;
        served.kill9().await;
    }
}
