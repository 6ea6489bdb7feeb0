//! Handlers of two-factor authentication: show a secret, turn it on with its first code, turn it off.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Payload, ReqData};
use actix_web::{HttpRequest, HttpResponse};

use super::session_forms;
use super::sessions::{address, empty_body, proven};
use crate::actors::messages::{OfferTotp, SwitchTotp, TotpSwitch};
use crate::domain::validation::FieldError;
use crate::http::api::sessions::{TotpProof, TotpRequest, TotpSecret};
use crate::http::server::ask::ask_once;
use crate::http::server::auth::SignedIn;
use crate::http::server::body;
use crate::http::server::endpoint::{Access, Endpoint};
use crate::http::server::problem::Problem;
use crate::http::server::state::Shared;

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::new(Access::Session, __path_post_totp, post_totp),
        Endpoint::new(Access::Session, __path_put_totp, put_totp),
        Endpoint::new(Access::Session, __path_delete_totp, delete_totp),
    ]
}

/// Makes a secret for two-factor authentication.
///
/// It is on only after the first code. The answer is shown once.
#[utoipa::path(
    post,
    path = "/staff/totp",
    request_body = TotpRequest,
    responses(
        (status = 201, description = "The secret and the recovery codes.", body = TotpSecret),
        (status = 409, description = "Two-factor authentication is on (`totp_on`)."),
    ),
)]
async fn post_totp(
    request: HttpRequest,
    signed_in: ReqData<SignedIn>,
    body: Payload,
    shared: Data<Shared>,
) -> Result<HttpResponse, Problem> {
    empty_body(&request, body, &shared).await?;
    let member = &signed_in.member;
    let offer = |reply| OfferTotp { staff: member.id, email: member.email.clone(), reply };
    let shown = ask_once(&shared.wires.offer_totp, offer).await?;
    Ok(HttpResponse::Created().json(TotpSecret::from(shown.ok_or_else(totp_on)?)))
}

fn totp_on() -> Problem {
    let detail = "Two-factor authentication is on; turn it off first.";
    Problem::coded(StatusCode::CONFLICT, "totp_on", detail)
}

/// Turns two-factor authentication on.
#[utoipa::path(
    put,
    path = "/staff/totp",
    request_body = TotpProof,
    responses(
        (status = 204, description = "It is on."),
        (status = 422, description = "The code is wrong, or no secret waits for one."),
        (status = 429, description = "Too many attempts have failed; see `Retry-After`."),
    ),
)]
async fn put_totp(
    request: HttpRequest,
    signed_in: ReqData<SignedIn>,
    body: Payload,
    shared: Data<Shared>,
) -> Result<HttpResponse, Problem> {
    switch(&request, &signed_in, body, &shared, TotpSwitch::On).await
}

/// Turns two-factor authentication off.
#[utoipa::path(
    delete,
    path = "/staff/totp",
    request_body = TotpProof,
    responses(
        (status = 204, description = "It is off."),
        (status = 422, description = "The code is wrong, or it is off."),
        (status = 429, description = "Too many attempts have failed; see `Retry-After`."),
    ),
)]
async fn delete_totp(
    request: HttpRequest,
    signed_in: ReqData<SignedIn>,
    body: Payload,
    shared: Data<Shared>,
) -> Result<HttpResponse, Problem> {
    switch(&request, &signed_in, body, &shared, TotpSwitch::Off).await
}

async fn switch(
    request: &HttpRequest,
    signed_in: &SignedIn,
    body: Payload,
    shared: &Shared,
    to: TotpSwitch,
) -> Result<HttpResponse, Problem> {
    let body = body::read_json(request, body, shared).await?;
    let code = session_forms::code(&body)?;
    let (staff, address) = (signed_in.member.id, address(request, shared));
    let order = |reply| SwitchTotp { staff, code, to, address, reply };
    let answer = ask_once(&shared.wires.switch_totp, order).await?;
    proven(answer, FieldError::new("code", "is not valid"))?;
    Ok(HttpResponse::NoContent().finish())
}
