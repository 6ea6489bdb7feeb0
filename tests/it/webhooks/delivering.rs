//! Tests of what is sent, when it is sent again, and what a crash and a second process change.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tokio_postgres::Client;
use uuid::Uuid;

use super::receiver::HookReceiver;
use super::{Program, serve, text};
use crate::console::rig::Team;
use crate::support::customers::{Customer, FORGOTTEN};
use crate::support::postgres::{client, fresh_database};
use crate::support::served::Served;
use crate::support::verdict::{all_settled, count};
use crate::support::wait::{LIMIT, becomes, eventually, reaches};

const TYPES: [&str; 13] = [
    "conversation.claimed",
    "conversation.handed_back",
    "delivery.failed",
    "escalation.created",
    "escalation.reminder",
    "message.parked",
    "message.received",
    "message.sent",
    "ticket.closed",
    "ticket.created",
    "ticket.rated",
    "ticket.reopened",
    "ticket.resolved",
];

/// What no request of a test can bring about at once.
const RARE: &str = "
    insert into dead_letters (id, conversation_id, reason) values (gen_random_uuid(), ':conversation', 'panics');
    insert into deliveries (id, message_id, part, conversation_id, channel, state)
        select gen_random_uuid(), id, 9, conversation_id, 'web_form', 'sending' from messages
        where conversation_id = ':conversation' and direction = 'outbound' limit 1;
    update deliveries set state = 'failed' where conversation_id = ':conversation' and part = 9;
    select tell_webhooks('escalation.reminder', array(
        select jsonb_build_object('escalation_id', id, 'conversation_id', conversation_id) from escalations));
    update tickets set status = 'closed' where conversation_id = ':conversation';";

#[tokio::test]
async fn every_event_is_sent_once_signed_and_with_ids_alone() {
    let (url, receiver) = (fresh_database().await, HookReceiver::start());
    let served = serve(&url, &receiver.origin, &[]).await;
    let (program, team) = (Program::of(&served), Team::serving(&url, served).await);
    // Without an endpoint, events are not even written.
    team.submit(FORGOTTEN).await;
    all_settled(&url, LIMIT).await;
    assert_eq!(count(&team.database, "select count(*) from webhook_deliveries").await, 0);

    let (webhook, secret) = program.add(&receiver.url(), &TYPES).await;
    let agent = team.agent(&url, "ann@example.com", "agent").await;
    let (ticket, conversation) = team.submit(FORGOTTEN).await;
    all_settled(&url, LIMIT).await;
    let of_ticket = |rest: &str| format!("/support/ticket/{ticket}/{rest}");
    assert_eq!(agent.post(&of_ticket("rating"), json!({"score": 5})).await.0, 200);
    assert_eq!(agent.post(&of_ticket("human"), json!({})).await.0, 200);
    assert_eq!(agent.act(&conversation, "claim", json!({})).await.0, 200);
    assert_eq!(agent.act(&conversation, "hand_back", json!({})).await.0, 200);
    let seen = team.newest(&conversation).await;
    assert_eq!(agent.act(&conversation, "resolve", json!({"seen_through": seen})).await.0, 200);
    assert_eq!(agent.act(&conversation, "reopen", json!({})).await.0, 200);
    let later = json!({"message": "Are you there?"});
    assert_eq!(agent.post(&of_ticket("messages"), later).await.0, 201);
    team.database.batch_execute(&RARE.replace(":conversation", &conversation)).await.unwrap();

    let told = async || receiver.arrivals().iter().map(super::receiver::Arrival::event).collect();
    let expected: BTreeSet<String> = TYPES.iter().map(ToString::to_string).collect();
    becomes("the types that were sent", expected, told).await;
    nothing_pending(&team.database).await;
    assert_signed_ids(&receiver, &secret, &conversation);
    let listed = program.get(&format!("/staff/webhooks/{webhook}/deliveries?limit=100")).await;
    let states = listed["items"].as_array().unwrap().iter();
    assert!(states.clone().all(|item| item["state"] == "delivered" && item["status"] == 204), "{listed}");
    assert_eq!(states.len(), receiver.arrivals().len());
}

fn assert_signed_ids(receiver: &HookReceiver, secret: &str, conversation: &str) {
    let arrivals = receiver.arrivals();
    let ids: BTreeSet<&str> = arrivals.iter().map(|arrival| arrival.id.as_str()).collect();
    assert_eq!(ids.len(), arrivals.len(), "an event was sent twice");
    for arrival in &arrivals {
        assert_eq!((arrival.signed_by(secret), arrival.signatures()), (1, 1), "{arrival:?}");
        let body = arrival.json();
        let members: Vec<&String> = body.as_object().unwrap().keys().collect();
        assert_eq!(members, ["data", "timestamp", "type"], "{body}");
        assert!(text(&body, "timestamp").ends_with('Z'), "{body}");
        let data = body["data"].as_object().unwrap();
        assert!(data.len() >= 2 && data.values().all(is_id), "{body}");
        assert_eq!(body["data"]["conversation_id"], conversation, "{body}");
    }
    let sent = |event: &str| arrivals.iter().filter(|arrival| arrival.event() == event).count();
    // A claim, and a reopening, which claims too; the first message and the later one.
    assert_eq!((sent("ticket.created"), sent("conversation.claimed"), sent("message.received")), (1, 2, 2));
}

fn is_id(value: &Value) -> bool {
    value.as_str().is_some_and(|id| Uuid::try_parse(id).is_ok())
}

async fn nothing_pending(database: &Client) {
    let pending = "select count(*) from webhook_deliveries where state = 'pending'";
    becomes("events that wait", 0, async || count(database, pending).await).await;
}

