//! Replies of a program to a customer, in the name of its token's account: the agent's output guard first, then the same
//! action as a reply in the console, with its guards.

use serde_json::{Value, json};

use super::McpWires;
use super::arguments::ReplyArguments;
use super::caller::McpCaller;
use super::calls::{ACTOR_TIMEOUT, ask_twice};
use super::errors::ToolError;
use super::shapes::rfc3339;
use crate::actors::messages::{PerformAction, ReplyReview, ReviewReply};
use crate::actors::runtime::ask::ask;
use crate::clock;
use crate::domain::console::actions::{
    ActionConflict, ActionOutcome, ActionRefusal, StaffAnswer, StaffCommand, StaffOrder, StaffReply,
    USUAL_DELAY,
};
use crate::domain::ids::MessageId;
use crate::domain::knowledge::Source;

impl McpWires {
    /// Asked once: whoever asks again gets `unseen_messages`, because the reply itself is the newest message then.
    pub(super) async fn reply(
        &self,
        caller: &McpCaller,
        arguments: ReplyArguments,
    ) -> Result<Value, ToolError> {
        let (text, sources) = self.reviewed(&arguments).await?;
        let command = StaffCommand::Reply(Box::new(StaffReply {
            conversation: arguments.conversation,
            message: clock::new_v7().into(),
            delivery: clock::new_v7().into(),
            text,
            seen: arguments.seen,
            channel: None,
            cc: None,
            bcc: None,
            delay: None,
            usual_delay: USUAL_DELAY,
            resolves: false,
            suggestion: None,
            sources,
            force: false,
            // The dispatcher knows them.
            channels: Vec::new(),
        }));
        let order = StaffOrder { actor: caller.acts_as, role: caller.role, key: None, command };
        match ask(&self.perform, ACTOR_TIMEOUT, |reply| PerformAction { order, reply }).await? {
            StaffAnswer::Done(outcome) => receipt(*outcome).ok_or_else(failed),
            StaffAnswer::Refused(refusal) => Err(refused(*refusal)),
            StaffAnswer::KeyReused => Err(failed()),
        }
    }

    async fn reviewed(&self, arguments: &ReplyArguments) -> Result<(String, Vec<Source>), ToolError> {
        let ReplyArguments { conversation, text, citations, .. } = arguments;
        let question = |reply| ReviewReply {
            conversation: *conversation,
            text: text.clone(),
            citations: citations.clone(),
            reply,
        };
        match ask_twice(&self.review_reply, question).await? {
            ReplyReview::Sound { text, sources } => Ok((text, sources)),
            ReplyReview::Objection(why) => Err(ToolError::new("refused_by_guard", why)),
            ReplyReview::NoConversation => Err(ToolError::no_conversation()),
            ReplyReview::TicketClosed => Err(ToolError::ticket_closed()),
        }
    }
}

const UNCONFIGURED: &str = "The conversation's channel is not configured.";
const NO_ADDRESS: &str = "The customer has no proven address on the conversation's channel.";

/// As the HTTP API answers a reply.
fn receipt(outcome: ActionOutcome) -> Option<Value> {
    let (state, receipt) = (outcome.state?, outcome.receipt?);
    Some(json!({
        "message_id": outcome.message_id?,
        "send_at": rfc3339(outcome.send_at?),
        "state": {
            "conversation_id": state.conversation_id,
            "status": state.status,
            "ticket_status": state.ticket_status,
            "assignee": state.assignee.map(|person| json!({"id": person.id, "name": person.name})),
        },
        "receipt": {
            "result": receipt.result,
            "message_id": receipt.message_id,
            "at": receipt.at.map(rfc3339),
            "withdrawn": receipt.withdrawn,
        },
    }))
}

fn failed() -> ToolError {
    tracing::error!("a reply of an MCP client has an answer that replies do not have");
    ToolError::new("failed", "Something went wrong on our side.")
}

fn refused(refusal: ActionRefusal) -> ToolError {
    let invalid = |detail: &str| ToolError::new("invalid_arguments", detail);
    match refusal {
        ActionRefusal::NoConversation => ToolError::no_conversation(),
        ActionRefusal::Claimed(colleague) => {
            ToolError::new("claimed", format!("{} has this conversation.", colleague.name))
        }
        ActionRefusal::Unseen(messages) => unseen(messages.iter().map(|unseen| unseen.message.id).collect()),
        ActionRefusal::Conflict(conflict) => conflicting(conflict),
        ActionRefusal::UnknownSeen => invalid("seen_through is no public message of this conversation"),
        ActionRefusal::UnconfiguredChannel => ToolError::new("unconfigured", UNCONFIGURED),
        ActionRefusal::NoAddress => ToolError::new("no_address", NO_ADDRESS),
        ActionRefusal::NoMessage
        | ActionRefusal::NoView
        | ActionRefusal::NoReply
        | ActionRefusal::NoParked
        | ActionRefusal::NoDelivery
        | ActionRefusal::NotTheBots
        | ActionRefusal::NoCustomer
        | ActionRefusal::NoMerge
        | ActionRefusal::NoWebhook
        | ActionRefusal::NoWebhookDelivery
        | ActionRefusal::NoSide
        | ActionRefusal::NoTarget
        | ActionRefusal::OtherCustomer
        | ActionRefusal::UnknownMessages
        | ActionRefusal::NothingToSplit
        | ActionRefusal::NoMail
        | ActionRefusal::UnknownFiles
        | ActionRefusal::IsCustomer
        | ActionRefusal::NotTheAuthor
        | ActionRefusal::UnknownStaff
        | ActionRefusal::NoCopies
        | ActionRefusal::NoDelay
        | ActionRefusal::NoSuggestion
        | ActionRefusal::NotTheirs
        | ActionRefusal::Past
        | ActionRefusal::TooManyTags => failed(),
    }
}

fn unseen(ids: Vec<MessageId>) -> ToolError {
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    let detail = format!("There are newer messages: {}. Read them first.", ids.join(", "));
    ToolError::new("unseen_messages", detail)
}

fn conflicting(conflict: ActionConflict) -> ToolError {
    match conflict {
        ActionConflict::TicketClosed => ToolError::ticket_closed(),
        ActionConflict::WindowClosed => ToolError::new(
            "window_closed",
            "The customer has not written for 24 hours; WhatsApp takes no free text.",
        ),
        ActionConflict::OptedOut => {
            ToolError::new("opted_out", "The customer wants no messages on this channel.")
        }
        ActionConflict::Resolved
        | ActionConflict::NotResolved
        | ActionConflict::NotInHumanHands
        | ActionConflict::AlreadySent
        | ActionConflict::Changed
        | ActionConflict::SuggestionRetired
        | ActionConflict::Answered
        | ActionConflict::NotFailed
        | ActionConflict::StaleDraft
        | ActionConflict::AlreadyMerged
        | ActionConflict::BothOpen
        | ActionConflict::MergedSince
        | ActionConflict::ConversationsMerged
        | ActionConflict::NotMerged
        | ActionConflict::TooManyWebhooks
        | ActionConflict::WebhookDisabled
        | ActionConflict::ViewNameTaken
        | ActionConflict::TooManyViews
        | ActionConflict::OwnReply => failed(),
    }
}
