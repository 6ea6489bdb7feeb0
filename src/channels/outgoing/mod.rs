//! Port for outgoing webhooks: who posts an event to an endpoint of another system. Which events there are and when they
//! are sent again is not decided here.

pub mod post;
mod public_addresses;
mod signature;

use time::OffsetDateTime;

use super::port::ChannelFuture;
use crate::domain::webhooks::WebhookTry;

/// A sender of events. Endpoints are chosen by admins, who may be wrong or deceived: it posts to the public internet only.
pub trait PostEvent: Send + Sync {
    /// Whether events may be sent to this address, as far as that is known now; the refusal says why not. A name that
    /// can't be resolved passes: it is checked again at each try.
    fn check(&self, url: &str) -> ChannelFuture<Result<(), String>>;
    /// Posts an event once. The status of the answer, or why there is none.
    fn post(&self, attempt: WebhookTry, at: OffsetDateTime) -> ChannelFuture<Result<u16, String>>;
}
