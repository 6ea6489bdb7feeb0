//! Repository port of attachments: leases files to fetch, and records the outcome.

use std::time::Duration;

use super::deliveries::LeaseRequest;
use super::{CrmError, StoreFuture};
use crate::domain::ids::AttachmentId;
use crate::domain::messages::attachment::StoredFile;

/// A file that this process has leased to fetch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToFetch {
    pub attachment: AttachmentId,
    /// Its place among the files of its message, from 1.
    pub position: i16,
    pub url: String,
    pub announced_type: String,
    pub attempt: i16,
}

/// The outcome of an attempt to fetch a file; texts are for staff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AttachmentEnd {
    Stored(StoredFile),
    Refused(String),
    Failed(String),
    /// Retried after the pause.
    Later(String, Duration),
}

pub trait Attachments: Send + Sync {
    /// Files of that channel alone: another one's are fetched in another way.
    fn lease_attachments(&self, request: LeaseRequest) -> StoreFuture<Result<Vec<ToFetch>, CrmError>>;
    fn settle_attachment(
        &self,
        attachment: AttachmentId,
        attempt: i16,
        end: AttachmentEnd,
    ) -> StoreFuture<Result<(), CrmError>>;
}
