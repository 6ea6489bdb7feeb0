//! Newtype identifiers, one type each, so that a ticket's id is never passed for a customer's.
//!
//! They are created in `clock`: nothing here reads a clock or a source of randomness.

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(pub uuid::Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl From<uuid::Uuid> for $name {
            fn from(id: uuid::Uuid) -> Self {
                Self(id)
            }
        }
    )+};
}

ids! {
    /// A person or company that writes to us.
    CustomerId,
    /// A thread of messages with one owner and one order.
    ConversationId,
    /// One message, inbound or outbound.
    MessageId,
    /// A ticket's public id: random (UUIDv4), because knowing it grants access to the ticket.
    TicketId,
    /// One attempt of the bot to answer the unanswered messages of a conversation.
    TurnId,
    /// One part of one outbound message, sent to a provider.
    DeliveryId,
    /// One file beside a message.
    AttachmentId,
    /// One verification code that was requested to prove an address.
    ChallengeId,
    /// One hand-over to staff.
    EscalationId,
    /// An account of staff, or the built-in `service` that the holder of FTE_API_TOKEN acts as.
    StaffId,
    /// A draft of a reply that the agent wrote for staff.
    SuggestionId,
    /// A text with placeholders that staff keep.
    MacroId,
    /// A view of the queue that staff keep.
    SavedViewId,
    /// A scorecard of a reply.
    ReviewId,
    /// A proposal to change the knowledge base.
    ProposalId,
    /// A group of questions that the documents could not answer.
    GapId,
    /// A joining of two customers.
    MergeId,
    /// A side conversation of staff with a third party.
    SideId,
    /// One message of a side conversation.
    SideMessageId,
    /// One action for many conversations.
    BulkId,
    /// A message that was parked for people.
    DeadLetterId,
    /// An endpoint of another system that gets events.
    WebhookId,
    /// One event for one endpoint.
    WebhookDeliveryId,
    /// A token of a program.
    TokenId,
    /// One running process of this program; a restarted one has a new id.
    ProcessId,
}
