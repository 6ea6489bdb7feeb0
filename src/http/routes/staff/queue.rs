//! Handler of the queues.

use std::str::FromStr;

use actix_web::HttpResponse;
use actix_web::web::{Data, ReqData};

use super::action_forms;
use crate::domain::console::queue::{AssigneeFilter, QueueCursor, QueueFilter, QueueRequest};
use crate::domain::enums::{
    Channel, ConversationStatus, DeskQueue, Priority, QueueOrder, Reason, Severity, TicketStatus,
    UnknownVariant,
};
use crate::domain::ids::{CustomerId, StaffId};
use crate::domain::validation::FieldError;
use crate::http::api::queue::ConversationQueue;
use crate::http::routes::path_id;
use crate::http::server::ask::call;
use crate::http::server::endpoint::{Access, Endpoint};
use crate::http::server::principal::{AccessScope, Principal};
use crate::http::server::problem::Problem;
use crate::http::server::query::{self, Pairs, Parameters, list_limit};
use crate::http::server::state::Shared;

/// Conversations of a page, unless the request says otherwise.
const DEFAULT_LIMIT: u8 = 50;
const NAMES: [&str; 14] = [
    "queue",
    "sort",
    "channel",
    "status",
    "ticket_status",
    "assignee",
    "tag",
    "priority",
    "severity",
    "reason",
    "customer_id",
    "breached",
    "limit",
    "cursor",
];

pub fn endpoints() -> Vec<Endpoint> {
    vec![Endpoint::new(Access::Scope(AccessScope::Read), __path_get_queue, get_queue)]
}

/// Lists the conversations of a queue, with the number of conversations in every queue.
///
/// The page and the counts are of one snapshot, and the filters apply to both.
#[utoipa::path(
    get,
    path = "/staff/conversations",
    params(
        ("queue" = Option<String>, Query,
            description = "needs_me, unassigned, mine, bot, snoozed, parked, resolved or all; needs_me unless given"),
        ("sort" = Option<String>, Query, description = "due, -last_message or created; due unless given"),
        ("channel" = Option<Channel>, Query, description = "Only of this channel"),
        ("status" = Option<ConversationStatus>, Query, description = "Only in these hands"),
        ("ticket_status" = Option<TicketStatus>, Query, description = "Only with a ticket of this status"),
        ("assignee" = Option<String>, Query, description = "Only of this account: an id, `me` or `none`"),
        ("tag" = Option<String>, Query, description = "Only with this tag"),
        ("priority" = Option<Priority>, Query, description = "Only with a ticket of this priority"),
        ("severity" = Option<Severity>, Query, description = "Only of this severity"),
        ("reason" = Option<Reason>, Query, description = "Only escalated for this reason"),
        ("customer_id" = Option<CustomerId>, Query, description = "Only of this customer"),
        ("breached" = Option<bool>, Query, description = "Only with an answer that is overdue, or with none"),
        ("limit" = Option<u8>, Query, minimum = 1, maximum = 100,
            description = "Conversations on the page; 50 unless given"),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before"),
    ),
    responses((status = 200, description = "A page of the queue.", body = ConversationQueue)),
)]
async fn get_queue(
    principal: ReqData<Principal>,
    query: Pairs,
    shared: Data<Shared>,
) -> Result<HttpResponse, Problem> {
    let request = queue_request(&query, principal.id).map_err(Problem::invalid)?;
    let page = call(&shared.wires.queues, move |queues| queues.queue(request)).await?;
    Ok(HttpResponse::Ok().json(ConversationQueue::from(page)))
}

/// The conversations that a filter of a bulk action means: the parameters of a queue without those of its pages.
pub fn bulk_filter(query: &[(String, String)], viewer: StaffId) -> Result<QueueRequest, Vec<FieldError>> {
    query::known(query, &NAMES[..12])?;
    let request = queue_request(query, viewer)?;
    let queue = if query.iter().any(|(name, _)| name == "queue") { request.queue } else { DeskQueue::All };
    Ok(QueueRequest { queue, ..request })
}

