//! Data transfer objects of the MCP server's address: the envelope of JSON-RPC 2.0. `mcp` reads and writes the content.

use serde_json::Value;
use utoipa::ToSchema;
use utoipa::openapi::schema::{Object, ObjectBuilder, SchemaType, Type};

/// A message of the Model Context Protocol.
#[derive(Debug, ToSchema)]
#[schema(example = json!({
    "jsonrpc": "2.0",
    "id": 1,
    "method": "tools/call",
    "params": {"name": "search_knowledge_base", "arguments": {"query": "How do I reset my password?"}}
}))]
pub struct JsonRpcRequest {
    #[schema(pattern = "^2\\.0$")]
    pub jsonrpc: String,
    /// Without it the message is a notification.
    #[schema(schema_with = message_id, required = false)]
    pub id: Option<Value>,
    pub method: String,
    #[schema(value_type = Option<Object>)]
    pub params: Option<Value>,
}

fn message_id() -> Object {
    ObjectBuilder::new().schema_type(SchemaType::Array(vec![Type::String, Type::Integer])).build()
}

/// The response to a message with an id.
#[derive(Debug, ToSchema)]
#[schema(example = json!({"jsonrpc": "2.0", "id": 1, "result": {"content": [], "isError": false}}))]
pub struct JsonRpcResponse {
    #[schema(pattern = "^2\\.0$")]
    pub jsonrpc: String,
    pub id: Option<Value>,
    /// Absent in a refusal.
    pub result: Option<Value>,
    /// Absent in a success.
    pub error: Option<Value>,
}
