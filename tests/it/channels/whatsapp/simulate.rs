//! End-to-end test of `fte simulate whatsapp`, the sandbox for programs without a Twilio account.

use std::process::Output;

use serde_json::Value;
use tokio::process::Command;

use crate::support::customers::{FORGOTTEN, THANKS};
use crate::support::postgres::{client, fresh_database};
use crate::support::served::{Served, TOKEN};
use crate::support::verdict::{count, none_left};
use crate::support::wait::LIMIT;

const ANN: &str = "+49 151 12345678";

async fn simulate(served: &Served, from: &str, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fte"));
    command.args(["simulate", "whatsapp", "--from", from, "--url", &served.base]).args(arguments);
    command.env_clear().env("FTE_DATA_DIR", served.data_dir()).env("FTE_API_TOKEN", TOKEN);
    command.current_dir(served.data_dir()).output().await.unwrap()
}

fn json(output: &Output) -> Value {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[tokio::test]
async fn a_customer_can_be_simulated_without_an_account() {
    let url = fresh_database().await;
    let served = Served::start(&url, &[]).await;

    let answer = json(&simulate(&served, ANN, &["--json", FORGOTTEN]).await);
    let replies = answer["replies"].as_array().unwrap();
    assert_eq!(replies.len(), 1, "{answer}");
    assert!(replies[0]["text"].as_str().unwrap().contains("Forgot password"), "{answer}");
    none_left(&url, "select count(*) from deliveries where state <> 'read'", LIMIT).await;

    let file = served.data_dir().join("screen.png");
    std::fs::write(&file, vec![7; 2048]).unwrap();
    let answer = json(&simulate(&served, ANN, &["--json", "--media", file.to_str().unwrap()]).await);
    assert!(answer["replies"][0]["text"].as_str().unwrap().contains("photo"), "{answer}");
    none_left(&url, "select 1 - count(*) from attachments where state = 'stored'", LIMIT).await;

    let thanks = simulate(&served, ANN, &["--wait", "4", THANKS]).await;
    assert_eq!(thanks.status.code(), Some(4), "{}", String::from_utf8_lossy(&thanks.stderr));
    let misuse = simulate(&served, "0151", &["Hello"]).await;
    assert_eq!(misuse.status.code(), Some(2));
    let inbound =
        count(&client(&url).await, "select count(*) from messages where direction = 'inbound'").await;
    assert_eq!(inbound, 3);
}
