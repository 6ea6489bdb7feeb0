//! Data transfer objects of the console's tools: parked messages, search, drafts, feedback, resent deliveries, customers'
//! files.

use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;

use super::customers::Customer;
use super::people::Person;
use super::vocabulary::EmailText;
use crate::domain::console::reads::{CustomerFile, DraftView, MergeView, ParkedView, SearchHit};
use crate::domain::enums::{Channel, FeedbackVerdict, SearchKind};
use crate::domain::ids::{ConversationId, CustomerId, DeadLetterId, DeliveryId, MergeId, MessageId};

/// A page of the parked messages, oldest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct ParkedList {
    pub items: Vec<ParkedMessage>,
    #[schema(required)]
    pub next_cursor: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ParkedMessage {
    pub id: DeadLetterId,
    pub conversation_id: ConversationId,
    #[schema(example = "T-1042")]
    pub ticket_number: String,
    pub customer: Person,
    /// Why it was parked.
    pub reason: String,
    #[serde(with = "time::serde::rfc3339")]
    pub parked_at: OffsetDateTime,
}

/// What a search has found, the best first.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeskSearchResults {
    pub items: Vec<DeskSearchResult>,
    #[schema(required)]
    pub next_cursor: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct DeskSearchResult {
    pub kind: SearchKind,
    pub id: String,
    #[schema(required)]
    pub conversation_id: Option<ConversationId>,
    pub title: String,
    pub snippet: String,
}

/// What an account is about to write in a conversation.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeptDraft {
    pub text: String,
    #[schema(required)]
    pub channel: Option<Channel>,
    #[schema(required)]
    pub cc: Option<Vec<String>>,
    #[schema(required)]
    pub bcc: Option<Vec<String>>,
    /// 0 while there is none.
    pub revision: i64,
}

/// A draft to keep. Unknown fields are refused.
#[derive(Debug, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DraftRequest {
    #[schema(max_length = 10_000)]
    pub text: String,
    pub channel: Option<Channel>,
    #[schema(max_items = 20, value_type = Option<Vec<EmailText>>)]
    pub cc: Option<Vec<String>>,
    #[schema(max_items = 20, value_type = Option<Vec<EmailText>>)]
    pub bcc: Option<Vec<String>>,
    /// That of the draft which this one replaces; 0 for the first.
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    pub revision: i64,
}

/// What an account thinks of a message of the bot. Unknown fields are refused.
#[derive(Debug, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FeedbackRequest {
    pub verdict: FeedbackVerdict,
    #[schema(max_length = 2_000)]
    pub comment: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct FeedbackReceipt {
    pub message_id: MessageId,
}

/// Another try. Unknown fields are refused.
#[derive(Debug, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResendRequest {
    /// Another address of the customer on the same channel; the same one unless given.
    #[schema(min_length = 3, max_length = 254, format = "line")]
    pub to: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ResendReceipt {
    pub delivery_id: DeliveryId,
}

/// A customer's file.
#[derive(Debug, Serialize, ToSchema)]
pub struct CustomerRecord {
    #[serde(flatten)]
    pub customer: Customer,
    #[schema(required)]
    pub plan: Option<String>,
    /// The customers that have become this one.
    pub merges: Vec<CustomerMerge>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct CustomerMerge {
    pub merge_id: MergeId,
    pub from: CustomerId,
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
}

/// A change of a customer. Unknown fields are refused.
#[derive(Debug, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CustomerPatch {
    #[schema(min_length = 1, max_length = 200, format = "line")]
    pub name: Option<String>,
    #[schema(min_length = 1, max_length = 100, format = "line")]
    pub plan: Option<String>,
}

impl From<ParkedView> for ParkedMessage {
    fn from(view: ParkedView) -> Self {
        Self {
            id: view.id,
            conversation_id: view.conversation,
            ticket_number: view.ticket_number,
            customer: view.customer.into(),
            reason: view.reason,
            parked_at: view.parked_at,
        }
    }
}

impl From<SearchHit> for DeskSearchResult {
    fn from(hit: SearchHit) -> Self {
        Self {
            kind: hit.kind,
            id: hit.id,
            conversation_id: hit.conversation,
            title: hit.title,
            snippet: hit.snippet,
        }
    }
}

impl From<DraftView> for KeptDraft {
    fn from(view: DraftView) -> Self {
        Self { text: view.text, channel: view.channel, cc: view.cc, bcc: view.bcc, revision: view.revision }
    }
}

impl From<CustomerFile> for CustomerRecord {
    fn from(file: CustomerFile) -> Self {
        Self {
            customer: file.customer.into(),
            plan: file.plan,
            merges: file.merges.into_iter().map(CustomerMerge::from).collect(),
        }
    }
}

impl From<MergeView> for CustomerMerge {
    fn from(view: MergeView) -> Self {
        Self { merge_id: view.id, from: view.from, at: view.at }
    }
}
