//! Read models: what customers and staff are shown of the records.

use deadpool_postgres::Pool;
use serde::Deserialize;
use tokio_postgres::Row;
use tokio_postgres::types::Json;
use uuid::Uuid;

use super::PgStore;
use super::rows::{optional_word, word};
use crate::crm::port::{CrmError, StoreFuture, Views};
use crate::domain::customers::contact::Address;
use crate::domain::enums::Channel;
use crate::domain::ids::{AttachmentId, ConversationId, MessageId};
use crate::domain::knowledge::Source;
use crate::domain::messages::attachment::{Attachment, StoredFile};
use crate::domain::messages::inquiry::TicketNumber;
use crate::domain::views::{
    AttachmentView, ChannelMetrics, ConversationLine, ConversationView, CustomerView, DeliveryView,
    IdentifierView, MailView, MessageView, StaffMessageView, TicketFacts, ToolView,
};

/// Where an outbound message has several parts, its delivery is as far as the part that is least far.
const MESSAGES: &str = "\
select m.id, m.role, m.kind, m.content, m.channel, m.created_at, d.state, m.sources, m.tool_calls, m.tokens, \
       m.latency_ms, m.model, d.error, \
       case when m.channel <> 'web_form' then ( \
           select jsonb_agg(jsonb_build_object( \
               'id', a.id, 'content_type', coalesce(a.content_type, a.announced_type), \
               'size_bytes', a.size_bytes, 'state', a.state, 'note', a.note) order by a.position) \
           from attachments a where a.message_id = m.id) end as attachments, \
       (select jsonb_agg(jsonb_build_object( \
            'id', p.id, 'channel', p.channel, 'state', p.state, \
            'to', case when p.channel = 'web_form' then '[]' else ( \
                select coalesce(jsonb_agg(t.address), '[]') from ( \
                    select coalesce(p.address, (select o.value from address_of(p.conversation_id, p.channel) o)) \
                    union all select jsonb_array_elements_text(p.recipients -> 'to')) t (address) \
                where t.address is not null) end, \
            'cc', coalesce(p.recipients -> 'cc', '[]'), 'bcc', coalesce(p.recipients -> 'bcc', '[]'), \
            'in_doubt', p.state = 'sending' and p.lease_until < clock_timestamp() \
                or p.state = 'failed' and p.cause is null and p.unresolved_attempts > 0, \
            'send_at', case when p.state = 'pending' then rfc3339(p.not_before) end, \
            'failed', (select coalesce(jsonb_agg(jsonb_build_object( \
                           'address', f.address, 'cause', f.cause, 'detail', f.detail) order by f.address), '[]') \
                       from delivery_failures f where f.delivery_id = p.id)) order by p.part) \
        from deliveries p where p.message_id = m.id) as deliveries, \
       case when m.channel = 'email' then ( \
           select jsonb_build_object( \
               'authentication', e.authentication, 'unanswered', e.reason, 'remarks', coalesce(e.remarks, '[]'), \
               'full_text', e.full_text, 'has_source', e.raw_sha256 is not null) \
           from message_emails e where e.message_id = m.id and not e.is_copy limit 1) end as mail \
from messages m \
left join lateral ( \
    select d.state, d.error from deliveries d where d.message_id = m.id \
    order by array_position(array['failed', 'withdrawn', 'pending', 'sending', 'sent', 'delivered', 'read'], d.state) \
    limit 1 \
) d on true \
where m.conversation_id = $1 order by m.seq";

