//! Replies of staff: the guard against unseen messages, the delay and taking back, what customers see meanwhile, and
//! keys of repeated requests.

use std::time::Duration;

use fte::clock;
use serde_json::{Value, json};

use super::rig::{Agent, Team};
use crate::mcp::client::{McpClient, token};
use crate::support::customers::{Customer, FORGOTTEN, replies};
use crate::support::postgres::{client, fresh_database};
use crate::support::served::{Served, TOKEN};
use crate::support::verdict::count;
use crate::support::wait::{LIMIT, becomes};

struct Scene {
    url: String,
    team: Team,
    ann: Agent,
}

async fn scene() -> Scene {
    let url = fresh_database().await;
    let team = Team::serving(&url, Served::start(&url, &[("AGENT_POOL_SIZE", "0")]).await).await;
    let ann = team.agent(&url, "ann@example.com", "agent").await;
    Scene { url, team, ann }
}

fn shown(ticket: &Value) -> (String, usize) {
    (ticket["status"].as_str().unwrap().to_owned(), replies(ticket).len())
}

/// The MCP server with a token of the conversation's customer.
async fn customers_program(url: &str, team: &Team, conversation: &str) -> McpClient {
    let owner = "select customer_id::text from conversations where id::text = $1";
    let row = client(url).await.query_one(owner, &[&conversation]).await.unwrap();
    McpClient::new(&team.served.base, &token(url, &["--customer", row.get(0)]).await)
}

/// The status of the conversation, and the first line of its transcript, which ends with that of the ticket.
async fn told(program: &McpClient, conversation: &str) -> (Value, String) {
    let history = program.tool("get_customer_history", json!({"conversation_id": conversation})).await;
    let uri = format!("fte://conversations/{conversation}");
    let read = program.call("resources/read", json!({"uri": uri})).await;
    let transcript = read["result"]["contents"][0]["text"].as_str().unwrap_or_else(|| panic!("{read}"));
    (history["conversations"][0]["status"].clone(), transcript.lines().next().unwrap().to_owned())
}

#[tokio::test]
async fn until_a_reply_leaves_the_customers_program_is_told_the_status_before_it() {
    let Scene { url, team, ann } = scene().await;
    let (_, conversation) = team.submit(FORGOTTEN).await;
    let own = customers_program(&url, &team, &conversation).await;
    let staff = McpClient::new(&team.served.base, TOKEN);
    ann.act(&conversation, "claim", json!({})).await;
    let body = json!({"text": "Here you are.", "seen_through": team.newest(&conversation).await,
                      "send_after_seconds": 120, "then": "resolve"});
    assert_eq!(ann.act(&conversation, "reply", body).await.0, 201);
    for (program, status, ticket) in [(&own, "escalated", ", in_progress"), (&staff, "active", ", resolved")]
    {
        let (shown, head) = told(program, &conversation).await;
        assert_eq!(shown, status);
        assert!(head.ends_with(ticket), "{head}");
    }
}

#[tokio::test]
async fn until_a_reply_leaves_the_customer_sees_neither_it_nor_the_new_status() {
    let Scene { team, ann, .. } = scene().await;
    let (ticket, conversation) = team.submit(FORGOTTEN).await;
    ann.act(&conversation, "claim", json!({})).await;
    let seen = team.newest(&conversation).await;
    let body =
        json!({"text": "Here you are.", "seen_through": seen, "send_after_seconds": 3, "then": "resolve"});
    let began = clock::monotonic();
    let (status, reply) = ann.act(&conversation, "reply", body).await;
    assert_eq!((status, &reply["state"]["ticket_status"]), (201, &json!("resolved")), "{reply}");
    let view = team.customer.ticket(&ticket).await;
    assert!(clock::monotonic().duration_since(began) < Duration::from_secs(3), "too slow to look in time");
    assert_eq!(shown(&view), ("in_progress".to_owned(), 0));
    assert_eq!(view["resolved_at"], json!(null));
    let staff = ann.get(&format!("/conversations/{conversation}")).await;
    assert_eq!(staff["ticket"]["status"], "resolved");
    let sent = team.customer.replied(&ticket, 1, LIMIT).await;
    assert!(clock::monotonic().duration_since(began) >= Duration::from_secs(3), "it left too early");
    assert_eq!(shown(&sent), ("resolved".to_owned(), 1));
    assert_eq!(sent["messages"][1]["id"], reply["message_id"]);
    assert_eq!(sent["messages"][1]["role"], "staff");
    let (status, problem) = ann
        .post(&format!("/staff/messages/{}/cancel", reply["message_id"].as_str().unwrap()), json!({}))
        .await;
    assert_eq!((status, &problem["code"]), (409, &json!("already_sent")));
}

