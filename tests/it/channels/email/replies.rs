//! Replies as raw mails: their fields keep them in their thread, and no value of anybody adds a field.

use fte::channels::email::message::{MailLimits, ParsedMail};
use fte::channels::email::reply::{RawReply, ReplyWriter};
use fte::channels::email::thread::delivery_of;
use fte::channels::port::{Content, Outgoing, OutgoingFile};
use fte::channels::verification::VerificationMail;
use fte::domain::customers::contact::{Address, Email, Phone};
use fte::domain::enums::FailureCause;
use fte::domain::ids::DeliveryId;
use fte::domain::messages::delivery::{MailThread, Recipients};
use proptest::prelude::*;
use time::OffsetDateTime;

use super::fixtures::mailbox;

fn email(address: &str) -> Email {
    Email::parse(address).unwrap()
}

fn thread() -> MailThread {
    MailThread {
        subject: "Export broken".to_owned(),
        in_reply_to: Some("<2@example.com>".to_owned()),
        references: vec!["<1@example.com>".to_owned()],
        ..MailThread::default()
    }
}

fn outgoing(text: &str, mail: MailThread) -> Outgoing {
    Outgoing {
        delivery: DeliveryId(uuid::Uuid::from_u128(7)),
        to: Address::Email(email("ann@example.com")),
        content: Content::Text(text.to_owned()),
        mail: Some(mail),
        files: Vec::new(),
        draft: None,
    }
}

fn write(text: &str, mail: MailThread) -> RawReply {
    let writer = ReplyWriter::new(mailbox(), "Acme Support");
    writer.write(&outgoing(text, mail), OffsetDateTime::UNIX_EPOCH).unwrap()
}

fn parse(raw: &[u8]) -> ParsedMail {
    ParsedMail::parse(raw, &MailLimits::default())
}

#[test]
fn a_reply_stays_in_its_thread_and_tells_machines_not_to_answer() {
    let reply = write("Open the export page.\n\nBye", thread());
    let mail = parse(&reply.bytes);
    let fields = |name: &str| mail.header(name).unwrap_or_default().to_owned();
    assert_eq!(mail.single_author(), Some(&email("support@acme.example")));
    assert_eq!(mail.authors()[0].name, "Acme Support");
    assert_eq!(mail.emails("to"), [email("ann@example.com")]);
    assert_eq!(mail.subject(), "Re: Export broken");
    assert_eq!(mail.in_reply_to(), ["<2@example.com>"]);
    assert_eq!(mail.references(), ["<1@example.com>", "<2@example.com>"]);
    assert_eq!(fields("auto-submitted"), "auto-replied");
    assert_eq!(mail.message_id().as_deref(), Some(reply.message_id.as_str()));
    assert_eq!(delivery_of(&reply.message_id), Some(DeliveryId(uuid::Uuid::from_u128(7))));
    assert_eq!(mail.text, "Open the export page.\n\nBye");
    assert!(String::from_utf8_lossy(&reply.bytes).contains("text/html"));
    assert_eq!(reply.bytes, write("Open the export page.\n\nBye", thread()).bytes, "the same each time");
}

#[test]
fn a_colleagues_reply_is_no_automatic_one() {
    let mail = parse(&write("Hello", MailThread { by_staff: true, ..thread() }).bytes);
    assert_eq!(mail.header("auto-submitted"), None);
}

#[test]
fn subjects_are_marked_once() {
    for (subject, expected) in [
        ("Export", "Re: Export"),
        ("Re: Export", "Re: Export"),
        ("AW: Export", "AW: Export"),
        ("", "Your message"),
        ("Über \u{1f600}", "Re: Über \u{1f600}"),
    ] {
        let mail = parse(&write("x", MailThread { subject: subject.to_owned(), ..thread() }).bytes);
        assert_eq!(mail.subject(), expected);
    }
}

#[test]
fn each_recipient_gets_it_once_and_we_do_not() {
    let recipients = Recipients {
        to: vec![email("bob@other.example")],
        cc: vec![email("ann@example.com"), email("cy@other.example"), email("help@acme.example")],
        bcc: vec![email("dee@other.example"), email("bob@other.example")],
    };
    let reply = write("x", MailThread { recipients, ..thread() });
    let mail = parse(&reply.bytes);
    assert_eq!(mail.emails("to"), [email("ann@example.com"), email("bob@other.example")]);
    assert_eq!(mail.emails("cc"), [email("cy@other.example")]);
    assert_eq!((mail.header("bcc"), reply.bcc.as_slice()), (None, &[email("dee@other.example")][..]));
    assert_eq!(reply.recipients.len(), 4);
    let named = parse(&reply.with_bcc_field());
    assert_eq!(named.emails("bcc"), [email("dee@other.example")]);
}

#[test]
fn only_a_customer_with_an_address_is_written_to() {
    let writer = ReplyWriter::new(mailbox(), "Acme");
    let to = |to: Address| {
        let message = Outgoing { to, ..outgoing("x", thread()) };
        writer.write(&message, OffsetDateTime::UNIX_EPOCH).map_err(|failure| failure.cause)
    };
    assert_eq!(to(Address::Email(email("support+x@acme.example"))), Err(FailureCause::InvalidAddress));
    assert_eq!(
        to(Address::Phone(Phone::parse("+4915112345678").unwrap())),
        Err(FailureCause::InvalidAddress)
    );
}

