//! What Twilio calls. The signature comes first, on everything that was sent and on the public address.

use std::time::Duration;

use actix_web::http::header::{self, HeaderMap};
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};

use super::Shared;
use super::asking::store;
use super::body::{self, Wanted};
use super::problem::Problem;
use crate::actors::ask::ask;
use crate::actors::messages::RecordStatus;
use crate::channels::port::fresh_ids;
use crate::channels::whatsapp::{self, Form, SIGNATURE, Verifier};
use crate::domain::delivery::Known;
use crate::domain::enums::Channel;
use crate::domain::inquiry::Stored;

/// How long Twilio waits for the commit of a report; it gives up after 15 s.
const RECORDED_TIMEOUT: Duration = Duration::from_secs(10);
/// An answer in which nothing is said: replies go out by the API.
const NOTHING_TO_SAY: &str = r#"<?xml version="1.0" encoding="UTF-8"?><Response/>"#;

/// How Twilio's requests are known.
#[derive(Clone, Debug)]
pub struct Webhooks {
    pub verifier: Verifier,
    /// The URL that Twilio reaches us by, without a trailing slash: what it signs, whatever proxies make of it.
    pub public_url: String,
}

/// A customer's message. A repetition gets the same answer, and nothing happens.
pub async fn message(
    request: HttpRequest,
    body: Payload,
    shared: Data<Shared>,
) -> Result<HttpResponse, Problem> {
    let form = signed_form(&request, body, &shared).await?;
    let ids = fresh_ids();
    let Some(intake) = shared.wires.intake_of(Channel::Whatsapp) else {
        return Err(Problem::switched_off());
    };
    match store(intake, || whatsapp::inbound(&form, ids)).await? {
        // The id was taken in before, be it with other words: it is the same message to Twilio.
        Stored::Accepted(_) | Stored::Conflict => {
            Ok(HttpResponse::Ok().insert_header((header::CONTENT_TYPE, "text/xml")).body(NOTHING_TO_SAY))
        }
        Stored::NoTicket | Stored::TicketClosed => {
            Err(Problem::internal("a chat message was taken for a follow-up"))
        }
    }
}

/// What became of a message of ours. A report may come in any order and any number of times.
pub async fn status(
    request: HttpRequest,
    body: Payload,
    shared: Data<Shared>,
) -> Result<HttpResponse, Problem> {
    let form = signed_form(&request, body, &shared).await?;
    let update = whatsapp::status(&form, request.query_string())?;
    let report = |reply| RecordStatus { update: update.clone(), reply };
    match ask(&shared.wires.statuses, RECORDED_TIMEOUT, report).await? {
        Known::Yes => {}
        Known::No if update.delivery.is_some() => {
            tracing::warn!(delivery = ?update.delivery, "a report on a delivery that the records do not have");
        }
        Known::No => tracing::debug!(sid = update.provider_id, "a report on a message that is not ours"),
    }
    Ok(HttpResponse::NoContent().finish())
}

/// The form of a request that Twilio has signed.
async fn signed_form(request: &HttpRequest, body: Payload, shared: &Shared) -> Result<Form, Problem> {
    let webhooks = shared.whatsapp.as_ref().ok_or_else(Problem::switched_off)?;
    let Some(signature) = signature(request.headers()) else {
        return Err(Problem::forbidden());
    };
    let body = body::read(request.headers(), body, shared.body_within, Wanted::Form).await?;
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    let url = format!("{}{path}", webhooks.public_url);
    if body::is_json(request.headers()) {
        if !webhooks.verifier.knows_body(&url, &body, Some(signature)) {
            return Err(Problem::forbidden());
        }
        return Form::from_json(&body).ok_or_else(|| Problem::malformed("an object is expected"));
    }
    let form = Form::decode(&body);
    if webhooks.verifier.knows_form(&url, &form, Some(signature)) {
        Ok(form)
    } else {
        Err(Problem::forbidden())
    }
}

/// The one signature of a request; several are as good as none.
fn signature(headers: &HeaderMap) -> Option<&str> {
    let mut signatures = headers.get_all(SIGNATURE);
    let first = signatures.next()?;
    if signatures.next().is_some() {
        return None;
    }
    first.to_str().ok()
}
