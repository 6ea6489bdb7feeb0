//! Quality reviews: random samples of replies, scorecards, and their results by week.

use std::collections::BTreeMap;

use deadpool_postgres::{Pool, Transaction};
use serde_json::Value;
use time::Date;
use tokio_postgres::Row;
use tokio_postgres::types::{Json, ToSql};
use uuid::Uuid;

use super::PgStore;
use super::rows::{mismatch, word};
use crate::crm::port::{CrmError, QualityReviews, StoreFuture};
use crate::domain::console::detail::PersonRef;
use crate::domain::enums::ReplyAuthor;
use crate::domain::ids::{ConversationId, MessageId, ReviewId};
use crate::domain::knowledge::Source;
use crate::domain::messages::inquiry::TicketNumber;
use crate::domain::quality::{
    MeanScore, QualityComparison, QualityFigures, QualityReport, QualityReview, ReviewsRequest,
    SampleRequest, SampledReply, Scorecard, Scores,
};
use crate::domain::reports::ReportRange;

/// Characters of a question in a sample.
const QUESTION_CHARS: i32 = 10_000;
/// Characters of a reply in a list.
const PREVIEW_CHARS: i32 = 160;
/// Replies of each author that are drawn before the costlier conditions are looked at.
const DRAWN: i64 = 200;

/// `$1` is the reviewer, `$3` an author or null. Replies of a mailbox have no known author, who might be the reviewer.
const SAMPLE: &str = "\
with eligible as ( \
    select m.id, m.role from messages m left join staff_messages s on s.message_id = m.id \
    where m.created_at >= now() - make_interval(days => $2) and m.direction = 'outbound' and m.kind = 'message' \
      and m.seq is not null and m.content <> '[erased]' \
      and case m.role when 'agent' then $3::text is distinct from 'staff' \
                      else $3 is distinct from 'bot' and s.staff_id <> $1 end \
      and not exists (select from quality_reviews q where q.message_id = m.id) \
), drawn as ( \
    (select e.id, e.role from eligible e where e.role = 'agent' order by random() limit $6) \
    union all \
    (select e.id, e.role from eligible e where e.role = 'staff' order by random() limit $6) \
), placed as ( \
    select d.id, row_number() over (partition by d.role order by random()) as place \
    from drawn d \
    where not coalesce((select bool_and(v.state in ('withdrawn', 'failed')) from deliveries v \
                        where v.message_id = d.id), false) \
), chosen as (select p.id from placed p order by p.place, random() limit $4) \
select m.id, m.conversation_id, t.number, m.channel, m.role, m.created_at, m.content, m.sources, \
       coalesce(left(asked.question, $5), '') as question \
from chosen c join messages m on m.id = c.id \
cross join lateral current_ticket(m.conversation_id) t \
cross join lateral ( \
    select string_agg(q.content, E'\\n\\n' order by q.seq) as question from messages q \
    where q.conversation_id = m.conversation_id and q.direction = 'inbound' and q.seq < m.seq \
      and q.seq > coalesce((select max(o.seq) from messages o \
                            where o.conversation_id = m.conversation_id and o.direction = 'outbound' \
                              and o.kind = 'message' and o.seq < m.seq), 0)) asked";

/// `$1` is one scorecard, else `$2` to `$4` say which replies and `$5` after which scorecard.
const REVIEWS: &str = "\
select q.id, q.message_id, m.conversation_id, t.number, m.role, m.created_at as written_at, \
       left(m.content, $7) as preview, person(q.reviewer) as reviewer, q.created_at, q.grounded, q.complete, q.tone, \
       q.policy, q.comment \
from quality_reviews q join messages m on m.id = q.message_id \
cross join lateral current_ticket(m.conversation_id) t \
where case when $1::uuid is not null then q.id = $1 \
           else m.created_at >= $2::date::timestamp at time zone 'UTC' \
                and m.created_at < ($3::date + 1)::timestamp at time zone 'UTC' \
                and ($4::text is null or m.role = case $4 when 'bot' then 'agent' else 'staff' end) \
                and ($5::uuid is null or q.id < $5) end \
order by q.id desc limit $6";

/// A row for each author, and one for each author and week.
const RESULTS: &str = "\
select r.week, r.role, count(*) as reviews, count(r.grounded) as grounded, avg(r.grounded)::float8 as grounded_mean, \
       count(r.complete) as complete, avg(r.complete)::float8 as complete_mean, count(r.tone) as tone, \
       avg(r.tone)::float8 as tone_mean, count(r.policy) as policy, avg(r.policy)::float8 as policy_mean \
from (select date_trunc('week', m.created_at at time zone 'UTC')::date as week, m.role, q.grounded, q.complete, \
             q.tone, q.policy \
      from quality_reviews q join messages m on m.id = q.message_id \
      where m.created_at >= $1::date::timestamp at time zone 'UTC' \
        and m.created_at < ($2::date + 1)::timestamp at time zone 'UTC') r \
group by grouping sets ((r.role), (r.role, r.week))";

const REVIEW: &str = "select review_reply($1, $2, $3, $4, $5, $6, $7, $8)";

impl QualityReviews for PgStore {
    fn sample(&self, request: SampleRequest) -> StoreFuture<Result<Vec<SampledReply>, CrmError>> {
        Box::pin(sample(self.pools.general.clone(), request))
    }

    fn reviews(&self, request: ReviewsRequest) -> StoreFuture<Result<Vec<QualityReview>, CrmError>> {
        Box::pin(reviews(self.pools.general.clone(), request))
    }

