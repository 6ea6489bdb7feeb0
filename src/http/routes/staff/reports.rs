//! Handlers of reports: the figures of a range of days, and the conversations behind a figure.

use std::time::Duration;

use actix_web::http::header::{ACCEPT, CONTENT_DISPOSITION};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use time::Date;

use crate::clock;
use crate::domain::enums::Channel;
use crate::domain::ids::StaffId;
use crate::domain::reports::schedule::parse_day;
use crate::domain::reports::{Figure, FigureCursor, FigureRequest, ReportRange};
use crate::domain::validation::FieldError;
use crate::http::api::report_tables;
use crate::http::api::reports::{FigureList, ReportDocument};
use crate::http::routes::path_id;
use crate::http::server::ask::call_within;
use crate::http::server::endpoint::{Access, Endpoint};
use crate::http::server::principal::AccessScope;
use crate::http::server::problem::Problem;
use crate::http::server::query::{Pairs, Parameters, list_limit};
use crate::http::server::state::Shared;

/// Conversations of a page, unless the request says otherwise.
const DEFAULT_LIMIT: u8 = 50;
/// Conversations of a table, unless the request says otherwise, and the most of one.
const TABLE_LIMIT: u16 = 5_000;
const CSV: &str = "text/csv";
/// A report of a year takes longer than other reads; a call of the store ends after 15 s.
pub(super) const LONGEST: Duration = Duration::from_secs(14);

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::new(Access::Scope(AccessScope::Read), __path_get_report, get_report),
        Endpoint::new(
            Access::Scope(AccessScope::Read),
            __path_get_report_conversations,
            get_report_conversations,
        ),
    ]
}

/// Reports on the conversations that began in a range of days.
///
/// All figures are of one snapshot. With `format=csv`, or an `Accept` header that asks for `text/csv`, the answer is a table
/// with a row for the total, for each channel and for each day.
#[utoipa::path(
    get,
    path = "/staff/reports",
    params(
        ("from" = Option<String>, Query, format = Date, example = "2026-11-24",
            description = "The first day (UTC); six days before the last one unless given"),
        ("to" = Option<String>, Query, format = Date, example = "2026-11-30",
            description = "The last day (UTC), at most 366 days; today unless given"),
        ("format" = Option<String>, Query, pattern = "^(json|csv)$", description = "json or csv; else the `Accept` header decides"),
    ),
    responses((status = 200, description = "The report.", content(
        (ReportDocument = "application/json"),
        (String = "text/csv"),
    ))),
)]
async fn get_report(
    request: HttpRequest,
    query: Pairs,
    shared: Data<Shared>,
) -> Result<HttpResponse, Problem> {
    let (range, format) = report_request(&query, clock::now().date()).map_err(Problem::invalid)?;
    let report = call_within(LONGEST, &shared.wires.reports, move |reports| reports.report(range)).await?;
    if !format.unwrap_or_else(|| Format::accepted(&request)).is_csv() {
        return Ok(HttpResponse::Ok().json(ReportDocument::from(report)));
    }
    Ok(table("report", range, report_tables::report(&report)))
}

/// A table that the browser stores as a file.
pub(super) fn table(name: &str, ReportRange { from, to }: ReportRange, csv: String) -> HttpResponse {
    let disposition = format!("attachment; filename=\"{name}-{from}-{to}.csv\"");
    HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((CONTENT_DISPOSITION, disposition))
        .body(csv)
}

/// Lists the conversations behind a figure of a report.
///
/// `count` is the figure; of `answer_ms`, `csat`, `sentiment` and `cost_micros` it is how many conversations have one. With
/// `format=csv`, or an `Accept` header that asks for `text/csv`, the answer is a table of the first 5,000.
#[utoipa::path(
    get,
    path = "/staff/reports/conversations",
    params(
        ("figure" = inline(Figure), Query, example = "resolution.durable",
            description = "The figure's path in the report, such as resolution.durable, \
                           resolution.handed_off.pricing, csat or conversations; or delivery_failures, \
                           also with a cause"),
        ("from" = Option<String>, Query, format = Date, example = "2026-11-24", description = "As in the report"),
        ("to" = Option<String>, Query, format = Date, example = "2026-11-30", description = "As in the report"),
        ("channel" = Option<Channel>, Query, description = "Only of this channel"),
        ("agent" = Option<StaffId>, Query, description = "Only those in which this account replied"),
        ("format" = Option<String>, Query, pattern = "^(json|csv)$", description = "json or csv; else the `Accept` header decides"),
        ("limit" = Option<u8>, Query, minimum = 1, maximum = 100,
            description = "Conversations on the page; 50 unless given"),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before"),
    ),
    responses((status = 200, description = "A page of the conversations.", content(
        (FigureList = "application/json"),
        (String = "text/csv"),
    ))),
)]
async fn get_report_conversations(
    request: HttpRequest,
    query: Pairs,
    shared: Data<Shared>,
) -> Result<HttpResponse, Problem> {
    let accepted = Format::accepted(&request);
    let (asked, format) = figure_request(&query, accepted, clock::now().date()).map_err(Problem::invalid)?;
    let page = call_within(LONGEST, &shared.wires.reports, move |reports| reports.behind(asked)).await?;
    if format.is_csv() {
        return Ok(table("conversations", asked.range, report_tables::conversations(&page.items)));
    }
    Ok(HttpResponse::Ok().json(FigureList::from(page)))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Json,
    Csv,
}

