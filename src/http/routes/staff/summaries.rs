//! Handler of summaries: what a long thread is about, for staff.

use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Json, Path, Payload, ReqData};

use super::action_forms;
use super::perform::id_of;
use crate::actors::messages::Summarize;
use crate::actors::runtime::ask::ask;
use crate::domain::ids::ConversationId;
use crate::http::api::summaries::{SummaryForm, ThreadSummary};
use crate::http::server::body;
use crate::http::server::endpoint::{Access, Endpoint};
use crate::http::server::principal::{AccessScope, Principal};
use crate::http::server::problem::Problem;
use crate::http::server::state::Shared;

/// Timeout of a summary: a model reads the thread in several pieces.
const SUMMARIZED_TIMEOUT: Duration = Duration::from_secs(60);

pub fn endpoints() -> Vec<Endpoint> {
    vec![Endpoint::new(Access::Scope(AccessScope::Staff), __path_post_summary, post_summary)]
}

/// Summarises a thread in points, each with the messages behind it.
///
/// The summary is kept until `renew` asks for another. Without a model that answers, the points are quotations.
#[utoipa::path(
    post,
    path = "/staff/conversations/{id}/summary",
    request_body = SummaryForm,
    params(("id" = ConversationId, Path, description = "The conversation's id")),
    responses(
        (status = 200, description = "The summary.", body = ThreadSummary),
        (status = 404, description = "There is no such conversation, or nothing in it."),
    ),
)]
async fn post_summary(
    request: HttpRequest,
    principal: ReqData<Principal>,
    id: Path<String>,
    body: Payload,
    shared: Data<Shared>,
) -> Result<Json<ThreadSummary>, Problem> {
    let (conversation, staff) = (id_of(&id)?, principal.id);
    let wish = action_forms::summary(&body::read_json(&request, body, &shared).await?)?;
    let order = |reply| Summarize { conversation, staff, wish, reply };
    match ask(&shared.wires.summarize, SUMMARIZED_TIMEOUT, order).await? {
        Some(view) => Ok(Json(view.into())),
        None => Err(Problem::new(StatusCode::NOT_FOUND, "There is no such conversation.")),
    }
}
