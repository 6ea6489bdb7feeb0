//! From a question that no document answers to an answer of the bot: gap, draft, run, approval.

use fte::clock;
use serde_json::{Value, json};

use crate::console::rig::{Agent, Team};
use crate::support::customers::{Customer, replies};
use crate::support::postgres::fresh_database;
use crate::support::served::Served;
use crate::support::verdict::count;
use crate::support::wait::{LIMIT, eventually};

const ASKED: &str = "Is there a plugin for Blender?";
const AGAIN: &str = "Hello, is there a plugin for Blender, please?";
const ANSWER: &str = "Hi Ann,\n\nTo install the plugin for Blender, open Settings, choose Plugins and press Blender. \
                      <script>alert(1)</script>\n\nFor your order AB-77123 we sent the key to \
                      ann.example@mail.example.com; call +49 30 1234567 or open \
                      https://app.example.com/t/8f14e45fceea467f?token=s3cret, Ms Example.\n\nBest regards,\nAnn Lee";

/// A submission under a subject that no document is about: its ticket and its conversation.
async fn submit(team: &Team, text: &str) -> (String, String) {
    let form = json!({
        "name": "Ann Example",
        "email": format!("customer-{}@example.com", clock::new_v4()),
        "subject": "A question about it",
        "category": "technical",
        "message": text,
    });
    let http = fte::http_client::builder().no_proxy().build().unwrap();
    let url = format!("{}/support/submit", team.served.base);
    let receipt: Value = http.post(url).json(&form).send().await.unwrap().json().await.unwrap();
    let ticket = receipt["ticket_id"].as_str().unwrap().to_owned();
    let conversation = team.conversation_of(&ticket).await;
    (ticket, conversation)
}

/// A conversation that the bot gave to people because no document answered.
async fn unanswered(team: &Team, text: &str) -> (String, String) {
    let (ticket, conversation) = submit(team, text).await;
    let find = format!(
        "select count(*) from escalations where reason = 'no_answer' and conversation_id = '{conversation}'"
    );
    eventually("it is escalated", LIMIT, async || match count(&team.database, &find).await {
        1 => Ok(()),
        other => Err(other),
    })
    .await;
    (ticket, conversation)
}

async fn answered(agent: &Agent, team: &Team, conversation: &str, text: &str) {
    let seen = team.newest(conversation).await;
    let reply = json!({"text": text, "seen_through": seen, "send_after_seconds": 0, "then": "resolve"});
    let (status, sent) = agent.act(conversation, "reply", reply).await;
    assert_eq!(status, 201, "{sent}");
}

async fn proposals(agent: &Agent) -> Vec<Value> {
    agent.get("/staff/knowledge/proposals?state=draft").await["items"].as_array().unwrap().clone()
}

async fn run(agent: &Agent, proposal: &str) -> Value {
    let path = format!("/staff/knowledge/proposals/{proposal}");
    let (status, begun) = agent.post(&format!("{path}/run"), json!({"cases": 20})).await;
    assert_eq!((status, &begun["run"]["state"]), (202, &json!("running")), "{begun}");
    let done = async || {
        let run = agent.get(&path).await["run"].clone();
        if run["state"] == "done" { Ok(run) } else { Err(run) }
    };
    eventually("past questions are asked again", LIMIT, done).await.0
}

#[tokio::test]
async fn a_gap_is_closed_by_the_answer_of_staff_once_it_is_approved() {
    let url = fresh_database().await;
    let team = Team::serving(&url, Served::start(&url, &[]).await).await;
    let admin = team.agent(&url, "admin@example.com", "admin").await;
    let (_, first) = unanswered(&team, ASKED).await;
    let (_, second) = unanswered(&team, AGAIN).await;

    let gaps = admin.get("/staff/knowledge/gaps").await["items"].clone();
    assert_eq!((gaps.as_array().unwrap().len(), &gaps[0]["count"]), (1, &json!(2)), "{gaps}");
    assert_eq!(gaps[0]["conversation_ids"], json!([second, first]), "the newest first");

    let draft = one_draft(&team, &admin, [&first, &second]).await;
    assert_eq!(
        (&draft["op"], &draft["gap_id"], &draft["conversation_id"]),
        (&json!("create"), &gaps[0]["id"], &json!(first))
    );
    let id = draft["id"].as_str().unwrap();
    changed_answers_are_listed(&team, &admin, id).await;
    approved_and_answered(&team, &admin, id).await;
}

/// Two answers of one meaning are one draft, which names nobody.
async fn one_draft(team: &Team, admin: &Agent, [first, second]: [&str; 2]) -> Value {
    answered(admin, team, first, ANSWER).await;
    let drafted = async || match proposals(admin).await {
        found if found.is_empty() => Err("no draft"),
        found => Ok(found),
    };
    let (drafts, _) = eventually("a draft is made", LIMIT, drafted).await;
    answered(admin, team, second, ANSWER).await;
    let learned = "select count(*) from knowledge_questions where learned_at is null";
    eventually("both tickets are read", LIMIT, async || match count(&team.database, learned).await {
        0 => Ok(()),
        other => Err(other),
    })
    .await;
    assert_eq!(proposals(admin).await.len(), 1);
    let draft = &drafts[0];
    let text = format!("{} {}", draft["title"], draft["body"]);
    for personal in
        ["Ann", "Example", "Lee", "AB-77123", "mail.example", "1234567", "8f14e45f", "s3cret", "regards"]
    {
        assert!(!text.contains(personal), "{personal} in {text}");
    }
    assert!(text.contains("choose Plugins and press Blender"), "{text}");
    draft.clone()
}

/// A draft is not read by the bot, whatever it says; a run says what would change.
async fn changed_answers_are_listed(team: &Team, admin: &Agent, id: &str) {
    let articles =
        count(&team.database, "select count(*) from knowledge_base where content like '%press Blender%'")
            .await;
    assert_eq!(articles, 0);
    let run = run(admin, id).await;
    assert_eq!(
        (&run["cases"], &run["asked"], &run["changed_count"]),
        (&json!(2), &json!(2), &json!(2)),
        "{run}"
    );
    for changed in run["changed"].as_array().unwrap() {
        assert!(!changed["before"].as_str().unwrap().contains("press Blender"), "{changed}");
        assert!(changed["after"].as_str().unwrap().contains("press Blender"), "{changed}");
    }
    assert_eq!(
        count(&team.database, "select count(*) from knowledge_base where content like '%press Blender%'")
            .await,
        0
    );
}

async fn approved_and_answered(team: &Team, admin: &Agent, id: &str) {
    let (status, approved) = admin.post(&format!("/staff/knowledge/proposals/{id}/approve"), json!({})).await;
    assert_eq!((status, &approved["state"]), (200, &json!("approved")), "{approved}");
    let article = approved["article_id"].as_str().unwrap().replace('#', "%23");
    let html = admin.get(&format!("/staff/knowledge/articles/{article}")).await["html"].clone();
    assert!(!html.as_str().unwrap().contains("script"), "{html}");
    assert_eq!(admin.get("/staff/knowledge/gaps").await["items"], json!([]));
    let (ticket, _) = submit(team, ASKED).await;
    let shown = Customer::of(&team.served.base).replied(&ticket, 1, LIMIT).await;
    assert!(replies(&shown)[0].1.contains("press Blender"), "{shown}");
    assert_eq!(shown["status"], "waiting_customer");
}
