//! Data transfer objects of outgoing webhooks.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;

use super::people::Person;
use crate::domain::enums::{WebhookEvent, WebhookState};
use crate::domain::ids::{WebhookDeliveryId, WebhookId};
use crate::domain::webhooks::{EventIds, WebhookDeliveryView, WebhookKey, WebhookView};

/// What every secret begins with (Standard Webhooks).
const SECRET_PREFIX: &str = "whsec_";

/// An endpoint to add. Unknown fields are refused.
#[derive(Debug, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WebhookRequest {
    /// Begins with `https://`, and leads to the public internet.
    #[schema(max_length = 2_000, example = "https://example.com/hooks/support")]
    pub url: String,
    /// The events that it gets; at least one, and not `webhook.test`.
    #[schema(min_items = 1)]
    pub types: Vec<WebhookEvent>,
}

/// The endpoints, oldest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct WebhookList {
    pub items: Vec<WebhookEndpoint>,
    #[schema(required)]
    pub next_cursor: Option<String>,
}

/// An endpoint that gets events.
#[derive(Debug, Serialize, ToSchema)]
pub struct WebhookEndpoint {
    pub id: WebhookId,
    #[schema(example = "https://example.com/hooks/support")]
    pub url: String,
    pub types: Vec<WebhookEvent>,
    pub created_by: Person,
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// Since when every try has failed; null after a success.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(required)]
    pub failing_since: Option<OffsetDateTime>,
    /// Its receiver has answered 410, and gets no events any more.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(required)]
    pub disabled_at: Option<OffsetDateTime>,
}

/// An endpoint with its secret, which is shown once.
#[derive(Debug, Serialize, ToSchema)]
pub struct WebhookWithSecret {
    #[serde(flatten)]
    pub webhook: WebhookEndpoint,
    /// Receivers verify the signatures with it.
    #[schema(example = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    pub secret: String,
}

/// A page of the events of an endpoint, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct WebhookDeliveryList {
    pub items: Vec<WebhookDelivery>,
    /// The value of `cursor` for the next page; null on the last one.
    #[schema(required)]
    pub next_cursor: Option<String>,
}

/// An event for an endpoint, and how far it is.
#[derive(Debug, Serialize, ToSchema)]
pub struct WebhookDelivery {
    /// The header `webhook-id`.
    pub id: WebhookDeliveryId,
    pub webhook_id: WebhookId,
    pub r#type: WebhookEvent,
    /// When it happened.
    #[serde(with = "time::serde::rfc3339")]
    pub timestamp: OffsetDateTime,
    /// The ids that it names.
    #[schema(value_type = Object)]
    pub data: EventIds,
    pub state: WebhookState,
    /// Tries since it happened, or since it was sent again by hand.
    pub attempts: i16,
    /// The status of the newest answer.
    #[schema(required)]
    pub status: Option<u16>,
    #[schema(required)]
    pub error: Option<String>,
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(required)]
    pub next_attempt_at: Option<OffsetDateTime>,
    /// When it was delivered or given up.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(required)]
    pub ended_at: Option<OffsetDateTime>,
}

impl From<WebhookView> for WebhookEndpoint {
    fn from(view: WebhookView) -> Self {
        Self {
            id: view.id,
            url: view.url,
            types: view.types,
            created_by: view.created_by.into(),
            created_at: view.created_at,
            failing_since: view.failing_since,
            disabled_at: view.disabled_at,
        }
    }
}

impl From<(WebhookView, WebhookKey)> for WebhookWithSecret {
    fn from((view, WebhookKey(key)): (WebhookView, WebhookKey)) -> Self {
        Self { webhook: view.into(), secret: format!("{SECRET_PREFIX}{}", STANDARD.encode(key)) }
    }
}

impl From<WebhookDeliveryView> for WebhookDelivery {
    fn from(view: WebhookDeliveryView) -> Self {
        Self {
            id: view.id,
            webhook_id: view.webhook,
            r#type: view.event,
            timestamp: view.happened_at,
            data: view.ids,
            state: view.state,
            attempts: view.attempts,
            status: view.status,
            error: view.error,
            next_attempt_at: view.next_attempt_at,
            ended_at: view.ended_at,
        }
    }
}
