//! Test of the `fte fake-openai` command with a program that has no account.

use std::process::Stdio;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;

use crate::support::customers::{Customer, FORGOTTEN, replies};
use crate::support::postgres::fresh_database;
use crate::support::served::Served;
use crate::support::wait::{LIMIT, completes};

#[tokio::test]
async fn the_fake_prints_its_address_and_the_program_answers_with_it() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fte"));
    command.args(["fake-openai", "--port", "0", "--latency-ms", "5"]).env_clear();
    let mut fake = command.stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true).spawn().unwrap();
    let mut lines = BufReader::new(fake.stdout.take().unwrap()).lines();
    let line = completes(LIMIT, lines.next_line()).await.unwrap().unwrap().unwrap();
    let base = line.strip_prefix("OPENAI_BASE_URL=").unwrap();

    // A self-hosted server needs no key, but must be configured.
    let variables = [("AGENT_MODEL", "openai"), ("OPENAI_BASE_URL", base)];
    let served = Served::start(&fresh_database().await, &variables).await;
    let ann = Customer::of(&served.base);
    let ticket = ann.submit("ann@example.com", "1", FORGOTTEN).await.ticket();
    let view = ann.replied(&ticket, 1, LIMIT).await;
    assert!(replies(&view)[0].1.contains("Here is what helps"), "{view}");
    fake.kill().await.unwrap();
}
