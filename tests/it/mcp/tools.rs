//! What the tools, resources and prompts do for a customer's token and for those of staff.

use serde_json::json;

use super::client::{McpClient, known, token};
use crate::support::customers::{Customer, FORGOTTEN, PRICING};
use crate::support::postgres::{client, fresh_database};
use crate::support::served::{Served, TOKEN};
use crate::support::verdict::count;
use crate::support::wait::LIMIT;

#[tokio::test]
async fn a_customers_token_searches_and_reads() {
    let url = fresh_database().await;
    let served = Served::start(&url, &[]).await;
    let ann = known(&url, &served.base, "ann@example.com", FORGOTTEN).await;
    Customer::of(&served.base).replied(&ann.ticket, 1, LIMIT).await;
    let mcp = McpClient::new(&served.base, &token(&url, &["--customer", &ann.customer]).await);
    let tools = ["search_knowledge_base", "get_customer_history", "create_ticket", "escalate_to_human"];
    assert_eq!(mcp.names("tools/list", "tools").await, tools);

    let found = mcp.tool("search_knowledge_base", json!({"query": FORGOTTEN, "max_results": 2})).await;
    assert_eq!(
        (&found["query"], &found["mode"], &found["relevant"]),
        (&json!(FORGOTTEN), &json!("text"), &json!(true))
    );
    let results = found["results"].as_array().unwrap();
    assert_eq!((results.len(), &results[0]["rank"]), (2, &json!(1)));

    let history = mcp.tool("get_customer_history", json!({})).await;
    let shown = &history["conversations"][0];
    assert_eq!(shown["conversation_id"], ann.conversation);
    assert_eq!((&shown["channel"], &shown["status"]), (&json!("web_form"), &json!("active")));
    let roles: Vec<_> =
        shown["messages"].as_array().unwrap().iter().map(|message| &message["role"]).collect();
    assert_eq!(roles, ["customer", "agent"]);
    assert_eq!((&shown["messages"][0]["content"], &history["truncated"]), (&json!(FORGOTTEN), &json!(false)));
}

#[tokio::test]
async fn a_customers_token_creates_tickets_and_escalates() {
    let url = fresh_database().await;
    let served = Served::start(&url, &[]).await;
    let ann = known(&url, &served.base, "ann@example.com", FORGOTTEN).await;
    Customer::of(&served.base).replied(&ann.ticket, 1, LIMIT).await;
    let mcp = McpClient::new(&served.base, &token(&url, &["--customer", &ann.customer]).await);
    let request = json!({"subject": "A second question", "message": PRICING, "priority": "high"});
    let created = mcp.tool("create_ticket", request.clone()).await;
    assert_eq!((&created["status"], &created["created"]), (&json!("open"), &json!(true)));
    let ticket = created["ticket_id"].as_str().unwrap();
    let view = Customer::of(&served.base).replied(ticket, 1, LIMIT).await;
    assert_eq!((&view["subject"], &view["priority"]), (&json!("A second question"), &json!("high")));
    assert_eq!(view["messages"][0]["content"], PRICING);
    let again = mcp.tool("create_ticket", request).await;
    assert_eq!((&again["ticket_id"], &again["created"]), (&json!(ticket), &json!(false)));
    assert_eq!(again["status"], "escalated", "the status of now");

    let escalation = json!({"conversation_id": ann.conversation, "reason": "legal", "severity": "high",
                            "summary": "The customer mentions a lawyer."});
    let escalated = mcp.tool("escalate_to_human", escalation.clone()).await;
    assert_eq!(escalated["status"], "escalated");
    assert_eq!(mcp.tool("escalate_to_human", escalation).await, escalated, "asked again, nothing changes");
    let stored = "select count(*) from escalations where reason = 'legal' and severity = 'high' \
                  and summary like '%mentions a lawyer%'";
    assert_eq!(count(&client(&url).await, stored).await, 1);
    let told = Customer::of(&served.base).ticket(&ann.ticket).await;
    assert_eq!(told["messages"][2]["kind"], "acknowledgement", "{told}");
}

