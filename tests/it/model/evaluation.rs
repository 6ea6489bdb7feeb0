//! Tests of `fte eval --runs`: reliability of a model over repeated runs, and the cost of a turn.

use std::process::Output;

use fte::fakes::openai::{FakeOpenai, named};
use serde_json::{Value, json};
use tokio::process::Command;

use crate::support::postgres::fresh_database;

#[tokio::test]
async fn each_case_runs_as_often_as_requested_and_calls_and_cost_are_counted() {
    let (url, fake) = (fresh_database().await, FakeOpenai::start(named("grounded").unwrap()).unwrap());
    let dir = tempfile::tempdir().unwrap();
    let case = |id: &str, body: &str, action: &str, reason: Value| {
        json!({
            "id": id, "channel": "email", "from": { "name": "Ann", "email": "ann@example.com" },
            "subject": "A question", "body": body, "language": "en", "intent": "any",
            "expected": { "action": action, "reason": reason, "sections": [] },
        })
    };
    let cases = json!([
        case("1", "I forgot my password. How can I reset it?", "answer", Value::Null),
        case("2", "I want a refund for my subscription.", "escalate", "refund".into()),
        case("3", "How do I turn on two-factor authentication?", "escalate", "no_answer".into()),
    ]);
    let file = dir.path().join("cases.json");
    std::fs::write(&file, cases.to_string()).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_fte"));
    command
        .args(["eval", file.to_str().unwrap(), "--runs", "3", "--json"])
        .current_dir(dir.path())
        .env_clear();
    command.env("FTE_DATA_DIR", dir.path()).env("DATABASE_URL", &url).env("EMBEDDER", "none");
    command.env("AGENT_MODEL", "openai").env("OPENAI_BASE_URL", fake.base_url());
    let Output { stdout, stderr, .. } = command.output().await.unwrap();
    let report: Value = serde_json::from_slice(&stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&stderr)));

    // Two of the three cases reach the model, each three times, with one call each.
    assert_eq!(fake.ledger().chats().len(), 6);
    let runs = &report["runs"];
    let number = |key: &str| runs[key].as_f64().unwrap();
    assert_eq!((report["cases"].as_u64(), runs["runs"].as_u64()), (Some(3), Some(3)), "{report}");
    assert!((number("pass_all") - 2.0 / 3.0).abs() < 1e-9, "{report}");
    assert!(
        (number("model_calls") - 2.0 / 3.0).abs() < 1e-9 && (number("one_call") - 1.0).abs() < 1e-9,
        "{report}"
    );
    assert!((number("over_refusal")).abs() < 1e-9, "{report}");
    // $0.0038 per call.
    assert!((number("cost_usd") - 0.0038 * 2.0 / 3.0).abs() < 1e-6, "{report}");
}
