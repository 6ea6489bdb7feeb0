//! What a customer sent, as every channel hands it in, and what storing it came to.

use std::time::Duration;

use serde::Serialize;
use time::OffsetDateTime;

use super::attachment::AttachmentRef;
use super::email::EmailRecord;
use crate::domain::customers::consent::OptOutCommand;
use crate::domain::customers::contact::{Address, Email, Phone};
use crate::domain::enums::{Category, Channel, Priority, TicketStatus};
use crate::domain::ids::{ConversationId, CustomerId, MessageId, TicketId};

/// How long after its last message an attested sender's conversation is continued although nothing waits in it; later a
/// new one is opened (PROTOCOL.md 4.6).
pub const REUSE_WITHIN: Duration = Duration::from_secs(24 * 60 * 60);
/// Maximum messages of a ticket that wait for an answer, for those who write by the ticket's id: more than a customer
/// writes before they are answered, and few enough for one turn to read.
pub const MAX_UNSETTLED: i32 = 100;

/// Ids of everything that a message may create, made once, before the first try to store it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FreshIds {
    pub message: MessageId,
    pub conversation: ConversationId,
    pub ticket: TicketId,
    pub customer: CustomerId,
}

/// One message of a customer, parsed and ready to be stored. All ids are made before the first try, so that
/// storing it again after a lost answer finds the first try's row instead of making a second one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inquiry {
    pub message: MessageId,
    pub channel: Channel,
    /// What makes the message unique within its channel; a second one with the same id is the same message.
    pub external_id: String,
    /// A digest of everything the sender typed: the same external id with another digest is a conflict.
    pub fingerprint: [u8; 32],
    pub text: String,
    pub thread: Thread,
    pub extras: Extras,
}

impl Inquiry {
    /// The inquiry from a browser in which this address is proved: if it opens a conversation with that address, its sender
    /// is proved.
    #[must_use]
    pub fn proved_by(mut self, email: Option<&Email>) -> Self {
        let named = match &self.thread {
            Thread::Opens(opening) => Some(&opening.sender.address),
            Thread::Replies { .. } | Thread::Continues(_) | Thread::ByStaff { .. } => None,
        };
        self.extras.proved = match (named, email) {
            (Some(Address::Email(named)), Some(email)) => named == email,
            (Some(_) | None, _) => false,
        };
        self
    }
}

/// What came beside a message's text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Extras {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<ChannelMetadata>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<AttachmentRef>,
    /// The language of the text (ISO 639), where it can be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// The wish that the whole message is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opt_out: Option<OptOutCommand>,
    /// How the message sounds, from 0 to 100, where perhaps no turn will say it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sentiment_percent: Option<u8>,
    /// Of a mail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<Box<EmailRecord>>,
    /// Whether its sender has proved the address on the page that it was written on.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub proved: bool,
}

impl Extras {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What a chat channel tells of a message, for staff to see.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ChannelMetadata {
    /// The name that the sender gave themselves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile_name: Option<String>,
    /// The button or list entry that was tapped; its text is the message's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub button: Option<Button>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
    /// The provider's id of the message that this one quotes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<String>,
    /// The provider's name of a kind of message that it could not pass on, such as `poll`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unsupported: Option<String>,
    /// What a reply by mail needs to stay in its thread.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mail: Option<MailHeaders>,
}

/// Of a customer's mail (RFC 5322, 3.6.4 and 3.6.5).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct MailHeaders {
    pub message_id: String,
    pub subject: String,
    /// Oldest first.
    pub references: Vec<String>,
    /// The provider's thread, where the provider has threads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thread_id: Option<String>,
    /// The mailbox of ours that it came to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mailbox: Option<String>,
    /// Everybody else whom it was sent to openly: a reply goes to them too.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cc: Vec<Email>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Button {
    pub text: String,
    pub payload: String,
}

/// A place, as the provider writes it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Location {
    pub latitude: String,
    pub longitude: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

/// Where an inquiry belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Thread {
    /// It opens a conversation and a ticket of its own; an attested sender goes on in the one they have, if it is
    /// open (PROTOCOL.md 2.4).
    Opens(Box<Opening>),
    /// It answers messages that have these ids on its channel, the closest first: it goes on in the open conversation
    /// of the first that the records have and that the same sender has written in. Else it opens one.
    Replies { to: Vec<String>, opening: Box<Opening> },
    /// It goes on in the conversation of a ticket that the sender knows the id of.
    Continues(TicketId),
    /// A colleague wrote it to a customer with another program, in answer to messages that have these ids. Where the
    /// records have none of them it is not ours to keep.
    ByStaff { to: Vec<String> },
}

/// What a new conversation and its ticket start with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    pub conversation: ConversationId,
    pub ticket: TicketId,
    /// The id that the customer gets if the identifier is new.
    pub customer: CustomerId,
    pub sender: Sender,
    pub subject: String,
    pub category: Category,
    pub priority: Priority,
    /// Contact data on the ticket; it is not an identity.
    pub contact_phone: Option<Phone>,
}

/// Who wrote, and whether the channel proves it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender {
    pub address: Address,
    pub attestation: Attestation,
    pub name: String,
}

/// Whether a channel proves who the sender is (DESIGN.md, Identity).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attestation {
    /// Proved by the channel, as by a signed webhook.
    Attested,
    /// Only typed: for staff to see, it opens nothing and joins nothing.
    Unverified,
}

impl Inquiry {
    /// The conversation that the inquiry opens, or may open.
    pub fn opening(&self) -> Option<&Opening> {
        match &self.thread {
            Thread::Opens(opening) | Thread::Replies { opening, .. } => Some(opening),
            Thread::Continues(_) | Thread::ByStaff { .. } => None,
        }
    }

    /// The messages that it answers, by their ids on its channel.
    pub fn replies_to(&self) -> &[String] {
        match &self.thread {
            Thread::Replies { to, .. } | Thread::ByStaff { to } => to,
            Thread::Opens(_) | Thread::Continues(_) => &[],
        }
    }

    /// Whether it may come to a conversation that exists already, which people may have in their hands.
    pub fn may_continue(&self) -> bool {
        let is_reply = !self.replies_to().is_empty();
        is_reply
            || self.opening().is_none_or(|opening| match opening.sender.attestation {
                Attestation::Attested => true,
                Attestation::Unverified => false,
            })
    }
}

/// What storing an inquiry came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stored {
    /// It is in the database: now, or since an earlier try with the same external id and fingerprint.
    Accepted(Receipt),
    /// The external id was used before, for another text.
    Conflict,
    /// There is no such ticket.
    NoTicket,
    /// The ticket is closed and takes no more messages.
    TicketClosed,
    /// So many messages of the ticket wait for an answer that it takes no more for now.
    TicketFull,
}

/// Where a stored inquiry is to be found; the same for the first try and each repetition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    pub message: MessageId,
    pub conversation: ConversationId,
    pub ticket: TicketId,
    pub ticket_number: TicketNumber,
    /// The ticket's status right after the message was stored.
    pub status: TicketStatus,
    pub stored_at: OffsetDateTime,
    pub freshness: Freshness,
}

/// Whether this very try stored the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    New,
    Repeated,
}

/// The number by which people speak of a ticket; it gives no right to see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TicketNumber(pub i64);

impl std::fmt::Display for TicketNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "T-{}", self.0)
    }
}
