//! What every staff endpoint has in common (API-STAFF.md): lists have a limit and a cursor, an unknown or malformed id is
//! not found, a closed ticket takes notes alone, and only admins do what admins do.

use serde_json::{Value, json};

use super::rig::{Agent, Team};
use crate::accounts::client::Browser;
use crate::support::customers::FORGOTTEN;
use crate::support::postgres::fresh_database;
use crate::support::served::Served;
use crate::support::verdict::count;

const NOTHING: &str = "11111111-1111-4111-8111-111111111111";

/// Every list that staff may read, without its query.
const LISTS: [&str; 11] = [
    "/staff/members",
    "/staff/macros",
    "/staff/conversations?queue=all",
    "/staff/parked",
    "/staff/search?q=password",
    "/staff/webhooks",
    "/staff/audit",
    "/staff/knowledge/articles",
    "/staff/knowledge/gaps",
    "/staff/knowledge/proposals",
    "/help/articles",
];

fn with(list: &str, query: &str) -> String {
    format!("{list}{}{query}", if list.contains('?') { '&' } else { '?' })
}

/// Every item of a list, `limit` a page.
async fn pages(agent: &Agent, list: &str, limit: usize) -> Vec<Value> {
    let (mut found, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = agent.get(&with(list, &format!("limit={limit}{cursor}"))).await;
        let items = page["items"].as_array().unwrap_or_else(|| panic!("{list}: {page}")).clone();
        assert!(items.len() <= limit, "{list}: {page}");
        found.extend(items);
        let Some(next) = page["next_cursor"].as_str() else {
            assert!(page["next_cursor"].is_null(), "{list}: {page}");
            return found;
        };
        cursor = format!("&cursor={}", next.replace('#', "%23"));
    }
}

/// Actions in a conversation, with a body that is right but for the id.
fn conversation_actions() -> Vec<(&'static str, &'static str, Value)> {
    let until = json!({"until": "2199-01-01T00:00:00Z"});
    let side = json!({"to": ["partner@example.org"], "subject": "A question", "text": "Is it so?"});
    vec![
        ("POST", "claim", json!({})),
        ("POST", "release", json!({})),
        ("POST", "assign", json!({"staff_id": NOTHING})),
        ("POST", "reply", json!({"text": "Hello", "seen_through": NOTHING})),
        ("POST", "note", json!({"text": "For us."})),
        ("POST", "hand_back", json!({})),
        ("POST", "resolve", json!({"seen_through": NOTHING})),
        ("POST", "reopen", json!({})),
        ("POST", "snooze", until),
        ("DELETE", "snooze", Value::Null),
        ("POST", "watch", json!({})),
        ("DELETE", "watch", Value::Null),
        ("PATCH", "", json!({"priority": "high"})),
        ("POST", "suggestion", json!({})),
        ("POST", "summary", json!({})),
        ("GET", "draft", Value::Null),
        ("PUT", "draft", json!({"text": "Dear", "revision": 0})),
        ("DELETE", "draft", Value::Null),
        ("POST", "merge", json!({"into": NOTHING})),
        ("POST", "unmerge", json!({})),
        ("POST", "split", json!({"message_ids": [NOTHING], "subject": "Another"})),
        ("POST", "side", side),
        ("POST", "revoke_link", json!({})),
    ]
}

