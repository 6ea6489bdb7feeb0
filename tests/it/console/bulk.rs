//! Bulk actions: what is done and what is left alone, their undoing, and repetition with a key.

use serde_json::{Value, json};

use super::rig::{Agent, Team};
use crate::support::customers::{FORGOTTEN, replies};
use crate::support::postgres::fresh_database;
use crate::support::records::{begin, process, store};
use crate::support::served::Served;
use crate::support::wait::becomes;

struct Scene {
    url: String,
    team: Team,
    ann: Agent,
    bob: Agent,
}

async fn scene() -> Scene {
    let url = fresh_database().await;
    let team = Team::serving(&url, Served::start(&url, &[("AGENT_POOL_SIZE", "0")]).await).await;
    let ann = team.agent(&url, "ann@example.com", "agent").await;
    let bob = team.agent(&url, "bob@example.com", "agent").await;
    Scene { url, team, ann, bob }
}

impl Scene {
    /// The list that a bulk action is chosen from.
    async fn as_of(&self) -> Value {
        self.ann.get("/staff/conversations?queue=all").await["as_of"].clone()
    }

    async fn bulk(&self, action: &str, params: Value, ids: &[&String], as_of: &Value) -> (u16, Value) {
        let body = json!({"action": action, "params": params, "ids": ids, "as_of": as_of});
        self.ann.post("/staff/bulk", body).await
    }

    async fn undo(&self, result: &Value) -> (u16, Value) {
        let path = format!("/staff/bulk/{}/undo", result["bulk_id"].as_str().unwrap());
        self.ann.post(&path, json!({})).await
    }

    /// What a bulk action may change, of one conversation.
    async fn state(&self, conversation: &str) -> String {
        let find = "select concat_ws(' ', c.status, t.status, coalesce(c.assignee::text, 'none'), c.tags, c.severity,
                                     c.snoozed_until is not null, t.priority, t.resolved_at is not null,
                                     c.answered_through, (select count(*) from messages m
                                                          where m.conversation_id = c.id and m.direction = 'inbound'
                                                            and m.answered_by is null))
                    from conversations c join tickets t on t.conversation_id = c.id where c.id::text = $1";
        self.team.database.query_one(find, &[&conversation]).await.unwrap().get(0)
    }
}

#[tokio::test]
async fn each_bulk_action_changes_its_conversations_and_undoing_it_restores_them() {
    let scene = scene().await;
    let (_, first) = scene.team.submit(FORGOTTEN).await;
    let (_, second) = scene.team.submit(FORGOTTEN).await;
    scene.ann.act(&second, "claim", json!({})).await;
    let until = "2199-01-01T00:00:00Z";
    let actions = [
        ("assign", json!({"staff_id": scene.bob.id}), 2),
        ("release", json!({}), 1),
        ("snooze", json!({"until": until}), 2),
        ("patch", json!({"priority": "high", "severity": "urgent", "add_tags": ["outage"]}), 2),
        ("resolve", json!({}), 2),
        ("reply", json!({"text": "We work on it.", "then": "resolve"}), 2),
        ("reply", json!({"text": "We work on it."}), 2),
    ];
    for (action, params, expected) in actions {
        let before = [scene.state(&first).await, scene.state(&second).await];
        let params = match action {
            "assign" => json!({"staff_id": scene.bob.id, "force": true}),
            _ => params,
        };
        let (status, done) = scene.bulk(action, params, &[&first, &second], &scene.as_of().await).await;
        assert_eq!((status, &done["done"]), (200, &json!(expected)), "{action}: {done}");
        let after = [scene.state(&first).await, scene.state(&second).await];
        let changed = before.iter().zip(&after).filter(|(before, after)| before != after).count();
        assert_eq!(changed, expected, "{action}: {before:?} {after:?}");
        let (status, undone) = scene.undo(&done).await;
        assert_eq!((status, &undone["done"]), (200, &json!(expected)), "{action}: {undone}");
        assert_eq!(undone["failed"], json!([]), "{action}");
        assert_eq!([scene.state(&first).await, scene.state(&second).await], before, "{action}");
        // Once more it is the same.
        assert_eq!(scene.undo(&done).await, (200, undone), "{action}");
    }
    let sent = "select count(*) from deliveries where state <> 'withdrawn'";
    assert_eq!(scene.team.database.query_one(sent, &[]).await.unwrap().get::<_, i64>(0), 0);

    let claimed = scene.state(&second).await;
    let (_, done) = scene.bulk("hand_back", json!({}), &[&first, &second], &scene.as_of().await).await;
    assert_eq!(done["done"], 1, "{done}");
    assert_eq!(done["failed"], json!([{"conversation_id": first, "code": "not_in_human_hands"}]));
    let (status, problem) = scene.undo(&done).await;
    assert_eq!((status, &problem["code"]), (409, &json!("not_undoable")));
    assert_ne!(scene.state(&second).await, claimed);
}

