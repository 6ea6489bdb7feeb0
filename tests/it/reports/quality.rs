//! Quality reviews: who gets which replies, what a scorecard may say, and the results by week.

use std::collections::BTreeSet;

use fte::clock;
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};

use crate::console::rig::{Agent, Team};
use crate::support::customers::FORGOTTEN;
use crate::support::postgres::fresh_database;
use crate::support::served::Served;

/// Writes replies that were delivered; returns their ids.
async fn replies(
    team: &Team,
    conversation: &str,
    author: Option<&str>,
    at: OffsetDateTime,
    states: &[&str],
) -> Vec<String> {
    let mut ids = Vec::new();
    for state in states {
        let id = clock::new_v4().to_string();
        let role = if author.is_some() { "staff" } else { "agent" };
        let write = format!(
            "update conversations set last_seq = last_seq + 1 where id = '{conversation}';
             insert into messages (id, conversation_id, seq, channel, created_at, direction, role, kind, content)
             select '{id}', id, last_seq, channel, '{at}', 'outbound', '{role}', 'message', 'Reply {id}'
             from conversations where id = '{conversation}';
             insert into deliveries (id, message_id, conversation_id, channel, state)
             values (gen_random_uuid(), '{id}', '{conversation}', 'web_form', '{state}')"
        );
        team.database.batch_execute(&write).await.unwrap();
        if let Some(author) = author {
            let by = format!(
                "insert into staff_messages (message_id, staff_id, epoch) values ('{id}', '{author}', 1)"
            );
            team.database.batch_execute(&by).await.unwrap();
        }
        ids.push(id);
    }
    ids
}

async fn sample(agent: &Agent, query: &str) -> BTreeSet<String> {
    let found = agent.get(&format!("/staff/quality/sample?limit=20{query}")).await;
    let items = found["items"].as_array().unwrap().iter();
    items.map(|item| item["message_id"].as_str().unwrap().to_owned()).collect()
}

fn set(ids: &[&[String]]) -> BTreeSet<String> {
    ids.iter().flat_map(|ids| ids.iter().cloned()).collect()
}

#[tokio::test]
async fn replies_are_drawn_scored_by_others_and_compared_by_week() {
    let url = fresh_database().await;
    let team = Team::serving(&url, Served::start(&url, &[("AGENT_POOL_SIZE", "0")]).await).await;
    let ann = team.agent(&url, "ann@example.com", "agent").await;
    let bob = team.agent(&url, "bob@example.com", "agent").await;
    let (_, conversation) = team.submit(FORGOTTEN).await;
    let now = clock::now();
    let bot = replies(&team, &conversation, None, now, &["delivered", "read", "withdrawn", "failed"]).await;
    let (bot, unseen) = bot.split_at(2);
    let anns = replies(&team, &conversation, Some(&ann.id), now, &["sent"]).await;
    let bobs = replies(&team, &conversation, Some(&bob.id), now, &["sent"]).await;
    let old = replies(&team, &conversation, None, now - Duration::days(20), &["sent"]).await;

    assert_eq!(sample(&ann, "").await, set(&[bot, &bobs]), "neither own ones, nor what no customer got");
    assert_eq!(sample(&ann, "&author=staff").await, set(&[&bobs]));
    assert_eq!(sample(&bob, "&author=bot&days=30").await, set(&[bot, &old]));
    an_item_shows_the_reply(&ann, &conversation).await;

    let scores =
        json!({"grounded": 2, "complete": 1, "tone": 2, "policy": null, "comment": "=cmd: names no price"});
    let (status, review) = post(&ann, &bot[0], scores).await;
    assert_eq!(status, 201, "{review}");
    assert_eq!(
        (&review["reviewer"]["id"], &review["policy"], &review["author"]),
        (&json!(ann.id), &Value::Null, &json!("bot"))
    );
    assert_eq!(post(&ann, &bot[1], json!({"grounded": 0})).await.0, 201);
    assert_eq!(post(&ann, &bot[1], json!({"grounded": 1})).await.0, 201, "in place of the one before");
    assert_eq!(post(&ann, &bobs[0], json!({"tone": 2, "policy": 2})).await.0, 201);
    assert_eq!(sample(&bob, "").await, set(&[&anns]), "what was reviewed is drawn no more");
    wrong_reviews_are_refused(&ann, &anns[0], &unseen[0], &bot[0]).await;
    results_are_right(&bob, now).await;
    assert_eq!(post(&bob, &old[0], json!({"complete": 2})).await.0, 201);
    weeks_are_apart(&bob, now).await;
    an_erased_reply_has_no_review(&team, &bob, &conversation, &bot[0]).await;
}

async fn post(agent: &Agent, message: &str, scores: Value) -> (u16, Value) {
    let mut card = scores;
    card["message_id"] = json!(message);
    agent.post("/staff/quality/reviews", card).await
}

