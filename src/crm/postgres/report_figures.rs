//! The columns of a report's figures: as aggregates of the rows of `report_facts`, and how they are read.

use tokio_postgres::Row;
use tokio_postgres::types::Json;

use crate::crm::port::CrmError;
use crate::domain::enums::Reason;
use crate::domain::reports::ReportFigures;

/// A year of a busy company; a call of the store ends earlier than that.
pub(super) const REPORT_TIMEOUT: &str = "set local statement_timeout = '14s'";

/// The figures of conversations `f`.
macro_rules! aggregates {
    () => {
        "count(*) as conversations, \
         percentile_cont(array[0.5, 0.95]) within group (order by f.answer_ms) as answer_ms, \
         count(*) filter (where f.resolution = 'autonomous') as autonomous, \
         count(*) filter (where f.resolution = 'assisted') as assisted, \
         count(*) filter (where f.resolution = 'taken_over') as taken_over, \
         count(*) filter (where f.is_durable) as durable, count(*) filter (where f.is_reopened) as reopened, \
         count(f.score) as ratings, avg(f.score)::float8 as rating_mean, avg(f.sentiment)::float8 as sentiment, \
         coalesce(sum(f.cost_micros), 0)::bigint as cost_micros, \
         count(*) filter (where f.lacks_source) as without_source"
    };
}
pub(super) use aggregates;

/// The columns of [`aggregates`], and `reasons`.
pub(super) fn figures(row: &Row) -> Result<ReportFigures, CrmError> {
    let Json(reasons): Json<Vec<(Reason, i64)>> = row.try_get("reasons")?;
    let count_of = |reason: &Reason| {
        let found = reasons.iter().find(|(other, _)| other == reason);
        found.map(|(_, count)| (*reason, *count))
    };
    Ok(ReportFigures {
        conversations: row.try_get("conversations")?,
        answer_ms: percentiles(row, "answer_ms")?,
        autonomous: row.try_get("autonomous")?,
        assisted: row.try_get("assisted")?,
        handed_off: Reason::ALL.iter().filter_map(count_of).collect(),
        taken_over: row.try_get("taken_over")?,
        durable: row.try_get("durable")?,
        reopened: row.try_get("reopened")?,
        ratings: row.try_get("ratings")?,
        rating_mean: row.try_get("rating_mean")?,
        sentiment: row.try_get("sentiment")?,
        cost_micros: row.try_get("cost_micros")?,
        without_source: row.try_get("without_source")?,
    })
}

/// The median and the 95th percentile of a column, in milliseconds.
pub(super) fn percentiles(row: &Row, column: &str) -> Result<Option<(i64, i64)>, CrmError> {
    let found = row.try_get::<_, Option<Vec<Option<f64>>>>(column)?.unwrap_or_default();
    Ok(match found.as_slice() {
        [Some(p50), Some(p95)] => Some((whole(*p50), whole(*p95))),
        _ => None,
    })
}

/// Milliseconds, of which an `f64` holds more than a report has.
#[expect(
    clippy::cast_possible_truncation,
    reason = "times between two rows of one database are far below 2^53 ms"
)]
fn whole(ms: f64) -> i64 {
    ms.round() as i64
}
