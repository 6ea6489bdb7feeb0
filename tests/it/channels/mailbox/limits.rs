//! Mails in hard conditions: very large ones, those whose work goes through Kafka, and machines that answer each other.

use super::rig::{Mailbox, customers, first_id, question};
use crate::support::dovecot::SUPPORT;
use crate::support::gmail::FakeGmail;
use crate::support::postgres::{client, fresh_database};
use crate::support::served::Served;
use crate::support::smtp::SmtpSink;
use crate::support::verdict::{all_settled, assert_answered_exactly_once, count, none_left};
use crate::support::wait::{LIMIT, becomes, reaches};

const ANN: &str = "ann@example.com";
const LIMIT_KIB: u64 = 256 * 1024;
/// Bytes of the whole mail.
const LARGE: usize = 25 * 1024 * 1024;

/// A question with a file, so large that the whole mail has `LARGE` bytes.
fn large(customer: &str) -> String {
    let line = "QUJD".repeat(19) + "\r\n";
    let file = line.repeat(LARGE / line.len());
    let plain = "Content-Type: text/plain; charset=utf-8\r\n\r\n";
    let mixed = format!("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n{plain}");
    let mail = question(customer, &first_id(customer), &[]).replace(plain, &mixed);
    format!(
        "{mail}--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=a.pdf\r\n\
         Content-Transfer-Encoding: base64\r\n\r\n{file}--b--\r\n"
    )
}

/// The most memory that the program has had (VmHWM), in KiB.
fn peak_kib(served: &Served) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", served.pid())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

#[tokio::test]
async fn a_mail_of_25_mb_is_answered_within_256_mib_by_imap() {
    let url = fresh_database().await;
    let mailbox = Mailbox::open(SmtpSink::start(&[])).await;
    let served = mailbox.serve(&url, &[]).await;
    mailbox.dovecot.deliver(ANN, &large(ANN));
    mailbox.answered(&[ANN.to_owned()]).await;
    assert_kept(&url, &served).await;
}

#[tokio::test]
async fn a_mail_of_25_mb_is_answered_within_256_mib_by_gmail() {
    let url = fresh_database().await;
    let gmail = FakeGmail::start();
    let served = gmail.serve(&url, &[]).await;
    none_left(&url, "select 1 - count(*) from channel_cursors where channel = 'email'", LIMIT).await;
    gmail.arrive(&large(ANN), &["INBOX"]);
    reaches("answers", 1, async || gmail.state().sent().len()).await;
    assert_kept(&url, &served).await;
}

async fn assert_kept(url: &str, served: &Served) {
    let file = "select count(*) from attachments where state = 'stored' and size_bytes > 18000000";
    assert_eq!(count(&client(url).await, file).await, 1);
    let peak = peak_kib(served);
    println!("peak of memory: {peak} KiB");
    assert!(peak < LIMIT_KIB, "{peak} KiB");
}

#[tokio::test]
async fn mails_are_answered_once_with_kafka_between_the_processes() {
    let kafka = crate::support::kafka::shared().await;
    let url = fresh_database().await;
    let mailbox = Mailbox::open(SmtpSink::start(&[])).await;
    let served = mailbox.serve(&url, &[("KAFKA_BOOTSTRAP_SERVERS", kafka.servers.as_str())]).await;
    let all = customers(0..20);
    mailbox.ask(&all);
    mailbox.answered(&all).await;
    all_settled(&url, LIMIT).await;
    none_left(&url, "select count(*) from outbox", LIMIT).await;
    assert_eq!(mailbox.smtp.counts(&all), [1; 20]);
    assert_answered_exactly_once(&url).await;
    served.terminate().await;
}

/// Two programs whose customers are each other: each gets what the other sends.
#[tokio::test]
async fn two_answering_machines_end_after_one_answer() {
    let (ours, theirs) = (fresh_database().await, fresh_database().await);
    let (us, them) = (Mailbox::open(SmtpSink::start(&[])).await, Mailbox::open(SmtpSink::start(&[])).await);
    let first = us.serve(&ours, &[]).await;
    // The other company's mailbox has another address.
    const OTHER: &str = "desk@other.example";
    let second = them.serve(&theirs, &[("EMAIL_ADDRESS", OTHER)]).await;
    us.dovecot.deliver(OTHER, &question(OTHER, &first_id(OTHER), &[]));
    becomes("answers of ours", 1, async || us.smtp.mails().len()).await;
    let answer = us.smtp.mails()[0].clone();
    assert_eq!((answer.from.as_str(), answer.to.as_slice()), (SUPPORT, [OTHER.to_owned()].as_slice()));
    // A machine that says that it is one, and a mail of a person behind it, which shows that it was read before.
    them.dovecot.deliver(SUPPORT, &answer.text);
    let person = question(ANN, &first_id(ANN), &[]).replace(SUPPORT, OTHER);
    them.dovecot.deliver(ANN, &person);
    becomes("answers of theirs", 1, async || them.smtp.mails().len()).await;
    all_settled(&theirs, LIMIT).await;
    assert_eq!(them.smtp.mails()[0].to, [ANN]);
    let silent = "select count(*) from message_emails where automatic and reason = 'automatic'";
    assert_eq!(count(&client(&theirs).await, silent).await, 1);
    assert_eq!(us.smtp.mails().len(), 1);
    for served in [first, second] {
        served.kill9().await;
    }
}