    fn review(&self, id: ReviewId) -> StoreFuture<Result<Option<QualityReview>, CrmError>> {
        let pool = self.pools.general.clone();
        Box::pin(async move {
            let (day, word, after) = (None::<Date>, None::<&str>, None::<Uuid>);
            let client = pool.get().await?;
            let values: &[&(dyn ToSql + Sync)] = &[&id.0, &day, &day, &word, &after, &1_i64, &PREVIEW_CHARS];
            client.query_opt(REVIEWS, values).await?.as_ref().map(reviewed).transpose()
        })
    }

    fn results(&self, range: ReportRange) -> StoreFuture<Result<QualityReport, CrmError>> {
        Box::pin(results(self.pools.general.clone(), range))
    }
}

/// Stores a scorecard in the caller's transaction; the answer is that of an action of staff.
pub(super) async fn review(
    transaction: &Transaction<'_>,
    actor: Uuid,
    scorecard: &Scorecard,
) -> Result<Json<Value>, CrmError> {
    let Scorecard { id, message, scores, comment } = scorecard;
    let Scores { grounded, complete, tone, policy } = scores;
    let row = transaction
        .query_one(REVIEW, &[&id.0, &message.0, &actor, grounded, complete, tone, policy, comment])
        .await?;
    Ok(row.try_get(0)?)
}

async fn sample(pool: Pool, request: SampleRequest) -> Result<Vec<SampledReply>, CrmError> {
    let SampleRequest { reviewer, days, author, limit } = request;
    let (author, limit) = (author.map(ReplyAuthor::as_str), i64::from(limit));
    let client = pool.get().await?;
    let rows = client.query(SAMPLE, &[&reviewer.0, &days, &author, &limit, &QUESTION_CHARS, &DRAWN]).await?;
    rows.iter().map(sampled).collect()
}

fn sampled(row: &Row) -> Result<SampledReply, CrmError> {
    let sources = row.try_get::<_, Option<Json<Vec<Source>>>>("sources")?;
    Ok(SampledReply {
        message: MessageId(row.try_get("id")?),
        conversation: ConversationId(row.try_get("conversation_id")?),
        ticket: TicketNumber(row.try_get("number")?),
        channel: word(row, "channel")?,
        author: author(row)?,
        at: row.try_get("created_at")?,
        question: row.try_get("question")?,
        text: row.try_get("content")?,
        sources: sources.map(|Json(sources)| sources).unwrap_or_default(),
    })
}

/// Whose the reply is, by the role of its message.
fn author(row: &Row) -> Result<ReplyAuthor, CrmError> {
    match row.try_get::<_, &str>("role")? {
        "agent" => Ok(ReplyAuthor::Bot),
        "staff" => Ok(ReplyAuthor::Staff),
        other => Err(mismatch(format!("a reply by `{other}`"))),
    }
}

async fn reviews(pool: Pool, request: ReviewsRequest) -> Result<Vec<QualityReview>, CrmError> {
    let ReviewsRequest { range, author, limit, after } = request;
    let (author, after) = (author.map(ReplyAuthor::as_str), after.map(|after| after.0));
    let client = pool.get().await?;
    let values: &[&(dyn ToSql + Sync)] =
        &[&None::<Uuid>, &range.from, &range.to, &author, &after, &limit, &PREVIEW_CHARS];
    client.query(REVIEWS, values).await?.iter().map(reviewed).collect()
}

fn reviewed(row: &Row) -> Result<QualityReview, CrmError> {
    let Json(reviewer) = row.try_get::<_, Json<PersonRef>>("reviewer")?;
    Ok(QualityReview {
        id: ReviewId(row.try_get("id")?),
        message: MessageId(row.try_get("message_id")?),
        conversation: ConversationId(row.try_get("conversation_id")?),
        ticket: TicketNumber(row.try_get("number")?),
        author: author(row)?,
        at: row.try_get("written_at")?,
        preview: row.try_get("preview")?,
        reviewer,
        reviewed_at: row.try_get("created_at")?,
        scores: Scores {
            grounded: row.try_get("grounded")?,
            complete: row.try_get("complete")?,
            tone: row.try_get("tone")?,
            policy: row.try_get("policy")?,
        },
        comment: row.try_get("comment")?,
    })
}

async fn results(pool: Pool, range: ReportRange) -> Result<QualityReport, CrmError> {
    let client = pool.get().await?;
    let rows = client.query(RESULTS, &[&range.from, &range.to]).await?;
    let mut total = QualityComparison::default();
    let mut weeks = BTreeMap::<Date, QualityComparison>::new();
    for row in &rows {
        let place = match row.try_get::<_, Option<Date>>("week")? {
            None => &mut total,
            Some(week) => weeks.entry(week).or_default(),
        };
        match author(row)? {
            ReplyAuthor::Bot => place.bot = figures(row)?,
            ReplyAuthor::Staff => place.staff = figures(row)?,
        }
    }
    Ok(QualityReport { range, total, weeks: weeks.into_iter().collect() })
}

fn figures(row: &Row) -> Result<QualityFigures, CrmError> {
    let mean = |count: &str, mean: &str| -> Result<MeanScore, CrmError> {
        Ok(MeanScore { count: row.try_get::<_, i64>(count)?, mean: row.try_get(mean)? })
    };
    Ok(QualityFigures {
        reviews: row.try_get("reviews")?,
        grounded: mean("grounded", "grounded_mean")?,
        complete: mean("complete", "complete_mean")?,
        tone: mean("tone", "tone_mean")?,
        policy: mean("policy", "policy_mean")?,
    })
}
