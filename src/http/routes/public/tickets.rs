//! Handlers of a customer's ticket: read it, add a message to it. Its id is the capability for both.

use actix_web::web::{Data, Path, Payload};
use actix_web::{HttpRequest, HttpResponse};

use super::identity::ensure_open;
use crate::channels::web_form;
use crate::domain::ids::{MessageId, TicketId};
use crate::domain::messages::inquiry::{FreshIds, Stored};
use crate::domain::validation::FieldError;
use crate::domain::views::PageFound;
use crate::http::api::submissions::{FollowUpReceipt, FollowUpRequest};
use crate::http::api::tickets::TicketPage;
use crate::http::routes::message_page::page_request;
use crate::http::routes::path_id;
use crate::http::server::ask::{call, store_submission};
use crate::http::server::body;
use crate::http::server::customer_cookie;
use crate::http::server::endpoint::{Access, Endpoint};
use crate::http::server::idempotency::{idempotency_key, key_reused};
use crate::http::server::problem::Problem;
use crate::http::server::query::Pairs;
use crate::http::server::rate_limits::admit_follow_up;
use crate::http::server::state::Shared;

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::new(Access::Public, __path_get_ticket, get_ticket),
        Endpoint::new(Access::Public, __path_post_follow_up, post_follow_up),
    ]
}

/// Shows a ticket with a page of its messages.
///
/// Without `before` it is the newest page.
#[utoipa::path(
    get,
    path = "/support/ticket/{id}",
    params(
        ("id" = TicketId, Path, description = "The ticket's id, from the answer to the submission"),
        ("before" = Option<MessageId>, Query, description = "Only messages older than this one"),
        ("limit" = Option<u8>, Query, minimum = 1, maximum = 100,
            description = "Messages on the page; 100 unless given"),
    ),
    responses(
        (status = 200, description = "The ticket.", body = TicketPage),
        (status = 403, description = "It opens to its proved customer alone (`proof_required`)."),
        (status = 404, description = "There is no such ticket, or its page has expired (`ticket_expired`)."),
    ),
)]
async fn get_ticket(
    http: HttpRequest,
    id: Path<String>,
    query: Pairs,
    shared: Data<Shared>,
) -> Result<HttpResponse, Problem> {
    let id = TicketId(path_id::parse(&id).ok_or_else(Problem::no_ticket)?);
    let request = page_request(&query, NO_MESSAGE).map_err(Problem::invalid)?;
    let viewer = customer_cookie::session(shared.cookie, http.headers());
    match call(&shared.wires.ticket_pages, move |pages| pages.page(id, viewer, request)).await? {
        PageFound::Page(ticket) => Ok(HttpResponse::Ok().json(TicketPage::from(*ticket))),
        PageFound::NoTicket => Err(Problem::no_ticket()),
        PageFound::Locked => Err(Problem::proof_required()),
        PageFound::Expired => Err(Problem::expired_ticket()),
        PageFound::UnknownMessage => Err(Problem::invalid(vec![FieldError::new("before", NO_MESSAGE)])),
    }
}

const NO_MESSAGE: &str = "is no message of this ticket";

/// Adds a customer's message to a ticket.
///
/// With an `Idempotency-Key`, a repetition gets the same answer and adds nothing.
#[utoipa::path(
    post,
    path = "/support/ticket/{id}/messages",
    request_body = FollowUpRequest,
    params(
        ("id" = TicketId, Path, description = "The ticket's id, from the answer to the submission"),
        ("Idempotency-Key" = Option<String>, Header,
            description = "1 to 255 visible ASCII characters; scoped to the ticket", max_length = 255),
    ),
    responses(
        (status = 201, description = "The message is stored.", body = FollowUpReceipt),
        (status = 403, description = "The ticket opens to its proved customer alone (`proof_required`)."),
        (status = 404, description = "There is no such ticket."),
        (status = 409, description = "The ticket is closed and takes no more messages (`ticket_closed`)."),
        (status = 429, description = "Too many messages from this address or to this ticket, or too many of the \
            ticket wait for an answer; see `Retry-After`."),
    ),
)]
async fn post_follow_up(
    request: HttpRequest,
    id: Path<String>,
    body: Payload,
    shared: Data<Shared>,
) -> Result<HttpResponse, Problem> {
    let ticket = TicketId(path_id::parse(&id).ok_or_else(Problem::no_ticket)?);
    admit_follow_up(shared.rates.as_ref(), shared.trusted_proxies.client(&request), ticket)?;
    let body = body::read_json(&request, body, &shared).await?;
    ensure_open(ticket, &request, &shared).await?;
    let key = idempotency_key(request.headers());
    let parse = |ids: FreshIds| web_form::follow_up(&body, key.as_deref(), ticket, ids.message);
    match store_submission(&shared, parse).await? {
        Stored::Accepted(receipt) => Ok(HttpResponse::Created()
            .json(FollowUpReceipt { message_id: receipt.message, status: receipt.status })),
        Stored::Conflict => Err(key_reused()),
        Stored::NoTicket => Err(Problem::no_ticket()),
        Stored::TicketFull => Err(Problem::ticket_full()),
        Stored::TicketClosed => Err(Problem::ticket_closed()),
    }
}
