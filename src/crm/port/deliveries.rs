//! Repository port of deliveries: leasing replies that are to be sent, and recording what became of them.

use std::time::Duration;

use super::{CrmError, StoreFuture};
use crate::domain::delivery::{ClaimedDelivery, InDoubt, Known, Resolution, StatusUpdate};
use crate::domain::enums::{Channel, DeliveryState};
use crate::domain::ids::DeliveryId;

/// A request for replies to send, or for files to fetch. The lease must outlast a request.
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

pub trait Deliveries: Send + Sync {
    /// Shows pending replies of the web form on their tickets' pages; how many there were.
    fn publish_web_replies(&self, limit: i64) -> StoreFuture<Result<u64, CrmError>>;

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
}
