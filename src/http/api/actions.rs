//! Data transfer objects of staff's actions in conversations: the bodies, and the answers with their receipts.

use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;

use super::people::Person;
use super::vocabulary::{EmailText, TagText};
use crate::domain::console::actions::{DeskState, TakeOverReceipt};
use crate::domain::enums::{Channel, ConversationStatus, Priority, Severity, TakeOverResult, TicketStatus};
use crate::domain::ids::{ConversationId, DeliveryId, MessageId, StaffId, SuggestionId};

/// A claim. Unknown fields are refused.
#[derive(Debug, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClaimRequest {
    /// Also if another account has the conversation.
    pub force: Option<bool>,
}

/// An assignment. Unknown fields are refused.
#[derive(Debug, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignRequest {
    pub staff_id: StaffId,
    /// Also if another account has the conversation.
    pub force: Option<bool>,
}

/// An empty object. Unknown fields are refused.
#[derive(Debug, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EmptyRequest {}

/// A reply to the customer. Unknown fields are refused.
#[derive(Debug, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplyRequest {
    #[schema(min_length = 1, max_length = 10_000)]
    pub text: String,
    /// The newest public message that the author was shown.
    pub seen_through: MessageId,
    /// That of the conversation unless given.
    pub channel: Option<Channel>,
    /// Of a mail; those of the customer's mail unless given.
    #[schema(max_items = 20, value_type = Option<Vec<EmailText>>)]
    pub cc: Option<Vec<String>>,
    #[schema(max_items = 20, value_type = Option<Vec<EmailText>>)]
    pub bcc: Option<Vec<String>>,
    /// 10 unless given, and 0 by WhatsApp.
    #[schema(minimum = 0, maximum = 120)]
    pub send_after_seconds: Option<u8>,
    /// `resolve` resolves the ticket with the reply.
    #[schema(pattern = "^resolve$", example = "resolve")]
    pub then: Option<String>,
    pub suggestion_id: Option<SuggestionId>,
    /// Also if another account has the conversation.
    pub force: Option<bool>,
}

/// A note. Unknown fields are refused.
#[derive(Debug, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoteRequest {
    #[schema(min_length = 1, max_length = 10_000)]
    pub text: String,
    #[schema(max_items = 20)]
    pub mentions: Option<Vec<StaffId>>,
}

/// A hand-back. Unknown fields are refused.
#[derive(Debug, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HandBackRequest {
    /// What the bot should know until the next hand-off.
    #[schema(max_length = 1_000)]
    pub instruction: Option<String>,
}

/// A resolution. Unknown fields are refused.
#[derive(Debug, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResolveRequest {
    /// The newest public message that the account was shown.
    pub seen_through: MessageId,
}

/// A time until which a conversation sleeps. Unknown fields are refused.
#[derive(Debug, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SnoozeRequest {
    #[schema(value_type = String, format = DateTime)]
    pub until: OffsetDateTime,
}

/// A change of what a conversation is sorted and found by. Unknown fields are refused.
#[derive(Debug, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConversationPatch {
    pub priority: Option<Priority>,
    pub severity: Option<Severity>,
    #[schema(max_items = 20, value_type = Option<Vec<TagText>>)]
    pub add_tags: Option<Vec<String>>,
    #[schema(max_items = 20, value_type = Option<Vec<TagText>>)]
    pub remove_tags: Option<Vec<String>>,
}

/// Where a conversation is after an action.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConversationState {
    pub conversation_id: ConversationId,
    pub status: ConversationStatus,
    pub ticket_status: TicketStatus,
    #[schema(required)]
    pub assignee: Option<Person>,
}

/// What became of the bot.
#[derive(Debug, Serialize, ToSchema)]
pub struct BotReceipt {
    pub result: TakeOverResult,
    /// The reply that was sent or withdrawn.
    #[schema(required)]
    pub message_id: Option<MessageId>,
    /// When its sending began.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(required)]
    pub at: Option<OffsetDateTime>,
    /// The deliveries that were withdrawn.
    pub withdrawn: Vec<DeliveryId>,
}

/// The answer to whatever takes a conversation over.
#[derive(Debug, Serialize, ToSchema)]
pub struct TakeOver {
    #[serde(flatten)]
    pub state: ConversationState,
    pub receipt: BotReceipt,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ReplyReceipt {
    pub message_id: MessageId,
    #[serde(with = "time::serde::rfc3339")]
    pub send_at: OffsetDateTime,
    pub state: ConversationState,
    pub receipt: BotReceipt,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct CancelledReply {
    /// The text that was not sent.
    pub text: String,
    pub state: ConversationState,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct NoteReceipt {
    pub message_id: MessageId,
}

impl From<DeskState> for ConversationState {
    fn from(state: DeskState) -> Self {
        Self {
            conversation_id: state.conversation_id,
            status: state.status,
            ticket_status: state.ticket_status,
            assignee: state.assignee.map(Person::from),
        }
    }
}

impl From<TakeOverReceipt> for BotReceipt {
    fn from(receipt: TakeOverReceipt) -> Self {
        Self {
            result: receipt.result,
            message_id: receipt.message_id,
            at: receipt.at,
            withdrawn: receipt.withdrawn,
        }
    }
}
