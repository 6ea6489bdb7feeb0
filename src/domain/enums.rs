//! The enums of the system: each variant has one name, in JSON and in the database alike.

pub use super::words::UnknownVariant;
use super::words::words;

pub mod console;

pub use console::{
    AddressProof, BulkAction, DeskQueue, FeedbackVerdict, ParticipantRole, PresenceState, QueueOrder,
    ReplayPart, ReplayVerdict, ReplyAuthor, ReportKind, ResolutionKind, SearchKind, SideMessageState,
    StaffChangeKind, SummaryKind, TakeOverResult, WatchCause,
};

words! {
    /// The channel of a conversation.
    Channel "channel" { Email = "email", Whatsapp = "whatsapp", WebForm = "web_form" }

    /// What the receiving server found out about the sender of a mail.
    Authentication "authentication" {
        /// The domain of the sender vouches for it.
        Pass = "pass",
        /// The domain of the sender denies it, or its check failed.
        Fail = "fail",
        /// No server that we trust has checked it.
        None = "none",
    }

    /// Why a mail gets no automatic answer.
    Unanswered "reason" {
        /// Automatic by its headers or its words: an absence note, another desk's receipt, a notification.
        Automatic = "automatic",
        /// Sent to many: a newsletter, or a list that is none of our addresses.
        Bulk = "bulk",
        /// From an address that takes no mail.
        NoReply = "no_reply",
        /// A report about a mail of ours: a bounce, a delay, a receipt, a complaint.
        Report = "report",
        /// From one of our own addresses.
        OwnAddress = "own_address",
        /// None of our addresses is among the recipients.
        NotToUs = "not_to_us",
        /// It has no sender that could be answered.
        NoSender = "no_sender",
        /// A colleague answered a customer with another mail program.
        StaffReply = "staff_reply",
        /// Only its recipient can read it: staff must.
        Encrypted = "encrypted",
        /// A form on a website wrote it in our name: staff must look at whom to answer.
        FormMail = "form_mail",
    }

    /// What identifies a sender.
    IdentifierKind "identifier kind" { Email = "email", Phone = "phone", ProviderUser = "provider_user" }

    /// What a ticket waits for.
    TicketStatus "ticket status" {
        /// The bot's turn, or not taken up yet.
        Open = "open",
        /// Answered.
        WaitingCustomer = "waiting_customer",
        /// Waits for staff.
        Escalated = "escalated",
        /// Claimed by staff.
        InProgress = "in_progress",
        Resolved = "resolved",
        Closed = "closed",
    }

    /// Who may speak in a conversation.
    ConversationStatus "conversation status" {
        /// The bot's.
        Active = "active",
        /// Staff, whether the bot escalated or staff took over.
        Escalated = "escalated",
        Closed = "closed",
    }

    Category "category" {
        General = "general",
        Technical = "technical",
        Billing = "billing",
        Feedback = "feedback",
        BugReport = "bug_report",
    }

    Priority "priority" { Low = "low", Medium = "medium", High = "high" }

    Role "role" { Customer = "customer", Agent = "agent", Staff = "staff" }

    MessageKind "message kind" {
        Message = "message",
        /// Tells the customer that a person, or a delayed answer, will come: exactly one of each.
        Acknowledgement = "acknowledgement",
        /// For staff only.
        Note = "note",
    }

    DeliveryState "delivery state" {
        Pending = "pending",
        Sending = "sending",
        Sent = "sent",
        Delivered = "delivered",
        Read = "read",
        Failed = "failed",
        /// Withdrawn before sending; never shown to the customer.
        Withdrawn = "withdrawn",
    }

    /// Why a message did not reach its customer, as the channel's adapter understands its provider.
    FailureCause "failure cause" {
        /// The customer wants no messages from us.
        OptedOut = "opted_out",
        /// There is no such address, or the channel does not reach it.
        InvalidAddress = "invalid_address",
        /// The provider's rules forbid it, such as a window for free text that has closed.
        Policy = "policy",
        /// It was accepted at first and came back.
        Bounced = "bounced",
        /// The provider refuses it for any other reason.
        Rejected = "rejected",
    }

    /// State of an attachment.
    AttachmentState "attachment state" {
        /// Not fetched yet.
        Pending = "pending",
        Stored = "stored",
        /// Must not be fetched or stored, because of its address, size or type.
        Refused = "refused",
        /// Could not be fetched.
        Failed = "failed",
    }

    /// What became of a code that was asked for.
    ChallengeState "challenge state" {
        Open = "open",
        /// A newer one was asked for.
        Replaced = "replaced",
        /// Too many codes were wrong.
        Spent = "spent",
        /// The right code was typed; the customers are not joined yet.
        Proved = "proved",
        Used = "used",
    }

    /// How a turn ended; a running, superseded or fenced turn has none.
    Outcome "turn outcome" { Answer = "answer", Escalate = "escalate", Silent = "silent" }

    /// Why a person must take over.
    Reason "escalation reason" {
        Pricing = "pricing",
        Refund = "refund",
        Legal = "legal",
        HumanRequest = "human_request",
        Abuse = "abuse",
        Sentiment = "sentiment",
        NoAnswer = "no_answer",
        Security = "security",
        Budget = "budget",
        Failure = "failure",
    }

    /// How a turn ended; only a committed one has written anything.
    TurnState "turn state" {
        Running = "running",
        Committed = "committed",
        /// A newer message came, and a new turn began with it.
        Superseded = "superseded",
        /// Another owner began a turn.
        Fenced = "fenced",
        /// Staff have the conversation.
        TakenOver = "taken_over",
    }

    /// The permissions of an account beyond the daily work of staff.
    StaffRole "role" {
        Agent = "agent",
        /// Also audit, webhooks, approvals, export and erasure.
        Admin = "admin",
    }

    /// A set of endpoints that a credential gives access to.
    AccessScope "scope" {
        /// Reading what staff may see.
        Read = "read",
        /// Everything that staff do, reading included.
        Staff = "staff",
        /// Metrics and the operation of the process.
        Ops = "ops",
        /// Proposals for the knowledge base.
        Ingest = "ingest",
    }

    /// What endpoints of other systems are told of (API-STAFF.md, section 6).
    WebhookEvent "type" {
        TicketCreated = "ticket.created",
        TicketResolved = "ticket.resolved",
        TicketReopened = "ticket.reopened",
        TicketClosed = "ticket.closed",
        TicketRated = "ticket.rated",
        MessageReceived = "message.received",
        MessageSent = "message.sent",
        MessageParked = "message.parked",
        DeliveryFailed = "delivery.failed",
        EscalationCreated = "escalation.created",
        EscalationReminder = "escalation.reminder",
        ConversationClaimed = "conversation.claimed",
        ConversationHandedBack = "conversation.handed_back",
        /// Nothing has happened: an admin tries an endpoint out. No endpoint subscribes to it.
        Test = "webhook.test",
    }

    /// How far an event for an endpoint is.
    WebhookState "state" {
        /// It waits for its first or next try.
        Pending = "pending",
        Delivered = "delivered",
        /// The last try has failed, or the endpoint is disabled.
        Failed = "failed",
    }

    /// What a proposal does to an article.
    ProposalOp "op" { Create = "create", Update = "update", Delete = "delete" }

    /// How far a proposal is.
    ProposalState "state" { Draft = "draft", Approved = "approved", Rejected = "rejected" }

    /// How far a proposal's run over past questions is.
    RunState "run state" {
        Running = "running",
        Done = "done",
        /// It could not be carried out, several times.
        Failed = "failed",
    }

    /// How soon staff should handle an escalation.
    Severity "severity" { Low = "low", Normal = "normal", High = "high", Urgent = "urgent" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_reads_back_as_itself() {
        for channel in Channel::ALL {
            assert_eq!(channel.as_str().parse(), Ok(*channel));
        }
        for reason in Reason::ALL {
            assert_eq!(reason.as_str().parse(), Ok(*reason));
        }
    }

    #[test]
    fn an_unknown_word_names_what_was_expected() {
        let error = "urgent".parse::<Priority>().map_err(|error| error.to_string());
        assert_eq!(error, Err("unknown priority `urgent`, expected one of low, medium, high".to_owned()));
    }
}
