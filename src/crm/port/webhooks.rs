//! Repository port of outgoing webhooks: the endpoints, and the events that are sent to them. Endpoints are changed as
//! actions of staff (`StaffActions`).

use std::time::Duration;

use super::{CrmError, StoreFuture};
use crate::domain::ids::{WebhookDeliveryId, WebhookId};
use crate::domain::webhooks::{
    WebhookDeliveryView, WebhookEnd, WebhookKey, WebhookTry, WebhookUpkeep, WebhookView,
};

pub trait Webhooks: Send + Sync {
    /// All endpoints, oldest first.
    fn webhooks(&self) -> StoreFuture<Result<Vec<WebhookView>, CrmError>>;
    fn webhook(&self, id: WebhookId) -> StoreFuture<Result<Option<(WebhookView, WebhookKey)>, CrmError>>;
    /// The events of an endpoint after `after`, newest first.
    fn webhook_deliveries(
        &self,
        webhook: WebhookId,
        after: Option<WebhookDeliveryId>,
        limit: i64,
    ) -> StoreFuture<Result<Vec<WebhookDeliveryView>, CrmError>>;
    fn webhook_delivery(
        &self,
        id: WebhookDeliveryId,
    ) -> StoreFuture<Result<Option<WebhookDeliveryView>, CrmError>>;
    /// Leases events that are due for one try each, up to `each` of every endpoint that is not `busy`.
    fn lease_webhooks(
        &self,
        busy: Vec<WebhookId>,
        each: i64,
        lease: Duration,
    ) -> StoreFuture<Result<Vec<WebhookTry>, CrmError>>;
    /// Records how a try ended; whether that has disabled the endpoint.
    fn settle_webhook(
        &self,
        delivery: WebhookDeliveryId,
        attempt: i16,
        end: WebhookEnd,
    ) -> StoreFuture<Result<bool, CrmError>>;
    /// Removes old events, at most `limit`.
    fn tidy_webhooks(&self, limit: i64) -> StoreFuture<Result<WebhookUpkeep, CrmError>>;
}
