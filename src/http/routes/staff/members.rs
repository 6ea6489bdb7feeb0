//! Handler of the list of staff.

use actix_web::HttpResponse;
use actix_web::web::Data;

use crate::domain::accounts::{SERVICE_ACCOUNT, StaffMember};
use crate::domain::ids::StaffId;
use crate::domain::validation::FieldError;
use crate::http::api::sessions::{StaffAccount, StaffList};
use crate::http::routes::path_id;
use crate::http::server::ask::call;
use crate::http::server::endpoint::{Access, Endpoint};
use crate::http::server::principal::AccessScope;
use crate::http::server::problem::Problem;
use crate::http::server::query::{Pairs, Parameters, list_limit};
use crate::http::server::state::Shared;

/// Accounts of a page, unless the request says otherwise.
const DEFAULT_LIMIT: u8 = 50;

pub fn endpoints() -> Vec<Endpoint> {
    vec![Endpoint::new(Access::Scope(AccessScope::Read), __path_get_members, get_members)]
}

/// Lists the accounts of staff by name, disabled ones too.
#[utoipa::path(
    get,
    path = "/staff/members",
    params(
        ("limit" = Option<u8>, Query, minimum = 1, maximum = 100, description = "Accounts on the page; 50 unless given"),
        ("cursor" = Option<StaffId>, Query, description = "The `next_cursor` of the page before"),
    ),
    responses((status = 200, description = "A page of the list.", body = StaffList)),
)]
async fn get_members(query: Pairs, shared: Data<Shared>) -> Result<HttpResponse, Problem> {
    let mut parameters = Parameters::new(&query);
    let limit = parameters.optional("limit", list_limit).unwrap_or(DEFAULT_LIMIT);
    let cursor = parameters.optional("cursor", |value| path_id::parse(value).ok_or_else(no_cursor));
    parameters.finish(&["limit", "cursor"]).map_err(Problem::invalid)?;
    let members = call(&shared.wires.accounts, |accounts| accounts.members()).await?;
    let mut people = members.into_iter().filter(|member| member.id != SERVICE_ACCOUNT).collect::<Vec<_>>();
    if let Some(cursor) = cursor {
        let after = |member: &StaffMember| member.id.0 == cursor;
        let place = people.iter().position(after).ok_or_else(|| Problem::invalid(vec![no_cursor()]))?;
        people.drain(..=place);
    }
    let has_more = people.len() > usize::from(limit);
    people.truncate(usize::from(limit));
    let next_cursor = people.last().filter(|_| has_more).map(|member| member.id.to_string());
    Ok(HttpResponse::Ok()
        .json(StaffList { items: people.into_iter().map(StaffAccount::from).collect(), next_cursor }))
}

fn no_cursor() -> FieldError {
    FieldError::new("cursor", "is no cursor of this list")
}
