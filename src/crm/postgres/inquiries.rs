//! Inquiries: storing what customers sent, and acknowledging those that wait long for an answer.

use std::time::Duration;

use deadpool_postgres::{GenericClient, Object, Pool};
use tokio_postgres::Row;
use tokio_postgres::types::{Json, ToSql};
use uuid::Uuid;

use super::PgStore;
use super::batch::{self, BatchError, BatchFunction};
use super::rows::{mismatch, word};
use crate::clock;
use crate::crm::port::{CrmError, Inquiries, StoreFuture};
use crate::domain::conversations::delay::{Delay, DelayNotice};
use crate::domain::customers::contact::Phone;
use crate::domain::messages::inquiry::{
    Attestation, Extras, Freshness, Inquiry, MAX_UNSETTLED, REUSE_WITHIN, Receipt, Stored, Thread,
    TicketNumber,
};

const SQL: &str = "select verdict, message_id, conversation_id, ticket_id, ticket_number, status, stored_at \
     from store_inquiries($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, \
     make_interval(secs => $19), $20, $21)";

impl Inquiries for PgStore {
    fn store_inquiries(&self, batch: Vec<Inquiry>) -> StoreFuture<Vec<Result<Stored, CrmError>>> {
        Box::pin(store_inquiries(self.pools.intake.clone(), batch))
    }

    fn find_delays(&self, older_than: Duration, limit: i64) -> StoreFuture<Result<Vec<Delay>, CrmError>> {
        Box::pin(find_delays(self.pools.general.clone(), older_than, limit))
    }

    fn acknowledge_delays(&self, notices: Vec<DelayNotice>) -> StoreFuture<Result<u64, CrmError>> {
        Box::pin(acknowledge_delays(self.pools.general.clone(), notices))
    }
}

/// Stores a batch in one transaction. Each external id may occur once in it.
async fn store_inquiries(pool: Pool, batch: Vec<Inquiry>) -> Vec<Result<Stored, CrmError>> {
    batch::run(&pool, &batch, &StoreInquiries).await
}

pub(super) struct StoreInquiries;

impl BatchFunction<Inquiry, Stored> for StoreInquiries {
    async fn run(&self, client: &Object, members: &[Inquiry]) -> Result<Vec<Stored>, BatchError> {
        store(client, members).await
    }
}

/// Stores a batch by one statement.
pub(super) async fn store(
    client: &impl GenericClient,
    members: &[Inquiry],
) -> Result<Vec<Stored>, BatchError> {
    let statement = client.prepare_cached(SQL).await?;
    let columns = InquiryColumns::of(members);
    let limits = InquiryLimits { reuse_within_s: REUSE_WITHIN.as_secs_f64(), max_unsettled: MAX_UNSETTLED };
    let rows = client.query(&statement, &columns.parameters(&limits)).await?;
    rows.iter().map(|row| stored(row).map_err(BatchError::from)).collect()
}

/// The limits that the batch function takes.
struct InquiryLimits {
    reuse_within_s: f64,
    max_unsettled: i32,
}

/// The arrays that the batch function takes, one entry an inquiry.
#[derive(Default)]
struct InquiryColumns<'a> {
    message: Vec<Uuid>,
    channel: Vec<&'a str>,
    external: Vec<&'a str>,
    fingerprint: Vec<&'a [u8]>,
    content: Vec<&'a str>,
    opens: Vec<bool>,
    ticket: Vec<Uuid>,
    conversation: Vec<Option<Uuid>>,
    customer: Vec<Option<Uuid>>,
    kind: Vec<Option<&'a str>>,
    value: Vec<Option<&'a str>>,
    attested: Vec<bool>,
    name: Vec<Option<&'a str>>,
    subject: Vec<Option<&'a str>>,
    category: Vec<Option<&'a str>>,
    priority: Vec<Option<&'a str>>,
    phone: Vec<Option<&'a str>>,
    /// `None` as long as no message has any.
    extras: Option<Vec<Option<Json<&'a Extras>>>>,
    /// `None` as long as no message answers another.
    replies: Option<Vec<Option<Json<&'a [String]>>>>,
}

impl<'a> InquiryColumns<'a> {
    fn of(members: &'a [Inquiry]) -> Self {
        let mut columns = Self::default();
        for inquiry in members {
            columns.push(inquiry);
        }
        if members.iter().any(|inquiry| !inquiry.extras.is_empty()) {
            let extras = members.iter().map(|inquiry| &inquiry.extras);
            columns.extras =
                Some(extras.map(|extras| (!extras.is_empty()).then_some(Json(extras))).collect());
        }
        if members.iter().any(|inquiry| !inquiry.replies_to().is_empty()) {
            let replies = members.iter().map(Inquiry::replies_to);
            columns.replies =
                Some(replies.map(|replies| (!replies.is_empty()).then_some(Json(replies))).collect());
        }
        columns
    }

