//! Customers' rights: what an export holds, what an erasure has done, and how long data is kept.

use std::collections::BTreeMap;
use std::time::Duration;

use time::OffsetDateTime;

use crate::domain::ids::CustomerId;

/// Everything that is held of a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerExport {
    pub customer: CustomerId,
    pub exported_at: OffsetDateTime,
    /// The rows of each table, each as a JSON object, in the order of the tables.
    pub tables: Vec<(&'static str, Vec<String>)>,
    /// The files beside the messages, each once.
    pub files: Vec<ExportedFile>,
    /// Whether a limit has left rows out.
    pub is_truncated: bool,
}

/// A file of the store of files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportedFile {
    pub sha256: Vec<u8>,
    pub content_type: String,
    pub size_bytes: i64,
}

/// The proof of an erasure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErasureReceipt {
    pub erased_at: OffsetDateTime,
    /// How many rows of each kind lost their content.
    pub counts: BTreeMap<String, i64>,
}

/// How long each kind of data is kept; `None` keeps it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Retention {
    /// After the last message of a closed conversation.
    pub messages: Option<Duration>,
    pub attachments: Option<Duration>,
    /// Mails as they came.
    pub raw_mail: Option<Duration>,
    /// Steps of turns, with prompts and answers of models.
    pub steps: Option<Duration>,
    pub audit: Option<Duration>,
    /// Latency, tokens and cost of turns.
    pub metrics: Option<Duration>,
}

/// How long the metrics of turns are kept, whatever is configured: longer than any window that they are asked for, which
/// is a year at most.
pub const METRICS_KEPT: Duration = Duration::from_secs(400 * 24 * 60 * 60);

/// What one run of the retention job has removed, of each kind.
pub type Removed = BTreeMap<String, i64>;

/// One run of the retention job.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RetentionRound {
    pub removed: Removed,
    /// A batch was full, so that there may be more.
    pub has_more: bool,
}

/// Conversations that one run takes the texts out of. Each may have thousands of messages.
pub const RETAINED_CONVERSATIONS: i64 = 50;
/// Rows of each other kind that one run removes.
pub const RETAINED_ROWS: i64 = 500;
