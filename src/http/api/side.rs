//! Data transfer objects of side conversations.

use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;

use super::people::Person;
use crate::domain::console::side::{SideMessageView, SideView};
use crate::domain::enums::SideMessageState;
use crate::domain::ids::{ConversationId, SideId, SideMessageId};

/// A question to third parties. Unknown fields are refused.
#[derive(Debug, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SideRequest {
    /// Addresses, none of them a customer's. They stay the recipients of this side conversation.
    #[schema(min_items = 1, max_items = 20)]
    pub to: Vec<String>,
    #[schema(min_length = 1, max_length = 200)]
    pub subject: String,
    #[schema(min_length = 1, max_length = 10_000)]
    pub text: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct SideReceipt {
    pub side_id: SideId,
}

/// Another message to the same recipients. Unknown fields are refused.
#[derive(Debug, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SideMessageRequest {
    #[schema(min_length = 1, max_length = 10_000)]
    pub text: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct SideMessageReceipt {
    pub message_id: SideMessageId,
}

/// A side conversation. Customers see nothing of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct SideConversation {
    pub side_id: SideId,
    pub conversation_id: ConversationId,
    pub subject: String,
    pub to: Vec<String>,
    /// Who began it.
    pub author: Person,
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// Oldest first, the newest 200.
    pub messages: Vec<SideMessage>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct SideMessage {
    pub id: SideMessageId,
    /// Who of staff wrote it; null where a third party did.
    #[schema(required)]
    pub author: Option<Person>,
    /// The address of the third party who wrote it.
    #[schema(required)]
    pub from: Option<String>,
    /// Whether the receiving server vouches for that address.
    pub attested: bool,
    pub text: String,
    pub state: SideMessageState,
    /// Why it was not sent.
    #[schema(required)]
    pub error: Option<String>,
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
}

impl From<SideView> for SideConversation {
    fn from(view: SideView) -> Self {
        Self {
            side_id: view.id,
            conversation_id: view.conversation,
            subject: view.subject,
            to: view.to,
            author: view.author.into(),
            created_at: view.created_at,
            messages: view.messages.into_iter().map(SideMessage::from).collect(),
        }
    }
}

impl From<SideMessageView> for SideMessage {
    fn from(view: SideMessageView) -> Self {
        Self {
            id: view.id,
            author: view.author.map(Person::from),
            from: view.sender,
            attested: view.attested,
            text: view.text,
            state: view.state,
            error: view.error,
            created_at: view.at,
        }
    }
}
