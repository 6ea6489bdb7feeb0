//! The fake mail adapter, and its provider: in memory, with a ledger of everything that it was asked.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use fte::channels::port::{
    ChannelFuture, DoubtFinding, FeedCursor, FeedItem, FeedPage, FetchError, Fetched, InboundFeed,
    MediaSource, MessageSender, NOT_LISTED, Outgoing, SendError, SendReceipt, SentMessage, fresh_ids,
};
use fte::domain::customers::contact::{Address, Email};
use fte::domain::enums::{Category, Channel, DeliveryState, FailureCause, Priority};
use fte::domain::ids::DeliveryId;
use fte::domain::messages::attachment::{AttachmentLimits, AttachmentRef};
use fte::domain::messages::delivery::{ClaimedDelivery, Failure, InDoubt, Route};
use fte::domain::messages::inquiry::{
    Attestation, ChannelMetadata, Extras, Inquiry, MailHeaders, Opening, Sender, Thread,
};
use tokio::sync::Semaphore;

pub const ACCOUNT: &str = "support@fake.example";
/// Mails on one page of the feed.
const PAGE: usize = 2;

/// What goes wrong with one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The mail is accepted, and there is no answer.
    AnswerLost,
    /// The mail never arrives, and there is no answer.
    RequestLost,
    Refused(FailureCause),
}

/// What the provider saw.
#[derive(Default)]
pub struct Ledger {
    pub accepted: Vec<Outgoing>,
    pub requests: usize,
    /// Deliveries in doubt that it was asked for.
    pub doubts: Vec<DeliveryId>,
    pub fetched: Vec<String>,
    /// The cursors of the feed that it was asked for.
    pub cursors: Vec<Option<String>>,
    pub faults: VecDeque<Fault>,
    pub inbox: Vec<Inquiry>,
    /// The mail that can't be read at present.
    pub unreadable: Option<String>,
}

/// The adapter; clones share the ledger.
#[derive(Clone)]
pub struct FakeMail {
    ledger: Arc<Mutex<Ledger>>,
    /// A send takes one of these.
    pub gate: Arc<Semaphore>,
}

impl FakeMail {
    pub fn new() -> Self {
        Self { ledger: Arc::default(), gate: Arc::new(Semaphore::new(1_000)) }
    }

    pub fn with(faults: &[Fault]) -> Self {
        let mail = Self::new();
        mail.ledger().faults.extend(faults.iter().cloned());
        mail
    }

    pub fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap()
    }

    /// The texts that an address got, in order.
    pub fn texts_to(&self, address: &str) -> usize {
        self.ledger().accepted.iter().filter(|mail| mail.to.value() == address).count()
    }

    fn deliver(&self, message: Outgoing) -> Result<SendReceipt, SendError> {
        let mut ledger = self.ledger();
        ledger.requests += 1;
        let fault = ledger.faults.pop_front();
        let receipt = SendReceipt::new(message_id(message.delivery));
        match fault {
            None => ledger.accepted.push(message),
            Some(Fault::AnswerLost) => {
                ledger.accepted.push(message);
                return Err(SendError::Unknown("the answer was lost".to_owned()));
            }
            Some(Fault::RequestLost) => return Err(SendError::Unknown("the request was lost".to_owned())),
            Some(Fault::Refused(cause)) => {
                return Err(SendError::Refused(Failure::new(cause, "550 5.1.1 no such mailbox")));
            }
        }
        Ok(receipt)
    }
}

/// The id that a mail of ours has: it names its delivery.
pub fn message_id(delivery: DeliveryId) -> String {
    format!("<{delivery}@fake.example>")
}

impl MessageSender for FakeMail {
    fn route(&self, delivery: &ClaimedDelivery) -> Route {
        match delivery.recipient() {
            Ok(Address::Email(_)) => Route::Text,
            Ok(Address::Phone(_) | Address::ProviderUser(_)) => {
                Route::Nowhere(Failure::new(FailureCause::InvalidAddress, "not an e-mail address"))
            }
            Err(failure) => Route::Nowhere(failure),
        }
    }

    fn send(&self, message: Outgoing) -> ChannelFuture<Result<SendReceipt, SendError>> {
        let mail = self.clone();
        Box::pin(async move {
            mail.gate.acquire().await.unwrap().forget();
            mail.deliver(message)
        })
    }

