//! Tests of several processes of each role: what runs by time or reads a feed happens once in the whole system.

use futures_util::future::join_all;
use rustix::process::Signal;
use tokio_postgres::Client;

use crate::support::customers::{Customer, FORGOTTEN, PRICING};
use crate::support::dovecot::{Dovecot, SUPPORT};
use crate::support::postgres::{client, fresh_database};
use crate::support::receiver::Receiver;
use crate::support::served::Served;
use crate::support::smtp::SmtpSink;
use crate::support::verdict::{all_settled, assert_answered_exactly_once, count, none_left};
use crate::support::wait::{LIMIT, becomes, eventually};

/// Each of the three processes has all roles.
const ALL: &str = "intake,agent,delivery,desk";
const AUTHSERV: &str = "mx.acme.example";
const EACH: usize = 8;
const BOSS: &str = "boss@example.com";

/// Each change of a ticket's status, and each claim of a job, which the program itself would not notice to be repeated.
const LEDGER: &str = "
    create table changes (ticket_id uuid, status text);
    create function remember() returns trigger language plpgsql as $$
    begin insert into changes values (new.id, new.status); return new; end $$;
    create trigger remember after update of status on tickets
    for each row when (new.status <> old.status) execute function remember();
    create table claims (name text);
    create function remember_claim() returns trigger language plpgsql as $$
    begin insert into claims values (new.name); return new; end $$;
    create trigger remember after update on scheduled_jobs for each row execute function remember_claim()";

fn mail(from: &str) -> String {
    let date = fte::clock::now().format(&time::format_description::well_known::Rfc2822).unwrap();
    format!(
        "Authentication-Results: {AUTHSERV}; dkim=pass header.d=example.com; dmarc=pass header.from=example.com\r\n\
         From: Ann <{from}>\r\nTo: {SUPPORT}\r\nSubject: Password\r\nMessage-ID: <first.{from}>\r\nDate: {date}\r\n\
         MIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\nHow do I reset my password?\r\n"
    )
}

async fn start_three(url: &str, receiver: &Receiver, dovecot: &Dovecot, smtp: &SmtpSink) -> Vec<Served> {
    let (imap_url, smtp_url) = (dovecot.url(), smtp.url());
    let variables = [
        ("ESCALATION_WEBHOOK_URL", receiver.url.as_str()),
        ("IMAP_URL", &imap_url),
        ("SMTP_URL", &smtp_url),
        ("EMAIL_AUTHSERV_ID", AUTHSERV),
        ("EMAIL_POLL_SECONDS", "1"),
        ("RETENTION_STEPS_DAYS", "30"),
        ("ESCALATION_REMIND_MINUTES", "10"),
        ("REPORT_SCHEDULE", "daily"),
        ("REPORT_TIME", "00:00"),
        ("REPORT_TO", BOSS),
    ];
    Served::start_roles(url, &[ALL, ALL, ALL], &variables).await
}

/// Customers submit the form, as many to each process; every second message escalates.
async fn submit_forms(served: &[Served]) {
    join_all((0..3 * EACH).map(async |n| {
        let text = if n % 2 == 0 { PRICING } else { FORGOTTEN };
        let process = Customer::of(&served[n % 3].base);
        process.submit(&format!("customer-{n}@example.com"), &n.to_string(), text).await
    }))
    .await;
}

async fn every_mail_is_stored(database: &Client) {
    let inbound = "select count(*) from messages where channel = 'email' and direction = 'inbound'";
    let read = async || match count(database, inbound).await {
        read if read == i64::try_from(EACH).unwrap() => Ok(()),
        read => Err(read),
    };
    eventually("mails in the records", LIMIT, read).await;
}

async fn each_notice_was_posted_once(database: &Client, receiver: &Receiver) {
    let escalations = count(database, "select count(*) from escalations").await;
    assert_eq!(receiver.ledger().len(), usize::try_from(escalations).unwrap(), "each notice was posted once");
    let mut told = receiver.told();
    told.dedup();
    assert_eq!(told.len(), receiver.ledger().len());
}

