//! Handlers of what an account signs in with: change the password; show a secret of two-factor authentication, turn it on
//! with its first code, turn it off.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Payload, ReqData};
use actix_web::{HttpRequest, HttpResponse};

use super::session_forms;
use super::sessions::{address, empty_body, signed_out};
use crate::actors::messages::{ChangeCredentials, CredentialChange, OfferTotp, ProofAnswer};
use crate::domain::validation::{FieldError, InvalidForm};
use crate::http::api::sessions::{PasswordChange, TotpProof, TotpRequest, TotpSecret, TotpStatus};
use crate::http::server::ask::{ask_once, call};
use crate::http::server::auth::SignedIn;
use crate::http::server::body;
use crate::http::server::endpoint::{Access, Endpoint};
use crate::http::server::problem::Problem;
use crate::http::server::state::Shared;

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::new(Access::Session, __path_put_password, put_password),
        Endpoint::new(Access::Session, __path_get_totp, get_totp),
        Endpoint::new(Access::Session, __path_post_totp, post_totp),
        Endpoint::new(Access::Session, __path_put_totp, put_totp),
        Endpoint::new(Access::Session, __path_delete_totp, delete_totp),
    ]
}

/// Changes the password.
///
/// Every session of the account ends, this one too.
#[utoipa::path(
    put,
    path = "/staff/password",
    request_body = PasswordChange,
    responses(
        (status = 204, description = "The password is changed; sign in again."),
        (status = 422, description = "The new password does not do, or the current one is wrong."),
        (status = 429, description = "Too many attempts have failed; see `Retry-After`."),
    ),
)]
async fn put_password(
    request: HttpRequest,
    signed_in: ReqData<SignedIn>,
    body: Payload,
    shared: Data<Shared>,
) -> Result<HttpResponse, Problem> {
    change(&request, &signed_in, body, &shared, session_forms::new_password).await?;
    Ok(signed_out(&shared))
}

/// Shows whether two-factor authentication is on.
#[utoipa::path(
    get,
    path = "/staff/totp",
    responses((status = 200, description = "Whether it is on.", body = TotpStatus)),
)]
async fn get_totp(signed_in: ReqData<SignedIn>, shared: Data<Shared>) -> Result<HttpResponse, Problem> {
    let staff = signed_in.member.id;
    let state = call(&shared.wires.accounts, move |accounts| accounts.totp_state(staff)).await?;
    Ok(HttpResponse::Ok().json(TotpStatus::from(state)))
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
    change(&request, &signed_in, body, &shared, session_forms::totp_on).await?;
    Ok(HttpResponse::NoContent().finish())
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
    change(&request, &signed_in, body, &shared, session_forms::totp_off).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Makes the change that the body asks for, or refuses the request by the field of its proof.
async fn change(
    request: &HttpRequest,
    signed_in: &SignedIn,
    body: Payload,
    shared: &Shared,
    parse: fn(&[u8]) -> Result<CredentialChange, InvalidForm>,
) -> Result<(), Problem> {
    let change = parse(&body::read_json(request, body, shared).await?)?;
    let wrong = match &change {
        CredentialChange::Password { .. } => FieldError::new("current", "is not the current password"),
        CredentialChange::TotpOn { .. } | CredentialChange::TotpOff { .. } => {
            FieldError::new("code", "is not valid")
        }
    };
    let (staff, address) = (signed_in.member.id, address(request, shared));
    let order = |reply| ChangeCredentials { staff, change, address, reply };
    match ask_once(&shared.wires.change_credentials, order).await? {
        ProofAnswer::Changed => Ok(()),
        ProofAnswer::Refused => Err(Problem::invalid(vec![wrong])),
        ProofAnswer::Throttled(wait) => Err(Problem::throttled(wait)),
    }
}
