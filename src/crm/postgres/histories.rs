//! Histories for programs: one statement reads the conversations with their newest messages, within the limits.

use deadpool_postgres::Pool;
use tokio_postgres::Row;
use uuid::Uuid;

use super::PgStore;
use super::facts::message;
use super::rows::{mismatch, optional_word, word};
use crate::crm::port::{CrmError, Histories, StoreFuture};
use crate::domain::customers::contact::Address;
use crate::domain::history::{
    ConversationHistory, ConversationOwner, CustomerContact, History, HistoryLimits, HistoryOf, shown_hands,
};
use crate::domain::ids::{ConversationId, CustomerId};
use crate::domain::messages::inquiry::TicketNumber;
use crate::domain::views::{MessageView, shown_status};

/// `$1` is the customer, `$2` the conversation; one of them may be null. Without a customer, the others of the named
/// conversation's customer are shown only where both are attested. `$3` conversations, `$4` messages of each, `$5`
/// bytes of text in all, of which the newest message of the first conversation is shown whatever its size.
///
/// `left_out` counts what the limits hide: messages of the conversations that are shown, and whether there are more
/// conversations.
const HISTORY: &str = "\
with named as ( \
    select c.id, c.customer_id, c.attested from conversations c \
    where c.id = $2 and ($1::uuid is null or c.customer_id = $1) \
), theirs as ( \
    select n.id from named n \
    union \
    select c.id from conversations c where c.customer_id = $1 and $2::uuid is null \
    union \
    select c.id from named n join conversations c on c.customer_id = n.customer_id \
    where $1 is null and n.attested and c.attested \
), found as ( \
    select c.id, c.channel, c.status, c.last_message_at, c.id is not distinct from $2 as is_named \
    from theirs t join conversations c on c.id = t.id \
    order by is_named desc, c.last_message_at desc, c.id limit $3::bigint + 1 \
), chosen as ( \
    select f.*, row_number() over (order by f.is_named desc, f.last_message_at desc, f.id) as place from found f \
), public as ( \
    select c.id as conversation_id, c.place, m.id, m.seq, m.role, m.kind, m.content, m.channel, m.created_at, \
           d.state, row_number() over (partition by c.id order by m.seq desc) as newest, \
           sum(octet_length(m.content)) over (order by c.place, m.seq desc) as bytes \
    from chosen c \
    join lateral ( \
        select * from messages m \
        where m.conversation_id = c.id and m.seq is not null and m.kind <> 'note' \
        order by m.seq desc limit $4::bigint + 1 \
    ) m on true \
    left join lateral ( \
        select d.state from deliveries d where d.message_id = m.id and d.resent_as is null \
        order by array_position(array['failed', 'withdrawn', 'pending', 'sending', 'sent', 'delivered', 'read'], \
                                d.state) limit 1 \
    ) d on true \
    where c.place <= $3 and coalesce(d.state, 'sent') not in ('pending', 'withdrawn') \
), shown as ( \
    select p.* from public p where p.newest <= $4 and (p.bytes <= $5::bigint or (p.place = 1 and p.newest = 1)) \
) \
select c.id as conversation_id, c.channel as conversation_channel, c.status as conversation_status, \
       status_before_pending(c.id) as status_before, \
       s.id, s.role, s.kind, s.content, s.channel, s.created_at, s.state, \
       (select count(*) from found) > $3 \
           or (select count(*) from public) > (select count(*) from shown) as left_out \
from chosen c left join shown s on s.conversation_id = c.id \
where c.place <= $3 order by c.place, s.seq";

const OWNER: &str = "\
select c.customer_id, t.id, t.number, t.subject, t.status, status_before_pending(c.id) as status_before \
from conversations c, current_ticket(c.id) t where c.id = $1";

/// An e-mail address first, because replies to it can be sent; then whatever else the customer is known by.
const CONTACT: &str = "\
select u.name, i.kind, i.value from customers u join customer_identifiers i on i.customer_id = u.id \
where u.id = $1 \
order by array_position(array['email', 'phone', 'provider_user'], i.kind), i.attested desc, i.created_at, i.value \
limit 1";

