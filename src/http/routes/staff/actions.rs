//! Handlers of whose a conversation is and what it waits for: claim, assign, release, hand back, resolve, reopen, snooze,
//! watch, and changes of its tags and urgency.

use actix_web::HttpResponse;
use actix_web::web::Path;

use super::action_forms::{self, PatchForm};
use super::perform::{ActionRequest, id_of, state, take_over};
use crate::clock;
use crate::domain::console::actions::{ConversationChange, StaffCommand};
use crate::domain::ids::ConversationId;
use crate::http::api::actions::{
    AssignRequest, ClaimRequest, ConversationPatch, ConversationState, EmptyRequest, HandBackRequest,
    ResolveRequest, SnoozeRequest, TakeOver,
};
use crate::http::server::endpoint::{Access, Endpoint};
use crate::http::server::principal::AccessScope;
use crate::http::server::problem::Problem;

const STAFF: Access = Access::Scope(AccessScope::Staff);

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::new(STAFF, __path_post_claim, post_claim),
        Endpoint::new(STAFF, __path_post_assign, post_assign),
        Endpoint::new(STAFF, __path_post_release, post_release),
        Endpoint::new(STAFF, __path_post_hand_back, post_hand_back),
        Endpoint::new(STAFF, __path_post_resolve, post_resolve),
        Endpoint::new(STAFF, __path_post_reopen, post_reopen),
        Endpoint::new(STAFF, __path_post_snooze, post_snooze),
        Endpoint::new(STAFF, __path_delete_snooze, delete_snooze),
        Endpoint::new(STAFF, __path_post_watch, post_watch),
        Endpoint::new(STAFF, __path_delete_watch, delete_watch),
        Endpoint::new(STAFF, __path_patch_conversation, patch_conversation),
    ]
}

/// Claims a conversation for whoever asks.
///
/// It silences the bot in the same transaction; the receipt says what became of its turn and its reply. Repeated, it
/// gives the same answer.
#[utoipa::path(
    post,
    path = "/staff/conversations/{id}/claim",
    request_body = ClaimRequest,
    params(
        ("id" = ConversationId, Path, description = "The conversation's id"),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible ASCII characters", max_length = 255),
    ),
    responses(
        (status = 200, description = "Where the conversation is, and what became of the bot.", body = TakeOver),
        (status = 404, description = "There is no such conversation."),
        (status = 409, description = "`claimed`: another account has it (see `assignee`); `resolved`; `ticket_closed`."),
    ),
)]
async fn post_claim(asked: ActionRequest, id: Path<String>) -> Result<HttpResponse, Problem> {
    let conversation = id_of(&id)?;
    let force = action_forms::claim(&asked.body)?;
    let command = StaffCommand::Claim { conversation, force };
    let outcome = asked.perform(command, "staff_id").await?;
    Ok(HttpResponse::Ok().json(take_over(outcome)?))
}

/// Assigns a conversation to an account; for the bot it is a claim.
#[utoipa::path(
    post,
    path = "/staff/conversations/{id}/assign",
    request_body = AssignRequest,
    params(
        ("id" = ConversationId, Path, description = "The conversation's id"),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible ASCII characters", max_length = 255),
    ),
    responses(
        (status = 200, description = "Where the conversation is, and what became of the bot.", body = TakeOver),
        (status = 404, description = "There is no such conversation."),
        (status = 409, description = "`claimed`: another account has it (see `assignee`); `resolved`; `ticket_closed`."),
    ),
)]
async fn post_assign(asked: ActionRequest, id: Path<String>) -> Result<HttpResponse, Problem> {
    let conversation = id_of(&id)?;
    let (to, force) = action_forms::assign(&asked.body)?;
    let command = StaffCommand::Assign { conversation, to, force };
    let outcome = asked.perform(command, "staff_id").await?;
    Ok(HttpResponse::Ok().json(take_over(outcome)?))
}

