//! CLI tests of the knowledge and answer commands, run as processes: their output and exit status.

use std::process::Output;

use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use crate::support::customers::{FORGOTTEN, PRICING};
use crate::support::postgres::{client, fresh_database};
use crate::support::served::Served;
use crate::support::verdict::count;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Runs `fte` with these arguments on a database of its own, with an empty environment.
async fn fte(url: &str, arguments: &[&str], input: &str) -> Output {
    fte_with(url, arguments, input, &[]).await
}

/// The same with additional environment `variables`.
pub async fn fte_with(url: &str, arguments: &[&str], input: &str, variables: &[(&str, &str)]) -> Output {
    let dir = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_fte"));
    command.args(arguments).env_clear().current_dir(ROOT);
    command.env("DATABASE_URL", url).env("FTE_DATA_DIR", dir.path()).env("EMBEDDER", "none");
    command.envs(variables.iter().copied());
    command.stdin(std::process::Stdio::piped());
    command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).kill_on_drop(true);
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // A command may exit before it has read all input; the test checks only its output.
    let _unread = stdin.write_all(input.as_bytes()).await;
    drop(stdin);
    child.wait_with_output().await.unwrap()
}

fn lines(output: &Output) -> Vec<Value> {
    let text = std::str::from_utf8(&output.stdout).unwrap();
    let parsed = text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}")));
    parsed.collect()
}

