//! What PostgreSQL's errors mean for us, and how closed vocabularies are read from rows.

use std::str::FromStr;

use deadpool_postgres::PoolError;
use tokio_postgres::Row;
use tokio_postgres::error::SqlState;

use crate::crm::port::CrmError;
use crate::domain::runtime::trace_parent::TraceParent;

/// What to do about an error of a batch as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BatchFault {
    /// The connection or the server went away: the same batch may succeed on another connection.
    Unavailable,
    /// The transaction lost against another one (SQLSTATE class 40), or against a replacement of the functions: the
    /// same batch is repeated.
    Conflict,
    /// A row is not acceptable (classes 22 and 23): which one is found by trying them one by one.
    Row,
    /// An error that a retry does not resolve.
    Bug,
}

/// Classifies an error of PostgreSQL by its SQLSTATE (PostgreSQL manual, appendix A).
pub fn fault(error: &tokio_postgres::Error) -> BatchFault {
    let Some(state) = error.code() else {
        return if error.as_db_error().is_none() && conversion_failed(error) {
            BatchFault::Bug
        } else {
            BatchFault::Unavailable
        };
    };
    if *state == SqlState::QUERY_CANCELED || *state == SqlState::LOCK_NOT_AVAILABLE {
        return BatchFault::Unavailable;
    }
    if is_replaced_function(error, state) {
        return BatchFault::Conflict;
    }
    match state.code().get(..2) {
        Some("40") => BatchFault::Conflict,
        Some("22" | "23") => BatchFault::Row,
        Some("08" | "53" | "57" | "58") => BatchFault::Unavailable,
        Some(_) | None => BatchFault::Bug,
    }
}

/// A newer program has replaced the functions while this call was between two of them; the next call finds them all.
fn is_replaced_function(error: &tokio_postgres::Error, state: &SqlState) -> bool {
    let message = error.as_db_error().map_or("", |error| error.message());
    *state == SqlState::UNDEFINED_FUNCTION
        || *state == SqlState::INTERNAL_ERROR && message.starts_with("cache lookup failed for function")
}

/// The column `traceparent`; a text that is none counts as none.
pub fn traceparent(row: &Row) -> Result<Option<TraceParent>, tokio_postgres::Error> {
    Ok(row.try_get::<_, Option<&str>>("traceparent")?.and_then(TraceParent::parse))
}

/// A value that does not fit its type fails before anything is sent.
fn conversion_failed(error: &tokio_postgres::Error) -> bool {
    let text = error.to_string();
    text.starts_with("error serializing") || text.starts_with("error deserializing")
}

impl From<tokio_postgres::Error> for CrmError {
    fn from(error: tokio_postgres::Error) -> Self {
        let text = describe(&error);
        match fault(&error) {
            BatchFault::Unavailable | BatchFault::Conflict => Self::Unavailable(text),
            BatchFault::Row => Self::Invalid(text),
            BatchFault::Bug => Self::Failed(text),
        }
    }
}

impl From<PoolError> for CrmError {
    fn from(error: PoolError) -> Self {
        Self::Unavailable(error.to_string())
    }
}

/// The error with what the server said, but without the row's values: those are customers' text.
fn describe(error: &tokio_postgres::Error) -> String {
    match error.as_db_error() {
        Some(server) => format!("{} ({})", server.message(), server.code().code()),
        None => error.to_string(),
    }
}

/// A row does not hold what the program expects: program and schema disagree.
pub fn mismatch(what: impl std::fmt::Display) -> CrmError {
    CrmError::Failed(format!("unexpected row: {what}"))
}

/// Reads a value of a closed vocabulary.
pub fn word<W>(row: &Row, column: &str) -> Result<W, CrmError>
where
    W: FromStr,
    W::Err: std::fmt::Display,
{
    row.try_get::<_, &str>(column)?.parse().map_err(mismatch)
}

/// Reads a value of a closed vocabulary that may be null.
pub fn optional_word<W>(row: &Row, column: &str) -> Result<Option<W>, CrmError>
where
    W: FromStr,
    W::Err: std::fmt::Display,
{
    row.try_get::<_, Option<&str>>(column)?.map(|word| word.parse().map_err(mismatch)).transpose()
}
