//! Data transfer objects of Gmail's API: the parts of its answers that are read.

use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Profile {
    #[serde(default)]
    pub email_address: String,
    pub history_id: Int64,
}

/// A number, which Gmail writes as a text.
#[derive(Clone, Deserialize)]
#[serde(untagged)]
pub enum Int64 {
    Text(String),
    Number(u64),
}

impl Int64 {
    pub fn number(&self) -> Option<u64> {
        match self {
            Self::Text(text) => text.parse().ok(),
            Self::Number(number) => Some(*number),
        }
    }
}

/// A page; one without changes has no `history`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HistoryList {
    #[serde(default)]
    pub history: Vec<HistoryRecord>,
    pub next_page_token: Option<String>,
    pub history_id: Option<Int64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HistoryRecord {
    pub id: Option<Int64>,
    #[serde(default)]
    pub messages_added: Vec<MessageAdded>,
    #[serde(default)]
    pub labels_added: Vec<LabelsAdded>,
}

#[derive(Deserialize)]
pub struct MessageAdded {
    pub message: MessageEntry,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LabelsAdded {
    pub message: MessageEntry,
    #[serde(default)]
    pub label_ids: Vec<String>,
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MessageEntry {
    pub id: String,
    #[serde(default)]
    pub label_ids: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MessageList {
    #[serde(default)]
    pub messages: Vec<MessageEntry>,
    pub next_page_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RawMessage {
    pub id: String,
    pub thread_id: Option<String>,
    #[serde(default)]
    pub label_ids: Vec<String>,
    pub raw: Option<String>,
    pub internal_date: Option<Int64>,
}
