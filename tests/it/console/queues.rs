//! Queues: which conversation is in which, filters, orders, pages, and counts that equal what the pages show.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::rig::{Agent, Team};
use crate::support::customers::FORGOTTEN;
use crate::support::postgres::fresh_database;
use crate::support::served::Served;

const QUEUES: [&str; 9] =
    ["needs_me", "unassigned", "mine", "watching", "bot", "snoozed", "parked", "resolved", "all"];
/// The places that are watched.
const WATCHED: [&str; 4] = ["open", "asleep", "resolved", "closed"];

/// The members of a listed conversation.
const MEMBERS: [&str; 15] = [
    "assignee",
    "breached",
    "channel",
    "conversation_id",
    "customer",
    "due_at",
    "last_message_at",
    "preview",
    "reason",
    "sentiment",
    "severity",
    "snoozed_until",
    "status",
    "tags",
    "ticket",
];

async fn page(agent: &Agent, query: &str) -> Value {
    agent.get(&format!("/staff/conversations?{query}")).await
}

fn ids(page: &Value) -> Vec<String> {
    let items = page["items"].as_array().unwrap().iter();
    items.map(|item| item["conversation_id"].as_str().unwrap().to_owned()).collect()
}

/// Every page of a list, `limit` at a time.
async fn all(agent: &Agent, query: &str, limit: usize) -> Vec<String> {
    let (mut found, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = page(agent, &format!("{query}&limit={limit}{cursor}")).await;
        let items = ids(&page);
        assert!(items.len() <= limit);
        found.extend(items);
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return found,
        }
    }
}

struct Scene {
    team: Team,
    me: Agent,
    /// The conversations by their places.
    placed: BTreeMap<&'static str, String>,
}

/// One conversation in each place.
async fn scene() -> Scene {
    let url = fresh_database().await;
    let team = Team::serving(&url, Served::start(&url, &[("AGENT_POOL_SIZE", "0")]).await).await;
    let me = team.agent(&url, "me@example.com", "agent").await;
    let them = team.agent(&url, "them@example.com", "agent").await;
    let (my, their) = (format!("'{}'", me.id), format!("'{}'", them.id));
    let places = [
        ("open", "active", "open", "null", "null"),
        ("answered", "active", "waiting_customer", "null", "null"),
        ("escalated", "escalated", "escalated", "null", "null"),
        ("mine", "escalated", "in_progress", my.as_str(), "null"),
        ("theirs", "escalated", "in_progress", their.as_str(), "null"),
        ("waiting", "escalated", "waiting_customer", my.as_str(), "null"),
        ("asleep", "escalated", "in_progress", my.as_str(), "now() + interval '1 day'"),
        ("awake", "escalated", "escalated", "null", "now() - interval '1 day'"),
        ("parked", "escalated", "escalated", "null", "null"),
        ("resolved", "active", "resolved", my.as_str(), "null"),
        ("closed", "closed", "closed", "null", "null"),
    ];
    let mut placed = BTreeMap::new();
    for (place, status, ticket, assignee, snoozed) in places {
        let (_, conversation) = team.submit(FORGOTTEN).await;
        let put = format!(
            "update conversations set status = '{status}', assignee = {assignee}, snoozed_until = {snoozed},
                 tags = array['{place}'] where id = '{conversation}';
             update tickets set status = '{ticket}' where conversation_id = '{conversation}';
             insert into dead_letters (id, conversation_id, reason)
             select gen_random_uuid(), '{conversation}', 'failure' where '{place}' = 'parked';
             insert into conversation_watchers (conversation_id, staff_id) select '{conversation}', id from staff
             where id = {my} and {is_watched} or id = {their} and '{place}' = 'mine'",
            is_watched = WATCHED.contains(&place),
        );
        team.database.batch_execute(&put).await.unwrap();
        placed.insert(place, conversation);
    }
    Scene { team, me, placed }
}