fn queue_request(query: &[(String, String)], viewer: StaffId) -> Result<QueueRequest, Vec<FieldError>> {
    let mut parameters = Parameters::new(query);
    let queue = parameters.optional("queue", |value| word("queue", value));
    let order = parameters.optional("sort", |value| word("sort", value)).unwrap_or(QueueOrder::Due);
    let filter = filter(&mut parameters, viewer);
    let limit = parameters.optional("limit", list_limit).unwrap_or(DEFAULT_LIMIT);
    let after = parameters.optional("cursor", |value| {
        let cursor = QueueCursor::parse(value).filter(|cursor| cursor.order == order);
        cursor.ok_or_else(|| FieldError::new("cursor", "is no cursor of this list"))
    });
    parameters.finish(&NAMES)?;
    let queue = queue.unwrap_or(DeskQueue::NeedsMe);
    Ok(QueueRequest { viewer, queue, order, filter, limit, after })
}

fn filter(parameters: &mut Parameters<'_>, viewer: StaffId) -> QueueFilter {
    QueueFilter {
        channel: parameters.optional("channel", |value| word("channel", value)),
        status: parameters.optional("status", |value| word("status", value)),
        ticket_status: parameters.optional("ticket_status", |value| word("ticket_status", value)),
        assignee: parameters.optional("assignee", |value| match value {
            "me" => Ok(AssigneeFilter::Staff(viewer)),
            "none" => Ok(AssigneeFilter::Unassigned),
            id => id_in("assignee", id, "must be an id, me or none").map(AssigneeFilter::Staff),
        }),
        tag: parameters.optional("tag", |value| {
            action_forms::tag(value.to_owned()).map_err(|error| FieldError::new("tag", error))
        }),
        priority: parameters.optional("priority", |value| word("priority", value)),
        severity: parameters.optional("severity", |value| word("severity", value)),
        reason: parameters.optional("reason", |value| word("reason", value)),
        customer: parameters.optional("customer_id", |value| id_in("customer_id", value, "must be an id")),
        breached: parameters.optional("breached", |value| {
            value.parse().map_err(|_| FieldError::new("breached", "must be true or false"))
        }),
    }
}

fn word<T: FromStr<Err = UnknownVariant>>(name: &'static str, value: &str) -> Result<T, FieldError> {
    value.parse().map_err(|unknown: UnknownVariant| {
        FieldError::new(name, format!("must be one of {}", unknown.expected))
    })
}

fn id_in<T: From<uuid::Uuid>>(
    name: &'static str,
    value: &str,
    message: &'static str,
) -> Result<T, FieldError> {
    path_id::parse(value).map(T::from).ok_or_else(|| FieldError::new(name, message))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::server::query::testing::{fields, pairs};

    const ME: StaffId = StaffId(uuid::Uuid::from_u128(7));

    #[test]
    fn a_queue_has_filters_and_names_every_wrong_one() {
        let request =
            queue_request(&pairs("queue=bot&sort=-last_message&assignee=me&breached=true"), ME).unwrap();
        assert_eq!((request.queue, request.order), (DeskQueue::Bot, QueueOrder::NewestMessage));
        assert_eq!(request.filter.assignee, Some(AssigneeFilter::Staff(ME)));
        assert_eq!((request.filter.breached, request.limit), (Some(true), 50));
        let wrong = "queue=x&sort=x&channel=x&status=x&ticket_status=x&assignee=x&tag=X&priority=x&severity=x&\
                     reason=x&customer_id=x&breached=x&limit=x&cursor=x&page=2";
        let mut expected = NAMES.to_vec();
        expected.push("page");
        assert_eq!(fields(queue_request(&pairs(wrong), ME)), expected);
        let foreign = format!("sort=created&cursor=d_1_2_{}", ME.0.simple());
        assert_eq!(fields(queue_request(&pairs(&foreign), ME)), ["cursor"], "a cursor of another order");
    }
}
