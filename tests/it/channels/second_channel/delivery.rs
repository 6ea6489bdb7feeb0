//! Replies of two provider channels: each by its own channel, once, whatever the provider answers.

use fte::actors::messages::CheckStatus;
use fte::domain::enums::{Channel, DeliveryState, FailureCause};
use fte::domain::messages::delivery::{Failure, Known, StatusUpdate};

use super::mail::{FakeMail, Fault, mail, message_id};
use super::rig::Rig;
use crate::support::postgres::{client, fresh_database};
use crate::support::twilio::FakeTwilio;
use crate::support::verdict::{count, none_left};
use crate::support::wait::{LIMIT, becomes};
use crate::support::whatsapp::{chat, form};

const ANN: &str = "ann@example.com";
const BOB: &str = "+4915112345678";
/// Counts nothing once so many replies were sent or failed.
const UNSETTLED: &str = "select case when count(*) = 0 then 1 else
    count(*) filter (where state in ('pending', 'sending')) end from deliveries";

#[actix::test]
async fn each_reply_goes_out_once_by_the_channel_that_was_written_on() {
    let url = fresh_database().await;
    let (twilio, mails) = (FakeTwilio::open(), FakeMail::new());
    let rig = Rig::start(&url, &twilio, &mails).await;
    rig.write(mail(ANN, "<1@example.com>", &[])).await;
    rig.write(chat(&form(BOB, "SM1", "How do I reset my password?"))).await;
    twilio.replied(BOB, 1, LIMIT).await;
    none_left(&url, "select 2 - count(*) from deliveries where state = 'sent'", LIMIT).await;
    // The delivery actors look again for these: a second sending of the first replies would show.
    rig.write(mail("eve@example.com", "<2@example.com>", &[])).await;
    rig.write(chat(&form("+4915112345679", "SM2", "How do I reset my password?"))).await;
    none_left(&url, "select 4 - count(*) from deliveries where state = 'sent'", LIMIT).await;
    rig.stop().await;

    let requests = mails.ledger().requests;
    assert_eq!((requests, mails.texts_to(ANN), twilio.texts_to(BOB).len()), (2, 1, 1));
    let thread = mails.ledger().accepted[0].mail.clone().unwrap();
    assert_eq!(
        (thread.subject.as_str(), thread.in_reply_to.as_deref()),
        ("Password", Some("<1@example.com>"))
    );
    let own = "select count(*) from deliveries d join messages m on m.id = d.message_id
               where d.channel = m.channel and d.attempts = 1";
    assert_eq!(count(&client(&url).await, own).await, 4);
}

#[actix::test]
async fn a_reply_whose_answer_was_lost_is_found_at_its_provider_and_one_that_never_arrived_is_sent_again() {
    let url = fresh_database().await;
    let (twilio, mails) = (FakeTwilio::open(), FakeMail::with(&[Fault::AnswerLost, Fault::RequestLost]));
    let rig = Rig::start(&url, &twilio, &mails).await;
    rig.write(mail(ANN, "<1@example.com>", &[])).await;
    none_left(&url, "select 1 - count(*) from deliveries where state = 'sending'", LIMIT).await;
    rig.write(mail("eve@example.com", "<2@example.com>", &[])).await;
    none_left(&url, "select 2 - count(*) from deliveries where state = 'sent'", LIMIT).await;
    rig.stop().await;

    assert_eq!((mails.texts_to(ANN), mails.texts_to("eve@example.com")), (1, 1));
    assert_eq!(mails.ledger().requests, 3);
    assert!(mails.ledger().doubts.len() >= 2, "both were looked for");
    let ambiguous = "select count(*) from deliveries where unresolved_attempts = 1 and attempts = 2";
    assert_eq!(count(&client(&url).await, ambiguous).await, 1);
}

