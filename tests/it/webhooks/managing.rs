//! Tests of how endpoints are added, changed and refused.

use serde_json::{Value, json};

use super::receiver::HookReceiver;
use super::{Program, serve, text};
use crate::console::rig::{Agent, Team};
use crate::support::postgres::fresh_database;
use crate::support::verdict::count;
use crate::support::wait::{becomes, reaches};

/// Addresses that must not be posted to; a unit test of the sender has the long list.
const HOSTILE: [&str; 9] = [
    "http://127.0.0.1:1/x",
    "https://127.0.0.1/x",
    "https://localhost/x",
    "https://localhost:5432/x",
    "https://[::1]/x",
    "https://0x7f000001/x",
    "https://169.254.169.254/latest/meta-data",
    "https://10.0.0.1/x",
    "file:///etc/passwd",
];

#[tokio::test]
async fn webhooks_are_for_admins_and_for_public_addresses() {
    let (url, receiver) = (fresh_database().await, HookReceiver::start());
    let served = serve(&url, &receiver.origin, &[]).await;
    let (program, team) = (Program::of(&served), Team::serving(&url, served).await);
    let agent = team.agent(&url, "ann@example.com", "agent").await;
    let (webhook, _) = program.add(&receiver.url(), &["ticket.created"]).await;
    let of = |rest: &str| format!("/staff/webhooks/{webhook}{rest}");
    agents_are_refused(&agent, &receiver, &webhook).await;
    for hostile in HOSTILE {
        let body = json!({"url": hostile, "types": ["ticket.created"]});
        let (status, problem) = program.ask("POST", "/staff/webhooks", Some(body)).await;
        assert_eq!((status, &problem["errors"][0]["field"]), (422, &json!("url")), "{hostile}: {problem}");
    }
    // The name of an endpoint may lead elsewhere later.
    let moved = "update webhooks set url = 'https://localhost:1/x'";
    team.database.batch_execute(moved).await.unwrap();
    assert_eq!(program.ask("POST", &of("/test"), Some(json!({}))).await.0, 200);
    let refused = async || program.newest(&webhook).await["error"].clone();
    becomes("the refusal", json!("its address is not on the public internet"), refused).await;

    assert_eq!(program.ask("DELETE", &of(""), None).await.0, 204);
    for (method, path) in [("DELETE", of("")), ("POST", of("/rotate")), ("POST", of("/test"))] {
        let body = (method == "POST").then(|| json!({}));
        assert_eq!(program.ask(method, &path, body).await.0, 404, "{method} {path}");
    }
    assert_eq!(program.ask("GET", &of("/deliveries"), None).await.0, 404);
    assert_eq!(program.get("/staff/webhooks").await, json!({"items": [], "next_cursor": null}));
    assert_eq!(count(&team.database, "select count(*) from webhook_deliveries").await, 0);
}

async fn agents_are_refused(agent: &Agent, receiver: &HookReceiver, webhook: &str) {
    let of = |rest: &str| format!("/staff/webhooks/{webhook}{rest}");
    let body = json!({"url": receiver.url(), "types": ["ticket.created"]});
    for (method, path, body) in [
        ("GET", "/staff/webhooks".to_owned(), None),
        ("POST", "/staff/webhooks".to_owned(), Some(body)),
        ("DELETE", of(""), None),
        ("POST", of("/rotate"), Some(json!({}))),
        ("POST", of("/test"), Some(json!({}))),
        ("GET", of("/deliveries"), None),
        ("GET", "/staff/audit".to_owned(), None),
    ] {
        let (status, problem) = agent.ask(method, &path, body).await;
        assert_eq!((status, problem["code"].as_str()), (403, Some("admin_required")), "{method} {path}");
    }
}

