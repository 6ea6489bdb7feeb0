//! Breakdowns of reports, from the rows of `report_facts`: figures by member of staff, and failed deliveries by cause.

use deadpool_postgres::Pool;
use tokio_postgres::types::Json;

use super::report_figures::{REPORT_TIMEOUT, aggregates, figures, percentiles};
use super::rows::optional_word;
use crate::crm::port::CrmError;
use crate::domain::enums::FailureCause;
use crate::domain::reports::breakdowns::{AgentFigures, AgentReport, FailureCount, FailureReport};
use crate::domain::reports::{DURABLE_AFTER_DAYS, ReportRange};

/// A row for each account that replied. Its first reply in a conversation ends the wait of the oldest message that no one
/// had answered before.
const AGENTS: &str = concat!(
    "with facts as materialized (select * from report_facts($1, $2, make_interval(days => $3))), \
worked as materialized ( \
    select f.*, r.staff_id, count(*) as replies, min(r.seq) as first_seq, min(r.created_at) as first_at \
    from facts f cross join lateral agent_replies(f.conversation_id) r \
    group by f.conversation_id, f.channel, f.day, f.created_at, f.answer_ms, f.resolution, f.reason, f.is_durable, \
             f.is_reopened, f.score, f.sentiment, f.cost_micros, f.lacks_source, r.staff_id), \
timed as ( \
    select w.*, ( \
        select extract(epoch from w.first_at - min(q.created_at)) * 1000 from messages q \
        where q.conversation_id = w.conversation_id and q.direction = 'inbound' and q.seq < w.first_seq \
          and q.seq > coalesce((select max(o.seq) from messages o \
                                where o.conversation_id = w.conversation_id and o.direction = 'outbound' \
                                  and o.kind = 'message' and o.seq < w.first_seq and not is_withdrawn(o.id)), 0) \
        ) as reply_ms \
    from worked w), \
reasons as ( \
    select w.staff_id, w.reason, count(*) as conversations from worked w where w.resolution = 'handed_off' \
    group by w.staff_id, w.reason) \
select person(g.staff_id) as agent, g.*, \
       (select coalesce(jsonb_agg(jsonb_build_array(r.reason, r.conversations)), '[]') from reasons r \
        where r.staff_id = g.staff_id) as reasons \
from (select f.staff_id, sum(f.replies)::bigint as replies, \
             percentile_cont(array[0.5, 0.95]) within group (order by f.reply_ms::float8) as reply_ms, ",
    aggregates!(),
    " from timed f group by f.staff_id) g join staff s on s.id = g.staff_id order by lower(s.name), s.id"
);

/// A row for all failures, and one for each cause.
const FAILURES: &str = "\
select x.cause, count(*) as deliveries, count(distinct f.conversation_id) as conversations \
from report_facts($1, $2, make_interval(days => $3)) f \
cross join lateral (select coalesce(d.cause, 'rejected') as cause from deliveries d \
                    where d.conversation_id = f.conversation_id and d.state = 'failed') x \
group by grouping sets ((), (x.cause))";

pub(super) async fn by_agent(pool: Pool, range: ReportRange) -> Result<AgentReport, CrmError> {
    let mut client = pool.get().await?;
    let snapshot = client.transaction().await?;
    snapshot.batch_execute(REPORT_TIMEOUT).await?;
    let rows = snapshot.query(AGENTS, &[&range.from, &range.to, &DURABLE_AFTER_DAYS]).await?;
    let agents = rows.iter().map(|row| {
        let Json(agent) = row.try_get("agent")?;
        Ok(AgentFigures {
            agent,
            replies: row.try_get("replies")?,
            reply_ms: percentiles(row, "reply_ms")?,
            figures: figures(row)?,
        })
    });
    Ok(AgentReport { range, agents: agents.collect::<Result<_, CrmError>>()? })
}

pub(super) async fn failures(pool: Pool, range: ReportRange) -> Result<FailureReport, CrmError> {
    let mut client = pool.get().await?;
    let snapshot = client.transaction().await?;
    snapshot.batch_execute(REPORT_TIMEOUT).await?;
    let rows = snapshot.query(FAILURES, &[&range.from, &range.to, &DURABLE_AFTER_DAYS]).await?;
    let none = FailureCount::default();
    let mut report = FailureReport {
        range,
        total: none,
        causes: FailureCause::ALL.iter().map(|cause| (*cause, none)).collect(),
    };
    for row in &rows {
        let count = FailureCount {
            deliveries: row.try_get("deliveries")?,
            conversations: row.try_get("conversations")?,
        };
        match optional_word::<FailureCause>(row, "cause")? {
            None => report.total = count,
            Some(cause) => {
                let place = report.causes.iter_mut().find(|(known, _)| *known == cause);
                place.into_iter().for_each(|(_, place)| *place = count);
            }
        }
    }
    Ok(report)
}
