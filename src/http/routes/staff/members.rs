//! Handler of the list of staff.

use actix_web::HttpResponse;
use actix_web::web::Data;

use crate::domain::accounts::SERVICE_ACCOUNT;
use crate::domain::ids::StaffId;
use crate::http::api::sessions::{StaffAccount, StaffList};
use crate::http::server::ask::call;
use crate::http::server::endpoint::{Access, Endpoint};
use crate::http::server::principal::AccessScope;
use crate::http::server::problem::Problem;
use crate::http::server::query::{ListPage, Pairs, Parameters};
use crate::http::server::state::Shared;

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
    let page = ListPage::read(&mut parameters);
    parameters.finish(&["limit", "cursor"]).map_err(Problem::invalid)?;
    let members = call(&shared.wires.accounts, |accounts| accounts.members()).await?;
    let people = members.into_iter().filter(|member| member.id != SERVICE_ACCOUNT).collect::<Vec<_>>();
    let (people, next_cursor) = page.cut(people, |member| member.id.to_string()).map_err(Problem::invalid)?;
    let items = people.into_iter().map(StaffAccount::from).collect();
    Ok(HttpResponse::Ok().json(StaffList { items, next_cursor }))
}
