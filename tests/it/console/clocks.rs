//! SLA clocks through the real server: every row of the table of transitions, targets by plan and severity, breaches, and
//! reminders once in the whole system.

use std::path::Path;

use fte::clock;
use serde_json::{Value, json};
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

use super::rig::{Agent, Team};
use crate::support::customers::{FORGOTTEN, PRICING, THANKS};
use crate::support::gmail::FakeGmail;
use crate::support::postgres::fresh_database;
use crate::support::receiver::Receiver;
use crate::support::served::{Served, TOKEN};
use crate::support::sse::Events;
use crate::support::wait::{LIMIT, becomes, eventually};

/// The tests pass at any hour: Starter is always open, and Enterprise is not open today.
fn profile() -> String {
    let closed = (clock::now() + Duration::days(3)).weekday();
    format!(
        "# Company
## Support hours
All times are UTC.

| Who | When |
| --- | --- |
| People, Starter | at all times |
| People, Enterprise | {closed}, 9:00–17:00 |

## Response times (SLA)

| Severity | Starter | Enterprise |
| --- | --- | --- |
| urgent | 1 clock hour | 1 clock hour |
| high | 2 hours | 1 hour |
| normal | 4 hours | 2 hours |
| low | 8 hours | 4 hours |

## Resolution times

| Severity | Starter | Enterprise |
| --- | --- | --- |
| urgent | 8 hours | 2 hours |
| high | 16 hours | 2 hours |
| normal | 2 clock days | 1 working day |
| low | 4 clock days | 2 working days |

## Whom escalations go to

| Reason | First contact | Second contact |
| --- | --- | --- |
| `pricing` | Sales desk | Head of Sales |
"
    )
}

/// CONTEXT_PATH with that profile and the program's documents.
fn context(folder: &Path) -> String {
    let documents = Path::new(env!("CARGO_MANIFEST_DIR")).join("context/product-docs.md");
    std::fs::copy(documents, folder.join("product-docs.md")).unwrap();
    std::fs::write(folder.join("company-profile.md"), profile()).unwrap();
    folder.to_str().unwrap().to_owned()
}

struct Scene {
    team: Team,
    me: Agent,
    boss: Agent,
}

fn instant(value: &Value) -> Option<OffsetDateTime> {
    value.as_str().map(|text| OffsetDateTime::parse(text, &Rfc3339).unwrap())
}

/// The clocks of a conversation as staff see them.
#[derive(Debug, PartialEq)]
struct Clocks {
    first: Option<OffsetDateTime>,
    next: Option<OffsetDateTime>,
    resolution: Option<OffsetDateTime>,
    breached: bool,
    paused: bool,
}

const STOPPED: Clocks = Clocks { first: None, next: None, resolution: None, breached: false, paused: false };

impl Scene {
    async fn serving(url: &str, served: Served) -> Self {
        let team = Team::serving(url, served).await;
        let me = team.agent(url, "me@example.com", "agent").await;
        let boss = team.agent(url, "boss@example.com", "admin").await;
        Self { team, me, boss }
    }

    /// A conversation of a question, once its ticket has this status.
    async fn asked(&self, text: &str, status: &str) -> (String, String) {
        let (ticket, conversation) = self.team.submit(text).await;
        self.becomes(&conversation, status).await;
        (ticket, conversation)
    }

    async fn becomes(&self, conversation: &str, status: &str) {
        let seen = async || self.detail(conversation).await["ticket"]["status"].clone();
        becomes("the ticket's status", json!(status), seen).await;
    }

    async fn detail(&self, conversation: &str) -> Value {
        self.me.get(&format!("/conversations/{conversation}")).await
    }

    /// The clocks; the queue agrees with them.
    async fn clocks(&self, conversation: &str) -> Clocks {
        let sla = self.detail(conversation).await["sla"].clone();
        let clocks = Clocks {
            first: instant(&sla["first_response_due"]),
            next: instant(&sla["next_response_due"]),
            resolution: instant(&sla["resolution_due"]),
            breached: sla["breached"].as_bool().unwrap(),
            paused: sla["paused"].as_bool().unwrap(),
        };
        let item = self.item(conversation).await;
        let due = [clocks.first, clocks.next, clocks.resolution].into_iter().flatten().min();
        assert_eq!((instant(&item["due_at"]), &item["breached"]), (due, &json!(clocks.breached)), "{item}");
        clocks
    }

    async fn item(&self, conversation: &str) -> Value {
        let page = self.me.get("/staff/conversations?queue=all&limit=100").await;
        let mut items = page["items"].as_array().unwrap().iter();
        items.find(|item| item["conversation_id"] == *conversation).unwrap().clone()
    }

    async fn does(&self, conversation: &str, action: &str, body: Value) -> Value {
        let (status, answer) = self.me.act(conversation, action, body).await;
        assert!(status < 300, "{action}: {status} {answer}");
        answer
    }

