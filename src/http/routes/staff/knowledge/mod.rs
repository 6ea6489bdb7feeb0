//! Routes of the knowledge base for staff: articles with their history, gaps, and proposals that admins approve.

mod articles;
mod forms;
mod gaps;
mod proposals;

use actix_web::http::StatusCode;

use crate::domain::enums::UnknownVariant;
use crate::domain::validation::FieldError;
use crate::http::server::endpoint::Endpoint;
use crate::http::server::problem::Problem;
use crate::http::server::query::{Parameters, list_limit};

/// Items of a page, unless the request says otherwise.
const DEFAULT_LIMIT: u8 = 50;

pub fn endpoints() -> Vec<Endpoint> {
    [articles::endpoints(), gaps::endpoints(), proposals::endpoints()].into_iter().flatten().collect()
}

/// The limit and the cursor of a list; `parse` reads a cursor of it.
fn page<T>(parameters: &mut Parameters<'_>, parse: impl FnOnce(&str) -> Option<T>) -> (u8, Option<T>) {
    let limit = parameters.optional("limit", list_limit).unwrap_or(DEFAULT_LIMIT);
    let cursor = parameters.optional("cursor", |value| {
        parse(value).ok_or_else(|| FieldError::new("cursor", "is no cursor of this list"))
    });
    (limit, cursor)
}

/// A page of what was found, one more than the limit, and the cursor of the next one.
fn cut<T>(mut found: Vec<T>, limit: u8, cursor: impl FnOnce(&T) -> String) -> (Vec<T>, Option<String>) {
    let has_more = found.len() > usize::from(limit);
    found.truncate(usize::from(limit));
    let next = found.last().filter(|_| has_more).map(cursor);
    (found, next)
}

fn unknown(field: &'static str, error: UnknownVariant) -> FieldError {
    FieldError::new(field, error.to_string())
}

fn missing(detail: &'static str) -> Problem {
    Problem::new(StatusCode::NOT_FOUND, detail)
}

fn conflict(code: &'static str, detail: &'static str) -> Problem {
    Problem::coded(StatusCode::CONFLICT, code, detail)
}
