//! Query string parser: a request's parameters in order, checked against the names that the endpoint accepts.

use actix_web::web::Query;

use crate::domain::validation::FieldError;

/// A query's parameters in order, not validated yet, repetitions included.
pub type Pairs = Query<Vec<(String, String)>>;

/// Refuses every parameter whose name is not among `names`.
pub fn known(query: &[(String, String)], names: &[&str]) -> Result<(), Vec<FieldError>> {
    let unknown: Vec<_> = query
        .iter()
        .filter(|(name, _)| !names.contains(&name.as_str()))
        .map(|(name, _)| FieldError::new(name.clone(), "is not a known parameter"))
        .collect();
    if unknown.is_empty() { Ok(()) } else { Err(unknown) }
}

#[cfg(test)]
pub mod testing {
    use super::*;

    pub fn pairs(query: &str) -> Vec<(String, String)> {
        Pairs::from_query(query).unwrap().into_inner()
    }

    /// The names of the parameters that a parser has rejected.
    pub fn fields<T: std::fmt::Debug>(read: Result<T, Vec<FieldError>>) -> Vec<String> {
        read.unwrap_err().into_iter().map(|error| error.field.into_owned()).collect()
    }
}