    async fn writes(&self, ticket: &str) {
        let path = format!("/support/ticket/{ticket}/messages");
        assert_eq!(self.me.post(&path, json!({"message": "And another thing."})).await.0, 201);
    }

    async fn resolve(&self, conversation: &str) {
        let seen = self.team.newest(conversation).await;
        self.does(conversation, "resolve", json!({"seen_through": seen})).await;
    }

    /// When the running answer clock began, by the database.
    async fn since(&self, conversation: &str) -> OffsetDateTime {
        let find = "select response_since from conversation_clocks where conversation_id::text = $1";
        self.team.database.query_one(find, &[&conversation]).await.unwrap().get(0)
    }

    /// As if it had been so much earlier that the clock, or the escalation, began to wait.
    async fn age(&self, conversation: &str, column: &str, minutes: u32) {
        let shift = format!(
            "update conversation_clocks set {column} = {column} - interval '{minutes} minutes'
             where conversation_id = '{conversation}'; select time_clocks('{conversation}')"
        );
        self.team.database.batch_execute(&shift).await.unwrap();
    }
}

#[tokio::test]
async fn clocks_start_run_pause_and_stop_as_the_table_of_transitions_says() {
    let (url, folder) = (fresh_database().await, tempfile::tempdir().unwrap());
    let served = Served::start(&url, &[("CONTEXT_PATH", &context(folder.path()))]).await;
    let scene = Scene::serving(&url, served).await;

    // The bot answers, its customer writes again, and the bot has nothing to say to it: no clock.
    let (ticket, answered) = scene.asked(FORGOTTEN, "waiting_customer").await;
    assert_eq!(scene.clocks(&answered).await, STOPPED);
    let path = format!("/support/ticket/{ticket}/messages");
    assert_eq!(scene.me.post(&path, json!({"message": THANKS})).await.0, 201);
    assert_eq!(scene.clocks(&answered).await, STOPPED);
    scene.becomes(&answered, "waiting_customer").await;
    assert_eq!(scene.clocks(&answered).await, STOPPED);

    // The bot escalates: they start. Claim and release let them run.
    let (ticket, conversation) = scene.asked(PRICING, "escalated").await;
    let since = scene.since(&conversation).await;
    let started = Clocks {
        first: Some(since + Duration::hours(4)),
        resolution: Some(since + Duration::days(2)),
        ..STOPPED
    };
    assert_eq!(scene.clocks(&conversation).await, started);
    for action in ["claim", "release", "claim"] {
        scene.does(&conversation, action, json!({})).await;
        assert_eq!(scene.clocks(&conversation).await, started, "{action}");
    }
    scene.does(&conversation, "assign", json!({"staff_id": scene.me.id})).await;
    assert_eq!(scene.clocks(&conversation).await, started, "assign");

    // A reply pauses them, and its withdrawal lets them go on as if it had not been.
    let (status, reply) = scene.me.reply(&scene.team, &conversation, "Which plan do you have?").await;
    assert_eq!(status, 201, "{reply}");
    let paused = Clocks { paused: true, ..STOPPED };
    assert_eq!(scene.clocks(&conversation).await, paused);
    let cancel = format!("/staff/messages/{}/cancel", reply["message_id"].as_str().unwrap());
    assert_eq!(scene.me.post(&cancel, json!({})).await.0, 200);
    assert_eq!(scene.clocks(&conversation).await, started, "cancel");

    // The customer writes to people: the next answer counts, and of the resolution only what is left.
    scene.age(&conversation, "resolution_since", 60).await;
    scene.me.reply(&scene.team, &conversation, "Which plan do you have?").await;
    assert_eq!(scene.clocks(&conversation).await, paused);
    scene.writes(&ticket).await;
    let since = scene.since(&conversation).await;
    let goes_on = scene.clocks(&conversation).await;
    assert_eq!((goes_on.first, goes_on.next), (None, Some(since + Duration::hours(4))));
    let left = goes_on.resolution.unwrap() - since;
    assert!((Duration::hours(46)..=Duration::hours(47)).contains(&left), "{left}");
    scene.writes(&ticket).await;
    assert_eq!(scene.clocks(&conversation).await, goes_on, "a second message");

    // Resolving stops them, reopening lets them run.
    scene.resolve(&conversation).await;
    assert_eq!(scene.clocks(&conversation).await, STOPPED, "resolve");
    scene.does(&conversation, "reopen", json!({})).await;
    let reopened = scene.clocks(&conversation).await;
    assert_eq!(reopened.next, Some(scene.since(&conversation).await + Duration::hours(4)), "{reopened:?}");
    scene.does(&conversation, "hand_back", json!({})).await;
    assert_eq!(scene.clocks(&conversation).await, STOPPED, "hand_back");

    // The customer asks for a person: they start. A reply that resolves stops them.
    let (ticket, asked) = scene.asked(FORGOTTEN, "waiting_customer").await;
    assert_eq!(scene.me.post(&format!("/support/ticket/{ticket}/human"), json!({})).await.0, 200);
    let clocks = scene.clocks(&asked).await;
    assert_eq!(clocks.first, Some(scene.since(&asked).await + Duration::hours(4)), "{clocks:?}");
    let seen = scene.team.newest(&asked).await;
    let body = json!({"text": "Done.", "seen_through": seen, "then": "resolve"});
    let reply = scene.does(&asked, "reply", body).await;
    assert_eq!(scene.clocks(&asked).await, STOPPED, "reply and resolve");
    let cancel = format!("/staff/messages/{}/cancel", reply["message_id"].as_str().unwrap());
    assert_eq!(scene.me.post(&cancel, json!({})).await.0, 200);
    assert_eq!(scene.clocks(&asked).await, clocks, "cancel of a reply that resolved");

    // A parked message that is tried again is the bot's; an erased conversation is nobody's.
    let park = format!(
        "insert into dead_letters (id, conversation_id, reason) values ('{asked}', '{asked}', 'failure')"
    );
    scene.team.database.batch_execute(&park).await.unwrap();
    assert_eq!(scene.me.post(&format!("/staff/parked/{asked}/retry"), json!({})).await.0, 202);
    assert_eq!(scene.clocks(&asked).await, STOPPED, "retry");
    let (_, erased) = scene.asked(PRICING, "escalated").await;
    let customer = scene.detail(&erased).await["customer_id"].as_str().unwrap().to_owned();
    let (status, answer) =
        scene.boss.post(&format!("/staff/customers/{customer}/erase"), json!({"confirm": customer})).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(scene.clocks(&erased).await, STOPPED, "close");
}

