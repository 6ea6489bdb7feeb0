//! Attachments: leasing the files that are to be fetched, and what became of them.

use std::time::Duration;

use deadpool_postgres::Pool;
use uuid::Uuid;

use super::PgStore;
use crate::crm::port::{AttachmentEnd, Attachments, CrmError, LeaseRequest, StoreFuture, ToFetch};
use crate::domain::ids::AttachmentId;

impl Attachments for PgStore {
    fn lease_attachments(&self, request: LeaseRequest) -> StoreFuture<Result<Vec<ToFetch>, CrmError>> {
        Box::pin(lease_attachments(self.pools.queues.clone(), request))
    }

    fn settle_attachment(
        &self,
        attachment: AttachmentId,
        attempt: i16,
        end: AttachmentEnd,
    ) -> StoreFuture<Result<(), CrmError>> {
        Box::pin(settle_attachment(self.pools.general.clone(), attachment, attempt, end))
    }
}

async fn lease_attachments(pool: Pool, request: LeaseRequest) -> Result<Vec<ToFetch>, CrmError> {
    let client = pool.get().await?;
    let statement = client
        .prepare_cached(
            "select attachment_id, place, url, announced_type, attempt \
             from lease_attachments($1, $2, make_interval(secs => $3))",
        )
        .await?;
    let lease = request.lease.as_secs_f64();
    let rows = client.query(&statement, &[&request.channel.as_str(), &request.limit, &lease]).await?;
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

async fn settle_attachment(
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
