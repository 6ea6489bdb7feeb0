//! Handler of the OpenAPI document. The page that shows it, `/docs`, is one of the exported files.

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::Data;

use crate::http::api::reference::OpenapiDocument;
use crate::http::server::endpoint::{Access, Endpoint};
use crate::http::server::state::Shared;

pub fn endpoints() -> Vec<Endpoint> {
    vec![Endpoint::new(Access::Public, __path_get_openapi, get_openapi)]
}

/// Shows this document.
#[utoipa::path(
    get,
    path = "/openapi.json",
    responses((status = 200, description = "The OpenAPI document of this program.", body = OpenapiDocument)),
)]
async fn get_openapi(shared: Data<Shared>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .insert_header((header::CONTENT_TYPE, "application/json"))
        .body(shared.openapi.clone())
}
