//! Handlers of proposals: staff and programs make them, past questions are asked again, and admins decide.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};

use super::{conflict, cut, forms, missing, page, unknown};
use crate::actors::messages::{ApproveProposal, ProposalDecision, StartRun};
use crate::clock;
use crate::domain::enums::{ProposalState, StaffRole};
use crate::domain::ids::{ProposalId, StaffId};
use crate::domain::learning::proposals::{self, NewProposal, ProposalAnswer, ProposalPage, ProposalRefusal};
use crate::domain::learning::runs::RunOrder;
use crate::domain::validation::FieldError;
use crate::http::api::knowledge::{
    ApprovalRequest, Proposal, ProposalList, ProposalRequest, RejectionRequest, RunRequest,
};
use crate::http::routes::staff::perform::{ActionRequest, id_of};
use crate::http::server::ask::{ask_once, call};
use crate::http::server::endpoint::{Access, Endpoint};
use crate::http::server::idempotency::key_reused;
use crate::http::server::principal::AccessScope;
use crate::http::server::problem::Problem;
use crate::http::server::query::{Pairs, Parameters};
use crate::http::server::state::Shared;

const READ: Access = Access::Either(AccessScope::Read, AccessScope::Ingest);
/// Programs may propose; people decide.
const PROPOSE: Access = Access::Either(AccessScope::Staff, AccessScope::Ingest);
const DECIDE: Access = Access::Scope(AccessScope::Staff);

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::new(READ, __path_get_proposals, get_proposals),
        Endpoint::new(READ, __path_get_proposal, get_proposal),
        Endpoint::new(PROPOSE, __path_post_proposal, post_proposal),
        Endpoint::new(PROPOSE, __path_put_proposal, put_proposal),
        Endpoint::new(PROPOSE, __path_post_run, post_run),
        Endpoint::new(DECIDE, __path_post_approve, post_approve),
        Endpoint::new(DECIDE, __path_post_reject, post_reject),
    ]
}

/// Lists the proposals, newest first.
#[utoipa::path(
    get,
    path = "/staff/knowledge/proposals",
    params(
        ("state" = Option<ProposalState>, Query, description = "Only of this state"),
        ("limit" = Option<u8>, Query, minimum = 1, maximum = 100, description = "Proposals on the page; 50 unless given"),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before"),
    ),
    responses((status = 200, description = "A page of the list.", body = ProposalList)),
)]
async fn get_proposals(query: Pairs, shared: Data<Shared>) -> Result<HttpResponse, Problem> {
    let mut parameters = Parameters::new(&query);
    let state = parameters
        .optional("state", |value| value.parse::<ProposalState>().map_err(|error| unknown("state", error)));
    let (limit, after) = page(&mut parameters, proposals::cursor);
    parameters.finish(&["state", "limit", "cursor"]).map_err(Problem::invalid)?;
    let asked = ProposalPage { state, after, limit: i64::from(limit) + 1 };
    let found = call(&shared.wires.learning.proposals, move |proposals| proposals.proposals(asked)).await?;
    let (found, next_cursor) = cut(found, limit, |last| last.id.to_string());
    let items = found.into_iter().map(Proposal::from).collect();
    Ok(HttpResponse::Ok().json(ProposalList { items, next_cursor }))
}

/// Shows a proposal, with the answers that its run has changed.
#[utoipa::path(
    get,
    path = "/staff/knowledge/proposals/{id}",
    params(("id" = ProposalId, Path, description = "The proposal's id")),
    responses(
        (status = 200, description = "The proposal.", body = Proposal),
        (status = 404, description = "There is no such proposal."),
    ),
)]
async fn get_proposal(id: Path<String>, shared: Data<Shared>) -> Result<HttpResponse, Problem> {
    let id = id_of(&id)?;
    let found = call(&shared.wires.learning.proposals, move |proposals| proposals.proposal(id)).await?;
    Ok(HttpResponse::Ok().json(Proposal::from(found.ok_or_else(no_proposal)?)))
}

/// Proposes a change of the knowledge base. Nothing changes before an approval.
#[utoipa::path(
    post,
    path = "/staff/knowledge/proposals",
    request_body = ProposalRequest,
    params(("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible ASCII characters", max_length = 255)),
    responses((status = 201, description = "The proposal.", body = Proposal)),
)]
async fn post_proposal(action: ActionRequest) -> Result<HttpResponse, Problem> {
    let content = forms::proposal(&action.body)?.content().map_err(Problem::invalid)?;
    let (id, author, key) = (clock::new_v7().into(), action.principal().id, action.key()?);
    let proposal = NewProposal { id, author, content, key };
    let proposals = &action.shared.wires.learning.proposals;
    let answer = call(proposals, move |proposals| proposals.add_proposal(proposal)).await?;
    Ok(HttpResponse::Created().json(shown(answer)?))
}

/// Edits a draft; what is left out stays. A run of what it said before counts no more.
#[utoipa::path(
    put,
    path = "/staff/knowledge/proposals/{id}",
    request_body = ProposalRequest,
    params(("id" = ProposalId, Path, description = "The proposal's id")),
    responses(
        (status = 200, description = "The proposal.", body = Proposal),
        (status = 404, description = "There is no such proposal."),
        (status = 409, description = "It was approved or rejected (`not_draft`)."),
    ),
)]
async fn put_proposal(id: Path<String>, action: ActionRequest) -> Result<HttpResponse, Problem> {
    let id = id_of(&id)?;
    let fields = forms::proposal(&action.body)?;
    let (by, proposals) = (action.principal().id, &action.shared.wires.learning.proposals);
    let found = call(proposals, move |proposals| proposals.proposal(id)).await?;
    let found = found.ok_or_else(no_proposal)?;
    if found.state != ProposalState::Draft {
        return Err(refused(ProposalRefusal::NotDraft));
    }
    let content = fields.edit(found.content).map_err(Problem::invalid)?;
    let answer = call(proposals, move |proposals| proposals.edit_proposal(id, by, content)).await?;
    Ok(HttpResponse::Ok().json(shown(answer)?))
}

