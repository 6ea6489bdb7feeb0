//! Side conversations: staff ask third parties by mail, beside a conversation. The customer never sees any of it.

use std::time::Duration;

use serde::Deserialize;
use time::OffsetDateTime;

use super::detail::PersonRef;
use crate::domain::customers::contact::Email;
use crate::domain::enums::SideMessageState;
use crate::domain::ids::{AttachmentId, ConversationId, SideId, SideMessageId, StaffId};
use crate::domain::messages::attachment::StoredFile;

/// Recipients of a side conversation.
pub const MAX_RECIPIENTS: usize = 20;
/// Files of one message.
pub const MAX_FILES: usize = 10;
/// Of one file that staff upload.
pub const FILE_MAX_BYTES: usize = 10 * 1024 * 1024;
/// Of all files of one message: encoded (RFC 2045, section 6.8) it is 20 MiB, and mail servers usually take 25 MB.
pub const FILES_MAX_BYTES: i64 = 15 * 1024 * 1024;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SideCommand {
    Open(Box<SideOpening>),
    Write {
        side: SideId,
        message: SideMessageId,
        text: String,
        files: Vec<AttachmentId>,
        /// Whether mails can be sent.
        has_mail: bool,
    },
}

/// A side conversation with its first message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SideOpening {
    pub conversation: ConversationId,
    pub side: SideId,
    pub message: SideMessageId,
    pub to: Vec<Email>,
    pub subject: String,
    pub text: String,
    /// Files that the author has uploaded.
    pub files: Vec<AttachmentId>,
    /// Whether mails can be sent.
    pub has_mail: bool,
}

/// A side conversation as staff see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SideView {
    pub id: SideId,
    pub conversation: ConversationId,
    pub subject: String,
    pub to: Vec<String>,
    pub author: PersonRef,
    pub created_at: OffsetDateTime,
    /// Oldest first.
    pub messages: Vec<SideMessageView>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct SideMessageView {
    pub id: SideMessageId,
    /// Who of staff wrote it; `None` where a third party did.
    pub author: Option<PersonRef>,
    /// The address of a third party.
    pub sender: Option<String>,
    /// Whether the receiving server vouches for it.
    pub attested: bool,
    pub text: String,
    pub files: Vec<SideFileView>,
    pub state: SideMessageState,
    /// Why it was not sent.
    pub error: Option<String>,
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
}

/// A file beside a message.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct SideFileView {
    pub id: AttachmentId,
    /// That of the account which has uploaded it; `None` for a third party's.
    pub name: Option<String>,
    pub content_type: String,
    pub size_bytes: i64,
}

/// A file that an account has uploaded, to send it with a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SideUpload {
    pub id: AttachmentId,
    pub by: StaffId,
    pub name: String,
    pub file: StoredFile,
}

/// A message that was leased for one attempt to send it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeasedSideMessage {
    pub id: SideMessageId,
    pub attempt: i16,
    pub text: String,
    pub subject: String,
    pub to: Vec<Email>,
    /// The Message-IDs of the answers so far, oldest first.
    pub references: Vec<String>,
    pub files: Vec<SideFileContent>,
}

/// A file of a message that is sent.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct SideFileContent {
    pub name: String,
    pub content_type: String,
    /// The key of its content, in hexadecimal.
    pub sha256: String,
}

/// What became of one attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SideAttempt {
    Sent,
    Later { why: String, pause: Duration },
    Failed { why: String },
}
