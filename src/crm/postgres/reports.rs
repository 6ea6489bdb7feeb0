//! Reports: figures and lists are both derived from the rows of `report_facts`, so that a list has as many
//! conversations as its figure says. Begun reports and their mails are claimed by rows.

use std::time::Duration;

use deadpool_postgres::{Pool, Transaction};
use time::Date;
use tokio_postgres::types::Json;
use tokio_postgres::{IsolationLevel, Row};
use uuid::Uuid;

use super::facts::ticket_facts;
use super::report_figures::{REPORT_TIMEOUT, aggregates, figures};
use super::rows::{mismatch, optional_word, word};
use super::{PgStore, report_breakdowns};
use crate::crm::port::{CrmError, StoreFuture, SupportReports};
use crate::domain::console::detail::PersonRef;
use crate::domain::customers::contact::Email;
use crate::domain::enums::{Channel, ReportKind, ResolutionKind};
use crate::domain::reports::breakdowns::{AgentReport, FailureReport};
use crate::domain::reports::digest::ReportDigest;
use crate::domain::reports::mails::{LeasedReportMail, ReportMailEnd};
use crate::domain::reports::{
    CountedConversation, DURABLE_AFTER_DAYS, Figure, FigureCursor, FigurePage, FigureRequest, PeriodReport,
    ReportFigures, ReportRange,
};

/// Characters of a preview.
const PREVIEW_CHARS: i32 = 160;

/// A row for all conversations, one for each channel and one for each day. `reasons` are those of the handed-off ones.
const REPORT: &str = concat!(
    "with facts as materialized (select * from report_facts($1, $2, make_interval(days => $3))), \
grouped as ( \
    select f.channel, f.day, grouping(f.channel) = 1 and grouping(f.day) = 1 as is_total, ",
    aggregates!(),
    " from facts f group by grouping sets ((), (f.channel), (f.day))), \
reasons as ( \
    select f.channel, f.day, f.reason, count(*) as conversations \
    from facts f where f.resolution = 'handed_off' \
    group by grouping sets ((f.reason), (f.channel, f.reason), (f.day, f.reason))) \
select g.*, (select coalesce(jsonb_agg(jsonb_build_array(r.reason, r.conversations)), '[]') from reasons r \
             where r.channel is not distinct from g.channel and r.day is not distinct from g.day) as reasons \
from grouped g"
);

/// `$3` is the figure, `$4` its reason or cause, `$5` a channel, `$6` and `$7` the position, `$11` an account. The worst
/// comes first, else the newest.
const BEHIND: &str = "\
with behind as materialized ( \
    select f.*, case $3 when 'answer_ms' then -f.answer_ms when 'csat' then f.score \
                        when 'sentiment' then (f.sentiment * 1000000)::bigint when 'cost_micros' then -f.cost_micros \
                        else -(extract(epoch from f.created_at) * 1000000)::bigint end as place \
    from report_facts($1, $2, make_interval(days => $10)) f \
    where ($5::text is null or f.channel = $5) \
      and ($11::uuid is null or exists (select from agent_replies(f.conversation_id) r where r.staff_id = $11)) \
      and case $3 when 'conversations' then true when 'answer_ms' then f.answer_ms is not null \
                  when 'durable' then f.is_durable when 'reopened' then f.is_reopened \
                  when 'csat' then f.score is not null when 'sentiment' then f.sentiment is not null \
                  when 'cost_micros' then f.cost_micros > 0 when 'without_source' then f.lacks_source \
                  when 'delivery_failures' then exists ( \
                      select from deliveries d where d.conversation_id = f.conversation_id and d.state = 'failed' \
                        and ($4::text is null or coalesce(d.cause, 'rejected') = $4)) \
                  else f.resolution = $3 and ($4::text is null or f.reason = $4) end), \
page as ( \
    select b.* from behind b \
    where $6::bigint is null or (b.place, b.conversation_id) > ($6, $7::uuid) \
    order by b.place, b.conversation_id limit $8::bigint + 1) \
select n.conversations as total, p.conversation_id, p.place, p.channel, p.resolution, \
       case when p.resolution = 'handed_off' then p.reason end as reason, p.is_durable, p.answer_ms, p.score, \
       p.sentiment, p.cost_micros, p.created_at as begun_at, c.status as conversation_status, \
       jsonb_build_object('id', u.id, 'name', u.name) as customer, person(c.assignee) as assignee, \
       coalesce(left(coalesce(unsourced.content, opening.content), $9), '') as preview, \
       t.id, t.number, t.status, t.subject, t.category, t.priority, t.created_at, t.updated_at, t.resolved_at \
from (select count(*) as conversations from behind) n \
left join page p on true \
left join conversations c on c.id = p.conversation_id \
left join customers u on u.id = c.customer_id \
left join lateral current_ticket(p.conversation_id) t on true \
left join lateral ( \
    select m.content from messages m \
    where m.conversation_id = p.conversation_id and m.direction = 'inbound' and m.seq is not null \
      and m.answered_by in (select e.turn_id from escalations e \
                            where e.conversation_id = p.conversation_id and e.reason = 'no_answer') \
    order by m.seq desc limit 1) unsourced on true \
left join lateral ( \
    select m.content from messages m \
    where m.conversation_id = p.conversation_id and m.direction = 'inbound' and m.seq is not null \
    order by m.seq limit 1) opening on true \
order by p.place, p.conversation_id";

