//! Repository port of attachments: leasing the files that are to be fetched, and what became of them.

use std::time::Duration;

use super::deliveries::LeaseRequest;
use super::{CrmError, StoreFuture};
use crate::domain::attachment::StoredFile;
use crate::domain::ids::AttachmentId;

/// A file that this process has leased to fetch it.
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
