//! Handlers of saved views: queues with an order and filters, an account's own and those of the team.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, ReqData};

use super::action_forms::{id, tag};
use super::perform::{ActionRequest, id_of, incomplete};
use super::tool_forms::members;
use crate::channels::fields::{FieldMessage, FormFields, flag, line, word};
use crate::clock;
use crate::domain::console::actions::StaffCommand;
use crate::domain::console::saved_views::{SavedFilters, ViewAssignee, ViewCommand, ViewContent};
use crate::domain::enums::QueueOrder;
use crate::domain::ids::{CustomerId, SavedViewId, StaffId};
use crate::domain::validation::InvalidForm;
use crate::http::api::saved_views::{QueueView, ViewList, ViewRequest};
use crate::http::server::ask::call;
use crate::http::server::endpoint::{Access, Endpoint};
use crate::http::server::principal::{AccessScope, Principal};
use crate::http::server::problem::Problem;
use crate::http::server::query::{ListPage, Pairs, Parameters};
use crate::http::server::state::Shared;

const READ: Access = Access::Scope(AccessScope::Read);
const STAFF: Access = Access::Scope(AccessScope::Staff);

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::new(READ, __path_get_views, get_views),
        Endpoint::new(STAFF, __path_post_view, post_view),
        Endpoint::new(STAFF, __path_put_view, put_view),
        Endpoint::new(STAFF, __path_delete_view, delete_view),
    ]
}

/// Lists the saved views of the team and the account's own.
#[utoipa::path(
    get,
    path = "/staff/views",
    params(
        ("limit" = Option<u8>, Query, minimum = 1, maximum = 100, description = "Views on the page; 50 unless given"),
        ("cursor" = Option<SavedViewId>, Query, description = "The `next_cursor` of the page before"),
    ),
    responses((status = 200, description = "The views.", body = ViewList)),
)]
async fn get_views(
    principal: ReqData<Principal>,
    query: Pairs,
    shared: Data<Shared>,
) -> Result<HttpResponse, Problem> {
    let mut parameters = Parameters::new(&query);
    let page = ListPage::read(&mut parameters);
    parameters.finish(&["limit", "cursor"]).map_err(Problem::invalid)?;
    let staff = principal.id;
    let found = call(&shared.wires.saved_views, move |views| views.saved_views(staff)).await?;
    let (found, next_cursor) = page.cut(found, |one| one.id.to_string()).map_err(Problem::invalid)?;
    let items = found.into_iter().map(QueueView::from).collect();
    Ok(HttpResponse::Ok().json(ViewList { items, next_cursor }))
}

/// Saves a view of the queue.
///
/// An account has at most 50 views, those included that it shares.
#[utoipa::path(
    post,
    path = "/staff/views",
    request_body = ViewRequest,
    params(("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible ASCII characters", max_length = 255)),
    responses(
        (status = 201, description = "The view.", body = QueueView),
        (status = 409, description = "There is a view with this name (`name_taken`), or the account has as many as it may have (`too_many_views`)."),
    ),
)]
async fn post_view(asked: ActionRequest) -> Result<HttpResponse, Problem> {
    let content = content(&asked.body)?;
    let view = changed(&asked, ViewCommand::Add { id: clock::new_v7().into(), content }).await?;
    Ok(HttpResponse::Created().json(view))
}

/// Replaces a view: its author may, and admins where it is the team's.
#[utoipa::path(
    put,
    path = "/staff/views/{id}",
    request_body = ViewRequest,
    params(("id" = SavedViewId, Path, description = "The view's id")),
    responses(
        (status = 200, description = "The view.", body = QueueView),
        (status = 403, description = "It is the team's, and another account wrote it."),
        (status = 404, description = "There is no such view, or it is another account's own."),
        (status = 409, description = "There is another view with this name (`name_taken`)."),
    ),
)]
async fn put_view(asked: ActionRequest, id: Path<String>) -> Result<HttpResponse, Problem> {
    let id = id_of(&id)?;
    let content = content(&asked.body)?;
    Ok(HttpResponse::Ok().json(changed(&asked, ViewCommand::Replace { id, content }).await?))
}