#[test]
fn a_verification_mail_is_signed_automatic_and_quotes_nothing() {
    let code = secrecy::SecretString::from("Your code is 123456.\n");
    let mail =
        VerificationMail { to: email("ann@example.com"), subject: "Your\r\nBcc: x".to_owned(), body: code };
    let raw =
        ReplyWriter::new(mailbox(), "Acme").write_verification(&mail, "v-1", OffsetDateTime::UNIX_EPOCH);
    let parsed = parse(&raw.bytes);
    assert_eq!((parsed.subject().as_str(), parsed.header("bcc")), ("Your Bcc: x", None));
    assert_eq!(parsed.header("auto-submitted"), Some("auto-generated"));
    assert_eq!(parsed.text, "Your code is 123456.");
    assert_eq!(parsed.in_reply_to(), Vec::<String>::new());
}

/// Line breaks of every kind, and what would be a field behind them.
const INJECTIONS: &[&str] = &[
    "x\r\nBcc: eve@evil.example",
    "x\nBcc: eve@evil.example",
    "x\rBcc: eve@evil.example",
    "x\r\n\r\nBody",
    "x\u{2028}Bcc: eve@evil.example",
    "x\u{85}Bcc: eve@evil.example",
    "x\0y",
    "x\r\n Bcc: eve@evil.example",
    "=?utf-8?Q?x=0D=0ABcc:_eve@evil.example?=",
];

/// The names of the fields of a mail, in order.
fn names(raw: &[u8]) -> Vec<String> {
    parse(raw).fields.all().map(|(name, _)| name.to_owned()).collect()
}

#[test]
fn no_value_adds_a_field() {
    let usual = names(&write("Text", thread()).bytes);
    for injection in INJECTIONS {
        let injected = (*injection).to_owned();
        let threads = [
            MailThread { subject: injected.clone(), ..thread() },
            MailThread { in_reply_to: Some(format!("<{injected}@x>")), ..thread() },
            MailThread { references: vec![format!("<{injected}@x>"), injected.clone()], ..thread() },
        ];
        for mail in threads {
            let found = names(&write("Text", mail).bytes);
            assert!(
                !found.contains(&"bcc".to_owned())
                    && usual.iter().all(|name| found.contains(name) || name == "in-reply-to"),
                "{injection:?}: {found:?}"
            );
            assert!(found.len() <= usual.len());
        }
        let named = ReplyWriter::new(mailbox(), injection);
        let reply = named.write(&outgoing("Text", thread()), OffsetDateTime::UNIX_EPOCH).unwrap();
        assert_eq!(names(&reply.bytes), usual, "{injection:?}");
        assert_eq!(parse(&reply.bytes).text, "Text", "{injection:?}");
        assert_eq!(names(&write(injection, thread()).bytes), usual, "{injection:?}");
    }
}

proptest! {
    #[test]
    fn no_text_breaks_a_reply(subject in "\\PC{0,80}", text in "\\PC{0,200}(\r?\n\\PC{0,80}){0,5}", id in "\\PC{0,40}") {
        let mail = MailThread { subject, in_reply_to: Some(id), ..thread() };
        let reply = write(&text, mail);
        let found = names(&reply.bytes);
        prop_assert!(!found.contains(&"bcc".to_owned()));
        prop_assert_eq!(found.iter().filter(|name| *name == "subject").count(), 1);
        prop_assert!(reply.bytes.split(|byte| *byte == b'\n').all(|line| line.len() <= 1_000), "a line is too long");
    }
}

#[test]
fn files_go_along_under_their_names_and_the_same_message_gives_the_same_mail() {
    let writer = ReplyWriter::new(mailbox(), "Acme Support");
    let file = |name: &str, content_type: &str, bytes: &[u8]| OutgoingFile {
        name: name.to_owned(),
        content_type: content_type.to_owned(),
        bytes: bytes.to_vec(),
    };
    let files = vec![
        file("Angebot für Teil 7.pdf", "application/pdf", &[0, 159, 146, 150]),
        file("a\r\nBcc: x@example.com", "text/plain", b"Two\nlines\n"),
    ];
    let message = Outgoing { files, ..outgoing("See the files.", thread()) };
    let written = writer.write(&message, OffsetDateTime::UNIX_EPOCH).unwrap();
    let mail = parse(&written.bytes);
    assert!(mail.text.contains("See the files."), "{}", mail.text);
    assert!(mail.header("bcc").is_none());
    let read: Vec<(Option<&str>, &str, &[u8])> = mail
        .files
        .iter()
        .map(|file| (file.name.as_deref(), file.content_type.as_str(), file.bytes.as_slice()))
        .collect();
    let expected: [(Option<&str>, &str, &[u8]); 2] = [
        (Some("Angebot für Teil 7.pdf"), "application/pdf", &[0, 159, 146, 150]),
        (Some("a Bcc: x@example.com"), "text/plain", b"Two\nlines\n"),
    ];
    assert_eq!(read, expected);
    assert_eq!(writer.write(&message, OffsetDateTime::UNIX_EPOCH).unwrap(), written);
}