#[tokio::test]
async fn staff_read_any_conversation_and_a_reader_changes_nothing() {
    let url = fresh_database().await;
    let served = Served::start(&url, &[]).await;
    let ann = known(&url, &served.base, "ann@example.com", FORGOTTEN).await;
    let other = known(&url, &served.base, "bob@example.com", FORGOTTEN).await;
    for scope in ["read", "staff"] {
        let mcp = McpClient::new(&served.base, &token(&url, &["--scope", scope]).await);
        let history = mcp.tool("get_customer_history", json!({"conversation_id": ann.conversation})).await;
        let shown = history["conversations"].as_array().unwrap();
        assert_eq!(shown.len(), 1, "unproved senders' conversations stay apart: {history}");
        let (code, detail) = mcp.refusal("get_customer_history", json!({})).await;
        assert_eq!((code.as_str(), detail.as_str()), ("invalid_arguments", "conversation_id is required"));
    }
    let reader = McpClient::new(&served.base, &token(&url, &["--scope", "read"]).await);
    assert_eq!(reader.names("tools/list", "tools").await, ["search_knowledge_base", "get_customer_history"]);
    let escalation =
        json!({"conversation_id": ann.conversation, "reason": "legal", "summary": "Mentions a lawyer."});
    for (tool, arguments) in
        [("create_ticket", json!({"conversation_id": ann.conversation})), ("escalate_to_human", escalation)]
    {
        assert_eq!(reader.refusal(tool, arguments).await.0, "forbidden", "{tool}");
    }
    assert_eq!(count(&client(&url).await, "select count(*) from escalations").await, 0);

    let staff = McpClient::new(&served.base, TOKEN);
    let ticket = staff.tool("create_ticket", json!({"conversation_id": other.conversation})).await;
    assert_eq!((&ticket["ticket_id"], &ticket["created"]), (&json!(other.ticket), &json!(false)));
}

#[tokio::test]
async fn articles_and_transcripts_are_resources_and_prompts_attach_them() {
    let url = fresh_database().await;
    let served = Served::start(&url, &[]).await;
    let ann = known(&url, &served.base, "ann@example.com", FORGOTTEN).await;
    let own = McpClient::new(&served.base, &token(&url, &["--customer", &ann.customer]).await);
    let staff = McpClient::new(&served.base, TOKEN);

    let listed = own.call("resources/list", json!({})).await;
    let first = &listed["result"]["resources"][0];
    let article = own.call("resources/read", json!({"uri": first["uri"]})).await;
    let contents = &article["result"]["contents"][0];
    let title = format!("# {}", first["title"].as_str().unwrap());
    assert!(contents["text"].as_str().unwrap().starts_with(&title), "{article}");
    assert_eq!((&contents["mimeType"], &contents["uri"]), (&json!("text/markdown"), &first["uri"]));
    let mut names = own.names("resources/list", "resources").await;
    let cursor = listed["result"]["nextCursor"].clone();
    if cursor.is_string() {
        let next = own.call("resources/list", json!({"cursor": cursor})).await;
        let more = next["result"]["resources"].as_array().unwrap().iter();
        names.extend(more.map(|item| item["name"].as_str().unwrap().to_owned()));
    }
    let sections = count(&client(&url).await, "select count(*) from knowledge_base where not internal").await;
    assert_eq!(i64::try_from(names.len()).unwrap(), sections.min(100));

    let transcript = format!("fte://conversations/{}", ann.conversation);
    for mcp in [&own, &staff] {
        let read = mcp.call("resources/read", json!({"uri": transcript})).await;
        let text =
            read["result"]["contents"][0]["text"].as_str().unwrap_or_else(|| panic!("{read}")).to_owned();
        assert!(text.contains(&format!("> {FORGOTTEN}")), "{text}");
    }
    assert_eq!(own.names("prompts/list", "prompts").await, ["summarize_ticket"]);
    assert_eq!(staff.names("prompts/list", "prompts").await, ["draft_reply", "summarize_ticket"]);
    let arguments = json!({"conversation_id": ann.conversation});
    let prompt = staff.call("prompts/get", json!({"name": "draft_reply", "arguments": arguments})).await;
    let messages = prompt["result"]["messages"].as_array().unwrap();
    assert_eq!(messages.len(), 2, "{prompt}");
    assert_eq!(messages[1]["content"]["resource"]["uri"], transcript);
    let refused = own.call("prompts/get", json!({"name": "draft_reply", "arguments": arguments})).await;
    assert_eq!(refused["error"]["data"]["code"], "forbidden", "{refused}");
}

#[tokio::test]
async fn internal_documents_are_found_by_staff_alone() {
    let url = fresh_database().await;
    let served = Served::start(&url, &[]).await;
    let ann = known(&url, &served.base, "ann@example.com", FORGOTTEN).await;
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("runbook.md");
    std::fs::write(
        &file,
        "# Runbook\n\n## Zyphron restart\n\nTo restart the Zyphron relay, press the red switch.\n",
    )
    .unwrap();
    let ingest = ["kb", "ingest", file.to_str().unwrap(), "--internal"];
    let done = crate::operations::commands::fte_with(&url, &ingest, "", &[]).await;
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let own = McpClient::new(&served.base, &token(&url, &["--customer", &ann.customer]).await);
    let staff = McpClient::new(&served.base, TOKEN);
    let query = json!({"query": "restart the Zyphron relay"});
    let found = staff.tool("search_knowledge_base", query.clone()).await;
    assert!(found.to_string().contains("red switch"), "{found}");
    let found = own.tool("search_knowledge_base", query).await;
    assert!(!found.to_string().contains("red switch"), "{found}");
    for mcp in [&own, &staff] {
        let uri = "fte://articles/runbook.md%23zyphron-restart";
        let read = mcp.call("resources/read", json!({"uri": uri})).await;
        assert_eq!(read["error"]["code"], -32602, "{read}");
    }
}
