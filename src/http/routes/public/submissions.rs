//! Handler of the web form's submissions.

use actix_web::http::header;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};

use super::identity::identity_of;
use crate::channels::web_form;
use crate::domain::enums::TicketStatus;
use crate::domain::messages::inquiry::{Receipt, Stored};
use crate::domain::wording::texts::{TextKey, Texts};
use crate::http::api::submissions::{SubmissionReceipt, SubmissionRequest};
use crate::http::server::ask::store_submission;
use crate::http::server::body;
use crate::http::server::endpoint::{Access, Endpoint};
use crate::http::server::idempotency::{idempotency_key, key_reused};
use crate::http::server::problem::Problem;
use crate::http::server::rate_limits::admit_submission;
use crate::http::server::state::Shared;

pub fn endpoints() -> Vec<Endpoint> {
    vec![Endpoint::new(Access::Public, __path_submit, submit)]
}

/// Submits a request for support.
///
/// Opens a ticket. With an `Idempotency-Key`, a repetition gets the same answer and opens no second ticket.
#[utoipa::path(
    post,
    path = "/support/submit",
    request_body = SubmissionRequest,
    params(("Idempotency-Key" = Option<String>, Header,
        description = "1 to 255 visible ASCII characters; scoped to the e-mail address", max_length = 255)),
    responses(
        (status = 201, description = "The request is stored.", body = SubmissionReceipt,
            headers(("Location" = String, description = "The path of the ticket"))),
        (status = 429, description = "Too many submissions from this address; see `Retry-After`."),
    ),
)]
async fn submit(request: HttpRequest, body: Payload, shared: Data<Shared>) -> Result<HttpResponse, Problem> {
    admit_submission(shared.rates.as_ref(), shared.trusted_proxies.client(&request))?;
    let body = body::read_json(&request, body, &shared).await?;
    let key = idempotency_key(request.headers());
    let identity = identity_of(&request, &shared).await?;
    let parse = |ids| {
        web_form::submission(&body, key.as_deref(), ids)
            .map(|inquiry| inquiry.proved_by(identity.as_ref().map(|identity| &identity.email)))
    };
    match store_submission(&shared, parse).await? {
        Stored::Accepted(receipt) => Ok(submitted(&receipt, &shared.texts)),
        Stored::Conflict => Err(key_reused()),
        Stored::NoTicket | Stored::TicketClosed | Stored::TicketFull => {
            Err(Problem::internal("a submission was taken for a follow-up"))
        }
    }
}

/// The same for the first request and for each retry, even if the ticket has changed meanwhile.
fn submitted(receipt: &Receipt, texts: &Texts) -> HttpResponse {
    HttpResponse::Created()
        .insert_header((header::LOCATION, format!("/support/ticket/{}", receipt.ticket)))
        .json(SubmissionReceipt {
            ticket_id: receipt.ticket,
            ticket_number: receipt.ticket_number.to_string(),
            status: TicketStatus::Open,
            message: texts.get(TextKey::SubmissionReceived, None).to_owned(),
            estimated_response_time: texts.get(TextKey::SubmissionAnswerTime, None).to_owned(),
        })
}
