//! Customers' rights: the statements of an export, and the functions of erasure and retention.

use std::time::Duration;

use deadpool_postgres::{Object, Pool, Transaction};
use tokio_postgres::types::{Json, ToSql};
use tokio_postgres::{IsolationLevel, Row};
use uuid::Uuid;

use super::PgStore;
use crate::crm::port::{CrmError, CustomerRights, StoreFuture};
use crate::domain::customers::rights::{
    CustomerExport, ErasureReceipt, ExportedFile, RETAINED_CONVERSATIONS, RETAINED_ROWS, Removed, Retention,
    RetentionRound,
};
use crate::domain::ids::{CustomerId, StaffId};
use crate::domain::runtime::timing::LONG_STATEMENT_TIMEOUT;

const EXPORTED: &str = "\
insert into audit_log (actor, action, subject_kind, subject_id) values ($1, 'customer.exported', 'customer', $2)";
/// An erasure touches all conversations of a customer at once, and the retention job a batch of them.
const LONG_TIMEOUT: &str = "select set_config('statement_timeout', $1, true)";
/// The name of the retention job.
const RETENTION: &str = "retention";

/// The rows of a table that belong to the customers `p.customers` or the conversations `p.conversations`, as JSON.
macro_rules! rows {
    ($table:literal, $condition:literal) => {
        rows!($table, $condition, "")
    };
    ($table:literal, $condition:literal, $without:literal) => {
        (
            $table,
            concat!(
                "with p as (select $1::uuid[] as customers, $2::uuid[] as conversations) \
                 select (to_jsonb(t)",
                $without,
                ")::text from ",
                $table,
                " t, p where ",
                $condition,
                " order by 1 limit $3"
            ),
        )
    };
}

/// Everything that is held of a customer. Secrets and digests are left out.
const TABLES: &[(&str, &str)] = &[
    rows!("customers", "t.id = any (p.customers)"),
    rows!("customer_identifiers", "t.customer_id = any (p.customers)"),
    rows!("customer_joins", "t.from_customer = any (p.customers) or t.into_customer = any (p.customers)"),
    rows!(
        "customer_sessions",
        "t.email in (select i.value from customer_identifiers i \
                     where i.kind = 'email' and i.customer_id = any (p.customers))",
        " - 'token_hash'"
    ),
    rows!("link_challenges", "t.customer_id = any (p.customers)", " - 'code_hash' - 'code_salt'"),
    rows!("api_tokens", "t.customer_id = any (p.customers)", " - 'token_hash'"),
    rows!("conversations", "t.id = any (p.conversations)"),
    rows!("tickets", "t.conversation_id = any (p.conversations)"),
    rows!(
        "ticket_ratings",
        "t.ticket_id in (select k.id from tickets k where k.conversation_id = any (p.conversations))"
    ),
    rows!(
        "ticket_subjects",
        "t.ticket_id in (select k.id from tickets k where k.conversation_id = any (p.conversations))"
    ),
    rows!("messages", "t.conversation_id = any (p.conversations)", " - 'fingerprint'"),
    rows!(
        "message_emails",
        "t.message_id in (select m.id from messages m where m.conversation_id = any (p.conversations)) \
         and t.message_id not in (select s.note_id from side_messages s where s.note_id is not null)",
        " - 'fingerprint'"
    ),
    rows!(
        "attachments",
        "t.message_id in (select m.id from messages m where m.conversation_id = any (p.conversations))"
    ),
    rows!("deliveries", "t.conversation_id = any (p.conversations)"),
    rows!(
        "delivery_failures",
        "t.delivery_id in (select d.id from deliveries d where d.conversation_id = any (p.conversations))"
    ),
    rows!(
        "message_feedback",
        "t.message_id in (select m.id from messages m where m.conversation_id = any (p.conversations))"
    ),
    rows!(
        "quality_reviews",
        "t.message_id in (select m.id from messages m where m.conversation_id = any (p.conversations))"
    ),
    rows!("staff_drafts", "t.conversation_id = any (p.conversations)"),
    rows!("suggestions", "t.conversation_id = any (p.conversations)"),
    rows!("conversation_summaries", "t.conversation_id = any (p.conversations)"),
    rows!("bulk_steps", "t.conversation_id = any (p.conversations)"),
    rows!(
        "conversation_merges",
        "t.source_id = any (p.conversations) or t.target_id = any (p.conversations)"
    ),
    // That there was one. The rest is between staff and third parties, whose data it is too.
    rows!("side_conversations", "t.conversation_id = any (p.conversations)", " - 'subject' - 'recipients'"),
    rows!("knowledge_questions", "t.conversation_id = any (p.conversations)", " - 'embedding'"),
    rows!(
        "knowledge_proposals",
        "t.ticket_id in (select k.id from tickets k where k.conversation_id = any (p.conversations))",
        " - 'embedding'"
    ),
    rows!(
        "knowledge_run_cases",
        "t.message_id in (select m.id from messages m where m.conversation_id = any (p.conversations))"
    ),
    rows!("turns", "t.conversation_id = any (p.conversations)"),
    rows!(
        "turn_steps",
        "t.turn_id in (select u.id from turns u where u.conversation_id = any (p.conversations))"
    ),
    rows!("agent_metrics", "t.conversation_id = any (p.conversations)"),
    rows!("escalations", "t.conversation_id = any (p.conversations)"),
    rows!("dead_letters", "t.conversation_id = any (p.conversations)"),
    rows!("audit_log", "t.conversation_id = any (p.conversations)"),
    rows!("erasures", "t.customer_id = any (p.customers)"),
];