/// The seconds until the next try of the only event, after so many tries, and its state.
async fn after_tries(database: &Client, tries: i16) -> (i64, String) {
    let ended = async || {
        let row = database
            .query_one(
                "select state, attempts, (status is not null or error is not null) as told,
                        extract(epoch from due_at - now())::bigint as due
                 from webhook_deliveries",
                &[],
            )
            .await
            .unwrap();
        let (attempts, told): (i16, bool) = (row.get("attempts"), row.get("told"));
        if attempts == tries && told { Ok((row.get("due"), row.get("state"))) } else { Err(attempts) }
    };
    eventually("a try", LIMIT, ended).await.0
}

#[tokio::test]
async fn a_failed_event_is_sent_again_on_schedule_under_its_id_and_by_hand() {
    let (url, receiver) = (fresh_database().await, HookReceiver::start());
    let served = serve(&url, &receiver.origin, &[]).await;
    let (program, database) = (Program::of(&served), client(&url).await);
    let (webhook, secret) = program.add(&receiver.url(), &["ticket.created"]).await;
    receiver.answers(&[500, 302, 404, 429, 503, 400, 500]);
    Customer::of(&served.base).submit("ann@example.com", "1", FORGOTTEN).await;

    let schedule = [5, 300, 1_800, 7_200, 18_000, 36_000];
    for (tries, pause) in (1..).zip(schedule) {
        let (due, state) = after_tries(&database, tries).await;
        assert_eq!(state, "pending");
        assert!((pause - 5..=pause).contains(&due), "{tries}: {due} s");
        // The clock of the test: the pause is over, and the error is that of the next try.
        let over = "update webhook_deliveries set due_at = now(), status = null, error = null";
        database.batch_execute(over).await.unwrap();
    }
    assert_eq!(after_tries(&database, 7).await.1, "failed");
    let failed = program.newest(&webhook).await;
    assert_eq!((&failed["status"], &failed["attempts"]), (&json!(500), &json!(7)), "{failed}");
    assert!(program.get("/staff/webhooks").await["items"][0]["failing_since"].is_string());

    let again = format!("/staff/webhook-deliveries/{}/redeliver", text(&failed, "id"));
    let (status, body) = program.ask("POST", &again, Some(json!({}))).await;
    assert_eq!((status, &body["state"], &body["attempts"]), (200, &json!("pending"), &json!(0)), "{body}");
    reaches("posts", 8, async || receiver.arrivals().len()).await;
    nothing_pending(&database).await;

    let arrivals = receiver.arrivals();
    let first = &arrivals[0];
    for arrival in &arrivals {
        assert_eq!((&arrival.id, &arrival.body), (&first.id, &first.body));
        assert_eq!(
            (arrival.path.as_str(), arrival.signed_by(&secret)),
            ("/hooks", 1),
            "a redirect was followed"
        );
    }
    assert_eq!(first.id, text(&failed, "id"));
    assert_eq!(program.newest(&webhook).await["state"], "delivered");
    assert_eq!(program.get("/staff/webhooks").await["items"][0]["failing_since"], Value::Null);
}

#[cfg(feature = "failpoints")]
#[tokio::test]
async fn a_crash_before_the_post_loses_nothing_and_one_after_it_repeats_the_id() {
    for (point, posts) in [("courier.leased", 1), ("courier.posted", 2)] {
        let (url, receiver) = (fresh_database().await, HookReceiver::start());
        let doomed = serve(&url, &receiver.origin, &[("FTE_FAILPOINT", point)]).await;
        Program::of(&doomed).add(&receiver.url(), &["ticket.created"]).await;
        Customer::of(&doomed.base).submit("ann@example.com", "1", FORGOTTEN).await;
        assert_eq!(doomed.wait_death().await, Some(9), "{point}");

        let database = client(&url).await;
        // The clock of the test: the lease is over.
        database.batch_execute("update webhook_deliveries set due_at = now()").await.unwrap();
        let _served = serve(&url, &receiver.origin, &[]).await;
        nothing_pending(&database).await;

        let ids: Vec<String> = receiver.arrivals().into_iter().map(|arrival| arrival.id).collect();
        assert_eq!(ids, vec![ids[0].clone(); posts], "{point}");
    }
}

#[tokio::test]
async fn two_processes_send_each_event_once_and_a_dead_endpoint_delays_no_other() {
    let (url, receiver) = (fresh_database().await, HookReceiver::start());
    // It accepts connections and never answers.
    let silent = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let dead = format!("http://{}", silent.local_addr().unwrap());
    let origins = format!("{},{dead}", receiver.origin);
    let (one, other) = Served::start_two(&url, &[("WEBHOOK_ALLOWED_ORIGINS", &origins)]).await;
    let program = Program::of(&one);
    program.add(&dead, &["ticket.created"]).await;
    let (webhook, _) = program.add(&receiver.url(), &["ticket.created"]).await;

    let submit = async |served: &Served, numbers: std::ops::Range<u32>| {
        for n in numbers {
            let email = format!("customer-{n}@example.com");
            Customer::of(&served.base).submit(&email, &n.to_string(), FORGOTTEN).await;
        }
    };
    futures_util::future::join(submit(&one, 0..10), submit(&other, 10..20)).await;

    let delivered = format!(
        "select count(*) from webhook_deliveries where state = 'delivered' and webhook_id = '{webhook}'"
    );
    let database = client(&url).await;
    becomes("events of the living endpoint", 20, async || count(&database, &delivered).await).await;
    let pending = "select count(*) from webhook_deliveries where state = 'pending'";
    assert_eq!(count(&database, pending).await, 20, "those of the dead one still wait");
    let ids: BTreeSet<String> = receiver.arrivals().into_iter().map(|arrival| arrival.id).collect();
    assert_eq!((receiver.arrivals().len(), ids.len()), (20, 20));
}
