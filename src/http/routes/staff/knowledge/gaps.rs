//! Handler of the gaps of the knowledge: what customers asked and no document answered.

use actix_web::HttpResponse;
use actix_web::web::Data;

use super::{cut, page};
use crate::actors::messages::GroupQuestions;
use crate::domain::learning::gaps::{GapCursor, GapView};
use crate::http::api::knowledge::{KnowledgeGap, KnowledgeGaps};
use crate::http::server::ask::{ask_actor, call};
use crate::http::server::endpoint::{Access, Endpoint};
use crate::http::server::principal::AccessScope;
use crate::http::server::problem::Problem;
use crate::http::server::query::{Pairs, Parameters};
use crate::http::server::state::Shared;

pub fn endpoints() -> Vec<Endpoint> {
    vec![Endpoint::new(Access::Either(AccessScope::Read, AccessScope::Ingest), __path_get_gaps, get_gaps)]
}

/// Lists what the documents could not answer, grouped by meaning, the most asked first.
///
/// A gap ends with the approval of a proposal about it.
#[utoipa::path(
    get,
    path = "/staff/knowledge/gaps",
    params(
        ("limit" = Option<u8>, Query, minimum = 1, maximum = 100, description = "Gaps on the page; 50 unless given"),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before"),
    ),
    responses((status = 200, description = "A page of the list.", body = KnowledgeGaps)),
)]
async fn get_gaps(query: Pairs, shared: Data<Shared>) -> Result<HttpResponse, Problem> {
    let mut parameters = Parameters::new(&query);
    let (limit, after) = page(&mut parameters, GapCursor::parse);
    parameters.finish(&["limit", "cursor"]).map_err(Problem::invalid)?;
    // Questions of the last seconds; while that is busy, they come with the next round.
    if let Err(problem) =
        ask_actor(&shared.wires.learning.group_questions, |reply| GroupQuestions { reply }).await
    {
        tracing::debug!(?problem, "listing gaps without the newest questions");
    }
    let asked = i64::from(limit) + 1;
    let found = call(&shared.wires.learning.gaps, move |gaps| gaps.gaps(after, asked)).await?;
    let cursor = |last: &GapView| GapCursor { count: last.count, gap: last.id }.to_string();
    let (found, next_cursor) = cut(found, limit, cursor);
    let items = found.into_iter().map(KnowledgeGap::from).collect();
    Ok(HttpResponse::Ok().json(KnowledgeGaps { items, next_cursor }))
}
