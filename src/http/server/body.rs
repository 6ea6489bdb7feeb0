//! Request body extraction with limits of size, time and media type. It does not parse the body.

use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::error::PayloadError;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap, HeaderName};
use actix_web::web::{Bytes, BytesMut, Payload};
use futures_util::StreamExt;

use super::problem::Problem;
use super::state::Shared;

/// The media type that an endpoint requires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    Json,
    /// A form, or JSON instead of it.
    Form,
}

/// The media types of forms and of JSON.
const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";

/// Maximum size of a body. Every valid one fits: a character takes at most 12 bytes (a surrogate pair, escaped), and a
/// submission has at most 10,600 of them.
const BODY_MAX_BYTES: usize = 128 * 1024;
/// A file may take so many times as long as another body.
const FILE_TIMES: u32 = 6;

/// Reads a body that must be JSON.
pub async fn read_json(request: &HttpRequest, body: Payload, shared: &Shared) -> Result<Bytes, Problem> {
    read(request, body, shared, Wanted::Json).await
}

pub async fn read(
    request: &HttpRequest,
    body: Payload,
    shared: &Shared,
    wanted: Wanted,
) -> Result<Bytes, Problem> {
    let headers = request.headers();
    let is_fit = match wanted {
        Wanted::Json => is(headers, JSON),
        Wanted::Form => is(headers, FORM) || is(headers, JSON),
    };
    uncompressed(headers)?;
    if !is_fit {
        let media_type = match wanted {
            Wanted::Json => JSON,
            Wanted::Form => FORM,
        };
        let detail = format!("The body must be {media_type}.");
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail));
    }
    collect(headers, body, shared.body_within, BODY_MAX_BYTES).await
}

/// Reads a file of any media type.
pub async fn read_file(
    request: &HttpRequest,
    body: Payload,
    shared: &Shared,
    max_bytes: usize,
) -> Result<Bytes, Problem> {
    uncompressed(request.headers())?;
    collect(request.headers(), body, shared.body_within.saturating_mul(FILE_TIMES), max_bytes).await
}

fn uncompressed(headers: &HeaderMap) -> Result<(), Problem> {
    let Some(encoding) = content_encoding(headers) else {
        return Ok(());
    };
    let detail = format!("The body must not be compressed: Content-Encoding {encoding} is not supported.");
    Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail).accept_uncompressed())
}

async fn collect(
    headers: &HeaderMap,
    body: Payload,
    within: Duration,
    max_bytes: usize,
) -> Result<Bytes, Problem> {
    if declared_bytes(headers) > max_bytes {
        return Err(too_large(max_bytes));
    }
    let Ok(body) = tokio::time::timeout(within, gather(body, max_bytes)).await else {
        return Err(Problem::new(StatusCode::REQUEST_TIMEOUT, "The body took too long to arrive."));
    };
    body
}

/// Most bodies arrive in one chunk, which is passed on without a copy.
async fn gather(mut body: Payload, max_bytes: usize) -> Result<Bytes, Problem> {
    let mut first = Bytes::new();
    let mut all = BytesMut::new();
    while let Some(piece) = body.next().await {
        let piece = piece.map_err(|error| broken(&error))?;
        if first.len().max(all.len()) + piece.len() > max_bytes {
            return Err(too_large(max_bytes));
        }
        if first.is_empty() && all.is_empty() {
            first = piece;
            continue;
        }
        if all.is_empty() {
            all.extend_from_slice(&first);
        }
        all.extend_from_slice(&piece);
    }
    Ok(if all.is_empty() { first } else { all.freeze() })
}

/// Whether a body is JSON.
pub fn is_json(headers: &HeaderMap) -> bool {
    is(headers, JSON)
}

/// Whether a body has that media type.
fn is(headers: &HeaderMap, expected: &str) -> bool {
    let media_type = text(headers, &header::CONTENT_TYPE).and_then(|value| value.split(';').next());
    media_type.unwrap_or("").trim().eq_ignore_ascii_case(expected)
}

/// How a body is compressed; `None` if it isn't. What is no plain word is not repeated.
fn content_encoding(headers: &HeaderMap) -> Option<&str> {
    let encoding = headers.get(header::CONTENT_ENCODING)?.to_str().unwrap_or("unknown").trim();
    let is_word =
        encoding.len() <= 20 && encoding.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let encoding = if is_word { encoding } else { "unknown" };
    (!encoding.is_empty() && !encoding.eq_ignore_ascii_case("identity")).then_some(encoding)
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// 0 if the length is not declared; the reader enforces the limit anyway.
fn declared_bytes(headers: &HeaderMap) -> usize {
    let length = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    length.and_then(|length| length.parse().ok()).unwrap_or(0)
}

fn too_large(max_bytes: usize) -> Problem {
    let detail = format!("The body must have at most {max_bytes} bytes.");
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, detail)
}

/// The client has usually disconnected, so this answer is seldom read.
fn broken(error: &PayloadError) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, format!("The body could not be read: {error}."))
}
