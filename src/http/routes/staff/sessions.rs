//! Handlers of sessions: sign in, see who is signed in, sign out.

use actix_web::http::header;
use actix_web::web::{Data, Payload, ReqData};
use actix_web::{HttpRequest, HttpResponse};
use secrecy::ExposeSecret;

use super::session_forms::{self, LoginForm};
use crate::actors::messages::{LogIn, LogInAnswer};
use crate::channels::web_form::person_wish;
use crate::domain::accounts::StaffMember;
use crate::http::api::sessions::{LoginRequest, SessionInfo};
use crate::http::server::ask::{ask_once, call};
use crate::http::server::auth::SignedIn;
use crate::http::server::body;
use crate::http::server::endpoint::{Access, Endpoint};
use crate::http::server::problem::Problem;
use crate::http::server::rate_limit::owner;
use crate::http::server::session_cookie::{csrf_token, digest};
use crate::http::server::state::Shared;

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::new(Access::Public, __path_post_session, post_session),
        Endpoint::new(Access::Session, __path_get_session, get_session),
        Endpoint::new(Access::Session, __path_delete_session, delete_session),
    ]
}

/// Signs in.
///
/// A wrong password, an unknown address and a disabled account get the same answer. Five failures of one account from one
/// address within 15 minutes, or fifty of either, stop further attempts.
#[utoipa::path(
    post,
    path = "/staff/session",
    request_body = LoginRequest,
    responses(
        (status = 201, description = "A new session; its cookie is set.", body = SessionInfo,
            headers(("Set-Cookie" = String, description = "The session"))),
        (status = 401, description = "Refused; `totp_required` and `totp_invalid` where the password is right."),
        (status = 429, description = "Too many attempts have failed; see `Retry-After`."),
    ),
)]
async fn post_session(
    request: HttpRequest,
    body: Payload,
    shared: Data<Shared>,
) -> Result<HttpResponse, Problem> {
    let body = body::read_json(&request, body, &shared).await?;
    let LoginForm { email, password, code } = session_forms::login(&body)?;
    let address = address(&request, &shared);
    let replaces = shared.cookie.read(request.headers()).map(digest);
    let log_in = |reply| LogIn { email, password, code, address, replaces, reply };
    match ask_once(&shared.wires.log_in, log_in).await? {
        LogInAnswer::Opened { member, session } => {
            let session = session.expose_secret();
            Ok(HttpResponse::Created()
                .insert_header((header::SET_COOKIE, shared.cookie.set(session)))
                .json(session_info(member, session)))
        }
        LogInAnswer::Refused => Err(Problem::refused_login()),
        LogInAnswer::TotpRequired => Err(Problem::second_factor("totp_required")),
        LogInAnswer::TotpInvalid => Err(Problem::second_factor("totp_invalid")),
        LogInAnswer::Throttled(wait) => Err(Problem::throttled(wait)),
    }
}

/// Shows who is signed in.
#[utoipa::path(
    get,
    path = "/staff/session",
    responses((status = 200, description = "The session.", body = SessionInfo)),
)]
async fn get_session(signed_in: ReqData<SignedIn>) -> HttpResponse {
    let SignedIn { member, session } = signed_in.into_inner();
    HttpResponse::Ok().json(session_info(member, &session))
}

/// Signs out.
#[utoipa::path(
    delete,
    path = "/staff/session",
    responses((status = 204, description = "The session has ended.")),
)]
async fn delete_session(signed_in: ReqData<SignedIn>, shared: Data<Shared>) -> Result<HttpResponse, Problem> {
    let SignedIn { member, session } = signed_in.into_inner();
    let digest = digest(&session);
    call(&shared.wires.accounts, move |accounts| accounts.end_session(member.id, digest)).await?;
    Ok(signed_out(&shared))
}

/// The answer to whose session has just ended.
pub(super) fn signed_out(shared: &Shared) -> HttpResponse {
    HttpResponse::NoContent().insert_header((header::SET_COOKIE, shared.cookie.removed())).finish()
}

fn session_info(member: StaffMember, session: &str) -> SessionInfo {
    SessionInfo { staff: member.into(), csrf_token: csrf_token(session) }
}

/// The client's address, as failures are counted by it.
pub(super) fn address(request: &HttpRequest, shared: &Shared) -> String {
    owner(shared.client(request)).to_string()
}

/// Reads a body that must be an empty object.
pub(super) async fn empty_body(request: &HttpRequest, body: Payload, shared: &Shared) -> Result<(), Problem> {
    let body = body::read_json(request, body, shared).await?;
    Ok(person_wish(&body)?)
}
