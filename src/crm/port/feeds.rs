//! Repository port of inbound feeds: the cursor up to which a provider's feed has been read, and which of its messages
//! are unknown.

use super::{CrmError, StoreFuture};
use crate::domain::enums::Channel;
use crate::domain::messages::inquiry::{Inquiry, Stored};

/// How far a provider's list of messages has been read. The position is opaque: only the channel's adapter interprets
/// it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub channel: Channel,
    pub account: String,
    /// The position that it moves on from. If another process has moved the cursor meanwhile, it stays as it is.
    pub from: Option<String>,
    pub position: String,
}

pub trait Feeds: Send + Sync {
    fn read_cursor(&self, channel: Channel, account: String)
    -> StoreFuture<Result<Option<String>, CrmError>>;
    /// Stores messages of a feed and moves its cursor, in one transaction. A message that can't be stored does not keep
    /// the others from it; the cursor moves unless a repetition may succeed.
    fn store_messages(
        &self,
        messages: Vec<Inquiry>,
        cursor: Option<Cursor>,
    ) -> StoreFuture<Vec<Result<Stored, CrmError>>>;
    /// Every message up to the position must be stored.
    fn write_cursor(&self, cursor: Cursor) -> StoreFuture<Result<(), CrmError>>;
    /// Stores that a push has come for an account.
    fn write_notice(
        &self,
        channel: Channel,
        account: String,
        position: String,
    ) -> StoreFuture<Result<(), CrmError>>;
    /// Threads of a mailbox that are in its inbox although every ticket in them is resolved.
    fn resolved_threads(&self, mailbox: String, limit: i64) -> StoreFuture<Result<Vec<String>, CrmError>>;
    /// Stores that threads were taken out of the inbox.
    fn write_archived(&self, mailbox: String, threads: Vec<String>) -> StoreFuture<Result<(), CrmError>>;
    /// Which of these external ids are not stored, in their order.
    fn unknown_messages(
        &self,
        channel: Channel,
        ids: Vec<String>,
    ) -> StoreFuture<Result<Vec<String>, CrmError>>;
}
