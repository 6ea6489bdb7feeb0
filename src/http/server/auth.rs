//! Authentication middleware: resolves the bearer token of a request (RFC 6750) to a [`Principal`] and refuses the
//! request if the principal lacks the endpoint's scope.

use actix_web::body::BoxBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::HeaderMap;
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, web};

use super::principal::{AccessScope, Principal};
use super::problem::Problem;
use super::state::Shared;
use super::token::{Token, bearer_token};

/// Passes a request on to its handler only with a principal that has `scope`, and stores the principal in the request's
/// extensions. A refusal is a response, not an error, so that it gets the same headers and metrics as any other.
pub async fn require(
    scope: AccessScope,
    request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let token = request.app_data::<web::Data<Shared>>().and_then(|shared| shared.token.as_ref());
    let principal = authenticate(token, request.headers());
    match principal.ok_or_else(Problem::unauthorized).and_then(|principal| authorize(principal, scope)) {
        Ok(principal) => {
            request.extensions_mut().insert(principal);
            next.call(request).await
        }
        Err(problem) => Ok(request.error_response(problem)),
    }
}

fn authenticate(token: Option<&Token>, headers: &HeaderMap) -> Option<Principal> {
    token?.is(bearer_token(headers)?).then(Principal::service)
}

fn authorize(principal: Principal, scope: AccessScope) -> Result<Principal, Problem> {
    if principal.scopes.include(scope) { Ok(principal) } else { Err(Problem::missing_scope(scope)) }
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
        assert_eq!(authorize(reader.clone(), AccessScope::Read), Ok(reader.clone()));
        for scope in [AccessScope::Staff, AccessScope::Ops, AccessScope::Ingest] {
            let refused = authorize(reader.clone(), scope).map_err(|problem| problem.status_code());
            assert_eq!(refused, Err(StatusCode::FORBIDDEN), "{scope}");
        }
    }
}
