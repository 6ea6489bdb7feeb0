//! The enums of the console.

use crate::domain::words::words;

words! {
    /// What became of the bot when staff took a conversation over.
    TakeOverResult "take-over result" {
        /// It had nothing to say.
        None = "none",
        /// Its turn ran or its reply waited; nothing of it is sent.
        Cancelled = "cancelled",
        /// Its reply was being sent already, or had been.
        SentBefore = "sent_before",
    }

    /// How a turn of the bot compares with its replay.
    ReplayVerdict "replay verdict" {
        /// The same action, text and sources.
        Same = "same",
        /// The same action in other words, or from other sources.
        Reworded = "reworded",
        Different = "different",
    }

    /// What a turn of the bot and its replay differ in first.
    ReplayPart "replay part" {
        Action = "action",
        Reason = "reason",
        Text = "text",
        Sources = "sources",
        /// The replay asked for a step that is not recorded.
        Path = "path",
    }

    /// A list of conversations at the console (API-STAFF.md, section 3).
    DeskQueue "queue" {
        /// Those that wait for whoever looks: theirs, and those that have no assignee.
        NeedsMe = "needs_me",
        Unassigned = "unassigned",
        Mine = "mine",
        /// Those that whoever looks watches, until they are closed.
        Watching = "watching",
        Bot = "bot",
        Snoozed = "snoozed",
        Parked = "parked",
        Resolved = "resolved",
        All = "all",
    }

    /// Who had a conversation, as reports count it.
    ResolutionKind "resolution" {
        /// It never was in human hands.
        Autonomous = "autonomous",
        /// It was, and the last answer is the bot's, or made from a suggestion of it.
        Assisted = "assisted",
        /// The bot, or the program, gave it to people.
        HandedOff = "handed_off",
        /// Staff took it.
        TakenOver = "taken_over",
    }

    /// The period of a report.
    ReportKind "kind of report" { Daily = "daily", Weekly = "weekly" }

    /// The order of a list of conversations.
    QueueOrder "sort" {
        /// What is due first comes first; what has no due time comes last, the longest silent first.
        Due = "due",
        /// The newest message first.
        NewestMessage = "-last_message",
        /// The oldest conversation first.
        Created = "created",
    }

    /// What a change is about that consoles are told of.
    StaffChangeKind "event" {
        Conversation = "conversation",
        Message = "message",
        Delivery = "delivery",
        Turn = "turn",
        Escalation = "escalation",
        Mention = "mention",
        /// Something in a conversation, for one who watches it.
        Watched = "watched",
        Parked = "parked",
        Presence = "presence",
    }

    /// What happened in a conversation that someone watches: its customer has written, a colleague has answered, and so on.
    WatchCause "cause" {
        Message = "message", Reply = "reply", Escalation = "escalation", Resolved = "resolved", DueSoon = "due_soon",
        Overdue = "overdue",
    }

    /// What a member of staff does in a conversation at the moment.
    PresenceState "state" { Viewing = "viewing", Typing = "typing" }

    /// What staff think of a message of the bot.
    FeedbackVerdict "verdict" { Wrong = "wrong", Good = "good" }

    /// Who wrote a reply.
    ReplyAuthor "author" { Bot = "bot", Staff = "staff" }

    /// What a search of the console has found.
    SearchKind "kind" {
        Conversation = "conversation",
        Customer = "customer",
        Message = "message",
        Article = "article",
    }

    /// What a point of a summary tells.
    SummaryKind "kind" {
        Wish = "wish",
        Tried = "tried",
        OpenQuestion = "open_question",
        /// What the customer was told that people will do.
        Promise = "promise",
        Fact = "fact",
    }

    /// The role of an address in a conversation.
    ParticipantRole "participant role" { Customer = "customer", Copied = "cc", Other = "other" }

    /// What proves that an address belongs to whoever wrote from it.
    AddressProof "proof" {
        /// The channel.
        Attested = "attested",
        /// A code that was mailed to it.
        Code = "code",
        /// Nothing: it was only named.
        Claim = "claim",
        /// The receiving server denies it.
        Failed = "failed",
    }

    /// What a bulk action does to each of its conversations.
    BulkAction "action" {
        Assign = "assign",
        Release = "release",
        Snooze = "snooze",
        Patch = "patch",
        Resolve = "resolve",
        HandBack = "hand_back",
        Reply = "reply",
    }

    /// How far a message of a side conversation is.
    SideMessageState "state" {
        Pending = "pending",
        Sending = "sending",
        Sent = "sent",
        Failed = "failed",
        /// A third party wrote it.
        Received = "received",
    }
}
