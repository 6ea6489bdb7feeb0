//! Inbound feeds: the cursor up to which a provider's list of messages has been read, and which of them are unknown.

use deadpool_postgres::{GenericClient, Pool};

use super::PgStore;
use super::batch::{self, BatchError};
use super::inquiries::{self, StoreInquiries};
use crate::crm::port::{CrmError, Cursor, Feeds, StoreFuture};
use crate::domain::enums::Channel;
use crate::domain::messages::inquiry::{Inquiry, Stored};
use crate::failpoint::{Failpoint, reach};

impl Feeds for PgStore {
    fn read_cursor(
        &self,
        channel: Channel,
        account: String,
    ) -> StoreFuture<Result<Option<String>, CrmError>> {
        Box::pin(read_cursor(self.pools.general.clone(), channel, account))
    }

    fn store_messages(
        &self,
        messages: Vec<Inquiry>,
        cursor: Option<Cursor>,
    ) -> StoreFuture<Vec<Result<Stored, CrmError>>> {
        Box::pin(store_messages(self.pools.queues.clone(), messages, cursor))
    }

    fn write_cursor(&self, cursor: Cursor) -> StoreFuture<Result<(), CrmError>> {
        Box::pin(write_cursor(self.pools.general.clone(), cursor))
    }

    fn write_notice(
        &self,
        channel: Channel,
        account: String,
        position: String,
    ) -> StoreFuture<Result<(), CrmError>> {
        Box::pin(write_notice(self.pools.general.clone(), channel, account, position))
    }

    fn resolved_threads(&self, mailbox: String, limit: i64) -> StoreFuture<Result<Vec<String>, CrmError>> {
        Box::pin(resolved_threads(self.pools.queues.clone(), mailbox, limit))
    }

    fn write_archived(&self, mailbox: String, threads: Vec<String>) -> StoreFuture<Result<(), CrmError>> {
        Box::pin(write_archived(self.pools.general.clone(), mailbox, threads))
    }

    fn unknown_messages(
        &self,
        channel: Channel,
        ids: Vec<String>,
    ) -> StoreFuture<Result<Vec<String>, CrmError>> {
        Box::pin(unknown(self.pools.queues.clone(), channel, ids))
    }
}

async fn read_cursor(pool: Pool, channel: Channel, account: String) -> Result<Option<String>, CrmError> {
    let client = pool.get().await?;
    let row = client
        .query_opt(
            "select cursor from channel_cursors where channel = $1 and account = $2",
            &[&channel.as_str(), &account],
        )
        .await?;
    row.map(|row| Ok(row.try_get(0)?)).transpose()
}

async fn store_messages(
    pool: Pool,
    messages: Vec<Inquiry>,
    cursor: Option<Cursor>,
) -> Vec<Result<Stored, CrmError>> {
    match batch::repeated(|| together(&pool, &messages, cursor.as_ref())).await {
        Ok(stored) => stored.into_iter().map(Ok).collect(),
        // Only a bad row is the message's own fault.
        Err(error) if !matches!(error, CrmError::Invalid(_)) => {
            messages.iter().map(|_| Err(error.clone())).collect()
        }
        Err(error) => {
            tracing::warn!(%error, "messages of a feed can't be stored together; they are stored one by one");
            one_by_one(&pool, &messages, cursor).await
        }
    }
}

async fn together(
    pool: &Pool,
    messages: &[Inquiry],
    cursor: Option<&Cursor>,
) -> Result<Vec<Stored>, BatchError> {
    let mut client = pool.get().await.map_err(CrmError::from)?;
    let transaction = client.transaction().await?;
    let stored = inquiries::store(&transaction, messages).await?;
    reach(Failpoint::FeedWritten);
    if let Some(cursor) = cursor {
        move_cursor(&transaction, cursor).await?;
    }
    transaction.commit().await?;
    Ok(stored)
}