async fn wrong_reviews_are_refused(ann: &Agent, own: &str, unseen: &str, bots: &str) {
    for (message, scores, status) in [
        (own, json!({"tone": 2}), 409),
        (unseen, json!({"tone": 2}), 404),
        (bots, json!({}), 422),
        (bots, json!({"tone": 3}), 422),
        (bots, json!({"tone": 2, "speed": 1}), 422),
    ] {
        let (found, problem) = post(ann, message, scores).await;
        assert_eq!(found, status, "{problem}");
    }
    assert_eq!(ann.ask("GET", "/staff/quality/sample?days=91", None).await.0, 422);
}

async fn an_erased_reply_has_no_review(team: &Team, bob: &Agent, conversation: &str, reply: &str) {
    team.database.batch_execute(&format!("select erase_texts(array['{conversation}'::uuid])")).await.unwrap();
    let comments = "select count(comment) from quality_reviews";
    assert_eq!(team.database.query_one(comments, &[]).await.unwrap().get::<_, i64>(0), 0);
    assert_eq!(post(bob, reply, json!({"tone": 2})).await.0, 404, "it has no text any more");
    assert_eq!(sample(bob, "").await, BTreeSet::new());
}

async fn an_item_shows_the_reply(ann: &Agent, conversation: &str) {
    let first = ann.get("/staff/quality/sample?author=bot&limit=1").await;
    assert_eq!(first["items"].as_array().unwrap().len(), 1);
    let item = &first["items"][0];
    assert_eq!((&item["author"], &item["conversation_id"]), (&json!("bot"), &json!(conversation)));
    assert_eq!(item["text"], format!("Reply {}", item["message_id"].as_str().unwrap()));
}

async fn weeks_are_apart(bob: &Agent, now: OffsetDateTime) {
    let weeks = bob.get("/staff/quality?from=2020-01-01&to=2020-01-07").await["weeks"].clone();
    assert_eq!(weeks, json!([]));
    let day = (now - Duration::days(20)).date();
    let past = bob.get(&format!("/staff/quality?from={day}&to={day}")).await;
    assert_eq!(past["weeks"][0]["bot"]["complete"], json!({"count": 1, "avg": 2.0}));
}

async fn results_are_right(bob: &Agent, now: OffsetDateTime) {
    let today = now.date();
    let results = bob.get(&format!("/staff/quality?from={today}&to={today}")).await;
    let none = json!({"count": 0, "avg": null});
    let expected = json!({
        "bot": {"reviews": 2, "grounded": {"count": 2, "avg": 1.5}, "complete": {"count": 1, "avg": 1.0},
                "tone": {"count": 1, "avg": 2.0}, "policy": none},
        "staff": {"reviews": 1, "grounded": none, "complete": none, "tone": {"count": 1, "avg": 2.0},
                  "policy": {"count": 1, "avg": 2.0}},
    });
    assert_eq!(results["total"], expected);
    let monday = today - Duration::days(i64::from(today.weekday().number_days_from_monday()));
    let mut week = expected;
    week["week"] = json!(monday.to_string());
    assert_eq!(results["weeks"], json!([week]));

    let page = bob.get("/staff/quality/reviews?author=bot&limit=1").await;
    assert_eq!(page["items"][0]["grounded"], 1);
    let next = page["next_cursor"].as_str().unwrap();
    let page = bob.get(&format!("/staff/quality/reviews?author=bot&limit=1&cursor={next}")).await;
    assert_eq!(
        (&page["items"][0]["comment"], &page["next_cursor"]),
        (&json!("=cmd: names no price"), &Value::Null)
    );
    let table =
        bob.browser.send("GET", "/staff/quality/reviews?format=csv", None).await.text().await.unwrap();
    assert!(table.contains(",2,1,2,,'=cmd: names no price,"), "{table}");
    let table = bob.browser.send("GET", "/staff/quality?format=csv", None).await.text().await.unwrap();
    assert!(table.contains("total,bot,2,2,1.5000,1,1.0000,1,2.0000,0,\r\n"), "{table}");
}

/// Its author may be the reviewer.
#[tokio::test]
async fn a_reply_that_was_written_in_a_mailbox_is_not_reviewed() {
    let url = fresh_database().await;
    let team = Team::serving(&url, Served::start(&url, &[("AGENT_POOL_SIZE", "0")]).await).await;
    let ann = team.agent(&url, "ann@example.com", "agent").await;
    let (_, conversation) = team.submit(FORGOTTEN).await;
    let mailed = replies(&team, &conversation, Some(&ann.id), clock::now(), &["sent"]).await;
    team.database.batch_execute("delete from staff_messages").await.unwrap();
    assert_eq!(post(&ann, &mailed[0], json!({"tone": 2})).await.0, 409);
}