const BEGIN: &str = "\
with begun as (insert into reports (kind, first_day) values ($1, $2) on conflict do nothing returning kind, first_day), \
mailed as ( \
    insert into report_mails (kind, first_day, address) \
    select b.kind, b.first_day, a.address \
    from begun b \
    cross join (select unnest($3::text[]) as address \
                union \
                select s.email from staff s \
                where cardinality($3::text[]) = 0 and s.role = 'admin' and s.active \
                  and s.password_hash is not null and s.email not like '%@localhost') a) \
select count(*) from begun";

const LEASE: &str = "\
with due as ( \
    select r.id, r.in_doubt from report_mails r where r.settled_at is null and r.due_at <= now() \
    order by r.due_at, r.id limit $1 for no key update skip locked) \
update report_mails r \
set attempts = r.attempts + 1, in_doubt = true, due_at = now() + make_interval(secs => $2) \
from due d where r.id = d.id \
returning r.id, r.kind, r.first_day, r.address, r.attempts, d.in_doubt";

impl SupportReports for PgStore {
    fn report(&self, range: ReportRange) -> StoreFuture<Result<PeriodReport, CrmError>> {
        Box::pin(report(self.pools.general.clone(), range))
    }

    fn digest(&self, kind: ReportKind, day: Date, limit: u8) -> StoreFuture<Result<ReportDigest, CrmError>> {
        Box::pin(digest(self.pools.general.clone(), kind, day, limit))
    }

    fn behind(&self, request: FigureRequest) -> StoreFuture<Result<FigurePage, CrmError>> {
        let pool = self.pools.general.clone();
        Box::pin(async move {
            let mut client = pool.get().await?;
            let snapshot = client.transaction().await?;
            snapshot.batch_execute(REPORT_TIMEOUT).await?;
            behind(&snapshot, request).await
        })
    }

    fn by_agent(&self, range: ReportRange) -> StoreFuture<Result<AgentReport, CrmError>> {
        Box::pin(report_breakdowns::by_agent(self.pools.general.clone(), range))
    }

    fn failures(&self, range: ReportRange) -> StoreFuture<Result<FailureReport, CrmError>> {
        Box::pin(report_breakdowns::failures(self.pools.general.clone(), range))
    }

    fn last_begun(&self, kind: ReportKind) -> StoreFuture<Result<Option<Date>, CrmError>> {
        let pool = self.pools.queues.clone();
        Box::pin(async move {
            let newest = "select max(first_day) from reports where kind = $1";
            Ok(pool.get().await?.query_one(newest, &[&kind.as_str()]).await?.try_get(0)?)
        })
    }

