//! Query port of the read models that customers and staff are shown.

use super::{CrmError, StoreFuture};
use crate::domain::customers::contact::Address;
use crate::domain::enums::Channel;
use crate::domain::ids::{AttachmentId, ConversationId, MessageId};
use crate::domain::messages::attachment::StoredFile;
use crate::domain::views::{ChannelMetrics, ConversationFound, CustomerView, PageRequest};

pub trait Views: Send + Sync {
    /// A page of a conversation, read in one snapshot.
    fn conversation(
        &self,
        id: ConversationId,
        request: PageRequest,
    ) -> StoreFuture<Result<ConversationFound, CrmError>>;
    fn customer(&self, address: Address) -> StoreFuture<Result<Option<CustomerView>, CrmError>>;
    /// A file that was fetched; `None` for any other.
    fn stored_file(&self, attachment: AttachmentId) -> StoreFuture<Result<Option<StoredFile>, CrmError>>;
    /// The digest of a mail as it came, compressed with gzip, where it is kept.
    fn mail_source(&self, message: MessageId) -> StoreFuture<Result<Option<Vec<u8>>, CrmError>>;
    /// One entry for each channel, in the order of `Channel::ALL`.
    fn channel_metrics(&self, hours: u32) -> StoreFuture<Result<Vec<(Channel, ChannelMetrics)>, CrmError>>;
}