    fn parameters<'b>(&'b self, limits: &'b InquiryLimits) -> [&'b (dyn ToSql + Sync); 21] {
        [
            &self.message,
            &self.channel,
            &self.external,
            &self.fingerprint,
            &self.content,
            &self.opens,
            &self.ticket,
            &self.conversation,
            &self.customer,
            &self.kind,
            &self.value,
            &self.attested,
            &self.name,
            &self.subject,
            &self.category,
            &self.priority,
            &self.phone,
            &self.extras,
            &limits.reuse_within_s,
            &self.replies,
            &limits.max_unsettled,
        ]
    }

    fn push(&mut self, inquiry: &'a Inquiry) {
        let opening = inquiry.opening();
        self.message.push(inquiry.message.0);
        self.channel.push(inquiry.channel.as_str());
        self.external.push(&inquiry.external_id);
        self.fingerprint.push(&inquiry.fingerprint);
        self.content.push(&inquiry.text);
        self.opens.push(opening.is_some());
        self.ticket.push(match &inquiry.thread {
            Thread::Opens(opening) | Thread::Replies { opening, .. } => opening.ticket.0,
            Thread::Continues(ticket) => ticket.0,
            // No ticket has this id: what no conversation is found for is not stored.
            Thread::ByStaff { .. } => Uuid::nil(),
        });
        self.conversation.push(opening.map(|opening| opening.conversation.0));
        self.customer.push(opening.map(|opening| opening.customer.0));
        self.kind.push(opening.map(|opening| opening.sender.address.kind().as_str()));
        self.value.push(opening.map(|opening| opening.sender.address.value()));
        self.attested.push(opening.is_some_and(|opening| match opening.sender.attestation {
            Attestation::Attested => true,
            Attestation::Unverified => false,
        }));
        self.name.push(opening.map(|opening| opening.sender.name.as_str()));
        self.subject.push(opening.map(|opening| opening.subject.as_str()));
        self.category.push(opening.map(|opening| opening.category.as_str()));
        self.priority.push(opening.map(|opening| opening.priority.as_str()));
        self.phone.push(opening.and_then(|opening| opening.contact_phone.as_ref()).map(Phone::as_str));
    }
}

fn stored(row: &Row) -> Result<Stored, CrmError> {
    let freshness = match row.try_get::<_, &str>("verdict")? {
        "new" => Freshness::New,
        "repeated" => Freshness::Repeated,
        "conflict" => return Ok(Stored::Conflict),
        "no_ticket" => return Ok(Stored::NoTicket),
        "closed" => return Ok(Stored::TicketClosed),
        "full" => return Ok(Stored::TicketFull),
        other => return Err(mismatch(format_args!("verdict `{other}`"))),
    };
    Ok(Stored::Accepted(Receipt {
        message: row.try_get::<_, Uuid>("message_id")?.into(),
        conversation: row.try_get::<_, Uuid>("conversation_id")?.into(),
        ticket: row.try_get::<_, Uuid>("ticket_id")?.into(),
        ticket_number: TicketNumber(row.try_get("ticket_number")?),
        status: word(row, "status")?,
        stored_at: row.try_get("stored_at")?,
        freshness,
    }))
}

/// Those who have waited at least `older_than` and were not told yet, the longest silence first.
///
/// A customer who has opted out gets nothing.
async fn find_delays(pool: Pool, older_than: Duration, limit: i64) -> Result<Vec<Delay>, CrmError> {
    let client = pool.get().await?;
    let statement = client
        .prepare_cached(
            "select c.id, c.answered_through, c.channel, u.name, t.number \
             from conversations c \
             join customers u on u.id = c.customer_id \
             cross join lateral current_ticket(c.id) t \
             where c.status = 'active' and c.answered_through < c.last_inbound \
               and c.delay_acknowledged <= c.answered_through \
               and exists (select from messages m \
                           where m.conversation_id = c.id and m.seq > c.answered_through \
                             and m.direction = 'inbound' and m.answered_by is null \
                             and not exists (select from message_emails e \
                                             where e.message_id = m.id and e.reason is not null) \
                             and m.created_at < clock_timestamp() - make_interval(secs => $1)) \
               and not exists (select from opt_outs(c.customer_id, c.channel)) \
             order by c.last_message_at limit $2",
        )
        .await?;
    client.query(&statement, &[&older_than.as_secs_f64(), &limit]).await?.iter().map(delay).collect()
}

fn delay(row: &Row) -> Result<Delay, CrmError> {
    Ok(Delay {
        conversation: row.try_get::<_, Uuid>("id")?.into(),
        answered_through: row.try_get("answered_through")?,
        channel: word(row, "channel")?,
        customer_name: row.try_get("name")?,
        ticket: TicketNumber(row.try_get("number")?),
    })
}

/// Tells them, but for those who wait no longer; how many were told.
async fn acknowledge_delays(pool: Pool, notices: Vec<DelayNotice>) -> Result<u64, CrmError> {
    let client = pool.get().await?;
    let statement = client.prepare_cached("select acknowledge_delays($1, $2, $3, $4, $5)").await?;
    let conversations: Vec<Uuid> = notices.iter().map(|notice| notice.conversation.0).collect();
    let answered: Vec<i64> = notices.iter().map(|notice| notice.answered_through).collect();
    let texts: Vec<&str> = notices.iter().map(|notice| notice.text.as_str()).collect();
    let ids = || notices.iter().map(|_| clock::new_v7()).collect::<Vec<Uuid>>();
    let row = client.query_one(&statement, &[&conversations, &answered, &texts, &ids(), &ids()]).await?;
    Ok(row.try_get::<_, i64>(0)?.unsigned_abs())
}
