//! OpenAPI schemas of the ids and enums of `domain`, derived from their declarations so that no value is listed twice.

use std::borrow::Cow;

use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaFormat, Type};
use utoipa::openapi::{KnownFormat, RefOr};
use utoipa::{PartialSchema, ToSchema};

use crate::domain::enums::{
    AddressProof, AttachmentState, Authentication, BulkAction, Category, Channel, ConversationStatus,
    DeliveryState, DeskQueue, FailureCause, FeedbackVerdict, IdentifierKind, MessageKind, Outcome,
    ParticipantRole, PresenceState, Priority, ProposalOp, ProposalState, QueueOrder, Reason, ReplayPart,
    ReplayVerdict, ReplyAuthor, ResolutionKind, Role, RunState, SearchKind, Severity, SideMessageState,
    StaffRole, SummaryKind, TakeOverResult, TicketStatus, TurnState, Unanswered, WebhookEvent, WebhookState,
};
use crate::domain::ids::{
    AttachmentId, BulkId, ChallengeId, ConversationId, CustomerId, DeadLetterId, DeliveryId, EscalationId,
    GapId, MacroId, MergeId, MessageId, ProposalId, ReviewId, SavedViewId, SideId, SideMessageId, StaffId,
    SuggestionId, TicketId, TurnId, WebhookDeliveryId, WebhookId,
};
use crate::domain::reports::Figure;

macro_rules! enum_schemas {
    ($($name:ident),+ $(,)?) => {$(
        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let values = Self::ALL.iter().map(|value| value.as_str());
                ObjectBuilder::new().schema_type(Type::String).enum_values(Some(values)).into()
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed(stringify!($name))
            }
        }
    )+};
}

impl PartialSchema for Figure {
    fn schema() -> RefOr<Schema> {
        let by_reason = Reason::ALL.iter().map(|reason| format!("resolution.handed_off.{reason}"));
        let by_cause = FailureCause::ALL.iter().map(|cause| format!("delivery_failures.{cause}"));
        let paths = Self::NAMES.iter().map(ToString::to_string).chain(by_reason).chain(by_cause);
        ObjectBuilder::new().schema_type(Type::String).enum_values(Some(paths)).into()
    }
}

impl ToSchema for Figure {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("Figure")
    }
}

macro_rules! id_schemas {
    ($($name:ident),+ $(,)?) => {$(
        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let format = SchemaFormat::KnownFormat(KnownFormat::Uuid);
                ObjectBuilder::new().schema_type(Type::String).format(Some(format)).into()
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed(stringify!($name))
            }
        }
    )+};
}

enum_schemas!(
    AddressProof,
    AttachmentState,
    Authentication,
    BulkAction,
    Category,
    Channel,
    ConversationStatus,
    DeliveryState,
    DeskQueue,
    FailureCause,
    FeedbackVerdict,
    IdentifierKind,
    MessageKind,
    Outcome,
    ParticipantRole,
    PresenceState,
    Priority,
    ProposalOp,
    ProposalState,
    QueueOrder,
    Reason,
    ReplyAuthor,
    ResolutionKind,
    Role,
    ReplayPart,
    ReplayVerdict,
    RunState,
    SearchKind,
    Severity,
    SideMessageState,
    StaffRole,
    SummaryKind,
    TakeOverResult,
    TicketStatus,
    TurnState,
    Unanswered,
    WebhookEvent,
    WebhookState,
);

id_schemas!(
    AttachmentId,
    BulkId,
    ChallengeId,
    ConversationId,
    CustomerId,
    DeadLetterId,
    DeliveryId,
    EscalationId,
    GapId,
    MacroId,
    MergeId,
    MessageId,
    ProposalId,
    ReviewId,
    SavedViewId,
    SideId,
    SideMessageId,
    StaffId,
    SuggestionId,
    TicketId,
    TurnId,
    WebhookDeliveryId,
    WebhookId,
);

/// A tag of a conversation.
#[derive(Debug, ToSchema)]
#[schema(pattern = "^[a-z0-9-]{1,40}$", example = "vip")]
pub struct TagText(#[expect(dead_code, reason = "the type is read for its schema only")] String);

/// An e-mail address.
#[derive(Debug, ToSchema)]
#[schema(format = Email, max_length = 254, pattern = r"^[^@]*@[^@]*\.[^@]*$", example = "ann@example.com")]
pub struct EmailText(#[expect(dead_code, reason = "the type is read for its schema only")] String);

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn json_of(schema: RefOr<Schema>) -> Value {
        serde_json::to_value(schema).unwrap()
    }

    #[test]
    fn a_schema_has_the_spellings_of_the_enum() {
        let expected = json!({"type": "string", "enum": ["low", "medium", "high"]});
        assert_eq!(json_of(Priority::schema()), expected);
        for status in TicketStatus::ALL {
            let values = json_of(TicketStatus::schema())["enum"].clone();
            let spelt = serde_json::to_value(status).unwrap();
            assert!(values.as_array().unwrap().contains(&spelt), "{status}");
        }
    }

    #[test]
    fn an_id_is_a_uuid() {
        assert_eq!(json_of(TicketId::schema()), json!({"type": "string", "format": "uuid"}));
    }
}
