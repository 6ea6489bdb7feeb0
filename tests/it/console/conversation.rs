//! A conversation as staff see it: its hand-off, the bot's turns with their steps, deliveries, participants, pages.

use serde_json::{Value, json};

use super::rig::Team;
use crate::support::customers::{FORGOTTEN, PRICING};
use crate::support::postgres::fresh_database;
use crate::support::served::Served;
use crate::support::wait::LIMIT;

#[tokio::test]
async fn staff_see_what_the_bot_knew_when_it_handed_over() {
    let url = fresh_database().await;
    let team = Team::serving(&url, Served::start(&url, &[]).await).await;
    let ann = team.agent(&url, "ann@example.com", "agent").await;
    let (ticket, conversation) = team.submit(FORGOTTEN).await;
    team.customer.replied(&ticket, 1, LIMIT).await;
    team.customer.follow_up(&ticket, "2", PRICING).await;
    let view = team.customer.replied(&ticket, 2, LIMIT).await;
    let detail = ann.get(&format!("/conversations/{conversation}")).await;

    let brief = &detail["hand_off"];
    assert_eq!((&brief["wish"], &brief["open_question"]), (&json!(FORGOTTEN), &json!(PRICING)));
    assert_eq!(brief["tried"].as_array().unwrap().len(), 1);
    let answer = view["messages"][1]["content"].as_str().unwrap();
    assert!(answer.starts_with(brief["tried"][0].as_str().unwrap()), "{brief}");
    assert_eq!(brief["promises"], json!([view["messages"][3]["content"]]));
    assert!(brief["sources"][0]["id"].as_str().unwrap().starts_with("product-docs.md#"), "{brief}");
    assert_eq!((&detail["reason"], &detail["status"]), (&json!("pricing"), &json!("escalated")));

    let turns = detail["turns"].as_array().unwrap();
    let outcomes: Vec<&Value> = turns.iter().map(|turn| &turn["outcome"]).collect();
    assert_eq!(outcomes, [&json!("answer"), &json!("escalate")]);
    assert!(turns.iter().all(|turn| turn["end"] == "committed"), "{turns:?}");
    assert_eq!(turns[0]["covers"], json!([view["messages"][0]["id"]]));
    assert_eq!(turns[1]["covers"], json!([view["messages"][2]["id"]]));
    assert_eq!(turns[0]["steps"][0]["kind"], "prefetched");
    assert_eq!(turns[0]["steps"][0]["content"]["kind"], "prefetched");
    assert_eq!(detail["messages"][1]["turn_id"], turns[0]["id"]);
    let delivery = &detail["messages"][1]["deliveries"][0];
    assert_eq!((&delivery["state"], &delivery["to"]), (&json!("delivered"), &json!([])));

    let participant = &detail["participants"][0];
    assert_eq!((&participant["role"], &participant["proof"]), (&json!("customer"), &json!("claim")));
    let sla = &detail["sla"];
    assert!(sla["first_response_due"].is_string() && sla["paused"].is_boolean(), "{sla}");
    assert_eq!((&sla["next_response_due"], &sla["breached"]), (&json!(null), &json!(false)));
}

#[tokio::test]
async fn pages_of_a_conversation_go_back_from_the_newest_message() {
    let url = fresh_database().await;
    let team = Team::serving(&url, Served::start(&url, &[]).await).await;
    let ann = team.agent(&url, "ann@example.com", "agent").await;
    let (ticket, conversation) = team.submit(FORGOTTEN).await;
    team.customer.replied(&ticket, 1, LIMIT).await;
    team.customer.follow_up(&ticket, "2", PRICING).await;
    let view = team.customer.replied(&ticket, 2, LIMIT).await;
    let newest = ann.get(&format!("/conversations/{conversation}?limit=1")).await;
    assert_eq!(newest["messages"][0]["id"], view["messages"][3]["id"]);
    let older = newest["older"].as_str().unwrap();
    let page = ann.get(&format!("/conversations/{conversation}?limit=3&before={older}")).await;
    assert_eq!((page["messages"].as_array().unwrap().len(), &page["older"]), (3, &json!(null)));
    assert_eq!(page["turns"].as_array().unwrap().len(), 2);
    let (status, problem) =
        ann.ask("GET", &format!("/conversations/{conversation}?before={ticket}"), None).await;
    assert_eq!((status, &problem["errors"][0]["field"]), (422, &json!("before")));
}
