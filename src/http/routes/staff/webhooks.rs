//! Handlers of outgoing webhooks, for admins: endpoints of other systems, and the events that they got.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::action_forms;
use super::perform::{ActionRequest, admin, id_of, incomplete};
use super::webhook_forms::{self, WebhookForm};
use crate::actors::messages::CheckWebhook;
use crate::clock;
use crate::domain::console::actions::StaffCommand;
use crate::domain::ids::{WebhookDeliveryId, WebhookId};
use crate::domain::validation::FieldError;
use crate::domain::webhooks::{WebhookCommand, WebhookKey};
use crate::http::api::actions::EmptyRequest;
use crate::http::api::webhooks::{
    WebhookDelivery, WebhookDeliveryList, WebhookEndpoint, WebhookList, WebhookRequest, WebhookWithSecret,
};
use crate::http::routes::path_id;
use crate::http::server::ask::{ask_actor, call};
use crate::http::server::endpoint::{Access, Endpoint};
use crate::http::server::principal::AccessScope;
use crate::http::server::problem::Problem;
use crate::http::server::query::{ListPage, Pairs, Parameters, list_limit};
use crate::http::server::state::Shared;

const READ: Access = Access::Scope(AccessScope::Read);
const STAFF: Access = Access::Scope(AccessScope::Staff);
/// Events of a page, unless the request says otherwise.
const DEFAULT_LIMIT: u8 = 50;

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::new(READ, __path_get_webhooks, get_webhooks),
        Endpoint::new(STAFF, __path_post_webhook, post_webhook),
        Endpoint::new(STAFF, __path_delete_webhook, delete_webhook),
        Endpoint::new(STAFF, __path_post_webhook_rotate, post_webhook_rotate),
        Endpoint::new(STAFF, __path_post_webhook_test, post_webhook_test),
        Endpoint::new(READ, __path_get_webhook_deliveries, get_webhook_deliveries),
        Endpoint::new(STAFF, __path_post_webhook_redeliver, post_webhook_redeliver),
    ]
}

/// Lists the endpoints of other systems. For admins.
#[utoipa::path(
    get,
    path = "/staff/webhooks",
    params(
        ("limit" = Option<u8>, Query, minimum = 1, maximum = 100, description = "Endpoints on the page; 50 unless given"),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before"),
    ),
    responses((status = 200, description = "The endpoints, oldest first.", body = WebhookList)),
)]
async fn get_webhooks(
    request: HttpRequest,
    query: Pairs,
    shared: Data<Shared>,
) -> Result<HttpResponse, Problem> {
    admin(&request)?;
    let mut parameters = Parameters::new(&query);
    let page = ListPage::read(&mut parameters);
    parameters.finish(&["limit", "cursor"]).map_err(Problem::invalid)?;
    let found = call(&shared.wires.webhooks, |webhooks| webhooks.webhooks()).await?;
    let (found, next_cursor) = page.cut(found, |view| view.id.to_string()).map_err(Problem::invalid)?;
    let items = found.into_iter().map(WebhookEndpoint::from).collect();
    Ok(HttpResponse::Ok().json(WebhookList { items, next_cursor }))
}

/// Adds an endpoint. For admins.
///
/// It gets the events of its types from now on, signed by Standard Webhooks. The secret is shown here alone.
#[utoipa::path(
    post,
    path = "/staff/webhooks",
    request_body = WebhookRequest,
    params(("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible ASCII characters", max_length = 255)),
    responses(
        (status = 201, description = "The endpoint with its secret.", body = WebhookWithSecret),
        (status = 409, description = "There are as many as there may be (`too_many_webhooks`)."),
        (status = 422, description = "The address is not https, or not on the public internet; a type is unknown."),
    ),
)]
async fn post_webhook(asked: ActionRequest) -> Result<HttpResponse, Problem> {
    asked.admin()?;
    let WebhookForm { url, types } = webhook_forms::webhook(&asked.body)?;
    let check = |reply| CheckWebhook { url: url.clone(), reply };
    let checked = ask_actor(&asked.shared.wires.check_webhook, check).await?;
    checked.map_err(|refusal| Problem::invalid(vec![FieldError::new("url", refusal)]))?;
    let command = WebhookCommand::Add { webhook: clock::new_v7().into(), url, types, key: new_key() };
    Ok(HttpResponse::Created().json(with_secret(&asked, command).await?))
}

fn new_key() -> WebhookKey {
    WebhookKey(clock::secret_bytes().to_vec())
}

/// Carries the change out, and reads the endpoint with its secret. The answer that is kept beside an `Idempotency-Key` holds
/// no secret: a repeated request reads it again.
async fn with_secret(asked: &ActionRequest, command: WebhookCommand) -> Result<WebhookWithSecret, Problem> {
    let outcome = asked.perform(StaffCommand::Webhook(Box::new(command)), "id").await?;
    let id = outcome.webhook_id.ok_or_else(incomplete)?;
    let found = call(&asked.shared.wires.webhooks, move |webhooks| webhooks.webhook(id)).await?;
    found.map(WebhookWithSecret::from).ok_or_else(no_webhook)
}

