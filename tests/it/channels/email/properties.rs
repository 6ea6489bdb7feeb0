//! Generated MIME structures, whole and damaged: nothing panics, nothing exceeds its limit, and what is well-formed is
//! read.

use fte::channels::email::inbound::interpret;
use fte::channels::email::message::MailLimits;
use fte::domain::wording::quotes::own_words;
use proptest::prelude::*;

use super::fixtures::mailbox;

/// A part of a mail, before it is written out.
#[derive(Clone, Debug)]
enum Part {
    Leaf { ctype: String, encoding: &'static str, content: Vec<u8> },
    Multipart { subtype: &'static str, boundary: String, parts: Vec<Part> },
    Message(Box<Part>),
}

fn write(part: &Part, out: &mut Vec<u8>) {
    match part {
        Part::Leaf { ctype, encoding, content } => {
            out.extend(
                format!("Content-Type: {ctype}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n").bytes(),
            );
            out.extend(content);
        }
        Part::Multipart { subtype, boundary, parts } => {
            out.extend(format!("Content-Type: multipart/{subtype}; boundary=\"{boundary}\"\r\n\r\n").bytes());
            for part in parts {
                out.extend(format!("--{boundary}\r\n").bytes());
                write(part, out);
                out.extend(b"\r\n");
            }
            out.extend(format!("--{boundary}--\r\n").bytes());
        }
        Part::Message(inner) => {
            out.extend(b"Content-Type: message/rfc822\r\n\r\nFrom: x@inner.example\r\nSubject: inner\r\n");
            write(inner, out);
        }
    }
}

fn content() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        "[ -~\n]{0,200}".prop_map(String::into_bytes),
        "(<[a-z]{1,10}( style='[a-z:;0-9]{0,12}')?>|</[a-z]{1,4}>|[a-z &;]{0,8}){0,40}"
            .prop_map(String::into_bytes),
        "(> ?|On .{0,12} wrote:\n|-- \n|From: .{0,9}@x.example\n|[a-z ]{0,9}\n){0,30}"
            .prop_map(String::into_bytes),
        "(Final-Recipient: .{0,9}|Action: [a-z]{0,7}|Status: [245]\\.[0-9]\\.[0-9]|\n){0,12}"
            .prop_map(String::into_bytes),
        prop::collection::vec(any::<u8>(), 0..300),
    ]
}

fn leaf() -> impl Strategy<Value = Part> {
    let ctype = prop_oneof![
        Just("text/plain".to_owned()),
        Just("text/html; charset=utf-8".to_owned()),
        Just("text/calendar".to_owned()),
        Just("application/ms-tnef".to_owned()),
        Just("message/delivery-status".to_owned()),
        Just("application/pkcs7-mime; smime-type=enveloped-data".to_owned()),
        "text/plain; charset=[a-z0-9-]{1,12}",
        "[ -~]{0,40}",
    ];
    let encoding = prop_oneof![Just("7bit"), Just("base64"), Just("quoted-printable"), Just("x-none")];
    (ctype, encoding, content()).prop_map(|(ctype, encoding, content)| Part::Leaf {
        ctype,
        encoding,
        content,
    })
}

fn part() -> impl Strategy<Value = Part> {
    let subtype = prop_oneof![
        Just("mixed"),
        Just("alternative"),
        Just("related"),
        Just("report"),
        Just("signed"),
        Just("encrypted"),
        Just("digest")
    ];
    // Boundaries that are the beginning of one another are the hard ones.
    let boundary =
        prop_oneof![Just("b".to_owned()), Just("bb".to_owned()), Just("b--".to_owned()), "[a-z=_]{1,8}"];
    leaf().prop_recursive(5, 40, 5, move |inner| {
        prop_oneof![
            (subtype.clone(), boundary.clone(), prop::collection::vec(inner.clone(), 0..5))
                .prop_map(|(subtype, boundary, parts)| Part::Multipart { subtype, boundary, parts }),
            inner.prop_map(|inner| Part::Message(Box::new(inner))),
        ]
    })
}