fn actions_elsewhere() -> Vec<(&'static str, String, Value)> {
    let of = |path: &str| path.replace("ID", NOTHING);
    vec![
        ("POST", of("/staff/messages/ID/cancel"), json!({})),
        ("POST", of("/staff/messages/ID/feedback"), json!({"verdict": "good"})),
        ("POST", of("/staff/deliveries/ID/resend"), json!({})),
        ("POST", of("/staff/parked/ID/retry"), json!({})),
        ("POST", of("/staff/parked/ID/dismiss"), json!({})),
        ("POST", of("/staff/customers/ID/merge"), json!({"into": NOTHING})),
        ("POST", of("/staff/merges/ID/undo"), json!({})),
        ("GET", of("/staff/customers/ID"), Value::Null),
        ("PATCH", of("/staff/customers/ID"), json!({"name": "Ann"})),
        ("GET", of("/staff/side/ID"), Value::Null),
        ("POST", of("/staff/side/ID/messages"), json!({"text": "Hello"})),
        ("PUT", of("/staff/macros/ID"), json!({"name": "Hi", "text": "Hello"})),
        ("DELETE", of("/staff/macros/ID"), Value::Null),
        ("POST", of("/staff/macros/ID/render"), json!({"conversation_id": NOTHING})),
        ("POST", of("/staff/bulk/ID/undo"), json!({})),
        ("POST", "/staff/presence".to_owned(), json!({"conversation_id": NOTHING, "state": "viewing"})),
        ("GET", of("/conversations/ID"), Value::Null),
        ("GET", of("/staff/knowledge/proposals/ID"), Value::Null),
        ("PUT", of("/staff/knowledge/proposals/ID"), json!({"title": "A title"})),
        ("POST", of("/staff/knowledge/proposals/ID/run"), json!({})),
        ("GET", "/staff/knowledge/articles/nothing.md%23here".to_owned(), Value::Null),
        ("GET", "/staff/knowledge/articles/nothing.md%23here/revisions".to_owned(), Value::Null),
    ]
}

/// For admins: an agent gets 403, an admin 404 or a list.
fn actions_of_admins() -> Vec<(&'static str, String, Value, u16)> {
    let of = |path: &str| path.replace("ID", NOTHING);
    vec![
        ("GET", "/staff/audit".to_owned(), Value::Null, 200),
        ("GET", "/staff/webhooks".to_owned(), Value::Null, 200),
        ("POST", "/staff/webhooks".to_owned(), json!({}), 422),
        ("DELETE", of("/staff/webhooks/ID"), Value::Null, 404),
        ("POST", of("/staff/webhooks/ID/rotate"), json!({}), 404),
        ("POST", of("/staff/webhooks/ID/test"), json!({}), 404),
        ("GET", of("/staff/webhooks/ID/deliveries"), Value::Null, 404),
        ("POST", of("/staff/webhook-deliveries/ID/redeliver"), json!({}), 404),
        ("POST", of("/staff/knowledge/proposals/ID/approve"), json!({}), 404),
        ("POST", of("/staff/knowledge/proposals/ID/reject"), json!({"reason": "No."}), 404),
        ("GET", of("/staff/customers/ID/export"), Value::Null, 404),
        ("POST", of("/staff/customers/ID/erase"), json!({"confirm": NOTHING}), 404),
    ]
}

struct Scene {
    team: Team,
    ann: Agent,
    boss: Agent,
}

async fn scene() -> Scene {
    let url = fresh_database().await;
    let team = Team::serving(&url, Served::start(&url, &[("AGENT_POOL_SIZE", "0")]).await).await;
    let ann = team.agent(&url, "ann@example.com", "agent").await;
    let boss = team.agent(&url, "boss@example.com", "admin").await;
    Scene { team, ann, boss }
}

async fn ask(agent: &Agent, method: &str, path: &str, body: &Value) -> (u16, Value) {
    agent.ask(method, path, Some(body.clone()).filter(|body| !body.is_null())).await
}

#[tokio::test]
async fn every_list_has_pages_of_a_limit_and_each_of_its_items_once() {
    let scene = scene().await;
    for name in ["One", "Two", "Three"] {
        scene.team.submit(FORGOTTEN).await;
        let body = json!({"name": name, "text": "Hello", "shared": true});
        assert_eq!(scene.boss.post("/staff/macros", body).await.0, 201);
        let body = json!({"op": "create", "title": name, "body": "How it is done."});
        let (status, made) = scene.boss.post("/staff/knowledge/proposals", body).await;
        assert_eq!(status, 201, "{made}");
    }
    // The list of what accounts did grows while it is read, and the documents have many sections.
    for (list, limit) in
        LISTS.into_iter().filter(|list| *list != "/staff/audit").zip([1, 2, 1, 1, 2, 1, 40, 1, 1, 40])
    {
        let whole = pages(&scene.boss, list, 100).await;
        assert_eq!(pages(&scene.boss, list, limit).await, whole, "{list}");
        let may_be_empty = ["/staff/parked", "/staff/webhooks", "/staff/knowledge/gaps"].contains(&list);
        assert!(may_be_empty || whole.len() > limit, "{list} is too short to tell");
    }
    for list in LISTS {
        for (query, field) in [("limit=0", "limit"), ("limit=101", "limit"), ("x=1", "x")] {
            let (status, problem) = ask(&scene.boss, "GET", &with(list, query), &Value::Null).await;
            assert_eq!((status, &problem["errors"][0]["field"]), (422, &json!(field)), "{list} {query}");
        }
    }
}

