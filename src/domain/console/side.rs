//! Side conversations: staff ask third parties by mail, beside a conversation. The customer never sees any of it.

use std::time::Duration;

use serde::Deserialize;
use time::OffsetDateTime;

use super::detail::PersonRef;
use crate::domain::customers::contact::Email;
use crate::domain::enums::SideMessageState;
use crate::domain::ids::{ConversationId, SideId, SideMessageId};

/// Recipients of a side conversation.
pub const MAX_RECIPIENTS: usize = 20;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SideCommand {
    Open(Box<SideOpening>),
    Write {
        side: SideId,
        message: SideMessageId,
        text: String,
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
    pub state: SideMessageState,
    /// Why it was not sent.
    pub error: Option<String>,
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
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
}

/// What became of one attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SideAttempt {
    Sent,
    Later { why: String, pause: Duration },
    Failed { why: String },
}
