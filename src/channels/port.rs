//! Port of the channel adapters: what each provider channel implements. Only the composition root names the adapters.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use crate::clock;
use crate::domain::customers::contact::{Address, Email};
use crate::domain::enums::DeliveryState;
use crate::domain::ids::DeliveryId;
use crate::domain::messages::attachment::AttachmentLimits;
use crate::domain::messages::delivery::{
    ClaimedDelivery, Failure, InDoubt, MailThread, RefusedRecipient, Resolution, Route,
};
use crate::domain::messages::inquiry::{FreshIds, Inquiry};

/// The pending answer of a provider.
pub type ChannelFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// One outbound message to one customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// Sent along with the message, so that the provider's status reports name it.
    pub delivery: DeliveryId,
    pub to: Address,
    pub content: Content,
    /// The thread that a mail belongs to; chats have none.
    pub mail: Option<MailThread>,
    /// Files that go along with a mail; chats have none.
    pub files: Vec<OutgoingFile>,
    /// The provider's id of the draft that was made of it; only of providers with drafts.
    pub draft: Option<String>,
}

/// A file of a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutgoingFile {
    pub name: String,
    pub content_type: String,
    pub bytes: Vec<u8>,
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
    /// Recipients in copy whom the provider refuses.
    pub refused: Vec<RefusedRecipient>,
}

impl SendReceipt {
    /// It was accepted for all of its recipients.
    pub fn new(provider_id: String) -> Self {
        Self { provider_id, refused: Vec::new() }
    }
}

/// Why a message was not accepted, as far as we know.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// It certainly was not; the same message may be accepted later.
    #[error("not now: {why}")]
    Later { why: String, retry_after: Option<Duration> },
    /// It certainly was not, and every send fails until the account is fixed.
    #[error("the account does not work: {0}")]
    Account(String),
    /// It never will be.
    #[error("{}", .0.detail)]
    Refused(Failure),
    /// In doubt: the answer was lost.
    #[error("no answer: {0}")]
    Unknown(String),
}

/// What the provider shows of an attempt in doubt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DoubtFinding {
    /// Messages that it may be, oldest first.
    pub candidates: Vec<SentMessage>,
    /// What it comes to if each of them belongs to another delivery.
    pub otherwise: Resolution,
    /// When to ask again after [`Resolution::Wait`].
    pub look_again: Duration,
    /// What staff are told after [`Resolution::GiveUp`].
    pub given_up: &'static str,
}

/// Why an attempt is left to staff whose provider shows nothing of it.
pub const NOT_LISTED: &str =
    "it is unknown whether it arrived: the provider neither answered two attempts nor lists them";

/// A message of ours at the provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentMessage {
    pub provider_id: String,
    pub state: DeliveryState,
}

/// A provider that brings messages to customers.
pub trait MessageSender: Send + Sync {
    /// How the provider's rules let a reply be sent now.
    fn route(&self, delivery: &ClaimedDelivery) -> Route;
    fn send(&self, message: Outgoing) -> ChannelFuture<Result<SendReceipt, SendError>>;
    /// Makes a draft, whose id is stored before the message is sent by it; `None` where the provider has no drafts.
    fn draft(&self, _message: &Outgoing) -> Option<ChannelFuture<Result<String, SendError>>> {
        None
    }
    /// Looks for an attempt without an answer; nothing is decided where the provider does not answer.
    fn resolve(&self, in_doubt: InDoubt) -> ChannelFuture<Result<DoubtFinding, SendError>>;
    /// A text in parts that fit into one message each.
    fn parts(&self, text: &str) -> Vec<String>;
}

/// How far a feed has been read. Only its adapter reads it; the records keep it as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedCursor(pub String);

/// A part of a feed.
pub struct FeedPage {
    /// Oldest first.
    pub items: Vec<Box<dyn FeedItem>>,
    /// Where to go on once every item is stored; `None` where that is where this page began.
    pub next: Option<FeedCursor>,
    /// There is more to read at once.
    pub has_more: bool,
}

/// A customer's message in a feed.
pub trait FeedItem: Send {
    /// The external id that its inquiry will have.
    fn external_id(&self) -> &str;
    /// Where to go on once this message and those before it are stored; `None` where only the page says so.
    fn position(&self) -> Option<FeedCursor> {
        None
    }
    /// The whole of it; `None` where it is no message for us.
    fn read(self: Box<Self>) -> ChannelFuture<Result<Option<Inquiry>, SendError>>;
}

/// A provider's list of what customers wrote: for a channel without webhooks, and for what a webhook never told.
pub trait InboundFeed: Send + Sync {
    /// The key of this feed's cursor.
    fn account(&self) -> String;
    /// What comes after the cursor; without one, where the feed begins for us. Items may come again.
    fn page(&self, after: Option<FeedCursor>) -> ChannelFuture<Result<FeedPage, SendError>>;
    /// Waits about a second, and says whether there may be something new; `None` where the provider can't be listened
    /// to. It is called again as soon as it has answered.
    fn watch(&self) -> Option<ChannelFuture<Result<bool, SendError>>> {
        None
    }
    /// The mailbox whose threads are taken out of the inbox when they are resolved; `None` where they stay.
    fn archives(&self) -> Option<String> {
        None
    }
    /// Takes a thread out of the inbox; one that is gone is no error.
    fn archive(&self, _thread: String) -> ChannelFuture<Result<(), SendError>> {
        Box::pin(std::future::ready(Ok(())))
    }
    /// A problem that does not keep it from reading, for the health report.
    fn warning(&self) -> Option<String> {
        None
    }
}

/// What a provider's push announces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PushNotice {
    pub mailbox: Email,
    /// The provider's newest position; for the records alone, no feed goes on from it.
    pub position: String,
}

/// Why a push is not accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PushRefusal {
    #[error("{0}")]
    Forged(&'static str),
    /// The keys of its sender can't be fetched: it may come again.
    #[error("the keys can't be fetched: {0}")]
    Unavailable(String),
}

/// The receiver of a provider's pushes.
pub trait PushReceiver: std::fmt::Debug + Send + Sync {
    /// Checks the bearer token of a request.
    fn verify(&self, token: Option<String>) -> ChannelFuture<Result<(), PushRefusal>>;
    fn read(&self, body: &[u8]) -> Option<PushNotice>;
    /// Wakes the feed of that mailbox; whether there is one.
    fn announce(&self, notice: &PushNotice) -> bool;
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
    Unavailable(String),
}

/// Where the files beside a channel's messages are fetched from.
pub trait MediaSource: Send + Sync {
    /// What the channel accepts. The fetching actor checks it too.
    fn limits(&self) -> AttachmentLimits;
    fn fetch(&self, url: &str) -> ChannelFuture<Result<Fetched, FetchError>>;
}

/// Content-addressed store of files, by the SHA-256 of their content.
pub trait MediaStore: std::fmt::Debug + Send + Sync {
    fn put(&self, sha256: Vec<u8>, bytes: Vec<u8>) -> ChannelFuture<std::io::Result<()>>;
    fn get(&self, sha256: Vec<u8>) -> ChannelFuture<std::io::Result<Vec<u8>>>;
    /// Removes a file; one that is not there counts as removed.
    fn remove(&self, sha256: Vec<u8>) -> ChannelFuture<std::io::Result<()>>;
}

/// Ids for one inquiry: those that a browser or a log may see by time, that of the ticket by chance alone.
pub fn fresh_ids() -> FreshIds {
    FreshIds {
        message: clock::new_v7().into(),
        conversation: clock::new_v7().into(),
        ticket: clock::new_v4().into(),
        customer: clock::new_v7().into(),
    }
}
