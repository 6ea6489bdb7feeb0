//! Side conversations: what staff see of them, and the lease of the messages that wait to be sent.

use std::time::Duration;

use deadpool_postgres::Pool;
use tokio_postgres::Row;
use tokio_postgres::types::Json;
use uuid::Uuid;

use super::super::PgStore;
use super::super::rows::mismatch;
use crate::crm::port::{CrmError, SideConversations, StoreFuture};
use crate::domain::console::detail::PersonRef;
use crate::domain::console::side::{LeasedSideMessage, SideAttempt, SideMessageView, SideUpload, SideView};
use crate::domain::customers::contact::Email;
use crate::domain::ids::{SideId, SideMessageId};

/// Messages of a side conversation that are shown: the newest.
const SHOWN: i64 = 200;
const SIDE: &str = "\
select s.conversation_id, s.subject, s.recipients, s.created_at, person(s.staff_id) as author, \
       coalesce((select jsonb_agg(jsonb_build_object( \
                     'id', m.id, 'author', person(m.staff_id), 'sender', m.sender, 'attested', m.attested, \
                     'text', m.content, 'state', m.state, 'error', m.error, 'at', rfc3339(m.created_at), \
                     'files', (select coalesce(jsonb_agg(jsonb_build_object( \
                                   'id', f.id, 'name', f.name, 'content_type', f.content_type, \
                                   'size_bytes', f.size_bytes) order by f.position), '[]') \
                               from side_files f where f.message_id = m.id)) \
                     order by m.created_at, m.id) \
                 from (select * from side_messages n where n.side_id = s.id \
                       order by n.created_at desc, n.id desc limit $2) m), '[]') as messages \
from side_conversations s where s.id = $1";
const UPLOAD: &str = "\
insert into side_files (id, staff_id, name, content_type, size_bytes, sha256) values ($1, $2, $3, $4, $5, $6)";
const LEASE: &str = "select * from lease_side_messages($1, make_interval(secs => $2))";
const SETTLE: &str = "select settle_side_message($1, $2, $3, make_interval(secs => $4), $5)";

impl SideConversations for PgStore {
    fn side(&self, side: SideId) -> StoreFuture<Result<Option<SideView>, CrmError>> {
        Box::pin(side_view(self.pools.general.clone(), side))
    }

    fn keep_upload(&self, upload: SideUpload) -> StoreFuture<Result<(), CrmError>> {
        Box::pin(keep_upload(self.pools.general.clone(), upload))
    }

    fn lease_side_messages(
        &self,
        limit: i64,
        lease: Duration,
    ) -> StoreFuture<Result<Vec<LeasedSideMessage>, CrmError>> {
        Box::pin(lease_messages(self.pools.queues.clone(), limit, lease))
    }

    fn settle_side_message(
        &self,
        message: SideMessageId,
        attempt: i16,
        end: SideAttempt,
    ) -> StoreFuture<Result<(), CrmError>> {
        Box::pin(settle(self.pools.queues.clone(), message, attempt, end))
    }
}

async fn side_view(pool: Pool, side: SideId) -> Result<Option<SideView>, CrmError> {
    let client = pool.get().await?;
    let Some(row) = client.query_opt(SIDE, &[&side.0, &SHOWN]).await? else {
        return Ok(None);
    };
    let Json(author) = row.try_get::<_, Json<PersonRef>>("author")?;
    let Json(messages) = row.try_get::<_, Json<Vec<SideMessageView>>>("messages")?;
    Ok(Some(SideView {
        id: side,
        conversation: row.try_get::<_, Uuid>("conversation_id")?.into(),
        subject: row.try_get("subject")?,
        to: row.try_get("recipients")?,
        author,
        created_at: row.try_get("created_at")?,
        messages,
    }))
}

async fn keep_upload(pool: Pool, upload: SideUpload) -> Result<(), CrmError> {
    let SideUpload { id, by, name, file } = upload;
    let client = pool.get().await?;
    client
        .execute(UPLOAD, &[&id.0, &by.0, &name, &file.content_type, &file.size_bytes, &file.sha256])
        .await?;
    Ok(())
}

async fn lease_messages(pool: Pool, limit: i64, lease: Duration) -> Result<Vec<LeasedSideMessage>, CrmError> {
    let client = pool.get().await?;
    let rows = client.query(LEASE, &[&limit, &lease.as_secs_f64()]).await?;
    rows.iter().map(leased).collect()
}

fn leased(row: &Row) -> Result<LeasedSideMessage, CrmError> {
    let to: Vec<String> = row.try_get("recipients")?;
    let Json(files) = row.try_get("files")?;
    let to = to.iter().map(|address| Email::parse(address)).collect::<Result<_, _>>();
    Ok(LeasedSideMessage {
        id: row.try_get::<_, Uuid>("message_id")?.into(),
        attempt: row.try_get("attempt")?,
        text: row.try_get("content")?,
        subject: row.try_get("subject")?,
        to: to.map_err(mismatch)?,
        references: row.try_get("message_references")?,
        files,
    })
}

async fn settle(pool: Pool, message: SideMessageId, attempt: i16, end: SideAttempt) -> Result<(), CrmError> {
    let (is_sent, pause, error) = match end {
        SideAttempt::Sent => (true, None, None),
        SideAttempt::Later { why, pause } => (false, Some(pause.as_secs_f64()), Some(why)),
        SideAttempt::Failed { why } => (false, None, Some(why)),
    };
    let client = pool.get().await?;
    client.execute(SETTLE, &[&message.0, &attempt, &is_sent, &pause, &error]).await?;
    Ok(())
}
