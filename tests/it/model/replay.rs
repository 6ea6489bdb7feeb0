//! Tests of `fte replay`: recorded conversations lead to the same decisions without a network; with another model the
//! differences are shown.

use std::process::Output;

use fte::fakes::openai::{Act, Asked, FakeOpenai, FakeReply, What, named};
use serde_json::{Value, json};
use tokio::process::Command;

use super::served::serve;
use crate::support::customers::{Customer, FORGOTTEN, PRICING, THANKS};
use crate::support::postgres::{client, fresh_database};
use crate::support::verdict::{all_settled, count};
use crate::support::wait::LIMIT;

async fn replay(
    url: &str,
    conversation: &str,
    more: &[&str],
    variables: &[(&str, &str)],
) -> (Option<i32>, Vec<Value>) {
    let dir = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_fte"));
    command.args(["replay", conversation, "--json"]).args(more).current_dir(dir.path()).env_clear();
    command.env("DATABASE_URL", url).env("FTE_DATA_DIR", dir.path()).envs(variables.iter().copied());
    let Output { status, stdout, stderr } = command.output().await.unwrap();
    let lines = String::from_utf8(stdout).unwrap();
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(!lines.is_empty(), "{}", String::from_utf8_lossy(&stderr));
    (status.code(), lines)
}

async fn conversations(url: &str) -> Vec<String> {
    let rows = client(url).await.query("select id::text from conversations order by id", &[]).await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

fn of<'a>(lines: &'a [Value], key: &str) -> Vec<&'a str> {
    lines.iter().map(|line| line[key].as_str().unwrap()).collect()
}

/// The newest message selects the behaviour.
fn moody(asked: &Asked) -> Act {
    let opt_out = asked.customer();
    let answer = || match asked.passages().first() {
        Some((id, _)) => FakeReply::response("Select Forgot password.", &[id]),
        None => FakeReply::response("Which page?", &[]),
    };
    let first = asked.replies() == 0;
    let said = match () {
        () if opt_out.contains("[searches]") && first => {
            FakeReply::call("search_knowledge_base", &json!({ "query": "two factor", "max_results": 3 }))
        }
        () if opt_out.contains("[mends]") && first => FakeReply::response("It is $5.", &[]),
        () if opt_out.contains("[errs]") && first => FakeReply::default().and_call("send_response", "{"),
        () if opt_out.contains("[errs always]") => FakeReply::default().and_call("send_response", "{"),
        () if opt_out.contains("[never ends]") => FakeReply::call("get_customer_history", &json!({})),
        () if opt_out.contains("[refused]") => return What::error(404, "model_not_found", "gone").into(),
        () => answer(),
    };
    said.into()
}

const MOODS: [&str; 7] =
    ["[searches]", "[mends]", "[errs]", "[errs always]", "[never ends]", "[refused]", "[nothing special]"];

/// A database with a conversation of each kind.
async fn recorded(fake: &FakeOpenai) -> String {
    let url = fresh_database().await;
    let served = serve(&url, fake, &[("BUDGET_CONVERSATION_TOKENS", "4000")]).await;
    let everybody = Customer::of(&served.base);
    for (n, mood) in MOODS.iter().enumerate() {
        let text = format!("I forgot my password, how do I get in again? {mood}");
        everybody.submit("moody@example.com", &n.to_string(), &text).await;
    }
    everybody.submit("pricing@example.com", "pricing", PRICING).await;
    let ticket = everybody.submit("long@example.com", "long", FORGOTTEN).await.ticket();
    everybody.replied(&ticket, 1, LIMIT).await;
    for (n, text) in
        [FORGOTTEN, THANKS, "And how do I turn on two-factor authentication?", FORGOTTEN].iter().enumerate()
    {
        everybody.follow_up(&ticket, &format!("long-{n}"), text).await;
        all_settled(&url, LIMIT).await;
    }
    all_settled(&url, LIMIT).await;
    served.terminate().await;
    url
}

#[tokio::test]
async fn every_recorded_turn_decides_the_same_again_without_a_network() {
    let fake = FakeOpenai::start(moody).unwrap();
    let url = recorded(&fake).await;
    let asked = fake.ledger().all().len();
    let (mut turns, mut reasons) = (0, std::collections::BTreeSet::new());
    for conversation in conversations(&url).await {
        let (code, lines) = replay(&url, &conversation, &[], &[]).await;
        assert_eq!((code, of(&lines, "comparison")), (Some(0), vec!["same"; lines.len()]), "{lines:?}");
        turns += lines.len();
        reasons.extend(lines.iter().map(|line| line["recorded"]["reason"].to_string()));
    }
    let finished = count(&client(&url).await, "select count(*) from turns where outcome is not null").await;
    assert_eq!(i64::try_from(turns), Ok(finished));
    for reason in ["null", "\"budget\"", "\"failure\"", "\"pricing\""] {
        assert!(reasons.contains(reason), "{reason} is not among {reasons:?}");
    }
    assert_eq!(fake.ledger().all().len(), asked, "a replay called the model");
}

