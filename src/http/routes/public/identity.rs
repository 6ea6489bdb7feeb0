//! Handlers of identity by proof: a customer proves an address by a mailed code, and then sees their tickets. Nothing here
//! tells whether an address is known.

use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::web::{Data, Path, Payload};
use actix_web::{HttpRequest, HttpResponse};
use secrecy::ExposeSecret;

use crate::actors::messages::{ProveAddress, ProvedBrowser};
use crate::channels::web_form::{self, CodeForm, CodeRequestForm};
use crate::clock;
use crate::crm::port::{PageCode, PageState};
use crate::domain::customers::web_identity::WebIdentity;
use crate::domain::ids::{ChallengeId, TicketId};
use crate::domain::messages::inquiry::TicketNumber;
use crate::domain::validation::FieldError;
use crate::http::api::identity::{
    CodeRequest, CodeRequested, OwnTicketLine, OwnTickets, PageIdentity, TypedCode,
};
use crate::http::routes::path_id;
use crate::http::server::ask::{ask_once, call};
use crate::http::server::body;
use crate::http::server::customer_cookie;
use crate::http::server::endpoint::{Access, Endpoint};
use crate::http::server::problem::Problem;
use crate::http::server::query::{Pairs, Parameters, list_limit};
use crate::http::server::state::Shared;

/// Tickets on a page, unless the request says otherwise.
const DEFAULT_LIMIT: u8 = 50;

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::new(Access::Public, __path_post_identity, post_identity),
        Endpoint::new(Access::Public, __path_post_identity_code, post_identity_code),
        Endpoint::new(Access::Public, __path_get_identity, get_identity),
        Endpoint::new(Access::Public, __path_delete_identity, delete_identity),
        Endpoint::new(Access::Public, __path_get_own_tickets, get_own_tickets),
    ]
}

/// Asks for a code to prove an address.
///
/// If a customer has the address, a code of six digits is mailed there: at most three within an hour and five within a day.
/// The answer is the same whether one has it or not.
#[utoipa::path(
    post,
    path = "/support/identity",
    request_body = CodeRequest,
    responses(
        (status = 202, description = "A code is on its way, if the address is known.", body = CodeRequested),
        (status = 429, description = "Too many requests from this address; see `Retry-After`."),
        (status = 503, description = "No e-mail is configured."),
    ),
)]
async fn post_identity(
    request: HttpRequest,
    body: Payload,
    shared: Data<Shared>,
) -> Result<HttpResponse, Problem> {
    shared.admit_proof(&request)?;
    let body = body::read_json(&request, body, &shared).await?;
    let CodeRequestForm { email, language } = web_form::code_request(&body)?;
    if !shared.mails_codes {
        return Err(Problem::switched_off());
    }
    // No page can guess the id of another one's request.
    let challenge = ChallengeId(clock::new_v4());
    let code = PageCode { challenge, email, language };
    call(&shared.wires.web_identities, move |identities| identities.request_code(code)).await?;
    Ok(HttpResponse::Accepted().json(CodeRequested { proof_id: challenge }))
}

/// Proves the address by the code.
///
/// A code is valid for ten minutes, for five attempts and once. A wrong one, one that is over and one that was never mailed
/// get the same answer.
#[utoipa::path(
    post,
    path = "/support/identity/{id}/code",
    request_body = TypedCode,
    params(("id" = ChallengeId, Path, description = "The `proof_id` of the request")),
    responses(
        (status = 200, description = "The address is proved; the cookie of this browser is set.", body = PageIdentity,
            headers(("Set-Cookie" = String, description = "The session"))),
        (status = 403, description = "The code is not valid (`code_refused`)."),
        (status = 429, description = "Too many attempts from this address; see `Retry-After`."),
    ),
)]
async fn post_identity_code(
    request: HttpRequest,
    id: Path<String>,
    body: Payload,
    shared: Data<Shared>,
) -> Result<HttpResponse, Problem> {
    shared.admit_proof(&request)?;
    let challenge = ChallengeId(path_id::parse(&id).ok_or_else(refused)?);
    let body = body::read_json(&request, body, &shared).await?;
    let CodeForm { code, ticket } = web_form::typed_code(&body)?;
    let prove = |reply| ProveAddress { challenge, code, ticket, reply };
    let proved = ask_once(&shared.wires.prove_address, prove).await?;
    let ProvedBrowser { identity, session } = proved.ok_or_else(refused)?;
    let cookie = customer_cookie::set(shared.cookie, session.expose_secret());
    Ok(HttpResponse::Ok()
        .insert_header((header::SET_COOKIE, cookie))
        .json(PageIdentity::new(shared.mails_codes, Some(&identity))))
}

fn refused() -> Problem {
    let detail = "That code is not valid. Check it, or ask for a new one.";
    Problem::coded(StatusCode::FORBIDDEN, "code_refused", detail)
}