    fn begin(
        &self,
        kind: ReportKind,
        first_day: Date,
        receivers: Vec<Email>,
    ) -> StoreFuture<Result<bool, CrmError>> {
        let pool = self.pools.queues.clone();
        Box::pin(async move {
            let receivers: Vec<&str> = receivers.iter().map(Email::as_str).collect();
            let client = pool.get().await?;
            let begun = client.query_one(BEGIN, &[&kind.as_str(), &first_day, &receivers]).await?;
            Ok(begun.try_get::<_, i64>(0)? > 0)
        })
    }

    fn start_schedule(&self, kind: ReportKind, first_day: Date) -> StoreFuture<Result<(), CrmError>> {
        let pool = self.pools.queues.clone();
        Box::pin(async move {
            let start = "insert into reports (kind, first_day) values ($1, $2) on conflict do nothing";
            pool.get().await?.execute(start, &[&kind.as_str(), &first_day]).await?;
            Ok(())
        })
    }

    fn lease_report_mails(
        &self,
        limit: i64,
        lease: Duration,
    ) -> StoreFuture<Result<Vec<LeasedReportMail>, CrmError>> {
        let pool = self.pools.queues.clone();
        Box::pin(async move {
            let client = pool.get().await?;
            let rows = client.query(LEASE, &[&limit, &lease.as_secs_f64()]).await?;
            rows.iter().map(leased).collect()
        })
    }

    fn settle_report_mail(
        &self,
        id: Uuid,
        attempt: i32,
        end: ReportMailEnd,
    ) -> StoreFuture<Result<(), CrmError>> {
        Box::pin(settle(self.pools.queues.clone(), id, attempt, end))
    }
}

async fn report(pool: Pool, range: ReportRange) -> Result<PeriodReport, CrmError> {
    let mut client = pool.get().await?;
    let snapshot = client.transaction().await?;
    figures_of(&snapshot, range).await
}

async fn digest(pool: Pool, kind: ReportKind, day: Date, limit: u8) -> Result<ReportDigest, CrmError> {
    let mut client = pool.get().await?;
    let start = client.build_transaction().isolation_level(IsolationLevel::RepeatableRead).read_only(true);
    let snapshot = start.start().await?;
    let range = kind.period(day);
    let list = |figure| FigureRequest {
        figure,
        range,
        channel: None,
        agent: None,
        limit: limit.into(),
        after: None,
    };
    let report = figures_of(&snapshot, range).await?;
    let low_sentiment = behind(&snapshot, list(Figure::Sentiment)).await?.items;
    let gaps = behind(&snapshot, list(Figure::WithoutSource)).await?.items;
    Ok(ReportDigest { kind, report, low_sentiment, gaps })
}

/// In a transaction, to which the time-out belongs.
async fn figures_of(snapshot: &Transaction<'_>, range: ReportRange) -> Result<PeriodReport, CrmError> {
    snapshot.batch_execute(REPORT_TIMEOUT).await?;
    let rows = snapshot.query(REPORT, &[&range.from, &range.to, &DURABLE_AFTER_DAYS]).await?;
    let mut report = PeriodReport {
        range,
        total: ReportFigures::default(),
        channels: Channel::ALL.iter().map(|channel| (*channel, ReportFigures::default())).collect(),
        days: range.dates().map(|day| (day, ReportFigures::default())).collect(),
    };
    for row in &rows {
        let figures = figures(row)?;
        if row.try_get("is_total")? {
            report.total = figures;
        } else if let Some(channel) = optional_word::<Channel>(row, "channel")? {
            place(&mut report.channels, channel, figures);
        } else if let Some(day) = row.try_get::<_, Option<Date>>("day")? {
            place(&mut report.days, day, figures);
        }
    }
    Ok(report)
}

fn place<K: PartialEq>(places: &mut [(K, ReportFigures)], key: K, figures: ReportFigures) {
    if let Some((_, empty)) = places.iter_mut().find(|(place, _)| *place == key) {
        *empty = figures;
    }
}