#[tokio::test]
async fn a_reply_that_is_taken_back_is_never_seen_and_what_it_answered_waits_again() {
    let Scene { url, team, ann } = scene().await;
    let bob = team.agent(&url, "bob@example.com", "agent").await;
    let (ticket, conversation) = team.submit(FORGOTTEN).await;
    let (status, reply) = ann.reply(&team, &conversation, "Too hasty.").await;
    assert_eq!((status, &reply["receipt"]["result"]), (201, &json!("none")));
    let cancel = format!("/staff/messages/{}/cancel", reply["message_id"].as_str().unwrap());
    assert_eq!(bob.post(&cancel, json!({})).await.0, 403);
    let (status, taken) = ann.post(&cancel, json!({})).await;
    assert_eq!((status, &taken["text"]), (200, &json!("Too hasty.")));
    let expected = json!({"conversation_id": conversation, "status": "escalated", "ticket_status": "in_progress",
                          "assignee": {"id": ann.id, "name": "Ann Lee"}});
    assert_eq!(taken["state"], expected);
    assert_eq!(ann.post(&cancel, json!({})).await.1["code"], "changed");
    let unanswered = "select count(*) from messages m join conversations c on c.id = m.conversation_id
                      where m.answered_by is null and m.direction = 'inbound' and c.answered_through = 0";
    assert_eq!(team.database.query_one(unanswered, &[]).await.unwrap().get::<_, i64>(0), 1);
    assert_eq!(shown(&team.customer.ticket(&ticket).await), ("in_progress".to_owned(), 0));
    let detail = ann.get(&format!("/conversations/{conversation}")).await;
    assert_eq!(detail["messages"][1]["deliveries"][0]["state"], "withdrawn");

    // A reply can't be taken back once hands have changed.
    let (_, second) = ann.reply(&team, &conversation, "Better.").await;
    ann.act(&conversation, "hand_back", json!({})).await;
    let cancel = format!("/staff/messages/{}/cancel", second["message_id"].as_str().unwrap());
    assert_eq!(ann.post(&cancel, json!({})).await.1["code"], "changed");
    assert_eq!(ann.post(&format!("/staff/messages/{conversation}/cancel"), json!({})).await.0, 404);
}

#[tokio::test]
async fn newer_messages_stop_a_reply_and_are_shown() {
    let Scene { url, team, ann } = scene().await;
    let bob = team.agent(&url, "bob@example.com", "agent").await;
    let (ticket, conversation) = team.submit(FORGOTTEN).await;
    let seen = team.newest(&conversation).await;
    team.customer.follow_up(&ticket, "second", "I mean the other account.").await;
    let body = json!({"text": "Hello", "seen_through": seen});
    let (status, problem) = ann.act(&conversation, "reply", body.clone()).await;
    assert_eq!((status, &problem["code"]), (409, &json!("unseen_messages")));
    assert_eq!(problem["unseen"].as_array().unwrap().len(), 1);
    assert_eq!(problem["unseen"][0]["content"], "I mean the other account.");
    let (status, problem) = ann.act(&conversation, "resolve", json!({"seen_through": seen})).await;
    assert_eq!((status, &problem["code"]), (409, &json!("unseen_messages")));

    // Two send at once: one is sent, one is stopped.
    let newest = team.newest(&conversation).await;
    let body = json!({"text": "Hello", "seen_through": newest, "force": true});
    let (one, other) = futures_util::future::join(
        ann.act(&conversation, "reply", body.clone()),
        bob.act(&conversation, "reply", body),
    )
    .await;
    let mut outcomes = [one.0, other.0];
    outcomes.sort_unstable();
    assert_eq!(outcomes, [201, 409]);
    let stopped = if one.0 == 409 { one.1 } else { other.1 };
    assert_eq!(stopped["unseen"][0]["role"], "staff", "{stopped}");

    let other_conversation = team.submit(FORGOTTEN).await.1;
    let foreign = team.newest(&other_conversation).await;
    let body = json!({"text": "Hello", "seen_through": foreign, "force": true});
    let (status, problem) = ann.act(&conversation, "reply", body).await;
    assert_eq!((status, &problem["errors"][0]["field"]), (422, &json!("seen_through")));
}

