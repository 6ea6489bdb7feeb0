//! Tests of the audit list: what is in it, and how it is read page by page.

use serde_json::{Value, json};

use super::receiver::HookReceiver;
use super::{Program, serve, text};
use crate::accounts::client::run;
use crate::console::rig::Team;
use crate::support::postgres::fresh_database;

#[tokio::test]
async fn admins_read_what_accounts_did_by_time_actor_and_action() {
    let (url, receiver) = (fresh_database().await, HookReceiver::start());
    let served = serve(&url, &receiver.origin, &[]).await;
    let (program, team) = (Program::of(&served), Team::serving(&url, served).await);
    let admin = team.agent(&url, "ann@example.com", "admin").await;
    let token = text(&run(&url, &["token", "create", "ci", "--scope", "read", "--json"]).await, "id");
    run(&url, &["token", "revoke", &token, "--json"]).await;
    let (_, conversation) = team.submit("I forgot my password").await;
    let customer = "select customer_id::text from conversations where id::text = $1";
    let customer: String = team.database.query_one(customer, &[&conversation]).await.unwrap().get(0);
    assert_eq!(admin.act(&conversation, "claim", json!({})).await.0, 200);
    admin.get(&format!("/staff/customers/{customer}/export")).await;
    let hook = json!({"url": receiver.url(), "types": ["ticket.created"]});
    let (status, added) = admin.post("/staff/webhooks", hook).await;
    assert_eq!(status, 201, "{added}");
    admin.post(&format!("/staff/customers/{customer}/erase"), json!({"confirm": customer})).await;

    let mine = admin.get(&format!("/staff/audit?actor={}", admin.id)).await;
    let actions = actions(&mine);
    let expected =
        ["customer.erased", "webhook.added", "customer.exported", "conversation.claimed", "session.opened"];
    assert_eq!(actions, expected, "{mine}");
    let claim = &mine["items"][3];
    assert_eq!(claim["actor"], json!({"id": admin.id, "name": "Ann Lee"}), "{claim}");
    assert_eq!(claim["subject"], json!({"kind": "conversation", "id": conversation}), "{claim}");
    assert_eq!(claim["conversation_id"], json!(conversation));
    assert_eq!(mine["items"][1]["subject"], json!({"kind": "webhook", "id": added["id"]}));
    let members: Vec<&String> = claim.as_object().unwrap().keys().collect();
    assert_eq!(members, ["action", "actor", "at", "conversation_id", "id", "subject"]);
    for action in ["token.created", "token.revoked", "staff.added"] {
        let found = admin.get(&format!("/staff/audit?action={action}")).await;
        assert!(!found["items"].as_array().unwrap().is_empty(), "{action}");
    }
    pages(&program).await;
}

fn actions(list: &Value) -> Vec<String> {
    list["items"].as_array().unwrap().iter().map(|item| text(item, "action")).collect()
}

/// All pages together are the list, and bounds of time are inclusive.
async fn pages(program: &Program) {
    let all = program.get("/staff/audit?limit=100").await;
    let items = all["items"].as_array().unwrap();
    let (mut read, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = program.get(&format!("/staff/audit?limit=2{cursor}")).await;
        read.extend(page["items"].as_array().unwrap().clone());
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(&read, items);
    let (newest, oldest) = (text(&items[0], "at"), text(items.last().unwrap(), "at"));
    assert_eq!(program.get(&format!("/staff/audit?limit=100&from={oldest}&to={newest}")).await, all);
    let day = &newest[..10];
    assert!(
        !program.get(&format!("/staff/audit?from={day}&to={day}")).await["items"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    let earlier = program.get("/staff/audit?to=2020-01-01").await;
    assert_eq!(earlier, json!({"items": [], "next_cursor": null}));
    assert_eq!(program.ask("GET", "/staff/audit?from=yesterday", None).await.0, 422);
}
