//! Tools of the console: parked messages, search, drafts, customers' files.

use deadpool_postgres::Pool;
use tokio_postgres::Row;
use tokio_postgres::types::Json;
use uuid::Uuid;

use super::super::PgStore;
use super::super::rows::{optional_word, word};
use super::super::views::customer_view;
use crate::crm::port::{CrmError, DeskTools, StoreFuture};
use crate::domain::console::detail::PersonRef;
use crate::domain::console::reads::{CustomerFile, DraftView, MergeView, ParkedView, SearchHit};
use crate::domain::ids::{ConversationId, CustomerId, DeadLetterId, StaffId};
use crate::domain::messages::inquiry::TicketNumber;

const PARKED: &str = "\
select l.id, l.conversation_id, l.reason, l.created_at, jsonb_build_object('id', u.id, 'name', u.name) as customer, \
       (select t.number from current_ticket(l.conversation_id) t) as number \
from dead_letters l join conversations c on c.id = l.conversation_id join customers u on u.id = c.customer_id \
where l.ended_at is null \
  and ($1::uuid is null or (l.created_at, l.id) > (select a.created_at, a.id from dead_letters a where a.id = $1)) \
order by l.created_at, l.id limit $2";

/// Hits of each kind that one search shows.
const HITS: i64 = 10;
/// The newest tickets, customers and addresses, which are looked through before all are.
const NEWEST: i64 = 2_000;
/// Matches of each kind among which the newest are looked for: what half of the database matches must not be read whole.
const READ: i64 = 5_000;
const SEARCH: &str = "\
select f.kind, f.id, f.conversation_id, f.number, f.title, f.snippet from search_desk($1, $2, $3, $4, $5, $6) f \
order by f.place, f.at desc, f.id";

const DRAFT: &str = "\
select coalesce(d.content, '') as content, d.channel, d.cc, d.bcc, coalesce(d.revision, 0) as revision \
from conversations c left join staff_drafts d on d.conversation_id = c.id and d.staff_id = $2 where c.id = $1";
const DROP_DRAFT: &str = "delete from staff_drafts where conversation_id = $1 and staff_id = $2";

const FILE: &str = "\
select u.id, u.name, u.metadata ->> 'plan' as plan, \
       coalesce((select jsonb_agg(jsonb_build_object('id', j.id, 'from', j.from_customer, 'at', rfc3339(j.created_at)) \
                                  order by j.created_at) \
                 from customer_joins j where j.into_customer = u.id and j.undone_at is null), '[]') as merges \
from customers u where u.id = $1";

impl DeskTools for PgStore {
    fn parked(
        &self,
        after: Option<DeadLetterId>,
        limit: i64,
    ) -> StoreFuture<Result<Vec<ParkedView>, CrmError>> {
        Box::pin(parked(self.pools.general.clone(), after, limit))
    }

    fn search_desk(&self, words: String) -> StoreFuture<Result<Vec<SearchHit>, CrmError>> {
        Box::pin(search(self.pools.general.clone(), words))
    }

    fn draft(
        &self,
        conversation: ConversationId,
        staff: StaffId,
    ) -> StoreFuture<Result<Option<DraftView>, CrmError>> {
        Box::pin(draft(self.pools.general.clone(), conversation, staff))
    }

    fn drop_draft(&self, conversation: ConversationId, staff: StaffId) -> StoreFuture<Result<(), CrmError>> {
        Box::pin(drop_draft(self.pools.general.clone(), conversation, staff))
    }

    fn customer_file(&self, customer: CustomerId) -> StoreFuture<Result<Option<CustomerFile>, CrmError>> {
        Box::pin(file(self.pools.general.clone(), customer))
    }
}

async fn parked(pool: Pool, after: Option<DeadLetterId>, limit: i64) -> Result<Vec<ParkedView>, CrmError> {
    let client = pool.get().await?;
    let rows = client.query(PARKED, &[&after.map(|after| after.0), &limit]).await?;
    rows.iter()
        .map(|row| {
            let Json(customer) = row.try_get::<_, Json<PersonRef>>("customer")?;
            Ok(ParkedView {
                id: row.try_get::<_, Uuid>("id")?.into(),
                conversation: row.try_get::<_, Uuid>("conversation_id")?.into(),
                ticket_number: TicketNumber(row.try_get("number")?).to_string(),
                customer,
                reason: row.try_get("reason")?,
                parked_at: row.try_get("created_at")?,
            })
        })
        .collect()
}

async fn search(pool: Pool, words: String) -> Result<Vec<SearchHit>, CrmError> {
    let client = pool.get().await?;
    let number = words.trim_start_matches(['T', 't']).trim_start_matches('-').parse::<i64>().ok();
    let rows = client.query(SEARCH, &[&words, &pattern(&words), &number, &HITS, &NEWEST, &READ]).await?;
    rows.iter().map(hit).collect()
}

/// The words as a part of a text, for `like`. None where an index of trigrams could not find them.
fn pattern(words: &str) -> Option<String> {
    let has_trigrams = words.chars().count() > 2 && words.contains(char::is_alphanumeric);
    has_trigrams.then(|| {
        let escaped = words.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        format!("%{escaped}%")
    })
}

fn hit(row: &Row) -> Result<SearchHit, CrmError> {
    let title: String = row.try_get("title")?;
    let number = row.try_get::<_, Option<i64>>("number")?.map(TicketNumber);
    Ok(SearchHit {
        kind: word(row, "kind")?,
        id: row.try_get("id")?,
        conversation: row.try_get::<_, Option<Uuid>>("conversation_id")?.map(ConversationId),
        title: number.map_or(title.clone(), |number| format!("{number} {title}")),
        snippet: row.try_get("snippet")?,
    })
}

async fn draft(
    pool: Pool,
    conversation: ConversationId,
    staff: StaffId,
) -> Result<Option<DraftView>, CrmError> {
    let client = pool.get().await?;
    let row = client.query_opt(DRAFT, &[&conversation.0, &staff.0]).await?;
    row.map(|row| {
        let list = |column: &str| row.try_get::<_, Option<Json<Vec<String>>>>(column);
        Ok(DraftView {
            text: row.try_get("content")?,
            channel: optional_word(&row, "channel")?,
            cc: list("cc")?.map(|Json(list)| list),
            bcc: list("bcc")?.map(|Json(list)| list),
            revision: row.try_get("revision")?,
        })
    })
    .transpose()
}

async fn drop_draft(pool: Pool, conversation: ConversationId, staff: StaffId) -> Result<(), CrmError> {
    let client = pool.get().await?;
    client.execute(DROP_DRAFT, &[&conversation.0, &staff.0]).await?;
    Ok(())
}

async fn file(pool: Pool, customer: CustomerId) -> Result<Option<CustomerFile>, CrmError> {
    let client = pool.get().await?;
    let Some(row) = client.query_opt(FILE, &[&customer.0]).await? else {
        return Ok(None);
    };
    let Json(merges) = row.try_get::<_, Json<Vec<MergeView>>>("merges")?;
    Ok(Some(CustomerFile {
        customer: customer_view(&client, &row).await?,
        plan: row.try_get("plan")?,
        merges,
    }))
}
