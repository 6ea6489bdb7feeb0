//! Handlers of merges of customers and conversations, their undoing, and splits.

use actix_web::HttpResponse;
use actix_web::web::Path;

use super::action_forms::{self, id};
use super::perform::{ActionRequest, id_of, incomplete, state};
use crate::channels::fields::{FormFields, line, list};
use crate::clock;
use crate::domain::console::actions::{ActionOutcome, StaffCommand};
use crate::domain::console::rearrangements::{
    ConversationMerge, ConversationSplit, MAX_SPLIT, Rearrangement,
};
use crate::domain::ids::{ConversationId, CustomerId, MergeId, MessageId};
use crate::domain::validation::InvalidForm;
use crate::http::api::actions::{ConversationState, EmptyRequest};
use crate::http::api::rearrangements::{
    ConversationMergeRequest, CustomerMergeRequest, MergeReceipt, SplitReceipt, SplitRequest,
};
use crate::http::server::endpoint::{Access, Endpoint};
use crate::http::server::principal::AccessScope;
use crate::http::server::problem::Problem;

const STAFF: Access = Access::Scope(AccessScope::Staff);
/// Characters of the subject of a ticket.
const SUBJECT_CHARS: std::ops::RangeInclusive<usize> = 1..=200;

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::new(STAFF, __path_post_customer_merge, post_customer_merge),
        Endpoint::new(STAFF, __path_post_merge_undo, post_merge_undo),
        Endpoint::new(STAFF, __path_post_merge, post_merge),
        Endpoint::new(STAFF, __path_post_unmerge, post_unmerge),
        Endpoint::new(STAFF, __path_post_split, post_split),
    ]
}

/// Merges a customer into another one: their addresses and conversations become the other one's.
#[utoipa::path(
    post,
    path = "/staff/customers/{id}/merge",
    request_body = CustomerMergeRequest,
    params(
        ("id" = CustomerId, Path, description = "The customer's id"),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible ASCII characters", max_length = 255),
    ),
    responses(
        (status = 201, description = "They are one customer.", body = MergeReceipt),
        (status = 404, description = "There is no such customer."),
        (status = 409, description = "`already_merged`: one of them is merged into another one; `both_open`: both have an \
            open conversation of a proved address that is worked on."),
        (status = 422, description = "`into` is no other customer."),
    ),
)]
async fn post_customer_merge(asked: ActionRequest, id: Path<String>) -> Result<HttpResponse, Problem> {
    let from = id_of(&id)?;
    let (into, merge) = (CustomerId(into(&asked.body)?), MergeId(clock::new_v7()));
    let command = Rearrangement::MergeCustomers { from, into, merge };
    let outcome = asked.perform(StaffCommand::Rearrange(command), "into").await?;
    Ok(HttpResponse::Created().json(merged(&outcome)?))
}

/// Undoes a merge of customers: addresses, conversations, and conversations begun from those addresses since go back.
#[utoipa::path(
    post,
    path = "/staff/merges/{id}/undo",
    request_body = EmptyRequest,
    params(
        ("id" = MergeId, Path, description = "The merge's id"),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible ASCII characters", max_length = 255),
    ),
    responses(
        (status = 200, description = "They are two customers again.", body = MergeReceipt),
        (status = 404, description = "There is no such merge."),
        (status = 409, description = "`merged_since`: a later merge has to be undone first; `conversations_merged`: \
            conversations of the two are merged."),
    ),
)]
async fn post_merge_undo(asked: ActionRequest, id: Path<String>) -> Result<HttpResponse, Problem> {
    let merge = id_of(&id)?;
    action_forms::nothing(&asked.body)?;
    let command = Rearrangement::UndoMerge { merge };
    let outcome = asked.perform(StaffCommand::Rearrange(command), "into").await?;
    Ok(HttpResponse::Ok().json(merged(&outcome)?))
}

