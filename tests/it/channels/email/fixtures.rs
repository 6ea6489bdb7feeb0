//! The mails of `tests/fixtures/email`, written by `scripts/email_fixtures.py`: each must come to the text, sender,
//! thread, attestation and action that its description expects.

use std::path::PathBuf;

use fte::channels::email::classify::MailVerdict;
use fte::channels::email::inbound::{KeptFiles, MailLocation, MailReading, inquiry, interpret};
use fte::channels::email::message::MailLimits;
use fte::channels::email::own::{Authserv, OwnMailbox};
use fte::channels::port::fresh_ids;
use fte::domain::customers::contact::Email;
use serde::Deserialize;

/// Fewer mean that the descriptions were not found.
const MIN_MAILS: usize = 120;

#[derive(Debug, Deserialize, PartialEq, Eq)]
struct Expected {
    name: String,
    /// `None` where only the rest matters.
    text: Option<String>,
    sender: Option<String>,
    thread: Vec<String>,
    attestation: String,
    action: String,
    files: Vec<String>,
    reports: Vec<Vec<String>>,
    remarks: Vec<String>,
}

/// The mailbox that the mails were written to.
pub fn mailbox() -> OwnMailbox {
    OwnMailbox {
        address: Email::parse("support@acme.example").unwrap(),
        aliases: vec!["help@acme.example".to_owned(), "@shop.acme.example".to_owned()],
        authserv: Some(Authserv::parse("mx.acme.example")),
    }
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/email")
}

fn action(verdict: &MailVerdict) -> String {
    match verdict {
        MailVerdict::Answer => "answer".to_owned(),
        MailVerdict::HandOver(reason) => format!("hand_over:{reason}"),
        MailVerdict::StoreOnly(reason) => format!("store:{reason}"),
        MailVerdict::Report(_) => "report".to_owned(),
    }
}

fn reports(verdict: &MailVerdict) -> Vec<Vec<String>> {
    let MailVerdict::Report(reports) = verdict else {
        return Vec::new();
    };
    let words = |report: &fte::domain::messages::email::DeliveryReport| {
        assert!(report.delivery.is_some(), "{report:?} names no delivery of ours");
        let fate = serde_json::to_value(report.fate).unwrap().as_str().unwrap().to_owned();
        vec![report.recipient.as_ref().map(ToString::to_string).unwrap_or_default(), fate]
    };
    reports.iter().map(words).collect()
}

fn thread(reading: &MailReading) -> Vec<String> {
    let location = MailLocation { provider_id: "1".to_owned(), thread_id: None };
    let inquiry = inquiry(reading, &location, &mailbox(), KeptFiles::default(), fresh_ids()).unwrap();
    inquiry.replies_to().to_vec()
}

fn found(name: &str, reading: &MailReading, expected: &Expected) -> Expected {
    let MailReading { mail, author, words, verdict } = reading;
    Expected {
        name: name.to_owned(),
        text: expected.text.as_ref().map(|_| words.clone()),
        sender: author.address.as_ref().map(ToString::to_string),
        thread: thread(reading),
        attestation: author.authentication.to_string(),
        action: action(verdict),
        files: mail.files.iter().map(|file| file.content_type.clone()).collect(),
        reports: reports(verdict),
        remarks: mail.remarks.iter().map(|remark| remark.text().to_owned()).collect(),
    }
}

#[test]
fn every_mail_comes_to_what_its_description_says() {
    let text = std::fs::read_to_string(folder().join("expected.json")).unwrap();
    let expected: Vec<Expected> = serde_json::from_str(&text).unwrap();
    assert!(expected.len() >= MIN_MAILS, "the descriptions were not found");
    let files = std::fs::read_dir(folder()).unwrap().count();
    assert_eq!(files, expected.len() + 1, "each mail is described once, beside the descriptions");
    let own = mailbox();
    let mut wrong = Vec::new();
    for expected in expected {
        let raw = std::fs::read(folder().join(format!("{}.eml", expected.name))).unwrap();
        let found = found(&expected.name, &interpret(&raw, &own, &MailLimits::default()), &expected);
        if found != expected {
            wrong.push(format!("expected {expected:#?}\nfound {found:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{} mails:\n{}", wrong.len(), wrong.join("\n"));
}