#[tokio::test]
async fn what_has_changed_since_the_list_is_left_alone_by_the_action_and_by_its_undoing() {
    let scene = scene().await;
    let mut conversations = Vec::new();
    for _ in 0..4 {
        conversations.push(scene.team.submit(FORGOTTEN).await);
    }
    let [written, taken, free, noted] = [0, 1, 2, 3].map(|n| conversations[n].1.clone());
    let as_of = scene.as_of().await;
    let path = format!("/support/ticket/{}/messages", conversations[0].0);
    assert_eq!(scene.ann.post(&path, json!({"message": "And another thing."})).await.0, 201);
    scene.bob.act(&taken, "claim", json!({})).await;
    let unknown = "11111111-1111-4111-8111-111111111111".to_owned();
    let ids = [&written, &taken, &free, &noted, &unknown];
    let (status, done) = scene.bulk("resolve", json!({}), &ids, &as_of).await;
    assert_eq!((status, &done["done"]), (200, &json!(2)), "{done}");
    let failed = [(&written, "changed"), (&taken, "changed"), (&unknown, "not_found")];
    let failed = failed.map(|(id, code)| json!({"conversation_id": id, "code": code}));
    assert_eq!(done["failed"], json!(failed));

    // After the action, one of them changes again: its undoing leaves that alone.
    scene.bob.act(&noted, "reopen", json!({})).await;
    let kept = scene.state(&noted).await;
    let (status, undone) = scene.undo(&done).await;
    assert_eq!((status, &undone["done"]), (200, &json!(1)), "{undone}");
    assert_eq!(undone["failed"], json!([{"conversation_id": noted, "code": "changed"}]));
    assert_eq!(scene.state(&noted).await, kept);
    assert!(scene.state(&free).await.starts_with("active open none"), "{}", scene.state(&free).await);

    // What waited before waits again, and the bot is free to answer it, once.
    let id = fte::domain::ids::ConversationId(free.parse().unwrap());
    assert!(begin(&store(&scene.url), id, process()).await.is_some());

    // A colleague may not undo it, and nobody after a minute.
    let path = format!("/staff/bulk/{}/undo", done["bulk_id"].as_str().unwrap());
    assert_eq!(scene.bob.post(&path, json!({})).await.0, 403);
    let age = "update bulk_operations set ended_at = ended_at - interval '61 seconds'";
    scene.team.database.batch_execute(age).await.unwrap();
    let (status, problem) = scene.undo(&done).await;
    assert_eq!((status, &problem["code"]), (409, &json!("too_late")));
    assert_eq!(scene.ann.post(&format!("/staff/bulk/{unknown}/undo"), json!({})).await.0, 404);
}

#[tokio::test]
async fn a_filter_names_the_conversations_and_wrong_fields_are_named() {
    let scene = scene().await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(scene.team.submit(FORGOTTEN).await.1);
    }
    scene
        .ann
        .ask("PATCH", &format!("/staff/conversations/{}", ids[2]), Some(json!({"add_tags": ["x"]})))
        .await;
    let as_of = scene.as_of().await;
    let body = json!({"action": "assign", "params": {"staff_id": scene.ann.id}, "filter": {"tag": "x"}, "as_of": as_of});
    let (status, done) = scene.ann.post("/staff/bulk", body.clone()).await;
    assert_eq!((status, &done["done"]), (200, &json!(1)), "{done}");
    for (wrong, field) in [
        (json!({"filter": {"tag": 7}}), "filter"),
        (json!({"params": {"staff_id": "11111111-1111-4111-8111-111111111111"}}), "params"),
        (json!({"as_of": "now"}), "as_of"),
    ] {
        let mut body = body.clone();
        body.as_object_mut().unwrap().extend(wrong.as_object().unwrap().clone());
        let (status, problem) = scene.ann.post("/staff/bulk", body).await;
        assert_eq!((status, &problem["errors"][0]["field"]), (422, &json!(field)), "{problem}");
    }
}