#[tokio::test]
async fn a_channel_that_is_missing_or_has_no_address_is_refused() {
    let Scene { team, ann, .. } = scene().await;
    let (_, conversation) = team.submit(FORGOTTEN).await;
    let seen = team.newest(&conversation).await;
    for (extra, field) in [
        (json!({"channel": "email"}), "channel"),
        (json!({"channel": "whatsapp"}), "channel"),
        (json!({"cc": ["bob@example.com"]}), "cc"),
        (json!({"send_after_seconds": 121}), "send_after_seconds"),
        (json!({"then": "close"}), "then"),
        (json!({"text": ""}), "text"),
        (json!({"seen": 1}), "seen"),
    ] {
        let mut body = json!({"text": "Hello", "seen_through": seen});
        body.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        let (status, problem) = ann.act(&conversation, "reply", body).await;
        assert_eq!((status, &problem["errors"][0]["field"]), (422, &json!(field)), "{extra}: {problem}");
    }
    let messages = "select count(*) from messages where role = 'staff'";
    assert_eq!(team.database.query_one(messages, &[]).await.unwrap().get::<_, i64>(0), 0);
}

#[tokio::test]
async fn a_repeated_request_gets_its_answer_again_and_nothing_happens() {
    let Scene { team, ann, .. } = scene().await;
    let (_, conversation) = team.submit(FORGOTTEN).await;
    let seen = team.newest(&conversation).await;
    let reply = json!({"text": "Hello", "seen_through": seen});
    let path = format!("/staff/conversations/{conversation}/reply");
    let send = async |key: &str, path: &str, body: &Value| {
        let http = fte::http_client::builder().no_proxy().build().unwrap();
        let request = http.post(format!("{}{path}", team.served.base)).header("Idempotency-Key", key);
        let request = request
            .header("Cookie", format!("fte_session={}", ann.browser.cookie.as_ref().unwrap()))
            .header("X-CSRF-Token", ann.browser.csrf.as_ref().unwrap());
        let response = request.json(body).send().await.unwrap();
        (response.status().as_u16(), response.json::<Value>().await.unwrap())
    };
    let both = futures_util::future::join(send("k", &path, &reply), send("k", &path, &reply)).await;
    assert_eq!(both.0.0, 201, "{:?}", both.0);
    assert_eq!(both.0, both.1, "at the same time");
    assert_eq!(send("k", &path, &reply).await, both.0);
    let spaced = json!({"seen_through": seen, "text": "Hello"});
    assert_eq!(send("k", &path, &spaced).await, both.0, "the order of members does not matter");
    assert_eq!(count(&team.database, "select count(*) from messages where role = 'staff'").await, 1);
    let (status, problem) = send("k", &path, &json!({"text": "Bye", "seen_through": seen})).await;
    assert_eq!((status, &problem["errors"][0]["field"]), (422, &json!("Idempotency-Key")));

    // The key counts within its path, and a refusal is not kept.
    let note = format!("/staff/conversations/{conversation}/note");
    assert_eq!(send("k", &note, &json!({"text": "For us."})).await.0, 201);
    let claim = format!("/staff/conversations/{conversation}/reopen");
    assert_eq!(send("r", &claim, &json!({})).await.1["code"], "not_resolved");
    team.database.batch_execute("update tickets set status = 'resolved'").await.unwrap();
    assert_eq!(send("r", &claim, &json!({})).await.0, 200);

    // What is made is made once, by whatever path.
    let suggestion = format!("/staff/conversations/{conversation}/suggestion");
    let greeting = json!({"name": "Hello", "text": "Hello {{customer.name}}"});
    for (path, body) in [("/staff/macros", greeting), (&suggestion, json!({"instruction": "Be kind."}))] {
        let first = send("made", path, &body).await;
        assert_eq!(first.0, 201, "{path}: {}", first.1);
        assert_eq!(send("made", path, &body).await, first, "{path}");
        let other = json!({"name": "Bye", "text": "Bye", "instruction": "Be short."});
        assert_eq!(send("made", path, &other).await.0, 422, "{path}");
    }
    let made = "select (select count(*) from macros) + (select count(*) from suggestions)";
    assert_eq!(count(&team.database, made).await, 2);
}

