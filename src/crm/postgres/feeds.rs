//! Inbound feeds: the cursor up to which a provider's list of messages has been read, and which of them are unknown.

use deadpool_postgres::Pool;

use super::PgStore;
use crate::crm::port::{CrmError, Cursor, Feeds, StoreFuture};
use crate::domain::enums::Channel;

impl Feeds for PgStore {
    fn read_cursor(
        &self,
        channel: Channel,
        account: String,
    ) -> StoreFuture<Result<Option<String>, CrmError>> {
        Box::pin(read_cursor(self.pools.general.clone(), channel, account))
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

async fn write_cursor(pool: Pool, cursor: Cursor) -> Result<(), CrmError> {
    let client = pool.get().await?;
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
             order by i.ord",
        )
        .await?;
    let rows = client.query(&statement, &[&channel.as_str(), &ids]).await?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}
