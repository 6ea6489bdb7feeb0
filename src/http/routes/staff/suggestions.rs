//! Handler of suggestions: replies that the agent writes for staff.

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Payload, ReqData};
use actix_web::{HttpRequest, HttpResponse};

use super::action_forms;
use super::perform::{conflicting, id_of, request_key};
use crate::actors::messages::{Suggest, SuggestAnswer};
use crate::actors::runtime::ask::ask;
use crate::domain::console::actions::ActionConflict;
use crate::domain::ids::ConversationId;
use crate::domain::knowledge::Source;
use crate::http::api::suggestions::{SuggestionAnswer, SuggestionRequest};
use crate::http::api::tickets::ArticleRef;
use crate::http::server::body;
use crate::http::server::endpoint::{Access, Endpoint};
use crate::http::server::idempotency::key_reused;
use crate::http::server::principal::{AccessScope, Principal};
use crate::http::server::problem::Problem;
use crate::http::server::state::Shared;

/// Timeout of a suggestion: a model may think long, and is asked several times.
const SUGGESTED_TIMEOUT: Duration = Duration::from_secs(60);

pub fn endpoints() -> Vec<Endpoint> {
    vec![Endpoint::new(Access::Scope(AccessScope::Staff), __path_post_suggestion, post_suggestion)]
}

/// Suggests a reply, by the agent with its guards. A person edits and sends it; a newer public message retires it.
#[utoipa::path(
    post,
    path = "/staff/conversations/{id}/suggestion",
    request_body = SuggestionRequest,
    params(("id" = ConversationId, Path, description = "The conversation's id")),
    responses(
        (status = 201, description = "The suggestion.", body = SuggestionAnswer),
        (status = 404, description = "There is no such conversation, or no message of its customer."),
        (status = 409, description = "`ticket_closed`."),
    ),
)]
async fn post_suggestion(
    request: HttpRequest,
    principal: ReqData<Principal>,
    id: Path<String>,
    body: Payload,
    shared: Data<Shared>,
) -> Result<HttpResponse, Problem> {
    let (conversation, staff) = (id_of(&id)?, principal.id);
    let body = body::read_json(&request, body, &shared).await?;
    let instruction = action_forms::hand_back(&body)?;
    let key = request_key(&request, &body)?;
    let order = |reply| Suggest { conversation, staff, instruction, key, reply };
    let suggested = match ask(&shared.wires.suggest, SUGGESTED_TIMEOUT, order).await? {
        SuggestAnswer::Suggested(suggested) => suggested,
        SuggestAnswer::Nothing => {
            return Err(Problem::new(StatusCode::NOT_FOUND, "There is nothing to suggest a reply to."));
        }
        SuggestAnswer::TicketClosed => return Err(conflicting(ActionConflict::TicketClosed)),
        SuggestAnswer::KeyReused => return Err(key_reused()),
    };
    let article = |Source { id, title, .. }| ArticleRef { id, title };
    Ok(HttpResponse::Created().json(SuggestionAnswer {
        suggestion_id: suggested.id,
        text: suggested.text,
        sources: suggested.sources.into_iter().map(article).collect(),
    }))
}