/// Takes a conversation from its assignee; it stays in human hands.
#[utoipa::path(
    post,
    path = "/staff/conversations/{id}/release",
    request_body = EmptyRequest,
    params(
        ("id" = ConversationId, Path, description = "The conversation's id"),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible ASCII characters", max_length = 255),
    ),
    responses(
        (status = 200, description = "Where the conversation is.", body = ConversationState),
        (status = 404, description = "There is no such conversation."),
        (status = 409, description = "`claimed`: another account has it, and the caller is no admin; `not_in_human_hands`; `ticket_closed`."),
    ),
)]
async fn post_release(asked: ActionRequest, id: Path<String>) -> Result<HttpResponse, Problem> {
    let conversation = id_of(&id)?;
    action_forms::nothing(&asked.body)?;
    let command = StaffCommand::Release { conversation };
    let mut outcome = asked.perform(command, "staff_id").await?;
    Ok(HttpResponse::Ok().json(state(&mut outcome)?))
}

/// Gives a conversation back to the bot.
#[utoipa::path(
    post,
    path = "/staff/conversations/{id}/hand_back",
    request_body = HandBackRequest,
    params(
        ("id" = ConversationId, Path, description = "The conversation's id"),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible ASCII characters", max_length = 255),
    ),
    responses(
        (status = 200, description = "Where the conversation is.", body = ConversationState),
        (status = 404, description = "There is no such conversation."),
        (status = 409, description = "`not_in_human_hands`; `ticket_closed`."),
    ),
)]
async fn post_hand_back(asked: ActionRequest, id: Path<String>) -> Result<HttpResponse, Problem> {
    let conversation = id_of(&id)?;
    let instruction = action_forms::hand_back(&asked.body)?;
    let command = StaffCommand::HandBack { conversation, instruction };
    let mut outcome = asked.perform(command, "staff_id").await?;
    Ok(HttpResponse::Ok().json(state(&mut outcome)?))
}

/// Resolves a ticket; what waits in it counts as answered.
#[utoipa::path(
    post,
    path = "/staff/conversations/{id}/resolve",
    request_body = ResolveRequest,
    params(
        ("id" = ConversationId, Path, description = "The conversation's id"),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible ASCII characters", max_length = 255),
    ),
    responses(
        (status = 200, description = "Where the conversation is.", body = ConversationState),
        (status = 404, description = "There is no such conversation."),
        (status = 409, description = "`unseen_messages`: there are newer ones (see `unseen`); `ticket_closed`."),
    ),
)]
async fn post_resolve(asked: ActionRequest, id: Path<String>) -> Result<HttpResponse, Problem> {
    let conversation = id_of(&id)?;
    let seen = action_forms::resolve(&asked.body)?;
    let command = StaffCommand::Resolve { conversation, note: clock::new_v7().into(), seen };
    let mut outcome = asked.perform(command, "staff_id").await?;
    Ok(HttpResponse::Ok().json(state(&mut outcome)?))
}

/// Reopens a resolved ticket for whoever asks.
#[utoipa::path(
    post,
    path = "/staff/conversations/{id}/reopen",
    request_body = EmptyRequest,
    params(
        ("id" = ConversationId, Path, description = "The conversation's id"),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible ASCII characters", max_length = 255),
    ),
    responses(
        (status = 200, description = "Where the conversation is, and what became of the bot.", body = TakeOver),
        (status = 404, description = "There is no such conversation."),
        (status = 409, description = "`not_resolved`; `ticket_closed`."),
    ),
)]
async fn post_reopen(asked: ActionRequest, id: Path<String>) -> Result<HttpResponse, Problem> {
    let conversation = id_of(&id)?;
    action_forms::nothing(&asked.body)?;
    let command = StaffCommand::Reopen { conversation };
    let outcome = asked.perform(command, "staff_id").await?;
    Ok(HttpResponse::Ok().json(take_over(outcome)?))
}

