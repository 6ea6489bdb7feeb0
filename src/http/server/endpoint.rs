//! Endpoint registry: each endpoint is one operation of the API, with its OpenAPI description, the access that it
//! requires and its handler. The router and the OpenAPI document are both built from them, so they always list the same
//! routes.

use actix_web::body::BoxBody;
use actix_web::dev::ServiceRequest;
use actix_web::guard::{Any, Get, Head};
use actix_web::http::Method;
use actix_web::middleware::{Next, from_fn};
use actix_web::{FromRequest, Handler, Responder, Route, web};
use utoipa::__dev::SchemaReferences;
use utoipa::Path;
use utoipa::openapi::path::{HttpMethod, Operation};
use utoipa::openapi::{RefOr, Schema};

use super::auth::{self, Required};
use super::principal::AccessScope;

/// Access level of an endpoint. There is no default: each endpoint declares it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// No authentication. It returns only data of an unguessable id in the request.
    Public,
    /// A provider whose signature the handler verifies.
    Signed,
    /// A provider whose OIDC token the handler verifies.
    Pushed,
    /// A principal with the scope.
    Scope(AccessScope),
    /// A principal with one of two scopes.
    Either(AccessScope, AccessScope),
    /// A member of staff who has signed in.
    Session,
    /// A program with a token that the MCP server is open to.
    Program,
}

/// One operation: a path template and a method.
pub struct Endpoint {
    pub path: String,
    pub method: HttpMethod,
    pub access: Access,
    pub description: Description,
    route: Box<dyn Fn() -> Route + Send + Sync>,
}

/// The OpenAPI description of an endpoint.
pub struct Description {
    pub operation: Operation,
    /// The schemas that it refers to, by name.
    pub schemas: Vec<(String, RefOr<Schema>)>,
    /// The path of the handler in the code.
    #[cfg(test)]
    pub handler: &'static str,
}

impl Endpoint {
    /// `path` is the type that `#[utoipa::path]` generates for `handler`: `__path_` and its name.
    pub fn new<P, H, Args>(access: Access, _path: P, handler: H) -> Self
    where
        P: Path + SchemaReferences,
        H: Handler<Args, Output: Responder> + Send + Sync,
        Args: FromRequest + 'static,
    {
        let mut schemas = Vec::new();
        P::schemas(&mut schemas);
        let method = P::methods().into_iter().next().unwrap_or(HttpMethod::Get);
        let description = Description {
            operation: P::operation(),
            schemas,
            #[cfg(test)]
            handler: std::any::type_name::<H>(),
        };
        let guarded = method.clone();
        let route = move || protected(access, on(&guarded).to(handler.clone()));
        Self { path: P::path(), method, access, description, route: Box::new(route) }
    }

    /// The route for one worker's router.
    pub fn route(&self) -> Route {
        (self.route)()
    }

    /// The allowed methods.
    pub fn allowed(&self) -> &'static str {
        match self.method {
            HttpMethod::Get => "GET, HEAD",
            HttpMethod::Post => "POST",
            HttpMethod::Put => "PUT",
            HttpMethod::Delete => "DELETE",
            HttpMethod::Options => "OPTIONS",
            HttpMethod::Head => "HEAD",
            HttpMethod::Patch => "PATCH",
            HttpMethod::Trace => "TRACE",
        }
    }
}

/// GET implies HEAD (RFC 9110, 9.1); the server omits the body of an answer to HEAD.
fn on(method: &HttpMethod) -> Route {
    match method {
        HttpMethod::Get => web::route().guard(Any(Get()).or(Head())),
        HttpMethod::Post => web::post(),
        HttpMethod::Put => web::put(),
        HttpMethod::Delete => web::delete(),
        HttpMethod::Options => web::method(Method::OPTIONS),
        HttpMethod::Head => web::head(),
        HttpMethod::Patch => web::patch(),
        HttpMethod::Trace => web::trace(),
    }
}

fn protected(access: Access, route: Route) -> Route {
    match access {
        Access::Public | Access::Signed | Access::Pushed => route,
        Access::Scope(scope) => guarded(Required::Scope(scope), route),
        Access::Either(one, other) => guarded(Required::Either(one, other), route),
        Access::Session => guarded(Required::Session, route),
        Access::Program => guarded(Required::Program, route),
    }
}

fn guarded(required: Required, route: Route) -> Route {
    route.wrap(from_fn(move |request: ServiceRequest, next: Next<BoxBody>| {
        auth::require(required, request, next)
    }))
}
