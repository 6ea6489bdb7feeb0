//! Test fixture: a served program with SLA targets of its own, and the clocks of its conversations as staff see them.

use std::path::Path;

use fte::clock;
use serde_json::{Value, json};
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

use crate::console::rig::{Agent, Team};
use crate::support::served::{Served, TOKEN};
use crate::support::sse::Events;
use crate::support::wait::becomes;

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
pub fn context(folder: &Path) -> String {
    let documents = Path::new(env!("CARGO_MANIFEST_DIR")).join("context/product-docs.md");
    std::fs::copy(documents, folder.join("product-docs.md")).unwrap();
    std::fs::write(folder.join("company-profile.md"), profile()).unwrap();
    folder.to_str().unwrap().to_owned()
}

/// A program with two members of staff who have signed in.
pub struct Scene {
    pub team: Team,
    pub me: Agent,
    pub boss: Agent,
}

fn instant(value: &Value) -> Option<OffsetDateTime> {
    value.as_str().map(|text| OffsetDateTime::parse(text, &Rfc3339).unwrap())
}

/// The clocks of a conversation as staff see them.
#[derive(Debug, PartialEq)]
pub struct Clocks {
    pub first: Option<OffsetDateTime>,
    pub next: Option<OffsetDateTime>,
    pub resolution: Option<OffsetDateTime>,
    pub breached: bool,
    pub paused: bool,
}

pub const STOPPED: Clocks =
    Clocks { first: None, next: None, resolution: None, breached: false, paused: false };
pub const PAUSED: Clocks = Clocks { paused: true, ..STOPPED };

impl Scene {
    pub async fn serving(url: &str, served: Served) -> Self {
        let team = Team::serving(url, served).await;
        let me = team.agent(url, "me@example.com", "agent").await;
        let boss = team.agent(url, "boss@example.com", "admin").await;
        Self { team, me, boss }
    }

    /// A conversation of a question, once its ticket has this status.
    pub async fn asked(&self, text: &str, status: &str) -> (String, String) {
        let (ticket, conversation) = self.team.submit(text).await;
        self.becomes(&conversation, status).await;
        (ticket, conversation)
    }

    pub async fn becomes(&self, conversation: &str, status: &str) {
        let seen = async || self.detail(conversation).await["ticket"]["status"].clone();
        becomes("the ticket's status", json!(status), seen).await;
    }

    pub async fn detail(&self, conversation: &str) -> Value {
        self.me.get(&format!("/conversations/{conversation}")).await
    }

    /// The clocks; the queue agrees with them.
    pub async fn clocks(&self, conversation: &str) -> Clocks {
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

    pub async fn does(&self, conversation: &str, action: &str, body: Value) -> Value {
        let (status, answer) = self.me.act(conversation, action, body).await;
        assert!(status < 300, "{action}: {status} {answer}");
        answer
    }

    /// The clocks after a PATCH of the conversation or of its customer.
    pub async fn change(&self, conversation: &str, path: &str, body: Value) -> Clocks {
        let (status, answer) = self.me.ask("PATCH", path, Some(body)).await;
        assert_eq!(status, 200, "{answer}");
        self.clocks(conversation).await
    }

    /// The customer adds a message to a ticket.
    pub async fn writes(&self, ticket: &str, text: &str) {
        let path = format!("/support/ticket/{ticket}/messages");
        assert_eq!(self.me.post(&path, json!({"message": text})).await.0, 201);
    }

    /// Withdraws a reply before it is sent.
    pub async fn cancel(&self, reply: &Value) {
        let path = format!("/staff/messages/{}/cancel", reply["message_id"].as_str().unwrap());
        assert_eq!(self.me.post(&path, json!({})).await.0, 200);
    }

    pub async fn resolve(&self, conversation: &str) {
        let seen = self.team.newest(conversation).await;
        self.does(conversation, "resolve", json!({"seen_through": seen})).await;
    }

    /// When the running answer clock began, by the database.
    pub async fn since(&self, conversation: &str) -> OffsetDateTime {
        let find = "select response_since from conversation_clocks where conversation_id::text = $1";
        self.team.database.query_one(find, &[&conversation]).await.unwrap().get(0)
    }

    /// As if it had been so much earlier that the clock, or the escalation, began to wait.
    pub async fn age(&self, conversation: &str, column: &str, minutes: u32) {
        let shift = format!(
            "update conversation_clocks set {column} = {column} - interval '{minutes} minutes'
             where conversation_id = '{conversation}'; select time_clocks('{conversation}')"
        );
        self.team.database.batch_execute(&shift).await.unwrap();
    }

    pub async fn customer_of(&self, conversation: &str) -> String {
        self.detail(conversation).await["customer_id"].as_str().unwrap().to_owned()
    }

    /// An open stream of events for staff.
    pub async fn events(&self) -> Events {
        let url = format!("{}/staff/events", self.team.served.base);
        let mut events = Events::open_as(&url, None, TOKEN).await;
        events.named("hello").await;
        events
    }
}

/// The conversation that the next event of this name is about.
pub async fn conversation_of_next(events: &mut Events, name: &str) -> Value {
    let event: Value = serde_json::from_str(&events.named(name).await.data).unwrap();
    event["conversation_id"].clone()
}
