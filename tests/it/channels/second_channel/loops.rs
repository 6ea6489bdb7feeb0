//! Mail loops: machines that answer each other end, whatever they write.

use fte::channels::email::inbound::{KeptFiles, MailLocation, inquiry, interpret};
use fte::channels::email::message::MailLimits;
use fte::channels::port::fresh_ids;
use fte::domain::conversations::turn::REPLIES_PER_HOUR;
use fte::domain::messages::inquiry::Inquiry;

use super::mail::FakeMail;
use super::rig::Rig;
use crate::channels::email::fixtures::mailbox;
use crate::support::postgres::{client, fresh_database};
use crate::support::twilio::FakeTwilio;
use crate::support::verdict::{count, none_left};
use crate::support::wait::LIMIT;

const ANN: &str = "ann@example.com";
/// Inbound messages that no turn has dealt with, and replies that have not left.
const OPEN: &str = "select (select count(*) from messages m join conversations c on c.id = m.conversation_id
        where m.direction = 'inbound' and m.answered_by is null and c.status = 'active')
    + (select count(*) from deliveries where state in ('pending', 'sending'))";

/// The n-th mail of a sender who is not attested.
fn mail(n: usize, fields: &str, text: &str) -> Inquiry {
    let raw = format!(
        "From: {ANN}\r\nTo: support@acme.example\r\nSubject: Question {n}\r\nMessage-ID: <{n}@example.com>\r\n{fields}\r\n{text}\r\n"
    );
    let own = mailbox();
    let reading = interpret(raw.as_bytes(), &own, &MailLimits::default());
    let location = MailLocation { provider_id: n.to_string(), thread_id: None };
    inquiry(&reading, &location, &own, KeptFiles::default(), fresh_ids()).unwrap()
}

#[actix::test]
async fn an_automatic_answer_to_our_answer_is_the_end() {
    let url = fresh_database().await;
    let (twilio, mails) = (FakeTwilio::open(), FakeMail::new());
    let rig = Rig::start(&url, &twilio, &mails).await;
    rig.write(mail(1, "", "How do I reset my password?")).await;
    none_left(&url, "select 1 - count(*) from deliveries where state = 'sent'", LIMIT).await;
    rig.write(mail(2, "Auto-Submitted: auto-replied\r\n", "I am away.")).await;
    let receipt = "We have received your request (#7). Our team will get back to you within 24 hours.";
    rig.write(mail(3, "", receipt)).await;
    none_left(&url, OPEN, LIMIT).await;
    rig.stop().await;
    assert_eq!(mails.texts_to(ANN), 1);
    let database = client(&url).await;
    assert_eq!(count(&database, "select count(*) from turns where outcome = 'silent'").await, 2);
    assert_eq!(count(&database, "select count(*) from message_emails where automatic").await, 2);
}

#[actix::test]
async fn a_machine_that_looks_like_a_person_gets_no_more_replies_than_the_limit() {
    let url = fresh_database().await;
    let (twilio, mails) = (FakeTwilio::open(), FakeMail::new());
    let rig = Rig::start(&url, &twilio, &mails).await;
    let limit = usize::try_from(REPLIES_PER_HOUR).unwrap();
    for n in 0..limit + 3 {
        rig.write(mail(n, "", &format!("How do I reset my password {n}?"))).await;
        none_left(&url, OPEN, LIMIT).await;
    }
    rig.stop().await;
    assert_eq!(mails.texts_to(ANN), limit);
    let told =
        "select count(*) from escalations where reason = 'failure' and summary like '%within an hour%'";
    assert_eq!(count(&client(&url).await, told).await, 3);
}
