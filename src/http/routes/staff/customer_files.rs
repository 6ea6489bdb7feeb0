//! Handlers of a customer's file and of the console's search.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};

use super::perform::{ActionRequest, id_of};
use super::tool_forms;
use crate::domain::console::actions::StaffCommand;
use crate::domain::ids::CustomerId;
use crate::domain::validation::FieldError;
use crate::http::api::desk_tools::{CustomerPatch, CustomerRecord, DeskSearchResult, DeskSearchResults};
use crate::http::server::ask::call;
use crate::http::server::endpoint::{Access, Endpoint};
use crate::http::server::principal::AccessScope;
use crate::http::server::problem::Problem;
use crate::http::server::query::{ListPage, Pairs, Parameters};
use crate::http::server::state::Shared;

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::new(Access::Scope(AccessScope::Read), __path_get_customer, get_customer),
        Endpoint::new(Access::Scope(AccessScope::Staff), __path_patch_customer, patch_customer),
        Endpoint::new(Access::Scope(AccessScope::Read), __path_get_search, get_search),
    ]
}

/// Shows a customer with their identifiers, conversations, plan and merges.
#[utoipa::path(
    get,
    path = "/staff/customers/{id}",
    params(("id" = CustomerId, Path, description = "The customer's id")),
    responses(
        (status = 200, description = "The customer.", body = CustomerRecord),
        (status = 404, description = "There is no such customer."),
    ),
)]
async fn get_customer(id: Path<String>, shared: Data<Shared>) -> Result<HttpResponse, Problem> {
    shown(id_of(&id)?, &shared).await
}

async fn shown(id: CustomerId, shared: &Shared) -> Result<HttpResponse, Problem> {
    let found = call(&shared.wires.desk_tools, move |tools| tools.customer_file(id)).await?;
    let missing = || Problem::new(StatusCode::NOT_FOUND, "There is no such customer.");
    Ok(HttpResponse::Ok().json(CustomerRecord::from(found.ok_or_else(missing)?)))
}

/// Changes a customer's name and plan.
#[utoipa::path(
    patch,
    path = "/staff/customers/{id}",
    request_body = CustomerPatch,
    params(("id" = CustomerId, Path, description = "The customer's id")),
    responses(
        (status = 200, description = "The customer.", body = CustomerRecord),
        (status = 404, description = "There is no such customer."),
    ),
)]
async fn patch_customer(asked: ActionRequest, id: Path<String>) -> Result<HttpResponse, Problem> {
    let customer = id_of(&id)?;
    let (name, plan) = tool_forms::customer(&asked.body)?;
    asked.perform(StaffCommand::ChangeCustomer { customer, name, plan }, "name").await?;
    shown(customer, &asked.shared).await
}

/// Searches conversations, customers, messages and articles.
///
/// A ticket's number finds its conversation, which comes first.
#[utoipa::path(
    get,
    path = "/staff/search",
    params(
        ("q" = String, Query, min_length = 2, max_length = 200,
            pattern = "^[^\\u0000]*[^\\s\\u0000][^\\u0000]*[^\\s\\u0000][^\\u0000]*$",
            description = "Words, or a ticket's number"),
        ("limit" = Option<u8>, Query, minimum = 1, maximum = 100, description = "Hits on the page; 50 unless given"),
        ("cursor" = Option<String>, Query, max_length = 3, pattern = "^[0-9]+$",
            description = "The `next_cursor` of the page before"),
    ),
    responses((status = 200, description = "The hits, at most ten of each kind.", body = DeskSearchResults)),
)]
async fn get_search(query: Pairs, shared: Data<Shared>) -> Result<HttpResponse, Problem> {
    let mut parameters = Parameters::new(&query);
    let words = parameters.required("q", |value| {
        let words = value.trim();
        let fits = (2..=200).contains(&words.chars().count()) && !words.contains('\0');
        if fits { Ok(words.to_owned()) } else { Err(FieldError::new("q", "must have 2 to 200 characters")) }
    });
    let page = ListPage::read(&mut parameters);
    parameters.finish(&["q", "limit", "cursor"]).map_err(Problem::invalid)?;
    let words = words.unwrap_or_default();
    let hits = call(&shared.wires.desk_tools, move |tools| tools.search_desk(words)).await?;
    // A hit is named by its place: an article's id would have to be escaped.
    let hits: Vec<_> = hits.into_iter().enumerate().collect();
    let (hits, next_cursor) = page.cut(hits, |(place, _)| place.to_string()).map_err(Problem::invalid)?;
    let items = hits.into_iter().map(|(_, hit)| DeskSearchResult::from(hit)).collect();
    Ok(HttpResponse::Ok().json(DeskSearchResults { items, next_cursor }))
}
