//! Whether a mail may be answered (RFC 3834; the providers' rules against loops). When in doubt it is kept and not
//! answered: an answer to a machine may start a loop.

use super::automatic::{is_automatic_by_fields, is_bulk, takes_no_mail};
use super::bounce;
use super::message::{MailRemark, ParsedMail};
use super::own::OwnMailbox;
use super::sender::{Author, AuthorOrigin};
use super::thread::replies_to;
use crate::domain::enums::{Authentication, Unanswered};
use crate::domain::messages::email::DeliveryReport;
use crate::domain::wording::automatic;

/// What is to be done with a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MailVerdict {
    /// A customer's mail, for the agent.
    Answer,
    /// A mail that only a person can deal with.
    HandOver(Unanswered),
    /// Kept, and never answered.
    StoreOnly(Unanswered),
    /// What a mail server says about mails of ours; kept, and never answered.
    Report(Vec<DeliveryReport>),
}

impl MailVerdict {
    /// Why it gets no automatic answer.
    pub fn unanswered(&self) -> Option<Unanswered> {
        match self {
            Self::Answer => None,
            Self::HandOver(reason) | Self::StoreOnly(reason) => Some(*reason),
            Self::Report(_) => Some(Unanswered::Report),
        }
    }
}

/// `words` is the text that its author wrote, without quotes.
pub fn classify(mail: &ParsedMail, author: &Author, own: &OwnMailbox, words: &str) -> MailVerdict {
    if let Some(reports) = bounce::reports(mail, own) {
        return MailVerdict::Report(reports);
    }
    let Some(address) = &author.address else {
        return MailVerdict::StoreOnly(Unanswered::NoSender);
    };
    if let Some(verdict) = of_ourselves(mail, author) {
        return verdict;
    }
    if is_automatic_by_fields(mail) {
        return MailVerdict::StoreOnly(Unanswered::Automatic);
    }
    if is_bulk(mail, own) {
        return MailVerdict::StoreOnly(Unanswered::Bulk);
    }
    if takes_no_mail(address) {
        return MailVerdict::StoreOnly(Unanswered::NoReply);
    }
    if !is_to_us(mail, own) {
        return MailVerdict::StoreOnly(Unanswered::NotToUs);
    }
    if automatic::is_automatic(&mail.subject(), words) {
        return MailVerdict::StoreOnly(Unanswered::Automatic);
    }
    let unreadable = [MailRemark::SmimeEncrypted, MailRemark::SmimeOpaque, MailRemark::PgpEncrypted];
    if unreadable.iter().any(|remark| mail.remarks.contains(remark)) {
        return MailVerdict::HandOver(Unanswered::Encrypted);
    }
    MailVerdict::Answer
}

/// A mail from one of our own addresses: a colleague's answer, a form of a website, or a copy of our own mail.
fn of_ourselves(mail: &ParsedMail, author: &Author) -> Option<MailVerdict> {
    match author.origin {
        AuthorOrigin::Author | AuthorOrigin::Group => None,
        // Our own mails that come back, and what machines of ours send.
        AuthorOrigin::Form | AuthorOrigin::Ourselves if is_automatic_by_fields(mail) => {
            Some(MailVerdict::StoreOnly(Unanswered::OwnAddress))
        }
        AuthorOrigin::Form => Some(MailVerdict::HandOver(Unanswered::FormMail)),
        AuthorOrigin::Ourselves => {
            let is_proved = author.authentication == Authentication::Pass;
            let is_reply = !replies_to(mail).is_empty();
            let reason = if is_proved && is_reply { Unanswered::StaffReply } else { Unanswered::OwnAddress };
            Some(MailVerdict::StoreOnly(reason))
        }
    }
}

/// Fields that name the recipient of this copy.
const RECIPIENT_FIELDS: &[&str] = &[
    "delivered-to",
    "x-original-to",
    "x-delivered-to",
    "envelope-to",
    "x-envelope-to",
    "x-forwarded-to",
    "x-rcpt-to",
    "x-gm-original-to",
    "apparently-to",
    "resent-to",
];

/// Whether it was sent to one of our addresses openly, or by way of one. A hidden copy is for staff alone.
fn is_to_us(mail: &ParsedMail, own: &OwnMailbox) -> bool {
    let names_us = |field: &str| mail.emails(field).iter().any(|address| own.is_own(address));
    if names_us("to") || names_us("cc") {
        return true;
    }
    if names_us("bcc") || names_us("resent-bcc") {
        return false;
    }
    // No recipient is named: all of them are hidden ones.
    let names_a_recipient = !mail.emails("to").is_empty() || !mail.emails("cc").is_empty();
    let was_addressed = mail.header("to").is_some() || mail.header("cc").is_some();
    if !names_a_recipient && was_addressed {
        return false;
    }
    RECIPIENT_FIELDS.iter().any(|field| names_us(field)) || !names_a_recipient
}
