//! Handlers of what a customer can do on a ticket's page beside writing: rate the answer, ask for a person.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Payload};
use actix_web::{HttpRequest, HttpResponse};

use crate::actors::messages::{AskForPerson, PersonAnswer};
use crate::channels::web_form::{self, RatingForm};
use crate::crm::port::{PageState, Rating};
use crate::domain::conversations::escalation::HandOverWish;
use crate::domain::ids::TicketId;
use crate::domain::validation::InvalidForm;
use crate::http::api::tickets::{PersonReceipt, PersonWish, RatingRequest, TicketRating};
use crate::http::routes::path_id;
use crate::http::server::ask::{ask_actor, call};
use crate::http::server::auth::until_refused;
use crate::http::server::body;
use crate::http::server::customer_cookie;
use crate::http::server::endpoint::{Access, Endpoint};
use crate::http::server::problem::Problem;
use crate::http::server::rate_limits::admit_follow_up;
use crate::http::server::state::Shared;

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::new(Access::Public, __path_post_rating, post_rating),
        Endpoint::new(Access::Public, __path_post_human, post_human),
    ]
}

/// Rates the answers to a ticket.
///
/// A second rating replaces the first one.
#[utoipa::path(
    post,
    path = "/support/ticket/{id}/rating",
    request_body = RatingRequest,
    params(("id" = TicketId, Path, description = "The ticket's id, from the answer to the submission")),
    responses(
        (status = 200, description = "The rating is stored.", body = TicketRating),
        (status = 403, description = "The ticket opens to its proved customer alone (`proof_required`)."),
        (status = 404, description = "There is no such ticket, or its page has expired (`ticket_expired`)."),
        (status = 409, description = "The ticket has no answer yet (`not_answered`)."),
        (status = 429, description = "Too many messages and ratings from this address or to this ticket; see \
            `Retry-After`."),
    ),
)]
async fn post_rating(
    request: HttpRequest,
    id: Path<String>,
    body: Payload,
    shared: Data<Shared>,
) -> Result<HttpResponse, Problem> {
    admit_rating(&request, &id, &shared)?;
    let (ticket, form) = asked_of_ticket(&request, &id, body, &shared, web_form::rating).await?;
    let RatingForm { score, comment } = form;
    let rating = Rating { score, comment };
    let rated = call(&shared.wires.ticket_pages, move |pages| pages.rate(ticket, rating)).await?;
    Ok(HttpResponse::Ok().json(TicketRating::from(rated.ok_or_else(not_answered)?)))
}

/// Ratings count as messages: each of them tells webhooks.
fn admit_rating(request: &HttpRequest, id: &str, shared: &Shared) -> Result<(), Problem> {
    let ticket = TicketId(path_id::parse(id).ok_or_else(Problem::no_ticket)?);
    admit_follow_up(shared.rates.as_ref(), shared.trusted_proxies.client(request), ticket)
}

fn not_answered() -> Problem {
    let detail = "This ticket has no answer that could be rated yet.";
    Problem::coded(StatusCode::CONFLICT, "not_answered", detail)
}

/// Asks for a person.
///
/// The first time it escalates the ticket; asked again, it gives the same answer and changes nothing.
#[utoipa::path(
    post,
    path = "/support/ticket/{id}/human",
    request_body = PersonWish,
    params(("id" = TicketId, Path, description = "The ticket's id, from the answer to the submission")),
    responses(
        (status = 200, description = "A person will answer.", body = PersonReceipt),
        (status = 403, description = "The ticket opens to its proved customer alone (`proof_required`)."),
        (status = 404, description = "There is no such ticket, or its page has expired (`ticket_expired`)."),
        (status = 409, description = "The ticket is closed (`ticket_closed`)."),
    ),
)]
async fn post_human(
    request: HttpRequest,
    id: Path<String>,
    body: Payload,
    shared: Data<Shared>,
) -> Result<HttpResponse, Problem> {
    let (ticket, ()) = asked_of_ticket(&request, &id, body, &shared, web_form::person_wish).await?;
    let wish = |reply| AskForPerson { ticket, wish: HandOverWish::OnPage, reply };
    match ask_actor(&shared.wires.ask_for_person, wish).await? {
        PersonAnswer::Coming { status, message, expected_by, .. } => {
            Ok(HttpResponse::Ok().json(PersonReceipt { status, message_id: message, expected_by }))
        }
        PersonAnswer::NoTicket => Err(Problem::no_ticket()),
        PersonAnswer::TicketClosed => Err(Problem::ticket_closed()),
    }
}

/// The ticket in the path, if its page can be seen, and what the body asks for.
async fn asked_of_ticket<T>(
    request: &HttpRequest,
    id: &str,
    body: Payload,
    shared: &Shared,
    parse: fn(&[u8]) -> Result<T, InvalidForm>,
) -> Result<(TicketId, T), Problem> {
    let ticket = shown_ticket(request, id, shared).await?;
    let body = body::read_json(request, body, shared).await?;
    Ok((ticket, parse(&body)?))
}

/// The ticket in the path, if its page can be seen.
pub(super) async fn shown_ticket(
    request: &HttpRequest,
    id: &str,
    shared: &Shared,
) -> Result<TicketId, Problem> {
    let viewer = customer_cookie::session(shared.cookie, request.headers());
    let ticket = TicketId(path_id::parse(id).ok_or_else(Problem::no_ticket)?);
    match page_state(shared, ticket, viewer).await? {
        PageState::Shown => Ok(ticket),
        PageState::NoTicket => Err(Problem::no_ticket()),
        PageState::Expired => Err(Problem::expired_ticket()),
        PageState::Locked => Err(Problem::proof_required()),
    }
}

async fn page_state(
    shared: &Shared,
    ticket: TicketId,
    viewer: Option<[u8; 32]>,
) -> Result<PageState, Problem> {
    call(&shared.wires.ticket_pages, move |pages| pages.page_state(ticket, viewer)).await
}

/// Ends when the page of a ticket can no longer be seen: its link is revoked, it has expired, or the proof has.
pub(super) async fn until_hidden(shared: Data<Shared>, ticket: TicketId, viewer: Option<[u8; 32]>) {
    until_refused(async || Ok(page_state(&shared, ticket, viewer).await? == PageState::Shown)).await;
}
