//! Actions of staff in conversations: what is asked for, and the answer with its receipt. The store decides each of them
//! in one transaction.

use std::time::Duration;

use serde::Deserialize;
use time::OffsetDateTime;

use super::detail::PersonRef;
use super::macros::MacroChange;
use super::rearrangements::Rearrangement;
use super::saved_views::ViewCommand;
use super::side::SideCommand;
use crate::domain::customers::contact::Email;
use crate::domain::enums::{
    Channel, ConversationStatus, FeedbackVerdict, Priority, Severity, StaffRole, TakeOverResult, TicketStatus,
};
use crate::domain::ids::{
    ConversationId, CustomerId, DeadLetterId, DeliveryId, MacroId, MergeId, MessageId, ReviewId, SavedViewId,
    SideId, StaffId, SuggestionId, TicketId, WebhookDeliveryId, WebhookId,
};
use crate::domain::knowledge::Source;
use crate::domain::quality::Scorecard;
use crate::domain::views::StaffMessageView;
use crate::domain::webhooks::WebhookCommand;

/// How long a reply waits before it leaves, unless its author says otherwise: so long it can be taken back.
pub const USUAL_DELAY: Duration = Duration::from_secs(10);
/// The longest delay that an author may ask for.
pub const MAX_DELAY_SECONDS: u64 = 120;
/// Tags of one conversation.
pub const MAX_TAGS: usize = 20;
/// The text of the note that records a resolution. Staff alone see it.
pub const RESOLVED_NOTE: &str = "Resolved.";

/// An action, and who asks for it.
#[derive(Clone, Debug, PartialEq)]
pub struct StaffOrder {
    pub actor: StaffId,
    pub role: StaffRole,
    /// Repeated with the same key, a request gets the same answer and nothing happens.
    pub key: Option<RequestKey>,
    pub command: StaffCommand,
}

/// An `Idempotency-Key`: it counts within its account and path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestKey {
    pub path: String,
    pub key: String,
    /// Of the body.
    pub fingerprint: [u8; 32],
}

#[derive(Clone, Debug, PartialEq)]
pub enum StaffCommand {
    Claim {
        conversation: ConversationId,
        force: bool,
    },
    Assign {
        conversation: ConversationId,
        to: StaffId,
        force: bool,
    },
    Release {
        conversation: ConversationId,
    },
    Reopen {
        conversation: ConversationId,
    },
    Reply(Box<StaffReply>),
    CancelReply {
        message: MessageId,
    },
    Note(Box<StaffNote>),
    HandBack {
        conversation: ConversationId,
        instruction: Option<String>,
    },
    Resolve {
        conversation: ConversationId,
        note: MessageId,
        seen: MessageId,
    },
    /// `None` ends it.
    Snooze {
        conversation: ConversationId,
        until: Option<OffsetDateTime>,
    },
    /// Whether the actor is told of what happens in it.
    Watch {
        conversation: ConversationId,
        on: bool,
    },
    Change(Box<ConversationChange>),
    RetryParked {
        parked: DeadLetterId,
    },
    DismissParked {
        parked: DeadLetterId,
    },
    /// Sends a failed delivery once more, as `new`.
    Resend {
        delivery: DeliveryId,
        new: DeliveryId,
        to: Option<String>,
    },
    Judge {
        message: MessageId,
        verdict: FeedbackVerdict,
        comment: Option<String>,
    },
    RevokeLink {
        conversation: ConversationId,
    },
    ChangeCustomer {
        customer: CustomerId,
        name: Option<String>,
        plan: Option<String>,
    },
    KeepDraft(Box<DraftChange>),
    Rearrange(Rearrangement),
    Side(SideCommand),
    AddMacro {
        id: MacroId,
        content: Box<MacroChange>,
    },
    SavedView(Box<ViewCommand>),
    ReviewReply(Box<Scorecard>),
    /// For admins.
    Webhook(Box<WebhookCommand>),
}

/// What an account is about to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftChange {
    pub conversation: ConversationId,
    pub text: String,
    pub channel: Option<Channel>,
    pub cc: Option<Vec<Email>>,
    pub bcc: Option<Vec<Email>>,
    /// That of the draft which it replaces; 0 for the first.
    pub revision: i64,
}

/// A reply to the customer.
#[derive(Clone, Debug, PartialEq)]
pub struct StaffReply {
    pub conversation: ConversationId,
    pub message: MessageId,
    pub delivery: DeliveryId,
    pub text: String,
    /// The newest public message that its author was shown.
    pub seen: MessageId,
    /// `None` is that of the conversation.
    pub channel: Option<Channel>,
    /// `None` are those of the customer's mail.
    pub cc: Option<Vec<Email>>,
    pub bcc: Option<Vec<Email>>,
    /// `None` is `usual_delay`, and no delay by WhatsApp.
    pub delay: Option<Duration>,
    pub usual_delay: Duration,
    pub resolves: bool,
    pub suggestion: Option<SuggestionId>,
    /// The sections that it cites; a person's reply names none.
    pub sources: Vec<Source>,
    /// Also if a colleague has the conversation.
    pub force: bool,
    /// The channels that replies can be sent by.
    pub channels: Vec<Channel>,
}

