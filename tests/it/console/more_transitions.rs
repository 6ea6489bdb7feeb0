//! The transitions of API-STAFF.md, section 11, that the customer, an admin or a second conversation makes, and the
//! actions that change no status: allowed and refused, in every place.

use fte::clock;
use serde_json::{Value, json};

use super::rig::Agent;
use super::transitions::{Scene, Transition};
use crate::support::customers::FORGOTTEN;
use crate::support::postgres::fresh_database;

/// What an action that changes no status comes to, but for the status of the answer and for closed tickets.
const SAME: [&str; 8] = [
    "open active none",
    "waiting_customer active none",
    "escalated escalated none",
    "in_progress escalated me",
    "in_progress escalated them",
    "waiting_customer escalated me",
    "waiting_customer escalated none",
    "resolved active me",
];

/// The texts live as long as the test.
fn same(action: &'static str, status: u16) -> Transition {
    let mut row = ["409 ticket_closed"; 9];
    for (cell, state) in row.iter_mut().zip(SAME) {
        *cell = Box::leak(format!("{status} {state}").into_boxed_str());
    }
    (action, row)
}

const ACTIONS: &[Transition] = &[
    (
        "the customer asks for a person",
        [
            "200 escalated escalated none",
            "200 escalated escalated none",
            "200 escalated escalated none",
            "200 in_progress escalated me",
            "200 in_progress escalated them",
            "200 escalated escalated me",
            "200 escalated escalated none",
            "200 escalated escalated me",
            "409 ticket_closed",
        ],
    ),
    (
        "reply and cancel",
        [
            "200 in_progress escalated me",
            "200 in_progress escalated me",
            "200 in_progress escalated me",
            "200 in_progress escalated me",
            "409 claimed",
            "200 in_progress escalated me",
            "200 in_progress escalated me",
            "200 in_progress escalated me",
            "409 ticket_closed",
        ],
    ),
    (
        "retry",
        [
            "202 open active none",
            "202 open active none",
            "202 open active none",
            "202 open active none",
            "202 open active none",
            "202 open active none",
            "202 open active none",
            "202 open active none",
            "409 ticket_closed",
        ],
    ),
    (
        "retry what settled nothing",
        [
            "202 open active none",
            "202 waiting_customer active none",
            "202 waiting_customer active none",
            "202 open active none",
            "202 waiting_customer active none",
            "202 waiting_customer active none",
            "202 waiting_customer active none",
            "202 waiting_customer active none",
            "409 ticket_closed",
        ],
    ),
    (
        "merge",
        [
            "200 closed closed none",
            "200 closed closed none",
            "200 closed closed none",
            "200 closed closed me",
            "200 closed closed them",
            "200 closed closed me",
            "200 closed closed none",
            "200 closed closed me",
            "409 ticket_closed",
        ],
    ),
    (
        "erase",
        [
            "200 closed closed none",
            "200 closed closed none",
            "200 closed closed none",
            "200 closed closed me",
            "200 closed closed them",
            "200 closed closed me",
            "200 closed closed none",
            "200 closed closed me",
            "200 closed closed none",
        ],
    ),
    (
        "split off every message",
        [
            "422 message_ids",
            "422 message_ids",
            "422 message_ids",
            "422 message_ids",
            "422 message_ids",
            "422 message_ids",
            "422 message_ids",
            "422 message_ids",
            "409 ticket_closed",
        ],
    ),
];

/// A parked message of the conversation; its turn has settled what the customer wrote, or nothing.
async fn parked(scene: &Scene, conversation: &str, settled: bool) -> String {
    let letter = clock::new_v4();
    let park = format!(
        "insert into turns (id, conversation_id, epoch, covers, owner, outcome, ended_at, state)
         values ('{letter}', '{conversation}', 1, 1, gen_random_uuid(), 'escalate', now(), 'committed');
         insert into dead_letters (id, conversation_id, turn_id, reason)
         values ('{letter}', '{conversation}', '{letter}', 'failure');
         update messages set answered_by = '{letter}'
         where conversation_id = '{conversation}' and (answered_by is not null) and {settled};"
    );
    scene.team.database.batch_execute(&park).await.unwrap();
    letter.to_string()
}

/// Another open conversation of the same customer.
async fn sibling(scene: &Scene, conversation: &str) -> String {
    let other = scene.team.submit(FORGOTTEN).await.1;
    let join = format!(
        "update conversations set customer_id = (select customer_id from conversations where id = '{conversation}')
         where id = '{other}'"
    );
    scene.team.database.batch_execute(&join).await.unwrap();
    other
}

