//! Handlers of drafts: what an account is about to write, kept by the server for each person and conversation.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, ReqData};

use super::perform::{ActionRequest, id_of, incomplete};
use super::tool_forms;
use crate::domain::console::actions::StaffCommand;
use crate::domain::ids::ConversationId;
use crate::http::api::desk_tools::{DraftRequest, KeptDraft};
use crate::http::server::ask::call;
use crate::http::server::endpoint::{Access, Endpoint};
use crate::http::server::principal::{AccessScope, Principal};
use crate::http::server::problem::Problem;
use crate::http::server::state::Shared;

const STAFF: Access = Access::Scope(AccessScope::Staff);

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::new(STAFF, __path_get_draft, get_draft),
        Endpoint::new(STAFF, __path_put_draft, put_draft),
        Endpoint::new(STAFF, __path_delete_draft, delete_draft),
    ]
}

/// Shows the account's draft in a conversation; without one, an empty draft with revision 0.
#[utoipa::path(
    get,
    path = "/staff/conversations/{id}/draft",
    params(("id" = ConversationId, Path, description = "The conversation's id")),
    responses(
        (status = 200, description = "The draft.", body = KeptDraft),
        (status = 404, description = "There is no such conversation."),
    ),
)]
async fn get_draft(
    principal: ReqData<Principal>,
    id: Path<String>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Problem> {
    let (conversation, staff) = (id_of(&id)?, principal.id);
    let found = call(&shared.wires.desk_tools, move |tools| tools.draft(conversation, staff)).await?;
    Ok(HttpResponse::Ok().json(KeptDraft::from(found.ok_or_else(no_conversation)?)))
}

fn no_conversation() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "There is no such conversation.")
}

/// Keeps the account's draft.
#[utoipa::path(
    put,
    path = "/staff/conversations/{id}/draft",
    request_body = DraftRequest,
    params(("id" = ConversationId, Path, description = "The conversation's id")),
    responses(
        (status = 200, description = "The draft with its new revision.", body = KeptDraft),
        (status = 404, description = "There is no such conversation."),
        (status = 409, description = "`stale_draft`: another window has changed it since; `ticket_closed`."),
    ),
)]
async fn put_draft(asked: ActionRequest, id: Path<String>) -> Result<HttpResponse, Problem> {
    let conversation = id_of(&id)?;
    let change = tool_forms::draft(&asked.body, conversation)?;
    let command = StaffCommand::KeepDraft(Box::new(change.clone()));
    let outcome = asked.perform(command, "text").await?;
    let emails = |list: Option<Vec<_>>| list.map(|list| list.iter().map(ToString::to_string).collect());
    Ok(HttpResponse::Ok().json(KeptDraft {
        text: change.text,
        channel: change.channel,
        cc: emails(change.cc),
        bcc: emails(change.bcc),
        revision: outcome.revision.ok_or_else(incomplete)?,
    }))
}

/// Drops the account's draft.
#[utoipa::path(
    delete,
    path = "/staff/conversations/{id}/draft",
    params(("id" = ConversationId, Path, description = "The conversation's id")),
    responses(
        (status = 200, description = "The empty draft.", body = KeptDraft),
        (status = 404, description = "There is no such conversation."),
    ),
)]
async fn delete_draft(
    principal: ReqData<Principal>,
    id: Path<String>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Problem> {
    let (conversation, staff) = (id_of(&id)?, principal.id);
    call(&shared.wires.desk_tools, move |tools| tools.drop_draft(conversation, staff)).await?;
    let left = call(&shared.wires.desk_tools, move |tools| tools.draft(conversation, staff)).await?;
    Ok(HttpResponse::Ok().json(KeptDraft::from(left.ok_or_else(no_conversation)?)))
}
