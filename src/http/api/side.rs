//! Data transfer objects of side conversations.

use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;

use super::people::Person;
use super::vocabulary::EmailText;
use crate::domain::console::side::{SideFileView, SideMessageView, SideView};
use crate::domain::enums::{AttachmentState, SideMessageState};
use crate::domain::ids::{AttachmentId, ConversationId, SideId, SideMessageId};
use crate::domain::messages::attachment::Attachment;

/// A question to third parties. Unknown fields are refused.
#[derive(Debug, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SideRequest {
    /// Addresses, none of them a customer's. They stay the recipients of this side conversation.
    #[schema(min_items = 1, max_items = 20, value_type = Vec<EmailText>)]
    pub to: Vec<String>,
    #[schema(min_length = 1, max_length = 200, format = "line")]
    pub subject: String,
    #[schema(min_length = 1, max_length = 10_000)]
    pub text: String,
    /// Files that the account has uploaded and not sent yet, together at most 15 MiB.
    #[schema(max_items = 10)]
    pub files: Option<Vec<AttachmentId>>,
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
    /// Files that the account has uploaded and not sent yet, together at most 15 MiB.
    #[schema(max_items = 10)]
    pub files: Option<Vec<AttachmentId>>,
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
    pub files: Vec<SideFile>,
    pub state: SideMessageState,
    /// Why it was not sent.
    #[schema(required)]
    pub error: Option<String>,
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
}

/// A file beside a message of a side conversation. `GET /attachments/{id}` downloads it.
#[derive(Debug, Serialize, ToSchema)]
pub struct SideFile {
    pub id: AttachmentId,
    /// Null where a third party has sent it.
    #[schema(required)]
    pub name: Option<String>,
    #[schema(example = "PDF, 1.2 MB")]
    pub description: String,
    pub content_type: String,
    pub size_bytes: i64,
}

/// A file that was uploaded.
#[derive(Debug, Serialize, ToSchema)]
pub struct UploadedFile {
    pub id: AttachmentId,
    pub name: String,
    pub content_type: String,
    pub size_bytes: i64,
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
            files: view.files.into_iter().map(SideFile::from).collect(),
            state: view.state,
            error: view.error,
            created_at: view.at,
        }
    }
}

impl From<SideFileView> for SideFile {
    fn from(view: SideFileView) -> Self {
        let SideFileView { id, name, content_type, size_bytes } = view;
        let attachment =
            Attachment { content_type, size_bytes: Some(size_bytes), state: AttachmentState::Stored };
        let description = attachment.to_string();
        Self { id, name, description, content_type: attachment.content_type, size_bytes }
    }
}
