//! Approvals: found by every process, above the file until deleted, with a history to go back in.

use std::time::Duration;

use serde_json::{Value, json};

use crate::console::rig::{Agent, Team};
use crate::operations::commands::fte_with;
use crate::support::customers::Customer;
use crate::support::postgres::fresh_database;
use crate::support::served::Served;
use crate::support::wait::eventually;

const ARTICLE: &str = "guide.md#zebra-export";
/// How soon every process must find an approved article.
const FOUND_WITHIN: Duration = Duration::from_secs(10);

async fn ingest(url: &str, text: &str) {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("guide.md");
    std::fs::write(&file, text).unwrap();
    let output = fte_with(url, &["kb", "ingest", file.to_str().unwrap()], "", &[]).await;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn guide(text: &str) -> String {
    format!("# Guide\n\n## Zebra export\n\n{text}\n\n## Other\n\nOther text about lanterns.\n")
}

async fn proposed(agent: &Agent, body: Value) -> String {
    let (status, made) = agent.post("/staff/knowledge/proposals", body).await;
    assert_eq!(status, 201, "{made}");
    made["id"].as_str().unwrap().to_owned()
}

async fn approved(agent: &Agent, body: Value) -> Value {
    let path = format!("/staff/knowledge/proposals/{}/approve", proposed(agent, body).await);
    let (status, approved) = agent.post(&path, json!({"force": true})).await;
    assert_eq!((status, &approved["state"]), (200, &json!("approved")), "{approved}");
    approved
}

async fn text(agent: &Agent) -> String {
    let article = agent.get("/staff/knowledge/articles/guide.md%23zebra-export").await;
    article["text"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn an_approved_article_is_found_by_every_process_and_overrides_its_file_until_it_is_deleted() {
    let url = fresh_database().await;
    ingest(&url, &guide("Zebra exports are in the stable.")).await;
    let (one, two) = Served::start_two(&url, &[("AGENT_POOL_SIZE", "0")]).await;
    let team = Team::serving(&url, one).await;
    let admin = team.agent(&url, "admin@example.com", "admin").await;
    an_update_is_found_by_the_other_process(&admin, &two.base).await;
    ingestions_and_deletions_meet(&admin, &url).await;
    the_history_can_be_proposed_again(&admin).await;
    new_articles_have_ids_of_their_own(&admin).await;
}

/// An update is found by the other process, and keeps what it does not name.
async fn an_update_is_found_by_the_other_process(admin: &Agent, other: &str) {
    let update =
        json!({"op": "update", "article_id": ARTICLE, "body": "Zebra exports are **in the meadow**."});
    approved(admin, update).await;
    let other = Customer::of(other);
    let found = async || {
        let found = other.json("/help/search?q=zebra+exports").await["results"].clone();
        if found[0]["id"] == ARTICLE && found[0]["snippet"].as_str().unwrap().contains("meadow") {
            Ok(())
        } else {
            Err(found)
        }
    };
    eventually("the other process finds it", FOUND_WITHIN, found).await;
    let article = admin.get("/staff/knowledge/articles/guide.md%23zebra-export").await;
    assert_eq!(
        (&article["title"], &article["section"]),
        (&json!("Zebra export"), &json!("Guide > Zebra export"))
    );
    assert_eq!(
        (&article["approved"], &article["body"]),
        (&json!(true), &json!("Zebra exports are **in the meadow**."))
    );
}

/// Ingesting the file again changes the sections that nothing overrides.
async fn ingestions_and_deletions_meet(admin: &Agent, url: &str) {
    ingest(url, &guide("Zebra exports are in the zoo.").replace("lanterns", "lamps")).await;
    assert_eq!(text(admin).await, "Zebra exports are in the meadow.");
    assert_eq!(
        admin.get("/staff/knowledge/articles/guide.md%23other").await["text"],
        "Other text about lamps."
    );

    // A deletion brings back what the file says now; another one hides it, past the next ingestion.
    approved(admin, json!({"op": "delete", "article_id": ARTICLE})).await;
    assert_eq!(text(admin).await, "Zebra exports are in the zoo.");
    approved(admin, json!({"op": "delete", "article_id": ARTICLE})).await;
    ingest(url, &guide("Zebra exports are in the park.")).await;
    assert_eq!(admin.ask("GET", "/staff/knowledge/articles/guide.md%23zebra-export", None).await.0, 404);
    let (status, problem) =
        admin.post("/staff/knowledge/proposals", json!({"op": "delete", "article_id": ARTICLE})).await;
    assert_eq!((status, &problem["errors"][0]["field"]), (422, &json!("article_id")));
}

/// The history goes back to what the file said first; any of it can be proposed again.
async fn the_history_can_be_proposed_again(admin: &Agent) {
    let path = "/staff/knowledge/articles/guide.md%23zebra-export/revisions";
    let history = admin.get(path).await["items"].clone();
    let seen: Vec<_> = history
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| (entry["number"].clone(), entry["op"].clone()))
        .collect();
    let expected = [(4, "delete"), (3, "delete"), (2, "update"), (1, "create")]
        .map(|(number, op)| (json!(number), json!(op)));
    assert_eq!(seen, expected);
    assert_eq!(
        (&history[3]["body"], &history[3]["approved_by"]),
        (&json!("Zebra exports are in the stable."), &Value::Null)
    );
    let page = admin.get(&format!("{path}?limit=2")).await;
    let rest = admin.get(&format!("{path}?limit=2&cursor={}", page["next_cursor"].as_str().unwrap())).await;
    assert_eq!((&rest["items"][1]["number"], &rest["next_cursor"]), (&json!(1), &Value::Null));
    let back = json!({"op": "update", "article_id": ARTICLE, "title": history[2]["title"], "body": history[2]["body"]});
    approved(admin, back).await;
    assert_eq!(text(admin).await, "Zebra exports are in the meadow.");
}

/// A new article gets an id of its own, which another one of the same title does not take.
async fn new_articles_have_ids_of_their_own(admin: &Agent) {
    let new = json!({"op": "create", "title": "Zebra care", "body": "Brush the zebra daily."});
    assert_eq!(approved(admin, new.clone()).await["article_id"], "approved.md#zebra-care");
    assert_eq!(approved(admin, new).await["article_id"], "approved.md#zebra-care-1");
    let lines = admin.get("/staff/knowledge/articles?limit=2").await;
    assert_eq!(
        (&lines["items"][0]["id"], &lines["items"][0]["approved"]),
        (&json!("approved.md#zebra-care"), &json!(true))
    );
    let next = lines["next_cursor"].as_str().unwrap().replace('#', "%23");
    let next = admin.get(&format!("/staff/knowledge/articles?limit=1&cursor={next}")).await;
    assert_eq!(next["items"][0]["id"], "guide.md#zebra-export");

    // What was read is approved: an edit meanwhile is not, and an article that is gone can't be changed.
    let update = json!({"op": "delete", "article_id": "approved.md#zebra-care-1"});
    let late = proposed(admin, update.clone()).await;
    approved(admin, update).await;
    let (status, problem) =
        admin.post(&format!("/staff/knowledge/proposals/{late}/approve"), json!({"force": true})).await;
    assert_eq!((status, &problem["code"]), (409, &json!("no_article")), "{problem}");
}
