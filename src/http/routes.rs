//! Which address takes which method, and who answers. Every other method and address is refused here.

use std::future::ready;

use actix_web::guard::{Any, Get, Head};
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, Resource, Route, web};

use super::meter::RouteMeter;
use super::problem::Problem;
use super::{health, ops, records, support, whatsapp};

/// Stands in the metrics for every address that is none of ours.
const UNKNOWN: &str = "unknown";

pub fn configure(config: &mut web::ServiceConfig) {
    let posts = |template, route| resource(template, "POST", web::post(), route);
    let reads = |template, route| resource(template, "GET, HEAD", read(), route);
    config
        .service(posts("/support/submit", |route| route.to(support::submit)))
        .service(reads("/support/ticket/{id}", |route| route.to(support::ticket)))
        .service(posts("/support/ticket/{id}/messages", |route| route.to(support::follow_up)))
        .service(
            web::resource("/support/ticket/{rest:.*}")
                .to(|| ready(Err::<HttpResponse, _>(Problem::no_ticket()))),
        )
        .service(posts("/webhooks/whatsapp", |route| route.to(whatsapp::message)))
        .service(posts("/webhooks/whatsapp/status", |route| route.to(whatsapp::status)))
        .service(reads("/health", |route| route.to(health::health)))
        .service(reads("/health/live", |route| route.to(health::live)))
        .service(reads("/health/ready", |route| route.to(health::ready)))
        .service(reads("/conversations/{id}", |route| route.to(records::conversation)))
        .service(reads("/attachments/{id}", |route| route.to(records::attachment)))
        .service(reads("/customers/lookup", |route| route.to(records::customer)))
        .service(reads("/metrics/channels", |route| route.to(records::channels)))
        .service(reads("/metrics", |route| route.to(records::metrics)))
        .service(
            resource("/ops/pool", "GET, HEAD, PUT", read(), |route| route.to(ops::pool))
                .route(web::put().to(ops::set_pool)),
        )
        .app_data(RouteMeter::of(UNKNOWN))
        .default_service(web::to(|| ready(Err::<HttpResponse, _>(nothing_here()))));
}

fn resource(
    template: &'static str,
    allow: &'static str,
    method: Route,
    answer: fn(Route) -> Route,
) -> Resource {
    web::resource(template)
        .app_data(RouteMeter::of(template))
        .route(answer(method))
        .default_service(web::to(move || ready(Err::<HttpResponse, _>(Problem::wrong_method(allow)))))
}

/// GET, and HEAD beside it (RFC 9110, 9.1); the body of an answer to HEAD is left out further below.
fn read() -> Route {
    web::route().guard(Any(Get()).or(Head()))
}

fn nothing_here() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "There is nothing at this address.")
}
