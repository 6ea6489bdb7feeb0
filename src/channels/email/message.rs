//! What a raw mail says: fields, text, files, and what a mail server reports in it. It decides nothing, and reads every
//! mail: a broken one is read as far as it goes, with a remark for staff.

mod body;
pub mod calendar;
mod files;
mod tnef;

use std::borrow::Cow;
use std::collections::BTreeSet;

pub use super::mime::MailAddress;
use super::mime::{Entity, Fields, MimeLimits, Tree};
use crate::domain::customers::contact::Email;

/// What is kept of a mail beside its raw form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MailLimits {
    pub mime: MimeLimits,
    /// Of the text, with its quotes.
    pub text_max_chars: usize,
    pub max_files: usize,
    pub file_max_bytes: usize,
}

impl Default for MailLimits {
    fn default() -> Self {
        Self {
            mime: MimeLimits { entities: 1_000, depth: 20 },
            text_max_chars: 100_000,
            max_files: 20,
            file_max_bytes: 25 * 1024 * 1024,
        }
    }
}

/// A mail, read.
#[derive(Clone, Debug, Default)]
pub struct ParsedMail {
    pub fields: Fields,
    author: Option<Email>,
    /// The readable text with quotes and signatures, in lines that end with `\n`.
    pub text: String,
    pub files: Vec<MailFile>,
    pub remarks: BTreeSet<MailRemark>,
    /// The method of the first calendar part, as `REQUEST`.
    pub calendar_method: Option<String>,
    /// The parts of a report, where the mail is one (RFC 6522).
    pub report: Option<ReportParts>,
    /// The fields of mails inside this one, the outermost first.
    pub nested: Vec<Fields>,
}

/// A file in a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailFile {
    pub name: Option<String>,
    pub content_type: String,
    pub bytes: Vec<u8>,
}

/// The machine-readable parts of a report.
#[derive(Clone, Debug, Default)]
pub struct ReportParts {
    /// `delivery-status`, `disposition-notification` or `feedback-report`.
    pub kind: String,
    /// The blocks of fields of the report: that of the message first, then one for each recipient.
    pub blocks: Vec<Fields>,
    /// The fields of the mail that it is about.
    pub original: Option<Fields>,
}

/// What staff should know about a mail. Not for customers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MailRemark {
    /// A limit cut it: the raw mail has the rest.
    Cut,
    /// Not valid MIME.
    Broken,
    SmimeEncrypted,
    PgpEncrypted,
    /// Signed in a form whose content only S/MIME programs read.
    SmimeOpaque,
    /// The signature was not checked.
    SmimeSigned,
    PgpSigned,
    /// A file of Outlook's that was opened (winmail.dat).
    Winmail,
    /// A calendar invitation.
    Calendar,
    /// Some files were left out: too many or too large.
    FilesLeftOut,
    SeveralAuthors,
}

impl MailRemark {
    pub fn text(self) -> &'static str {
        match self {
            Self::Cut => "too large: only a part was read",
            Self::Broken => "not well-formed",
            Self::SmimeEncrypted => "encrypted with S/MIME: it was not read",
            Self::PgpEncrypted => "encrypted with PGP: it was not read",
            Self::SmimeOpaque => "signed with S/MIME in a form that hides the text: it was not read",
            Self::SmimeSigned => "signed with S/MIME: the signature was not checked",
            Self::PgpSigned => "signed with PGP: the signature was not checked",
            Self::Winmail => "its files were in winmail.dat",
            Self::Calendar => "contains a calendar invitation",
            Self::FilesLeftOut => "some files were too many or too large: they are in the raw mail alone",
            Self::SeveralAuthors => "names several authors",
        }
    }
}

impl ParsedMail {
    pub fn parse(raw: &[u8], limits: &MailLimits) -> Self {
        let raw = with_line_feeds(raw);
        let tree = Tree::of(&raw, limits.mime);
        let mut mail = Self { fields: tree.root.fields.clone(), ..Self::default() };
        if tree.is_cut {
            mail.remarks.insert(MailRemark::Cut);
        }
        match (mail.authors().as_slice(), mail.fields.values("from").count()) {
            ([author], 1) => mail.author = Email::parse(&author.address).ok(),
            ([], _) => {}
            _ => {
                mail.remarks.insert(MailRemark::SeveralAuthors);
            }
        }
        mail.calendar_method = calendar::first(&tree.root).map(|found| found.method);
        mail.report = report(&tree.root);
        mail.nested = nested(&tree.root);
        files::collect(&tree.root, limits, &mut mail);
        body::read(&tree.root, limits, &mut mail);
        mail
    }

