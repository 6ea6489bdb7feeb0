//! The audit log as admins read it. Pure.

use time::OffsetDateTime;
use uuid::Uuid;

use super::console::detail::PersonRef;
use super::ids::{ConversationId, StaffId};

/// Which part of the log is asked for, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditQuery {
    /// Inclusive.
    pub from: Option<OffsetDateTime>,
    /// Inclusive.
    pub to: Option<OffsetDateTime>,
    pub actor: Option<StaffId>,
    pub action: Option<String>,
    /// The last row of the page before.
    pub after: Option<AuditPosition>,
    pub limit: i64,
}

/// The place of a row in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuditPosition {
    pub at: OffsetDateTime,
    pub id: Uuid,
}

/// What an account did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRecord {
    pub id: Uuid,
    pub at: OffsetDateTime,
    pub actor: PersonRef,
    pub action: String,
    /// What kind of thing it was done to, and which.
    pub subject: (String, String),
    pub conversation: Option<ConversationId>,
}
