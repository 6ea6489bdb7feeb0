//! Mails that are made to cost much: what is read of them is bounded, and the rest is in the raw mail.

use fte::channels::email::inbound::interpret;
use fte::channels::email::message::{MailLimits, MailRemark, ParsedMail};

use super::fixtures::mailbox;

const HEAD: &str = "From: ann@example.com\r\nTo: support@acme.example\r\nSubject: Export\r\n";
const ASK: &str = "How do I export?";

fn parse(raw: &[u8]) -> ParsedMail {
    ParsedMail::parse(raw, &MailLimits::default())
}

fn mixed(parts: impl IntoIterator<Item = String>) -> Vec<u8> {
    let mut raw = format!("{HEAD}Content-Type: multipart/mixed; boundary=b\r\n\r\n");
    for part in parts {
        raw.push_str("--b\r\n");
        raw.push_str(&part);
        raw.push_str("\r\n");
    }
    raw.push_str("--b--\r\n");
    raw.into_bytes()
}

fn file(bytes: usize) -> String {
    // Four characters for three bytes.
    let line = "AAAA".repeat(19);
    let content = format!("{line}\r\n").repeat(bytes / 57);
    format!(
        "Content-Type: application/pdf\r\nContent-Disposition: attachment; filename=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n{content}"
    )
}

fn text() -> String {
    format!("Content-Type: text/plain\r\n\r\n{ASK}")
}

#[test]
fn a_mail_of_25_mb_is_read_with_its_file() {
    let reading = interpret(&mixed([text(), file(18 * 1024 * 1024)]), &mailbox(), &MailLimits::default());
    assert_eq!(reading.words, ASK);
    assert!(reading.mail.files[0].bytes.len() > 17 * 1024 * 1024);
}

#[test]
fn files_beyond_the_limit_are_left_out_and_staff_are_told() {
    let mail = parse(&mixed(std::iter::once(text()).chain((0..40).map(|_| file(57)))));
    assert_eq!((mail.text.as_str(), mail.files.len()), (ASK, MailLimits::default().max_files));
    assert!(mail.remarks.contains(&MailRemark::FilesLeftOut));
    let limits = MailLimits { file_max_bytes: 100, ..MailLimits::default() };
    assert!(ParsedMail::parse(&mixed([text(), file(570)]), &limits).files.is_empty());
}

#[test]
fn ten_thousand_parts_are_read_up_to_the_limit() {
    let mail = parse(&mixed((0..10_000).map(|_| text())));
    assert!(mail.text.starts_with(ASK) && mail.remarks.contains(&MailRemark::Cut));
    assert!(mail.text.matches(ASK).count() <= MailLimits::default().mime.entities);
}

#[test]
fn a_line_of_a_hundred_thousand_characters_and_more_is_cut() {
    let limit = MailLimits::default().text_max_chars;
    let mail = parse(format!("{HEAD}\r\n{}", "a".repeat(limit)).as_bytes());
    assert_eq!((mail.text.len(), mail.remarks.is_empty()), (limit, true));
    let mail = parse(format!("{HEAD}\r\n{}", "é".repeat(limit + 1)).as_bytes());
    assert_eq!((mail.text.chars().count(), mail.remarks.contains(&MailRemark::Cut)), (limit, true));
}

#[test]
fn a_compressed_file_stays_as_it_is() {
    let zip = "Content-Type: application/zip; name=bomb.zip\r\nContent-Transfer-Encoding: base64\r\n\r\nUEsDBBQAAAAIAA==";
    let mail = parse(&mixed([text(), zip.to_owned()]));
    assert_eq!((mail.files[0].content_type.as_str(), mail.files[0].bytes.len()), ("application/zip", 10));
}

#[test]
fn no_nesting_is_too_deep() {
    let mails = format!("{HEAD}{}", "Content-Type: message/rfc822\r\n\r\n".repeat(100_000));
    assert!(parse(mails.as_bytes()).remarks.contains(&MailRemark::Cut));
    let mut multiparts = HEAD.to_owned();
    for n in 0..20_000 {
        multiparts.push_str(&format!("Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n"));
    }
    assert!(parse(multiparts.as_bytes()).remarks.contains(&MailRemark::Cut));
    let quotes = format!("{HEAD}Content-Type: text/html\r\n\r\n{}x", "<blockquote>".repeat(50_000));
    assert!(parse(quotes.as_bytes()).text.ends_with('x'));
}

#[test]
fn no_head_is_too_large() {
    let long = format!("{HEAD}To: {}\r\n\r\n{ASK}", "a@example.com, ".repeat(100_000));
    assert_eq!(parse(long.as_bytes()).text, ASK);
    let many = format!("{HEAD}{}\r\n{ASK}", "X: y\r\n".repeat(500_000));
    assert_eq!(parse(many.as_bytes()).text, ASK);
    let parameters = format!("{HEAD}Content-Type: text/plain{}\r\n\r\n{ASK}", "; a*1=b".repeat(100_000));
    assert_eq!(parse(parameters.as_bytes()).text, ASK);
    let unfinished = format!("{HEAD}Subject: {}\r\n\r\n{ASK}", "=?utf-8?Q?".repeat(20_000));
    assert_eq!(parse(unfinished.as_bytes()).text, ASK);
    let quoted = format!("{HEAD}\r\n{}", "On Tue Ann wrote:\r\n".repeat(10_000));
    let _ = interpret(quoted.as_bytes(), &mailbox(), &MailLimits::default());
}

/// Where each line costs all lines before it, one such mail takes hours.
#[test]
fn no_head_of_blank_lines_is_read_once_for_each_of_its_lines() {
    let blank = " \r\n".repeat(5 * 1024 * 1024 / 3);
    let mail = parse(&mixed([text(), blank.clone()]));
    assert_eq!(mail.text, ASK);
    assert_eq!(parse(format!("{HEAD}{blank}\r\n{ASK}").as_bytes()).text, ASK);
    let blanks = " ".repeat(64 * 1024);
    let glued = format!("{HEAD}X: y;{blanks}\r\n{}\r\n{ASK}", "a=:\r\n".repeat(1024 * 1024));
    assert_eq!(parse(glued.as_bytes()).text, ASK);
}

/// RFC 2046, 5.1.1: a boundary may hold these characters, and RFC 2047, 5 allows no encoded word in a parameter.
#[test]
fn a_boundary_that_looks_like_an_encoded_word_is_taken_as_it_is() {
    let head = "From: ann@example.com\r\nTo: support@acme.example\r\n";
    let kind = "Content-Type: multipart/mixed; boundary=\"=?utf-8?B?YQ==?=\"";
    let raw = format!(
        "{head}{kind}\r\n\r\n--=?utf-8?B?YQ==?=\r\n\r\n{ASK}\r\n--=?utf-8?B?YQ==?=\r\n\
         Content-Type: image/png; name=\"=?utf-8?Q?Gr=C3=BC=C3=9Fe.png?=\"\r\n\r\nx\r\n--=?utf-8?B?YQ==?=--\r\n"
    );
    let reading = interpret(raw.as_bytes(), &mailbox(), &MailLimits::default());
    assert_eq!((reading.words.as_str(), reading.mail.files.len()), (ASK, 1));
}
