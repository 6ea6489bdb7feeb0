//! Read models: what customers and staff are shown of the records.

use deadpool_postgres::{Object, Pool};
use tokio_postgres::Row;
use uuid::Uuid;

use super::PgStore;
use super::console::detail;
use super::rows::word;
use crate::crm::port::{CrmError, StoreFuture, Views};
use crate::domain::customers::contact::Address;
use crate::domain::enums::Channel;
use crate::domain::ids::{AttachmentId, ConversationId, MessageId};
use crate::domain::messages::attachment::StoredFile;
use crate::domain::views::{
    ChannelMetrics, ConversationFound, ConversationLine, CustomerView, IdentifierView, PageRequest,
};

impl Views for PgStore {
    fn conversation(
        &self,
        id: ConversationId,
        request: PageRequest,
    ) -> StoreFuture<Result<ConversationFound, CrmError>> {
        Box::pin(detail::page(self.pools.general.clone(), id, request))
    }

    fn customer(&self, address: Address) -> StoreFuture<Result<Option<CustomerView>, CrmError>> {
        Box::pin(customer(self.pools.general.clone(), address))
    }

    fn stored_file(&self, attachment: AttachmentId) -> StoreFuture<Result<Option<StoredFile>, CrmError>> {
        Box::pin(stored_file(self.pools.general.clone(), attachment))
    }

    fn mail_source(&self, message: MessageId) -> StoreFuture<Result<Option<Vec<u8>>, CrmError>> {
        Box::pin(mail_source(self.pools.general.clone(), message))
    }

    fn channel_metrics(&self, hours: u32) -> StoreFuture<Result<Vec<(Channel, ChannelMetrics)>, CrmError>> {
        Box::pin(channel_metrics(self.pools.general.clone(), hours))
    }
}

/// A file that was fetched; `None` for any other.
async fn stored_file(pool: Pool, attachment: AttachmentId) -> Result<Option<StoredFile>, CrmError> {
    let client = pool.get().await?;
    let row = client
        .query_opt(
            "select content_type, size_bytes, sha256 from attachments where id = $1 and state = 'stored' \
             union all select content_type, size_bytes, sha256 from side_files where id = $1",
            &[&attachment.0],
        )
        .await?;
    row.map(|row| {
        Ok(StoredFile {
            content_type: row.try_get("content_type")?,
            size_bytes: row.try_get("size_bytes")?,
            sha256: row.try_get("sha256")?,
        })
    })
    .transpose()
}

async fn mail_source(pool: Pool, message: MessageId) -> Result<Option<Vec<u8>>, CrmError> {
    let client = pool.get().await?;
    let row = client
        .query_opt(
            "select raw_sha256 from message_emails \
             where message_id = $1 and raw_sha256 is not null and not is_copy limit 1",
            &[&message.0],
        )
        .await?;
    row.map(|row| Ok(row.try_get(0)?)).transpose()
}

async fn customer(pool: Pool, address: Address) -> Result<Option<CustomerView>, CrmError> {
    let client = pool.get().await?;
    let found = client
        .query_opt(
            "select u.id, u.name from customer_identifiers i join customers u on u.id = i.customer_id \
             where i.kind = $1 and i.value = $2",
            &[&address.kind().as_str(), &address.value()],
        )
        .await?;
    match found {
        Some(found) => customer_view(&client, &found).await.map(Some),
        None => Ok(None),
    }
}

/// The customer of a row with an id and a name.
pub(super) async fn customer_view(client: &Object, found: &Row) -> Result<CustomerView, CrmError> {
    let id: Uuid = found.try_get("id")?;
    let identifiers = client
        .query(
            "select kind, value, attested from customer_identifiers where customer_id = $1 order by kind, value",
            &[&id],
        )
        .await?;
    let conversations = client
        .query(
            "select id, channel, status, last_message_at from conversations where customer_id = $1 \
             order by last_message_at desc, id limit 200",
            &[&id],
        )
        .await?;
    Ok(CustomerView {
        customer_id: id.into(),
        name: found.try_get("name")?,
        identifiers: identifiers.iter().map(identifier_view).collect::<Result<_, _>>()?,
        conversations: conversations.iter().map(conversation_line).collect::<Result<_, _>>()?,
    })
}

fn identifier_view(row: &Row) -> Result<IdentifierView, CrmError> {
    Ok(IdentifierView {
        kind: word(row, "kind")?,
        value: row.try_get("value")?,
        attested: row.try_get("attested")?,
    })
}

fn conversation_line(row: &Row) -> Result<ConversationLine, CrmError> {
    Ok(ConversationLine {
        conversation_id: row.try_get::<_, Uuid>("id")?.into(),
        channel: word(row, "channel")?,
        status: word(row, "status")?,
        last_message_at: row.try_get("last_message_at")?,
    })
}

/// One row a channel that had anything in the window of the last `$1` hours.
const METRICS: &str = "\
with recent as (select now() - make_interval(hours => $1) as since), \
said as ( \
    select m.channel, count(distinct m.conversation_id) as conversations, \
           count(*) filter (where m.direction = 'inbound') as inbound, \
           count(*) filter (where m.direction = 'outbound' and m.kind <> 'note') as outbound, \
           avg(m.sentiment)::float8 as sentiment \
    from messages m, recent where m.created_at >= recent.since group by m.channel), \
handed as ( \
    select c.channel, count(*) as escalations \
    from escalations e join conversations c on c.id = e.conversation_id, recent \
    where e.created_at >= recent.since group by c.channel), \
timed as ( \
    select a.channel, avg(a.latency_ms)::float8 as latency \
    from agent_metrics a, recent where a.created_at >= recent.since group by a.channel) \
select said.channel, conversations, inbound, outbound, coalesce(escalations, 0) as escalations, latency, sentiment \
from said left join handed using (channel) left join timed using (channel)";

async fn channel_metrics(pool: Pool, hours: u32) -> Result<Vec<(Channel, ChannelMetrics)>, CrmError> {
    let client = pool.get().await?;
    let rows = client.query(METRICS, &[&i32::try_from(hours).unwrap_or(i32::MAX)]).await?;
    let mut metrics: Vec<_> =
        Channel::ALL.iter().map(|channel| (*channel, ChannelMetrics::default())).collect();
    for row in &rows {
        let channel: Channel = word(row, "channel")?;
        let Some((_, entry)) = metrics.iter_mut().find(|(known, _)| *known == channel) else {
            continue;
        };
        *entry = ChannelMetrics {
            conversations: row.try_get("conversations")?,
            inbound: row.try_get("inbound")?,
            outbound: row.try_get("outbound")?,
            escalations: row.try_get("escalations")?,
            avg_latency_ms: row.try_get("latency")?,
            avg_sentiment: row.try_get("sentiment")?,
        };
    }
    Ok(metrics)
}
