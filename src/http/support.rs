//! What customers use: submit a request, look at its ticket, write more to it.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap, HeaderValue};
use actix_web::web::{Data, Path, Payload};
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use uuid::Uuid;

use super::Shared;
use super::asking::{look_up, store};
use super::body::{self, Wanted};
use super::problem::Problem;
use crate::actors::messages::Read;
use crate::channels::port::{FieldError, fresh_ids};
use crate::channels::web_form::{self, IDEMPOTENCY_KEY};
use crate::clock;
use crate::domain::enums::TicketStatus;
use crate::domain::ids::{MessageId, TicketId};
use crate::domain::inquiry::{Receipt, Stored};

/// Answers come within seconds; the promise leaves room for a busy hour.
const RESPONSE_TIME: &str = "Usually within 5 minutes";

#[derive(Serialize)]
struct Submitted {
    ticket_id: TicketId,
    ticket_number: String,
    status: TicketStatus,
    message: &'static str,
    estimated_response_time: &'static str,
}

#[derive(Serialize)]
struct FollowedUp {
    message_id: MessageId,
    status: TicketStatus,
}

pub async fn submit(
    request: HttpRequest,
    body: Payload,
    shared: Data<Shared>,
) -> Result<HttpResponse, Problem> {
    admit(&request, &shared)?;
    let body = body::read(request.headers(), body, shared.body_within, Wanted::Json).await?;
    let key = idempotency_key(request.headers());
    let ids = fresh_ids();
    match store(&shared.wires.intake, || web_form::submission(&body, key.as_deref(), ids)).await? {
        Stored::Accepted(receipt) => Ok(submitted(&receipt)),
        Stored::Conflict => Err(key_reused()),
        Stored::NoTicket | Stored::TicketClosed => {
            Err(Problem::internal("a submission was taken for a follow-up"))
        }
    }
}

pub async fn follow_up(
    request: HttpRequest,
    id: Path<String>,
    body: Payload,
    shared: Data<Shared>,
) -> Result<HttpResponse, Problem> {
    let ticket = TicketId(uuid(&id).ok_or_else(Problem::no_ticket)?);
    let body = body::read(request.headers(), body, shared.body_within, Wanted::Json).await?;
    let key = idempotency_key(request.headers());
    let message = clock::new_v7().into();
    match store(&shared.wires.intake, || web_form::follow_up(&body, key.as_deref(), ticket, message)).await? {
        Stored::Accepted(receipt) => {
            Ok(HttpResponse::Created()
                .json(FollowedUp { message_id: receipt.message, status: receipt.status }))
        }
        Stored::Conflict => Err(key_reused()),
        Stored::NoTicket => Err(Problem::no_ticket()),
        Stored::TicketClosed => Err(Problem::new(
            StatusCode::CONFLICT,
            "This ticket is closed and takes no more messages; please submit a new request.",
        )),
    }
}

pub async fn ticket(id: Path<String>, shared: Data<Shared>) -> Result<HttpResponse, Problem> {
    let id = TicketId(uuid(&id).ok_or_else(Problem::no_ticket)?);
    let ticket = look_up(&shared, |reply| Read::Ticket(id, reply)).await?;
    let ticket = ticket.ok_or_else(Problem::no_ticket)?;
    Ok(HttpResponse::Ok().json(ticket))
}

/// An id in its usual form of 36 characters; one ticket has one address.
pub fn uuid(text: &str) -> Option<Uuid> {
    Uuid::try_parse(text).ok().filter(|_| text.len() == uuid::fmt::Hyphenated::LENGTH)
}

fn admit(request: &HttpRequest, shared: &Shared) -> Result<(), Problem> {
    let Some(limiter) = &shared.submit_limiter else {
        return Ok(());
    };
    let Some(client) = shared.trusted_proxies.client(request) else {
        return Ok(());
    };
    limiter.admit(client, clock::monotonic()).map_err(Problem::too_many)
}

/// The header's bytes; two headers are joined by a comma and a space (RFC 9110, 5.2), which no key may contain.
fn idempotency_key(headers: &HeaderMap) -> Option<Vec<u8>> {
    let mut keys = headers.get_all(IDEMPOTENCY_KEY).map(HeaderValue::as_bytes);
    let first = keys.next()?.to_vec();
    Some(keys.fold(first, |joined, key| [&joined, &b", "[..], key].concat()))
}

/// The same for the first try and for each repetition, whatever became of the ticket meanwhile.
fn submitted(receipt: &Receipt) -> HttpResponse {
    HttpResponse::Created()
        .insert_header((header::LOCATION, format!("/support/ticket/{}", receipt.ticket)))
        .json(Submitted {
            ticket_id: receipt.ticket,
            ticket_number: receipt.ticket_number.to_string(),
            status: TicketStatus::Open,
            message: "Thank you. We have received your request and will answer it on the ticket's page.",
            estimated_response_time: RESPONSE_TIME,
        })
}

fn key_reused() -> Problem {
    let message = "was used before, for another request";
    Problem::invalid(vec![FieldError::new(IDEMPOTENCY_KEY, message)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_one_form() {
        let id = Uuid::from_u128(7);
        assert_eq!(uuid(&id.to_string()), Some(id));
        let others = [
            id.simple().to_string(),
            id.urn().to_string(),
            id.braced().to_string(),
            String::new(),
            "7".to_owned(),
            "x".repeat(36),
        ];
        for text in others {
            assert_eq!(uuid(&text), None, "{text}");
        }
    }
}
