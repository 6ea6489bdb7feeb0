//! Handler of replays: what the bot would decide today from the recorded steps of a turn.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};

use super::perform::id_of;
use crate::actors::messages::ReplayTurn;
use crate::domain::ids::TurnId;
use crate::http::api::replays::ReplayedTurn;
use crate::http::server::ask::ask_actor;
use crate::http::server::endpoint::{Access, Endpoint};
use crate::http::server::principal::AccessScope;
use crate::http::server::problem::Problem;
use crate::http::server::state::Shared;

pub fn endpoints() -> Vec<Endpoint> {
    vec![Endpoint::new(Access::Scope(AccessScope::Read), __path_get_replay, get_replay)]
}

/// Replays a finished turn of the bot from its recorded steps, with the rules and guards of today.
///
/// It calls no model and no tool, stores nothing and sends nothing. A difference says that rules, guards or instructions
/// have changed since, or that the steps are not kept any more (`RETENTION_STEPS_DAYS`).
#[utoipa::path(
    get,
    path = "/staff/turns/{id}/replay",
    params(("id" = TurnId, Path, description = "The turn's id")),
    responses(
        (status = 200, description = "The turn and its replay.", body = ReplayedTurn),
        (status = 404, description = "There is no such turn, or it has committed nothing."),
    ),
)]
async fn get_replay(id: Path<String>, shared: Data<Shared>) -> Result<HttpResponse, Problem> {
    let turn: TurnId = id_of(&id)?;
    let found = ask_actor(&shared.wires.replay_turn, |reply| ReplayTurn { turn, reply }).await?;
    let missing = || Problem::new(StatusCode::NOT_FOUND, "There is no such finished turn.");
    Ok(HttpResponse::Ok().json(ReplayedTurn::new(turn, found.ok_or_else(missing)?)))
}
