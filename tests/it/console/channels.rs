//! Replies of staff through a provider: in the chat at once, within its window, to customers who want messages.

use serde_json::json;

use super::rig::Team;
use crate::support::customers::PRICING;
use crate::support::postgres::fresh_database;
use crate::support::twilio::FakeTwilio;
use crate::support::wait::LIMIT;
use crate::support::whatsapp::form;

const ANN: &str = "+4915112345678";

#[tokio::test]
async fn staff_answer_in_the_chat_within_the_window_unless_the_customer_wants_no_messages() {
    let url = fresh_database().await;
    let twilio = FakeTwilio::open();
    let team = Team::serving(&url, twilio.serve(&url, &[]).await).await;
    let ann = team.agent(&url, "ann@example.com", "agent").await;
    twilio.write(&team.served.base, &form(ANN, "SM1", PRICING)).await;
    twilio.replied(ANN, 1, LIMIT).await;
    let find = "select id::text from conversations";
    let conversation: String = team.database.query_one(find, &[]).await.unwrap().get(0);
    let seen = team.newest(&conversation).await;
    let late = json!({"text": "Hello", "seen_through": seen, "send_after_seconds": 5});
    let (status, problem) = ann.act(&conversation, "reply", late).await;
    assert_eq!((status, &problem["errors"][0]["field"]), (422, &json!("send_after_seconds")));

    let (status, reply) = ann.reply(&team, &conversation, "A colleague will call you.").await;
    assert_eq!((status, &reply["receipt"]["result"]), (201, &json!("sent_before")), "{reply}");
    let texts = twilio.replied(ANN, 2, LIMIT).await;
    assert!(texts[1].contains("A colleague will call you."), "{texts:?}");
    let detail = ann.get(&format!("/conversations/{conversation}")).await;
    let participant = &detail["participants"][0];
    assert_eq!((&participant["value"], &participant["proof"]), (&json!(ANN), &json!("attested")));

    for (change, expected) in [
        ("last_inbound_at = now() - interval '25 hours'", "window_closed"),
        ("last_inbound_at = now(), opted_out_at = now()", "opted_out"),
    ] {
        let change = format!("update customer_identifiers set {change}");
        team.database.batch_execute(&change).await.unwrap();
        let (status, problem) = ann.reply(&team, &conversation, "Are you there?").await;
        assert_eq!((status, &problem["code"]), (409, &json!(expected)));
    }
}