impl Format {
    pub(super) fn accepted(request: &HttpRequest) -> Self {
        let accept =
            request.headers().get(ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
        let named =
            |range: &str| range.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case(CSV));
        if accept.split(',').any(named) { Self::Csv } else { Self::Json }
    }

    pub(super) fn is_csv(self) -> bool {
        self == Self::Csv
    }
}

pub(super) fn report_request(
    query: &[(String, String)],
    today: Date,
) -> Result<(ReportRange, Option<Format>), Vec<FieldError>> {
    let mut parameters = Parameters::new(query);
    let range = range(&mut parameters, today);
    let format = format(&mut parameters);
    finish(parameters, range, &["from", "to", "format"]).map(|range| (range, format))
}

pub(super) fn format(parameters: &mut Parameters<'_>) -> Option<Format> {
    parameters.optional("format", |value| match value {
        "json" => Ok(Format::Json),
        "csv" => Ok(Format::Csv),
        _ => Err(FieldError::new("format", "must be json or csv")),
    })
}

fn figure_request(
    query: &[(String, String)],
    accepted: Format,
    today: Date,
) -> Result<(FigureRequest, Format), Vec<FieldError>> {
    let mut parameters = Parameters::new(query);
    let figure = parameters.required("figure", |value| {
        let names = || Figure::NAMES.join(", ");
        let expected =
            || format!("must be one of {}, resolution.handed_off.REASON or delivery_failures.CAUSE", names());
        Figure::parse(value).ok_or_else(|| FieldError::new("figure", expected()))
    });
    let range = range(&mut parameters, today);
    let channel = parameters.optional("channel", |value| {
        value.parse().map_err(|_| FieldError::new("channel", "must be a channel"))
    });
    let agent = parameters.optional("agent", |value| {
        path_id::parse(value).map(StaffId).ok_or_else(|| FieldError::new("agent", "must be an id"))
    });
    let format = format(&mut parameters).unwrap_or(accepted);
    let usual = if format.is_csv() { TABLE_LIMIT } else { DEFAULT_LIMIT.into() };
    let limit = parameters.optional("limit", list_limit).map_or(usual, u16::from);
    let after = parameters.optional("cursor", |value| {
        FigureCursor::parse(value).ok_or_else(|| FieldError::new("cursor", "is no cursor of this list"))
    });
    let names = ["figure", "from", "to", "channel", "agent", "format", "limit", "cursor"];
    let range = finish(parameters, range, &names)?;
    let figure = figure.ok_or_else(Vec::new)?;
    Ok((FigureRequest { figure, range, channel, agent, limit, after }, format))
}

/// The range; its error is added to the others by [`finish`].
pub(super) fn range(parameters: &mut Parameters<'_>, today: Date) -> Result<ReportRange, FieldError> {
    let mut day = |name: &'static str| {
        let expected = "must be a day such as 2026-11-30";
        parameters.optional(name, |value| parse_day(value).ok_or_else(|| FieldError::new(name, expected)))
    };
    let (from, to) = (day("from"), day("to"));
    ReportRange::new(from, to, today).map_err(|error| FieldError::new("to", error.to_string()))
}

pub(super) fn finish(
    parameters: Parameters<'_>,
    range: Result<ReportRange, FieldError>,
    names: &[&str],
) -> Result<ReportRange, Vec<FieldError>> {
    parameters.finish(names)?;
    range.map_err(|error| vec![error])
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;
    use crate::domain::enums::{FailureCause, Reason};
    use crate::http::server::query::testing::{fields, pairs};

    const TODAY: Date = date!(2026 - 11 - 30);

    #[test]
    fn a_report_has_a_range_and_a_format_and_names_every_wrong_one() {
        let read = |query| report_request(&pairs(query), TODAY);
        let range = ReportRange { from: date!(2026 - 11 - 01), to: TODAY };
        assert_eq!(read("from=2026-11-01&format=csv"), Ok((range, Some(Format::Csv))));
        assert_eq!(fields(read("from=x&to=2026-1-1&format=xml&day=1")), ["from", "to", "format", "day"]);
        assert_eq!(fields(read("from=2026-11-02&to=2026-11-01")), ["to"]);
        assert_eq!(fields(read("from=2020-01-01&to=2026-11-01")), ["to"]);
    }

    #[test]
    fn a_list_needs_a_figure() {
        let read = |query| figure_request(&pairs(query), Format::Json, TODAY);
        let (request, format) = read("figure=resolution.handed_off.pricing&channel=email&limit=3").unwrap();
        assert_eq!(request.figure, Figure::HandedOffFor(Reason::Pricing));
        assert_eq!((request.channel, request.limit, format), (Some(Channel::Email), 3, Format::Json));
        let (request, format) = read("figure=delivery_failures.bounced&format=csv").unwrap();
        assert_eq!(request.figure, Figure::UndeliveredFor(FailureCause::Bounced));
        assert_eq!((request.limit, format), (TABLE_LIMIT, Format::Csv));
        assert_eq!(fields(read("from=2026-11-01")), ["figure"]);
        assert_eq!(
            fields(read("figure=x&channel=x&agent=x&format=x&limit=0&cursor=x")),
            ["figure", "channel", "agent", "format", "limit", "cursor"]
        );
    }
}