#[tokio::test]
async fn every_conversation_is_in_its_queues_and_every_count_is_the_length_of_its_list() {
    let Scene { team: _served, me, placed } = scene().await;
    let expected: BTreeMap<&str, Vec<&str>> = BTreeMap::from([
        ("needs_me", vec!["escalated", "mine", "awake", "parked"]),
        ("unassigned", vec!["escalated", "awake", "parked"]),
        ("mine", vec!["mine", "waiting"]),
        ("watching", vec!["open", "asleep", "resolved"]),
        ("bot", vec!["open", "answered"]),
        ("snoozed", vec!["asleep"]),
        ("parked", vec!["parked"]),
        ("resolved", vec!["resolved", "closed"]),
        ("all", placed.keys().copied().collect()),
    ]);
    for filter in
        ["", "&ticket_status=escalated", "&assignee=me", "&assignee=none", "&status=active", "&tag=mine"]
    {
        for sort in ["due", "-last_message", "created"] {
            for queue in QUEUES {
                let query = format!("queue={queue}&sort={sort}{filter}");
                let found = all(&me, &query, 2).await;
                let distinct: BTreeSet<&String> = found.iter().collect();
                assert_eq!(distinct.len(), found.len(), "{query}: a conversation twice");
                let counts = page(&me, &query).await["counts"].clone();
                assert_eq!(counts[queue], json!(found.len()), "{query}");
                if filter.is_empty() {
                    let expected: BTreeSet<&String> =
                        expected[queue].iter().map(|place| &placed[place]).collect();
                    assert_eq!(distinct, expected, "{query}");
                }
            }
        }
    }
}

#[tokio::test]
async fn a_list_is_in_its_order_and_shows_what_staff_sort_by() {
    let Scene { team, me, placed } = scene().await;
    let created = all(&me, "queue=all&sort=created", 3).await;
    let mut reversed = all(&me, "queue=all&sort=-last_message", 3).await;
    reversed.reverse();
    assert_eq!(created, reversed, "nobody has written twice");
    assert_eq!(created.first(), placed.get("open"));
    let is_due = |id: &&String| {
        let places = ["escalated", "mine", "theirs", "asleep", "awake", "parked"];
        places.iter().any(|place| placed[place] == **id)
    };
    let (due, others): (Vec<&String>, Vec<&String>) = created.iter().partition(is_due);
    let sorted = all(&me, "queue=all&sort=due", 3).await;
    let expected: Vec<&String> = due.into_iter().chain(others).collect();
    assert_eq!(sorted.iter().collect::<Vec<_>>(), expected, "what is due first, then the longest silent");

    let escalate = format!(
        "insert into escalations (id, conversation_id, reason, severity, summary)
         values (gen_random_uuid(), '{}', 'refund', 'high', 'wants money back')",
        placed["mine"]
    );
    team.database.batch_execute(&escalate).await.unwrap();
    let found = page(&me, "queue=mine&reason=refund&severity=high&channel=web_form&priority=medium").await;
    let item = &found["items"][0];
    assert_eq!(item["conversation_id"], json!(placed["mine"]));
    assert_eq!((&item["reason"], &item["severity"]), (&json!("refund"), &json!("high")));
    assert_eq!(item["assignee"], json!({"id": me.id, "name": "Ann Lee"}));
    assert_eq!(item["customer"]["name"], "Ann Example");
    assert_eq!((&item["preview"], &item["tags"]), (&json!(FORGOTTEN), &json!(["mine"])));
    assert_eq!(item["ticket"]["status"], "in_progress");
    assert_eq!(item.as_object().unwrap().keys().map(String::as_str).collect::<Vec<_>>(), MEMBERS);
    let customer = item["customer"]["id"].as_str().unwrap();
    assert_eq!(ids(&page(&me, &format!("queue=all&customer_id={customer}")).await), [placed["mine"].clone()]);
}

#[tokio::test]
async fn the_preview_is_neither_a_note_nor_a_reply_that_was_taken_back() {
    let Scene { team, me, placed } = scene().await;
    me.act(&placed["mine"], "note", json!({"text": "For us."})).await;
    let (_, reply) = me.reply(&team, &placed["mine"], "On my way.").await;
    let preview = async || page(&me, "queue=all&tag=mine").await["items"][0]["preview"].clone();
    assert_eq!(preview().await, "On my way.");
    me.post(&format!("/staff/messages/{}/cancel", reply["message_id"].as_str().unwrap()), json!({})).await;
    assert_eq!(preview().await, FORGOTTEN);
}
