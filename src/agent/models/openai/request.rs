//! Builder of a Chat Completions request from a dialogue.

use async_openai::types::chat::{
    ChatCompletionMessageToolCall, ChatCompletionMessageToolCalls, ChatCompletionRequestAssistantMessage,
    ChatCompletionRequestMessage, ChatCompletionRequestSystemMessage, ChatCompletionRequestToolMessage,
    ChatCompletionRequestUserMessage, ChatCompletionStreamOptions, ChatCompletionTool,
    ChatCompletionToolChoiceOption, ChatCompletionTools, CreateChatCompletionRequest, FunctionCall,
    FunctionObject, ToolChoiceOptions,
};

use crate::agent::models::prompt::PromptMessage;
use crate::agent::models::tools::schemas;

/// Maximum tokens of one answer: far more than a reply may have, since some models reason first.
const ANSWER_MAX_TOKENS: u32 = 4_096;

pub fn tools() -> Vec<ChatCompletionTools> {
    let tool = |tool: crate::agent::models::tools::ToolSchema| {
        ChatCompletionTools::Function(ChatCompletionTool {
            function: FunctionObject {
                name: tool.name.as_str().to_owned(),
                description: Some(tool.description),
                parameters: Some(tool.parameters),
                strict: Some(true),
            },
        })
    };
    schemas().into_iter().map(tool).collect()
}

pub fn build(
    model: &str,
    messages: &[PromptMessage],
    tools: &[ChatCompletionTools],
    stream: bool,
) -> CreateChatCompletionRequest {
    CreateChatCompletionRequest {
        model: model.to_owned(),
        messages: messages.iter().map(message).collect(),
        tools: Some(tools.to_vec()),
        tool_choice: Some(ChatCompletionToolChoiceOption::Mode(ToolChoiceOptions::Required)),
        parallel_tool_calls: Some(true),
        max_completion_tokens: Some(ANSWER_MAX_TOKENS),
        stream: Some(stream),
        stream_options: stream
            .then_some(ChatCompletionStreamOptions { include_usage: Some(true), include_obfuscation: None }),
        ..CreateChatCompletionRequest::default()
    }
}

fn message(message: &PromptMessage) -> ChatCompletionRequestMessage {
    match message {
        PromptMessage::System(text) => {
            ChatCompletionRequestMessage::System(ChatCompletionRequestSystemMessage::from(text.as_str()))
        }
        PromptMessage::User(text) => {
            ChatCompletionRequestMessage::User(ChatCompletionRequestUserMessage::from(text.as_str()))
        }
        PromptMessage::Assistant { text, calls } => {
            let calls: Vec<_> = calls
                .iter()
                .map(|call| {
                    ChatCompletionMessageToolCalls::Function(ChatCompletionMessageToolCall {
                        id: call.id.clone(),
                        function: FunctionCall { name: call.name.clone(), arguments: call.arguments.clone() },
                    })
                })
                .collect();
            ChatCompletionRequestMessage::Assistant(ChatCompletionRequestAssistantMessage {
                // Content is required without tool calls, and optional with them.
                content: text.clone().or_else(|| calls.is_empty().then(String::new)).map(Into::into),
                tool_calls: (!calls.is_empty()).then_some(calls),
                ..ChatCompletionRequestAssistantMessage::default()
            })
        }
        PromptMessage::Tool { call_id, text } => {
            ChatCompletionRequestMessage::Tool(ChatCompletionRequestToolMessage {
                content: text.clone().into(),
                tool_call_id: call_id.clone(),
            })
        }
    }
}
