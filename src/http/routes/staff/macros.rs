//! Handlers of macros: texts with placeholders, an account's own and those that are shared.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Payload, ReqData};
use actix_web::{HttpRequest, HttpResponse};

use super::perform::{ActionRequest, id_of, incomplete};
use super::tool_forms;
use crate::clock;
use crate::domain::console::actions::StaffCommand;
use crate::domain::console::macros::MacroView;
use crate::domain::console::reads::{MacroValues, render};
use crate::domain::enums::StaffRole;
use crate::domain::ids::{MacroId, StaffId};
use crate::domain::validation::FieldError;
use crate::http::api::macros::{Macro, MacroList, MacroRequest, RenderRequest, RenderedMacro};
use crate::http::server::ask::call;
use crate::http::server::body;
use crate::http::server::endpoint::{Access, Endpoint};
use crate::http::server::principal::{AccessScope, Principal};
use crate::http::server::problem::Problem;
use crate::http::server::query::{ListPage, Pairs, Parameters};
use crate::http::server::state::Shared;

const STAFF: Access = Access::Scope(AccessScope::Staff);

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::new(STAFF, __path_get_macros, get_macros),
        Endpoint::new(STAFF, __path_post_macro, post_macro),
        Endpoint::new(STAFF, __path_put_macro, put_macro),
        Endpoint::new(STAFF, __path_delete_macro, delete_macro),
        Endpoint::new(STAFF, __path_post_render, post_render),
    ]
}

/// Lists the account's macros and those that are shared.
#[utoipa::path(
    get,
    path = "/staff/macros",
    params(
        ("limit" = Option<u8>, Query, minimum = 1, maximum = 100, description = "Macros on the page; 50 unless given"),
        ("cursor" = Option<MacroId>, Query, description = "The `next_cursor` of the page before"),
    ),
    responses((status = 200, description = "The macros.", body = MacroList)),
)]
async fn get_macros(
    principal: ReqData<Principal>,
    query: Pairs,
    shared: Data<Shared>,
) -> Result<HttpResponse, Problem> {
    let mut parameters = Parameters::new(&query);
    let page = ListPage::read(&mut parameters);
    parameters.finish(&["limit", "cursor"]).map_err(Problem::invalid)?;
    let found = of(&shared, principal.id).await?;
    let (found, next_cursor) = page.cut(found, |one| one.id.to_string()).map_err(Problem::invalid)?;
    let items = found.into_iter().map(Macro::from).collect();
    Ok(HttpResponse::Ok().json(MacroList { items, next_cursor }))
}

async fn of(shared: &Shared, staff: StaffId) -> Result<Vec<MacroView>, Problem> {
    call(&shared.wires.macros, move |macros| macros.macros(staff)).await
}

/// Adds a macro.
#[utoipa::path(
    post,
    path = "/staff/macros",
    request_body = MacroRequest,
    params(("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible ASCII characters", max_length = 255)),
    responses((status = 201, description = "The macro.", body = Macro)),
)]
async fn post_macro(asked: ActionRequest) -> Result<HttpResponse, Problem> {
    let content = tool_forms::macro_change(&asked.body)?;
    let id = clock::new_v7().into();
    let command = StaffCommand::AddMacro { id, content: Box::new(content.clone()) };
    let added = asked.perform(command, "name").await?;
    let id = added.macro_id.ok_or_else(incomplete)?;
    Ok(HttpResponse::Created().json(Macro::from(MacroView { id, owner: asked.principal().id, content })))
}

/// Replaces a macro: one's own, or any for admins.
#[utoipa::path(
    put,
    path = "/staff/macros/{id}",
    request_body = MacroRequest,
    params(("id" = MacroId, Path, description = "The macro's id")),
    responses(
        (status = 200, description = "The macro.", body = Macro),
        (status = 404, description = "There is no such macro, or it is another account's."),
    ),
)]
async fn put_macro(
    request: HttpRequest,
    principal: ReqData<Principal>,
    id: Path<String>,
    body: Payload,
    shared: Data<Shared>,
) -> Result<HttpResponse, Problem> {
    let id = id_of(&id)?;
    let body = body::read_json(&request, body, &shared).await?;
    let change = tool_forms::macro_change(&body)?;
    let (staff, any) = (principal.id, principal.role == StaffRole::Admin);
    let changed =
        call(&shared.wires.macros, move |macros| macros.change_macro(id, staff, any, change)).await?;
    Ok(HttpResponse::Ok().json(Macro::from(changed.ok_or_else(no_macro)?)))
}

/// Removes a macro: one's own, or any for admins.
#[utoipa::path(
    delete,
    path = "/staff/macros/{id}",
    params(("id" = MacroId, Path, description = "The macro's id")),
    responses(
        (status = 204, description = "It is gone."),
        (status = 404, description = "There is no such macro, or it is another account's."),
    ),
)]
async fn delete_macro(
    principal: ReqData<Principal>,
    id: Path<String>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Problem> {
    let id = id_of(&id)?;
    let (staff, any) = (principal.id, principal.role == StaffRole::Admin);
    if call(&shared.wires.macros, move |macros| macros.remove_macro(id, staff, any)).await? {
        Ok(HttpResponse::NoContent().finish())
    } else {
        Err(no_macro())
    }
}

/// Fills a macro's placeholders for a conversation.
#[utoipa::path(
    post,
    path = "/staff/macros/{id}/render",
    request_body = RenderRequest,
    params(("id" = MacroId, Path, description = "The macro's id")),
    responses(
        (status = 200, description = "The text.", body = RenderedMacro),
        (status = 404, description = "There is no such macro, or it is another account's."),
        (status = 422, description = "There is no such conversation."),
    ),
)]
async fn post_render(
    request: HttpRequest,
    principal: ReqData<Principal>,
    id: Path<String>,
    body: Payload,
    shared: Data<Shared>,
) -> Result<HttpResponse, Problem> {
    let id: MacroId = id_of(&id)?;
    let body = body::read_json(&request, body, &shared).await?;
    let conversation = tool_forms::render(&body)?;
    let staff = principal.id;
    let found = of(&shared, staff).await?.into_iter().find(|found| found.id == id).ok_or_else(no_macro)?;
    let values = call(&shared.wires.macros, move |macros| macros.macro_values(conversation, staff)).await?;
    let unknown = || FieldError::new("conversation_id", "is no conversation");
    let values = values.ok_or_else(|| Problem::invalid(vec![unknown()]))?;
    let (text, missing) = render(&found.content.text, |name| value(name, &values, &shared));
    let actions = found.content.actions.into();
    Ok(HttpResponse::Ok().json(RenderedMacro { text, missing, actions }))
}

fn value(name: &str, values: &MacroValues, shared: &Shared) -> Option<String> {
    match name {
        "customer.name" => Some(values.customer_name.clone()),
        "ticket.number" => Some(values.ticket_number.clone()),
        "ticket.subject" => Some(values.subject.clone()),
        "ticket.url" => Some(format!("{}/ticket?id={}", shared.public_url, values.ticket)),
        "agent.name" => Some(values.agent_name.clone()),
        _ => None,
    }
}

fn no_macro() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "There is no such macro.")
}
