//! Handler of a conversation as staff see it.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};

use crate::domain::ids::ConversationId;
use crate::http::api::conversations::ConversationDetail;
use crate::http::routes::path_id;
use crate::http::server::ask::look_up;
use crate::http::server::endpoint::{Access, Endpoint};
use crate::http::server::principal::AccessScope;
use crate::http::server::problem::Problem;
use crate::http::server::state::Shared;

pub fn endpoints() -> Vec<Endpoint> {
    vec![Endpoint::new(Access::Scope(AccessScope::Read), __path_get_conversation, get_conversation)]
}

/// Shows a conversation with its ticket and all its messages.
#[utoipa::path(
    get,
    path = "/conversations/{id}",
    params(("id" = ConversationId, Path, description = "The conversation's id")),
    responses(
        (status = 200, description = "The conversation.", body = ConversationDetail),
        (status = 404, description = "There is no such conversation."),
    ),
)]
async fn get_conversation(id: Path<String>, shared: Data<Shared>) -> Result<HttpResponse, Problem> {
    let missing = || Problem::new(StatusCode::NOT_FOUND, "There is no such conversation.");
    let id = path_id::parse(&id).ok_or_else(missing)?.into();
    let found = look_up(&shared, move |views| views.conversation(id)).await?;
    Ok(HttpResponse::Ok().json(ConversationDetail::from(found.ok_or_else(missing)?)))
}
