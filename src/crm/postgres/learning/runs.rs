//! Runs of proposals over past questions: leased by one process at a time, resumed by another one after a crash. A search
//! with a proposal is made in a transaction that is rolled back.

use deadpool_postgres::Pool;
use tokio_postgres::Row;
use uuid::Uuid;

use super::super::PgStore;
use super::super::knowledge::search_in;
use super::super::library::overrides;
use super::super::rows::word;
use super::proposal_rows::{audit, done, earlier, not_draft};
use crate::crm::port::{CrmError, ProposalRuns, StoreFuture};
use crate::domain::ids::{GapId, MessageId, ProposalId};
use crate::domain::knowledge::{Audience, Findings, Question};
use crate::domain::learning::articles::ArticleChange;
use crate::domain::learning::proposals::{ProposalAnswer, ProposalContent};
use crate::domain::learning::runs::{CaseResult, LEASE, LeasedRun, MAX_FAILURES, PastQuestion, RunOrder};

const START: &str = "\
update knowledge_proposals \
set run_state = 'running', run_revision = revision, run_limit = $2, run_prepared = false, run_lease_until = null, \
    run_failures = 0 \
where id = $1";
const LEASE_ONE: &str = "\
update knowledge_proposals p set run_lease_until = now() + make_interval(secs => $1) \
where p.id = (select d.id from knowledge_proposals d \
              where d.run_state = 'running' and d.state = 'draft' \
                and (d.run_lease_until is null or d.run_lease_until < now()) \
              order by d.updated_at limit 1 for update skip locked) \
returning p.id, p.run_revision, p.op, p.article_id, p.title, p.body, p.gap_id, p.run_limit, p.run_prepared";
/// Words that carry meaning: those that the English dictionary does not drop, the rarest kinds aside.
const PAST: &str = "\
with asked as ( \
    select w.lexeme from unnest(to_tsvector('simple', left($1, 4000))) w \
    where length(w.lexeme) between 3 and 40 and to_tsvector('english', w.lexeme) <> ''::tsvector \
    order by length(w.lexeme) desc limit 40 \
), query as ( \
    select string_agg(quote_literal(lexeme), ' | ')::tsquery as words from asked \
), found as ( \
    select m.id, m.seq, m.conversation_id, m.channel, m.content, \
           ts_rank(message_words(m.content, m.created_at), q.words) as rank \
    from query q join messages m on message_words(m.content, m.created_at) @@ q.words \
    where m.direction = 'inbound' and m.kind = 'message' and m.created_at > now() - interval '365 days' \
    limit 5000 \
) \
select f.id, f.channel, left(f.content, 4000) as content, t.subject, u.name, c.language \
from (select * from found order by rank desc, id limit $2) f \
join conversations c on c.id = f.conversation_id and c.erased_at is null \
join customers u on u.id = c.customer_id \
cross join lateral current_ticket(c.id) t order by f.rank desc, f.id";
const PREPARE: &str = "\
insert into knowledge_run_cases (proposal_id, message_id, position) \
select $1, n.id, n.position from unnest($2::uuid[]) with ordinality n (id, position) on conflict do nothing";
const PREPARED: &str = "\
update knowledge_proposals set run_prepared = true \
where id = $1 and run_revision = $2 and run_state = 'running' and state = 'draft'";
const NEXT: &str = "\
select m.id, m.channel, left(m.content, 4000) as content, t.subject, u.name, c.language \
from (select message_id, position from knowledge_run_cases where proposal_id = $1 and is_changed is null \
      order by position limit $2) n \
join messages m on m.id = n.message_id \
join conversations c on c.id = m.conversation_id \
join customers u on u.id = c.customer_id \
cross join lateral current_ticket(c.id) t order by n.position";
const RESULT: &str = "\
update knowledge_run_cases set is_changed = $3, answer_before = $4, answer_after = $5 \
where proposal_id = $1 and message_id = $2";
/// Only the run that was leased: an edit begins anew.
const RETURN: &str = "\
update knowledge_proposals p \
set run_lease_until = null, run_failures = 0, \
    run_state = case when exists (select from knowledge_run_cases c \
                                  where c.proposal_id = p.id and c.is_changed is null) then 'running' else 'done' end \
where p.id = $1 and p.run_revision = $2 and p.run_state = 'running'";
const FAIL: &str = "\
update knowledge_proposals p \
set run_lease_until = now() + interval '5 seconds', run_failures = p.run_failures + 1, \
    run_state = case when p.run_failures + 1 >= $3 then 'failed' else 'running' end \
where p.id = $1 and p.run_revision = $2 and p.run_state = 'running'";
/// Searches of a transaction that changes sections: as on the connections for searches (`SEARCH_SETTINGS`).
const AS_SEARCHES: &str = "set local hnsw.iterative_scan = 'strict_order'";

impl ProposalRuns for PgStore {
    fn start_run(&self, order: RunOrder) -> StoreFuture<Result<ProposalAnswer, CrmError>> {
        Box::pin(start(self.pools.general.clone(), order))
    }

    fn lease_run(&self) -> StoreFuture<Result<Option<LeasedRun>, CrmError>> {
        Box::pin(lease(self.pools.general.clone()))
    }

    fn past_questions(&self, text: String, limit: i64) -> StoreFuture<Result<Vec<PastQuestion>, CrmError>> {
        Box::pin(past(self.pools.general.clone(), text, limit))
    }

    fn prepare_run(&self, run: LeasedRun, cases: Vec<MessageId>) -> StoreFuture<Result<(), CrmError>> {
        Box::pin(prepare(self.pools.general.clone(), run, cases))
    }

