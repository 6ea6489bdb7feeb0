//! Repository port of side conversations: what staff see of them, and the messages that wait to be sent.

use std::time::Duration;

use super::{CrmError, StoreFuture};
use crate::domain::console::side::{LeasedSideMessage, SideAttempt, SideUpload, SideView};
use crate::domain::ids::{SideId, SideMessageId};

pub trait SideConversations: Send + Sync {
    fn side(&self, side: SideId) -> StoreFuture<Result<Option<SideView>, CrmError>>;
    /// Records a file whose content is stored already; it belongs to no message yet.
    fn keep_upload(&self, upload: SideUpload) -> StoreFuture<Result<(), CrmError>>;
    /// Messages for one attempt each; without a result within `lease` they are leased again.
    fn lease_side_messages(
        &self,
        limit: i64,
        lease: Duration,
    ) -> StoreFuture<Result<Vec<LeasedSideMessage>, CrmError>>;
    fn settle_side_message(
        &self,
        message: SideMessageId,
        attempt: i16,
        end: SideAttempt,
    ) -> StoreFuture<Result<(), CrmError>>;
}
