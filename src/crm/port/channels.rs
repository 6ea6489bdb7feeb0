//! What the actors of channels with a provider ask of the records: replies to send, what became of them, files to
//! fetch, and how far a provider's list has been read.

use std::time::Duration;

use super::{CrmError, Pending};
use crate::domain::delivery::{Doubt, Doubtful, Known, Parcel, StatusUpdate};
use crate::domain::ids::DeliveryId;
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

pub trait ChannelRecords: Send + Sync {
    fn claim_deliveries(&self, claim: Claim) -> Pending<Result<Vec<Parcel>, CrmError>>;
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
}
