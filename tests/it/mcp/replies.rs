//! `send_response`: a reply through the MCP server is a reply of staff, with the guards of both.

use serde_json::{Value, json};

use super::client::{Known, McpClient, known, token};
use crate::support::customers::{Customer, FORGOTTEN};
use crate::support::postgres::{client, fresh_database};
use crate::support::served::{Served, TOKEN};
use crate::support::verdict::count;
use crate::support::wait::LIMIT;

const REPLIES: &str = "select count(*) from messages where role = 'staff'";
const RESET: &str = "Select Forgot password on the sign-in page.";

/// The newest public message, and its conversation's history.
async fn newest(mcp: &McpClient, conversation: &str) -> String {
    let history = mcp.tool("get_customer_history", json!({"conversation_id": conversation})).await;
    let messages = history["conversations"][0]["messages"].as_array().unwrap().clone();
    messages.last().unwrap()["id"].as_str().unwrap().to_owned()
}

fn arguments(ann: &Known, message: &str, citations: &[Value], seen: &str) -> Value {
    json!({"conversation_id": ann.conversation, "message": message, "citations": citations, "seen_through": seen})
}

/// What the guards refuse, of which nothing is sent.
async fn refusals(url: &str, staff: &McpClient, ann: &Known, seen: &str) {
    let first = staff
        .call(
            "tools/call",
            json!({"name": "get_customer_history",
        "arguments": {"conversation_id": ann.conversation}}),
        )
        .await;
    let oldest = first["result"]["structuredContent"]["conversations"][0]["messages"][0]["id"].clone();
    let other = json!("docs.md#no-such-section");
    for (message, citations, through, code) in [
        ("It costs $29 a month.", vec![], seen, "refused_by_guard"),
        ("Reply with your password.", vec![], seen, "refused_by_guard"),
        (RESET, vec![other], seen, "refused_by_guard"),
        (RESET, vec![], oldest.as_str().unwrap(), "unseen_messages"),
        (RESET, vec![], "01890000-0000-7000-8000-000000000000", "invalid_arguments"),
    ] {
        assert_eq!(
            staff.refusal("send_response", arguments(ann, message, &citations, through)).await.0,
            code,
            "{message}"
        );
    }
    assert_eq!(count(&client(url).await, REPLIES).await, 0, "what is refused is not sent");
}

#[tokio::test]
async fn staff_reply_once_to_what_they_have_read_and_only_what_the_guards_allow() {
    let url = fresh_database().await;
    let served = Served::start(&url, &[]).await;
    let ann = known(&url, &served.base, "ann@example.com", FORGOTTEN).await;
    Customer::of(&served.base).replied(&ann.ticket, 1, LIMIT).await;
    let staff = McpClient::new(&served.base, TOKEN);
    let own = McpClient::new(&served.base, &token(&url, &["--customer", &ann.customer]).await);
    let reader = McpClient::new(&served.base, &token(&url, &["--scope", "read"]).await);
    let seen = newest(&staff, &ann.conversation).await;
    let call = |message: &str, citations: &[Value], seen: &str| arguments(&ann, message, citations, seen);
    for mcp in [&own, &reader] {
        assert!(!mcp.names("tools/list", "tools").await.contains(&"send_response".to_owned()));
        assert_eq!(mcp.refusal("send_response", call(RESET, &[], &seen)).await.0, "forbidden");
    }
    refusals(&url, &staff, &ann, &seen).await;
    let found = staff.tool("search_knowledge_base", json!({"query": FORGOTTEN})).await;
    let article = found["results"][0]["id"].clone();
    let sent = staff.tool("send_response", call(RESET, std::slice::from_ref(&article), &seen)).await;
    assert_eq!(sent["state"]["status"], "escalated");
    assert_eq!(sent["state"]["ticket_status"], "waiting_customer");
    assert_eq!(sent["receipt"]["result"], "sent_before");
    assert!(sent["send_at"].is_string() && sent["message_id"].is_string(), "{sent}");
    let again = staff.refusal("send_response", call(RESET, &[], &seen)).await;
    assert_eq!(again.0, "unseen_messages", "a repeated call sends nothing");
    assert!(again.1.contains(sent["message_id"].as_str().unwrap()), "{}", again.1);
    assert_eq!(count(&client(&url).await, REPLIES).await, 1);
    let row = "select sources->0->>'id' from messages where role = 'staff'";
    let cited: String = client(&url).await.query_one(row, &[]).await.unwrap().get(0);
    assert_eq!(json!(cited), article);
    let audited =
        "select count(*) from audit_log where action in ('mcp.send_response', 'conversation.replied')";
    assert_eq!(count(&client(&url).await, audited).await, 2 + 5 + 2 + 1, "refused calls too");
}
