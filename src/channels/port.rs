//! What a provider of a chat channel can do for us. Adapters stand in the channels' folders; nobody but `main` names
//! them.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use time::OffsetDateTime;

use crate::domain::contact::Phone;
use crate::domain::enums::DeliveryState;
use crate::domain::ids::DeliveryId;
use crate::domain::inquiry::Inquiry;

/// An answer of the provider that is on its way.
pub type ChannelFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// One message to one customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// Travels with the message, so that the provider's reports name it.
    pub delivery: DeliveryId,
    pub to: Phone,
    pub content: Content,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    Text(String),
    /// An approved template, filled with what is known.
    Template {
        text: String,
        name: String,
        ticket: String,
    },
}

/// A message that the provider has taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SendReceipt {
    pub provider_id: String,
}

/// Why a message was not taken, as far as we know.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// It certainly was not; the same message may be taken later.
    #[error("not now: {why}")]
    Later { why: String, retry_after: Option<Duration> },
    /// It certainly was not, and nothing will be until somebody mends the account.
    #[error("the account does not work: {0}")]
    Account(String),
    /// It never will be.
    #[error("{0}")]
    Refused(String),
    /// The window for free text has closed and no template is configured.
    #[error("{0}")]
    NoTemplate(String),
    /// Nobody knows: the answer was lost.
    #[error("no answer: {0}")]
    Unknown(String),
}

/// A message of ours in the provider's list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentMessage {
    pub provider_id: String,
    pub body: String,
    pub created_at: OffsetDateTime,
    pub state: DeliveryState,
}

/// A customer's message in the provider's list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InboundItem {
    pub provider_id: String,
    pub created_at: OffsetDateTime,
    pub from: String,
    pub body: String,
    pub has_files: bool,
}

/// A provider's list of what customers wrote, for what it never managed to tell us.
pub trait InboundFeed: Send + Sync {
    /// By which its cursor is kept.
    fn account(&self) -> String;
    fn items(&self, since: OffsetDateTime) -> ChannelFuture<Result<Vec<InboundItem>, SendError>>;
    /// The whole of one; `None` where it is no message for us.
    fn read(&self, item: InboundItem) -> ChannelFuture<Result<Option<Inquiry>, SendError>>;
}

/// A file that was fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched {
    pub content_type: String,
    pub bytes: Vec<u8>,
}

/// Why a file was not fetched; the texts are for staff.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// It must not be fetched or kept.
    #[error("{0}")]
    Refused(String),
    /// It never will be there.
    #[error("{0}")]
    Failed(String),
    /// It may be there later.
    #[error("{0}")]
    Away(String),
}

/// Where files beside messages come from.
pub trait MediaSource: Send + Sync {
    fn fetch(&self, url: &str) -> ChannelFuture<Result<Fetched, FetchError>>;
}

/// Where files are kept, by the SHA-256 of their content.
pub trait MediaStore: std::fmt::Debug + Send + Sync {
    fn put(&self, sha256: Vec<u8>, bytes: Vec<u8>) -> ChannelFuture<std::io::Result<()>>;
    fn get(&self, sha256: Vec<u8>) -> ChannelFuture<std::io::Result<Vec<u8>>>;
}

/// A provider that brings messages to customers.
pub trait MessageSender: Send + Sync {
    fn send(&self, message: Outgoing) -> ChannelFuture<Result<SendReceipt, SendError>>;
    /// What was sent from us to that number since then, in any order.
    fn sent_to(&self, to: Phone, since: OffsetDateTime)
    -> ChannelFuture<Result<Vec<SentMessage>, SendError>>;
    /// A text in parts that fit into one message each.
    fn parts(&self, text: &str) -> Vec<String>;
}
