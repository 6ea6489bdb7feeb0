//! From a raw mail to an [`Inquiry`]: reads it, decides whether it may be answered, and keeps its files and its raw form.

use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;

use sha2::{Digest, Sha256};

use super::automatic::is_automatic_by_fields;
use super::classify::{MailVerdict, classify};
use super::message::{MailFile, MailLimits, MailRemark, ParsedMail};
use super::own::OwnMailbox;
use super::sender::{Author, AuthorOrigin, author};
use super::thread::{delivery_of, replies_to, subject_base};
use crate::channels::digest::digest;
use crate::channels::language;
use crate::channels::port::{ChannelFuture, MediaStore, SendError, fresh_ids};
use crate::domain::customers::consent::opt_out;
use crate::domain::customers::contact::{Address, Email};
use crate::domain::enums::{Authentication, Category, Channel, Priority, Unanswered};
use crate::domain::messages::attachment::{AttachmentRef, AttachmentSource, StoredContent};
use crate::domain::messages::email::{DeliveryReport, EmailRecord};
use crate::domain::messages::inquiry::{
    Attestation, ChannelMetadata, Extras, FreshIds, Inquiry, MailHeaders, Opening, Sender, Thread,
};
use crate::domain::wording::quotes::own_words;

/// Maximum characters of a message: those that its author wrote.
const TEXT_MAX_CHARS: usize = 20_000;
/// Of the text, where its author's words are looked for.
const WORDS_MAX_BYTES: usize = 100 * 1024;
const SUBJECT_MAX_CHARS: usize = 300;
const NAME_MAX_CHARS: usize = 200;
const NO_SUBJECT: &str = "E-mail without a subject";
/// Other recipients that a reply goes to as well.
const MAX_COPIED: usize = 20;
/// The sender of a mail that names none; no mailbox can have this address (RFC 2606).
const UNKNOWN_SENDER: &str = "unknown@sender.invalid";
/// A provider's clock and ours differ by no more than this: a mail that came so long before the first start is still
/// answered.
pub(super) const CLOCKS_DIFFER: Duration = Duration::from_secs(300);
/// References that are kept of one mail.
const MAX_REFERENCES: usize = 100;

/// Where the provider keeps a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailLocation {
    /// Unique within the mailbox: Gmail's id, or UIDVALIDITY and UID.
    pub provider_id: String,
    pub thread_id: Option<String>,
}

impl MailLocation {
    /// The external id of the mail in the records (PROTOCOL.md 2.1).
    pub fn external_id(&self, own: &OwnMailbox) -> String {
        format!("{}/{}", own.address, self.provider_id)
    }
}

/// A mail, read and judged.
#[derive(Clone, Debug)]
pub struct MailReading {
    pub mail: ParsedMail,
    pub author: Author,
    /// The text that its author wrote, without quotes, signature and footers.
    pub words: String,
    pub verdict: MailVerdict,
}

/// Reads and judges a raw mail. Pure: the same mail gives the same result.
pub fn interpret(raw: &[u8], own: &OwnMailbox, limits: &MailLimits) -> MailReading {
    let mail = ParsedMail::parse(raw, limits);
    let author = author(&mail, own);
    let end = mail.text.floor_char_boundary(WORDS_MAX_BYTES);
    let words = own_words(mail.text.get(..end).unwrap_or_default());
    let verdict = classify(&mail, &author, own, &words);
    MailReading { mail, author, words, verdict }
}

/// Reads the mails of one mailbox.
#[derive(Clone)]
pub struct MailReader {
    own: Arc<OwnMailbox>,
    limits: MailLimits,
    files: Arc<dyn MediaStore>,
}

impl MailReader {
    pub fn new(own: OwnMailbox, files: Arc<dyn MediaStore>) -> Self {
        Self { own: Arc::new(own), limits: MailLimits::default(), files }
    }

    pub fn own(&self) -> &OwnMailbox {
        &self.own
    }

    /// The inquiry that a mail is; its files and its raw form are stored before this returns.
    pub fn read(
        &self,
        location: MailLocation,
        raw: Vec<u8>,
    ) -> ChannelFuture<Result<Option<Inquiry>, SendError>> {
        let reader = self.clone();
        Box::pin(async move {
            let (reading, raw) = reader.interpreted(raw).await?;
            let (reading, kept) = reader.kept(reading, raw).await?;
            Ok(inquiry(&reading, &location, &reader.own, kept, fresh_ids()))
        })
    }

