//! Verification codes of the WhatsApp linking, mailed through the mailbox of the e-mail channel.

use super::rig::Mailbox;
use crate::support::customers::{Customer, FORGOTTEN};
use crate::support::gmail::{FakeGmail, SUPPORT};
use crate::support::postgres::{client, fresh_database};
use crate::support::served::Served;
use crate::support::smtp::SmtpSink;
use crate::support::twilio::FakeTwilio;
use crate::support::verdict::{count, none_left};
use crate::support::wait::{LIMIT, eventually};
use crate::support::whatsapp::form;

const PHONE: &str = "+4915112345678";
const MAIL: &str = "ann@example.com";

/// A customer who used the web form asks for a code in a chat, and types the mailed one. The mails are what the provider
/// was given for them.
async fn links(url: &str, served: &Served, twilio: &FakeTwilio, mails: impl Fn() -> Vec<String>) {
    Customer::of(&served.base).submit(MAIL, "one", FORGOTTEN).await;
    twilio.write(&served.base, &form(PHONE, "SM1", &format!("my e-mail is {MAIL}"))).await;
    let mailed = async || {
        mails().into_iter().find(|mail| mail.contains(&format!("To: <{MAIL}>"))).ok_or(mails().len())
    };
    let (mail, _) = eventually("a mail with a code", LIMIT, mailed).await;
    assert!(mail.contains("Auto-Submitted: auto-generated") && mail.contains(SUPPORT), "{mail}");
    let body = mail.split_once("\r\n\r\n").unwrap().1;
    let code = body.split(|c: char| !c.is_ascii_digit()).find(|digits| digits.len() == 6).unwrap();
    twilio.replied(PHONE, 1, LIMIT).await;
    twilio.write(&served.base, &form(PHONE, "SM2", code)).await;
    none_left(url, "select 1 - count(*) from link_challenges where state = 'used'", LIMIT).await;
    let customers = "select count(distinct customer_id) from customer_identifiers";
    assert_eq!(count(&client(url).await, customers).await, 1);
}

#[tokio::test]
async fn a_code_is_mailed_by_gmail() {
    let url = fresh_database().await;
    let (gmail, twilio) = (FakeGmail::start(), FakeTwilio::open());
    let origins = twilio.sandbox.origins().join(",");
    let served = gmail.serve(&url, &twilio.variables(&origins)).await;
    links(&url, &served, &twilio, || gmail.state().sent()).await;
    served.kill9().await;
}

#[tokio::test]
async fn a_code_is_mailed_by_smtp() {
    let url = fresh_database().await;
    let (mailbox, twilio) = (Mailbox::open(SmtpSink::start(&[])).await, FakeTwilio::open());
    let origins = twilio.sandbox.origins().join(",");
    let served = mailbox.serve(&url, &twilio.variables(&origins)).await;
    let mails = || mailbox.smtp.mails().iter().map(|mail| mail.text.clone()).collect();
    links(&url, &served, &twilio, mails).await;
    served.kill9().await;
}
