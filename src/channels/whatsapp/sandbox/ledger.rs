//! Ledger of everything that the fake Twilio server accepted and was asked.

use serde::Serialize;
use time::OffsetDateTime;

use super::super::form::Form;
use crate::clock;

/// One message, outbound or inbound.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LedgerEntry {
    pub sid: String,
    pub is_inbound: bool,
    pub from: String,
    pub to: String,
    pub body: String,
    /// The template that was sent instead of a text.
    pub content_sid: Option<String>,
    pub content_variables: Option<String>,
    pub status_callback: Option<String>,
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    pub status: String,
    /// Files of an inbound message: their URLs and content types.
    pub media: Vec<(String, String)>,
}

/// The ledger.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SandboxLedger {
    /// Oldest first.
    pub entries: Vec<LedgerEntry>,
    /// Requests to send, failed ones included.
    pub send_requests: u64,
    pub list_requests: u64,
    /// Requests for media: the path, and whether the request carried an Authorization header.
    pub media_requests: Vec<(String, bool)>,
    /// Answers to status reports: the HTTP status, 0 = no answer.
    pub report_answers: Vec<u16>,
    pub refused: u64,
}

impl SandboxLedger {
    /// The messages sent to customers.
    pub fn sent(&self) -> impl Iterator<Item = &LedgerEntry> {
        self.entries.iter().filter(|entry| !entry.is_inbound)
    }

    /// Records a customer's message as a webhook would post it.
    pub(super) fn receive(&mut self, form: &Form) {
        let text = |name: &str| form.get(name).unwrap_or_default().to_owned();
        let media = (0..10).filter_map(|n| {
            let url = form.get(&format!("MediaUrl{n}"))?;
            Some((url.to_owned(), text(&format!("MediaContentType{n}"))))
        });
        self.entries.push(LedgerEntry {
            sid: text("MessageSid"),
            is_inbound: true,
            from: text("From"),
            to: text("To"),
            body: text("Body"),
            content_sid: None,
            content_variables: None,
            status_callback: None,
            created_at: clock::now(),
            status: "received".to_owned(),
            media: media.collect(),
        });
    }

    pub(super) fn set_status(&mut self, sid: &str, status: &str) {
        if let Some(entry) = self.entries.iter_mut().find(|entry| entry.sid == sid) {
            status.clone_into(&mut entry.status);
        }
    }
}
