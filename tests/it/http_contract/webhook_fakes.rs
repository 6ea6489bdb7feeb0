//! Fakes behind webhooks and the audit log: there is nothing in them.

use std::time::Duration;

use actix::prelude::*;
use fte::actors::messages::CheckWebhook;
use fte::crm::port::{AuditLog, CrmError, StoreFuture, Webhooks};
use fte::domain::audit::{AuditQuery, AuditRecord};
use fte::domain::ids::{WebhookDeliveryId, WebhookId};
use fte::domain::webhooks::{
    WebhookDeliveryView, WebhookEnd, WebhookKey, WebhookTry, WebhookUpkeep, WebhookView,
};

use super::rig::{Backstage, Shelf, ready};

impl Webhooks for Shelf {
    fn webhooks(&self) -> StoreFuture<Result<Vec<WebhookView>, CrmError>> {
        ready(Vec::new())
    }

    fn webhook(&self, _: WebhookId) -> StoreFuture<Result<Option<(WebhookView, WebhookKey)>, CrmError>> {
        ready(None)
    }

    fn webhook_deliveries(
        &self,
        _: WebhookId,
        _: Option<WebhookDeliveryId>,
        _: i64,
    ) -> StoreFuture<Result<Vec<WebhookDeliveryView>, CrmError>> {
        ready(Vec::new())
    }

    fn webhook_delivery(
        &self,
        _: WebhookDeliveryId,
    ) -> StoreFuture<Result<Option<WebhookDeliveryView>, CrmError>> {
        ready(None)
    }

    fn lease_webhooks(
        &self,
        _: Vec<WebhookId>,
        _: i64,
        _: Duration,
    ) -> StoreFuture<Result<Vec<WebhookTry>, CrmError>> {
        ready(Vec::new())
    }

    fn settle_webhook(
        &self,
        _: WebhookDeliveryId,
        _: i16,
        _: WebhookEnd,
    ) -> StoreFuture<Result<bool, CrmError>> {
        ready(false)
    }

    fn tidy_webhooks(&self, _: i64) -> StoreFuture<Result<WebhookUpkeep, CrmError>> {
        ready(WebhookUpkeep::default())
    }
}

impl AuditLog for Shelf {
    fn audit_page(&self, _: AuditQuery) -> StoreFuture<Result<Vec<AuditRecord>, CrmError>> {
        ready(Vec::new())
    }
}

impl Handler<CheckWebhook> for Backstage {
    type Result = ();

    fn handle(&mut self, question: CheckWebhook, _: &mut Self::Context) {
        question.reply.send(Ok(Ok(())));
    }
}
