//! Repository port of deliveries: leases replies to send, and records the outcome.

use std::time::Duration;

use super::{CrmError, StoreFuture};
use crate::domain::enums::{Channel, DeliveryState};
use crate::domain::ids::DeliveryId;
use crate::domain::messages::delivery::{ClaimedDelivery, InDoubt, Known, Resolution, StatusUpdate};
use crate::domain::runtime::trace_parent::TraceParent;

/// A request for replies to send, or for files to fetch. The lease must outlast a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeaseRequest {
    pub channel: Channel,
    pub limit: i64,
    pub lease: Duration,
}

/// Identifies one attempt, so that it cannot settle another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attempt {
    pub delivery: DeliveryId,
    pub number: i16,
}

/// What a provider's list says about an in-doubt attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderFinding {
    pub attempt: Attempt,
    /// Candidate messages, oldest first: the provider's id and state.
    pub listed: Vec<(String, DeliveryState)>,
    /// The resolution if all candidates belong to other deliveries.
    pub otherwise: Resolution,
    pub look_again: Duration,
    /// What staff are told if they are left with it.
    pub given_up: &'static str,
}

/// The result of resolving an in-doubt attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResolutionOutcome {
    /// It had reached the provider.
    Found,
    /// It was resolved meanwhile.
    Already,
    Waits,
    Resent,
    GivenUp,
}

/// A reply that is now on its ticket's page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublishedReply {
    pub delivery: DeliveryId,
    /// Of the turn that wrote it.
    pub traceparent: Option<TraceParent>,
}

pub trait Deliveries: Send + Sync {
    /// Publishes pending replies of the web form on their tickets' pages; returns them.
    fn publish_web_replies(&self, limit: i64) -> StoreFuture<Result<Vec<PublishedReply>, CrmError>>;

    /// Limited to `per_second` over all processes.
    fn lease_deliveries(
        &self,
        request: LeaseRequest,
        per_second: f64,
    ) -> StoreFuture<Result<Vec<ClaimedDelivery>, CrmError>>;
    /// Splits a leased reply into several parts, of which it becomes the first.
    fn split_delivery(
        &self,
        attempt: Attempt,
        parts: Vec<(DeliveryId, String)>,
    ) -> StoreFuture<Result<bool, CrmError>>;
    /// Requeues a reply that certainly did not reach the provider.
    fn put_back_delivery(
        &self,
        attempt: Attempt,
        pause: Duration,
        why: String,
    ) -> StoreFuture<Result<(), CrmError>>;
    /// The draft that was made of a delivery, by its provider's id.
    fn read_draft(&self, delivery: DeliveryId) -> StoreFuture<Result<Option<String>, CrmError>>;
    /// Stored before the draft is sent. Returns the stored one, which is another if a draft was stored before.
    fn write_draft(&self, delivery: DeliveryId, draft: String) -> StoreFuture<Result<String, CrmError>>;
    fn lease_in_doubt(&self, request: LeaseRequest) -> StoreFuture<Result<Vec<InDoubt>, CrmError>>;
    fn resolve_in_doubt(&self, finding: ProviderFinding) -> StoreFuture<Result<ResolutionOutcome, CrmError>>;
    /// Records what became of messages. Each message may occur once in a batch.
    fn record_statuses(&self, batch: Vec<StatusUpdate>) -> StoreFuture<Vec<Result<Known, CrmError>>>;
}
