//! Value objects of mail: what the records keep of a customer's mail beside its text, why a mail gets no answer, and
//! what a report of a mail server says about a mail of ours.

use serde::Serialize;

use super::attachment::StoredContent;
use crate::domain::customers::contact::Email;
use crate::domain::enums::{Authentication, Unanswered};
use crate::domain::ids::DeliveryId;

/// What `message_emails` holds of a mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EmailRecord {
    /// The mailbox of ours that it came to.
    pub mailbox: String,
    /// Unique within the mailbox.
    pub provider_id: String,
    /// With its angle brackets; `None` where it has none that can be used.
    pub rfc_message_id: Option<String>,
    /// The provider's thread, where the provider has threads.
    pub thread_id: Option<String>,
    pub authentication: Authentication,
    /// Why it gets no automatic answer; `None` for a customer's mail.
    pub unanswered: Option<Unanswered>,
    /// What staff should know before they read it, such as that it is encrypted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<String>,
    /// The whole text with quotes and signatures, where the message holds less than that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub full_text: Option<String>,
    /// The whole mail as it came, compressed with gzip.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub raw: Option<StoredContent>,
    /// The subject without its prefixes, folded: a reply under another one is about something new.
    pub subject_base: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reports: Vec<DeliveryReport>,
}

/// What a mail server reports of one recipient of a mail of ours (RFC 3464).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DeliveryReport {
    /// The delivery that its Message-ID names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivery: Option<DeliveryId>,
    /// The Message-ID of the mail that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rfc_message_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recipient: Option<Email>,
    pub fate: MailFate,
    /// The status code and the words of the server, for staff.
    pub detail: String,
}

/// What became of a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MailFate {
    /// It will never arrive.
    Failed,
    /// It may still arrive: nothing follows from this.
    Delayed,
    Delivered,
    /// Its recipient reports it as unwanted (ARF, RFC 5965).
    Complaint,
}