fn field() -> impl Strategy<Value = String> {
    prop_oneof![
        "(From|To|Reply-To|Subject|Message-ID|References|Date|List-Id|Auto-Submitted|Authentication-Results): [ -~]{0,60}",
        "(From|Subject): (=\\?[a-z0-9-]{0,10}\\?[BQbq]\\?[ -~]{0,20}\\?= ?){0,4}",
        "Authentication-Results: (mx.acme.example)?[;()\"\\\\ a-z=.@]{0,60}",
        "\\PC{0,40}",
    ]
}

/// Cuts and changes.
fn damaged(mut raw: Vec<u8>, cut: usize, changes: &[(usize, u8)]) -> Vec<u8> {
    for (place, byte) in changes {
        let length = raw.len().max(1);
        if let Some(changed) = raw.get_mut(place % length) {
            *changed = *byte;
        }
    }
    raw.truncate(raw.len() - cut % (raw.len() + 1) / 2);
    raw
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn no_structure_breaks_the_reader(
        fields in prop::collection::vec(field(), 0..8),
        part in part(),
        cut in any::<usize>(),
        changes in prop::collection::vec((any::<usize>(), any::<u8>()), 0..6),
    ) {
        let mut raw: Vec<u8> = fields.iter().flat_map(|field| format!("{field}\r\n").into_bytes()).collect();
        write(&part, &mut raw);
        let raw = damaged(raw, cut, &changes);
        let limits = MailLimits::default();
        let reading = interpret(&raw, &mailbox(), &limits);
        prop_assert!(reading.mail.text.chars().count() <= limits.text_max_chars);
        prop_assert!(reading.mail.files.len() <= limits.max_files);
        let kept: usize = reading.mail.files.iter().map(|file| file.bytes.len()).sum();
        prop_assert!(kept <= raw.len(), "{kept} bytes of files in a mail of {}", raw.len());
        prop_assert!(reading.words.len() <= reading.mail.text.len() + 16);
        prop_assert!(!reading.mail.text.contains(['\0', '\r']));
        prop_assert_eq!(format!("{:?}", interpret(&raw, &mailbox(), &limits)), format!("{reading:?}"));
    }

    #[test]
    fn no_bytes_break_the_reader(raw in prop::collection::vec(any::<u8>(), 0..2_000)) {
        let _ = interpret(&raw, &mailbox(), &MailLimits::default());
    }

    #[test]
    fn the_first_text_of_a_well_formed_mail_is_read(
        boundary in "[a-zA-Z0-9'()+_,./:=?-]{1,60}[a-z]",
        files in prop::collection::vec(prop::collection::vec(any::<u8>(), 1..200), 0..5),
    ) {
        let ask = "How do I export all tasks?";
        let mut raw = format!(
            "From: ann@example.com\r\nTo: support@acme.example\r\nContent-Type: multipart/mixed; boundary=\"{boundary}\"\r\n\r\n\
             --{boundary}\r\n\r\n{ask}\r\n"
        ).into_bytes();
        for file in &files {
            use base64::Engine as _;
            let content = base64::engine::general_purpose::STANDARD.encode(file);
            raw.extend(format!("--{boundary}\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n{content}\r\n").bytes());
        }
        raw.extend(format!("--{boundary}--\r\n").bytes());
        let reading = interpret(&raw, &mailbox(), &MailLimits::default());
        prop_assert_eq!(&reading.words, ask);
        let found: Vec<&[u8]> = reading.mail.files.iter().map(|file| file.bytes.as_slice()).collect();
        prop_assert_eq!(found, files.iter().map(Vec::as_slice).collect::<Vec<_>>());
    }

    #[test]
    fn quotes_are_removed_once_and_for_all(
        text in "(> ?[a-z ]{0,20}\n|On Tue, 9 Sep 2030 Ann <a@b.example> wrote:\n|[A-Za-z ,.]{0,40}\n|-- \n|\n){0,30}"
    ) {
        let once = own_words(&text);
        prop_assert!(once.len() <= text.len());
        prop_assert!(!once.lines().any(|line| line.starts_with('>')));
    }
}