#[tokio::test]
async fn an_unknown_id_is_not_found_and_what_admins_do_is_forbidden_to_agents() {
    let scene = scene().await;
    let mut wrong = Vec::new();
    let mut expect = |name: String, got: (u16, Value), expected: u16| {
        let is_problem = got.0 < 400 || got.1["status"] == json!(got.0);
        if got.0 != expected || !is_problem {
            wrong.push(format!("{name}: {} instead of {expected}: {}", got.0, got.1));
        }
    };
    for id in [NOTHING, "not-an-id"] {
        for (method, action, body) in conversation_actions() {
            let path = format!("/staff/conversations/{id}/{action}");
            let path = path.trim_end_matches('/');
            expect(format!("{method} {path}"), ask(&scene.ann, method, path, &body).await, 404);
        }
    }
    for (method, path, body) in actions_elsewhere() {
        expect(format!("{method} {path}"), ask(&scene.ann, method, &path, &body).await, 404);
    }
    for (method, path, body, expected) in actions_of_admins() {
        expect(format!("agent {method} {path}"), ask(&scene.ann, method, &path, &body).await, 403);
        expect(format!("admin {method} {path}"), ask(&scene.boss, method, &path, &body).await, expected);
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn a_closed_ticket_takes_notes_and_nothing_else() {
    let scene = scene().await;
    let (ticket, conversation) = scene.team.submit(FORGOTTEN).await;
    let other = scene.team.submit(FORGOTTEN).await.1;
    let close = format!(
        "update conversations set customer_id = (select customer_id from conversations where id = '{other}'),
             status = 'closed', answered_through = last_inbound where id = '{conversation}';
         update tickets set status = 'closed' where id = '{ticket}'"
    );
    scene.team.database.batch_execute(&close).await.unwrap();
    let seen = scene.team.newest(&conversation).await;
    let mut wrong = Vec::new();
    for (method, action, mut body) in conversation_actions() {
        for (field, value) in [("seen_through", &seen), ("into", &other), ("staff_id", &scene.ann.id)] {
            if body.get(field).is_some() {
                body[field] = json!(value);
            }
        }
        let expected = match (method, action) {
            (_, "note") => (201, json!(null)),
            // It is closed, but merged nowhere.
            (_, "unmerge") => (409, json!("not_merged")),
            // Its page can still be seen; a draft can be read and dropped, and no one has to watch it.
            (_, "revoke_link") => (204, json!(null)),
            ("GET" | "DELETE", "draft") | ("DELETE", "watch") | (_, "summary") => (200, json!(null)),
            _ => (409, json!("ticket_closed")),
        };
        let path = format!("/staff/conversations/{conversation}/{action}");
        let (status, answer) = ask(&scene.ann, method, path.trim_end_matches('/'), &body).await;
        if (status, answer["code"].clone()) != expected {
            wrong.push(format!("{method} {action}: {status} {answer}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    let stays = "select (select count(*) from deliveries) + (select count(*) from side_conversations)
                        + (select count(*) from suggestions) + (select count(*) from staff_drafts)";
    assert_eq!(count(&scene.team.database, stays).await, 0);
    each_action_needs_an_account(&scene, &conversation).await;
}

async fn each_action_needs_an_account(scene: &Scene, conversation: &str) {
    let anonymous = Agent { browser: Browser::new(&scene.team.served.base), id: String::new() };
    for (method, action, body) in conversation_actions() {
        let path = format!("/staff/conversations/{conversation}/{action}");
        assert_eq!(
            ask(&anonymous, method, path.trim_end_matches('/'), &body).await.0,
            401,
            "{method} {action}"
        );
    }
}