const RECORDS: &str = "\
select s.customers, now() as at, \
       array(select c.id from conversations c where c.customer_id = any (s.customers)) as conversations \
from (select array(select r from records_of($1) r) as customers) s";

const FILES: &str = "\
select a.sha256, coalesce(a.content_type, a.announced_type), a.size_bytes from attachments a \
join messages m on m.id = a.message_id where m.conversation_id = any ($1) and a.sha256 is not null \
union \
select e.raw_sha256, 'message/rfc822', e.raw_bytes from message_emails e \
join messages m on m.id = e.message_id where m.conversation_id = any ($1) and e.raw_sha256 is not null \
  and not exists (select from side_messages s where s.note_id = e.message_id) \
order by 1";

/// What is referred to again since is not removed.
const UNUSED: &str = "\
with used as ( \
    delete from file_removals r \
    where exists (select from attachments a where a.sha256 = r.sha256) \
       or exists (select from message_emails e where e.raw_sha256 = r.sha256) \
       or exists (select from side_files s where s.sha256 = r.sha256) \
    returning r.sha256) \
select r.sha256 from file_removals r where not exists (select from used u where u.sha256 = r.sha256) \
order by r.requested_at limit $1";

const REMOVED: &str = "\
with gone as (delete from file_removals r where r.sha256 = $1) \
select exists (select from attachments a where a.sha256 = $1) \
    or exists (select from message_emails e where e.raw_sha256 = $1) \
    or exists (select from side_files s where s.sha256 = $1) as used";

const RETAIN: &str = "\
select apply_retention(make_interval(secs => $1), make_interval(secs => $2), make_interval(secs => $3), \
                       make_interval(secs => $4), make_interval(secs => $5), $6, \
                       make_interval(secs => $7)) as removed";

impl CustomerRights for PgStore {
    fn export(
        &self,
        customer: CustomerId,
        by: StaffId,
        limit: i64,
    ) -> StoreFuture<Result<Option<CustomerExport>, CrmError>> {
        Box::pin(export(self.pools.general.clone(), customer, by, limit))
    }

    fn erase(
        &self,
        customer: CustomerId,
        by: StaffId,
    ) -> StoreFuture<Result<Option<ErasureReceipt>, CrmError>> {
        Box::pin(erase(self.pools.general.clone(), customer, by))
    }

    fn retain(
        &self,
        retention: Retention,
        every: Duration,
    ) -> StoreFuture<Result<Option<RetentionRound>, CrmError>> {
        Box::pin(retain(self.pools.general.clone(), retention, every))
    }

    fn unused_files(&self, limit: i64) -> StoreFuture<Result<Vec<Vec<u8>>, CrmError>> {
        Box::pin(unused_files(self.pools.general.clone(), limit))
    }

    fn file_removed(&self, sha256: Vec<u8>) -> StoreFuture<Result<bool, CrmError>> {
        Box::pin(file_removed(self.pools.general.clone(), sha256))
    }
}

/// All rows of one moment: the transaction reads from one snapshot. Nobody gets them before the audit log says so.
async fn export(
    pool: Pool,
    customer: CustomerId,
    by: StaffId,
    limit: i64,
) -> Result<Option<CustomerExport>, CrmError> {
    let mut client = pool.get().await?;
    let start = client.build_transaction().isolation_level(IsolationLevel::RepeatableRead).read_only(true);
    let snapshot = start.start().await?;
    let row = snapshot.query_one(RECORDS, &[&customer.0]).await?;
    let (customers, conversations): (Vec<Uuid>, Vec<Uuid>) =
        (row.try_get("customers")?, row.try_get("conversations")?);
    if customers.is_empty() {
        return Ok(None);
    }
    let mut export = CustomerExport {
        customer,
        exported_at: row.try_get("at")?,
        tables: Vec::with_capacity(TABLES.len()),
        files: Vec::new(),
        is_truncated: false,
    };
    for (table, statement) in TABLES {
        let mut rows = snapshot.query(*statement, &[&customers, &conversations, &(limit + 1)]).await?;
        let kept = usize::try_from(limit).unwrap_or(usize::MAX);
        export.is_truncated |= rows.len() > kept;
        rows.truncate(kept);
        export.tables.push((table, rows.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?));
    }
    let files = snapshot.query(FILES, &[&conversations]).await?;
    export.files = files.iter().map(exported_file).collect::<Result<_, _>>()?;
    snapshot.commit().await?;
    client.execute(EXPORTED, &[&by.0, &customer.to_string()]).await?;
    Ok(Some(export))
}

