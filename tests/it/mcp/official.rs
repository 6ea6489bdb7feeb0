//! The official client of the protocol, run by Node.js, with a customer's token and with one of staff.

use std::path::Path;
use std::process::Stdio;

use serde_json::{Value, json};
use tokio::process::Command;

use super::client::{known, token};
use crate::support::customers::{Customer, FORGOTTEN};
use crate::support::postgres::fresh_database;
use crate::support::served::{Served, TOKEN};
use crate::support::wait::LIMIT;

/// The client's package; it is installed where it is missing.
async fn installed() -> &'static Path {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/mcp-client"));
    if !folder.join("node_modules/@modelcontextprotocol/client").exists() {
        let mut install = Command::new("npm");
        install.args(["ci", "--omit=dev", "--no-audit", "--no-fund", "--loglevel=error"]).current_dir(folder);
        assert!(install.status().await.unwrap().success(), "npm ci in {}", folder.display());
    }
    folder
}

async fn session(base: &str, token: &str, conversation: &str) -> Value {
    let mut command = Command::new("node");
    command.arg("client.mjs").current_dir(installed().await).stdin(Stdio::null());
    command.env("FTE_URL", base).env("FTE_MCP_TOKEN", token).env("FTE_CONVERSATION", conversation);
    command.env("NO_PROXY", "127.0.0.1").env("no_proxy", "127.0.0.1");
    let output = command.output().await.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[tokio::test]
async fn the_official_client_lists_calls_and_reads() {
    let url = fresh_database().await;
    let served = Served::start(&url, &[]).await;
    let ann = known(&url, &served.base, "ann@example.com", FORGOTTEN).await;
    Customer::of(&served.base).replied(&ann.ticket, 1, LIMIT).await;
    let own = token(&url, &["--customer", &ann.customer]).await;
    for (token, tools, prompts) in [(own.as_str(), 4, 1), (TOKEN, 5, 2)] {
        let seen = session(&served.base, token, &ann.conversation).await;
        assert_eq!(seen["server"], "fte");
        let count = |list: &str| seen[list].as_array().unwrap().len();
        assert_eq!((count("tools"), count("prompts")), (tools, prompts), "{seen}");
        assert_eq!((&seen["relevant"], &seen["prompt"]), (&json!(true), &json!(2)), "{seen}");
        assert_eq!(seen["history"]["conversations"][0]["conversation_id"], ann.conversation);
        assert!(seen["article"].as_str().unwrap().starts_with("# "), "{seen}");
        assert!(seen["transcript"].as_str().unwrap().contains(&format!("> {FORGOTTEN}")), "{seen}");
        assert!(seen["unknown"].is_number(), "{seen}");
    }
}