/// Time passes while all three processes are stopped, so that everything is due for each of them at the same moment:
/// tickets end, staff are reminded of each escalation, and two daily reports were missed.
async fn time_passes_for_all_at_once(url: &str, database: &Client, served: &[Served]) {
    none_left(url, "select 1 - count(*) from reports", LIMIT).await;
    served.iter().for_each(|process| process.send(Signal::STOP));
    let old = "update tickets set updated_at = now() - interval '73 hours' where status = 'waiting_customer';
               update conversation_clocks set remind_at = now() where remind_at is not null;
               update reports set first_day = first_day - 2;
               truncate changes";
    database.batch_execute(old).await.unwrap();
    served.iter().for_each(|process| process.send(Signal::CONT));
}

async fn overdue_tickets_are_resolved_once(url: &str, database: &Client) {
    none_left(url, "select count(*) from tickets where status = 'waiting_customer'", LIMIT).await;
    let twice =
        "select count(*) from (select from changes group by ticket_id, status having count(*) > 1) twice";
    assert_eq!(count(database, twice).await, 0, "a ticket was resolved twice");
    assert!(count(database, "select count(*) from changes where status = 'resolved'").await >= 3 * 4);
}

async fn each_reminder_is_posted_once(url: &str, database: &Client, receiver: &Receiver) {
    none_left(url, "select count(*) from conversation_clocks where remind_at <= now()", LIMIT).await;
    none_left(url, "select count(*) from escalations where notified_at is null", LIMIT).await;
    let reminders = count(database, "select count(*) from escalation_reminders").await;
    assert!(reminders >= 3, "{reminders} reminders");
    let told = count(database, "select count(*) from escalations").await + reminders;
    assert_eq!(receiver.ledger().len(), usize::try_from(told).unwrap(), "each reminder was posted once");
}

/// The one from before the program's first start is not made.
async fn each_missed_report_is_mailed_once(url: &str, smtp: &SmtpSink) {
    none_left(url, "select 3 - count(*) from reports", LIMIT).await;
    none_left(url, "select count(*) from report_mails where settled_at is null or failed", LIMIT).await;
    assert_eq!(smtp.counts(&[BOSS.to_owned()]), [2]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn notices_mails_reports_and_schedules_happen_once_with_three_of_each_role() {
    let (url, receiver, dovecot) = (fresh_database().await, Receiver::start(&[]), Dovecot::start().await);
    let smtp = SmtpSink::start(&[]);
    let database = client(&url).await;
    database.batch_execute(LEDGER).await.unwrap();
    let served = start_three(&url, &receiver, &dovecot, &smtp).await;

    // Every process reads the mailbox, and every one is told of the escalations and of the work.
    let senders: Vec<String> = (0..EACH).map(|n| format!("mail-{n}@example.com")).collect();
    senders.iter().for_each(|sender| dovecot.deliver(sender, &mail(sender)));
    submit_forms(&served).await;
    every_mail_is_stored(&database).await;
    all_settled(&url, LIMIT).await;
    none_left(&url, "select count(*) from escalations where notified_at is null", LIMIT).await;
    becomes("answers by mail", vec![1; EACH], async || smtp.counts(&senders)).await;
    each_notice_was_posted_once(&database, &receiver).await;

    time_passes_for_all_at_once(&url, &database, &served).await;
    overdue_tickets_are_resolved_once(&url, &database).await;
    each_reminder_is_posted_once(&url, &database, &receiver).await;
    each_missed_report_is_mailed_once(&url, &smtp).await;
    // Each process has tried to claim the retention job, which is due again an hour later.
    let claims = "select count(*) from claims where name = 'retention'";
    becomes("claims of the retention job", 1, async || count(&database, claims).await).await;
    assert_answered_exactly_once(&url).await;
    join_all(served.into_iter().map(Served::terminate)).await;
}
