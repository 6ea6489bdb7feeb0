//! The protocol at /mcp: authentication, Host and Origin, methods, revisions, limits.

use serde_json::{Value, json};

use super::client::{McpClient, REVISION, known, message, token};
use crate::accounts::client::run;
use crate::support::customers::FORGOTTEN;
use crate::support::postgres::fresh_database;
use crate::support::served::{Served, TOKEN};

#[tokio::test]
async fn a_request_needs_a_token_that_opens_something() {
    let url = fresh_database().await;
    let served = Served::start(&url, &[]).await;
    let list = message("tools/list", json!({}));
    let http = fte::http_client::builder().no_proxy().build().unwrap();
    let bare = http.post(format!("{}/mcp", served.base)).json(&list).send().await.unwrap();
    assert_eq!(bare.status(), 401);
    assert_eq!(bare.headers()["www-authenticate"], "Bearer");
    assert_eq!(bare.headers()["content-type"], "application/problem+json");
    let status =
        async |token: &str| McpClient::new(&served.base, token).send("tools/list", json!({})).await.status();
    assert_eq!(status("fte_wrong").await, 401);
    for scope in ["ops", "ingest"] {
        assert_eq!(status(&token(&url, &["--scope", scope]).await).await, 403, "{scope}");
    }
    let created = run(&url, &["token", "create", "x", "--scope", "read", "--json"]).await;
    let reader = created["token"].as_str().unwrap();
    assert_eq!(status(reader).await, 200);
    run(&url, &["token", "revoke", created["id"].as_str().unwrap(), "--json"]).await;
    assert_eq!(status(reader).await, 401);
    let cookie = http.post(format!("{}/mcp", served.base)).header("Cookie", "fte_session=x").json(&list);
    assert_eq!(cookie.send().await.unwrap().status(), 401, "a browser's session does not do");
}

#[tokio::test]
async fn foreign_hosts_and_origins_and_other_methods_are_refused() {
    let url = fresh_database().await;
    let variables = [("CORS_ORIGINS", "https://shop.example.com"), ("MCP_ALLOWED_HOSTS", "fte.support.svc")];
    let served = Served::start(&url, &variables).await;
    let mcp = McpClient::new(&served.base, TOKEN);
    let port = served.base.rsplit(':').next().unwrap();
    let cases = [
        ("Host", "evil.example.com".to_owned(), 403),
        ("Host", format!("localhost:{port}"), 200),
        ("Host", "fte.support.svc".to_owned(), 200),
        ("Origin", "https://evil.example.com".to_owned(), 403),
        ("Origin", "null".to_owned(), 403),
        ("Origin", "https://shop.example.com".to_owned(), 200),
        ("Origin", served.base.clone(), 200),
    ];
    for (name, value, expected) in cases {
        let request =
            mcp.post("tools/list", None).header(name, &value).json(&message("tools/list", json!({})));
        assert_eq!(request.send().await.unwrap().status(), expected, "{name}: {value}");
    }
    let http = fte::http_client::builder().no_proxy().build().unwrap();
    for method in [reqwest::Method::GET, reqwest::Method::DELETE] {
        let response = http.request(method.clone(), &mcp.url).bearer_auth(TOKEN).send().await.unwrap();
        assert_eq!(
            (response.status().as_u16(), &response.headers()["allow"]),
            (405, &"POST".parse().unwrap()),
            "{method}"
        );
    }
}

