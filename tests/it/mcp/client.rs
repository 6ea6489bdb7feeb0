//! An MCP client over HTTP, as far as the tests need one: JSON-RPC by hand, so that what is sent is what is written here.

use reqwest::{RequestBuilder, Response};
use serde_json::{Value, json};

use crate::accounts::client::run;
use crate::support::customers::Customer;
use crate::support::postgres::client;

pub const REVISION: &str = "2026-07-28";

pub struct McpClient {
    pub url: String,
    token: String,
    http: reqwest::Client,
}

impl McpClient {
    pub fn new(base: &str, token: &str) -> Self {
        let http = fte::http_client::builder().no_proxy().build().unwrap();
        Self { url: format!("{base}/mcp"), token: token.to_owned(), http }
    }

    /// A POST with the token and the headers that the protocol requires, and no body yet.
    pub fn post(&self, method: &str, name: Option<&str>) -> RequestBuilder {
        let mut request = self.http.post(&self.url).bearer_auth(&self.token);
        request = request.header("Accept", "application/json, text/event-stream");
        request = request.header("MCP-Protocol-Version", REVISION).header("Mcp-Method", method);
        match name {
            Some(name) => request.header("Mcp-Name", name),
            None => request,
        }
    }

    pub async fn send(&self, method: &str, params: Value) -> Response {
        let name = params["name"].as_str().or(params["uri"].as_str()).map(str::to_owned);
        let request = self.post(method, name.as_deref());
        request.json(&message(method, params)).send().await.unwrap()
    }

    /// The whole response document.
    pub async fn call(&self, method: &str, params: Value) -> Value {
        self.send(method, params).await.json().await.unwrap()
    }

    /// The result of a tool that must succeed.
    pub async fn tool(&self, name: &str, arguments: Value) -> Value {
        let response = self.call("tools/call", json!({"name": name, "arguments": arguments})).await;
        assert_eq!(response["result"]["isError"], false, "{response}");
        let shown = &response["result"]["structuredContent"];
        let text = response["result"]["content"][0]["text"].as_str().unwrap();
        assert_eq!(serde_json::from_str::<Value>(text).unwrap(), *shown);
        shown.clone()
    }

    /// The code and the detail of a tool's refusal.
    pub async fn refusal(&self, name: &str, arguments: Value) -> (String, String) {
        let response = self.call("tools/call", json!({"name": name, "arguments": arguments})).await;
        assert_eq!(response["result"]["isError"], true, "{response}");
        let document = &response["result"]["structuredContent"];
        let members: Vec<&String> = document.as_object().unwrap().keys().collect();
        assert_eq!(members, ["code", "detail"]);
        let text = |member: &str| document[member].as_str().unwrap().to_owned();
        (text("code"), text("detail"))
    }

    /// The names in a list.
    pub async fn names(&self, method: &str, list: &str) -> Vec<String> {
        let response = self.call(method, json!({})).await;
        let items = response["result"][list].as_array().unwrap_or_else(|| panic!("{response}"));
        items.iter().map(|item| item["name"].as_str().unwrap().to_owned()).collect()
    }
}

/// A request with the metadata that the revision requires.
pub fn message(method: &str, params: Value) -> Value {
    let mut params = params;
    params["_meta"] = json!({
        "io.modelcontextprotocol/protocolVersion": REVISION,
        "io.modelcontextprotocol/clientInfo": {"name": "tests", "version": "1"},
        "io.modelcontextprotocol/clientCapabilities": {},
    });
    json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
}

/// A token of the command line.
pub async fn token(url: &str, arguments: &[&str]) -> String {
    let command = [&["token", "create", "assistant"], arguments, &["--json"]].concat();
    run(url, &command).await["token"].as_str().unwrap().to_owned()
}

/// A customer with one ticket.
pub struct Known {
    pub customer: String,
    pub conversation: String,
    pub ticket: String,
}

/// Submits on the web form, and looks up whose it is.
pub async fn known(url: &str, base: &str, email: &str, text: &str) -> Known {
    let ticket = Customer::of(base).submit(email, "1", text).await.ticket();
    let query = "select c.customer_id::text, c.id::text from conversations c join tickets t on t.conversation_id = c.id
                 where t.id::text = $1";
    let row = client(url).await.query_one(query, &[&ticket]).await.unwrap();
    Known { customer: row.get(0), conversation: row.get(1), ticket }
}