/// Shows whether an address is proved in this browser.
#[utoipa::path(
    get,
    path = "/support/identity",
    responses((status = 200, description = "The proved address, or none.", body = PageIdentity)),
)]
async fn get_identity(request: HttpRequest, shared: Data<Shared>) -> Result<HttpResponse, Problem> {
    let identity = identity_of(&request, &shared).await?;
    Ok(HttpResponse::Ok().json(PageIdentity::new(shared.mails_codes, identity.as_ref())))
}

/// Forgets the proof in this browser.
#[utoipa::path(
    delete,
    path = "/support/identity",
    responses((status = 204, description = "The session has ended.")),
)]
async fn delete_identity(request: HttpRequest, shared: Data<Shared>) -> Result<HttpResponse, Problem> {
    if let Some(session) = customer_cookie::session(shared.cookie, request.headers()) {
        call(&shared.wires.web_identities, move |identities| identities.end(session)).await?;
    }
    let removed = customer_cookie::removed(shared.cookie);
    Ok(HttpResponse::NoContent().insert_header((header::SET_COOKIE, removed)).finish())
}

/// Lists the tickets of the customer whose address is proved in this browser, the newest first.
#[utoipa::path(
    get,
    path = "/support/tickets",
    params(
        ("limit" = Option<u8>, Query, minimum = 1, maximum = 100, description = "Tickets on the page; 50 unless given"),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before"),
    ),
    responses(
        (status = 200, description = "A page of the list.", body = OwnTickets),
        (status = 403, description = "No address is proved in this browser (`proof_required`)."),
    ),
)]
async fn get_own_tickets(
    request: HttpRequest,
    query: Pairs,
    shared: Data<Shared>,
) -> Result<HttpResponse, Problem> {
    let (limit, before) = list_request(&query).map_err(Problem::invalid)?;
    identity_of(&request, &shared).await?.ok_or_else(Problem::proof_required)?;
    let session =
        customer_cookie::session(shared.cookie, request.headers()).ok_or_else(Problem::proof_required)?;
    let asked = i64::from(limit) + 1;
    let own = call(&shared.wires.web_identities, move |own| own.tickets(session, before, asked)).await?;
    let has_more = own.len() > usize::from(limit);
    let items = own.into_iter().take(limit.into());
    let (numbers, items): (Vec<_>, Vec<_>) =
        items.map(|ticket| (ticket.number, OwnTicketLine::from(ticket))).unzip();
    let next_cursor = numbers.last().filter(|_| has_more).map(|number| number.0.to_string());
    Ok(HttpResponse::Ok().json(OwnTickets { items, next_cursor }))
}

fn list_request(query: &[(String, String)]) -> Result<(u8, Option<TicketNumber>), Vec<FieldError>> {
    let mut parameters = Parameters::new(query);
    let limit = parameters.optional("limit", list_limit);
    let cursor = parameters.optional("cursor", |value| {
        let number = value.parse().ok().filter(|number| *number > 0);
        number.map(TicketNumber).ok_or_else(|| FieldError::new("cursor", "is no cursor of this list"))
    });
    parameters.finish(&["limit", "cursor"])?;
    Ok((limit.unwrap_or(DEFAULT_LIMIT), cursor))
}

/// The address that is proved in the request's browser.
pub(super) async fn identity_of(
    request: &HttpRequest,
    shared: &Shared,
) -> Result<Option<WebIdentity>, Problem> {
    let Some(session) = customer_cookie::session(shared.cookie, request.headers()) else {
        return Ok(None);
    };
    call(&shared.wires.web_identities, move |identities| identities.identity(session)).await
}

/// The ticket in a path, unless it opens to its customer's browsers alone and this is none.
pub(super) async fn ensure_open(
    ticket: TicketId,
    request: &HttpRequest,
    shared: &Shared,
) -> Result<(), Problem> {
    let viewer = customer_cookie::session(shared.cookie, request.headers());
    match call(&shared.wires.ticket_pages, move |pages| pages.page_state(ticket, viewer)).await? {
        PageState::Locked => Err(Problem::proof_required()),
        PageState::Shown | PageState::NoTicket | PageState::Expired => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::server::query::testing::{fields, pairs};

    #[test]
    fn a_list_has_a_limit_and_a_cursor() {
        assert_eq!(list_request(&pairs("")), Ok((50, None)));
        assert_eq!(list_request(&pairs("limit=2&cursor=1042")), Ok((2, Some(TicketNumber(1042)))));
        for query in ["cursor=0", "cursor=x", "cursor=-1", "cursor=1&cursor=2"] {
            assert_eq!(fields(list_request(&pairs(query))), ["cursor"], "{query}");
        }
    }
}
