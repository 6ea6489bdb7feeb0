//! Router: registers endpoints by path, refuses every other method, and leaves every other path to the pages.

use std::future::ready;

use actix_web::http::StatusCode;
use actix_web::http::header::HeaderValue;
use actix_web::{HttpRequest, HttpResponse, Resource, web};

use super::endpoint::Endpoint;
use super::meter::RouteMeter;
use super::problem::Problem;
use super::state::Shared;
use crate::http::pages;

/// The metrics label of every unknown path.
const UNKNOWN: &str = "unknown";
/// Every path below this one has no ticket: a malformed id gets the same answer as an unknown one.
const BELOW_TICKETS: &str = "/support/ticket/{rest:.*}";

pub fn configure(config: &mut web::ServiceConfig, endpoints: &[Endpoint]) {
    for path in paths(endpoints) {
        let of_path: Vec<&Endpoint> = endpoints.iter().filter(|endpoint| endpoint.path == path).collect();
        config.service(resource(path, &of_path));
    }
    config
        .service(web::resource(BELOW_TICKETS).to(|| ready(Err::<HttpResponse, _>(Problem::no_ticket()))))
        .app_data(RouteMeter::of(UNKNOWN))
        .default_service(web::to(page));
}

/// The pages are what is at addresses that no endpoint has.
async fn page(request: HttpRequest, shared: web::Data<Shared>) -> Result<HttpResponse, Problem> {
    pages::respond(&request, &shared.site, &shared.page_policy).ok_or_else(nothing_here)
}

/// The distinct paths in order of first occurrence.
fn paths(endpoints: &[Endpoint]) -> Vec<&str> {
    let mut paths: Vec<&str> = Vec::new();
    for endpoint in endpoints {
        if !paths.contains(&endpoint.path.as_str()) {
            paths.push(&endpoint.path);
        }
    }
    paths
}

fn resource(path: &str, endpoints: &[&Endpoint]) -> Resource {
    let allowed = endpoints.iter().map(|endpoint| endpoint.allowed()).collect::<Vec<_>>().join(", ");
    let allowed = HeaderValue::from_str(&allowed).unwrap_or(HeaderValue::from_static("GET, HEAD"));
    let wrong_method = move || ready(Err::<HttpResponse, _>(Problem::wrong_method(allowed.clone())));
    endpoints
        .iter()
        .fold(web::resource(path), |resource, endpoint| resource.route(endpoint.route()))
        .app_data(RouteMeter::of(path))
        .default_service(web::to(wrong_method))
}

fn nothing_here() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "There is nothing at this address.")
}
