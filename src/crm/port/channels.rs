//! Repository port of the provider channels: deliveries and their statuses, attachments, and the cursors of inbound
//! feeds.

use std::time::Duration;

use super::{CrmError, StoreFuture};
use crate::domain::attachment::StoredFile;
use crate::domain::contact::Email;
use crate::domain::delivery::{ClaimedDelivery, InDoubt, Known, Resolution, StatusUpdate};
use crate::domain::enums::{Channel, DeliveryState};
use crate::domain::ids::{AttachmentId, ChallengeId, DeliveryId};
use crate::domain::linking::CodeHash;

/// A wish for replies to send, or files to fetch. The lease must outlast a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeaseRequest {
    pub channel: Channel,
    pub limit: i64,
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
pub struct ProviderFinding {
    pub attempt: Attempt,
    /// Messages that it may be, oldest first: the provider's id and state.
    pub listed: Vec<(String, DeliveryState)>,
    /// What it comes to if each of them is some other delivery's.
    pub otherwise: Resolution,
    pub look_again: Duration,
}

/// What a doubtful attempt came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResolutionOutcome {
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
    /// Its place among the files of its message, from 1.
    pub position: i16,
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

/// How far a provider's list of messages has been read. The position is the adapter's: nobody else reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub channel: Channel,
    pub account: String,
    /// The position that it moves on from. Where another process has moved it meanwhile, it stays as it is.
    pub from: Option<String>,
    pub position: String,
}

/// A code that this process has claimed to mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimedVerification {
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
pub enum VerificationMailOutcome {
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
    fn lease_deliveries(
        &self,
        claim: LeaseRequest,
        per_second: f64,
    ) -> StoreFuture<Result<Vec<ClaimedDelivery>, CrmError>>;
    /// Makes a claimed reply into several parts, of which it becomes the first.
    fn split_delivery(
        &self,
        attempt: Attempt,
        parts: Vec<(DeliveryId, String)>,
    ) -> StoreFuture<Result<bool, CrmError>>;
    /// Puts a reply back that certainly did not reach the provider.
    fn put_back_delivery(
        &self,
        attempt: Attempt,
        pause: Duration,
        why: String,
    ) -> StoreFuture<Result<(), CrmError>>;
    fn lease_in_doubt(&self, claim: LeaseRequest) -> StoreFuture<Result<Vec<InDoubt>, CrmError>>;
    fn resolve_in_doubt(&self, finding: ProviderFinding) -> StoreFuture<Result<ResolutionOutcome, CrmError>>;
    /// Records what became of messages. Each message may occur once in a batch.
    fn record_statuses(&self, batch: Vec<StatusUpdate>) -> StoreFuture<Vec<Result<Known, CrmError>>>;

    /// Files of that channel alone: another one's are fetched in another way.
    fn lease_attachments(&self, claim: LeaseRequest) -> StoreFuture<Result<Vec<ToFetch>, CrmError>>;
    fn settle_attachment(
        &self,
        attachment: AttachmentId,
        attempt: i16,
        end: AttachmentEnd,
    ) -> StoreFuture<Result<(), CrmError>>;
    /// A file that was fetched; `None` for any other.
    fn stored_file(&self, attachment: AttachmentId) -> StoreFuture<Result<Option<StoredFile>, CrmError>>;

    /// Takes codes that must be mailed, and gives each one of those that were made.
    fn lease_verification_mails(
        &self,
        codes: Vec<CodeHash>,
        lease: Duration,
    ) -> StoreFuture<Result<Vec<ClaimedVerification>, CrmError>>;
    fn settle_verification_mail(
        &self,
        challenge: ChallengeId,
        attempt: i16,
        end: VerificationMailOutcome,
    ) -> StoreFuture<Result<(), CrmError>>;
    /// Joins one chat's customer to that of an address that was proved in it.
    fn join_customers(&self) -> StoreFuture<Result<Joined, CrmError>>;

    fn read_cursor(&self, channel: Channel, account: String)
    -> StoreFuture<Result<Option<String>, CrmError>>;
    /// Every message up to the position must be stored.
    fn write_cursor(&self, cursor: Cursor) -> StoreFuture<Result<(), CrmError>>;
    /// Which of these external ids the records do not have, in their order.
    fn unknown_messages(
        &self,
        channel: Channel,
        ids: Vec<String>,
    ) -> StoreFuture<Result<Vec<String>, CrmError>>;
}
