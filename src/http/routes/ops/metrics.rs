//! Handler of the metrics endpoint for Prometheus.

use actix_web::HttpResponse;
use prometheus::TextEncoder;

use crate::http::server::endpoint::{Access, Endpoint};
use crate::http::server::principal::AccessScope;
use crate::http::server::problem::Problem;

pub fn endpoints() -> Vec<Endpoint> {
    vec![Endpoint::new(Access::Scope(AccessScope::Ops), __path_get_metrics, get_metrics)]
}

/// Exposes all metrics of the process.
#[utoipa::path(
    get,
    path = "/metrics",
    responses((status = 200, description = "Prometheus' text format 0.0.4.", body = String,
        content_type = "text/plain")),
)]
async fn get_metrics() -> Result<HttpResponse, Problem> {
    let text = TextEncoder::new()
        .encode_to_string(&prometheus::gather())
        .map_err(|error| Problem::internal(error.to_string()))?;
    Ok(HttpResponse::Ok().content_type(prometheus::TEXT_FORMAT).body(text))
}
