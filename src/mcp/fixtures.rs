//! Decorator of the MCP server for the official conformance suite, in builds with the `fakes` feature: it adds the tools,
//! resources and prompts that the suite calls by name, and leaves everything else to the server. It reads no data.

mod input;

use std::sync::LazyLock;

use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, CompleteRequestParams, CompleteResult,
    CompletionInfo, ContentBlock, GetPromptRequestParams, GetPromptResponse, GetPromptResult, JsonObject,
    ListPromptsResult, ListResourceTemplatesResult, ListResourcesResult, ListToolsResult,
    PaginatedRequestParams, ProgressNotificationParam, Prompt, PromptArgument, ReadResourceRequestParams,
    ReadResourceResponse, ReadResourceResult, Resource, ResourceContents, ResourceTemplate,
    ServerCapabilities, ServerConfig, Tool,
};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, ServerHandler};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::handler::McpServer;

/// What the suite expects word for word.
static CONTENTS: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("fixtures/contents.json")).unwrap_or_default());

/// Reports its progress.
const PROGRESS: &str = "test_tool_with_progress";
const TEMPLATE: (&str, &str) = ("test://template/", "/data");

/// The MCP server with the suite's fixtures.
#[derive(Clone, Debug)]
pub struct WithFixtures(pub McpServer);

fn named(list: &str) -> impl Iterator<Item = &'static String> {
    CONTENTS[list].as_object().into_iter().flat_map(|members| members.keys())
}

fn fixture<T: DeserializeOwned>(value: Value) -> Result<T, ErrorData> {
    serde_json::from_value(value).map_err(|error| ErrorData::internal_error(error.to_string(), None))
}

fn tool(name: &'static str) -> Tool {
    let schema = json!({"type": "object", "properties": {}}).as_object().cloned().unwrap_or_default();
    Tool::new(name, "A fixture of the conformance suite", schema)
}

async fn progress(context: &RequestContext<RoleServer>) -> Result<CallToolResponse, ErrorData> {
    if let Some(token) = context.meta.get_progress_token() {
        for done in [0.0, 50.0, 100.0] {
            let report = ProgressNotificationParam::new(token.clone(), done).with_total(100.0);
            let told = context.peer.notify_progress(report).await;
            told.map_err(|error| ErrorData::internal_error(error.to_string(), None))?;
        }
    }
    Ok(CallToolResult::success(vec![ContentBlock::text("done")]).into())
}

/// A contained text with its placeholders filled in.
fn filled(value: &Value, arguments: &JsonObject) -> Value {
    match value {
        Value::String(text) => {
            let fill = |text: String, (name, value): (&String, &Value)| {
                text.replace(&format!("{{{name}}}"), value.as_str().unwrap_or_default())
            };
            Value::String(arguments.iter().fold(text.clone(), fill))
        }
        Value::Array(items) => items.iter().map(|item| filled(item, arguments)).collect(),
        Value::Object(members) => {
            members.iter().map(|(name, value)| (name.clone(), filled(value, arguments))).collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}

fn prompt(name: &str) -> Prompt {
    let argument = |name: &str| PromptArgument::new(name).with_required(true);
    let arguments = match name {
        "test_prompt_with_arguments" => Some(vec![argument("arg1"), argument("arg2")]),
        "test_prompt_with_embedded_resource" => Some(vec![argument("resourceUri")]),
        _ => None,
    };
    Prompt::new(name, Some("A fixture of the conformance suite"), arguments)
}

fn contents(uri: &str) -> Option<Value> {
    if let Some(known) = CONTENTS["resources"].get(uri) {
        return Some(known.clone());
    }
    let id = uri.strip_prefix(TEMPLATE.0)?.strip_suffix(TEMPLATE.1)?;
    let data = json!({"id": id, "templateTest": true, "data": format!("Data for ID: {id}")});
    Some(json!({"uri": uri, "mimeType": "application/json", "text": data.to_string()}))
}

impl ServerHandler for WithFixtures {
    fn get_info(&self) -> ServerConfig {
        let own = self.0.get_info();
        let capabilities = ServerCapabilities::builder()
            .enable_tools()
            .enable_resources()
            .enable_prompts()
            .enable_completions()
            .build();
        let info = ServerConfig::new(capabilities).with_server_info(own.server_info);
        info.with_instructions(own.instructions.unwrap_or_default())
    }

    async fn list_tools(
        &self,
        request: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let mut listed = self.0.list_tools(request, context).await?;
        let own = named("tools").map(String::as_str).chain(input::TOOLS.iter().copied()).chain([PROGRESS]);
        listed.tools.extend(own.map(tool));
        Ok(listed)
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        self.0.get_tool(name)
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        if let Some(result) = CONTENTS["tools"].get(request.name.as_ref()) {
            return Ok(fixture::<CallToolResult>(result.clone())?.into());
        }
        if request.name == PROGRESS {
            return progress(&context).await;
        }
        if input::TOOLS.contains(&request.name.as_ref()) {
            return input::call(&request, &context.meta);
        }
        self.0.call_tool(request, context).await
    }

    async fn list_resources(
        &self,
        request: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListResourcesResult, ErrorData> {
        let mut listed = self.0.list_resources(request, context).await?;
        listed.resources.extend(named("resources").map(|uri| Resource::new(uri.as_str(), "fixture")));
        Ok(listed)
    }

    async fn list_resource_templates(
        &self,
        request: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        let mut listed = self.0.list_resource_templates(request, context).await?;
        let uri = format!("{}{{id}}{}", TEMPLATE.0, TEMPLATE.1);
        listed.resource_templates.push(ResourceTemplate::new(uri, "fixture"));
        Ok(listed)
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        let Some(contents) = contents(&request.uri) else {
            return self.0.read_resource(request, context).await;
        };
        let contents: ResourceContents = fixture(contents)?;
        let read = ReadResourceResult::new(vec![contents]).with_ttl_ms(0);
        Ok(read.with_cache_scope(rmcp::model::CacheScope::Private).into())
    }

    async fn list_prompts(
        &self,
        request: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListPromptsResult, ErrorData> {
        let mut listed = self.0.list_prompts(request, context).await?;
        listed.prompts.extend(named("prompts").map(|name| prompt(name)).chain([prompt(input::PROMPT)]));
        Ok(listed)
    }

    async fn get_prompt(
        &self,
        request: GetPromptRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<GetPromptResponse, ErrorData> {
        if request.name == input::PROMPT {
            return input::prompt(&request);
        }
        let Some(known) = CONTENTS["prompts"].get(&request.name) else {
            return self.0.get_prompt(request, context).await;
        };
        let arguments = request.arguments.unwrap_or_default();
        Ok(fixture::<GetPromptResult>(filled(known, &arguments))?.into())
    }

    async fn complete(
        &self,
        _: CompleteRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<CompleteResult, ErrorData> {
        let values = vec!["paris".to_owned(), "park".to_owned(), "party".to_owned()];
        let completion =
            CompletionInfo::new(values).map_err(|error| ErrorData::internal_error(error, None))?;
        Ok(CompleteResult::new(completion))
    }
}