impl Histories for PgStore {
    fn history(
        &self,
        of: HistoryOf,
        limits: HistoryLimits,
    ) -> StoreFuture<Result<Option<History>, CrmError>> {
        Box::pin(history(self.pools.general.clone(), of, limits))
    }

    fn owner(
        &self,
        conversation: ConversationId,
    ) -> StoreFuture<Result<Option<ConversationOwner>, CrmError>> {
        Box::pin(owner(self.pools.general.clone(), conversation))
    }

    fn contact(&self, customer: CustomerId) -> StoreFuture<Result<Option<CustomerContact>, CrmError>> {
        Box::pin(contact(self.pools.general.clone(), customer))
    }
}

async fn history(pool: Pool, of: HistoryOf, limits: HistoryLimits) -> Result<Option<History>, CrmError> {
    let (customer, conversation) = match of {
        HistoryOf::Customer { customer, only } => (Some(customer.0), only.map(|id| id.0)),
        HistoryOf::Conversation(conversation) => (None, Some(conversation.0)),
    };
    let client = pool.get().await?;
    let statement = client.prepare_cached(HISTORY).await?;
    let HistoryLimits { conversations, messages, bytes } = limits;
    let rows =
        client.query(&statement, &[&customer, &conversation, &conversations, &messages, &bytes]).await?;
    if rows.is_empty() && conversation.is_some() {
        return Ok(None);
    }
    let mut history = History::default();
    for row in &rows {
        history.is_truncated = row.try_get("left_out")?;
        add(&mut history.conversations, row, of)?;
    }
    Ok(Some(history))
}

/// Rows of one conversation follow one another; one without messages has a row without a message.
fn add(conversations: &mut Vec<ConversationHistory>, row: &Row, of: HistoryOf) -> Result<(), CrmError> {
    let id = ConversationId(row.try_get("conversation_id")?);
    if conversations.last().is_none_or(|last| last.conversation_id != id) {
        let status = word(row, "conversation_status")?;
        let status = match of {
            HistoryOf::Customer { .. } => shown_hands(status, optional_word(row, "status_before")?),
            HistoryOf::Conversation(_) => status,
        };
        conversations.push(ConversationHistory {
            conversation_id: id,
            channel: word(row, "conversation_channel")?,
            status,
            messages: Vec::new(),
        });
    }
    if let (Some(last), Some(message)) = (conversations.last_mut(), shown_message(row)?) {
        last.messages.push(message);
    }
    Ok(())
}

fn shown_message(row: &Row) -> Result<Option<MessageView>, CrmError> {
    let is_there = row.try_get::<_, Option<Uuid>>("id")?.is_some();
    is_there.then(|| message(row)).transpose()
}

async fn owner(pool: Pool, conversation: ConversationId) -> Result<Option<ConversationOwner>, CrmError> {
    let client = pool.get().await?;
    let statement = client.prepare_cached(OWNER).await?;
    let row = client.query_opt(&statement, &[&conversation.0]).await?;
    row.map(|row| {
        let status = word(&row, "status")?;
        Ok(ConversationOwner {
            customer: row.try_get::<_, Uuid>("customer_id")?.into(),
            ticket: row.try_get::<_, Uuid>("id")?.into(),
            ticket_number: TicketNumber(row.try_get("number")?).to_string(),
            subject: row.try_get("subject")?,
            status,
            shown_status: shown_status(status, optional_word(&row, "status_before")?),
        })
    })
    .transpose()
}

async fn contact(pool: Pool, customer: CustomerId) -> Result<Option<CustomerContact>, CrmError> {
    let client = pool.get().await?;
    let statement = client.prepare_cached(CONTACT).await?;
    let row = client.query_opt(&statement, &[&customer.0]).await?;
    row.map(|row| {
        let value: String = row.try_get("value")?;
        Ok(CustomerContact {
            name: row.try_get("name")?,
            address: Address::parse(word(&row, "kind")?, &value).map_err(mismatch)?,
        })
    })
    .transpose()
}