    fn next_cases(
        &self,
        proposal: ProposalId,
        limit: i64,
    ) -> StoreFuture<Result<Vec<PastQuestion>, CrmError>> {
        Box::pin(next(self.pools.general.clone(), proposal, limit))
    }

    fn search_with(
        &self,
        change: ArticleChange,
        questions: Vec<Question>,
        limit: i64,
    ) -> StoreFuture<Result<Vec<Findings>, CrmError>> {
        Box::pin(search_with(self.pools.general.clone(), change, questions, limit))
    }

    fn keep_results(&self, run: LeasedRun, results: Vec<CaseResult>) -> StoreFuture<Result<(), CrmError>> {
        Box::pin(keep(self.pools.general.clone(), run, results))
    }

    fn run_failed(&self, run: LeasedRun) -> StoreFuture<Result<(), CrmError>> {
        Box::pin(failed(self.pools.general.clone(), run))
    }
}

async fn start(pool: Pool, order: RunOrder) -> Result<ProposalAnswer, CrmError> {
    let RunOrder { proposal, by, cases, key } = order;
    let mut client = pool.get().await?;
    let transaction = client.transaction().await?;
    if let Some(earlier) = earlier(&transaction, by, key.as_ref()).await? {
        return Ok(earlier);
    }
    if let Some(refusal) = not_draft(&transaction, proposal).await? {
        return Ok(ProposalAnswer::Refused(refusal));
    }
    transaction.execute("delete from knowledge_run_cases where proposal_id = $1", &[&proposal.0]).await?;
    transaction.execute(START, &[&proposal.0, &i32::from(cases)]).await?;
    audit(&transaction, by, "proposal.run", proposal).await?;
    done(transaction, proposal, by, key.as_ref()).await
}

async fn lease(pool: Pool) -> Result<Option<LeasedRun>, CrmError> {
    let client = pool.get().await?;
    let row = client.query_opt(LEASE_ONE, &[&LEASE.as_secs_f64()]).await?;
    row.map(|row| {
        Ok(LeasedRun {
            proposal: ProposalId(row.try_get("id")?),
            revision: row.try_get("run_revision")?,
            content: ProposalContent {
                op: word(&row, "op")?,
                article: row.try_get("article_id")?,
                title: row.try_get("title")?,
                body: row.try_get("body")?,
                gap: row.try_get::<_, Option<Uuid>>("gap_id")?.map(GapId),
            },
            limit: row.try_get("run_limit")?,
            is_prepared: row.try_get("run_prepared")?,
        })
    })
    .transpose()
}

async fn past(pool: Pool, text: String, limit: i64) -> Result<Vec<PastQuestion>, CrmError> {
    let client = pool.get().await?;
    client.query(PAST, &[&text, &limit]).await?.iter().map(question).collect()
}

fn question(row: &Row) -> Result<PastQuestion, CrmError> {
    Ok(PastQuestion {
        message: MessageId(row.try_get("id")?),
        channel: word(row, "channel")?,
        text: row.try_get("content")?,
        subject: row.try_get("subject")?,
        customer_name: row.try_get("name")?,
        language: row.try_get("language")?,
    })
}

async fn prepare(pool: Pool, run: LeasedRun, cases: Vec<MessageId>) -> Result<(), CrmError> {
    let mut client = pool.get().await?;
    let transaction = client.transaction().await?;
    if transaction.execute(PREPARED, &[&run.proposal.0, &run.revision]).await? > 0 {
        let cases: Vec<Uuid> = cases.into_iter().map(|case| case.0).collect();
        transaction.execute(PREPARE, &[&run.proposal.0, &cases]).await?;
        transaction.execute(RETURN, &[&run.proposal.0, &run.revision]).await?;
        transaction.commit().await?;
    }
    Ok(())
}

async fn next(pool: Pool, proposal: ProposalId, limit: i64) -> Result<Vec<PastQuestion>, CrmError> {
    let client = pool.get().await?;
    client.query(NEXT, &[&proposal.0, &limit]).await?.iter().map(question).collect()
}

async fn search_with(
    pool: Pool,
    change: ArticleChange,
    questions: Vec<Question>,
    limit: i64,
) -> Result<Vec<Findings>, CrmError> {
    let mut client = pool.get().await?;
    let transaction = client.transaction().await?;
    overrides::lock(&transaction).await?;
    transaction.batch_execute(AS_SEARCHES).await?;
    overrides::apply(&transaction, &change, "").await?;
    let mut found = Vec::with_capacity(questions.len());
    for question in questions {
        found.push(search_in(&transaction, question, limit, Audience::Customers).await?);
    }
    transaction.rollback().await?;
    Ok(found)
}

async fn keep(pool: Pool, run: LeasedRun, results: Vec<CaseResult>) -> Result<(), CrmError> {
    let mut client = pool.get().await?;
    let transaction = client.transaction().await?;
    for CaseResult { message, changed } in results {
        let is_changed = changed.is_some();
        let (before, after) = changed.unwrap_or_default();
        transaction.execute(RESULT, &[&run.proposal.0, &message.0, &is_changed, &before, &after]).await?;
    }
    if transaction.execute(RETURN, &[&run.proposal.0, &run.revision]).await? > 0 {
        transaction.commit().await?;
    }
    Ok(())
}

async fn failed(pool: Pool, run: LeasedRun) -> Result<(), CrmError> {
    let client = pool.get().await?;
    client.execute(FAIL, &[&run.proposal.0, &run.revision, &MAX_FAILURES]).await?;
    Ok(())
}
