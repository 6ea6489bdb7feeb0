//! Authentication middleware: resolves the bearer token (RFC 6750) or the session cookie of a request to a [`Principal`],
//! and refuses the request if the principal lacks what the endpoint requires. Whatever fails on the way refuses it too.

use std::time::Duration;

use actix_web::body::BoxBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderMap};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, web};

use super::ask::call;
use super::principal::{AccessScope, Principal, PrincipalKind};
use super::problem::Problem;
use super::session_cookie::{digest, has_csrf_token};
use super::state::Shared;
use super::token::bearer_token;
use crate::domain::accounts::{StaffMember, StoredCredential};

/// A stream must end within 60 s of its session; two checks that time out take twice this and 10 s.
const RECHECK_EVERY: Duration = Duration::from_secs(10);

/// What an endpoint requires of its caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Required {
    Scope(AccessScope),
    /// One of two scopes.
    Either(AccessScope, AccessScope),
    /// A member of staff who has signed in, not a program.
    Session,
    /// A program that the MCP server is open to. A browser's cookie does not do, because pages of others could use it.
    Program,
}

/// Who has signed in, for the endpoints of sessions themselves.
#[derive(Clone, Debug)]
pub struct SignedIn {
    pub member: StaffMember,
    /// The value of the cookie.
    pub session: String,
}

/// What a request has authenticated with, for responses that outlive the moment of the check.
#[derive(Clone, Copy, Debug)]
pub enum PresentedCredential {
    /// FTE_API_TOKEN, by its digest; it holds until its replacement is the only one that is accepted.
    Own([u8; 32]),
    Stored(StoredCredential),
}

/// Ends when the credential holds no more: its session is over, its token is revoked or replaced, or its account is
/// disabled.
pub async fn until_worthless(shared: web::Data<Shared>, credential: PresentedCredential) {
    let holds = async || match credential {
        PresentedCredential::Own(digest) => Ok(is_own(&shared, &digest)),
        PresentedCredential::Stored(credential) => {
            call(&shared.wires.accounts, move |accounts| accounts.still_holds(credential)).await
        }
    };
    until_refused(holds).await;
}

fn is_own(shared: &Shared, digest: &[u8; 32]) -> bool {
    shared.token.as_ref().is_some_and(|own| own.has_digest(digest))
}

/// Ends when the right to a stream does. A check that fails is made again; after the second failure in a row, the right
/// counts as lost.
pub async fn until_refused(holds: impl AsyncFn() -> Result<bool, Problem>) {
    let mut failures = 0;
    while failures < 2 {
        tokio::time::sleep(RECHECK_EVERY).await;
        match holds().await {
            Ok(true) => failures = 0,
            Ok(false) => return,
            Err(_) => failures += 1,
        }
    }
}

/// Passes a request on to its handler only with a principal that has what is required, and stores the principal in the
/// request's extensions. A refusal is a response, not an error, so that it gets the same headers and metrics as any
/// other.
pub async fn require(
    required: Required,
    request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let Some(shared) = request.app_data::<web::Data<Shared>>().cloned() else {
        return Ok(request.error_response(Problem::unauthorized()));
    };
    let admitted = authenticate(&shared, required, request.method(), request.headers()).await;
    match admitted
        .and_then(|admitted| Ok(Admitted { principal: authorize(admitted.principal, required)?, ..admitted }))
    {
        Ok(Admitted { principal, credential, signed_in }) => {
            request.extensions_mut().insert(principal);
            request.extensions_mut().insert(credential);
            if let Some(signed_in) = signed_in {
                request.extensions_mut().insert(signed_in);
            }
            next.call(request).await
        }
        Err(problem) => Ok(request.error_response(problem)),
    }
}

/// Whoever a request comes from.
struct Admitted {
    principal: Principal,
    credential: PresentedCredential,
    signed_in: Option<SignedIn>,
}

/// A request with an `Authorization` header is judged by that alone.
async fn authenticate(
    shared: &Shared,
    required: Required,
    method: &Method,
    headers: &HeaderMap,
) -> Result<Admitted, Problem> {
    if headers.contains_key(header::AUTHORIZATION) {
        return by_token(shared, headers).await;
    }
    if required == Required::Program {
        return Err(Problem::unauthorized());
    }
    let session = shared.cookie.read(headers).ok_or_else(Problem::unauthorized)?.to_owned();
    let digest = digest(&session);
    let member = call(&shared.wires.accounts, move |accounts| accounts.session(digest)).await?;
    let member = member.ok_or_else(Problem::unauthorized)?;
    if !matches!(*method, Method::GET | Method::HEAD) && !has_csrf_token(headers, &session) {
        return Err(Problem::forged());
    }
    Ok(Admitted {
        principal: Principal::of_session(&member),
        credential: PresentedCredential::Stored(StoredCredential::Session(digest)),
        signed_in: Some(SignedIn { member, session }),
    })
}

async fn by_token(shared: &Shared, headers: &HeaderMap) -> Result<Admitted, Problem> {
    let token = bearer_token(headers).ok_or_else(Problem::unauthorized)?;
    let digest = digest(token);
    if is_own(shared, &digest) {
        return Ok(Admitted {
            principal: Principal::service(),
            credential: PresentedCredential::Own(digest),
            signed_in: None,
        });
    }
    let holder = call(&shared.wires.accounts, move |accounts| accounts.token(digest)).await?;
    Ok(Admitted {
        principal: holder.map(Principal::of_token).ok_or_else(Problem::unauthorized)?,
        credential: PresentedCredential::Stored(StoredCredential::Token(digest)),
        signed_in: None,
    })
}

fn authorize(principal: Principal, required: Required) -> Result<Principal, Problem> {
    match required {
        Required::Scope(scope) if principal.scopes.include(scope) => Ok(principal),
        Required::Either(one, other) if principal.scopes.include(one) || principal.scopes.include(other) => {
            Ok(principal)
        }
        Required::Scope(scope) | Required::Either(scope, _) => Err(Problem::missing_scope(scope)),
        Required::Session => match principal.kind {
            PrincipalKind::Session => Ok(principal),
            PrincipalKind::Service | PrincipalKind::Token => Err(Problem::no_session()),
        },
        Required::Program if principal.caller().is_some() => Ok(principal),
        Required::Program => Err(Problem::missing_scope(AccessScope::Read)),
    }
}

#[cfg(test)]
mod tests {
    use actix_web::ResponseError;
    use actix_web::http::StatusCode;

    use super::*;
    use crate::http::server::principal::Scopes;

    #[test]
    fn a_principal_needs_the_scope_of_the_endpoint() {
        let reader = Principal { scopes: Scopes::new([AccessScope::Read]), ..Principal::service() };
        assert_eq!(authorize(reader.clone(), Required::Scope(AccessScope::Read)), Ok(reader.clone()));
        for scope in [AccessScope::Staff, AccessScope::Ops, AccessScope::Ingest] {
            let refused =
                authorize(reader.clone(), Required::Scope(scope)).map_err(|problem| problem.status_code());
            assert_eq!(refused, Err(StatusCode::FORBIDDEN), "{scope}");
        }
        assert!(authorize(Principal::service(), Required::Session).is_err(), "a program has no session");
        assert!(authorize(Principal::service(), Required::Program).is_ok());
        let operator = Principal { scopes: Scopes::new([AccessScope::Ops]), ..Principal::service() };
        let parked = Required::Either(AccessScope::Staff, AccessScope::Ops);
        assert!(authorize(operator.clone(), parked).is_ok());
        assert!(authorize(reader, parked).is_err());
        assert!(authorize(operator, Required::Program).is_err());
    }
}
