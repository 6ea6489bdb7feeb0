//! Handler of a conversation as staff see it.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};

use crate::domain::ids::{ConversationId, MessageId};
use crate::domain::validation::FieldError;
use crate::domain::views::ConversationFound;
use crate::http::api::conversations::ConversationDetail;
use crate::http::routes::message_page::page_request;
use crate::http::routes::path_id;
use crate::http::server::ask::look_up;
use crate::http::server::endpoint::{Access, Endpoint};
use crate::http::server::principal::AccessScope;
use crate::http::server::problem::Problem;
use crate::http::server::query::Pairs;
use crate::http::server::state::Shared;

pub fn endpoints() -> Vec<Endpoint> {
    vec![Endpoint::new(Access::Scope(AccessScope::Read), __path_get_conversation, get_conversation)]
}

/// Shows a conversation with its ticket and a page of its messages.
///
/// Without `before` it is the newest page.
#[utoipa::path(
    get,
    path = "/conversations/{id}",
    params(
        ("id" = ConversationId, Path, description = "The conversation's id"),
        ("before" = Option<MessageId>, Query, description = "Only messages older than this one"),
        ("limit" = Option<u8>, Query, minimum = 1, maximum = 100,
            description = "Messages on the page; 100 unless given"),
    ),
    responses(
        (status = 200, description = "The conversation.", body = ConversationDetail),
        (status = 404, description = "There is no such conversation."),
    ),
)]
async fn get_conversation(
    id: Path<String>,
    query: Pairs,
    shared: Data<Shared>,
) -> Result<HttpResponse, Problem> {
    let missing = || Problem::new(StatusCode::NOT_FOUND, "There is no such conversation.");
    let id = path_id::parse(&id).ok_or_else(missing)?.into();
    let request = page_request(&query, "is no message of this conversation").map_err(Problem::invalid)?;
    match look_up(&shared, move |views| views.conversation(id, request)).await? {
        ConversationFound::Page(view) => Ok(HttpResponse::Ok().json(ConversationDetail::from(*view))),
        ConversationFound::NoConversation => Err(missing()),
        ConversationFound::UnknownMessage => {
            let error = FieldError::new("before", "is no message of this conversation");
            Err(Problem::invalid(vec![error]))
        }
    }
}
