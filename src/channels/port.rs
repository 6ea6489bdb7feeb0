//! Ports to the provider of a chat channel. Their adapters are in the channels' folders, and only `main` names them.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use time::OffsetDateTime;

use crate::domain::contact::Phone;
use crate::domain::enums::DeliveryState;
use crate::domain::ids::DeliveryId;
use crate::domain::inquiry::Inquiry;

/// The pending answer of a provider.
pub type ChannelFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// One outbound message to one customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// Sent along with the message, so that the provider's status reports name it.
    pub delivery: DeliveryId,
    pub to: Phone,
    pub content: Content,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    Text(String),
    /// An approved template with its variables filled in.
    Template {
        text: String,
        name: String,
        ticket: String,
    },
}

/// A message that the provider has accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SendReceipt {
    pub provider_id: String,
}

/// Why a message was not accepted, as far as is known.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// Certainly not accepted; a retry of the same message may succeed.
    #[error("not now: {why}")]
    Later { why: String, retry_after: Option<Duration> },
    /// Certainly not accepted, and every send fails until the account is fixed.
    #[error("the account does not work: {0}")]
    Account(String),
    /// A permanent failure: retrying cannot succeed.
    #[error("{0}")]
    Refused(String),
    /// The window for free text has closed and no template is configured.
    #[error("{0}")]
    NoTemplate(String),
    /// In doubt: the answer was lost, so the message may have been accepted.
    #[error("no answer: {0}")]
    Unknown(String),
}

/// One of our messages in the provider's list.
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

/// A provider's list of inbound messages, polled to recover those whose webhook never arrived.
pub trait InboundFeed: Send + Sync {
    /// The key of this feed's cursor.
    fn account(&self) -> String;
    fn items(&self, since: OffsetDateTime) -> ChannelFuture<Result<Vec<InboundItem>, SendError>>;
    /// Reads one message completely; `None` if it is not addressed to us.
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
    /// Forbidden: it must not be fetched or stored.
    #[error("{0}")]
    Refused(String),
    /// A permanent failure: the file will never be available.
    #[error("{0}")]
    Failed(String),
    /// A transient failure: a retry may succeed.
    #[error("{0}")]
    Away(String),
}

/// Source of the files attached to messages.
pub trait MediaSource: Send + Sync {
    fn fetch(&self, url: &str) -> ChannelFuture<Result<Fetched, FetchError>>;
}

/// Content-addressed store of files, by the SHA-256 of their content.
pub trait MediaStore: std::fmt::Debug + Send + Sync {
    fn put(&self, sha256: Vec<u8>, bytes: Vec<u8>) -> ChannelFuture<std::io::Result<()>>;
    fn get(&self, sha256: Vec<u8>) -> ChannelFuture<std::io::Result<Vec<u8>>>;
}

/// A provider that delivers messages to customers.
pub trait MessageSender: Send + Sync {
    fn send(&self, message: Outgoing) -> ChannelFuture<Result<SendReceipt, SendError>>;
    /// Our messages to that number since then, in any order.
    fn sent_to(&self, to: Phone, since: OffsetDateTime)
    -> ChannelFuture<Result<Vec<SentMessage>, SendError>>;
    /// Splits a text into parts that fit into one message each.
    fn parts(&self, text: &str) -> Vec<String>;
}
