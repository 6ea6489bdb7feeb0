//! Watchers of conversations: who becomes one, what they are told of and what not, their queue, and where they go by a merge.

use serde_json::{Value, json};

use super::rig::{Agent, Team};
use crate::support::customers::FORGOTTEN;
use crate::support::postgres::fresh_database;
use crate::support::served::{Served, TOKEN};
use crate::support::sse::Events;
use crate::support::wait::becomes;

/// The account of the token.
const SERVICE: &str = "00000000-0000-0000-0000-000000000001";

struct Scene {
    team: Team,
    ann: Agent,
    bob: Agent,
}

async fn scene() -> Scene {
    let url = fresh_database().await;
    let team = Team::serving(&url, Served::start(&url, &[("AGENT_POOL_SIZE", "0")]).await).await;
    let ann = team.agent(&url, "ann@example.com", "agent").await;
    let bob = team.agent(&url, "bob@example.com", "agent").await;
    Scene { team, ann, bob }
}

impl Scene {
    /// Who watches a conversation, by their ids.
    async fn watchers(&self, conversation: &str) -> Vec<String> {
        let detail = self.ann.get(&format!("/conversations/{conversation}")).await;
        let watchers = detail["watchers"].as_array().unwrap().iter();
        let mut ids: Vec<String> =
            watchers.map(|watcher| watcher["id"].as_str().unwrap().to_owned()).collect();
        ids.sort_unstable();
        ids
    }

    /// What an account was told of as a watcher: the cause and what it is about, in their order.
    async fn told(&self, agent: &Agent) -> Vec<(String, String)> {
        let find = "select cause, subject_id::text from staff_events
                    where kind = 'watched' and staff_id::text = $1 order by created_at, cause desc";
        let rows = self.team.database.query(find, &[&agent.id]).await.unwrap();
        rows.iter().map(|row| (row.get(0), row.get(1))).collect()
    }

