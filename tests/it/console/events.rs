//! The console's event stream: told in time by whichever process, resumed after a restart, for the right people.

use std::time::Duration;

use fte::clock;
use serde_json::{Value, json};

use super::rig::{Agent, Team};
use crate::support::customers::FORGOTTEN;
use crate::support::postgres::fresh_database;
use crate::support::served::{Served, TOKEN};
use crate::support::sse::{Events, SseEvent};

fn data(event: &SseEvent) -> Value {
    serde_json::from_str(&event.data).unwrap()
}

/// The next event of this name in that conversation.
async fn told(events: &mut Events, name: &str, conversation: &str) -> Value {
    loop {
        let found = data(&events.named(name).await);
        if found["conversation_id"] == *conversation {
            return found;
        }
    }
}

fn stream(base: &str) -> String {
    format!("{base}/staff/events")
}

#[tokio::test]
async fn two_consoles_at_two_processes_are_told_of_everything_within_a_second() {
    let url = fresh_database().await;
    let (one, other) = Served::start_two(&url, &[("AGENT_POOL_SIZE", "0")]).await;
    let team = Team::serving(&url, one).await;
    let ann = team.agent(&url, "ann@example.com", "agent").await;
    let mut here = Events::open_as(&stream(&team.served.base), None, TOKEN).await;
    let mut there = Events::open_as(&stream(&other.base), None, TOKEN).await;
    for events in [&mut here, &mut there] {
        let hello = events.next().await.unwrap();
        assert_eq!((hello.name.as_str(), hello.data.as_str()), ("hello", "{}"));
    }
    let (_, conversation) = team.submit(FORGOTTEN).await;
    let newest = team.newest(&conversation).await;
    for events in [&mut here, &mut there] {
        let message = told(events, "message", &conversation).await;
        assert_eq!(message, json!({"conversation_id": conversation, "message_id": newest}));
    }
    let mut fastest = Duration::MAX;
    for action in ["claim", "release", "claim"] {
        ann.act(&conversation, action, json!({})).await;
        let committed = clock::monotonic();
        told(&mut there, "conversation", &conversation).await;
        fastest = fastest.min(clock::monotonic().duration_since(committed));
        told(&mut here, "conversation", &conversation).await;
    }
    assert!(fastest <= Duration::from_secs(1), "{fastest:?}");
    let body = json!({"text": "Hello", "seen_through": newest, "send_after_seconds": 0});
    let (_, reply) = ann.act(&conversation, "reply", body).await;
    for events in [&mut here, &mut there] {
        let mut message = told(events, "message", &conversation).await;
        while message["message_id"] != reply["message_id"] {
            message = told(events, "message", &conversation).await;
        }
        told(events, "delivery", &conversation).await;
    }
}

#[tokio::test]
async fn an_escalation_and_a_parked_message_are_told() {
    let url = fresh_database().await;
    let team = Team::serving(&url, Served::start(&url, &[("AGENT_POOL_SIZE", "0")]).await).await;
    let mut events = Events::open_as(&stream(&team.served.base), None, TOKEN).await;
    events.named("hello").await;
    let (_, conversation) = team.submit(FORGOTTEN).await;
    let escalate = format!(
        "insert into escalations (id, conversation_id, reason, severity, summary)
         values (gen_random_uuid(), '{conversation}', 'refund', 'high', 'x')"
    );
    team.database.batch_execute(&escalate).await.unwrap();
    assert!(told(&mut events, "escalation", &conversation).await["escalation_id"].is_string());
    // In a transaction of its own: events of one moment come in any order.
    let park = format!(
        "insert into dead_letters (id, conversation_id, reason) values (gen_random_uuid(), '{conversation}', 'x')"
    );
    team.database.batch_execute(&park).await.unwrap();
    assert!(told(&mut events, "parked", &conversation).await["parked_id"].is_string());
}

#[tokio::test]
async fn a_console_that_was_away_over_a_restart_gets_what_it_has_missed() {
    let url = fresh_database().await;
    let served = Served::start(&url, &[("AGENT_POOL_SIZE", "0")]).await;
    let mut events = Events::open_as(&stream(&served.base), None, TOKEN).await;
    events.named("hello").await;
    let seen = events.last_id.clone().unwrap();
    let place = served.killed().await;
    assert_eq!(events.next().await, None, "the stream ended with the process");
    let served = Served::start_with(place, &url, &[], &[("AGENT_POOL_SIZE", "0")]).await;
    let team = Team::serving(&url, served).await;
    let (_, conversation) = team.submit(FORGOTTEN).await;
    let mut events = Events::open_as(&stream(&team.served.base), Some(&seen), TOKEN).await;
    let missed = events.next().await.unwrap();
    assert_eq!((missed.name.as_str(), &data(&missed)["conversation_id"]), ("message", &json!(conversation)));
    for unknown in ["nonsense", "1.5:5:", "99999999999.9000000000:9000000000:"] {
        let mut events = Events::open_as(&stream(&team.served.base), Some(unknown), TOKEN).await;
        assert_eq!(events.next().await.unwrap().name, "reset", "{unknown}");
    }
}

#[tokio::test]
async fn presence_is_told_to_others_and_a_mention_to_whom_it_names() {
    let url = fresh_database().await;
    let team = Team::serving(&url, Served::start(&url, &[("AGENT_POOL_SIZE", "0")]).await).await;
    let ann: Agent = team.agent(&url, "ann@example.com", "agent").await;
    let service = "00000000-0000-0000-0000-000000000001";
    let (_, conversation) = team.submit(FORGOTTEN).await;
    // The token's account is `service`.
    let mut events = Events::open_as(&stream(&team.served.base), None, TOKEN).await;
    events.named("hello").await;
    let be = |state: &str| json!({"conversation_id": conversation, "state": state});
    for (state, staff) in [
        ("viewing", json!([{"id": ann.id, "state": "viewing"}])),
        ("typing", json!([{"id": ann.id, "state": "typing"}])),
        ("left", json!([])),
    ] {
        assert_eq!(ann.post("/staff/presence", be(state)).await.0, 204, "{state}");
        let presence = told(&mut events, "presence", &conversation).await;
        assert_eq!(presence, json!({"conversation_id": conversation, "staff": staff}));
    }
    // One that is not renewed ends.
    ann.post("/staff/presence", be("viewing")).await;
    told(&mut events, "presence", &conversation).await;
    team.database.batch_execute("update staff_presences set ends_at = now()").await.unwrap();
    let presence = told(&mut events, "presence", &conversation).await;
    assert_eq!(presence["staff"], json!([]));
    assert_eq!(ann.post("/staff/presence", be("asleep")).await.0, 422);

    ann.act(&conversation, "note", json!({"text": "For me.", "mentions": [ann.id]})).await;
    let (_, note) = ann.act(&conversation, "note", json!({"text": "For it.", "mentions": [service]})).await;
    let mention = told(&mut events, "mention", &conversation).await;
    assert_eq!(mention["mention_id"], note["message_id"], "only that of the account itself");
}