/// One of the messages is not acceptable: the others are stored without it.
async fn one_by_one(
    pool: &Pool,
    messages: &[Inquiry],
    cursor: Option<Cursor>,
) -> Vec<Result<Stored, CrmError>> {
    let mut stored = Vec::with_capacity(messages.len());
    for message in messages {
        stored.extend(batch::run(pool, std::slice::from_ref(message), &StoreInquiries).await);
    }
    let is_decided = |one: &Result<Stored, CrmError>| matches!(one, Ok(_) | Err(CrmError::Invalid(_)));
    if let Some(cursor) = cursor.filter(|_| stored.iter().all(is_decided))
        && let Err(error) = write_cursor(pool.clone(), cursor).await
    {
        tracing::warn!(%error, "could not move a cursor; the messages before it are read again");
    }
    stored
}

async fn write_cursor(pool: Pool, cursor: Cursor) -> Result<(), CrmError> {
    let client = pool.get().await?;
    Ok(move_cursor(&client, &cursor).await?)
}

async fn move_cursor(client: &impl GenericClient, cursor: &Cursor) -> Result<(), tokio_postgres::Error> {
    client
        .execute(
            "insert into channel_cursors (channel, account, cursor) values ($1, $2, $3) \
             on conflict (channel, account) do update set cursor = excluded.cursor, updated_at = now() \
             where channel_cursors.cursor = $4",
            &[&cursor.channel.as_str(), &cursor.account, &cursor.position, &cursor.from],
        )
        .await?;
    Ok(())
}

async fn write_notice(
    pool: Pool,
    channel: Channel,
    account: String,
    position: String,
) -> Result<(), CrmError> {
    let client = pool.get().await?;
    client
        .execute(
            "insert into feed_notices (channel, account, position) values ($1, $2, $3) \
             on conflict (channel, account) do update \
             set position = excluded.position, received_at = excluded.received_at",
            &[&channel.as_str(), &account, &position],
        )
        .await?;
    Ok(())
}

async fn resolved_threads(pool: Pool, mailbox: String, limit: i64) -> Result<Vec<String>, CrmError> {
    let client = pool.get().await?;
    let statement = client
        .prepare_cached(
            "select e.thread_id from message_emails e \
             join messages m on m.id = e.message_id \
             cross join lateral current_ticket(m.conversation_id) t \
             where e.mailbox = $1 and e.thread_id is not null and e.archived_at is null \
             group by e.thread_id having bool_and(t.status in ('resolved', 'closed')) \
             order by e.thread_id limit $2",
        )
        .await?;
    let rows = client.query(&statement, &[&mailbox, &limit]).await?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

async fn write_archived(pool: Pool, mailbox: String, threads: Vec<String>) -> Result<(), CrmError> {
    let client = pool.get().await?;
    client
        .execute(
            "update message_emails set archived_at = now() \
             where mailbox = $1 and thread_id = any ($2) and archived_at is null",
            &[&mailbox, &threads],
        )
        .await?;
    Ok(())
}

/// Which of these ids of messages the records do not have.
async fn unknown(pool: Pool, channel: Channel, ids: Vec<String>) -> Result<Vec<String>, CrmError> {
    let client = pool.get().await?;
    let statement = client
        .prepare_cached(
            "select i.id from unnest($2::text[]) with ordinality i (id, ord) \
             where not exists (select from messages m where m.channel = $1 and m.external_id = i.id) \
               and not ($1 = 'email' and exists ( \
                   select from message_emails e \
                   where e.mailbox = split_part(i.id, '/', 1) \
                     and e.provider_id = substr(i.id, length(split_part(i.id, '/', 1)) + 2))) \
               and not ($1 = 'email' and exists ( \
                   select from deliveries d \
                   where d.channel = 'email' \
                     and d.provider_id = substr(i.id, length(split_part(i.id, '/', 1)) + 2))) \
             order by i.ord",
        )
        .await?;
    let rows = client.query(&statement, &[&channel.as_str(), &ids]).await?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}
