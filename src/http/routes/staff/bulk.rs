//! Handlers of bulk actions: one action for many conversations, and its undoing.

use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Path;

use super::action_forms;
use super::bulk_forms::{self, BulkForm};
use super::perform::{ActionRequest, id_of};
use crate::actors::messages::{PerformBulk, UndoBulk};
use crate::clock;
use crate::domain::console::bulk::{BulkAnswer, BulkOrder, BulkRefusal};
use crate::domain::ids::BulkId;
use crate::domain::validation::FieldError;
use crate::http::api::actions::EmptyRequest;
use crate::http::api::bulk::{BulkRequest, BulkResult};
use crate::http::server::ask::ask_within;
use crate::http::server::endpoint::{Access, Endpoint};
use crate::http::server::idempotency::key_reused;
use crate::http::server::principal::AccessScope;
use crate::http::server::problem::Problem;

const STAFF: Access = Access::Scope(AccessScope::Staff);
/// 500 conversations, each within the time of a usual action on a busy database.
const WITHIN: Duration = Duration::from_secs(60);

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::new(STAFF, __path_post_bulk, post_bulk),
        Endpoint::new(STAFF, __path_post_bulk_undo, post_bulk_undo),
    ]
}

/// Does the same in many conversations, each in a transaction of its own.
///
/// A conversation that has changed since `as_of`, or that refuses the action, is left alone and named in `failed`. For 60
/// seconds the rest can be undone; a reply waits so long before it leaves, unless `send_after_seconds` says otherwise.
/// Repeated with its `Idempotency-Key`, an interrupted action goes on.
#[utoipa::path(
    post,
    path = "/staff/bulk",
    request_body = BulkRequest,
    params(
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible ASCII characters", max_length = 255),
    ),
    responses(
        (status = 200, description = "What was done, and what was left alone.", body = BulkResult),
        (status = 422, description = "A field is wrong, or more than 500 conversations are meant."),
    ),
)]
async fn post_bulk(asked: ActionRequest) -> Result<HttpResponse, Problem> {
    let (actor, role) = (asked.principal().id, asked.principal().role);
    let BulkForm { work, targets, as_of } = bulk_forms::bulk(&asked.body, actor)?;
    let (id, key) = (BulkId(clock::new_v7()), asked.key()?);
    let order = BulkOrder { id, actor, role, key, work, targets, as_of };
    let wires = &asked.shared.wires;
    answered(ask_within(&wires.perform_bulk, WITHIN, |reply| PerformBulk { order, reply }).await?)
}

/// Undoes a bulk action within 60 seconds: conversations are again what they were before.
///
/// One that has changed since, or whose reply is being sent, is left alone and named in `failed`.
#[utoipa::path(
    post,
    path = "/staff/bulk/{id}/undo",
    request_body = EmptyRequest,
    params(
        ("id" = BulkId, Path, description = "The bulk action's id"),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible ASCII characters", max_length = 255),
    ),
    responses(
        (status = 200, description = "What was undone, and what was left alone.", body = BulkResult),
        (status = 404, description = "There is no such bulk action."),
        (status = 409, description = "`too_late`; `not_undoable`: it was a hand-back."),
    ),
)]
async fn post_bulk_undo(asked: ActionRequest, id: Path<String>) -> Result<HttpResponse, Problem> {
    let bulk = id_of(&id)?;
    action_forms::nothing(&asked.body)?;
    let (staff, role) = (asked.principal().id, asked.principal().role);
    let wires = &asked.shared.wires;
    answered(ask_within(&wires.undo_bulk, WITHIN, |reply| UndoBulk { bulk, staff, role, reply }).await?)
}

fn answered(answer: BulkAnswer) -> Result<HttpResponse, Problem> {
    match answer {
        BulkAnswer::Done(report) => Ok(HttpResponse::Ok().json(BulkResult::from(report))),
        BulkAnswer::Refused(refusal) => Err(refused(refusal)),
    }
}

fn refused(refusal: BulkRefusal) -> Problem {
    let conflict = |code, detail| Problem::coded(StatusCode::CONFLICT, code, detail);
    match refusal {
        BulkRefusal::NoBulk => Problem::new(StatusCode::NOT_FOUND, "There is no such bulk action."),
        BulkRefusal::NotTheAuthor => {
            Problem::new(StatusCode::FORBIDDEN, "Only its author and admins may undo a bulk action.")
        }
        BulkRefusal::TooLate => conflict("too_late", "A bulk action can be undone for 60 seconds."),
        BulkRefusal::NotUndoable => {
            conflict("not_undoable", "A hand-back can't be undone: the bot may have answered.")
        }
        BulkRefusal::TooMany => {
            Problem::invalid(vec![FieldError::new("filter", "must mean at most 500 conversations")])
        }
        BulkRefusal::UnknownStaff => {
            Problem::invalid(vec![FieldError::new("params", "staff_id is no active account")])
        }
        BulkRefusal::KeyReused => key_reused(),
    }
}
