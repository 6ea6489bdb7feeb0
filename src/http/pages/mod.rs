//! The pages for customers and staff: static files that are embedded in the program, and the settings that they read.
//!
//! They are what is served at addresses that no endpoint has.

mod encoding;
mod export;
mod policy;
mod site;

use actix_web::http::header::{self, HeaderMap, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse};

pub use self::policy::PagePolicy;
pub use self::site::{Logo, Site};

use self::encoding::Encoding;
use self::export::{Files, PageFile};

/// Shown in place of the pages by a program that was built without them.
const NOT_BUILT: &str = include_str!("not_built.html");
/// Names that change with their content.
const HASHED: &str = "/_next/static/";
const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// Kept, and asked for again each time: a new version is seen at once.
const REVALIDATED: HeaderValue = HeaderValue::from_static("no-cache");
/// The pages' own addresses, which exist even where the pages are not built.
const PAGES: [&str; 9] = [
    "/",
    "/ticket",
    "/help",
    "/console",
    "/console/login",
    "/console/account",
    "/console/knowledge",
    "/console/numbers",
    "/docs",
];

/// The page, file or setting at this address; `None` if there is nothing, not even a page that says so.
pub fn respond(request: &HttpRequest, site: &Site, policy: &PagePolicy) -> Option<HttpResponse> {
    respond_from(&export::embedded, request, site, policy)
}

fn respond_from(
    files: &Files,
    request: &HttpRequest,
    site: &Site,
    policy: &PagePolicy,
) -> Option<HttpResponse> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return None;
    }
    let path = request.path();
    match path {
        "/config.js" => return Some(site.config_response(request.headers())),
        "/logo" => return site.logo_response(request.headers()),
        _ => {}
    }
    let encodings = encoding::accepted(request.headers());
    if let Some(file) = export::find(files, path, &encodings) {
        return Some(file_response(request.headers(), StatusCode::OK, path, file, policy));
    }
    if PAGES.contains(&path) && !export::is_built(files) {
        return Some(page(StatusCode::NOT_FOUND, NOT_BUILT, policy));
    }
    if !wants_html(request.headers()) {
        return None;
    }
    let file = export::find(files, "/404", &encodings)?;
    Some(file_response(request.headers(), StatusCode::NOT_FOUND, path, file, policy))
}

fn page(status: StatusCode, html: &'static str, policy: &PagePolicy) -> HttpResponse {
    HttpResponse::build(status)
        .insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((header::CONTENT_SECURITY_POLICY, policy.of("/404")))
        .body(html)
}

fn file_response(
    asked: &HeaderMap,
    status: StatusCode,
    path: &str,
    file: PageFile,
    policy: &PagePolicy,
) -> HttpResponse {
    let caching = if path.starts_with(HASHED) { IMMUTABLE } else { REVALIDATED };
    let mut response = HttpResponse::build(status);
    response
        .insert_header((header::CACHE_CONTROL, caching))
        .insert_header((header::VARY, HeaderValue::from_static("Accept-Encoding")))
        .insert_header((header::ETAG, file.etag.clone()));
    if file.content_type.starts_with("text/html") {
        response.insert_header((header::CONTENT_SECURITY_POLICY, policy.of(path)));
    }
    if status == StatusCode::OK && has_current(asked, &file.etag) {
        return response.status(StatusCode::NOT_MODIFIED).finish();
    }
    if file.encoding != Encoding::Identity {
        response.insert_header((header::CONTENT_ENCODING, file.encoding.as_str()));
    }
    response.insert_header((header::CONTENT_TYPE, file.content_type)).body(file.content)
}

/// A file that the program itself has made, with its validator.
fn own_file(asked: &HeaderMap, content_type: &'static str, content: Bytes) -> HttpResponse {
    let etag = export::etag_of(&content);
    let mut response = HttpResponse::Ok();
    response.insert_header((header::CACHE_CONTROL, REVALIDATED)).insert_header((header::ETAG, etag.clone()));
    if has_current(asked, &etag) {
        return response.status(StatusCode::NOT_MODIFIED).finish();
    }
    response.insert_header((header::CONTENT_TYPE, content_type)).body(content)
}

/// Whether the client has this very version (RFC 9110, 13.1.2).
fn has_current(asked: &HeaderMap, etag: &str) -> bool {
    let lines = asked.get_all(header::IF_NONE_MATCH).filter_map(|line| line.to_str().ok());
    let mut tags = lines.flat_map(|line| line.split(',')).map(str::trim);
    tags.any(|tag| tag == "*" || tag.trim_start_matches("W/") == etag)
}

/// Whether the client is a browser that opens a page.
fn wants_html(asked: &HeaderMap) -> bool {
    let accept = asked.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    accept.split(',').any(|range| range.trim().to_ascii_lowercase().starts_with("text/html"))
}

#[cfg(test)]
mod tests;