#[tokio::test]
async fn a_secret_is_shown_once_and_the_one_before_a_rotation_signs_for_a_day() {
    let (url, receiver) = (fresh_database().await, HookReceiver::start());
    let served = serve(&url, &receiver.origin, &[]).await;
    let (program, team) = (Program::of(&served), Team::serving(&url, served).await);
    let body = json!({"url": receiver.url(), "types": ["ticket.created"]});
    let add = async || program.ask_with_key("POST", "/staff/webhooks", Some(body.clone()), Some("k1")).await;
    let (status, added) = add().await;
    assert_eq!((status, text(&added, "secret").len()), (201, "whsec_".len() + 44), "{added}");
    assert_eq!(add().await, (201, added.clone()), "repeated, it adds nothing");
    let (webhook, old) = (text(&added, "id"), text(&added, "secret"));
    let listed = program.get("/staff/webhooks").await;
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    assert_eq!(listed["items"][0]["secret"], Value::Null, "{listed}");

    let rotate = format!("/staff/webhooks/{webhook}/rotate");
    let (status, rotated) = program.ask_with_key("POST", &rotate, Some(json!({})), Some("k2")).await;
    let new = text(&rotated, "secret");
    assert_eq!((status, new == old), (200, false));
    let repeated = program.ask_with_key("POST", &rotate, Some(json!({})), Some("k2")).await;
    assert_eq!(text(&repeated.1, "secret"), new, "repeated, it rotates nothing");
    let kept = format!("select count(*) from staff_requests where answer::text like '%{}%'", &new[6..]);
    assert_eq!(count(&team.database, &kept).await, 0, "an answer that can be repeated holds a secret");

    both_secrets_sign_for_a_day(&program, &team, &webhook, &receiver, [&old, &new]).await;
    a_receiver_that_is_gone_gets_nothing_more(&program, &team, &webhook, &receiver).await;
}

async fn both_secrets_sign_for_a_day(
    program: &Program,
    team: &Team,
    webhook: &str,
    receiver: &HookReceiver,
    [old, new]: [&str; 2],
) {
    test(program, webhook, receiver, 1).await;
    let [first] = &receiver.arrivals()[..] else { panic!("not one post") };
    assert_eq!((first.event().as_str(), first.signatures()), ("webhook.test", 2));
    assert_eq!((first.signed_by(old), first.signed_by(new)), (1, 1));

    // The clock of the test: a day is over.
    let over = "update webhooks set old_secret_until = now() - interval '1 second'";
    team.database.batch_execute(over).await.unwrap();
    test(program, webhook, receiver, 2).await;
    let second = &receiver.arrivals()[1];
    assert_eq!((second.signatures(), second.signed_by(old), second.signed_by(new)), (1, 0, 1));
    assert!(first.is_genuine_to_the_page(old).await && second.is_genuine_to_the_page(new).await);
    assert!(!second.is_genuine_to_the_page(old).await);
}

async fn test(program: &Program, webhook: &str, receiver: &HookReceiver, posts: usize) {
    let path = format!("/staff/webhooks/{webhook}/test");
    assert_eq!(program.ask("POST", &path, Some(json!({}))).await.0, 200);
    reaches("posts", posts, async || receiver.arrivals().len()).await;
}

async fn a_receiver_that_is_gone_gets_nothing_more(
    program: &Program,
    team: &Team,
    webhook: &str,
    receiver: &HookReceiver,
) {
    receiver.answers(&[410]);
    test(program, webhook, receiver, 3).await;
    let disabled = async || program.get("/staff/webhooks").await["items"][0]["disabled_at"].is_string();
    becomes("the endpoint is disabled", true, disabled).await;
    let newest = program.newest(webhook).await;
    assert_eq!((&newest["state"], &newest["status"]), (&json!("failed"), &json!(410)), "{newest}");
    let before = count(&team.database, "select count(*) from webhook_deliveries").await;
    team.submit("I forgot my password").await;
    assert_eq!(count(&team.database, "select count(*) from webhook_deliveries").await, before);
    let path = format!("/staff/webhooks/{webhook}/test");
    let (status, problem) = program.ask("POST", &path, Some(json!({}))).await;
    assert_eq!((status, &problem["code"]), (409, &json!("webhook_disabled")));
    assert_eq!(receiver.arrivals().len(), 3);
}