/// A note that staff alone see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffNote {
    pub conversation: ConversationId,
    pub message: MessageId,
    pub text: String,
    pub mentions: Vec<StaffId>,
}

/// A change of what a conversation is sorted and found by; `None` leaves it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConversationChange {
    pub conversation: ConversationId,
    pub priority: Option<Priority>,
    pub severity: Option<Severity>,
    pub add_tags: Vec<String>,
    pub remove_tags: Vec<String>,
}

/// Where a conversation is after an action.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct DeskState {
    pub conversation_id: ConversationId,
    pub status: ConversationStatus,
    pub ticket_status: TicketStatus,
    pub assignee: Option<PersonRef>,
}

/// What became of the bot when staff took a conversation over.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct TakeOverReceipt {
    pub result: TakeOverResult,
    /// The reply that was sent or withdrawn.
    pub message_id: Option<MessageId>,
    /// When its sending began.
    #[serde(with = "time::serde::rfc3339::option")]
    pub at: Option<OffsetDateTime>,
    /// The deliveries that were withdrawn.
    pub withdrawn: Vec<DeliveryId>,
}

/// What an action has done; each action fills what it answers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct ActionOutcome {
    pub state: Option<DeskState>,
    pub receipt: Option<TakeOverReceipt>,
    pub message_id: Option<MessageId>,
    #[serde(with = "time::serde::rfc3339::option")]
    pub send_at: Option<OffsetDateTime>,
    pub text: Option<String>,
    pub delivery_id: Option<DeliveryId>,
    pub revision: Option<i64>,
    pub merge_id: Option<MergeId>,
    pub conversation_id: Option<ConversationId>,
    pub ticket_id: Option<TicketId>,
    pub side_id: Option<SideId>,
    pub macro_id: Option<MacroId>,
    pub view_id: Option<SavedViewId>,
    pub review_id: Option<ReviewId>,
    pub webhook_id: Option<WebhookId>,
    pub webhook_delivery_id: Option<WebhookDeliveryId>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum StaffAnswer {
    Done(Box<ActionOutcome>),
    Refused(Box<ActionRefusal>),
    /// The key was used before, for another request.
    KeyReused,
}

/// Why an action was refused; nothing has changed.
#[derive(Clone, Debug, PartialEq)]
pub enum ActionRefusal {
    NoConversation,
    NoMessage,
    NoParked,
    NoDelivery,
    /// The message is not the bot's.
    NotTheBots,
    NoCustomer,
    NoMerge,
    NoSide,
    /// What it is to be merged into does not exist, or is itself.
    NoTarget,
    /// The two conversations are not of one customer.
    OtherCustomer,
    /// They are no messages of the conversation.
    UnknownMessages,
    /// A split must leave a message of the customer on both sides.
    NothingToSplit,
    /// No e-mail is configured.
    NoMail,
    /// They are no files that the author has uploaded and not sent yet, or they are too large together.
    UnknownFiles,
    /// A recipient of a side conversation is a customer.
    IsCustomer,
    NoWebhook,
    NoWebhookDelivery,
    NoView,
    /// There is no such reply that a customer got.
    NoReply,
    /// What is to be changed is a colleague's.
    NotTheAuthor,
    /// A colleague has the conversation.
    Claimed(PersonRef),
    /// These are newer than what the author has seen.
    Unseen(Vec<StaffMessageView>),
    /// The state of the conversation or message does not allow it.
    Conflict(ActionConflict),
    /// There is no such active account.
    UnknownStaff,
    /// What the author says to have seen is no public message of the conversation.
    UnknownSeen,
    UnconfiguredChannel,
    /// Only mails have copies.
    NoCopies,
    /// The channel does not wait.
    NoDelay,
    NoAddress,
    /// There is no such suggestion for this conversation.
    NoSuggestion,
    /// The address is not the customer's.
    NotTheirs,
    /// The time is over.
    Past,
    TooManyTags,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActionConflict {
    TicketClosed,
    Resolved,
    NotResolved,
    NotInHumanHands,
    WindowClosed,
    OptedOut,
    AlreadySent,
    /// Hands or the turn have changed since the reply.
    Changed,
    /// A public message is newer than the suggestion.
    SuggestionRetired,
    /// Staff have replied since.
    Answered,
    NotFailed,
    /// Another window has changed the draft.
    StaleDraft,
    /// One of the customers is merged into another one.
    AlreadyMerged,
    /// Both customers have an open conversation that is worked on.
    BothOpen,
    /// A later merge has to be taken back first.
    MergedSince,
    /// Conversations of the two customers are merged.
    ConversationsMerged,
    /// The conversation is not merged into another one.
    NotMerged,
    /// There are as many endpoints as there may be.
    TooManyWebhooks,
    /// There is a view with this name.
    ViewNameTaken,
    /// The account has as many views as it may have.
    TooManyViews,
    /// No one reviews an own reply.
    OwnReply,
    /// The endpoint gets no events any more.
    WebhookDisabled,
}
