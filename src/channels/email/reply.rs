//! Replies as raw mails (RFC 5322), by mail-builder: text and simple HTML from one source, files, the fields that keep them in
//! their thread, and those that tell machines not to answer (RFC 3834).
//!
//! No value can add a field: line breaks in it become spaces, and what is no address is refused.

mod markup;

use mail_builder::MessageBuilder;
use mail_builder::headers::address::Address as MailBox;
use mail_builder::headers::content_type::ContentType;
use mail_builder::headers::message_id::MessageId;
use mail_builder::headers::raw::Raw;
use mail_builder::mime::MimePart;
use time::OffsetDateTime;

use super::own::OwnMailbox;
use super::thread::{has_prefix, message_id, references_for_reply};
use crate::channels::port::{Content, Outgoing};
use crate::channels::reports::ReportMail;
use crate::channels::verification::VerificationMail;
use crate::domain::customers::contact::{Address, Email};
use crate::domain::enums::FailureCause;
use crate::domain::messages::delivery::{Failure, MailThread};

/// A longer subject is cut; each line of a field may have 998 bytes (RFC 5322, 2.1.1).
const SUBJECT_MAX_CHARS: usize = 200;
/// Recipients beside the customer.
const MAX_COPIED: usize = 20;
/// Where a thread has no subject.
const NO_SUBJECT: &str = "Your message";

/// Writes replies in the name of one mailbox.
#[derive(Clone, Debug)]
pub struct ReplyWriter {
    own: OwnMailbox,
    /// The name beside our address.
    from_name: String,
}

/// A mail, ready to be handed to a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawReply {
    /// With its angle brackets; it names the delivery ([`super::thread::delivery_of`]).
    pub message_id: String,
    pub from: Email,
    /// All who get it, hidden recipients included: the envelope of SMTP.
    pub recipients: Vec<Email>,
    /// Without a Bcc field.
    pub bytes: Vec<u8>,
    /// Those of `recipients` whom no field names. An API that takes its recipients from the fields needs
    /// [`RawReply::with_bcc_field`].
    pub bcc: Vec<Email>,
}

impl RawReply {
    /// The mail with a Bcc field, for providers that read it and remove it.
    pub fn with_bcc_field(&self) -> Vec<u8> {
        if self.bcc.is_empty() {
            return self.bytes.clone();
        }
        let listed = self.bcc.iter().map(Email::as_str).collect::<Vec<_>>().join(",\r\n ");
        [format!("Bcc: {listed}\r\n").as_bytes(), &self.bytes].concat()
    }
}

impl ReplyWriter {
    pub fn new(own: OwnMailbox, from_name: &str) -> Self {
        Self { own, from_name: one_line(from_name) }
    }

    /// The reply to a customer. The same message at the same time gives the same bytes.
    pub fn write(&self, message: &Outgoing, at: OffsetDateTime) -> Result<RawReply, Failure> {
        let Address::Email(to) = &message.to else {
            return Err(Failure::new(FailureCause::InvalidAddress, "not an e-mail address"));
        };
        if self.own.is_own(to) {
            return Err(Failure::new(FailureCause::InvalidAddress, "it is one of our own addresses"));
        }
        let (Content::Text(text) | Content::Template { text, .. }) = &message.content;
        let thread = message.mail.clone().unwrap_or_default();
        let envelope = Envelope::of(to, &thread, &self.own);
        let id = message_id(message.delivery, self.own.domain());
        let mail = self.addressed(&envelope, at).subject(subject(&thread.subject, thread.begins));
        let mut mail = threaded(mail.message_id(bare(&id).to_owned()), &thread);
        if !thread.by_staff {
            mail = mail.header("Auto-Submitted", Raw::new("auto-replied"));
            mail = mail.header("X-Auto-Response-Suppress", Raw::new("OOF, AutoReply"));
        }
        Ok(self.finish(mail.body(body(message, text)), id, envelope))
    }

    /// A mail with a code; it belongs to no thread.
    pub fn write_verification(&self, mail: &VerificationMail, id: &str, at: OffsetDateTime) -> RawReply {
        use secrecy::ExposeSecret as _;
        let envelope = Envelope { to: vec![mail.to.clone()], cc: Vec::new(), bcc: Vec::new() };
        let id = format!("<{}@{}>", one_line(id).replace(['<', '>', ' ', '@'], ""), self.own.domain());
        let built = self
            .addressed(&envelope, at)
            .subject(one_line(&mail.subject))
            .message_id(bare(&id).to_owned())
            .header("Auto-Submitted", Raw::new("auto-generated"))
            .header("X-Auto-Response-Suppress", Raw::new("All"))
            .text_body(mail.body.expose_secret().to_owned());
        self.finish(built, id, envelope)
    }

