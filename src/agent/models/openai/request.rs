//! Builder of a Chat Completions request from a dialogue. Everything is typed as the API documents it; afterwards the
//! parameters that a service does not support are left out.

use async_openai::types::chat::{
    ChatCompletionMessageToolCall, ChatCompletionMessageToolCalls, ChatCompletionRequestAssistantMessage,
    ChatCompletionRequestDeveloperMessage, ChatCompletionRequestMessage, ChatCompletionRequestSystemMessage,
    ChatCompletionRequestToolMessage, ChatCompletionRequestUserMessage, ChatCompletionTool,
    ChatCompletionTools, CreateChatCompletionRequest, FunctionCall, FunctionObject,
};
use serde_json::{Map, Value};

use super::capabilities::{Capabilities, InstructionRole, SchemaForm};
use crate::agent::models::prompt::PromptMessage;
use crate::agent::models::tools::{ToolSchema, schemas, summary_schema};

/// Maximum tokens of one answer: far more than a reply may have, since some models reason first.
const ANSWER_MAX_TOKENS: u32 = 4_096;

/// The tools of a turn.
pub fn tools() -> Vec<ChatCompletionTools> {
    schemas().into_iter().map(function).collect()
}

/// The tool of a summary.
pub fn summary_tools() -> Vec<ChatCompletionTools> {
    vec![function(summary_schema())]
}

fn function(tool: ToolSchema) -> ChatCompletionTools {
    ChatCompletionTools::Function(ChatCompletionTool {
        function: FunctionObject {
            name: tool.name.to_owned(),
            description: Some(tool.description),
            parameters: Some(tool.parameters),
            strict: Some(true),
        },
    })
}

pub fn build(
    model: &str,
    messages: &[PromptMessage],
    tools: &[ChatCompletionTools],
    supported: &Capabilities,
) -> Result<Value, serde_json::Error> {
    let request = CreateChatCompletionRequest {
        model: model.to_owned(),
        messages: with_instructions(messages, supported.role),
        tools: Some(tools.to_vec()),
        ..CreateChatCompletionRequest::default()
    };
    let mut request = serde_json::to_value(request)?;
    supported.apply(&mut request, ANSWER_MAX_TOKENS);
    if supported.schemas != SchemaForm::Strict {
        let functions = request["tools"].as_array_mut().into_iter().flatten();
        for function in functions.filter_map(|tool| tool["function"].as_object_mut()) {
            function.remove("strict");
            if let Some(parameters) =
                function.get_mut("parameters").filter(|_| supported.schemas == SchemaForm::Plain)
            {
                simplify(parameters);
            }
        }
    }
    Ok(request)
}

/// Removes what services with a small dialect of JSON Schema do not know: unions with null, and forbidden keys.
fn simplify(schema: &mut Value) {
    let Some(object) = schema.as_object_mut() else {
        return;
    };
    object.remove("additionalProperties");
    let optional: Vec<String> = object
        .get("properties")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .filter(|(_, property)| property["type"].is_array())
        .map(|(key, _)| key.clone())
        .collect();
    if let Some(Value::Array(required)) = object.get_mut("required") {
        required.retain(|key| !optional.iter().any(|optional| key == optional));
        if required.is_empty() {
            object.remove("required");
        }
    }
    if let Some(Value::Object(properties)) = object.get_mut("properties") {
        properties.values_mut().for_each(without_null);
    }
}

fn without_null(property: &mut Value) {
    let Some(object) = property.as_object_mut() else {
        return;
    };
    let kind = object.get("type").and_then(Value::as_array);
    let kind = kind.and_then(|kinds| kinds.iter().find(|kind| *kind != "null")).cloned();
    object.extend(kind.map(|kind| ("type".to_owned(), kind)).into_iter().collect::<Map<_, _>>());
    if let Some(Value::Array(values)) = object.get_mut("enum") {
        values.retain(|value| !value.is_null());
    }
    simplify(property);
}

/// The messages, with the instructions in a role that the service takes.
fn with_instructions(messages: &[PromptMessage], role: InstructionRole) -> Vec<ChatCompletionRequestMessage> {
    let mut instructions = String::new();
    let mut built = Vec::new();
    for said in messages {
        match (said, role) {
            (PromptMessage::System(text), InstructionRole::Developer) => {
                built.push(ChatCompletionRequestMessage::Developer(
                    ChatCompletionRequestDeveloperMessage::from(text.as_str()),
                ));
            }
            (PromptMessage::System(text), InstructionRole::User) => instructions = format!("{text}\n\n"),
            (PromptMessage::User(text), InstructionRole::User) => {
                let text = format!("{}{text}", std::mem::take(&mut instructions));
                built.push(message(&PromptMessage::User(text)));
            }
            (said, InstructionRole::System | InstructionRole::Developer | InstructionRole::User) => {
                built.push(message(said));
            }
        }
    }
    built
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
                        function: FunctionCall {
                            name: call.name.clone(),
                            arguments: object(&call.arguments),
                        },
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

/// Arguments as they may be sent back: some services refuse a dialogue whose earlier calls are no JSON objects.
fn object(arguments: &str) -> String {
    match serde_json::from_str::<Value>(arguments) {
        Ok(Value::Object(_)) => arguments.to_owned(),
        Ok(_) | Err(_) => "{}".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn built(supported: Capabilities) -> Value {
        let messages = [PromptMessage::System("Be kind.".to_owned()), PromptMessage::User("Hi".to_owned())];
        build("m", &messages, &tools(), &supported).unwrap()
    }

    #[test]
    fn plain_schemas_have_no_null_and_no_forbidden_keys() {
        let text = built(Capabilities { schemas: SchemaForm::Plain, ..Capabilities::default() })["tools"]
            .to_string();
        for keyword in ["additionalProperties", "\"null\"", "[null", ",null", "strict"] {
            assert!(!text.contains(keyword), "{keyword}: {text}");
        }
        let loose = built(Capabilities { schemas: SchemaForm::Loose, ..Capabilities::default() })["tools"]
            .to_string();
        assert!(loose.contains("additionalProperties") && !loose.contains("strict"), "{loose}");
    }

    #[test]
    fn the_instructions_go_into_the_role_that_the_service_takes() {
        let roles = |role| {
            let request = built(Capabilities { role, ..Capabilities::default() });
            let messages = request["messages"].as_array().unwrap().clone();
            messages.iter().map(|said| format!("{}: {}", said["role"], said["content"])).collect::<Vec<_>>()
        };
        assert_eq!(roles(InstructionRole::System), ["\"system\": \"Be kind.\"", "\"user\": \"Hi\""]);
        assert_eq!(roles(InstructionRole::Developer), ["\"developer\": \"Be kind.\"", "\"user\": \"Hi\""]);
        assert_eq!(roles(InstructionRole::User), ["\"user\": \"Be kind.\\n\\nHi\""]);
    }
}
