//! Attachments and the cursors of inbound feeds.

use std::time::Duration;

use deadpool_postgres::Pool;
use uuid::Uuid;

use crate::crm::port::CrmError;
use crate::crm::port::channels::{AttachmentEnd, Cursor, LeaseRequest, ToFetch};
use crate::domain::attachment::StoredFile;
use crate::domain::enums::Channel;
use crate::domain::ids::AttachmentId;

pub async fn claim(pool: Pool, claim: LeaseRequest) -> Result<Vec<ToFetch>, CrmError> {
    let client = pool.get().await?;
    let statement = client
        .prepare_cached(
            "select attachment_id, place, url, announced_type, attempt \
             from claim_attachments($1, $2, make_interval(secs => $3))",
        )
        .await?;
    let lease = claim.lease.as_secs_f64();
    let rows = client.query(&statement, &[&claim.channel.as_str(), &claim.limit, &lease]).await?;
    rows.iter()
        .map(|row| {
            Ok(ToFetch {
                attachment: row.try_get::<_, Uuid>("attachment_id")?.into(),
                position: row.try_get("place")?,
                url: row.try_get("url")?,
                announced_type: row.try_get("announced_type")?,
                attempt: row.try_get("attempt")?,
            })
        })
        .collect()
}

pub async fn settle(
    pool: Pool,
    attachment: AttachmentId,
    attempt: i16,
    end: AttachmentEnd,
) -> Result<(), CrmError> {
    let client = pool.get().await?;
    let statement = client
        .prepare_cached(
            "update attachments \
             set state = $3, note = $4, content_type = $5, size_bytes = $6, sha256 = $7, \
                 due_at = clock_timestamp() + make_interval(secs => $8), updated_at = now() \
             where id = $1 and attempts = $2 and state = 'pending'",
        )
        .await?;
    let (state, note, file, pause) = match &end {
        AttachmentEnd::Stored(file) => ("stored", None, Some(file), Duration::ZERO),
        AttachmentEnd::Refused(why) => ("refused", Some(why), None, Duration::ZERO),
        AttachmentEnd::Failed(why) => ("failed", Some(why), None, Duration::ZERO),
        AttachmentEnd::Later(why, pause) => ("pending", Some(why), None, *pause),
    };
    let (content_type, size, digest) =
        (file.map(|f| &f.content_type), file.map(|f| f.size_bytes), file.map(|f| f.sha256.as_slice()));
    let pause = pause.as_secs_f64();
    client
        .execute(&statement, &[&attachment.0, &attempt, &state, &note, &content_type, &size, &digest, &pause])
        .await?;
    Ok(())
}

/// A file that was fetched; `None` for any other.
pub async fn stored_file(pool: Pool, attachment: AttachmentId) -> Result<Option<StoredFile>, CrmError> {
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

pub async fn read_cursor(pool: Pool, channel: Channel, account: String) -> Result<Option<String>, CrmError> {
    let client = pool.get().await?;
    let row = client
        .query_opt(
            "select cursor from channel_cursors where channel = $1 and account = $2",
            &[&channel.as_str(), &account],
        )
        .await?;
    row.map(|row| Ok(row.try_get(0)?)).transpose()
}

pub async fn write_cursor(pool: Pool, cursor: Cursor) -> Result<(), CrmError> {
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

/// Which of these ids of messages the records do not have.
pub async fn unknown(pool: Pool, channel: Channel, ids: Vec<String>) -> Result<Vec<String>, CrmError> {
    let client = pool.get().await?;
    let statement = client
        .prepare_cached(
            "select i.id from unnest($2::text[]) with ordinality i (id, ord) \
             where not exists (select from messages m where m.channel = $1 and m.external_id = i.id) \
             order by i.ord",
        )
        .await?;
    let rows = client.query(&statement, &[&channel.as_str(), &ids]).await?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}
