//! Scheduled reports by mail: once in the whole system, made up after an outage, and neither lost nor doubled by a crash.

use fte::clock;
use time::Duration;

use super::rig::Mailbox;
use crate::accounts::client::account;
use crate::support::postgres::{client, fresh_database};
use crate::support::served::Served;
use crate::support::smtp::{SmtpFault, SmtpSink};
use crate::support::verdict::{count, none_left};
use crate::support::wait::{LIMIT, becomes};

const BOSS: &str = "boss@example.com";
const OTHER: &str = "other@example.com";
const UNSENT: &str = "select count(*) from report_mails where settled_at is null or failed";
const BEGUN: &str = "select 3 - count(*) from reports where kind = 'daily'";
const AT_MIDNIGHT: (&str, &str) = ("REPORT_TIME", "00:00");

/// The daily report was made before, and missed for two days.
async fn missed(url: &str) {
    let last = clock::now().date() - Duration::days(3);
    let begun = format!("insert into reports (kind, first_day) values ('daily', '{last}')");
    client(url).await.batch_execute(&begun).await.unwrap();
}

#[tokio::test]
async fn three_processes_make_up_each_missed_report_once_for_every_admin() {
    let url = fresh_database().await;
    missed(&url).await;
    account(&url, BOSS, "admin").await;
    account(&url, OTHER, "admin").await;
    account(&url, "agent@example.com", "agent").await;
    let mailbox = Mailbox::open(SmtpSink::start(&[SmtpFault::OnRecipient("450 4.2.0 later")])).await;
    let (imap, smtp) = (mailbox.dovecot.url(), mailbox.smtp.url());
    let variables = [("IMAP_URL", imap.as_str()), ("SMTP_URL", smtp.as_str()), AT_MIDNIGHT];
    let served = Served::start_roles(&url, &["intake,agent,delivery,desk"; 3], &variables).await;
    none_left(&url, BEGUN, LIMIT).await;
    // What was put off is due at once.
    let now = "update report_mails set due_at = now() where not in_doubt and settled_at is null";
    let database = client(&url).await;
    becomes("reports that are not sent", 0, async || {
        database.batch_execute(now).await.unwrap();
        count(&database, UNSENT).await
    })
    .await;
    let receivers = [BOSS, OTHER, "agent@example.com", "admin@localhost"].map(str::to_owned);
    assert_eq!(mailbox.smtp.counts(&receivers), [2, 2, 0, 0]);
    let mails = mailbox.smtp.mails().clone();
    let yesterday = clock::now().date() - Duration::days(1);
    let newest = mails.iter().filter(|mail| mail.field("Subject").unwrap().contains(&yesterday.to_string()));
    assert_eq!(newest.count(), 2);
    for mail in &mails {
        assert_eq!(mail.field("Auto-Submitted").as_deref(), Some("auto-generated"));
        assert!(mail.field("Content-Type").unwrap().starts_with("multipart/alternative"), "{}", mail.text);
        assert!(mail.text.contains("| Conversations | 0 |"), "{}", mail.text);
    }
    // The weekly schedule begins with this program: it reports on nothing from before.
    none_left(&url, "select 1 - count(*) from reports where kind = 'weekly'", LIMIT).await;
    for process in served {
        process.kill9().await;
    }
}

#[cfg(feature = "failpoints")]
#[tokio::test]
async fn a_crash_after_a_report_was_sent_does_not_send_it_again() {
    let url = fresh_database().await;
    let last = clock::now().date() - Duration::days(2);
    let begun = format!("insert into reports (kind, first_day) values ('daily', '{last}')");
    client(&url).await.batch_execute(&begun).await.unwrap();
    let mailbox = Mailbox::open(SmtpSink::start(&[])).await;
    let only = [AT_MIDNIGHT, ("REPORT_SCHEDULE", "daily"), ("REPORT_TO", BOSS)];
    let doomed = mailbox.serve(&url, &[only.as_slice(), &[("FTE_FAILPOINT", "report.sent")]].concat()).await;
    assert_eq!(doomed.wait_death().await, Some(9));
    assert_eq!(mailbox.smtp.counts(&[BOSS.to_owned()]), [1]);
    // The lease of the process that died ends.
    let ends = "update report_mails set due_at = now()";
    client(&url).await.batch_execute(ends).await.unwrap();
    let served = mailbox.serve(&url, &only).await;
    none_left(&url, UNSENT, LIMIT).await;
    assert_eq!(mailbox.smtp.counts(&[BOSS.to_owned()]), [1]);
    served.kill9().await;
}