/// Removes an endpoint, with what was still to be sent to it. For admins.
#[utoipa::path(
    delete,
    path = "/staff/webhooks/{id}",
    params(("id" = WebhookId, Path, description = "The endpoint's id")),
    responses(
        (status = 204, description = "It is gone."),
        (status = 404, description = "There is no such endpoint."),
    ),
)]
async fn delete_webhook(asked: ActionRequest, id: Path<String>) -> Result<HttpResponse, Problem> {
    asked.admin()?;
    let command = WebhookCommand::Remove { webhook: id_of(&id)? };
    asked.perform(StaffCommand::Webhook(Box::new(command)), "id").await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Gives an endpoint a new secret. For admins.
///
/// For 24 hours the one before it signs too.
#[utoipa::path(
    post,
    path = "/staff/webhooks/{id}/rotate",
    request_body = EmptyRequest,
    params(
        ("id" = WebhookId, Path, description = "The endpoint's id"),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible ASCII characters", max_length = 255),
    ),
    responses(
        (status = 200, description = "The endpoint with its new secret.", body = WebhookWithSecret),
        (status = 404, description = "There is no such endpoint."),
    ),
)]
async fn post_webhook_rotate(asked: ActionRequest, id: Path<String>) -> Result<HttpResponse, Problem> {
    asked.admin()?;
    let webhook = id_of(&id)?;
    action_forms::nothing(&asked.body)?;
    let command = WebhookCommand::Rotate { webhook, key: new_key() };
    Ok(HttpResponse::Ok().json(with_secret(&asked, command).await?))
}

/// Sends an event of the type `webhook.test` to an endpoint. For admins.
#[utoipa::path(
    post,
    path = "/staff/webhooks/{id}/test",
    request_body = EmptyRequest,
    params(
        ("id" = WebhookId, Path, description = "The endpoint's id"),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible ASCII characters", max_length = 255),
    ),
    responses(
        (status = 200, description = "The event, which is sent at once.", body = WebhookDelivery),
        (status = 404, description = "There is no such endpoint."),
        (status = 409, description = "The endpoint is disabled (`webhook_disabled`)."),
    ),
)]
async fn post_webhook_test(asked: ActionRequest, id: Path<String>) -> Result<HttpResponse, Problem> {
    asked.admin()?;
    let webhook = id_of(&id)?;
    action_forms::nothing(&asked.body)?;
    sent(&asked, WebhookCommand::Test { webhook }).await
}

/// Lists the events of an endpoint, newest first. For admins.
///
/// They are kept for seven days.
#[utoipa::path(
    get,
    path = "/staff/webhooks/{id}/deliveries",
    params(
        ("id" = WebhookId, Path, description = "The endpoint's id"),
        ("limit" = Option<u8>, Query, minimum = 1, maximum = 100, description = "Events on the page; 50 unless given"),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before"),
    ),
    responses(
        (status = 200, description = "A page of the list.", body = WebhookDeliveryList),
        (status = 404, description = "There is no such endpoint."),
    ),
)]
async fn get_webhook_deliveries(
    request: HttpRequest,
    id: Path<String>,
    query: Pairs,
    shared: Data<Shared>,
) -> Result<HttpResponse, Problem> {
    admin(&request)?;
    let webhook: WebhookId = id_of(&id)?;
    let (limit, after) = page(&query)?;
    let found = call(&shared.wires.webhooks, move |webhooks| webhooks.webhook(webhook)).await?;
    found.ok_or_else(no_webhook)?;
    let (after, asked) = (after.map(WebhookDeliveryId), i64::try_from(limit + 1).unwrap_or(i64::MAX));
    let found =
        call(&shared.wires.webhooks, move |webhooks| webhooks.webhook_deliveries(webhook, after, asked));
    let mut items: Vec<_> = found.await?.into_iter().map(WebhookDelivery::from).collect();
    let next_cursor = cut(&mut items, limit, |item| item.id.to_string());
    Ok(HttpResponse::Ok().json(WebhookDeliveryList { items, next_cursor }))
}

/// Sends an event once more, under the same id. For admins.
#[utoipa::path(
    post,
    path = "/staff/webhook-deliveries/{id}/redeliver",
    request_body = EmptyRequest,
    params(
        ("id" = WebhookDeliveryId, Path, description = "The event's id"),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible ASCII characters", max_length = 255),
    ),
    responses(
        (status = 200, description = "The event, which is sent at once.", body = WebhookDelivery),
        (status = 404, description = "There is no such event."),
        (status = 409, description = "The endpoint is disabled (`webhook_disabled`)."),
    ),
)]
async fn post_webhook_redeliver(asked: ActionRequest, id: Path<String>) -> Result<HttpResponse, Problem> {
    asked.admin()?;
    let delivery = id_of(&id)?;
    action_forms::nothing(&asked.body)?;
    sent(&asked, WebhookCommand::Redeliver { delivery }).await
}

async fn sent(asked: &ActionRequest, command: WebhookCommand) -> Result<HttpResponse, Problem> {
    let outcome = asked.perform(StaffCommand::Webhook(Box::new(command)), "id").await?;
    let id = outcome.webhook_delivery_id.ok_or_else(incomplete)?;
    let found = call(&asked.shared.wires.webhooks, move |webhooks| webhooks.webhook_delivery(id)).await?;
    Ok(HttpResponse::Ok().json(WebhookDelivery::from(found.ok_or_else(no_webhook)?)))
}

/// The limit of a page, and the id that it begins after.
fn page(query: &Pairs) -> Result<(usize, Option<uuid::Uuid>), Problem> {
    let mut parameters = Parameters::new(query);
    let limit = parameters.optional("limit", list_limit).unwrap_or(DEFAULT_LIMIT);
    let after = parameters.optional("cursor", |value| path_id::parse(value).ok_or_else(no_cursor));
    parameters.finish(&["limit", "cursor"]).map_err(Problem::invalid)?;
    Ok((usize::from(limit), after))
}

/// Cuts a list that has one item more where there is another page; the cursor of that one.
fn cut<T>(items: &mut Vec<T>, limit: usize, id: impl Fn(&T) -> String) -> Option<String> {
    let has_more = items.len() > limit;
    items.truncate(limit);
    items.last().filter(|_| has_more).map(id)
}

fn no_cursor() -> FieldError {
    FieldError::new("cursor", "is no cursor of this list")
}

fn no_webhook() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "There is no such webhook.")
}