    /// A mail with a report for staff; it belongs to no thread.
    pub fn write_report(&self, mail: &ReportMail, at: OffsetDateTime) -> RawReply {
        let envelope = Envelope { to: vec![mail.to.clone()], cc: Vec::new(), bcc: Vec::new() };
        let id = self.report_id(mail.id);
        let built = self
            .addressed(&envelope, at)
            .subject(one_line(&mail.subject))
            .message_id(bare(&id).to_owned())
            .header("Auto-Submitted", Raw::new("auto-generated"))
            .header("X-Auto-Response-Suppress", Raw::new("All"))
            .text_body(mail.text.clone())
            .html_body(mail.html.clone());
        self.finish(built, id, envelope)
    }

    /// The Message-ID of a report, the same at each attempt.
    pub fn report_id(&self, id: uuid::Uuid) -> String {
        format!("<report.{id}@{}>", self.own.domain())
    }

    fn addressed<'a>(&self, envelope: &Envelope, at: OffsetDateTime) -> MessageBuilder<'a> {
        let name = Some(self.from_name.clone()).filter(|name| !name.is_empty());
        let from = MailBox::new_address(name, self.own.address.to_string());
        let mail = MessageBuilder::new().from(from).to(listed(&envelope.to)).date(at.unix_timestamp());
        if envelope.cc.is_empty() { mail } else { mail.cc(listed(&envelope.cc)) }
    }

    fn finish(&self, mail: MessageBuilder<'_>, message_id: String, envelope: Envelope) -> RawReply {
        let mut bytes = Vec::new();
        mail.serialize(&mut bytes);
        let Envelope { to, cc, bcc } = envelope;
        let recipients = to.into_iter().chain(cc).chain(bcc.iter().cloned()).collect();
        RawReply { message_id, from: self.own.address.clone(), recipients, bytes, bcc }
    }
}

/// The text in two forms, and the files. Boundaries of their own: the same message gives the same bytes each time.
fn body<'a>(message: &'a Outgoing, text: &str) -> MimePart<'a> {
    let both =
        ContentType::new("multipart/alternative").attribute("boundary", format!("fte-{}", message.delivery));
    let forms =
        vec![MimePart::new("text/plain", text.to_owned()), MimePart::new("text/html", markup::html(text))];
    let text = MimePart::new(both, forms);
    if message.files.is_empty() {
        return text;
    }
    let all =
        ContentType::new("multipart/mixed").attribute("boundary", format!("fte-all-{}", message.delivery));
    let files = message.files.iter().map(|file| {
        MimePart::new(file.content_type.as_str(), file.bytes.as_slice()).attachment(one_line(&file.name))
    });
    MimePart::new(all, std::iter::once(text).chain(files).collect::<Vec<_>>())
}

fn threaded<'a>(mail: MessageBuilder<'a>, thread: &MailThread) -> MessageBuilder<'a> {
    let in_reply_to = thread.in_reply_to.as_deref().filter(|id| is_id(id));
    let known = thread.references.iter().filter(|id| is_id(id)).cloned().collect();
    let references = references_for_reply(known, in_reply_to);
    let mail = match in_reply_to {
        Some(id) => mail.in_reply_to(bare(id).to_owned()),
        None => mail,
    };
    if references.is_empty() {
        return mail;
    }
    mail.references(MessageId::new_list(references.iter().map(|id| bare(id).to_owned())))
}

/// Who gets a reply, each once.
struct Envelope {
    to: Vec<Email>,
    cc: Vec<Email>,
    bcc: Vec<Email>,
}

impl Envelope {
    fn of(to: &Email, thread: &MailThread, own: &OwnMailbox) -> Self {
        let mut seen = vec![to.clone()];
        let mut fresh = |listed: &[Email]| -> Vec<Email> {
            let mut kept = Vec::new();
            for address in listed.iter().take(MAX_COPIED) {
                if !own.is_own(address) && !seen.contains(address) {
                    seen.push(address.clone());
                    kept.push(address.clone());
                }
            }
            kept
        };
        let recipients = &thread.recipients;
        let others = fresh(&recipients.to);
        let (cc, bcc) = (fresh(&recipients.cc), fresh(&recipients.bcc));
        Self { to: std::iter::once(to.clone()).chain(others).collect(), cc, bcc }
    }
}

fn listed<'a>(addresses: &[Email]) -> MailBox<'a> {
    let each = addresses.iter().map(|address| MailBox::new_address(None::<String>, address.to_string()));
    MailBox::new_list(each.collect())
}

/// The customer's newest subject, marked as a reply to it unless the mail begins a thread.
fn subject(subject: &str, begins: bool) -> String {
    let subject: String = one_line(subject).chars().take(SUBJECT_MAX_CHARS).collect();
    if subject.is_empty() {
        NO_SUBJECT.to_owned()
    } else if begins || has_prefix(&subject) {
        subject
    } else {
        format!("Re: {subject}")
    }
}

/// Without line breaks and other control characters.
fn one_line(text: &str) -> String {
    let plain =
        text.chars().map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c });
    plain.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn bare(id: &str) -> &str {
    id.trim_start_matches('<').trim_end_matches('>')
}

/// Whether a foreign id may be written into a field of ours.
fn is_id(id: &str) -> bool {
    let inner = bare(id);
    !inner.is_empty()
        && inner.len() <= 900
        && inner.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>".contains(&byte))
}
