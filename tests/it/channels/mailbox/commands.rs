//! `fte gmail connect` and the mailbox's part of `fte doctor`.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Stdio;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;

use super::rig::Mailbox;
use crate::support::gmail::{FakeGmail, SUPPORT};
use crate::support::postgres::fresh_database;
use crate::support::smtp::SmtpSink;
use crate::support::wait::LIMIT;

fn fte(dir: &Path, variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fte"));
    command.current_dir(dir).env_clear().env("FTE_DATA_DIR", dir).env("EMBEDDER", "none");
    command.envs(variables.iter().copied()).stdin(Stdio::null()).kill_on_drop(true);
    command
}

#[tokio::test]
async fn a_consent_is_asked_for_and_written_for_its_owner_alone() {
    let (gmail, dir) = (FakeGmail::start(), tempfile::tempdir().unwrap());
    let client = json!({ "installed": { "client_id": "client", "client_secret": "secret" } });
    std::fs::write(dir.path().join("client.json"), client.to_string()).unwrap();
    let tokens = format!("{}/token", gmail.url);
    let variables = [("GMAIL_CREDENTIALS_PATH", "gmail.json"), ("GOOGLE_TOKEN_URL", tokens.as_str())];
    let mut command = fte(dir.path(), &variables);
    command.args(["gmail", "connect", "--client", "client.json", "--json"]).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let line: Value = serde_json::from_str(&lines.next_line().await.unwrap().unwrap()).unwrap();
    let url = reqwest::Url::parse(line["url"].as_str().unwrap()).unwrap();
    let value = |name: &str| url.query_pairs().find(|(key, _)| key == name).unwrap().1.into_owned();
    assert_eq!((value("access_type"), value("code_challenge_method")), ("offline".into(), "S256".into()));

    let http = fte::http_client::builder().no_proxy().timeout(LIMIT).build().unwrap();
    let back = |state: String| {
        http.get(value("redirect_uri")).query(&[("code", "code".to_owned()), ("state", state)]).send()
    };
    assert_eq!(back("forged".to_owned()).await.unwrap().status(), 404);
    assert_eq!(back(value("state")).await.unwrap().status(), 200);
    assert!(child.wait().await.unwrap().success());
    let path = dir.path().join("gmail.json");
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let written: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    assert_eq!((&written["type"], &written["refresh_token"]), (&json!("authorized_user"), &json!("refresh")));
}

async fn doctor(dir: &Path, variables: &[(&str, &str)]) -> Value {
    let output = fte(dir, variables).args(["doctor", "--json"]).output().await.unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let checks = report["checks"].as_array().unwrap();
    checks.iter().find(|check| check["name"] == "email").unwrap().clone()
}

#[tokio::test]
async fn the_doctor_logs_in_to_the_mailbox_and_says_what_is_wrong() {
    let (url, dir) = (fresh_database().await, tempfile::tempdir().unwrap());
    let mailbox = Mailbox::open(SmtpSink::start(&[])).await;
    let (imap, smtp) = (mailbox.dovecot.url(), mailbox.smtp.url());
    let wrong = imap.replace("word", "wrong");
    let of = |imap| [("DATABASE_URL", url.as_str()), ("IMAP_URL", imap), ("SMTP_URL", smtp.as_str())];
    assert_eq!(doctor(dir.path(), &of(imap.as_str())).await["status"], "ok");
    let check = doctor(dir.path(), &of(wrong.as_str())).await;
    assert_eq!(check["status"], "failed");
    assert!(
        check["detail"].as_str().unwrap().contains("refuses the login of support@acme.example"),
        "{check}"
    );
    assert!(!check.to_string().contains("wrong"), "no password is shown: {check}");
}

#[tokio::test]
async fn the_doctor_says_what_to_do_about_a_consent_that_is_no_longer_valid() {
    let (url, dir, gmail) = (fresh_database().await, tempfile::tempdir().unwrap(), FakeGmail::start());
    let (credentials, tokens) = (gmail.credentials().display().to_string(), format!("{}/token", gmail.url));
    let variables = [
        ("DATABASE_URL", url.as_str()),
        ("GMAIL_CREDENTIALS_PATH", credentials.as_str()),
        ("GMAIL_API_BASE_URL", gmail.url.as_str()),
        ("GOOGLE_TOKEN_URL", tokens.as_str()),
    ];
    let check = doctor(dir.path(), &variables).await;
    assert_eq!((&check["status"], check["detail"].as_str().unwrap().contains(SUPPORT)), (&json!("ok"), true));
    gmail.state().is_revoked = true;
    let variables = [&variables[..], &[("EMAIL_ADDRESS", SUPPORT)]].concat();
    let check = doctor(dir.path(), &variables).await;
    let said = format!("{} {}", check["detail"], check["advice"]);
    assert_eq!(check["status"], "failed");
    for expected in ["invalid_grant", "fte gmail connect", "In production", "docs/channels/gmail.md"] {
        assert!(said.contains(expected), "{expected}: {said}");
    }
}
