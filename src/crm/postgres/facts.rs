//! Row mappers of tickets, messages and files, shared by the read models.

use serde::Deserialize;
use tokio_postgres::Row;
use tokio_postgres::types::Json;
use uuid::Uuid;

use super::rows::{optional_word, word};
use crate::crm::port::CrmError;
use crate::domain::messages::attachment::Attachment;
use crate::domain::messages::inquiry::TicketNumber;
use crate::domain::views::{AttachmentView, MessageView, TicketFacts};

pub fn ticket_facts(row: &Row) -> Result<TicketFacts, CrmError> {
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

pub fn message(row: &Row) -> Result<MessageView, CrmError> {
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

/// The files in a row that may have none.
pub fn attachments(row: &Row) -> Result<Vec<AttachmentView>, CrmError> {
    let files: Option<Json<Vec<FileRow>>> = row.try_get("attachments")?;
    Ok(files.into_iter().flat_map(|Json(files)| files).map(attachment).collect())
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