async fn customer(scene: &Scene, conversation: &str) -> String {
    let find = "select customer_id::text from conversations where id::text = $1";
    scene.team.database.query_one(find, &[&conversation]).await.unwrap().get(0)
}

async fn act(
    scene: &Scene,
    boss: &Agent,
    action: &str,
    (ticket, conversation): (&str, &str),
) -> (u16, Value) {
    let me = &scene.me;
    match action {
        "the customer asks for a person" => {
            me.post(&format!("/support/ticket/{ticket}/human"), json!({})).await
        }
        "reply and cancel" => {
            let (status, sent) = me.reply(&scene.team, conversation, "Too hasty.").await;
            match sent["message_id"].as_str() {
                Some(id) => me.post(&format!("/staff/messages/{id}/cancel"), json!({})).await,
                None => (status, sent),
            }
        }
        "retry" | "retry what settled nothing" => {
            let letter = parked(scene, conversation, action == "retry").await;
            me.post(&format!("/staff/parked/{letter}/retry"), json!({})).await
        }
        "merge" => me.act(conversation, "merge", json!({"into": sibling(scene, conversation).await})).await,
        "erase" => {
            let customer = customer(scene, conversation).await;
            boss.post(&format!("/staff/customers/{customer}/erase"), json!({"confirm": customer})).await
        }
        "ask a third party" => {
            let body = json!({"to": "partner@example.org", "subject": "A question", "text": "Is it so?"});
            me.act(conversation, "side", body).await
        }
        "split off every message" => {
            let newest = scene.team.newest(conversation).await;
            me.act(conversation, "split", json!({"message_ids": [newest], "subject": "Another"})).await
        }
        other => change(me, conversation, other).await,
    }
}

async fn change(me: &Agent, conversation: &str, action: &str) -> (u16, Value) {
    let path = format!("/staff/conversations/{conversation}");
    match action {
        "snooze" => me.act(conversation, "snooze", json!({"until": "2199-01-01T00:00:00Z"})).await,
        "wake" => me.ask("DELETE", &format!("{path}/snooze"), None).await,
        "patch" => me.ask("PATCH", &path, Some(json!({"priority": "high", "add_tags": ["vip"]}))).await,
        "draft" => {
            me.ask("PUT", &format!("{path}/draft"), Some(json!({"text": "Dear", "revision": 0}))).await
        }
        "suggest" => me.act(conversation, "suggestion", json!({})).await,
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn what_customers_admins_and_tools_do_in_every_state_is_what_the_table_says() {
    let url = fresh_database().await;
    let scene = Scene::serving(&url).await;
    let boss = scene.team.agent(&url, "boss@example.com", "admin").await;
    let unchanging = [
        ("snooze", 200),
        ("wake", 200),
        ("patch", 200),
        ("draft", 200),
        ("suggest", 201),
        ("ask a third party", 201),
    ]
    .map(|(action, status)| same(action, status));
    let transitions = [ACTIONS, &unchanging].concat();
    let wrong = scene
        .differences(&transitions, async |action, ticket, conversation| {
            act(&scene, &boss, action, (ticket, conversation)).await
        })
        .await;
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// A customer who asks for a person once staff have answered is not left with an acknowledgement that no one sees.
#[tokio::test]
async fn a_customer_who_asks_again_after_an_answer_of_staff_is_escalated_anew() {
    let url = fresh_database().await;
    let scene = Scene::serving(&url).await;
    let (ticket, conversation) = scene.team.submit(FORGOTTEN).await;
    let ask = format!("/support/ticket/{ticket}/human");
    let (_, first) = scene.me.post(&ask, json!({})).await;
    let seen = scene.team.newest(&conversation).await;
    let body = json!({"text": "Hello", "seen_through": seen, "send_after_seconds": 0});
    assert_eq!(scene.me.act(&conversation, "reply", body).await.0, 201);
    scene.me.act(&conversation, "snooze", json!({"until": "2199-01-01T00:00:00Z"})).await;

    let (status, second) = scene.me.post(&ask, json!({})).await;
    assert_eq!((status, &second["status"]), (200, &json!("escalated")), "{second}");
    assert_ne!(second["message_id"], first["message_id"]);
    assert_eq!(scene.me.post(&ask, json!({})).await, (200, second), "again: the same");
    let queue = scene.me.get("/staff/conversations?queue=needs_me").await;
    assert_eq!(queue["items"][0]["conversation_id"], json!(conversation), "{queue}");
    let escalations = "select count(*) from escalations where reason = 'human_request'";
    assert_eq!(scene.team.database.query_one(escalations, &[]).await.unwrap().get::<_, i64>(0), 2);
}
