//! Router: registers endpoints by path, and refuses every other address and method.

use std::future::ready;

use actix_web::http::StatusCode;
use actix_web::http::header::HeaderValue;
use actix_web::{HttpResponse, Resource, web};

use super::endpoint::Endpoint;
use super::meter::RouteMeter;
use super::problem::Problem;

/// Stands in the metrics for every address that is none of ours.
const UNKNOWN: &str = "unknown";
/// Whatever an address below this one is, it has no ticket: a malformed id gets the answer of an unknown one.
const BELOW_TICKETS: &str = "/support/ticket/{rest:.*}";

pub fn configure(config: &mut web::ServiceConfig, endpoints: &[Endpoint]) {
    for path in paths(endpoints) {
        let of_path: Vec<&Endpoint> = endpoints.iter().filter(|endpoint| endpoint.path == path).collect();
        config.service(resource(path, &of_path));
    }
    config
        .service(web::resource(BELOW_TICKETS).to(|| ready(Err::<HttpResponse, _>(Problem::no_ticket()))))
        .app_data(RouteMeter::of(UNKNOWN))
        .default_service(web::to(|| ready(Err::<HttpResponse, _>(nothing_here()))));
}

/// The paths in the order in which they first occur.
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
