//! End-to-end test of `fte simulate email`, the mailbox of a development server without an account.

use std::process::Output;

use serde_json::Value;
use tokio::process::Command;

use crate::support::customers::FORGOTTEN;
use crate::support::postgres::{client, fresh_database};
use crate::support::served::{Served, TOKEN};
use crate::support::verdict::{count, none_left};
use crate::support::wait::LIMIT;

const ANN: &str = "Ann Lee <ann@example.com>";
const FORGOTTEN_SUBJECT: [&str; 2] = ["--subject", "Password"];
/// As many seconds as no answer to a machine is waited for.
const SHORT: [&str; 2] = ["--wait", "3"];

async fn simulate(served: &Served, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fte"));
    command.args(["simulate", "email", "--url", &served.base]).args(arguments);
    command.env_clear().env("FTE_DATA_DIR", served.data_dir()).env("FTE_API_TOKEN", TOKEN);
    command.envs(variables.iter().copied()).current_dir(served.data_dir()).output().await.unwrap()
}

fn json(output: &Output) -> Value {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The mails that were sent, as they are shown in the folder.
fn sent(served: &Served) -> Vec<String> {
    let folder = std::fs::read_dir(served.data_dir().join("mail")).unwrap();
    let mut paths: Vec<_> = folder.map(|file| file.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "eml"));
    paths.sort();
    paths.iter().map(|path| std::fs::read_to_string(path).unwrap()).collect()
}

#[tokio::test]
async fn a_mail_can_be_simulated_without_an_account() {
    let url = fresh_database().await;
    let served = Served::start(&url, &[]).await;
    let from = ["--from", ANN, FORGOTTEN_SUBJECT[0], FORGOTTEN_SUBJECT[1]];

    let asked = json(&simulate(&served, &[&from[..], &["--json", FORGOTTEN]].concat(), &[]).await);
    let replies = asked["replies"].as_array().unwrap();
    assert_eq!(replies.len(), 1, "{asked}");
    assert!(replies[0]["text"].as_str().unwrap().contains("Forgot password"), "{asked}");
    none_left(&url, "select count(*) from deliveries where state <> 'sent'", LIMIT).await;
    let id = asked["message_id"].as_str().unwrap();
    let shown = sent(&served);
    assert_eq!(shown.len(), 1);
    for field in ["To: <ann@example.com>", "Subject: Re: Password", &format!("In-Reply-To: {id}")] {
        assert!(shown[0].contains(field), "{field}: {}", shown[0]);
    }

    // The same thread, as plain text.
    let answer = [&from[..], &["--in-reply-to", id, "And how do I invite a colleague?"]].concat();
    let answer = simulate(&served, &answer, &[]).await;
    assert!(answer.status.success(), "{}", String::from_utf8_lossy(&answer.stderr));
    assert!(!answer.stdout.is_empty() && sent(&served).len() == 2);
    let database = client(&url).await;
    assert_eq!(count(&database, "select count(*) from conversations").await, 1);
    served.kill9().await;
}

#[tokio::test]
async fn what_the_receiving_server_found_out_decides_who_a_simulated_sender_is() {
    let url = fresh_database().await;
    let served = Served::start(&url, &[]).await;
    for (auth, attested, authentication) in
        [("pass", true, "pass"), ("fail", false, "fail"), ("none", false, "none")]
    {
        let from = format!("{auth}@example.com");
        let arguments = ["--from", &from, "--subject", "Password", "--auth", auth, "--json", FORGOTTEN];
        let asked = json(&simulate(&served, &arguments, &[]).await);
        assert_eq!(asked["replies"].as_array().unwrap().len(), 1, "{asked}");
        let known = format!(
            "select count(*) from messages m join message_emails e on e.message_id = m.id
             where m.identifier_value = '{from}' and m.attested = {attested} and e.authentication = '{authentication}'"
        );
        assert_eq!(count(&client(&url).await, &known).await, 1, "{auth}");
    }
    served.kill9().await;
}

#[tokio::test]
async fn a_whole_mail_is_taken_from_a_file_and_a_machine_gets_no_answer() {
    let url = fresh_database().await;
    let served = Served::start(&url, &[]).await;
    let file = served.data_dir().join("away.eml");
    let raw = "From: bob@example.com\r\nTo: support@example.com\r\nSubject: Out of office\r\n\
               Message-ID: <away@example.com>\r\nAuto-Submitted: auto-replied\r\n\r\nI am away until Monday.\r\n";
    std::fs::write(&file, raw).unwrap();
    let away = [&["--raw", file.to_str().unwrap(), "--json"][..], &SHORT].concat();
    let away = simulate(&served, &away, &[]).await;
    assert_eq!(away.status.code(), Some(4), "{}", String::from_utf8_lossy(&away.stderr));
    let printed: Value = serde_json::from_slice(&away.stdout).unwrap();
    assert_eq!(
        (printed["message_id"].as_str(), &printed["replies"]),
        (Some("<away@example.com>"), &Value::Array(vec![]))
    );
    let kept = "select count(*) from message_emails where automatic and reason = 'automatic'";
    assert_eq!(count(&client(&url).await, kept).await, 1);
    served.kill9().await;
}

#[tokio::test]
async fn wrong_input_is_named() {
    let url = fresh_database().await;
    let served = Served::start(&url, &[]).await;
    let imap = [("IMAP_URL", "imap://a%40b.example:pw@127.0.0.1"), ("SMTP_URL", "smtp://127.0.0.1")];
    for (arguments, variables, expected) in [
        (&["--from", "ann", "--subject", "x", "Hello"][..], &[][..], "--from"),
        (&["--subject", "x", "Hello"][..], &[][..], "--from"),
        (&["--raw", "/no/such/file"][..], &[][..], "/no/such/file"),
        (&["--from", ANN, "--subject", "x", "--auth", "maybe", "Hello"][..], &[][..], "--auth"),
        (&["--from", ANN, "--subject", "x", "Hello"][..], &imap[..], "without an e-mail account"),
    ] {
        let output = simulate(&served, arguments, variables).await;
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {error}");
        assert!(error.contains(expected) && output.stdout.is_empty(), "{arguments:?}: {error}");
    }
    served.kill9().await;
}
