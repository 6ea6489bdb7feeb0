//! Handlers of the pool of turns in this process: read its load, change its limits while the program runs.

use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};

use crate::actors::messages::PoolChange;
use crate::channels::fields::whole;
use crate::channels::json_object::JsonObject;
use crate::domain::validation::FieldError;
use crate::http::api::pool::{PoolLimits, PoolStatus};
use crate::http::server::ask::adjust_pool;
use crate::http::server::body;
use crate::http::server::endpoint::{Access, Endpoint};
use crate::http::server::principal::AccessScope;
use crate::http::server::problem::Problem;
use crate::http::server::state::Shared;

/// A larger pool is assumed to be a typing mistake.
const MAX_SIZE: usize = 100_000;
/// Each idle conversation takes about 1.4 KB.
const MAX_IDLE: usize = 10_000_000;

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::new(Access::Scope(AccessScope::Ops), __path_get_pool, get_pool),
        Endpoint::new(Access::Scope(AccessScope::Ops), __path_put_pool, put_pool),
    ]
}

/// Shows the limits and the load of the pool.
#[utoipa::path(
    get,
    path = "/ops/pool",
    responses(
        (status = 200, description = "The limits and the present load.", body = PoolStatus),
        (status = 409, description = "This process does not run the `agent` role."),
    ),
)]
async fn get_pool(shared: Data<Shared>) -> Result<HttpResponse, Problem> {
    let pool = adjust_pool(&shared, PoolChange::default()).await?;
    Ok(HttpResponse::Ok().json(PoolStatus::from(pool)))
}

/// Changes the limits of the pool until the process ends.
///
/// A limit that is not given stays as it is.
#[utoipa::path(
    put,
    path = "/ops/pool",
    request_body = PoolLimits,
    responses(
        (status = 200, description = "The new limits and the present load.", body = PoolStatus),
        (status = 409, description = "This process does not run the `agent` role."),
    ),
)]
async fn put_pool(
    request: HttpRequest,
    payload: Payload,
    shared: Data<Shared>,
) -> Result<HttpResponse, Problem> {
    let bytes = body::read_json(&request, payload, &shared).await?;
    let body = JsonObject::parse(&bytes).map_err(|reason| Problem::malformed(&reason))?;
    let change = change(body).map_err(Problem::invalid)?;
    Ok(HttpResponse::Ok().json(PoolStatus::from(adjust_pool(&shared, change).await?)))
}

fn change(body: Option<JsonObject>) -> Result<PoolChange, Vec<FieldError>> {
    let Some(JsonObject { members, repeated }) = body else {
        return Err(vec![FieldError::new("size", "the body must be an object")]);
    };
    let repeated = repeated.into_iter().map(|name| FieldError::new(name, "is given more than once"));
    let unknown = members
        .keys()
        .filter(|name| !["size", "idle"].contains(&name.as_str()))
        .map(|name| FieldError::new(name.clone(), "is not a known field"));
    let mut errors: Vec<FieldError> = repeated.chain(unknown).collect();
    let mut limit = |name: &'static str, limit: usize| {
        let given = members.get(name)?;
        let number = whole(given).and_then(|number| usize::try_from(number).ok());
        let number = number.filter(|number| *number <= limit);
        if number.is_none() {
            errors.push(FieldError::new(name, format!("must be a whole number from 0 to {limit}")));
        }
        number
    };
    let change = PoolChange { size: limit("size", MAX_SIZE), idle: limit("idle", MAX_IDLE) };
    if errors.is_empty() && change == PoolChange::default() {
        errors.push(FieldError::new("size", "size or idle must be given"));
    }
    if errors.is_empty() { Ok(change) } else { Err(errors) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn change_by(body: &str) -> Result<PoolChange, Vec<FieldError>> {
        change(JsonObject::parse(body.as_bytes()).unwrap())
    }

    #[test]
    fn a_limit_given_twice_is_refused() {
        let errors = change_by(r#"{"size":1,"size":2}"#).unwrap_err();
        assert_eq!(errors, [FieldError::new("size", "is given more than once")]);
    }

    #[test]
    fn a_change_names_one_limit_or_both() {
        let both = PoolChange { size: Some(8), idle: Some(100) };
        assert_eq!(change_by(r#"{"size": 8, "idle": 100}"#), Ok(both));
        assert_eq!(change_by(r#"{"size": 0}"#), Ok(PoolChange { size: Some(0), idle: None }));
        for (body, fields) in [
            (json!({}), vec!["size"]),
            (json!([8]), vec!["size"]),
            (json!({"size": -1}), vec!["size"]),
            (json!({"size": 1.5, "idle": "many"}), vec!["size", "idle"]),
            (json!({"size": 8, "threads": 2}), vec!["threads"]),
            (json!({"idle": 10_000_001}), vec!["idle"]),
        ] {
            let errors = change_by(&body.to_string()).unwrap_err();
            let found: Vec<_> = errors.iter().map(|error| error.field.to_string()).collect();
            assert_eq!(found, fields, "{body}");
        }
    }
}