#[actix::test]
async fn a_status_counts_in_its_own_channel_and_its_cause_is_kept() {
    let url = fresh_database().await;
    let (twilio, mails) = (FakeTwilio::open(), FakeMail::new());
    let rig = Rig::start(&url, &twilio, &mails).await;
    rig.write(mail(ANN, "<1@example.com>", &[])).await;
    rig.write(chat(&form(BOB, "SM1", "How do I reset my password?"))).await;
    none_left(&url, "select 2 - count(*) from deliveries where state = 'sent'", LIMIT).await;
    let database = client(&url).await;
    let same = "update deliveries set provider_id = 'same'";
    assert_eq!(database.execute(same, &[]).await.unwrap(), 2);

    let bounced = |delivery| StatusUpdate {
        channel: Channel::Email,
        delivery,
        provider_id: Some("same".to_owned()),
        state: DeliveryState::Failed,
        failure: Some(Failure::new(FailureCause::Bounced, "550 5.1.1 no such mailbox")),
        refused: Vec::new(),
    };
    let theirs: uuid::Uuid =
        database.query_one("select id from deliveries where channel = 'whatsapp'", &[]).await.unwrap().get(0);
    assert_eq!(rig.report(bounced(Some(theirs.into()))).await, Known::Yes, "found by the provider's id");
    let other = StatusUpdate { provider_id: Some("other".to_owned()), ..bounced(Some(theirs.into())) };
    assert_eq!(rig.report(other).await, Known::No, "another channel's delivery");
    rig.stop().await;

    let states = "select channel, state, cause from deliveries order by channel";
    let rows = database.query(states, &[]).await.unwrap();
    let found: Vec<(String, String, Option<String>)> =
        rows.iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect();
    assert_eq!((found[0].1.as_str(), found[0].2.as_deref()), ("failed", Some("bounced")));
    assert_eq!((found[1].1.as_str(), found[1].2.as_deref()), ("sent", None));
    let told = "select count(*) from escalations where reason = 'failure' and summary like '%550 5.1.1%'";
    assert_eq!(count(&database, told).await, 1);
}

#[actix::test]
async fn what_an_adapter_calls_an_opt_out_is_one_and_is_not_escalated() {
    let url = fresh_database().await;
    let refusals = [Fault::Refused(FailureCause::OptedOut), Fault::Refused(FailureCause::InvalidAddress)];
    let (twilio, mails) = (FakeTwilio::open(), FakeMail::with(&refusals));
    let rig = Rig::start(&url, &twilio, &mails).await;
    rig.write(mail(ANN, "<1@example.com>", &[])).await;
    none_left(&url, UNSETTLED, LIMIT).await;
    let database = client(&url).await;
    let out = "select count(*) from customer_identifiers where kind = 'email' and opted_out_at is not null";
    assert_eq!(count(&database, out).await, 1);
    assert_eq!(count(&database, "select count(*) from escalations").await, 0);

    rig.write(mail("eve@example.com", "<2@example.com>", &[])).await;
    none_left(&url, "select 1 - count(*) from deliveries where cause = 'invalid_address'", LIMIT).await;
    rig.stop().await;
    assert_eq!(count(&database, "select count(*) from escalations").await, 1);
    assert_eq!(count(&database, out).await, 1);
}

#[actix::test]
async fn a_sent_reply_that_the_records_do_not_have_is_an_error_of_its_channel() {
    let url = fresh_database().await;
    let (twilio, mails) = (FakeTwilio::open(), FakeMail::new());
    mails.gate.forget_permits(1_000);
    let rig = Rig::start(&url, &twilio, &mails).await;
    rig.write(mail(ANN, "<1@example.com>", &[])).await;
    none_left(&url, "select 1 - count(*) from deliveries where state = 'sending'", LIMIT).await;
    client(&url).await.execute("delete from deliveries", &[]).await.unwrap();
    mails.gate.add_permits(1);
    becomes("the check of mail", CheckStatus::Degraded, async || {
        let health = rig.health().await;
        let status = |name| health.checks.iter().find(|check| check.name == name).unwrap().status;
        assert_eq!(status("whatsapp"), CheckStatus::Ok);
        status("email")
    })
    .await;
    rig.stop().await;
    assert_eq!(mails.ledger().accepted.len(), 1);
}

#[actix::test]
async fn a_reply_to_a_mail_of_ours_goes_on_in_its_conversation_for_its_own_sender_alone() {
    let url = fresh_database().await;
    let (twilio, mails) = (FakeTwilio::open(), FakeMail::new());
    let rig = Rig::start(&url, &twilio, &mails).await;
    rig.write(mail(ANN, "<1@example.com>", &[])).await;
    none_left(&url, "select 1 - count(*) from deliveries where state = 'sent'", LIMIT).await;
    let ours = message_id(mails.ledger().accepted[0].delivery);
    rig.write(mail(ANN, "<2@example.com>", &["<lost@example.com>".to_owned(), ours.clone()])).await;
    rig.write(mail("eve@example.com", "<3@example.com>", std::slice::from_ref(&ours))).await;
    rig.write(mail(ANN, "<4@example.com>", &["<unknown@example.com>".to_owned()])).await;
    rig.stop().await;

    let database = client(&url).await;
    let placed = "select array_agg(external_id order by external_id)::text from messages
                  where direction = 'inbound' group by conversation_id order by min(external_id)";
    let rows = database.query(placed, &[]).await.unwrap();
    let together: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    assert_eq!(together, ["{<1@example.com>,<2@example.com>}", "{<3@example.com>}", "{<4@example.com>}"]);
}
