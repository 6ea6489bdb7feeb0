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
/// Items of a page, unless the request says otherwise.
pub const DEFAULT_LIMIT: u8 = 50;

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

/// Which page of a short list is asked for, which is read as a whole and cut here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListPage {
    limit: u8,
    after: Option<String>,
}

impl ListPage {
    /// Reads `limit` and `cursor`.
    pub fn read(parameters: &mut Parameters<'_>) -> Self {
        let limit = parameters.optional("limit", list_limit).unwrap_or(DEFAULT_LIMIT);
        Self { limit, after: parameters.optional("cursor", |value| Ok(value.to_owned())) }
    }

    /// The page, and the cursor of the next one. A cursor that names no item of the list is refused.
    pub fn cut<T>(
        self,
        mut items: Vec<T>,
        name: impl Fn(&T) -> String,
    ) -> Result<(Vec<T>, Option<String>), Vec<FieldError>> {
        if let Some(after) = self.after {
            let place = items.iter().position(|item| name(item) == after);
            let place = place.ok_or_else(|| vec![FieldError::new("cursor", "is no cursor of this list")])?;
            items.drain(..=place);
        }
        let has_more = items.len() > usize::from(self.limit);
        items.truncate(usize::from(self.limit));
        let next = items.last().filter(|_| has_more).map(name);
        Ok((items, next))
    }
}

#[cfg(test)]
mod tests {
    use super::testing::{fields, pairs};
    use super::*;

    fn page(query: &str, items: &[u32]) -> Result<(Vec<u32>, Option<String>), Vec<FieldError>> {
        let query = pairs(query);
        let mut parameters = Parameters::new(&query);
        let page = ListPage::read(&mut parameters);
        parameters.finish(&["limit", "cursor"])?;
        page.cut(items.to_vec(), u32::to_string)
    }

    #[test]
    fn the_pages_of_a_list_are_the_list() {
        let items: Vec<u32> = (1..=60).collect();
        assert_eq!(page("", &items), Ok(((1..=50).collect(), Some("50".to_owned()))));
        assert_eq!(page("cursor=50", &items), Ok(((51..=60).collect(), None)));
        assert_eq!(page("limit=2&cursor=58", &items), Ok((vec![59, 60], None)));
        for (query, field) in [("limit=0", "limit"), ("limit=101", "limit"), ("cursor=61", "cursor")] {
            assert_eq!(fields(page(query, &items)), [field], "{query}");
        }
    }
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
