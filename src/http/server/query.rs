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

/// The most items of a page, of whatever list.
pub const MAX_LIMIT: u8 = 100;

/// A parser of a query's parameters that collects every error; a parameter may occur once.
pub struct Parameters<'a> {
    query: &'a [(String, String)],
    errors: Vec<FieldError>,
}

impl<'a> Parameters<'a> {
    pub fn new(query: &'a [(String, String)]) -> Self {
        Self { query, errors: Vec::new() }
    }

    /// The parameter's value; `None` if it is absent, and after recording an error.
    pub fn optional<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&'a str) -> Result<T, FieldError>,
    ) -> Option<T> {
        let mut values =
            self.query.iter().filter(|(given, _)| given == name).map(|(_, value)| value.as_str());
        let read = match (values.next(), values.next()) {
            (None, _) => return None,
            (Some(value), None) => read(value),
            (Some(_), Some(_)) => Err(FieldError::new(name, "must be given once")),
        };
        read.map_err(|error| self.errors.push(error)).ok()
    }

    pub fn required<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&'a str) -> Result<T, FieldError>,
    ) -> Option<T> {
        let errors = self.errors.len();
        let value = self.optional(name, read);
        if value.is_none() && self.errors.len() == errors {
            self.errors.push(FieldError::new(name, "is required"));
        }
        value
    }

    /// The errors, if there are any, those of unknown parameters included.
    pub fn finish(mut self, names: &[&str]) -> Result<(), Vec<FieldError>> {
        if let Err(unknown) = known(self.query, names) {
            self.errors.extend(unknown);
        }
        if self.errors.is_empty() { Ok(()) } else { Err(self.errors) }
    }
}

/// The limit of a list, from 1 to [`MAX_LIMIT`].
pub fn list_limit(value: &str) -> Result<u8, FieldError> {
    let limit = value.parse().ok().filter(|limit| (1..=MAX_LIMIT).contains(limit));
    limit.ok_or_else(|| FieldError::new("limit", format!("must be a whole number from 1 to {MAX_LIMIT}")))
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
