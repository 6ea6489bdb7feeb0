//! The examples of docs/api.md run against the program, in the order of the page.

use std::process::Stdio;

use tokio::process::Command;

use crate::support::postgres::fresh_database;
use crate::support::served::{Served, TOKEN};

/// The code blocks of the page, with their languages.
fn examples() -> Vec<(String, String)> {
    let text = include_str!("../../../docs/api.md");
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once("```") {
        let (block, next) = after.split_once("```").unwrap();
        let (language, code) = block.split_once('\n').unwrap();
        found.push((language.to_owned(), code.to_owned()));
        rest = next;
    }
    found
}

fn interpreter(language: &str, code: &str) -> Command {
    let (program, arguments): (&str, &[&str]) = match language {
        "sh" => ("bash", &["-euo", "pipefail", "-c"]),
        "python" => ("python3", &["-c"]),
        // The examples have no types of their own, so that they are JavaScript too.
        "ts" => ("node", &["--input-type=module", "-e"]),
        other => panic!("the page has an example in `{other}`"),
    };
    let mut command = Command::new(program);
    command.args(arguments).arg(code);
    command
}

#[tokio::test]
async fn every_example_of_the_page_works() {
    let served = Served::start(&fresh_database().await, &[]).await;
    let dir = tempfile::tempdir().unwrap();
    let examples = examples();
    let of = |language: &str| examples.iter().filter(|(name, _)| name == language).count();
    assert!(of("sh") >= 3 && of("python") >= 3 && of("ts") >= 2, "{examples:?}");
    for (language, code) in &examples {
        let mut command = interpreter(language, code);
        command.env("FTE_URL", &served.base).env("FTE_TOKEN", TOKEN).env("TMPDIR", dir.path());
        command.env("NO_PROXY", "127.0.0.1").env("no_proxy", "127.0.0.1").stdin(Stdio::null());
        let output = command.output().await.unwrap();
        let (shown, error) =
            (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{code}\n{shown}\n{error}");
    }
    let document = std::fs::read(dir.path().join("openapi.json")).unwrap();
    let document: serde_json::Value = serde_json::from_slice(&document).unwrap();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
}