#[tokio::test]
async fn targets_follow_plan_and_severity_and_a_breach_is_marked_listed_and_told_once() {
    let (url, folder) = (fresh_database().await, tempfile::tempdir().unwrap());
    let variables = [("CONTEXT_PATH", &*context(folder.path())), ("AGENT_POOL_SIZE", "0")];
    let gmail = FakeGmail::start();
    let scene = Scene::serving(&url, gmail.serve(&url, &variables).await).await;
    let (_, conversation) = scene.team.submit(FORGOTTEN).await;
    scene.does(&conversation, "claim", json!({})).await;
    let since = scene.since(&conversation).await;
    let change = async |path: String, body: Value| {
        let (status, answer) = scene.me.ask("PATCH", &path, Some(body)).await;
        assert_eq!(status, 200, "{answer}");
        scene.clocks(&conversation).await
    };
    let path = format!("/staff/conversations/{conversation}");
    assert_eq!(scene.clocks(&conversation).await.first, Some(since + Duration::hours(4)), "as its priority");
    for (body, hours) in [
        (json!({"priority": "high"}), 2),
        (json!({"severity": "low"}), 8),
        (json!({"priority": "medium", "severity": "urgent"}), 1),
        (json!({"severity": "normal"}), 4),
    ] {
        let clocks = change(path.clone(), body.clone()).await;
        assert_eq!((clocks.first, clocks.paused), (Some(since + Duration::hours(hours)), false), "{body}");
    }
    let customer = scene.detail(&conversation).await["customer_id"].as_str().unwrap().to_owned();
    let customer = format!("/staff/customers/{customer}");
    let closed = change(customer.clone(), json!({"plan": "enterprise"})).await;
    let due = closed.first.unwrap();
    assert_eq!((due.time().as_hms(), closed.paused), ((11, 0, 0), true), "two hours after nine: {due}");
    let day = since + Duration::days(3);
    assert!(due.weekday() == day.weekday() && due > since && due - since < Duration::days(8), "{due}");
    assert_eq!(closed.resolution.map(|due| due.time().as_hms()), Some((17, 0, 0)), "its working day ends");
    let unknown = change(customer, json!({"plan": "Gold"})).await;
    assert_eq!(unknown.first, Some(since + Duration::hours(4)), "an unknown plan");

    let (_, other) = scene.team.submit(FORGOTTEN).await;
    scene.does(&other, "claim", json!({})).await;
    let mut events = Events::open_as(&format!("{}/staff/events", scene.team.served.base), None, TOKEN).await;
    events.named("hello").await;
    scene.age(&other, "response_since", 241).await;
    let told: Value = serde_json::from_str(&events.named("conversation").await.data).unwrap();
    assert_eq!(told["conversation_id"], json!(other));
    assert!(scene.clocks(&other).await.breached);
    for (filter, expected) in [("true", vec![&other]), ("false", vec![&conversation])] {
        let page = scene.me.get(&format!("/staff/conversations?queue=mine&breached={filter}")).await;
        let items = page["items"].as_array().unwrap();
        let ids: Vec<&str> = items.iter().map(|item| item["conversation_id"].as_str().unwrap()).collect();
        assert_eq!(ids, expected, "{filter}");
        assert_eq!(page["counts"]["mine"], json!(1), "{filter}");
    }
    let page = scene.me.get("/staff/conversations?queue=mine").await;
    assert_eq!(page["items"][0]["conversation_id"], json!(other), "what is due first comes first");
    let marks = "select count(*) from conversation_clocks where breached_at is not null and alarm_at is null";
    assert_eq!(scene.team.database.query_one(marks, &[]).await.unwrap().get::<_, i64>(0), 1);
    scene.me.reply(&scene.team, &other, "Sorry for the delay.").await;
    assert!(!scene.clocks(&other).await.breached, "it was answered");

    // Where there is a mailbox, each member of staff is mailed a reminder, once.
    let escalate = format!(
        "insert into escalations (id, conversation_id, reason, severity, summary)
         values (gen_random_uuid(), '{conversation}', 'pricing', 'high', 'x')"
    );
    scene.team.database.batch_execute(&escalate).await.unwrap();
    scene.does(&conversation, "release", json!({})).await;
    scene.age(&conversation, "unclaimed_since", 15).await;
    let staff = ["me@example.com", "boss@example.com"].map(str::to_owned);
    becomes("mails to staff", vec![1, 1], async || gmail.state().counts(&staff)).await;
    let mails = gmail.state().sent();
    let mail = mails.iter().find(|mail| mail.contains("To: <me@example.com>")).unwrap();
    let link = format!("{}/console?c={conversation}", scene.team.served.base);
    for part in ["still needs a person: pricing (high)", "For: Sales desk", &link] {
        assert!(mail.replace("=\r\n", "").replace("=3D", "=").contains(part), "{part}: {mail}");
    }
}

