//! `fte mcp`: the same server on standard input and output.

use serde_json::{Value, json};

use super::client::{known, message, token};
use crate::operations::commands::fte_with;
use crate::support::customers::FORGOTTEN;
use crate::support::postgres::fresh_database;
use crate::support::served::Served;

/// The responses to these requests, by their position.
async fn exchange(url: &str, token: &str, requests: &[(&str, Value)]) -> Vec<Value> {
    let numbered = requests.iter().enumerate().map(|(place, (method, params))| {
        let mut line = message(method, params.clone());
        line["id"] = json!(place);
        format!("{line}\n")
    });
    let output = fte_with(url, &["mcp"], &numbered.collect::<String>(), &[("FTE_MCP_TOKEN", token)]).await;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let mut responses: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    responses.sort_by_key(|response| response["id"].as_u64());
    responses
}

fn call(name: &str, arguments: Value) -> (&'static str, Value) {
    ("tools/call", json!({"name": name, "arguments": arguments}))
}

#[tokio::test]
async fn a_client_on_standard_input_has_the_rights_of_its_token() {
    let url = fresh_database().await;
    let served = Served::start(&url, &[]).await;
    let ann = known(&url, &served.base, "ann@example.com", FORGOTTEN).await;
    let bob = known(&url, &served.base, "bob@example.com", FORGOTTEN).await;
    let request = json!({"subject": "A second question", "message": FORGOTTEN});
    let requests = [
        ("server/discover", json!({})),
        call("get_customer_history", json!({"conversation_id": ann.conversation})),
        call("get_customer_history", json!({"conversation_id": bob.conversation})),
        call("create_ticket", request),
    ];
    let own = token(&url, &["--customer", &ann.customer]).await;
    let responses = exchange(&url, &own, &requests).await;
    assert_eq!(responses.len(), 4, "{responses:?}");
    let content = |place: usize| &responses[place]["result"]["structuredContent"];
    assert_eq!(content(1)["conversations"][0]["conversation_id"], ann.conversation);
    assert_eq!(content(2)["code"], "not_found");
    assert_eq!(content(3)["created"], true);
    // The running server answers the ticket.
    let ticket = content(3)["ticket_id"].as_str().unwrap();
    let customer = crate::support::customers::Customer::of(&served.base);
    customer.replied(ticket, 1, crate::support::wait::LIMIT).await;
}

#[tokio::test]
async fn without_a_valid_token_it_does_not_start() {
    let url = fresh_database().await;
    let missing = fte_with(&url, &["mcp"], "", &[]).await;
    assert_eq!(missing.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&missing.stderr).contains("FTE_MCP_TOKEN"));
    let operator = token(&url, &["--scope", "ops"]).await;
    for wrong in ["fte_wrong", &operator] {
        let refused = fte_with(&url, &["mcp"], "", &[("FTE_MCP_TOKEN", wrong)]).await;
        assert_eq!(refused.status.code(), Some(2), "{wrong}");
        assert!(refused.stdout.is_empty());
    }
}
