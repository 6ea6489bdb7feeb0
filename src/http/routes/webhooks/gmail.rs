//! Webhook handler of Gmail's pushes through Google Pub/Sub. The token is verified before the body is read; a push is
//! acknowledged once it is stored, and only wakes the mailbox's feed.

use actix_web::http::header::{self, HeaderMap};
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};

use crate::channels::port::PushRefusal;
use crate::domain::enums::Channel;
use crate::http::server::body;
use crate::http::server::endpoint::{Access, Endpoint};
use crate::http::server::problem::Problem;
use crate::http::server::state::Shared;

pub fn endpoints() -> Vec<Endpoint> {
    vec![Endpoint::new(Access::Pushed, __path_receive_gmail, receive_gmail)]
}

/// Takes a push of Google Pub/Sub about a mailbox.
///
/// Pushes may be dropped, doubled and delayed: a repetition gets the same answer.
#[utoipa::path(
    post,
    path = "/webhooks/gmail",
    request_body(content((Object = "application/json")), description = "A message as Pub/Sub pushes it"),
    responses(
        (status = 204, description = "The push is stored."),
        (status = 400, description = "The body is no push about a mailbox."),
        (status = 401, description = "The token is missing, forged, expired, or of somebody else."),
    ),
)]
async fn receive_gmail(
    request: HttpRequest,
    body: Payload,
    shared: Data<Shared>,
) -> Result<HttpResponse, Problem> {
    let pushes = shared.pushes.as_ref().ok_or_else(Problem::switched_off)?;
    match pushes.receiver.verify(bearer(request.headers())).await {
        Ok(()) => {}
        Err(PushRefusal::Forged(why)) => {
            tracing::warn!(why, "refused a push about a mailbox");
            return Err(Problem::unauthorized());
        }
        Err(error @ PushRefusal::Unavailable(_)) => {
            tracing::warn!(%error, "could not check a push about a mailbox");
            return Err(Problem::unavailable());
        }
    }
    let body = body::read_json(&request, body, &shared).await?;
    let notice = pushes.receiver.read(&body).ok_or_else(|| Problem::malformed("no push about a mailbox"))?;
    let (account, position) = (notice.mailbox.to_string(), notice.position.clone());
    pushes.feeds.call(move |feeds| feeds.write_notice(Channel::Email, account, position)).await?;
    if !pushes.receiver.announce(&notice) {
        tracing::warn!("a push is about a mailbox that is not configured");
    }
    Ok(HttpResponse::NoContent().finish())
}

/// The token of a request; several headers count as none.
fn bearer(headers: &HeaderMap) -> Option<String> {
    let mut headers = headers.get_all(header::AUTHORIZATION);
    let first = headers.next()?.to_str().ok()?;
    let (scheme, token) = first.split_once(' ')?;
    (headers.next().is_none() && scheme.eq_ignore_ascii_case("bearer")).then(|| token.trim().to_owned())
}
