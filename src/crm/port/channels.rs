//! What the actors of channels with a provider ask of the records: replies to send, what became of them, files to
//! fetch, and how far a provider's list has been read.

use std::time::Duration;

use super::{CrmError, Pending};
use crate::domain::attachment::StoredFile;
use crate::domain::contact::Email;
use crate::domain::delivery::{Doubt, Doubtful, Known, Parcel, StatusUpdate};
use crate::domain::ids::{AttachmentId, ChallengeId, DeliveryId};
use crate::domain::linking::CodeHash;
use crate::domain::words::{Channel, DeliveryState};

/// A wish for replies to send. The lease must outlast a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    pub channel: Channel,
    pub at_most: i64,
    pub lease: Duration,
}

/// An attempt, by which nobody else's can be settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attempt {
    pub delivery: DeliveryId,
    pub number: i16,
}

/// What a provider's list says of a doubtful attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub attempt: Attempt,
    /// Messages that it may be, oldest first: the provider's id and state.
    pub listed: Vec<(String, DeliveryState)>,
    /// What it comes to if each of them is some other delivery's.
    pub otherwise: Doubt,
    pub look_again: Duration,
}

/// What a doubtful attempt came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settled {
    /// It had reached the provider.
    Found,
    /// It was settled meanwhile.
    Already,
    Waits,
    Resent,
    GivenUp,
}

/// A file that this process has claimed to fetch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToFetch {
    pub attachment: AttachmentId,
    pub url: String,
    pub announced_type: String,
    pub attempt: i16,
}

/// What a try to fetch a file came to; texts are for staff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AttachmentEnd {
    Stored(StoredFile),
    Refused(String),
    Failed(String),
    /// It is tried again after the pause.
    Later(String, Duration),
}

/// How far a provider's list of messages has been read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub channel: Channel,
    pub account: String,
    pub position: String,
}

/// A code that this process has claimed to mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    pub challenge: ChallengeId,
    pub to: Email,
    /// Of the chat (ISO 639).
    pub language: Option<String>,
    pub attempt: i16,
    /// Which of the codes offered with the claim it is.
    pub place: usize,
}

/// What a try to mail a code came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LetterEnd {
    Mailed,
    /// It is tried again after the pause, with another code.
    Later(Duration),
    GivenUp,
}

/// What joining a chat's customer to that of a proved address came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Joined {
    /// There was none to join.
    Nothing,
    Joined,
    /// They are one, or there is only one by now.
    Already,
    /// Both have a conversation in use; it is tried again.
    Waits,
    /// Something changed under it; it is tried again.
    Again,
}

pub trait ChannelRecords: Send + Sync {
    /// No more than all processes together may send, so many a second.
    fn claim_deliveries(&self, claim: Claim, per_second: f64) -> Pending<Result<Vec<Parcel>, CrmError>>;
    /// Makes a claimed reply into several parts, of which it becomes the first.
    fn split_delivery(
        &self,
        attempt: Attempt,
        parts: Vec<(DeliveryId, String)>,
    ) -> Pending<Result<bool, CrmError>>;
    /// Puts a reply back that certainly did not reach the provider.
    fn put_back_delivery(
        &self,
        attempt: Attempt,
        pause: Duration,
        why: String,
    ) -> Pending<Result<(), CrmError>>;
    fn claim_doubtful(&self, claim: Claim) -> Pending<Result<Vec<Doubtful>, CrmError>>;
    fn settle_doubt(&self, finding: Finding) -> Pending<Result<Settled, CrmError>>;
    /// Records what became of messages of one channel. Each message may occur once in a batch.
    fn record_statuses(
        &self,
        channel: Channel,
        batch: Vec<StatusUpdate>,
    ) -> Pending<Vec<Result<Known, CrmError>>>;

    fn claim_attachments(&self, at_most: i64, lease: Duration) -> Pending<Result<Vec<ToFetch>, CrmError>>;
    fn settle_attachment(
        &self,
        attachment: AttachmentId,
        attempt: i16,
        end: AttachmentEnd,
    ) -> Pending<Result<(), CrmError>>;
    /// A file that was fetched; `None` for any other.
    fn stored_file(&self, attachment: AttachmentId) -> Pending<Result<Option<StoredFile>, CrmError>>;

    /// Takes codes that must be mailed, and gives each one of those that were made.
    fn claim_letters(&self, codes: Vec<CodeHash>, lease: Duration) -> Pending<Result<Vec<Letter>, CrmError>>;
    fn settle_letter(
        &self,
        challenge: ChallengeId,
        attempt: i16,
        end: LetterEnd,
    ) -> Pending<Result<(), CrmError>>;
    /// Joins one chat's customer to that of an address that was proved in it.
    fn join_customers(&self) -> Pending<Result<Joined, CrmError>>;

    fn read_cursor(&self, channel: Channel, account: String) -> Pending<Result<Option<String>, CrmError>>;
    fn write_cursor(&self, cursor: Cursor) -> Pending<Result<(), CrmError>>;
    /// Which of these external ids the records do not have, in their order.
    fn unknown_messages(&self, channel: Channel, ids: Vec<String>) -> Pending<Result<Vec<String>, CrmError>>;
}
