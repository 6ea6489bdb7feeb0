//! Suggestions: grounded in the documents, kept from customers, and retired by any newer public message.

use serde_json::json;

use super::rig::Team;
use crate::support::customers::{FORGOTTEN, replies};
use crate::support::postgres::fresh_database;
use crate::support::served::Served;
use crate::support::verdict::count;

#[tokio::test]
async fn a_suggestion_cites_its_sources_and_is_retired_by_a_newer_message() {
    let url = fresh_database().await;
    let team = Team::serving(&url, Served::start(&url, &[("AGENT_POOL_SIZE", "0")]).await).await;
    let ann = team.agent(&url, "ann@example.com", "agent").await;
    let (ticket, conversation) = team.submit(FORGOTTEN).await;
    ann.act(&conversation, "claim", json!({})).await;
    let (status, suggested) = ann.act(&conversation, "suggestion", json!({})).await;
    assert_eq!(status, 201, "{suggested}");
    assert!(suggested["text"].as_str().unwrap().contains("Forgot password"), "{suggested}");
    assert!(suggested["sources"][0]["id"].as_str().unwrap().starts_with("product-docs.md#"));
    assert_eq!(replies(&team.customer.ticket(&ticket).await).len(), 0);
    assert_eq!(count(&team.database, "select count(*) from turns").await, 0, "it is no turn");

    let seen = team.newest(&conversation).await;
    let id = &suggested["suggestion_id"];
    let reply = json!({"text": "As follows.", "seen_through": seen, "suggestion_id": id});
    let (status, sent) = ann.act(&conversation, "reply", reply).await;
    assert_eq!(status, 201, "{sent}");
    let again = json!({"text": "Once more.", "seen_through": sent["message_id"], "suggestion_id": id});
    let (status, problem) = ann.act(&conversation, "reply", again).await;
    assert_eq!((status, &problem["code"]), (409, &json!("suggestion_retired")));
    let unknown = json!({"text": "x", "seen_through": sent["message_id"], "suggestion_id": conversation});
    let (status, problem) = ann.act(&conversation, "reply", unknown).await;
    assert_eq!((status, &problem["errors"][0]["field"]), (422, &json!("suggestion_id")));

    let (_, off_topic) = team.submit("Which wine goes with a roast duck tonight?").await;
    let (status, suggested) = ann.act(&off_topic, "suggestion", json!({"instruction": "Be kind."})).await;
    assert_eq!((status, &suggested["text"], &suggested["sources"]), (201, &json!(null), &json!([])));
    let nowhere = "11111111-1111-4111-8111-111111111111";
    assert_eq!(ann.act(nowhere, "suggestion", json!({})).await.0, 404);
}
