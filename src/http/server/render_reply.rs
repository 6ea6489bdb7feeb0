//! Response middleware: adds security headers to every reply, writes problem documents, catches panics, records metrics
//! and logs. Ticket ids are capabilities, so no path that contains one is logged.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpMessage, HttpRequest, HttpResponse};
use futures_util::FutureExt;
use tracing::{Instrument, Span, field};

use super::meter::RouteMeter;
use super::principal::Principal;
use super::problem::Problem;
use super::state::Shared;
use super::unconsumed_body::Chunked;
use crate::clock;
use crate::trace::{self, TraceParent};

/// Default headers of every answer. No answer is a page or may be cached: answers are data about customers, and ticket
/// URLs must not leak to other sites by a Referer header.
const HEADERS: [(HeaderName, HeaderValue); 4] = [
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
];
/// Path prefix of tickets; the rest of such a path is a capability.
const TICKETS: &str = "/support/ticket";

pub async fn render_reply(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let began = clock::monotonic();
    let instance = public_part(request.path()).to_owned();
    let unread = Chunked::of(&mut request);
    let span = request_span(&request, &instance);
    let call = AssertUnwindSafe(async { next.call(request).await }).catch_unwind();
    let answer = call.instrument(span.clone()).await;
    let mut response = match answer {
        Ok(Ok(response)) => response.map_into_boxed_body(),
        Ok(Err(error)) => return Err(bare(&problem_of(&error), &instance)),
        Err(panic) => return Err(bare(&Problem::internal(text_of(&*panic)), &instance)),
    };
    if let Some(problem) = response.response().error().map(problem_of) {
        span.in_scope(|| report(&problem, &instance));
        response = response.map_body(|head, _| {
            problem.head(&mut head.headers);
            BoxBody::new(problem.document(&instance))
        });
    }
    if let Some(unread) = unread {
        response = response.map_body(|_, body| unread.held_by(body));
    }
    protect(response.headers_mut());
    let took = clock::monotonic() - began;
    span.in_scope(|| record(response.request(), response.status(), took));
    name(&span, response.request(), response.status());
    Ok(response)
}

/// Paths that probes ask all the time; their requests are not traced.
const PROBES: [&str; 3] = ["/health", "/health/ready", "/metrics"];

/// The span of a request (OpenTelemetry semantic conventions for HTTP). Only trusted proxies can make it part of a
/// trace of theirs.
fn request_span(request: &ServiceRequest, instance: &str) -> Span {
    if PROBES.contains(&request.path()) {
        return Span::none();
    }
    let method = request.method();
    let span = tracing::debug_span!(
        "http_request",
        otel.name = %method,
        otel.kind = "server",
        otel.status_code = field::Empty,
        http.request.method = %method,
        http.route = field::Empty,
        http.response.status_code = field::Empty,
        url.path = instance,
    );
    trace::continued(span, caller(request))
}

fn caller(request: &ServiceRequest) -> Option<TraceParent> {
    let header = request.headers().get("traceparent")?;
    let peer = request.peer_addr()?.ip().to_canonical();
    let shared = request.app_data::<Data<Shared>>()?;
    shared.trusted_proxies.contains(peer).then(|| TraceParent::parse(header.to_str().ok()?))?
}

/// Adds to the span what is known at its end.
fn name(span: &Span, request: &HttpRequest, status: StatusCode) {
    if let Some(route) = request.app_data::<RouteMeter>() {
        span.record("http.route", route.template());
        if !span.is_disabled() {
            trace::rename(span, format!("{} {}", request.method(), route.template()));
        }
    }
    span.record("http.response.status_code", status.as_u16());
    if status.is_server_error() {
        span.record("otel.status_code", "ERROR");
    }
}

/// Counts and logs an answer, with the principal of its request.
fn record(request: &HttpRequest, status: StatusCode, took: Duration) {
    let Some(route) = request.app_data::<RouteMeter>() else {
        return;
    };
    let (method, template) = (request.method(), route.template());
    route.record(method, status, took);
    let status = status.as_u16();
    match request.extensions().get::<Principal>() {
        Some(Principal { kind, id, role, .. }) => {
            tracing::debug!(%method, route = template, status, ?took, ?kind, %id, ?role, "answered");
        }
        None => tracing::debug!(%method, route = template, status, ?took, "answered"),
    }
}

/// Redacts whatever may be a ticket's id from a path.
fn public_part(path: &str) -> &str {
    match path.strip_prefix(TICKETS) {
        Some(id) if id.starts_with('/') => TICKETS,
        Some(_) | None => path,
    }
}

/// Our own refusals, and those of the framework with their status.
fn problem_of(error: &Error) -> Problem {
    if let Some(problem) = error.as_error::<Problem>() {
        return problem.clone();
    }
    let status = error.as_response_error().status_code();
    if status.is_client_error() {
        Problem::new(status, error.to_string())
    } else {
        Problem::internal(error.to_string())
    }
}

/// A response built here, because the request is no longer available.
fn bare(problem: &Problem, instance: &str) -> Error {
    report(problem, instance);
    let mut response =
        HttpResponse::new(StatusCode::INTERNAL_SERVER_ERROR).set_body(problem.document(instance));
    problem.head(response.headers_mut());
    protect(response.headers_mut());
    InternalError::from_response("refused", response.map_into_boxed_body()).into()
}

fn report(problem: &Problem, instance: &str) {
    let Some(cause) = problem.cause() else {
        return;
    };
    if problem.is_internal() {
        tracing::error!(instance, cause, "could not answer a request");
    } else {
        tracing::debug!(instance, cause, "refused a request for now");
    }
}

fn protect(headers: &mut HeaderMap) {
    for (name, value) in HEADERS {
        if !headers.contains_key(&name) {
            headers.insert(name, value);
        }
    }
}

fn text_of(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("a panic without a text")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_id_never_gets_into_an_instance() {
        let cases = [
            ("/support/ticket/0b8f", "/support/ticket"),
            ("/support/ticket/0b8f/messages", "/support/ticket"),
            ("/support/ticket/0b8f/unknown", "/support/ticket"),
            ("/support/tickets", "/support/tickets"),
            ("/support/submit", "/support/submit"),
            ("/", "/"),
        ];
        for (path, expected) in cases {
            assert_eq!(public_part(path), expected, "{path}");
        }
    }
}
