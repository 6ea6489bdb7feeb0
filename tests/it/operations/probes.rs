//! Tests of what a deployment calls from outside: the version, and the health probe of containers.

use tokio::process::Command;

use super::commands::fte_with;
use crate::support::postgres::fresh_database;
use crate::support::served::Served;

#[tokio::test]
async fn the_version_names_the_commit() {
    let output = Command::new(env!("CARGO_BIN_EXE_fte")).arg("--version").output().await.unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let version = concat!("fte ", env!("CARGO_PKG_VERSION"), " (");
    let commit = said.trim().strip_prefix(version).and_then(|rest| rest.strip_suffix(')'));
    let commit = commit.unwrap_or_else(|| panic!("{said}"));
    let is_commit = |word: &str| word.len() >= 7 && word.bytes().all(|digit| digit.is_ascii_hexdigit());
    assert!(commit.split([' ', ',']).any(is_commit), "{said}");
}

#[tokio::test]
async fn the_probe_passes_while_a_server_answers_and_fails_without_one() {
    let url = fresh_database().await;
    let served = Served::start(&url, &[]).await;
    let port = served.base.rsplit(':').next().unwrap().to_owned();
    let variables = [("API_PORT", port.as_str())];
    for (arguments, said) in [
        (&["health"][..], r#"{"status":"ok"}"#),
        (&["health", "--ready"], r#"{"status":"ready","checks":[{"name":"database","status":"ok""#),
    ] {
        let output = fte_with(&url, arguments, "", &variables).await;
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.code() == Some(0) && text.starts_with(said), "{arguments:?}: {text}");
    }
    served.terminate().await;
    let output = fte_with(&url, &["health"], "", &variables).await;
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(1) && error.contains("no answer from http://127.0.0.1:"), "{error}");
    let output = fte_with(&url, &["health"], "", &[("API_PORT", "0")]).await;
    assert_eq!(output.status.code(), Some(2));
}