#[tokio::test]
async fn older_clients_initialize_and_newer_ones_discover() {
    let url = fresh_database().await;
    let served = Served::start(&url, &[]).await;
    let mcp = McpClient::new(&served.base, TOKEN);
    let discovered = mcp.call("server/discover", json!({})).await;
    let versions =
        discovered["result"]["supportedVersions"].as_array().unwrap_or_else(|| panic!("{discovered}"));
    assert!(versions.contains(&json!(REVISION)), "{discovered}");

    let http = fte::http_client::builder().no_proxy().build().unwrap();
    let old = async |revision: &str, body: Value| {
        let request = http.post(&mcp.url).bearer_auth(TOKEN).header("MCP-Protocol-Version", revision);
        let request = request.header("Accept", "application/json, text/event-stream").json(&body);
        let response = request.send().await.unwrap();
        assert!(response.headers().get("mcp-session-id").is_none(), "there are no sessions");
        (response.status().as_u16(), response.text().await.unwrap())
    };
    for revision in ["2025-03-26", "2025-06-18", "2025-11-25"] {
        let params = json!({"protocolVersion": revision, "capabilities": {}, "clientInfo": {"name": "old", "version": "1"}});
        let (status, text) =
            old(revision, json!({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params})).await;
        let document: Value = serde_json::from_str(&text).unwrap();
        assert_eq!((status, &document["result"]["protocolVersion"]), (200, &json!(revision)), "{text}");
        assert_eq!(document["result"]["serverInfo"]["name"], "fte");
        let ready = json!({"jsonrpc": "2.0", "method": "notifications/initialized"});
        assert_eq!(old(revision, ready).await.0, 202);
        let call = json!({"name": "search_knowledge_base", "arguments": {"query": FORGOTTEN}});
        let (status, text) =
            old(revision, json!({"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": call})).await;
        let document: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(
            (status, &document["result"]["structuredContent"]["relevant"]),
            (200, &json!(true)),
            "{text}"
        );
    }
}

#[tokio::test]
async fn input_is_bounded_and_a_token_has_a_rate() {
    let url = fresh_database().await;
    let served = Served::start(&url, &[("MCP_RATE_PER_MINUTE", "20")]).await;
    let mcp = McpClient::new(&served.base, TOKEN);
    let long = json!({"name": "search_knowledge_base", "arguments": {"query": "x".repeat(200_000)}});
    assert_eq!(mcp.send("tools/call", long).await.status(), 413);
    let malformed = mcp.post("tools/list", None).header("Content-Type", "application/json").body("{");
    assert!(malformed.send().await.unwrap().status().is_client_error());
    let unknown = mcp.call("tools/call", json!({"name": "drop_tables", "arguments": {}})).await;
    assert_eq!(unknown["error"]["code"], -32602, "{unknown}");
    let mut limited = None;
    for _ in 0..20 {
        let response = mcp.send("tools/list", json!({})).await;
        if response.status() != 200 {
            limited = Some(response);
            break;
        }
    }
    let limited = limited.expect("no request was refused");
    assert_eq!(limited.status(), 429);
    assert!(limited.headers()["retry-after"].to_str().unwrap().parse::<u64>().unwrap() >= 1);
    let other = McpClient::new(&served.base, &token(&url, &["--scope", "read"]).await);
    assert_eq!(other.send("tools/list", json!({})).await.status(), 200, "each token has its own");
}

#[tokio::test]
async fn a_history_is_cut_to_what_fits() {
    let url = fresh_database().await;
    let served = Served::start(&url, &[("AGENT_POOL_SIZE", "0")]).await;
    let ann = known(&url, &served.base, "ann@example.com", FORGOTTEN).await;
    let database = crate::support::postgres::client(&url).await;
    let fill =
        "insert into messages (id, conversation_id, seq, channel, direction, role, external_id, content)
                select gen_random_uuid(), $1::text::uuid, n, 'web_form', 'inbound', 'customer', 'fill-' || n,
                       n || ' ' || repeat('x', 9000)
                from generate_series(2, 80) n";
    database.execute(fill, &[&ann.conversation]).await.unwrap();
    let mcp = McpClient::new(&served.base, &token(&url, &["--customer", &ann.customer]).await);
    let response = mcp.send("tools/call", json!({"name": "get_customer_history", "arguments": {}})).await;
    let text = response.text().await.unwrap();
    assert!(text.len() < 512 * 1024, "{}", text.len());
    let document: Value = serde_json::from_str(&text).unwrap();
    let shown = &document["result"]["structuredContent"];
    assert_eq!(shown["truncated"], true);
    let messages = shown["conversations"][0]["messages"].as_array().unwrap();
    assert!(messages.len() > 10, "{}", messages.len());
    let last = messages.last().unwrap()["content"].as_str().unwrap();
    assert!(last.starts_with("80 "), "the newest are shown");
}
