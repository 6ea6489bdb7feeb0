//! Marks of breaches, one for each clock, and clocks that go on after what stopped them was taken back.

use serde_json::{Value, json};

use super::counted;
use super::scene::{PAUSED, STOPPED, Scene, context};
use crate::support::customers::{FORGOTTEN, PRICING};
use crate::support::postgres::fresh_database;
use crate::support::served::Served;
use crate::support::wait::becomes;

/// More minutes than any target has.
const LONG: u32 = 60 * 24 * 30;

async fn breaches_become(scene: &Scene, expected: [u64; 3]) {
    let counted = async || counted(&scene.team.served.base, "fte_sla_breaches_total{").await;
    let expected = ["first_response", "next_response", "resolution"]
        .iter()
        .zip(expected)
        .map(|(clock, count)| format!("clock=\"{clock}\"}} {count}"));
    becomes("breaches are counted", expected.collect(), counted).await;
}

#[tokio::test]
async fn each_breach_is_counted_once_whichever_clock_is_over_first() {
    let (url, folder) = (fresh_database().await, tempfile::tempdir().unwrap());
    let variables = [("CONTEXT_PATH", &*context(folder.path())), ("AGENT_POOL_SIZE", "0")];
    let scene = Scene::serving(&url, Served::start(&url, &variables).await).await;
    let (ticket, long) = scene.team.submit(FORGOTTEN).await;
    scene.does(&long, "claim", json!({})).await;
    scene.age(&long, "resolution_since", LONG).await;
    breaches_become(&scene, [0, 0, 1]).await;
    // Once people and customer have written, it is still the same breach; the answer has a clock of its own.
    scene.me.reply(&scene.team, &long, "Which plan do you have?").await;
    assert_eq!(scene.clocks(&long).await, PAUSED);
    scene.writes(&ticket, "The basic one.").await;
    scene.age(&long, "response_since", 241).await;
    breaches_become(&scene, [0, 1, 1]).await;
    let severity = json!({"severity": "urgent"});
    scene.change(&long, &format!("/staff/conversations/{long}"), severity).await;

    let (_, late) = scene.team.submit(FORGOTTEN).await;
    scene.does(&late, "claim", json!({})).await;
    scene.age(&late, "response_since", 241).await;
    breaches_become(&scene, [1, 1, 1]).await;
    scene.age(&late, "resolution_since", LONG).await;
    breaches_become(&scene, [1, 1, 2]).await;
}

/// What a clock counts from, to the microsecond.
async fn counts(scene: &Scene, conversation: &str) -> String {
    let find = "select concat_ws(' ', state, responded, response_since, resolution_since, unclaimed_since, reminders,
                                 answer_breached_at is not null, resolution_breached_at is not null)
                from conversation_clocks where conversation_id::text = $1";
    scene.team.database.query_one(find, &[&conversation]).await.unwrap().get(0)
}

async fn in_bulk(scene: &Scene, conversation: &str, action: &str, params: Value) -> Value {
    let as_of = scene.me.get("/staff/conversations?queue=all").await["as_of"].clone();
    let body = json!({"action": action, "params": params, "ids": [conversation], "as_of": as_of});
    let (status, done) = scene.me.post("/staff/bulk", body).await;
    assert_eq!((status, &done["done"]), (200, &json!(1)), "{action}: {done}");
    done
}

#[tokio::test]
async fn clocks_go_on_after_a_bulk_action_or_a_merge_is_undone() {
    let (url, folder) = (fresh_database().await, tempfile::tempdir().unwrap());
    let served = Served::start(&url, &[("CONTEXT_PATH", &context(folder.path()))]).await;
    let scene = Scene::serving(&url, served).await;
    let mut two = Vec::new();
    for key in ["1", "2"] {
        let ticket = scene.team.customer.submit("twice@example.com", key, PRICING).await.ticket();
        two.push(scene.team.conversation_of(&ticket).await);
        scene.becomes(two.last().unwrap(), "escalated").await;
    }
    let [conversation, other] = [&*two[0], &*two[1]];
    for (column, minutes) in [("response_since", 241), ("resolution_since", 300), ("unclaimed_since", 5)] {
        scene.age(conversation, column, minutes).await;
    }
    breaches_become(&scene, [1, 0, 0]).await;
    let before = counts(&scene, conversation).await;
    for (action, params, expected) in [
        ("resolve", json!({}), STOPPED),
        ("reply", json!({"text": "We work on it."}), PAUSED),
        ("reply", json!({"text": "It is done.", "then": "resolve"}), STOPPED),
    ] {
        let done = in_bulk(&scene, conversation, action, params).await;
        assert_eq!(scene.clocks(conversation).await, expected, "{action}");
        let path = format!("/staff/bulk/{}/undo", done["bulk_id"].as_str().unwrap());
        let (status, undone) = scene.me.post(&path, json!({})).await;
        assert_eq!((status, &undone["done"]), (200, &json!(1)), "{action}: {undone}");
        assert_eq!(counts(&scene, conversation).await, before, "{action}");
    }
    scene.does(conversation, "merge", json!({"into": other})).await;
    scene.does(conversation, "unmerge", json!({})).await;
    assert_eq!(counts(&scene, conversation).await, before, "merge");
    breaches_become(&scene, [1, 0, 0]).await;
}