    /// The values of all fields of that name, the topmost first.
    pub fn header_values<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        self.fields.values(name)
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.fields.value(name)
    }

    /// Every mailbox in From, whether it can be used or not.
    pub fn authors(&self) -> Vec<MailAddress> {
        self.fields.addresses("from")
    }

    /// The address in From, where there is exactly one field with exactly one address.
    pub fn single_author(&self) -> Option<&Email> {
        self.author.as_ref()
    }

    /// Decoded, on one line; empty where there is none.
    pub fn subject(&self) -> String {
        self.fields.text("subject").unwrap_or_default()
    }

    /// With its angle brackets.
    pub fn message_id(&self) -> Option<String> {
        self.fields.ids("message-id").into_iter().next()
    }

    pub fn in_reply_to(&self) -> Vec<String> {
        self.fields.ids("in-reply-to")
    }

    /// Oldest first.
    pub fn references(&self) -> Vec<String> {
        self.fields.ids("references")
    }

    /// The usable addresses of a field.
    pub fn emails(&self, name: &str) -> Vec<Email> {
        emails(&self.fields.addresses(name))
    }
}

/// The mail with line feeds, where its lines end in nothing but carriage returns.
fn with_line_feeds(raw: &[u8]) -> Cow<'_, [u8]> {
    if raw.contains(&b'\n') || !raw.contains(&b'\r') {
        return Cow::Borrowed(raw);
    }
    Cow::Owned(raw.iter().map(|byte| if *byte == b'\r' { b'\n' } else { *byte }).collect())
}

fn emails(found: &[MailAddress]) -> Vec<Email> {
    found.iter().filter_map(|found| Email::parse(&found.address).ok()).collect()
}

/// The report that an entity is or contains at its top level.
fn report(root: &Entity<'_>) -> Option<ReportParts> {
    let is_report = root.fields.is_type("multipart", "report");
    let machine = |entity: &&Entity<'_>| {
        entity.fields.content_type().is_some_and(|(kind, subtype)| {
            kind == "message"
                && matches!(
                    subtype,
                    "delivery-status"
                        | "global-delivery-status"
                        | "disposition-notification"
                        | "feedback-report"
                        | "global-disposition-notification"
                )
        })
    };
    // Some servers send the parts as multipart/mixed.
    let status = root.children.iter().find(machine)?;
    let kind = status.fields.content_type().map_or("", |(_, subtype)| subtype).trim_start_matches("global-");
    let content = status.content();
    let original = root.children.iter().skip_while(|child| !machine(child)).skip(1).find_map(original_fields);
    (is_report || original.is_some() || kind == "delivery-status").then(|| ReportParts {
        kind: kind.to_owned(),
        blocks: blocks(&content),
        original,
    })
}

/// The fields of a returned mail, whole or only its head.
fn original_fields(entity: &Entity<'_>) -> Option<Fields> {
    if let Some(child) = entity.children.first().filter(|_| entity.is_message()) {
        return Some(child.fields.clone());
    }
    let is_head = entity.fields.is_type("text", "rfc822-headers")
        || entity.fields.is_type("message", "rfc822-headers")
        || entity.fields.is_type("message", "global-headers")
        || entity.is_message();
    is_head.then(|| Tree::of(&entity.content(), MimeLimits { entities: 1, depth: 0 }).root.fields)
}

/// Blocks of fields between empty lines.
fn blocks(content: &[u8]) -> Vec<Fields> {
    const MAX_BLOCKS: usize = 200;
    let mut blocks = Vec::new();
    let mut block: Vec<u8> = Vec::new();
    for line in content.split_inclusive(|byte| *byte == b'\n') {
        if line.trim_ascii().is_empty() {
            if !block.is_empty() && blocks.len() < MAX_BLOCKS {
                blocks.push(Fields::of(&block));
            }
            block.clear();
        } else {
            block.extend_from_slice(line);
        }
    }
    if !block.is_empty() && blocks.len() < MAX_BLOCKS {
        blocks.push(Fields::of(&block));
    }
    blocks
}

/// The fields of every mail inside a mail.
fn nested(entity: &Entity<'_>) -> Vec<Fields> {
    let mut found = Vec::new();
    for child in &entity.children {
        if entity.is_message() {
            found.push(child.fields.clone());
        }
        found.extend(nested(child));
    }
    found
}