    async fn watched(&self, agent: &Agent) -> Vec<String> {
        let page = agent.get("/staff/conversations?queue=watching").await;
        let items: Vec<String> = page["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item["conversation_id"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(page["counts"]["watching"], json!(items.len()), "{page}");
        items
    }

    async fn write(&self, ticket: &str, text: &str) {
        let path = format!("/support/ticket/{ticket}/messages");
        assert_eq!(self.ann.post(&path, json!({"message": text})).await.0, 201);
    }

    /// Replies at once, and resolves the ticket if `then` says so.
    async fn reply(&self, agent: &Agent, conversation: &str, then: Option<&str>) -> String {
        let seen = self.team.newest(conversation).await;
        let mut body = json!({"text": "Hello", "seen_through": seen, "send_after_seconds": 0, "force": true});
        if let Some(then) = then {
            body["then"] = json!(then);
        }
        let (status, reply) = agent.act(conversation, "reply", body).await;
        assert_eq!(status, 201, "{reply}");
        reply["message_id"].as_str().unwrap().to_owned()
    }
}

/// The next event for a watcher, without its conversation.
async fn next(events: &mut Events, conversation: &str) -> (Value, Value) {
    let event: Value = serde_json::from_str(&events.named("watched").await.data).unwrap();
    assert_eq!(event["conversation_id"], json!(conversation), "{event}");
    (event["cause"].clone(), event["watched_id"].clone())
}

#[tokio::test]
async fn one_who_is_mentioned_is_told_of_all_that_happens_from_then_on() {
    let scene = scene().await;
    let (ticket, conversation) = scene.team.submit(FORGOTTEN).await;
    let stream = format!("{}/staff/events", scene.team.served.base);
    let mut events = Events::open_as(&stream, None, TOKEN).await;
    events.named("hello").await;
    scene.ann.act(&conversation, "note", json!({"text": "For it.", "mentions": [SERVICE]})).await;
    assert_eq!(scene.watchers(&conversation).await, [SERVICE]);

    scene.write(&ticket, "Any news?").await;
    let newest = scene.team.newest(&conversation).await;
    assert_eq!(next(&mut events, &conversation).await, (json!("message"), json!(newest)));
    let reply = scene.reply(&scene.ann, &conversation, None).await;
    assert_eq!(next(&mut events, &conversation).await, (json!("reply"), json!(reply)));
    // A note is no reply, and the bot is not told of.
    scene.ann.act(&conversation, "note", json!({"text": "For us."})).await;
    let body = json!({"seen_through": scene.team.newest(&conversation).await});
    assert_eq!(scene.ann.act(&conversation, "resolve", body).await.0, 200);
    assert_eq!(next(&mut events, &conversation).await, (json!("resolved"), json!(conversation)));
    assert_eq!(scene.ann.act(&conversation, "reopen", json!({})).await.0, 200);

    let escalate = format!(
        "insert into escalations (id, conversation_id, reason, severity, summary)
         values ('{conversation}', '{conversation}', 'refund', 'high', 'x')"
    );
    scene.team.database.batch_execute(&escalate).await.unwrap();
    assert_eq!(next(&mut events, &conversation).await, (json!("escalation"), json!(conversation)));
    for (due, cause) in [("now() + interval '10 minutes'", "due_soon"), ("now()", "overdue")] {
        let alarm = format!(
            "update conversation_clocks
             set first_response_due = case when first_response_due is not null then {due} end,
                 next_response_due = case when next_response_due is not null then {due} end, alarm_at = now()
             where conversation_id = '{conversation}'"
        );
        assert_eq!(scene.team.database.execute(&alarm, &[]).await.unwrap(), 1);
        assert_eq!(next(&mut events, &conversation).await, (json!(cause), json!(conversation)));
    }
}

#[tokio::test]
async fn no_one_is_told_of_what_they_did_themselves_or_after_they_have_ended_it() {
    let scene = scene().await;
    let (ticket, conversation) = scene.team.submit(FORGOTTEN).await;
    for agent in [&scene.ann, &scene.bob] {
        assert_eq!(agent.act(&conversation, "watch", json!({})).await.0, 200);
    }
    let of_ann = scene.reply(&scene.ann, &conversation, None).await;
    let of_bob = scene.reply(&scene.bob, &conversation, Some("resolve")).await;
    let told = |events: &[(&str, &str)]| -> Vec<(String, String)> {
        events.iter().map(|(cause, subject)| ((*cause).to_owned(), (*subject).to_owned())).collect()
    };
    // Of one transaction, in any order.
    let mut ann = scene.told(&scene.ann).await;
    ann.sort();
    assert_eq!(ann, told(&[("reply", &of_bob), ("resolved", &conversation)]));
    assert_eq!(scene.told(&scene.bob).await, told(&[("reply", &of_ann)]));

    let (status, _) =
        scene.ann.ask("DELETE", &format!("/staff/conversations/{conversation}/watch"), None).await;
    assert_eq!(status, 200);
    scene.write(&ticket, "Thank you, and another thing.").await;
    assert_eq!(scene.told(&scene.ann).await.len(), 2);
    assert_eq!(scene.told(&scene.bob).await.len(), 2);
    let idle = "select end_idle_tickets(interval '0', interval '1 day', 10)";
    let wait = format!(
        "update conversations set answered_through = last_inbound where id = '{conversation}';
         update tickets set status = 'waiting_customer' where id = '{ticket}';
         update deliveries set state = 'sent' where conversation_id = '{conversation}'"
    );
    scene.team.database.batch_execute(&format!("{wait}; {idle}")).await.unwrap();
    assert_eq!(scene.told(&scene.bob).await.last().unwrap().0, "resolved", "by time");
}

#[tokio::test]
async fn the_queue_of_what_is_watched_follows_choice_and_account() {
    let scene = scene().await;
    let (_, one) = scene.team.submit(FORGOTTEN).await;
    let (_, other) = scene.team.submit(FORGOTTEN).await;
    let path = format!("/staff/conversations/{one}/watch");
    let states = [scene.ann.post(&path, json!({})).await, scene.ann.post(&path, json!({})).await];
    assert_eq!((states[0].0, &states[0].1["ticket_status"]), (200, &json!("open")));
    assert_eq!(states[0], states[1], "again: the same");
    scene.bob.act(&other, "watch", json!({})).await;
    assert_eq!(scene.watched(&scene.ann).await, std::slice::from_ref(&one));
    assert_eq!(scene.watched(&scene.bob).await, std::slice::from_ref(&other));
    assert_eq!(scene.ann.ask("DELETE", &path, None).await.0, 200);
    assert_eq!(scene.ann.ask("DELETE", &path, None).await.0, 200);
    assert_eq!(scene.watched(&scene.ann).await, [] as [String; 0]);
    let audited = "select string_agg(action, ' ' order by at, id) from audit_log where action like '%watched'
                   and conversation_id::text = $1";
    let row = scene.team.database.query_one(audited, &[&one]).await.unwrap();
    assert_eq!(row.get::<_, String>(0), "conversation.watched conversation.unwatched", "each change once");

    let disable = format!("update staff set active = false where id = '{}'", scene.bob.id);
    scene.team.database.batch_execute(&disable).await.unwrap();
    becomes("who is disabled watches nothing", Vec::<String>::new(), async || scene.watchers(&other).await)
        .await;
    let mention = json!({"text": "For you.", "mentions": [scene.bob.id]});
    assert_eq!(scene.ann.act(&other, "note", mention).await.0, 422);
}

#[tokio::test]
async fn watchers_go_along_with_a_merge_and_back() {
    let scene = scene().await;
    let mut conversations = Vec::new();
    for key in ["1", "2"] {
        let ticket = scene.team.customer.submit("twice@example.com", key, FORGOTTEN).await.ticket();
        conversations.push(scene.team.conversation_of(&ticket).await);
    }
    let [source, target]: [String; 2] = conversations.try_into().unwrap();
    scene.ann.act(&source, "watch", json!({})).await;
    scene.bob.act(&source, "watch", json!({})).await;
    scene.bob.act(&target, "watch", json!({})).await;
    assert_eq!(scene.ann.act(&source, "merge", json!({"into": target})).await.0, 200);
    let mut both = [scene.ann.id.clone(), scene.bob.id.clone()];
    both.sort_unstable();
    assert_eq!(scene.watchers(&target).await, both);
    assert_eq!(scene.watched(&scene.ann).await, std::slice::from_ref(&target), "the merged one is closed");

    assert_eq!(scene.ann.act(&source, "unmerge", json!({})).await.0, 200);
    assert_eq!(scene.watchers(&target).await, std::slice::from_ref(&scene.bob.id), "who watched it before");
    assert_eq!(scene.watchers(&source).await, both);
}
