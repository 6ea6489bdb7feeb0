//! Tools of the console: parked messages, failed deliveries, drafts, macros, search, customers' files, revoked links.

use fte::clock;
use serde_json::{Value, json};

use super::rig::{Agent, Team};
use crate::support::customers::FORGOTTEN;
use crate::support::postgres::fresh_database;
use crate::support::served::Served;

struct Scene {
    team: Team,
    ann: Agent,
}

async fn scene() -> Scene {
    let url = fresh_database().await;
    let team = Team::serving(&url, Served::start(&url, &[("AGENT_POOL_SIZE", "0")]).await).await;
    let ann = team.agent(&url, "ann@example.com", "agent").await;
    Scene { team, ann }
}

fn code(problem: &Value) -> &str {
    problem["code"].as_str().unwrap_or_default()
}

#[tokio::test]
async fn a_parked_message_is_retried_once_unless_staff_have_answered_it() {
    let Scene { team, ann } = scene().await;
    let mut letters = Vec::new();
    for _ in 0..3 {
        letters.push(team.parked().await);
    }
    let first = ann.get("/staff/parked?limit=2").await;
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = ann.get(&format!("/staff/parked?limit=2&cursor={cursor}")).await;
    let ids = |page: &Value| {
        page["items"].as_array().unwrap().iter().map(|item| item["id"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(
        [ids(&first), ids(&second)].concat(),
        letters.iter().map(|(letter, _)| json!(letter)).collect::<Vec<_>>()
    );

    let (retried, conversation) = &letters[0];
    let path = format!("/staff/parked/{retried}/retry");
    let (status, state) = ann.post(&path, json!({})).await;
    assert_eq!((status, &state["status"], &state["ticket_status"]), (202, &json!("active"), &json!("open")));
    let waits = "select answered_through = 0 and faults = 0 and status = 'active' from conversations where id::text = $1";
    assert!(team.database.query_one(waits, &[conversation]).await.unwrap().get::<_, bool>(0));
    assert_eq!(ann.post(&path, json!({})).await.0, 404, "it is off the list");

    let (answered, conversation) = &letters[1];
    ann.reply(&team, conversation, "A person answers.").await;
    let (status, problem) = ann.post(&format!("/staff/parked/{answered}/retry"), json!({})).await;
    assert_eq!((status, code(&problem)), (409, "answered"));
    assert_eq!(ann.post(&format!("/staff/parked/{answered}/dismiss"), json!({})).await.0, 204);
    assert_eq!(ids(&ann.get("/staff/parked").await), [json!(letters[2].0)]);
}

#[tokio::test]
async fn a_failed_delivery_is_sent_again_to_an_address_of_the_customer_only() {
    let Scene { team, ann } = scene().await;
    let (ticket, conversation) = team.submit(FORGOTTEN).await;
    let (message, delivery) = (clock::new_v4(), clock::new_v4());
    let fail = format!(
        "insert into messages (id, conversation_id, seq, channel, direction, role, content)
         values ('{message}', '{conversation}', 2, 'email', 'outbound', 'agent', 'Here is how.');
         update conversations set last_seq = 2;
         insert into deliveries (id, message_id, conversation_id, channel, state, cause, error)
         values ('{delivery}', '{message}', '{conversation}', 'email', 'failed', 'bounced', 'mailbox full');
         insert into delivery_failures (delivery_id, address, cause)
         values ('{delivery}', 'ann@example.com', 'bounced')"
    );
    team.database.batch_execute(&fail).await.unwrap();
    let resend = format!("/staff/deliveries/{delivery}/resend");
    let (status, problem) = ann.post(&resend, json!({"to": "mallory@example.com"})).await;
    assert_eq!((status, &problem["errors"][0]["field"]), (422, &json!("to")));
    let theirs = "select i.value from customer_identifiers i";
    let theirs: String = team.database.query_one(theirs, &[]).await.unwrap().get(0);
    let (status, sent) = ann.post(&resend, json!({"to": theirs})).await;
    assert_eq!(status, 201, "{sent}");
    assert_eq!(code(&ann.post(&resend, json!({})).await.1), "not_failed");
    let detail = ann.get(&format!("/conversations/{conversation}")).await;
    let deliveries = detail["messages"][1]["deliveries"].as_array().unwrap();
    assert_eq!(deliveries[0]["failed"][0]["cause"], "bounced");
    assert_eq!((&deliveries[1]["id"], &deliveries[1]["to"]), (&sent["delivery_id"], &json!([theirs])));
    assert_ne!(detail["messages"][1]["delivery_status"], "failed", "it is as far as the new one");

    let (status, _) =
        ann.post(&format!("/staff/messages/{message}/feedback"), json!({"verdict": "wrong"})).await;
    assert_eq!(status, 201);
    let inbound = detail["messages"][0]["id"].as_str().unwrap();
    let feedback = format!("/staff/messages/{inbound}/feedback");
    assert_eq!(ann.post(&feedback, json!({"verdict": "good"})).await.0, 404, "the customer's");

    assert_eq!(team.customer.get(&format!("/support/ticket/{ticket}")).await.unwrap().status(), 200);
    assert_eq!(ann.act(&conversation, "revoke_link", json!({})).await.0, 204);
    for path in ["", "/events"] {
        let gone = team.customer.get(&format!("/support/ticket/{ticket}{path}")).await.unwrap();
        assert_eq!(gone.status(), 404, "{path}");
    }
    let write = ann.post(&format!("/support/ticket/{ticket}/messages"), json!({"message": "Hello"})).await;
    assert_eq!(write.0, 404);
}

#[tokio::test]
async fn a_draft_belongs_to_one_person_and_is_not_overwritten_by_another_window() {
    let Scene { team, ann } = scene().await;
    let (_, conversation) = team.submit(FORGOTTEN).await;
    let path = format!("/staff/conversations/{conversation}/draft");
    let empty = json!({"text": "", "channel": null, "cc": null, "bcc": null, "revision": 0});
    assert_eq!(ann.get(&path).await, empty);
    let first = json!({"text": "Dear", "revision": 0});
    let (status, kept) = ann.ask("PUT", &path, Some(first.clone())).await;
    assert_eq!((status, &kept["revision"]), (200, &json!(1)));
    assert_eq!(code(&ann.ask("PUT", &path, Some(first)).await.1), "stale_draft");
    let second = json!({"text": "Dear Ann", "cc": ["bob@example.com"], "revision": 1});
    let (_, kept) = ann.ask("PUT", &path, Some(second)).await;
    assert_eq!((&kept["revision"], &kept["cc"]), (&json!(2), &json!(["bob@example.com"])));
    assert_eq!(ann.get(&path).await, kept);
    let others: Value = team.customer.json(&path).await;
    assert_eq!(others, empty, "the token's account has its own");
    ann.reply(&team, &conversation, "Dear Ann").await;
    assert_eq!(ann.get(&path).await, empty, "the reply has taken its place");
}

#[tokio::test]
async fn macros_are_filled_shared_and_changed_by_their_owners() {
    let Scene { team, ann } = scene().await;
    let (ticket, conversation) = team.submit(FORGOTTEN).await;
    let text = "Hello {{customer.name}}, {{ticket.number}}: {{ticket.url}} {{agent.name}} {{unknown}}";
    let body =
        json!({"name": "Greeting", "text": text, "shared": false, "actions": {"add_tags": ["greeted"]}});
    let (status, added) = ann.post("/staff/macros", body.clone()).await;
    assert_eq!((status, &added["actions"]["add_tags"]), (201, &json!(["greeted"])));
    let path = format!("/staff/macros/{}", added["id"].as_str().unwrap());
    let (status, rendered) =
        ann.post(&format!("{path}/render"), json!({"conversation_id": conversation})).await;
    assert_eq!(status, 200, "{rendered}");
    let number: i64 = team.database.query_one("select number from tickets", &[]).await.unwrap().get(0);
    let expected = format!(
        "Hello Ann Example, T-{number}: {}/ticket?id={ticket} Ann Lee {{{{unknown}}}}",
        team.served.base
    );
    assert_eq!((&rendered["text"], &rendered["missing"]), (&json!(expected), &json!(["unknown"])));
    let listed = team.customer.json("/staff/macros").await;
    assert_eq!(listed["items"], json!([]), "it is the author's alone");
    let mut shared = body;
    shared["shared"] = json!(true);
    assert_eq!(ann.ask("PUT", &path, Some(shared)).await.0, 200);
    assert_eq!(team.customer.json("/staff/macros").await["items"][0]["name"], "Greeting");
    assert_eq!(ann.ask("DELETE", &path, None).await.0, 204);
    assert_eq!(ann.ask("DELETE", &path, None).await.0, 404);
}

#[tokio::test]
async fn search_finds_a_number_first_and_words_in_messages_and_customers() {
    let Scene { team, ann } = scene().await;
    let (_, conversation) = team.submit("The zebra printer jams whenever it rains outside.").await;
    let (_, other) = team.submit(FORGOTTEN).await;
    let number = "select number from tickets where conversation_id::text = $1";
    let number: i64 = team.database.query_one(number, &[&other]).await.unwrap().get(0);
    let hits = async |query: &str| {
        let found = ann.get(&format!("/staff/search?q={query}")).await;
        let items = found["items"].as_array().unwrap().clone();
        items.iter().map(|item| (item["kind"].clone(), item["conversation_id"].clone())).collect::<Vec<_>>()
    };
    assert_eq!(hits("zebra%20printer").await, [(json!("message"), json!(conversation))]);
    for query in [format!("T-{number}"), format!("t-{number}"), number.to_string()] {
        assert_eq!(hits(&query).await.first(), Some(&(json!("conversation"), json!(other))), "{query}");
    }
    assert!(hits("customer-").await.iter().any(|(kind, _)| kind == "customer"));
    assert_eq!(ann.ask("GET", "/staff/search?q=x", None).await.0, 422);

    let customer = "select customer_id::text from conversations where id::text = $1";
    let customer: String = team.database.query_one(customer, &[&conversation]).await.unwrap().get(0);
    let path = format!("/staff/customers/{customer}");
    let (status, changed) =
        ann.ask("PATCH", &path, Some(json!({"name": "Ann Lee", "plan": "Enterprise"}))).await;
    assert_eq!((status, &changed["name"], &changed["plan"]), (200, &json!("Ann Lee"), &json!("Enterprise")));
    let shown = ann.get(&path).await;
    assert_eq!((&shown["merges"], shown["conversations"].as_array().unwrap().len()), (&json!([]), 1));
    assert_eq!(ann.ask("GET", &format!("/staff/customers/{conversation}"), None).await.0, 404);
}
