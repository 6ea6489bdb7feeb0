//! Data transfer objects of what staff are shown of a message on its way, and of a mail that came.

use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;

use crate::domain::enums::{Authentication, Channel, DeliveryState, FailureCause, Unanswered};
use crate::domain::ids::DeliveryId;
use crate::domain::views::{DeliveryView, MailView, RecipientFailure};

/// One part of an outbound message on its way to its recipients.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct MessageDelivery {
    pub id: DeliveryId,
    pub channel: Channel,
    /// Addresses or numbers; empty on the ticket's page, which is not sent anywhere.
    pub to: Vec<String>,
    pub cc: Vec<String>,
    pub bcc: Vec<String>,
    pub state: DeliveryState,
    /// It is unknown whether it was sent.
    pub in_doubt: bool,
    /// When it leaves, or was to leave.
    #[serde(with = "time::serde::rfc3339")]
    pub send_at: OffsetDateTime,
    /// The recipients whom it did not reach.
    pub failed: Vec<FailedRecipient>,
}

/// A recipient whom a delivery did not reach.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FailedRecipient {
    pub address: String,
    pub cause: FailureCause,
    /// The words of the provider or of a mail server.
    pub detail: String,
}

/// A customer's mail beside its author's words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct MailDetail {
    pub authentication: Authentication,
    /// Why it got no automatic answer; null for a customer's mail.
    #[schema(required)]
    pub unanswered: Option<Unanswered>,
    /// What the reader should know first, such as that the mail is encrypted.
    pub remarks: Vec<String>,
    /// The whole text with quotes and signatures; null where the message has all of it.
    #[schema(required)]
    pub full_text: Option<String>,
    /// The mail as it came can be downloaded.
    pub has_source: bool,
}

impl From<DeliveryView> for MessageDelivery {
    fn from(view: DeliveryView) -> Self {
        Self {
            id: view.id,
            channel: view.channel,
            to: view.to,
            cc: view.cc,
            bcc: view.bcc,
            state: view.state,
            in_doubt: view.in_doubt,
            send_at: view.send_at,
            failed: view.failed.into_iter().map(FailedRecipient::from).collect(),
        }
    }
}

impl From<RecipientFailure> for FailedRecipient {
    fn from(failure: RecipientFailure) -> Self {
        let RecipientFailure { address, cause, detail } = failure;
        Self { address, cause, detail }
    }
}

impl From<MailView> for MailDetail {
    fn from(view: MailView) -> Self {
        let MailView { authentication, unanswered, remarks, full_text, has_source } = view;
        Self { authentication, unanswered, remarks, full_text, has_source }
    }
}
