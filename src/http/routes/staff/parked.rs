//! Handlers of what went wrong: parked messages, failed deliveries, wrong answers of the bot, and links to revoke.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};

use super::perform::{ActionRequest, id_of, incomplete, state};
use super::{action_forms, tool_forms};
use crate::clock;
use crate::domain::console::actions::StaffCommand;
use crate::domain::ids::{ConversationId, DeadLetterId, DeliveryId, MessageId};
use crate::domain::validation::FieldError;
use crate::http::api::actions::{ConversationState, EmptyRequest};
use crate::http::api::desk_tools::{
    FeedbackReceipt, FeedbackRequest, ParkedList, ParkedMessage, ResendReceipt, ResendRequest,
};
use crate::http::routes::path_id;
use crate::http::server::ask::call;
use crate::http::server::endpoint::{Access, Endpoint};
use crate::http::server::principal::AccessScope;
use crate::http::server::problem::Problem;
use crate::http::server::query::{Pairs, Parameters, list_limit};
use crate::http::server::state::Shared;

const STAFF: Access = Access::Scope(AccessScope::Staff);
const STAFF_OR_OPS: Access = Access::Either(AccessScope::Staff, AccessScope::Ops);
/// Messages of a page, unless the request says otherwise.
const DEFAULT_LIMIT: u8 = 50;

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::new(Access::Either(AccessScope::Read, AccessScope::Ops), __path_get_parked, get_parked),
        Endpoint::new(STAFF_OR_OPS, __path_post_retry, post_retry),
        Endpoint::new(STAFF_OR_OPS, __path_post_dismiss, post_dismiss),
        Endpoint::new(STAFF, __path_post_resend, post_resend),
        Endpoint::new(STAFF, __path_post_feedback, post_feedback),
        Endpoint::new(STAFF, __path_post_revoke_link, post_revoke_link),
    ]
}

/// Lists the messages that the bot could not process, oldest first.
#[utoipa::path(
    get,
    path = "/staff/parked",
    params(
        ("limit" = Option<u8>, Query, minimum = 1, maximum = 100, description = "Messages on the page; 50 unless given"),
        ("cursor" = Option<DeadLetterId>, Query, description = "The `next_cursor` of the page before"),
    ),
    responses((status = 200, description = "A page of the list.", body = ParkedList)),
)]
async fn get_parked(query: Pairs, shared: Data<Shared>) -> Result<HttpResponse, Problem> {
    let mut parameters = Parameters::new(&query);
    let limit = parameters.optional("limit", list_limit).unwrap_or(DEFAULT_LIMIT);
    let after = parameters.optional("cursor", |value| {
        path_id::parse(value).ok_or_else(|| FieldError::new("cursor", "is no cursor of this list"))
    });
    parameters.finish(&["limit", "cursor"]).map_err(Problem::invalid)?;
    let (after, asked) = (after.map(DeadLetterId), i64::from(limit) + 1);
    let mut found = call(&shared.wires.desk_tools, move |tools| tools.parked(after, asked)).await?;
    let has_more = found.len() > usize::from(limit);
    found.truncate(usize::from(limit));
    let next_cursor = found.last().filter(|_| has_more).map(|last| last.id.to_string());
    let items = found.into_iter().map(ParkedMessage::from).collect();
    Ok(HttpResponse::Ok().json(ParkedList { items, next_cursor }))
}

/// Gives a parked message to the bot once more.
#[utoipa::path(
    post,
    path = "/staff/parked/{id}/retry",
    request_body = EmptyRequest,
    params(
        ("id" = DeadLetterId, Path, description = "The parked message's id"),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible ASCII characters", max_length = 255),
    ),
    responses(
        (status = 202, description = "It waits for the bot.", body = ConversationState),
        (status = 404, description = "There is no such parked message."),
        (status = 409, description = "`answered`: staff have replied since; `ticket_closed`."),
    ),
)]
async fn post_retry(asked: ActionRequest, id: Path<String>) -> Result<HttpResponse, Problem> {
    let parked = id_of(&id)?;
    action_forms::nothing(&asked.body)?;
    let mut outcome = asked.perform(StaffCommand::RetryParked { parked }, "id").await?;
    Ok(HttpResponse::Accepted().json(state(&mut outcome)?))
}

/// Takes a parked message off the list.
#[utoipa::path(
    post,
    path = "/staff/parked/{id}/dismiss",
    request_body = EmptyRequest,
    params(
        ("id" = DeadLetterId, Path, description = "The parked message's id"),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible ASCII characters", max_length = 255),
    ),
    responses(
        (status = 204, description = "It is off the list."),
        (status = 404, description = "There is no such parked message."),
    ),
)]
async fn post_dismiss(asked: ActionRequest, id: Path<String>) -> Result<HttpResponse, Problem> {
    let parked = id_of(&id)?;
    action_forms::nothing(&asked.body)?;
    asked.perform(StaffCommand::DismissParked { parked }, "id").await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Sends a failed delivery once more, to another address of the customer if one is given.
#[utoipa::path(
    post,
    path = "/staff/deliveries/{id}/resend",
    request_body = ResendRequest,
    params(
        ("id" = DeliveryId, Path, description = "The failed delivery's id"),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible ASCII characters", max_length = 255),
    ),
    responses(
        (status = 201, description = "The new delivery.", body = ResendReceipt),
        (status = 404, description = "There is no such delivery."),
        (status = 409, description = "`not_failed`: it has not failed, or is sent once more already."),
    ),
)]
async fn post_resend(asked: ActionRequest, id: Path<String>) -> Result<HttpResponse, Problem> {
    let delivery = id_of(&id)?;
    let to = tool_forms::resend(&asked.body)?;
    let command = StaffCommand::Resend { delivery, new: clock::new_v7().into(), to };
    let outcome = asked.perform(command, "to").await?;
    let delivery_id = outcome.delivery_id.ok_or_else(incomplete)?;
    Ok(HttpResponse::Created().json(ResendReceipt { delivery_id }))
}

/// Says what an account thinks of a message of the bot; a second verdict replaces the first one.
#[utoipa::path(
    post,
    path = "/staff/messages/{id}/feedback",
    request_body = FeedbackRequest,
    params(
        ("id" = MessageId, Path, description = "The message's id"),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible ASCII characters", max_length = 255),
    ),
    responses(
        (status = 201, description = "The verdict is stored.", body = FeedbackReceipt),
        (status = 404, description = "There is no such message of the bot."),
    ),
)]
async fn post_feedback(asked: ActionRequest, id: Path<String>) -> Result<HttpResponse, Problem> {
    let message = id_of(&id)?;
    let (verdict, comment) = tool_forms::feedback(&asked.body)?;
    asked.perform(StaffCommand::Judge { message, verdict, comment }, "verdict").await?;
    Ok(HttpResponse::Created().json(FeedbackReceipt { message_id: message }))
}

/// Revokes the address of the ticket's page: whoever has it finds nothing there any more.
#[utoipa::path(
    post,
    path = "/staff/conversations/{id}/revoke_link",
    request_body = EmptyRequest,
    params(
        ("id" = ConversationId, Path, description = "The conversation's id"),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible ASCII characters", max_length = 255),
    ),
    responses(
        (status = 204, description = "The page is gone."),
        (status = 404, description = "There is no such conversation."),
    ),
)]
async fn post_revoke_link(asked: ActionRequest, id: Path<String>) -> Result<HttpResponse, Problem> {
    let conversation = id_of(&id)?;
    action_forms::nothing(&asked.body)?;
    asked.perform(StaffCommand::RevokeLink { conversation }, "id").await?;
    Ok(HttpResponse::NoContent().finish())
}