    fn resolve(&self, in_doubt: InDoubt) -> ChannelFuture<Result<DoubtFinding, SendError>> {
        let mut ledger = self.ledger();
        ledger.doubts.push(in_doubt.delivery);
        let sent = ledger.accepted.iter().filter(|mail| mail.delivery == in_doubt.delivery);
        let candidates = sent
            .map(|mail| SentMessage { provider_id: message_id(mail.delivery), state: DeliveryState::Sent });
        let found = DoubtFinding {
            candidates: candidates.collect(),
            otherwise: in_doubt.unlisted(Duration::ZERO),
            look_again: Duration::from_secs(1),
            given_up: NOT_LISTED,
        };
        Box::pin(std::future::ready(Ok(found)))
    }

    fn parts(&self, text: &str) -> Vec<String> {
        vec![text.to_owned()]
    }
}

impl MediaSource for FakeMail {
    fn limits(&self) -> AttachmentLimits {
        AttachmentLimits { max_bytes: 8, max_count: 3, types: &["application/pdf", "text/calendar"] }
    }

    fn fetch(&self, url: &str) -> ChannelFuture<Result<Fetched, FetchError>> {
        self.ledger().fetched.push(url.to_owned());
        let (content_type, size) = match url.rsplit('/').next() {
            Some("invite") => ("text/calendar", 8),
            Some("large") => ("application/pdf", 9),
            Some(_) | None => ("text/html", 1),
        };
        let fetched = Fetched { content_type: content_type.to_owned(), bytes: vec![7; size] };
        Box::pin(std::future::ready(Ok(fetched)))
    }
}

/// A mail in the inbox.
struct Listed {
    mail: FakeMail,
    inquiry: Inquiry,
}

impl FeedItem for Listed {
    fn external_id(&self) -> &str {
        &self.inquiry.external_id
    }

    fn read(self: Box<Self>) -> ChannelFuture<Result<Option<Inquiry>, SendError>> {
        let is_away = self.mail.ledger().unreadable.as_ref() == Some(&self.inquiry.external_id);
        let later = SendError::Later { why: "the mailbox is locked".to_owned(), retry_after: None };
        Box::pin(std::future::ready(if is_away { Err(later) } else { Ok(Some(self.inquiry)) }))
    }
}

impl InboundFeed for FakeMail {
    fn account(&self) -> String {
        ACCOUNT.to_owned()
    }

    fn page(&self, after: Option<FeedCursor>) -> ChannelFuture<Result<FeedPage, SendError>> {
        let mut ledger = self.ledger();
        ledger.cursors.push(after.as_ref().map(|cursor| cursor.0.clone()));
        let from = after.map_or(0, |cursor| cursor.0.trim_start_matches("history-").parse().unwrap());
        let page: Vec<Inquiry> = ledger.inbox.iter().skip(from).take(PAGE).cloned().collect();
        let through = from + page.len();
        let item = |inquiry| Box::new(Listed { mail: self.clone(), inquiry }) as Box<dyn FeedItem>;
        let next = (through > from).then(|| FeedCursor(format!("history-{through}")));
        let has_more = through < ledger.inbox.len();
        let page = FeedPage { items: page.into_iter().map(item).collect(), next, has_more };
        Box::pin(std::future::ready(Ok(page)))
    }
}

/// A customer's mail. Its sender is not proved.
pub fn mail(from: &str, id: &str, replies_to: &[String]) -> Inquiry {
    let ids = fresh_ids();
    let opening = Box::new(Opening {
        conversation: ids.conversation,
        ticket: ids.ticket,
        customer: ids.customer,
        sender: Sender {
            address: Address::Email(Email::parse(from).unwrap()),
            attestation: Attestation::Unverified,
            name: "Ann".to_owned(),
        },
        subject: "Password".to_owned(),
        category: Category::General,
        priority: Priority::Medium,
        contact_phone: None,
    });
    let to = replies_to.to_vec();
    let headers = MailHeaders {
        message_id: id.to_owned(),
        subject: "Password".to_owned(),
        references: replies_to.to_vec(),
        ..MailHeaders::default()
    };
    Inquiry {
        message: ids.message,
        channel: Channel::Email,
        external_id: id.to_owned(),
        fingerprint: [3; 32],
        text: "How do I reset my password?".to_owned(),
        thread: if to.is_empty() { Thread::Opens(opening) } else { Thread::Replies { to, opening } },
        extras: Extras {
            metadata: Some(ChannelMetadata { mail: Some(headers), ..ChannelMetadata::default() }),
            ..Extras::default()
        },
    }
}

/// The same with files.
pub fn with_files(inquiry: Inquiry, attachments: Vec<AttachmentRef>) -> Inquiry {
    Inquiry { extras: Extras { attachments, ..inquiry.extras }, ..inquiry }
}