#[tokio::test]
async fn a_repeated_key_goes_on_with_the_same_action() {
    let scene = scene().await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(scene.team.submit(FORGOTTEN).await.1);
    }
    // An interrupted action: its operation exists, and one of its steps.
    let body =
        json!({"action": "patch", "params": {"add_tags": ["y"]}, "ids": ids, "as_of": scene.as_of().await});
    let send = async |key: &str, body: &Value| {
        let http = fte::http_client::builder().no_proxy().build().unwrap();
        let url = format!("{}/staff/bulk", scene.team.served.base);
        let token = crate::support::served::TOKEN;
        let sent = http.post(url).bearer_auth(token).header("Idempotency-Key", key).json(body).send();
        let answer = sent.await.unwrap();
        (answer.status().as_u16(), answer.json::<Value>().await.unwrap())
    };
    let first = send("k", &body).await;
    assert_eq!((first.0, &first.1["done"]), (200, &json!(3)), "{}", first.1);
    let forget = format!(
        "delete from bulk_steps where conversation_id = '{}';
         update conversations set tags = '{{}}' where id = '{}';
         update bulk_operations set as_of = clock_timestamp(), ended_at = null",
        ids[0], ids[0]
    );
    scene.team.database.batch_execute(&forget).await.unwrap();
    assert_eq!(send("k", &body).await, first, "the same action");
    assert!(scene.state(&ids[0]).await.contains("{y}"));
    let tagged = "select count(*) from audit_log where action = 'conversation.changed'";
    let audited: i64 = scene.team.database.query_one(tagged, &[]).await.unwrap().get(0);
    assert_eq!(audited, 3 + 1, "what was done is not done again");
    let mut other = body.clone();
    other["params"]["add_tags"] = json!(["z"]);
    assert_eq!(send("k", &other).await.0, 422);
}

#[tokio::test]
async fn a_bulk_reply_is_seen_only_if_nobody_takes_it_back() {
    let scene = scene().await;
    let (ticket, conversation) = scene.team.submit(FORGOTTEN).await;
    let params = json!({"text": "We work on it.", "send_after_seconds": 0});
    let (_, done) = scene.bulk("reply", params, &[&conversation], &scene.as_of().await).await;
    assert_eq!(done["done"], 1, "{done}");
    becomes("the reply is shown", 1, async || replies(&scene.team.customer.ticket(&ticket).await).len())
        .await;
    let (status, undone) = scene.undo(&done).await;
    assert_eq!((status, &undone["done"]), (200, &json!(0)), "{undone}");
    assert_eq!(undone["failed"][0]["code"], "already_sent");
}

#[tokio::test]
async fn a_take_over_and_a_bulk_action_at_the_same_time_leave_one_owner() {
    let scene = scene().await;
    for _ in 0..6 {
        let (_, conversation) = scene.team.submit(FORGOTTEN).await;
        let as_of = scene.as_of().await;
        let ids = [&conversation];
        let bulk = scene.bulk("assign", json!({"staff_id": scene.ann.id}), &ids, &as_of);
        let (bulk, claim) = tokio::join!(bulk, scene.bob.act(&conversation, "claim", json!({})));
        let owner = if bulk.1["done"] == json!(1) { &scene.ann.id } else { &scene.bob.id };
        let code = bulk.1["failed"][0]["code"].as_str();
        match claim.0 {
            200 => assert_eq!((owner, code), (&scene.bob.id, Some("changed")), "{bulk:?} {claim:?}"),
            _ => assert_eq!((claim.1["code"].as_str(), code), (Some("claimed"), None), "{bulk:?} {claim:?}"),
        }
        assert!(scene.state(&conversation).await.contains(owner.as_str()));
    }
}