impl Views for PgStore {
    fn conversation(&self, id: ConversationId) -> StoreFuture<Result<Option<ConversationView>, CrmError>> {
        Box::pin(conversation(self.pools.general.clone(), id))
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

async fn conversation(pool: Pool, id: ConversationId) -> Result<Option<ConversationView>, CrmError> {
    let client = pool.get().await?;
    let statement = client
        .prepare_cached(
            "select c.customer_id, c.channel as channel, c.status as conversation_status, c.sentiment, \
                    t.id, t.number, t.status, t.subject, t.category, t.priority, t.created_at, t.updated_at, \
                    t.resolved_at \
             from conversations c, current_ticket(c.id) t where c.id = $1",
        )
        .await?;
    let Some(row) = client.query_opt(&statement, &[&id.0]).await? else {
        return Ok(None);
    };
    let statement = client.prepare_cached(MESSAGES).await?;
    let messages = client.query(&statement, &[&id.0]).await?;
    Ok(Some(ConversationView {
        conversation_id: id,
        customer_id: row.try_get::<_, Uuid>("customer_id")?.into(),
        channel: word(&row, "channel")?,
        status: word(&row, "conversation_status")?,
        sentiment: row.try_get("sentiment")?,
        ticket: ticket_facts(&row)?,
        messages: messages.iter().map(staff_message).collect::<Result<_, _>>()?,
    }))
}

pub(super) fn ticket_facts(row: &Row) -> Result<TicketFacts, CrmError> {
    Ok(TicketFacts {
        ticket_id: row.try_get::<_, Uuid>("id")?.into(),
        ticket_number: TicketNumber(row.try_get("number")?).to_string(),
        status: word(row, "status")?,
        subject: row.try_get("subject")?,
        category: word(row, "category")?,
        priority: word(row, "priority")?,
        channel: word(row, "channel")?,
        created_at: row.try_get("created_at")?,
        updated_at: row.try_get("updated_at")?,
        resolved_at: row.try_get("resolved_at")?,
    })
}

pub(super) fn message(row: &Row) -> Result<MessageView, CrmError> {
    Ok(MessageView {
        id: row.try_get::<_, Uuid>("id")?.into(),
        role: word(row, "role")?,
        kind: word(row, "kind")?,
        content: row.try_get("content")?,
        channel: word(row, "channel")?,
        created_at: row.try_get("created_at")?,
        delivery_status: optional_word(row, "state")?,
    })
}

fn staff_message(row: &Row) -> Result<StaffMessageView, CrmError> {
    let sources: Option<Json<Vec<Source>>> = row.try_get("sources")?;
    let tools: Option<Json<Vec<ToolView>>> = row.try_get("tool_calls")?;
    let attachments: Option<Json<Vec<FileRow>>> = row.try_get("attachments")?;
    let deliveries: Option<Json<Vec<DeliveryView>>> = row.try_get("deliveries")?;
    let mail: Option<Json<MailView>> = row.try_get("mail")?;
    Ok(StaffMessageView {
        message: message(row)?,
        sources: sources.map(|Json(sources)| sources).unwrap_or_default(),
        tool_calls: tools.map(|Json(tools)| tools).unwrap_or_default(),
        tokens: row.try_get("tokens")?,
        latency_ms: row.try_get("latency_ms")?,
        model: row.try_get("model")?,
        attachments: attachments.into_iter().flat_map(|Json(files)| files).map(attachment).collect(),
        delivery_error: row.try_get("error")?,
        deliveries: deliveries.map(|Json(deliveries)| deliveries).unwrap_or_default(),
        mail: mail.map(|Json(mail)| mail),
    })
}

/// A file as the query packs it.
#[derive(Deserialize)]
struct FileRow {
    id: Uuid,
    #[serde(flatten)]
    file: Attachment,
    note: Option<String>,
}

fn attachment(row: FileRow) -> AttachmentView {
    AttachmentView { id: row.id.into(), description: row.file.to_string(), file: row.file, note: row.note }
}

/// A file that was fetched; `None` for any other.
async fn stored_file(pool: Pool, attachment: AttachmentId) -> Result<Option<StoredFile>, CrmError> {
    let client = pool.get().await?;
    let row = client
        .query_opt(
            "select content_type, size_bytes, sha256 from attachments where id = $1 and state = 'stored'",
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
    let Some(found) = found else {
        return Ok(None);
    };
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
    Ok(Some(CustomerView {
        customer_id: id.into(),
        name: found.try_get("name")?,
        identifiers: identifiers.iter().map(identifier_view).collect::<Result<_, _>>()?,
        conversations: conversations.iter().map(conversation_line).collect::<Result<_, _>>()?,
    }))
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