#[tokio::test]
async fn another_model_or_prompt_shows_what_would_differ_and_changes_nothing() {
    let fake = FakeOpenai::start(moody).unwrap();
    let url = recorded(&fake).await;
    let database = client(&url).await;
    let rows = "select (select count(*) from messages) + (select count(*) from turns) + (select count(*) from turn_steps)";
    let before = count(&database, rows).await;
    let asking = "select c.id::text from conversations c join customers u on u.id = c.customer_id
                  join customer_identifiers i on i.customer_id = u.id where i.value = 'long@example.com'";
    let conversation: String = database.query_one(asking, &[]).await.unwrap().get(0);
    let base = fake.base_url();
    let variables = [("OPENAI_BASE_URL", base.as_str())];

    fake.play(named("talking").unwrap());
    let (code, lines) = replay(&url, &conversation, &["--model", "gpt-new"], &variables).await;
    assert_eq!(code, Some(0));
    assert_eq!(of(&lines, "comparison")[0], "different");
    assert_eq!(lines[0]["replayed"]["reason"], "failure");
    assert_eq!(fake.ledger().chats().last().unwrap().body["model"], "gpt-new");

    fake.play(moody);
    let prompts = tempfile::tempdir().unwrap();
    std::fs::write(prompts.path().join("system.md"), "You are a pirate. {{channel}}").unwrap();
    let folder = prompts.path().to_str().unwrap();
    let (code, lines) = replay(&url, &conversation, &["--prompt", folder], &variables).await;
    assert_eq!((code, of(&lines, "comparison")[0]), (Some(0), "same"));
    let told = fake.ledger().chats().last().unwrap().body["messages"][0]["content"].to_string();
    assert!(told.contains("You are a pirate."), "{told}");
    assert_ne!(
        lines[0]["prompt_version"],
        Value::from(fte::agent::models::prompt::Prompts::built_in().version())
    );

    let (code, lines) = replay(&url, &conversation, &["--model", "scripted"], &[]).await;
    assert_eq!((code, of(&lines, "model")[0]), (Some(0), "scripted"));
    assert_eq!(count(&database, rows).await, before);
}

fn is_the_same(replay: &Value, turn: &str, outcome: &str) {
    assert_eq!((&replay["verdict"], &replay["first_difference"]), (&json!("same"), &Value::Null), "{replay}");
    assert_eq!((&replay["turn_id"], &replay["recorded"]["outcome"]), (&json!(turn), &json!(outcome)));
    assert_eq!(replay["recorded"], replay["replayed"]);
}

#[tokio::test]
async fn staff_replay_a_turn_without_the_model_and_see_the_first_difference() {
    let (url, fake) = (fresh_database().await, FakeOpenai::start(named("grounded").unwrap()).unwrap());
    let served = serve(&url, &fake, &[]).await;
    let staff = Customer::of(&served.base);
    for (email, text) in [("ann@example.com", FORGOTTEN), ("bob@example.com", PRICING)] {
        let ticket = staff.submit(email, email, text).await.ticket();
        staff.replied(&ticket, 1, LIMIT).await;
    }
    all_settled(&url, LIMIT).await;
    let database = client(&url).await;
    let rows = "select (select count(*) from messages) + (select count(*) from turns) + (select count(*) from deliveries)
                     + (select count(*) from turn_steps)";
    let (before, asked) = (count(&database, rows).await, fake.ledger().all().len());
    let replayed = async |turn: &str| staff.json(&format!("/staff/turns/{turn}/replay")).await;
    let turns = "select id::text, outcome from turns where outcome is not null order by outcome";
    let turns: Vec<(String, String)> =
        database.query(turns, &[]).await.unwrap().iter().map(|row| (row.get(0), row.get(1))).collect();
    assert_eq!(turns.iter().map(|(_, outcome)| outcome.as_str()).collect::<Vec<_>>(), ["answer", "escalate"]);
    for (turn, outcome) in &turns {
        is_the_same(&replayed(turn).await, turn, outcome);
    }
    assert_eq!(count(&database, rows).await, before);

    let answered = &turns[0].0;
    let change = "update messages set content = content || ' Changed.' where turn_id is not null";
    database.batch_execute(change).await.unwrap();
    let replay = replayed(answered).await;
    let difference = json!({"part": "text", "recorded": " Changed.", "replayed": ""});
    assert_eq!((&replay["verdict"], &replay["first_difference"]), (&json!("reworded"), &difference));
    database.batch_execute("delete from turn_steps").await.unwrap();
    let replay = replayed(answered).await;
    assert_eq!((&replay["verdict"], &replay["replayed"]), (&json!("different"), &Value::Null));
    assert_eq!(replay["first_difference"]["part"], "path");
    assert_eq!(fake.ledger().all().len(), asked, "a replay called the model");
    let unknown = "/staff/turns/11111111-1111-4111-8111-111111111111/replay";
    assert_eq!(staff.get(unknown).await.unwrap().status(), 404);
    served.kill9().await;
}
