//! Handlers of a customer's ticket: read it, add a message to it. Its id is the capability for both.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Payload};
use actix_web::{HttpRequest, HttpResponse};

use super::idempotency::{idempotency_key, key_reused};
use crate::channels::web_form;
use crate::domain::ids::TicketId;
use crate::domain::messages::inquiry::{FreshIds, Stored};
use crate::http::api::submissions::{FollowUpReceipt, FollowUpRequest};
use crate::http::api::tickets::TicketPage;
use crate::http::routes::path_id;
use crate::http::server::ask::{look_up, store_submission};
use crate::http::server::body::{self, Wanted};
use crate::http::server::endpoint::{Access, Endpoint};
use crate::http::server::problem::Problem;
use crate::http::server::rate_limits::admit_follow_up;
use crate::http::server::state::Shared;

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::new(Access::Public, __path_get_ticket, get_ticket),
        Endpoint::new(Access::Public, __path_post_follow_up, post_follow_up),
    ]
}

/// Shows a ticket with its messages.
#[utoipa::path(
    get,
    path = "/support/ticket/{id}",
    params(("id" = TicketId, Path, description = "The ticket's id, from the answer to the submission")),
    responses(
        (status = 200, description = "The ticket.", body = TicketPage),
        (status = 404, description = "There is no such ticket."),
    ),
)]
async fn get_ticket(id: Path<String>, shared: Data<Shared>) -> Result<HttpResponse, Problem> {
    let id = TicketId(path_id::parse(&id).ok_or_else(Problem::no_ticket)?);
    let ticket = look_up(&shared, move |views| views.ticket(id)).await?;
    let ticket = ticket.ok_or_else(Problem::no_ticket)?;
    Ok(HttpResponse::Ok().json(TicketPage::from(ticket)))
}

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
        (status = 404, description = "There is no such ticket."),
        (status = 409, description = "The ticket is closed and takes no more messages."),
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
    let body = body::read(request.headers(), body, shared.body_within, Wanted::Json).await?;
    let key = idempotency_key(request.headers());
    let parse = |ids: FreshIds| web_form::follow_up(&body, key.as_deref(), ticket, ids.message);
    match store_submission(&shared, parse).await? {
        Stored::Accepted(receipt) => Ok(HttpResponse::Created()
            .json(FollowUpReceipt { message_id: receipt.message, status: receipt.status })),
        Stored::Conflict => Err(key_reused()),
        Stored::NoTicket => Err(Problem::no_ticket()),
        Stored::TicketFull => Err(Problem::ticket_full()),
        Stored::TicketClosed => Err(Problem::new(
            StatusCode::CONFLICT,
            "This ticket is closed and takes no more messages; please submit a new request.",
        )),
    }
}
