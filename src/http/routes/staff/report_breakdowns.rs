//! Handlers of the breakdowns of reports: figures by member of staff, and failed deliveries by cause.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use super::reports::{Format, LONGEST, report_request, table};
use crate::clock;
use crate::http::api::report_tables;
use crate::http::api::reports::{AgentReportDocument, FailureReportDocument};
use crate::http::server::ask::call_within;
use crate::http::server::endpoint::{Access, Endpoint};
use crate::http::server::principal::AccessScope;
use crate::http::server::problem::Problem;
use crate::http::server::query::Pairs;
use crate::http::server::state::Shared;

const READ: Access = Access::Scope(AccessScope::Read);

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::new(READ, __path_get_report_agents, get_report_agents),
        Endpoint::new(READ, __path_get_report_failures, get_report_failures),
    ]
}

/// Reports on each member of staff who replied.
///
/// The conversations are those that began in the range. `GET /staff/reports/conversations?agent=` lists the conversations
/// behind a figure. With `format=csv`, or an `Accept` header that asks for `text/csv`, the answer is a table.
#[utoipa::path(
    get,
    path = "/staff/reports/agents",
    params(
        ("from" = Option<String>, Query, format = Date, example = "2026-11-24", description = "As in the report"),
        ("to" = Option<String>, Query, format = Date, example = "2026-11-30", description = "As in the report"),
        ("format" = Option<String>, Query, pattern = "^(json|csv)$", description = "json or csv; else the `Accept` header decides"),
    ),
    responses((status = 200, description = "The figures.", content(
        (AgentReportDocument = "application/json"),
        (String = "text/csv"),
    ))),
)]
async fn get_report_agents(
    request: HttpRequest,
    query: Pairs,
    shared: Data<Shared>,
) -> Result<HttpResponse, Problem> {
    let (range, format) = report_request(&query, clock::now().date()).map_err(Problem::invalid)?;
    let report = call_within(LONGEST, &shared.wires.reports, move |reports| reports.by_agent(range)).await?;
    if format.unwrap_or_else(|| Format::accepted(&request)).is_csv() {
        return Ok(table("agents", range, report_tables::agents(&report)));
    }
    Ok(HttpResponse::Ok().json(AgentReportDocument::from(report)))
}

/// Reports on replies that were not delivered, by cause.
///
/// The conversations are those that began in the range; the figure `delivery_failures` lists those behind, and
/// `delivery_failures.bounced` those of one cause. With `format=csv`, or an `Accept` header that asks for `text/csv`, the
/// answer is a table.
#[utoipa::path(
    get,
    path = "/staff/reports/failures",
    params(
        ("from" = Option<String>, Query, format = Date, example = "2026-11-24", description = "As in the report"),
        ("to" = Option<String>, Query, format = Date, example = "2026-11-30", description = "As in the report"),
        ("format" = Option<String>, Query, pattern = "^(json|csv)$", description = "json or csv; else the `Accept` header decides"),
    ),
    responses((status = 200, description = "The counts.", content(
        (FailureReportDocument = "application/json"),
        (String = "text/csv"),
    ))),
)]
async fn get_report_failures(
    request: HttpRequest,
    query: Pairs,
    shared: Data<Shared>,
) -> Result<HttpResponse, Problem> {
    let (range, format) = report_request(&query, clock::now().date()).map_err(Problem::invalid)?;
    let report = call_within(LONGEST, &shared.wires.reports, move |reports| reports.failures(range)).await?;
    if format.unwrap_or_else(|| Format::accepted(&request)).is_csv() {
        return Ok(table("failures", range, report_tables::failures(&report)));
    }
    Ok(HttpResponse::Ok().json(FailureReportDocument::from(report)))
}