async fn behind(client: &Transaction<'_>, request: FigureRequest) -> Result<FigurePage, CrmError> {
    let FigureRequest { figure, range, channel, agent, limit, after } = request;
    let (part, channel, agent) = (figure.part(), channel.map(Channel::as_str), agent.map(|agent| agent.0));
    let (place, id) = (after.map(|after| after.place), after.map(|after| after.conversation.0));
    let limit = i64::from(limit);
    let rows = client
        .query(
            BEHIND,
            &[
                &range.from,
                &range.to,
                &figure.as_str(),
                &part,
                &channel,
                &place,
                &id,
                &limit,
                &PREVIEW_CHARS,
                &DURABLE_AFTER_DAYS,
                &agent,
            ],
        )
        .await?;
    let Some(first) = rows.first() else {
        return Err(mismatch("the count of the conversations is missing"));
    };
    let count = first.try_get("total")?;
    let found: Vec<&Row> = rows
        .iter()
        .filter(|row| matches!(row.try_get::<_, Option<Uuid>>("conversation_id"), Ok(Some(_))))
        .collect();
    let length = usize::try_from(limit).unwrap_or(usize::MAX);
    let page = found.get(..length).unwrap_or(&found);
    let next = page.last().filter(|_| found.len() > length).map(|row| cursor(row)).transpose()?;
    Ok(FigurePage { items: page.iter().map(|row| counted(row)).collect::<Result<_, _>>()?, next, count })
}

fn cursor(row: &Row) -> Result<FigureCursor, CrmError> {
    Ok(FigureCursor {
        place: row.try_get("place")?,
        conversation: row.try_get::<_, Uuid>("conversation_id")?.into(),
    })
}

fn counted(row: &Row) -> Result<CountedConversation, CrmError> {
    let Json(customer) = row.try_get::<_, Json<PersonRef>>("customer")?;
    let assignee = row.try_get::<_, Option<Json<PersonRef>>>("assignee")?;
    let score = row.try_get::<_, Option<i16>>("score")?;
    Ok(CountedConversation {
        conversation_id: row.try_get::<_, Uuid>("conversation_id")?.into(),
        created_at: row.try_get("begun_at")?,
        channel: word(row, "channel")?,
        status: word(row, "conversation_status")?,
        ticket: ticket_facts(row)?,
        customer,
        assignee: assignee.map(|Json(assignee)| assignee),
        resolution: word::<ResolutionKind>(row, "resolution")?,
        reason: optional_word(row, "reason")?,
        is_durable: row.try_get("is_durable")?,
        answer_ms: row.try_get("answer_ms")?,
        score: score.map(u8::try_from).transpose().map_err(mismatch)?,
        sentiment: row.try_get("sentiment")?,
        cost_micros: row.try_get("cost_micros")?,
        preview: row.try_get("preview")?,
    })
}

fn leased(row: &Row) -> Result<LeasedReportMail, CrmError> {
    let address: &str = row.try_get("address")?;
    Ok(LeasedReportMail {
        id: row.try_get("id")?,
        kind: word(row, "kind")?,
        first_day: row.try_get("first_day")?,
        to: Email::parse(address).map_err(mismatch)?,
        attempt: row.try_get("attempts")?,
        is_in_doubt: row.try_get("in_doubt")?,
    })
}

async fn settle(pool: Pool, id: Uuid, attempt: i32, end: ReportMailEnd) -> Result<(), CrmError> {
    let (pause, is_in_doubt, failed) = match end {
        ReportMailEnd::Sent => (None, false, false),
        ReportMailEnd::Failed => (None, false, true),
        ReportMailEnd::Later { pause, is_in_doubt } => (Some(pause.as_secs_f64()), is_in_doubt, false),
    };
    let settle = "update report_mails r \
                  set settled_at = case when $3::float8 is null then now() end, in_doubt = $4, failed = $5, \
                      due_at = coalesce(now() + make_interval(secs => $3), r.due_at) \
                  where r.id = $1 and r.attempts = $2 and r.settled_at is null";
    pool.get().await?.execute(settle, &[&id, &attempt, &pause, &is_in_doubt, &failed]).await?;
    Ok(())
}
