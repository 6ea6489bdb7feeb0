//! Webhook handlers of WhatsApp through Twilio. They verify the signature first, over the whole body and the public URL.

use std::time::Duration;

use actix_web::http::header::{self, HeaderMap};
use actix_web::web::{Data, Payload};
use actix_web::{HttpMessage, HttpRequest, HttpResponse};

use crate::actors::messages::RecordStatus;
use crate::actors::runtime::ask::ask;
use crate::channels::whatsapp::{Form, SIGNATURE, inbound, status};
use crate::domain::enums::Channel;
use crate::domain::messages::delivery::Known;
use crate::domain::messages::inquiry::Stored;
use crate::http::server::ask::store;
use crate::http::server::body::{self, Wanted};
use crate::http::server::endpoint::{Access, Endpoint};
use crate::http::server::problem::Problem;
use crate::http::server::state::Shared;
use crate::http::server::webhook_path::ReceivedPath;

/// Timeout of a report's commit; Twilio gives up after 15 s.
const RECORDED_TIMEOUT: Duration = Duration::from_secs(10);
/// An empty TwiML answer: replies are sent by the API.
const NOTHING_TO_SAY: &str = r#"<?xml version="1.0" encoding="UTF-8"?><Response/>"#;

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::new(Access::Signed, __path_receive_whatsapp, receive_whatsapp),
        Endpoint::new(Access::Signed, __path_receive_whatsapp_status, receive_whatsapp_status),
    ]
}

/// Takes a customer's message from Twilio.
///
/// A repetition gets the same answer, and nothing happens. Unknown form fields are ignored.
#[utoipa::path(
    post,
    path = "/webhooks/whatsapp",
    request_body(content((String = "application/x-www-form-urlencoded"), (Object = "application/json")),
        description = "A message as Twilio posts it"),
    responses(
        (status = 200, description = "The message is stored: an empty TwiML document.", body = String,
            content_type = "text/xml"),
        (status = 403, description = "The signature is missing or wrong."),
    ),
)]
async fn receive_whatsapp(
    request: HttpRequest,
    body: Payload,
    shared: Data<Shared>,
) -> Result<HttpResponse, Problem> {
    let form = signed_form(&request, body, &shared).await?;
    let Some(intake) = shared.wires.intake_of(Channel::Whatsapp) else {
        return Err(Problem::switched_off());
    };
    match store(intake, |ids| inbound(&form, ids)).await? {
        // The id was taken in before, be it with other words: it is the same message to Twilio.
        Stored::Accepted(_) | Stored::Conflict => {
            Ok(HttpResponse::Ok().insert_header((header::CONTENT_TYPE, "text/xml")).body(NOTHING_TO_SAY))
        }
        Stored::NoTicket | Stored::TicketClosed | Stored::TicketFull => {
            Err(Problem::internal("a chat message was taken for a follow-up"))
        }
    }
}

/// Takes a delivery status from Twilio.
///
/// Reports may come in any order and any number of times.
#[utoipa::path(
    post,
    path = "/webhooks/whatsapp/status",
    request_body(content((String = "application/x-www-form-urlencoded"), (Object = "application/json")),
        description = "A status callback as Twilio posts it"),
    params(("delivery" = Option<uuid::Uuid>, Query, description = "The delivery that the message belongs to")),
    responses(
        (status = 204, description = "The status is recorded."),
        (status = 403, description = "The signature is missing or wrong."),
    ),
)]
async fn receive_whatsapp_status(
    request: HttpRequest,
    body: Payload,
    shared: Data<Shared>,
) -> Result<HttpResponse, Problem> {
    let form = signed_form(&request, body, &shared).await?;
    let update = status(&form, request.query_string())?;
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

/// The form of a request whose signature is valid.
async fn signed_form(request: &HttpRequest, body: Payload, shared: &Shared) -> Result<Form, Problem> {
    let webhooks = shared.webhooks_of(Channel::Whatsapp).ok_or_else(Problem::switched_off)?;
    let Some(signature) = signature(request.headers()) else {
        return Err(Problem::forbidden());
    };
    let body = body::read(request, body, shared, Wanted::Form).await?;
    let urls = signed_urls(request, &webhooks.public_url);
    if body::is_json(request.headers()) {
        if !urls.iter().any(|url| webhooks.verifier.knows_body(url, &body, Some(signature))) {
            return Err(Problem::forbidden());
        }
        return Form::from_json(&body).ok_or_else(|| Problem::malformed("an object is expected"));
    }
    let form = Form::decode(&body);
    let forms: Vec<Form> = form.with_plus().into_iter().chain([form]).collect();
    let knows = |form: &Form| urls.iter().any(|url| webhooks.verifier.knows_form(url, form, Some(signature)));
    forms.into_iter().find(knows).ok_or_else(Problem::forbidden)
}

/// The URLs that Twilio may have signed: as the request names it, and as proxies may have changed it, with or without a
/// second slash before the path and one at its end.
fn signed_urls(request: &HttpRequest, public_url: &str) -> Vec<String> {
    let query = request.uri().query().map_or(String::new(), |query| format!("?{query}"));
    let path = request.path();
    let received = request.extensions().get::<ReceivedPath>().map(|received| received.0.clone());
    let paths = [format!("/{path}"), format!("{path}/"), format!("/{path}/")];
    let paths = [path.to_owned()].into_iter().chain(received).chain(paths);
    paths.map(|path| format!("{public_url}{path}{query}")).collect()
}

/// The signature of a request; several headers count as none.
fn signature(headers: &HeaderMap) -> Option<&str> {
    let mut signatures = headers.get_all(SIGNATURE);
    let first = signatures.next()?;
    if signatures.next().is_some() {
        return None;
    }
    first.to_str().ok()
}