/// Removes a view: its author may, and admins where it is the team's.
#[utoipa::path(
    delete,
    path = "/staff/views/{id}",
    params(("id" = SavedViewId, Path, description = "The view's id")),
    responses(
        (status = 204, description = "It is gone."),
        (status = 403, description = "It is the team's, and another account wrote it."),
        (status = 404, description = "There is no such view, or it is another account's own."),
    ),
)]
async fn delete_view(asked: ActionRequest, id: Path<String>) -> Result<HttpResponse, Problem> {
    let command = ViewCommand::Remove { id: id_of(&id)? };
    asked.perform(StaffCommand::SavedView(Box::new(command)), "id").await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Carries the change out, and reads the view.
async fn changed(asked: &ActionRequest, command: ViewCommand) -> Result<QueueView, Problem> {
    let outcome = asked.perform(StaffCommand::SavedView(Box::new(command)), "name").await?;
    let id = outcome.view_id.ok_or_else(incomplete)?;
    let found = call(&asked.shared.wires.saved_views, move |views| views.saved_view(id)).await?;
    found.map(QueueView::from).ok_or_else(|| Problem::new(StatusCode::NOT_FOUND, "There is no such view."))
}

fn content(body: &[u8]) -> Result<ViewContent, InvalidForm> {
    let mut fields = FormFields::parse(body)?;
    let name = fields.required("name", |value| line(value, 1..=60));
    let shared = fields.optional_value("shared", flag).unwrap_or_default();
    let queue = fields.required("queue", |value| word(&value));
    let order = fields.optional("sort", |value| word(&value)).unwrap_or(QueueOrder::Due);
    let filters = fields.optional_value("filters", |value| members(&value, filters)).unwrap_or_default();
    let read = name.zip(queue);
    fields.finish(read).map(|(name, queue)| ViewContent { name, shared, queue, order, filters })
}

fn filters(fields: &mut FormFields) -> SavedFilters {
    SavedFilters {
        channel: fields.optional("channel", |value| word(&value)),
        status: fields.optional("status", |value| word(&value)),
        ticket_status: fields.optional("ticket_status", |value| word(&value)),
        assignee: fields.optional("assignee", assignee),
        tag: fields.optional("tag", tag),
        priority: fields.optional("priority", |value| word(&value)),
        severity: fields.optional("severity", |value| word(&value)),
        reason: fields.optional("reason", |value| word(&value)),
        customer_id: fields.optional("customer_id", |value| id(value).map(CustomerId)),
        breached: fields.optional_value("breached", flag),
    }
}

fn assignee(value: String) -> Result<ViewAssignee, FieldMessage> {
    match value.as_str() {
        "me" => Ok(ViewAssignee::Me),
        "none" => Ok(ViewAssignee::None),
        _ => id(value).map(StaffId).map(ViewAssignee::Staff).map_err(|_| "must be an id, me or none".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::enums::{Channel, DeskQueue};

    fn wrong(body: &str) -> Vec<String> {
        match content(body.as_bytes()) {
            Err(InvalidForm::Invalid(errors)) => {
                errors.into_iter().map(|error| error.field.into_owned()).collect()
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_view_has_a_name_a_queue_and_known_filters() {
        let body = r#"{"name": " VIP ", "queue": "mine", "filters": {"channel": "email", "assignee": "me"}}"#;
        let view = content(body.as_bytes()).unwrap();
        assert_eq!((view.name.as_str(), view.shared, view.queue), ("VIP", false, DeskQueue::Mine));
        assert_eq!(view.order, QueueOrder::Due);
        let filters = view.filters;
        assert_eq!((filters.channel, filters.assignee), (Some(Channel::Email), Some(ViewAssignee::Me)));
        assert_eq!(wrong("{}"), ["name", "queue"]);
        let long = "x".repeat(61);
        assert_eq!(
            wrong(&format!(r#"{{"name": "{long}", "queue": "x", "sort": "x"}}"#)),
            ["name", "queue", "sort"]
        );
        for filters in
            [r#"{"limit": "5"}"#, r#"{"tag": "A b"}"#, r#"{"assignee": "x"}"#, r#"{"breached": "x"}"#, "[]"]
        {
            let body = format!(r#"{{"name": "a", "queue": "all", "filters": {filters}}}"#);
            assert_eq!(wrong(&body), ["filters"], "{filters}");
        }
    }
}