#[tokio::test]
async fn notes_are_for_staff_and_name_active_accounts() {
    let Scene { team, ann, .. } = scene().await;
    let (ticket, conversation) = team.submit(FORGOTTEN).await;
    let (status, note) =
        ann.act(&conversation, "note", json!({"text": "Check the log.", "mentions": [ann.id]})).await;
    assert_eq!(status, 201);
    let mentioned = "select staff_id::text from staff_mentions";
    assert_eq!(team.database.query_one(mentioned, &[]).await.unwrap().get::<_, String>(0), ann.id);
    let detail = ann.get(&format!("/conversations/{conversation}")).await;
    let last = detail["messages"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(
        (&last["id"], &last["kind"], &last["author"]["id"]),
        (&note["message_id"], &json!("note"), &json!(ann.id))
    );
    assert_eq!(last["mentions"], json!([last["author"]]));
    assert_eq!(replies(&team.customer.ticket(&ticket).await).len(), 0);
    let (status, problem) =
        ann.act(&conversation, "note", json!({"text": "x", "mentions": [conversation]})).await;
    assert_eq!((status, &problem["errors"][0]["field"]), (422, &json!("mentions")));
}

#[tokio::test]
async fn a_customer_who_writes_ends_the_snooze_and_a_patch_keeps_to_its_limits() {
    let Scene { team, ann, .. } = scene().await;
    let (ticket, conversation) = team.submit(FORGOTTEN).await;
    let until = "2099-01-01T00:00:00Z";
    let queue = async |name: &str| {
        let page = ann.get(&format!("/staff/conversations?queue={name}")).await;
        page["items"].as_array().unwrap().len()
    };
    ann.act(&conversation, "claim", json!({})).await;
    assert_eq!((queue("needs_me").await, queue("snoozed").await), (1, 0));
    assert_eq!(ann.act(&conversation, "snooze", json!({"until": until})).await.0, 200);
    assert_eq!((queue("needs_me").await, queue("snoozed").await), (0, 1));
    assert_eq!(ann.ask("DELETE", &format!("/staff/conversations/{conversation}/snooze"), None).await.0, 200);
    assert_eq!(queue("needs_me").await, 1);
    ann.act(&conversation, "snooze", json!({"until": until})).await;
    Customer::of(&team.served.base).follow_up(&ticket, "more", "Hello again.").await;
    becomes("the snooze ends", 1, async || queue("needs_me").await).await;
    let (status, problem) = ann.act(&conversation, "snooze", json!({"until": "2020-01-01T00:00:00Z"})).await;
    assert_eq!((status, &problem["errors"][0]["field"]), (422, &json!("until")));

    let path = format!("/staff/conversations/{conversation}");
    let patch =
        json!({"priority": "high", "severity": "urgent", "add_tags": ["vip", "eu"], "remove_tags": ["eu"]});
    assert_eq!(ann.ask("PATCH", &path, Some(patch)).await.0, 200);
    let detail = ann.get(&format!("/conversations/{conversation}")).await;
    assert_eq!((&detail["tags"], &detail["severity"]), (&json!(["vip"]), &json!("urgent")));
    assert_eq!(detail["ticket"]["priority"], "high");
    let tags: Vec<String> = (0..20).map(|n| format!("tag-{n}")).collect();
    let (status, problem) = ann.ask("PATCH", &path, Some(json!({"add_tags": tags}))).await;
    assert_eq!((status, &problem["errors"][0]["field"]), (422, &json!("add_tags")));
}

#[tokio::test]
async fn a_customer_who_asks_for_a_person_before_a_reply_leaves_is_not_escalated_again() {
    let Scene { team, ann, .. } = scene().await;
    let (ticket, conversation) = team.submit(FORGOTTEN).await;
    let ask = async || ann.post(&format!("/support/ticket/{ticket}/human"), json!({})).await;
    let first = ask().await;
    assert_eq!((first.0, &first.1["status"]), (200, &json!("escalated")), "{}", first.1);
    let body = json!({"text": "I look into it.", "seen_through": team.newest(&conversation).await,
                      "send_after_seconds": 120});
    assert_eq!(ann.act(&conversation, "reply", body).await.0, 201);
    assert_eq!(ask().await, first, "the reply has not left");
    assert_eq!(count(&team.database, "select count(*) from escalations").await, 1);
    let told = "select count(*) from messages m join deliveries d on d.message_id = m.id
                where m.kind = 'acknowledgement' and d.delivered_at >= d.requested_at";
    assert_eq!(count(&team.database, told).await, 1);
    assert_eq!(
        count(&team.database, "select count(*) from tickets where status = 'waiting_customer'").await,
        1
    );
}
