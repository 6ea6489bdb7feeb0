//! Fakes of the read models of staff: one conversation, one customer, and the figures of one channel.

use fte::crm::port::{CrmError, StoreFuture, Views};
use fte::domain::customers::contact::Address;
use fte::domain::enums::Channel;
use fte::domain::ids::{AttachmentId, ConversationId, MessageId};
use fte::domain::messages::attachment::StoredFile;
use fte::domain::views::{ChannelMetrics, ConversationFound, CustomerView, PageRequest};

use super::reading::{conversation_view, customer_view, metrics};
use super::rig::{KNOWN, Shelf, ready};

impl Views for Shelf {
    fn conversation(
        &self,
        id: ConversationId,
        request: PageRequest,
    ) -> StoreFuture<Result<ConversationFound, CrmError>> {
        ready(match (id.0, request.before) {
            (KNOWN, None) => ConversationFound::Page(Box::new(conversation_view())),
            (KNOWN, Some(_)) => ConversationFound::UnknownMessage,
            _ => ConversationFound::NoConversation,
        })
    }

    fn customer(&self, address: Address) -> StoreFuture<Result<Option<CustomerView>, CrmError>> {
        let known = ["ann@example.com", "+4915112345678"].contains(&address.value());
        ready(known.then(customer_view))
    }

    fn stored_file(&self, _: AttachmentId) -> StoreFuture<Result<Option<StoredFile>, CrmError>> {
        ready(None)
    }

    fn mail_source(&self, _: MessageId) -> StoreFuture<Result<Option<Vec<u8>>, CrmError>> {
        ready(None)
    }

    fn channel_metrics(&self, _: u32) -> StoreFuture<Result<Vec<(Channel, ChannelMetrics)>, CrmError>> {
        ready(vec![(Channel::WebForm, metrics())])
    }
}
