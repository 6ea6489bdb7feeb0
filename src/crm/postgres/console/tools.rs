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

/// Hits of each kind that one search shows, and messages and rows of other kinds among which the newest are looked for:
/// what half of the database matches must not be read whole.
const HITS: i64 = 10;
const MESSAGES_READ: i64 = 500;
const ROWS_READ: i64 = 2_000;
/// `$1` the words, `$2` them as a pattern, null if they are too short for one, `$3` a ticket's number.
const SEARCH: &str = "\
with found_messages as ( \
    select m.id, m.conversation_id, m.content, m.created_at from messages m \
    where to_tsvector('simple', left(m.content, 20000)) @@ plainto_tsquery('simple', $1) and m.seq is not null \
    limit $5::bigint \
), found_tickets as materialized ( \
    select t.* from ticket_subjects s join tickets t on t.id = s.ticket_id \
    where s.subject ilike $2 and t.number is distinct from $3 limit $6::bigint \
), found_names as materialized ( \
    select u.id, u.created_at from customers u where u.name ilike $2 limit $6 \
), found_addresses as materialized ( \
    select i.customer_id, i.created_at from customer_identifiers i where i.value ilike $2 limit $6 \
) \
(select 1 as place, 'conversation' as kind, t.conversation_id::text as id, t.conversation_id, t.number, t.subject as title, \
        u.name as snippet, t.created_at as at \
 from tickets t join conversations c on c.id = t.conversation_id join customers u on u.id = c.customer_id \
 where t.number = $3) \
  union all \
(select 2, 'conversation', t.conversation_id::text, t.conversation_id, t.number, t.subject, u.name, t.created_at \
 from (select f.* from found_tickets f order by f.created_at desc limit $4::bigint) t \
 join conversations c on c.id = t.conversation_id join customers u on u.id = c.customer_id) \
  union all \
(select 3, 'customer', u.id::text, null, null, u.name, \
        coalesce((select string_agg(i.value, ', ' order by i.value) from customer_identifiers i \
                  where i.customer_id = u.id), ''), u.created_at \
 from customers u \
 where u.id in ((select f.id from found_names f order by f.created_at desc limit $4) \
                union (select f.customer_id from found_addresses f order by f.created_at desc limit $4)) \
 order by u.created_at desc limit $4) \
  union all \
(select 4, 'message', m.id::text, m.conversation_id, t.number, t.subject, \
        ts_headline('simple', left(m.content, 2000), plainto_tsquery('simple', $1), \
                    'StartSel=\"\", StopSel=\"\", MaxFragments=1, MaxWords=30, MinWords=10'), m.created_at \
 from (select f.* from found_messages f order by f.created_at desc limit $4) m \
 cross join lateral current_ticket(m.conversation_id) t) \
  union all \
(select 5, 'article', k.id, null, null, k.title, left(k.content, 200), k.updated_at \
 from knowledge_base k where k.words @@ plainto_tsquery('english', $1) \
 order by ts_rank(k.words, plainto_tsquery('english', $1)) desc, k.id limit $4) \
order by place, at desc, id";

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
    let pattern = (words.chars().count() > 2).then(|| format!("%{}%", escaped(&words)));
    // Planned for these words: a plan for any words would read all messages for those that few have.
    let rows = client.query(SEARCH, &[&words, &pattern, &number, &HITS, &MESSAGES_READ, &ROWS_READ]).await?;
    rows.iter().map(hit).collect()
}

/// What `like` takes as it is.
fn escaped(words: &str) -> String {
    words.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
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
