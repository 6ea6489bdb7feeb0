//! Handler of the audit log, for admins.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use time::format_description::BorrowedFormatItem;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{Date, Duration, OffsetDateTime};

use super::perform::admin;
use crate::domain::audit::{AuditPosition, AuditQuery};
use crate::domain::ids::StaffId;
use crate::domain::validation::FieldError;
use crate::http::api::audit::{AuditItem, AuditList};
use crate::http::routes::path_id;
use crate::http::server::ask::call;
use crate::http::server::endpoint::{Access, Endpoint};
use crate::http::server::principal::AccessScope;
use crate::http::server::problem::Problem;
use crate::http::server::query::{Pairs, Parameters, list_limit};
use crate::http::server::state::Shared;

/// Rows of a page, unless the request says otherwise.
const DEFAULT_LIMIT: u8 = 50;
/// Names of actions are shorter.
const ACTION_CHARS: usize = 100;
const DATE: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");

pub fn endpoints() -> Vec<Endpoint> {
    vec![Endpoint::new(Access::Scope(AccessScope::Read), __path_get_audit, get_audit)]
}

/// Lists what accounts did, newest first. For admins.
#[utoipa::path(
    get,
    path = "/staff/audit",
    params(
        ("from" = Option<String>, Query, format = DateTime, example = "2026-11-24T00:00:00Z",
            description = "A time (RFC 3339) or a date in UTC; inclusive"),
        ("to" = Option<String>, Query, format = DateTime, example = "2026-11-30T23:59:59Z",
            description = "A time (RFC 3339) or a date in UTC; inclusive"),
        ("actor" = Option<StaffId>, Query, description = "The account's id"),
        ("action" = Option<String>, Query, pattern = "^[ -~]+$", max_length = 100, description = "Such as `conversation.claimed`"),
        ("limit" = Option<u8>, Query, minimum = 1, maximum = 100, description = "Rows on the page; 50 unless given"),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before"),
    ),
    responses((status = 200, description = "A page of the list.", body = AuditList)),
)]
async fn get_audit(
    request: HttpRequest,
    query: Pairs,
    shared: Data<Shared>,
) -> Result<HttpResponse, Problem> {
    admin(&request)?;
    let (asked, limit) = read(&query).map_err(Problem::invalid)?;
    let mut found = call(&shared.wires.audit_log, move |log| log.audit_page(asked)).await?;
    let has_more = found.len() > limit;
    found.truncate(limit);
    let last = found.last().filter(|_| has_more);
    let next_cursor = last.map(|row| cursor(AuditPosition { at: row.at, id: row.id }));
    Ok(HttpResponse::Ok()
        .json(AuditList { items: found.into_iter().map(AuditItem::from).collect(), next_cursor }))
}

/// The question, which asks for one row more than the page has.
fn read(query: &[(String, String)]) -> Result<(AuditQuery, usize), Vec<FieldError>> {
    let mut parameters = Parameters::new(query);
    let from = parameters.optional("from", |value| moment("from", value, Duration::ZERO));
    let to = parameters.optional("to", |value| moment("to", value, Duration::DAY - Duration::MICROSECOND));
    let actor = parameters.optional("actor", |value| {
        path_id::parse(value).map(StaffId).ok_or_else(|| FieldError::new("actor", "is no id of an account"))
    });
    let action = parameters.optional("action", |value| {
        let is_name = (1..=ACTION_CHARS).contains(&value.len()) && value.is_ascii();
        is_name.then(|| value.to_owned()).ok_or_else(|| FieldError::new("action", "is no name of an action"))
    });
    let limit = parameters.optional("limit", list_limit).unwrap_or(DEFAULT_LIMIT);
    let after = parameters.optional("cursor", |value| {
        position(value).ok_or_else(|| FieldError::new("cursor", "is no cursor of this list"))
    });
    parameters.finish(&["from", "to", "actor", "action", "limit", "cursor"])?;
    let asked = AuditQuery { from, to, actor, action, after, limit: i64::from(limit) + 1 };
    Ok((asked, usize::from(limit)))
}

/// A time, or the part of a day in UTC that `within` says. Years beyond 9999 are no RFC 3339.
fn moment(field: &'static str, value: &str, within: Duration) -> Result<OffsetDateTime, FieldError> {
    let time = OffsetDateTime::parse(value, &Rfc3339).ok();
    let day =
        || Date::parse(value, DATE).ok().and_then(|day| day.midnight().assume_utc().checked_add(within));
    let invalid = || FieldError::new(field, "must be a time such as 2026-11-30T12:00:00Z, or a date");
    time.or_else(day).filter(|time| time.year() >= 0).ok_or_else(invalid)
}

/// Microseconds and an id.
fn cursor(position: AuditPosition) -> String {
    format!("{}.{}", position.at.unix_timestamp_nanos() / 1_000, position.id)
}

fn position(cursor: &str) -> Option<AuditPosition> {
    let (micros, id) = cursor.split_once('.')?;
    let at =
        OffsetDateTime::from_unix_timestamp_nanos(micros.parse::<i128>().ok()?.checked_mul(1_000)?).ok()?;
    // PostgreSQL's calendar begins later than that of this program.
    (at.year() >= 0).then_some(AuditPosition { at, id: path_id::parse(id)? })
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;
    use uuid::Uuid;

    use super::*;
    use crate::http::server::query::testing::{fields, pairs};

    #[test]
    fn a_question_has_inclusive_bounds_in_times_or_days() {
        let id = Uuid::from_u128(7);
        let query = format!("from=2026-11-01&to=2026-11-30&actor={id}&action=session.opened&limit=2");
        let (asked, limit) = read(&pairs(&query)).unwrap();
        assert_eq!(limit, 2);
        let expected = AuditQuery {
            from: Some(datetime!(2026-11-01 00:00 UTC)),
            to: Some(datetime!(2026-11-30 23:59:59.999999 UTC)),
            actor: Some(StaffId(id)),
            action: Some("session.opened".to_owned()),
            after: None,
            limit: 3,
        };
        assert_eq!(asked, expected);
        let (asked, _) = read(&pairs("to=2026-11-30T12:00:00Z")).unwrap();
        assert_eq!(asked.to, Some(datetime!(2026-11-30 12:00 UTC)));
    }

    #[test]
    fn a_question_that_can_t_be_read_names_its_parameters() {
        let query = "from=yesterday&to=-1&actor=ann&action=&limit=0&cursor=1&other=1";
        let names = ["from", "to", "actor", "action", "limit", "cursor", "other"];
        assert_eq!(fields(read(&pairs(query))), names);
    }

    #[test]
    fn a_cursor_reads_back() {
        let place = AuditPosition { at: datetime!(2026-11-30 12:00:00.000007 UTC), id: Uuid::from_u128(7) };
        assert_eq!(position(&cursor(place)), Some(place));
        let early = format!("-300000000000000000.{}", Uuid::nil());
        for wrong in ["", "1", "x.y", "99999999999999999999999999999999999999999.1", &early] {
            assert_eq!(position(wrong), None, "{wrong}");
        }
    }
}