    /// The same for a mail that was sent from the mailbox: a colleague's reply to a customer. `None` for mails of this
    /// program, and for those that answer nothing.
    pub fn read_sent(
        &self,
        location: MailLocation,
        raw: Vec<u8>,
    ) -> ChannelFuture<Result<Option<Inquiry>, SendError>> {
        let reader = self.clone();
        Box::pin(async move {
            let (reading, raw) = reader.interpreted(raw).await?;
            let Some(reading) = sent_by_staff(reading) else {
                return Ok(None);
            };
            let to = references(&reading.mail, &location, &reader.own);
            if to.is_empty() {
                return Ok(None);
            }
            let (reading, kept) = reader.kept(reading, raw).await?;
            let read = inquiry(&reading, &location, &reader.own, kept, fresh_ids());
            Ok(read.map(|read| Inquiry { thread: Thread::ByStaff { to }, ..read }))
        })
    }

    async fn interpreted(&self, raw: Vec<u8>) -> Result<(MailReading, Vec<u8>), SendError> {
        let (own, limits) = (Arc::clone(&self.own), self.limits);
        let read = tokio::task::spawn_blocking(move || (interpret(&raw, &own, &limits), raw));
        read.await.map_err(|error| later(&error))
    }

    /// Stores the files of a mail and its raw form.
    async fn kept(
        &self,
        mut reading: MailReading,
        raw: Vec<u8>,
    ) -> Result<(MailReading, KeptFiles), SendError> {
        let mut kept = KeptFiles { raw: None, files: Vec::new() };
        // First, because the raw form of a large mail takes the most memory.
        let compressed = tokio::task::spawn_blocking(move || compressed(&raw));
        if let Ok(raw) = compressed.await.map_err(|error| later(&error))? {
            kept.raw = Some(self.keep(raw).await?);
        }
        for file in std::mem::take(&mut reading.mail.files) {
            let MailFile { content_type, bytes, .. } = file;
            let source = AttachmentSource::Stored(self.keep(bytes).await?);
            kept.files.push(AttachmentRef { source, content_type });
        }
        Ok((reading, kept))
    }

    async fn keep(&self, bytes: Vec<u8>) -> Result<StoredContent, SendError> {
        let sha256 = Sha256::digest(&bytes).to_vec();
        let size_bytes = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
        let stored = StoredContent { sha256: hex::encode(&sha256), size_bytes };
        self.files.put(sha256, bytes).await.map_err(|error| later(&error))?;
        Ok(stored)
    }
}

fn later(error: &dyn std::fmt::Display) -> SendError {
    SendError::Later { why: format!("a mail could not be kept: {error}"), retry_after: None }
}

fn compressed(raw: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(raw)?;
    encoder.finish()
}

/// What was stored of a mail before its inquiry.
#[derive(Clone, Debug, Default)]
pub struct KeptFiles {
    pub raw: Option<StoredContent>,
    pub files: Vec<AttachmentRef>,
}

/// The inquiry of a mail. Pure.
pub fn inquiry(
    reading: &MailReading,
    location: &MailLocation,
    own: &OwnMailbox,
    kept: KeptFiles,
    ids: FreshIds,
) -> Option<Inquiry> {
    let MailReading { mail, author, words, verdict } = reading;
    let text: String = words.chars().take(TEXT_MAX_CHARS).collect();
    let opening = Box::new(opening(mail, author, ids)?);
    let record = record(reading, location, own, kept.raw);
    let metadata = ChannelMetadata {
        profile_name: Some(author.name.clone()).filter(|name| !name.is_empty()),
        mail: Some(headers(reading, location, own)),
        ..ChannelMetadata::default()
    };
    let replies_to = references(mail, location, own);
    let thread = match (opening.sender.attestation, verdict) {
        // An unattested mail joins no conversation (PROTOCOL.md 8.4).
        (Attestation::Attested, _) if !replies_to.is_empty() => Thread::Replies { to: replies_to, opening },
        (Attestation::Attested | Attestation::Unverified, _) => Thread::Opens(opening),
    };
    Some(Inquiry {
        message: ids.message,
        channel: Channel::Email,
        external_id: location.external_id(own),
        fingerprint: fingerprint(mail, &thread),
        thread,
        extras: Extras {
            metadata: Some(metadata),
            attachments: kept.files,
            language: language::detect(&text),
            opt_out: if *verdict == MailVerdict::Answer { opt_out(&text) } else { None },
            sentiment_percent: None,
            email: Some(Box::new(record)),
            proved: false,
        },
        text,
    })
}

/// What a mail answers: messages, the closest first, and the thread of the provider.
fn references(mail: &ParsedMail, location: &MailLocation, own: &OwnMailbox) -> Vec<String> {
    let mut references = replies_to(mail);
    references.extend(location.thread_id.iter().map(|thread| format!("thread:{}/{thread}", own.address)));
    references
}