/// Merges a conversation into another one of the same customer.
///
/// It is closed, and what is written to it later goes to the other one. Its page stays, and names the number of the other
/// ticket. If something waited in it, the caller has the other one.
#[utoipa::path(
    post,
    path = "/staff/conversations/{id}/merge",
    request_body = ConversationMergeRequest,
    params(
        ("id" = ConversationId, Path, description = "The conversation's id"),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible ASCII characters", max_length = 255),
    ),
    responses(
        (status = 200, description = "Where the merged conversation is.", body = ConversationState),
        (status = 404, description = "There is no such conversation."),
        (status = 409, description = "`ticket_closed`: one of them is closed."),
        (status = 422, description = "`into` is no other conversation of the same customer."),
    ),
)]
async fn post_merge(asked: ActionRequest, id: Path<String>) -> Result<HttpResponse, Problem> {
    let source = id_of(&id)?;
    let order = ConversationMerge {
        source,
        target: ConversationId(into(&asked.body)?),
        merge: clock::new_v7().into(),
        source_note: clock::new_v7().into(),
        target_note: clock::new_v7().into(),
    };
    let command = Rearrangement::MergeConversations(Box::new(order));
    let mut outcome = asked.perform(StaffCommand::Rearrange(command), "into").await?;
    Ok(HttpResponse::Ok().json(state(&mut outcome)?))
}

/// Undoes the merge of a conversation: it goes on as it was.
#[utoipa::path(
    post,
    path = "/staff/conversations/{id}/unmerge",
    request_body = EmptyRequest,
    params(
        ("id" = ConversationId, Path, description = "The conversation's id"),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible ASCII characters", max_length = 255),
    ),
    responses(
        (status = 200, description = "Where the conversation is.", body = ConversationState),
        (status = 404, description = "There is no such conversation."),
        (status = 409, description = "`not_merged`."),
    ),
)]
async fn post_unmerge(asked: ActionRequest, id: Path<String>) -> Result<HttpResponse, Problem> {
    let conversation = id_of(&id)?;
    action_forms::nothing(&asked.body)?;
    let command = Rearrangement::Unmerge { conversation };
    let mut outcome = asked.perform(StaffCommand::Rearrange(command), "into").await?;
    Ok(HttpResponse::Ok().json(state(&mut outcome)?))
}

/// Moves messages into a new conversation with a ticket of its own, in the hands of staff.
#[utoipa::path(
    post,
    path = "/staff/conversations/{id}/split",
    request_body = SplitRequest,
    params(
        ("id" = ConversationId, Path, description = "The conversation's id"),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible ASCII characters", max_length = 255),
    ),
    responses(
        (status = 201, description = "The new conversation.", body = SplitReceipt),
        (status = 404, description = "There is no such conversation."),
        (status = 409, description = "`ticket_closed`."),
        (status = 422, description = "The messages are not of this conversation, or one side has none of the customer."),
    ),
)]
async fn post_split(asked: ActionRequest, id: Path<String>) -> Result<HttpResponse, Problem> {
    let conversation = id_of(&id)?;
    let (messages, subject) = split(&asked.body)?;
    let (new, ticket) = (clock::new_v7().into(), clock::new_v4().into());
    let order = ConversationSplit { conversation, messages, subject, new, ticket };
    let command = Rearrangement::Split(Box::new(order));
    let outcome = asked.perform(StaffCommand::Rearrange(command), "message_ids").await?;
    Ok(HttpResponse::Created().json(SplitReceipt {
        conversation_id: outcome.conversation_id.ok_or_else(incomplete)?,
        ticket_id: outcome.ticket_id.ok_or_else(incomplete)?,
    }))
}

fn merged(outcome: &ActionOutcome) -> Result<MergeReceipt, Problem> {
    Ok(MergeReceipt { merge_id: outcome.merge_id.ok_or_else(incomplete)? })
}

fn into(body: &[u8]) -> Result<uuid::Uuid, InvalidForm> {
    let mut fields = FormFields::parse(body)?;
    let into = fields.required("into", id);
    fields.finish(into)
}

fn split(body: &[u8]) -> Result<(Vec<MessageId>, String), InvalidForm> {
    let mut fields = FormFields::parse(body)?;
    let messages = fields.required_value("message_ids", |value| {
        let ids = list(value, MAX_SPLIT, |value| id(value).map(MessageId))?;
        if ids.is_empty() { Err("must not be empty".into()) } else { Ok(ids) }
    });
    let subject = fields.required("subject", |value| line(value, SUBJECT_CHARS));
    fields.finish(messages.zip(subject))
}
