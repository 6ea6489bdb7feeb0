//! Data transfer objects of the audit log.

use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;
use uuid::Uuid;

use super::people::Person;
use crate::domain::audit::AuditRecord;
use crate::domain::ids::ConversationId;

/// A page of the audit log, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditList {
    pub items: Vec<AuditItem>,
    /// The value of `cursor` for the next page; null on the last one.
    #[schema(required)]
    pub next_cursor: Option<String>,
}

/// What an account did.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditItem {
    pub id: Uuid,
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    pub actor: Person,
    #[schema(example = "conversation.claimed")]
    pub action: String,
    pub subject: AuditSubject,
    #[schema(required)]
    pub conversation_id: Option<ConversationId>,
}

/// What it was done to.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditSubject {
    #[schema(example = "conversation")]
    pub kind: String,
    pub id: String,
}

impl From<AuditRecord> for AuditItem {
    fn from(record: AuditRecord) -> Self {
        let (kind, id) = record.subject;
        Self {
            id: record.id,
            at: record.at,
            actor: record.actor.into(),
            action: record.action,
            subject: AuditSubject { kind, id },
            conversation_id: record.conversation,
        }
    }
}