/// A mail in the folder of sent mails, as a reply of staff; `None` where a program wrote it. That it is there proves who
/// wrote it.
fn sent_by_staff(reading: MailReading) -> Option<MailReading> {
    let ids =
        [reading.mail.message_id(), reading.mail.header("x-google-original-message-id").map(str::to_owned)];
    let is_ours = ids.iter().flatten().any(|id| delivery_of(id.trim()).is_some());
    let is_from_us =
        reading.author.origin == AuthorOrigin::Ourselves || reading.author.origin == AuthorOrigin::Form;
    if is_ours || !is_from_us || is_automatic_by_fields(&reading.mail) {
        return None;
    }
    let author = Author { authentication: Authentication::Pass, ..reading.author };
    Some(MailReading { author, verdict: MailVerdict::StoreOnly(Unanswered::StaffReply), ..reading })
}

fn opening(mail: &ParsedMail, author: &Author, ids: FreshIds) -> Option<Opening> {
    let address = author.address.clone().or_else(|| Email::parse(UNKNOWN_SENDER).ok())?;
    Some(Opening {
        conversation: ids.conversation,
        ticket: ids.ticket,
        customer: ids.customer,
        sender: Sender {
            attestation: match author.authentication {
                Authentication::Pass => Attestation::Attested,
                Authentication::Fail | Authentication::None => Attestation::Unverified,
            },
            name: name(author),
            address: Address::Email(address),
        },
        subject: short(&mail.subject(), SUBJECT_MAX_CHARS).unwrap_or_else(|| NO_SUBJECT.to_owned()),
        category: Category::General,
        priority: Priority::Medium,
        contact_phone: None,
    })
}

/// The name that they give themselves, else the part of their address before the `@`.
fn name(author: &Author) -> String {
    let local = author.address.as_ref().and_then(|address| address.as_str().split('@').next());
    short(&author.name, NAME_MAX_CHARS).or_else(|| local.map(str::to_owned)).unwrap_or_default()
}

fn short(text: &str, max_chars: usize) -> Option<String> {
    let cut: String = text.trim().chars().take(max_chars).collect();
    (!cut.is_empty()).then_some(cut)
}

fn headers(reading: &MailReading, location: &MailLocation, own: &OwnMailbox) -> MailHeaders {
    let mail = &reading.mail;
    let mut references = mail.references();
    for id in mail.in_reply_to() {
        if !references.contains(&id) {
            references.push(id);
        }
    }
    references.drain(..references.len().saturating_sub(MAX_REFERENCES));
    let author = reading.author.address.as_ref();
    let mut cc: Vec<Email> = Vec::new();
    for address in mail.emails("to").into_iter().chain(mail.emails("cc")) {
        if !own.is_own(&address) && Some(&address) != author && !cc.contains(&address) {
            cc.push(address);
        }
    }
    cc.truncate(MAX_COPIED);
    MailHeaders {
        message_id: mail.message_id().unwrap_or_default(),
        subject: short(&mail.subject(), SUBJECT_MAX_CHARS).unwrap_or_default(),
        references,
        thread_id: location.thread_id.clone(),
        mailbox: Some(own.address.to_string()),
        cc,
    }
}

fn record(
    reading: &MailReading,
    location: &MailLocation,
    own: &OwnMailbox,
    raw: Option<StoredContent>,
) -> EmailRecord {
    let MailReading { mail, author, words, verdict } = reading;
    EmailRecord {
        mailbox: own.address.to_string(),
        provider_id: location.provider_id.clone(),
        rfc_message_id: mail.message_id(),
        thread_id: location.thread_id.clone(),
        authentication: author.authentication,
        unanswered: verdict.unanswered(),
        remarks: mail.remarks.iter().map(|remark: &MailRemark| remark.text().to_owned()).collect(),
        full_text: (mail.text.trim() != words.trim()).then(|| mail.text.clone()),
        raw,
        subject_base: subject_base(&mail.subject()),
        reports: match verdict {
            MailVerdict::Report(reports) => reports.clone(),
            MailVerdict::Answer | MailVerdict::HandOver(_) | MailVerdict::StoreOnly(_) => {
                Vec::<DeliveryReport>::new()
            }
        },
    }
}

/// A digest of what the sender wrote: two copies of one mail have the same, whatever mailbox they came to.
fn fingerprint(mail: &ParsedMail, thread: &Thread) -> [u8; 32] {
    let sender = match thread {
        Thread::Opens(opening) | Thread::Replies { opening, .. } => opening.sender.address.value(),
        Thread::Continues(_) | Thread::ByStaff { .. } => "",
    };
    let date = mail.header("date").unwrap_or_default();
    let id = mail.message_id().unwrap_or_default();
    digest(&["email", sender, &id, date, &mail.subject(), &mail.text])
}