#[tokio::test]
async fn staff_are_reminded_once_of_what_nobody_takes_by_two_processes() {
    let (url, folder) = (fresh_database().await, tempfile::tempdir().unwrap());
    let receiver = Receiver::start(&[]);
    let (one, _other) = Served::start_two(
        &url,
        &[
            ("CONTEXT_PATH", &context(folder.path())),
            ("ESCALATION_WEBHOOK_URL", &receiver.url),
            ("ESCALATION_REMIND_MINUTES", "10"),
        ],
    )
    .await;
    let scene = Scene::serving(&url, one).await;
    let (_, claimed) = scene.asked(PRICING, "escalated").await;
    scene.does(&claimed, "claim", json!({})).await;
    let (_, conversation) = scene.asked(PRICING, "escalated").await;
    let posts = async |count: usize| {
        let found = async || {
            let posts: Vec<String> = receiver.ledger().into_iter().map(|post| post.text).collect();
            if posts.len() >= count { Ok(posts) } else { Err(posts) }
        };
        eventually("notices", LIMIT, found).await.0
    };
    posts(2).await;
    let mut events = Events::open_as(&format!("{}/staff/events", scene.team.served.base), None, TOKEN).await;
    events.named("hello").await;

    scene.age(&claimed, "response_since", 30).await;
    scene.age(&conversation, "unclaimed_since", 10).await;
    let told: Value = serde_json::from_str(&events.named("escalation").await.data).unwrap();
    assert_eq!(told["conversation_id"], json!(conversation));
    let first = posts(3).await.pop().unwrap();
    assert!(first.contains("still needs a person (reminder 1): *pricing* (normal)"), "{first}");
    assert!(first.contains("\nFor: Sales desk\n"), "{first}");
    scene.age(&conversation, "unclaimed_since", 10).await;
    let second = posts(4).await.pop().unwrap();
    assert!(second.contains("still needs a person (reminder 2): *pricing* (high)"), "{second}");
    assert!(second.contains("\nFor: Head of Sales\n"), "{second}");
    assert_eq!(scene.detail(&conversation).await["severity"], "high");

    // There is no third one, as what is due after it shows.
    scene.age(&conversation, "unclaimed_since", 600).await;
    scene.does(&claimed, "release", json!({})).await;
    scene.age(&claimed, "unclaimed_since", 10).await;
    posts(5).await;
    let rows = "select array_agg(number || ' ' || severity || ' ' || (conversation_id::text = $1)
                                 order by created_at) from escalation_reminders";
    let rows: Vec<String> = scene.team.database.query_one(rows, &[&conversation]).await.unwrap().get(0);
    assert_eq!(rows, ["1 normal true", "2 high true", "1 normal false"]);
    let mut keys: Vec<String> = receiver.ledger().into_iter().map(|post| post.idempotency_key).collect();
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), 5, "a receiver that removes repetitions shows every reminder");
}
