//! What the program's own actions count as: hand-overs, take-overs and reopened tickets, through the real functions.

use serde_json::json;

use crate::console::rig::{Agent, Team};
use crate::support::customers::{FORGOTTEN, PRICING};
use crate::support::postgres::fresh_database;
use crate::support::served::Served;
use crate::support::wait::becomes;

async fn ticket_becomes(team: &Team, conversation: &str, status: &str) {
    let find = "select t.status from tickets t where t.conversation_id::text = $1";
    becomes("the ticket", status.to_owned(), async || {
        team.database.query_one(find, &[&conversation]).await.unwrap().get::<_, String>(0)
    })
    .await;
}

async fn resolved(team: &Team, me: &Agent, conversation: &str) {
    let seen = team.newest(conversation).await;
    assert_eq!(me.act(conversation, "resolve", json!({"seen_through": seen})).await.0, 200);
}

#[tokio::test]
async fn actions_of_staff_count_once_and_a_reply_that_is_taken_back_reopens_nothing() {
    let url = fresh_database().await;
    let team = Team::serving(&url, Served::start(&url, &[]).await).await;
    let me = team.agent(&url, "me@example.com", "agent").await;
    let (_, priced) = team.submit(PRICING).await;
    let (_, answered) = team.submit(FORGOTTEN).await;
    let (_, taken) = team.submit(FORGOTTEN).await;
    let (_, returned) = team.submit(FORGOTTEN).await;
    ticket_becomes(&team, &priced, "escalated").await;
    for conversation in [&answered, &taken, &returned] {
        ticket_becomes(&team, conversation, "waiting_customer").await;
    }

    // Given back, it is the bot's again, and was in human hands all the same.
    assert_eq!(me.act(&returned, "claim", json!({})).await.0, 200);
    assert_eq!(me.act(&returned, "hand_back", json!({})).await.0, 200);

    let seen = team.newest(&taken).await;
    let reply =
        json!({"text": "It is done.", "seen_through": seen, "then": "resolve", "send_after_seconds": 120});
    let (status, receipt) = me.act(&taken, "reply", reply).await;
    assert_eq!((status, receipt["state"]["ticket_status"].as_str()), (201, Some("resolved")), "{receipt}");
    let message = receipt["message_id"].as_str().unwrap();
    assert_eq!(me.post(&format!("/staff/messages/{message}/cancel"), json!({})).await.0, 200);
    let resolution = async || me.get("/staff/reports").await["total"]["resolution"].clone();
    // `taken` ends with the bot's answer: nothing of the reply was sent.
    let expected = json!({"autonomous": 1, "assisted": 2, "handed_off": {"pricing": 1}, "taken_over": 0,
                          "durable": 0, "reopened": 0});
    assert_eq!(resolution().await, expected);

    let (status, _) = me.reply(&team, &taken, "It is done now.").await;
    assert_eq!(status, 201);
    resolved(&team, &me, &taken).await;
    assert_eq!(me.act(&taken, "reopen", json!({})).await.0, 200);
    let expected = json!({"autonomous": 1, "assisted": 1, "handed_off": {"pricing": 1}, "taken_over": 1,
                          "durable": 0, "reopened": 1});
    assert_eq!(resolution().await, expected);
}