fn error(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[tokio::test]
async fn documents_are_ingested_once_and_found() {
    let url = fresh_database().await;
    let ingest = ["kb", "ingest", "tests/foreign/kb"];
    let first = fte(&url, &ingest, "").await;
    assert_eq!(first.status.code(), Some(0), "{}", error(&first));
    let database = client(&url).await;
    let files = "select count(distinct file) from knowledge_base where file in ('machines/cleaning.md', \
                 'service-and-orders.md', 'setup-and-brewing.md')";
    assert_eq!(count(&database, files).await, 3);
    let again = String::from_utf8(fte(&url, &ingest, "").await.stdout).unwrap();
    assert!(again.starts_with("3 files: 0 sections written, ") && again.contains(" 0 removed"), "{again}");
    assert!(again.contains("\ntaken: machines/cleaning.md: "), "{again}");

    // A file of the same name from elsewhere takes its place, which the report says.
    let other = tempfile::tempdir().unwrap();
    std::fs::write(other.path().join("setup-and-brewing.md"), "# Tea\n\nBoil water.").unwrap();
    std::fs::write(other.path().join("tea.png"), b"\x89PNG").unwrap();
    let path = other.path().to_str().unwrap();
    let replacing = String::from_utf8(fte(&url, &["kb", "ingest", path], "").await.stdout).unwrap();
    assert!(replacing.contains("replaced: setup-and-brewing.md, which had come from "), "{replacing}");
    assert!(replacing.contains("left out: tea.png: "), "{replacing}");
    fte(&url, &ingest, "").await;

    let found = fte(&url, &["kb", "search", "descale the machine", "--limit", "2", "--json"], "").await;
    let [found] = &lines(&found)[..] else { panic!("{}", error(&found)) };
    assert_eq!((&found["query"], &found["mode"]), (&json!("descale the machine"), &json!("text")));
    let results = found["results"].as_array().unwrap();
    assert_eq!((results.len(), &results[0]["rank"]), (2, &json!(1)));
    for member in ["id", "title", "section", "text"] {
        assert!(results[0][member].is_string(), "{member}");
    }
    assert!(found["relevant"].is_boolean() && results[0]["score"].is_number());
}

#[tokio::test]
async fn a_start_keeps_a_knowledge_base_that_was_ingested_by_hand() {
    let url = fresh_database().await;
    assert_eq!(fte(&url, &["kb", "ingest", "tests/foreign/kb"], "").await.status.code(), Some(0));
    drop(Served::start(&url, &[]).await);
    let ours = "select count(*) from knowledge_base where file = 'product-docs.md'";
    assert_eq!(count(&client(&url).await, ours).await, 0);
}

#[tokio::test]
async fn chatting_works_beside_a_server_and_without_one() {
    let url = fresh_database().await;
    for served in [true, false] {
        let _server = if served { Some(Served::start(&url, &[]).await) } else { None };
        let input = format!("{FORGOTTEN}\nThanks!\n{PRICING}\nHello?\n");
        let chat = fte(&url, &["chat", "--as", "ann@example.com", "--json"], &input).await;
        assert_eq!(chat.status.code(), Some(0), "{}", error(&chat));
        let lines = lines(&chat);
        let actions: Vec<_> = lines.iter().map(|line| (&line["action"], &line["reason"])).collect();
        let (answer, silent, escalate) = (json!("answer"), json!("silent"), json!("escalate"));
        let (none, pricing) = (Value::Null, json!("pricing"));
        assert_eq!(
            actions,
            [(&answer, &none), (&silent, &none), (&escalate, &pricing), (&silent, &none)],
            "{lines:?}"
        );
        assert_eq!(lines[0]["sources"][0]["title"], "Reset a forgotten password");
        assert!(lines[0]["reply"].as_str().unwrap().contains("Forgot password"));
        assert!(lines[2]["reply"].is_string() && lines[1]["reply"].is_null());
        assert!(lines.iter().all(|line| line["ticket_id"] == lines[0]["ticket_id"]));
        assert!(lines.iter().all(|line| line["latency_ms"].is_number()));
    }
}

#[tokio::test]
async fn an_evaluation_reports_its_cases_and_removes_its_data() {
    let url = fresh_database().await;
    let judged = fte(&url, &["eval", "--json", "--min-triage", "0.1"], "").await;
    assert_eq!(judged.status.code(), Some(0), "{}", error(&judged));
    let [report] = &lines(&judged)[..] else { panic!("{}", error(&judged)) };
    assert_eq!(report["cases"], 180);
    for member in ["accuracy", "reason_accuracy", "confusion"] {
        assert!(!report["triage"][member].is_null(), "{member}");
    }
    assert!(report["retrieval"]["hit3"].as_f64().unwrap() > 0.5 && report["latency_ms"]["p95"].is_number());
    let database = client(&url).await;
    assert_eq!(count(&database, "select count(*) from tickets").await, 0);
    let left = "select count(*) from pg_database where datname like 'fte\\_scratch\\_%'";
    // Another test may run an evaluation at the same time; its database must not be counted.
    assert!(count(&database, left).await <= 1);

    let foreign = ["eval", "tests/foreign/tickets.json", "--kb", "tests/foreign/kb", "--json"];
    let judged = fte(&url, &foreign, "").await;
    assert_eq!(judged.status.code(), Some(0), "{}", error(&judged));
    let hit3 = lines(&judged)[0]["retrieval"]["hit3"].as_f64().unwrap();
    assert!(hit3 > 0.75, "ids are relative to the folder: {hit3}");
    let over = (hit3 + 0.001).to_string();
    let missed = fte(&url, &[&foreign[..], &["--min-hit3", &over]].concat(), "").await;
    assert_eq!((missed.status.code(), hit3 < 1.0), (Some(1), true), "{}", error(&missed));
    assert!(error(&missed).contains("hit@3 is 0."), "{}", error(&missed));
}

#[tokio::test]
async fn usage_errors_are_reported_before_anything_is_done() {
    let url = "postgres://nobody@127.0.0.1:1/none";
    let dir = tempfile::tempdir().unwrap();
    let rules = dir.path().join("rules.md");
    std::fs::write(&rules, "no rules").unwrap();
    let rules = rules.to_str().unwrap();
    for (arguments, why) in [
        (&["kb", "ingest", "no-such-folder"][..], "could not find no-such-folder"),
        (&["kb", "search", "  "], "nothing to search for"),
        (&["chat", "--as", "nobody"], "--as nobody"),
        (&["chat", "--as", "ann@example.com", "--channel", "whatsapp"], "--as ann@example.com"),
        (&["eval", "no-such-file.json"], "no-such-file.json"),
        (&["eval", "--rules", rules], "rules.md"),
        (&["eval", "--min-hit3", "2"], "a share from 0 to 1"),
    ] {
        let output = fte(url, arguments, "").await;
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", error(&output));
        assert!(error(&output).contains(why), "{arguments:?}: {}", error(&output));
    }
}

#[tokio::test]
async fn the_doctor_reports_what_is_missing_and_how_to_fix_it() {
    let url = fresh_database().await;
    let healthy = fte(&url, &["doctor", "--json"], "").await;
    assert_eq!(healthy.status.code(), Some(0), "{}", error(&healthy));
    let [report] = &lines(&healthy)[..] else { panic!("{}", error(&healthy)) };
    let status = |name: &str| {
        let checks = report["checks"].as_array().unwrap();
        let check = checks.iter().find(|check| check["name"] == name).unwrap_or_else(|| panic!("{name}"));
        (check["status"].as_str().unwrap().to_owned(), check["advice"].clone())
    };
    for name in
        ["database", "schema", "embedding model", "language model", "rules", "texts", "whatsapp", "web form"]
    {
        assert_eq!(status(name), ("ok".to_owned(), Value::Null), "{name}");
    }
    let (empty, advice) = status("knowledge");
    assert!(empty == "degraded" && advice.as_str().unwrap().contains("fte kb ingest"), "{advice}");

    let database = client(&url).await;
    database.batch_execute("delete from refinery_schema_history where version = 9").await.unwrap();
    let sick = fte(&url, &["doctor"], "").await;
    assert_eq!(sick.status.code(), Some(1));
    let said = String::from_utf8(sick.stdout).unwrap();
    assert!(said.contains("V9__knowledge") && said.contains("fte migrate"), "{said}");
}

#[tokio::test]
async fn without_its_library_the_embedding_model_is_missing_and_searches_use_full_text() {
    let url = fresh_database().await;
    let library = "/nowhere/libonnxruntime.so";
    let variables = [("EMBEDDER", "minilm"), ("ONNXRUNTIME_PATH", library)];
    let doctor = fte_with(&url, &["doctor", "--json"], "", &variables).await;
    let [report] = &lines(&doctor)[..] else { panic!("{}", error(&doctor)) };
    let checks = report["checks"].as_array().unwrap();
    let check = checks.iter().find(|check| check["name"] == "embedding model").unwrap();
    assert_eq!(check["status"], "degraded");
    assert!(check["advice"].as_str().unwrap().contains("ONNXRUNTIME_PATH"), "{check}");
    assert!(error(&doctor).contains(library), "{}", error(&doctor));

    let ingest = fte_with(&url, &["kb", "ingest", "tests/foreign/kb"], "", &variables).await;
    assert_eq!(ingest.status.code(), Some(0), "{}", error(&ingest));
    let search = fte_with(&url, &["kb", "search", "--json", "cleaning"], "", &variables).await;
    assert_eq!(search.status.code(), Some(0), "{}", error(&search));
    let [found] = &lines(&search)[..] else { panic!("{}", error(&search)) };
    assert_eq!(found["mode"], "text");
    assert!(!found["results"].as_array().unwrap().is_empty(), "{found}");
}

#[tokio::test]
async fn the_doctor_reads_the_texts_of_every_language() {
    let url = fresh_database().await;
    let context = tempfile::tempdir().unwrap();
    let texts = context.path().join("texts");
    std::fs::create_dir(&texts).unwrap();
    let german = std::fs::read_to_string(format!("{ROOT}/context/texts/de.md")).unwrap();
    let doctor = async || {
        let folder = context.path().to_str().unwrap();
        let output = fte_with(&url, &["doctor"], "", &[("CONTEXT_PATH", folder)]).await;
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };

    // A language that the program does not include, and a built-in one with changed texts.
    std::fs::write(texts.join("pl.md"), &german).unwrap();
    std::fs::write(texts.join("de.md"), german.replace("Vielen Dank", "Danke")).unwrap();
    let (code, said) = doctor().await;
    assert!(code == Some(0) && said.contains("in en, de, es, fr, it, nl, pl, pt"), "{said}");

    std::fs::write(texts.join("de.md"), german.replace("{code}", "{kode}")).unwrap();
    let line = 1 + german.lines().position(|line| line == "### verification_mail.body").unwrap();
    let (code, said) = doctor().await;
    let fault = format!("texts/de.md:{line}: `verification_mail.body` must hold `{{code}}`");
    assert!(code == Some(1) && said.contains(&fault), "{said}");

    std::fs::rename(texts.join("de.md"), texts.join("german.md")).unwrap();
    let (code, said) = doctor().await;
    assert!(code == Some(1) && said.contains("german.md must be named by the code of a language"), "{said}");
}