fn exported_file(row: &Row) -> Result<ExportedFile, CrmError> {
    Ok(ExportedFile {
        sha256: row.try_get(0)?,
        content_type: row.try_get(1)?,
        size_bytes: row.try_get::<_, Option<i64>>(2)?.unwrap_or_default(),
    })
}

async fn erase(pool: Pool, customer: CustomerId, by: StaffId) -> Result<Option<ErasureReceipt>, CrmError> {
    let mut client = pool.get().await?;
    let transaction = client.transaction().await?;
    allow_long(&transaction).await?;
    let row = transaction
        .query_opt("select erased_at, counts from erase_customer($1, $2)", &[&customer.0, &by.0])
        .await?;
    let receipt = row.map(|row| {
        let Json(counts) = row.try_get("counts")?;
        Ok::<_, CrmError>(ErasureReceipt { erased_at: row.try_get("erased_at")?, counts })
    });
    let receipt = receipt.transpose()?;
    transaction.commit().await?;
    Ok(receipt)
}

async fn retain(
    pool: Pool,
    retention: Retention,
    every: Duration,
) -> Result<Option<RetentionRound>, CrmError> {
    let mut client = pool.get().await?;
    let transaction = client.transaction().await?;
    allow_long(&transaction).await?;
    let claim = "select claim_job($1, make_interval(secs => $2)) as claimed";
    let claimed = transaction.query_one(claim, &[&RETENTION, &every.as_secs_f64()]).await?;
    if !claimed.try_get::<_, bool>("claimed")? {
        return Ok(None);
    }
    let texts = Retention { messages: retention.messages, ..Retention::default() };
    let mut round = RetentionRound::default();
    remove(&transaction, texts, RETAINED_CONVERSATIONS, &mut round).await?;
    remove(&transaction, Retention { messages: None, ..retention }, RETAINED_ROWS, &mut round).await?;
    if round.has_more {
        let again = "update scheduled_jobs set due_at = now() where name = $1";
        transaction.execute(again, &[&RETENTION]).await?;
    }
    transaction.commit().await?;
    Ok(Some(round))
}

/// Removes at most `limit` of each kind that has a period, and of codes and sessions that are over.
async fn remove(
    transaction: &Transaction<'_>,
    retention: Retention,
    limit: i64,
    round: &mut RetentionRound,
) -> Result<(), CrmError> {
    let seconds = |period: Option<Duration>| period.map(|period| period.as_secs_f64());
    let Retention { messages, attachments, raw_mail, steps, audit, metrics } = retention;
    let [messages, attachments, raw_mail, steps, audit, metrics] =
        [messages, attachments, raw_mail, steps, audit, metrics].map(seconds);
    let periods: [&(dyn ToSql + Sync); 7] =
        [&messages, &attachments, &raw_mail, &steps, &audit, &limit, &metrics];
    let row = transaction.query_one(RETAIN, &periods).await?;
    let Json(removed): Json<Removed> = row.try_get("removed")?;
    for (kind, count) in removed {
        round.has_more |= count >= limit;
        *round.removed.entry(kind).or_default() += count;
    }
    Ok(())
}

async fn allow_long(transaction: &Transaction<'_>) -> Result<(), CrmError> {
    let limit = format!("{}ms", LONG_STATEMENT_TIMEOUT.as_millis());
    transaction.query_one(LONG_TIMEOUT, &[&limit]).await?;
    Ok(())
}

async fn unused_files(pool: Pool, limit: i64) -> Result<Vec<Vec<u8>>, CrmError> {
    let client: Object = pool.get().await?;
    let rows = client.query(UNUSED, &[&limit]).await?;
    Ok(rows.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?)
}

async fn file_removed(pool: Pool, sha256: Vec<u8>) -> Result<bool, CrmError> {
    let client = pool.get().await?;
    Ok(client.query_one(REMOVED, &[&sha256]).await?.try_get("used")?)
}
