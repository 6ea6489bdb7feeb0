//! MCP prompts: instructions for a model, with the transcript of a conversation attached as a resource.

use rmcp::model::{GetPromptResult, JsonObject, Prompt, PromptArgument, PromptMessage, Role};

use super::McpWires;
use super::arguments;
use super::caller::{CallerRights, McpCaller};
use super::errors::ToolError;

/// A prompt of the MCP server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum McpPrompt {
    DraftReply,
    SummarizeTicket,
}

impl McpPrompt {
    pub(super) const ALL: &'static [Self] = &[Self::DraftReply, Self::SummarizeTicket];

    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::DraftReply => "draft_reply",
            Self::SummarizeTicket => "summarize_ticket",
        }
    }

    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|prompt| prompt.as_str() == name)
    }

    /// Replies are staff's.
    pub(super) fn is_open_to(self, rights: CallerRights) -> bool {
        match (self, rights) {
            (Self::DraftReply, CallerRights::Customer(_)) => false,
            (Self::DraftReply | Self::SummarizeTicket, _) => true,
        }
    }

    const fn description(self) -> &'static str {
        match self {
            Self::DraftReply => "Draft a reply to the customer, from the knowledge base",
            Self::SummarizeTicket => "Summarize a ticket for a colleague",
        }
    }

    const fn instructions(self) -> &'static str {
        match self {
            Self::DraftReply => include_str!("prompts/draft_reply.md"),
            Self::SummarizeTicket => include_str!("prompts/summarize_ticket.md"),
        }
    }

    pub(super) fn definition(self) -> Prompt {
        let conversation = PromptArgument::new("conversation_id")
            .with_description("The conversation's id")
            .with_required(true);
        Prompt::new(self.as_str(), Some(self.description()), Some(vec![conversation]))
    }
}

impl McpWires {
    pub(super) async fn prompt(
        &self,
        caller: &McpCaller,
        prompt: McpPrompt,
        arguments: Option<JsonObject>,
    ) -> Result<GetPromptResult, ToolError> {
        if !prompt.is_open_to(caller.rights) {
            return Err(ToolError::forbidden("This prompt is for staff."));
        }
        let conversation = arguments::conversation(arguments)?;
        let transcript = self.transcript(caller, prompt.as_str(), conversation).await?;
        let uri = format!("fte://conversations/{conversation}");
        let plain = Some("text/plain".to_owned());
        let attached =
            PromptMessage::new_resource(Role::User, uri, plain, Some(transcript), None, None, None);
        let instructions = PromptMessage::new_text(Role::User, prompt.instructions());
        Ok(GetPromptResult::new(vec![instructions, attached]).with_description(prompt.description()))
    }
}