/// Asks the most similar past questions again, with and without a draft. `run` of the proposal tells what comes of it.
#[utoipa::path(
    post,
    path = "/staff/knowledge/proposals/{id}/run",
    request_body = RunRequest,
    params(
        ("id" = ProposalId, Path, description = "The proposal's id"),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible ASCII characters", max_length = 255),
    ),
    responses(
        (status = 202, description = "The proposal; its run has begun.", body = Proposal),
        (status = 404, description = "There is no such proposal."),
        (status = 409, description = "It was approved or rejected (`not_draft`)."),
    ),
)]
async fn post_run(id: Path<String>, action: ActionRequest) -> Result<HttpResponse, Problem> {
    let (proposal, cases) = (id_of(&id)?, forms::run(&action.body)?);
    let order = RunOrder { proposal, by: action.principal().id, cases, key: action.key()? };
    let answer = ask_once(&action.shared.wires.learning.start_run, |reply| StartRun { order, reply }).await?;
    Ok(HttpResponse::Accepted().json(shown(answer)?))
}

/// Publishes a draft: searches of every process find it at once.
///
/// For admins. It overrides its file, also when that is ingested again, until a deletion is approved.
#[utoipa::path(
    post,
    path = "/staff/knowledge/proposals/{id}/approve",
    request_body = ApprovalRequest,
    params(
        ("id" = ProposalId, Path, description = "The proposal's id"),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible ASCII characters", max_length = 255),
    ),
    responses(
        (status = 200, description = "The proposal.", body = Proposal),
        (status = 404, description = "There is no such proposal."),
        (status = 409, description = "Past questions were not asked again (`not_run`, unless forced), it is no draft \
                                      (`not_draft`), it was edited meanwhile (`edited`), or its article is gone (`no_article`)."),
    ),
)]
async fn post_approve(id: Path<String>, action: ActionRequest) -> Result<HttpResponse, Problem> {
    let by = admin(&action)?;
    let (id, force, key) = (id_of(&id)?, forms::approval(&action.body)?, action.key()?);
    let decision = ProposalDecision { id, by, force, key };
    let approve = |reply| ApproveProposal { decision, reply };
    let answer = ask_once(&action.shared.wires.learning.approve_proposal, approve).await?;
    Ok(HttpResponse::Ok().json(decided(answer)?))
}

/// Rejects a draft. For admins.
#[utoipa::path(
    post,
    path = "/staff/knowledge/proposals/{id}/reject",
    request_body = RejectionRequest,
    params(
        ("id" = ProposalId, Path, description = "The proposal's id"),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible ASCII characters", max_length = 255),
    ),
    responses(
        (status = 200, description = "The proposal.", body = Proposal),
        (status = 404, description = "There is no such proposal."),
        (status = 409, description = "It was approved or rejected (`not_draft`)."),
    ),
)]
async fn post_reject(id: Path<String>, action: ActionRequest) -> Result<HttpResponse, Problem> {
    let by = admin(&action)?;
    let (id, reason, key) = (id_of(&id)?, forms::rejection(&action.body)?, action.key()?);
    let proposals = &action.shared.wires.learning.proposals;
    let answer = call(proposals, move |proposals| proposals.reject_proposal(id, by, reason, key)).await?;
    Ok(HttpResponse::Ok().json(decided(answer)?))
}

fn admin(action: &ActionRequest) -> Result<StaffId, Problem> {
    match action.principal().role {
        StaffRole::Admin => Ok(action.principal().id),
        StaffRole::Agent => Err(Problem::not_admin()),
    }
}

fn shown(answer: ProposalAnswer) -> Result<Proposal, Problem> {
    match answer {
        ProposalAnswer::Done(view) => Ok(Proposal::from(*view)),
        ProposalAnswer::KeyReused => Err(key_reused()),
        ProposalAnswer::Refused(refusal) => Err(refused(refusal)),
    }
}

/// A decision names no article itself: one that is gone is a conflict.
fn decided(answer: ProposalAnswer) -> Result<Proposal, Problem> {
    match answer {
        ProposalAnswer::Refused(ProposalRefusal::NoArticle) => {
            Err(conflict("no_article", "The article that it changes is gone."))
        }
        other @ (ProposalAnswer::Done(_) | ProposalAnswer::KeyReused | ProposalAnswer::Refused(_)) => {
            shown(other)
        }
    }
}

fn refused(refusal: ProposalRefusal) -> Problem {
    let invalid =
        |field: &'static str, message: &'static str| Problem::invalid(vec![FieldError::new(field, message)]);
    match refusal {
        ProposalRefusal::NoProposal => no_proposal(),
        ProposalRefusal::NoArticle => invalid("article_id", "is no article"),
        ProposalRefusal::NoGap => invalid("gap_id", "is no gap"),
        ProposalRefusal::NotDraft => conflict("not_draft", "The proposal was approved or rejected."),
        ProposalRefusal::NotRun => {
            conflict("not_run", "Past questions were not asked again with what the proposal says now.")
        }
        ProposalRefusal::Edited => conflict("edited", "The proposal was edited meanwhile."),
    }
}

fn no_proposal() -> Problem {
    missing("There is no such proposal.")
}
