//! Idempotency keys (`Idempotency-Key`): read from a request's headers, and refused when reused for another request.

use actix_web::http::header::{HeaderMap, HeaderValue};

use super::problem::Problem;
use crate::channels::web_form::IDEMPOTENCY_KEY;
use crate::domain::validation::FieldError;

/// The header's bytes; two headers are joined by a comma and a space (RFC 9110, 5.2), which no key may contain.
pub fn idempotency_key(headers: &HeaderMap) -> Option<Vec<u8>> {
    let mut keys = headers.get_all(IDEMPOTENCY_KEY).map(HeaderValue::as_bytes);
    let first = keys.next()?.to_vec();
    Some(keys.fold(first, |joined, key| [&joined, &b", "[..], key].concat()))
}

pub fn key_reused() -> Problem {
    let message = "was used before, for another request";
    Problem::invalid(vec![FieldError::new(IDEMPOTENCY_KEY, message)])
}
