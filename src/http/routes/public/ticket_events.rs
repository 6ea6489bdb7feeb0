//! Handler of a ticket's event stream: tells an open page what has changed, so that it reads that again.

use actix_web::web::{Bytes, Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::ticket_requests::{shown_ticket, until_hidden};
use crate::actors::messages::{Follow, Following};
use crate::domain::conversations::live::{ChangeBatch, ChangeKind, EventPosition};
use crate::domain::ids::TicketId;
use crate::http::api::tickets::{MessageChange, StatusChange};
use crate::http::server::ask::ask_actor;
use crate::http::server::customer_cookie;
use crate::http::server::endpoint::{Access, Endpoint};
use crate::http::server::problem::Problem;
use crate::http::server::rate_limit::owner;
use crate::http::server::sse::{self, Frames};
use crate::http::server::state::Shared;

pub fn endpoints() -> Vec<Endpoint> {
    vec![Endpoint::new(Access::Public, __path_get_ticket_events, get_ticket_events)]
}

/// Streams the changes of a ticket.
///
/// Server-sent events. `hello {}` comes first; what is read after it misses nothing. Then `message {message_id,
/// delivery_status}` and `ticket {status, updated_at}`, each within a second; an event may be repeated. A client that comes
/// back with `Last-Event-ID` within 24 hours gets what it has missed, later `reset {}`: it must read the ticket again. The
/// stream ends within a minute after the page of the ticket can no longer be seen.
#[utoipa::path(
    get,
    path = "/support/ticket/{id}/events",
    params(
        ("id" = TicketId, Path, description = "The ticket's id, from the answer to the submission"),
        ("Last-Event-ID" = Option<String>, Header, description = "The id of the last event that was received"),
    ),
    responses(
        (status = 200, description = "The events.", content_type = "text/event-stream", body = String),
        (status = 403, description = "The ticket opens to its proved customer alone (`proof_required`)."),
        (status = 404, description = "There is no such ticket, or its page has expired (`ticket_expired`)."),
        (status = 429, description = "More than 20 streams from this address; see `Retry-After`."),
    ),
)]
async fn get_ticket_events(
    request: HttpRequest,
    id: Path<String>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Problem> {
    let ticket = shown_ticket(&request, &id, &shared).await?;
    let address = owner(shared.client(&request));
    let permit = shared.streams.admit(address).ok_or_else(Problem::too_many_streams)?;
    let last = sse::last_event_id(request.headers());
    let since = last.as_deref().and_then(EventPosition::parse);
    let follow = |reply| Follow { ticket, since: since.clone(), reply };
    let Following { first, later } = ask_actor(&shared.wires.follow, follow).await?;
    let first = sse::first_frames(&first, last.is_some(), change_frames);
    let viewer = customer_cookie::session(shared.cookie, request.headers());
    let ends = until_hidden(shared, ticket, viewer);
    Ok(sse::respond(first, later, |batch| change_frames(&batch), permit, ends))
}

fn change_frames(batch: &ChangeBatch) -> Bytes {
    let mut frames = Frames::default();
    for change in &batch.changes {
        match change.kind {
            ChangeKind::Message { id, delivery_status } => {
                frames.event("message", &MessageChange { message_id: id, delivery_status });
            }
            ChangeKind::Ticket { status, updated_at } => {
                frames.event("ticket", &StatusChange { status, updated_at });
            }
        }
    }
    frames.with_id(&batch.position.to_string())
}