/// Hides a conversation from the queues of work until a time, or until its customer writes.
#[utoipa::path(
    post,
    path = "/staff/conversations/{id}/snooze",
    request_body = SnoozeRequest,
    params(
        ("id" = ConversationId, Path, description = "The conversation's id"),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible ASCII characters", max_length = 255),
    ),
    responses(
        (status = 200, description = "Where the conversation is.", body = ConversationState),
        (status = 404, description = "There is no such conversation."),
        (status = 409, description = "`ticket_closed`."),
    ),
)]
async fn post_snooze(asked: ActionRequest, id: Path<String>) -> Result<HttpResponse, Problem> {
    let conversation = id_of(&id)?;
    let until = Some(action_forms::snooze(&asked.body)?);
    let command = StaffCommand::Snooze { conversation, until };
    let mut outcome = asked.perform(command, "staff_id").await?;
    Ok(HttpResponse::Ok().json(state(&mut outcome)?))
}

/// Ends a snooze.
#[utoipa::path(
    delete,
    path = "/staff/conversations/{id}/snooze",
    params(
        ("id" = ConversationId, Path, description = "The conversation's id"),
    ),
    responses(
        (status = 200, description = "Where the conversation is.", body = ConversationState),
        (status = 404, description = "There is no such conversation."),
        (status = 409, description = "`ticket_closed`."),
    ),
)]
async fn delete_snooze(asked: ActionRequest, id: Path<String>) -> Result<HttpResponse, Problem> {
    let conversation = id_of(&id)?;
    let command = StaffCommand::Snooze { conversation, until: None };
    let mut outcome = asked.perform(command, "staff_id").await?;
    Ok(HttpResponse::Ok().json(state(&mut outcome)?))
}

/// Tells whoever asks of what happens in a conversation: messages of its customer, replies, escalations, its resolution,
/// and answers that are due soon or overdue, but not of what they do themselves.
///
/// Whoever a note mentions watches the conversation too.
#[utoipa::path(
    post,
    path = "/staff/conversations/{id}/watch",
    request_body = EmptyRequest,
    params(
        ("id" = ConversationId, Path, description = "The conversation's id"),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible ASCII characters", max_length = 255),
    ),
    responses(
        (status = 200, description = "Where the conversation is.", body = ConversationState),
        (status = 404, description = "There is no such conversation."),
        (status = 409, description = "`ticket_closed`."),
    ),
)]
async fn post_watch(asked: ActionRequest, id: Path<String>) -> Result<HttpResponse, Problem> {
    let conversation = id_of(&id)?;
    action_forms::nothing(&asked.body)?;
    watch(&asked, conversation, true).await
}

/// Ends the watching of a conversation.
#[utoipa::path(
    delete,
    path = "/staff/conversations/{id}/watch",
    params(
        ("id" = ConversationId, Path, description = "The conversation's id"),
    ),
    responses(
        (status = 200, description = "Where the conversation is.", body = ConversationState),
        (status = 404, description = "There is no such conversation."),
    ),
)]
async fn delete_watch(asked: ActionRequest, id: Path<String>) -> Result<HttpResponse, Problem> {
    watch(&asked, id_of(&id)?, false).await
}

async fn watch(
    asked: &ActionRequest,
    conversation: ConversationId,
    on: bool,
) -> Result<HttpResponse, Problem> {
    let mut outcome = asked.perform(StaffCommand::Watch { conversation, on }, "staff_id").await?;
    Ok(HttpResponse::Ok().json(state(&mut outcome)?))
}

/// Changes the priority, the severity and the tags of a conversation.
#[utoipa::path(
    patch,
    path = "/staff/conversations/{id}",
    request_body = ConversationPatch,
    params(
        ("id" = ConversationId, Path, description = "The conversation's id"),
    ),
    responses(
        (status = 200, description = "Where the conversation is.", body = ConversationState),
        (status = 404, description = "There is no such conversation."),
        (status = 409, description = "`ticket_closed`."),
    ),
)]
async fn patch_conversation(asked: ActionRequest, id: Path<String>) -> Result<HttpResponse, Problem> {
    let conversation = id_of(&id)?;
    let PatchForm { priority, severity, add_tags, remove_tags } = action_forms::patch(&asked.body)?;
    let change = ConversationChange { conversation, priority, severity, add_tags, remove_tags };
    let command = StaffCommand::Change(Box::new(change));
    let mut outcome = asked.perform(command, "staff_id").await?;
    Ok(HttpResponse::Ok().json(state(&mut outcome)?))
}
