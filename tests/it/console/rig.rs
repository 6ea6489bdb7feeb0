//! Test fixture: a served program with accounts of staff who have signed in, and customers.

use fte::clock;
use serde_json::{Value, json};
use tokio_postgres::Client;

use crate::accounts::client::{Browser, account};
use crate::support::customers::{Customer, FORGOTTEN};
use crate::support::postgres::client;
use crate::support::served::Served;

/// A program and those who use it.
pub struct Team {
    pub served: Served,
    pub database: Client,
    pub customer: Customer,
}

/// A member of staff who has signed in.
pub struct Agent {
    pub browser: Browser,
    pub id: String,
}

impl Team {
    pub async fn serving(url: &str, served: Served) -> Self {
        let customer = Customer::of(&served.base);
        Self { served, database: client(url).await, customer }
    }

    pub async fn agent(&self, url: &str, email: &str, role: &str) -> Agent {
        let account = account(url, email, role).await;
        let mut browser = Browser::new(&self.served.base);
        assert_eq!(browser.sign_in(&account, None).await.0, 201);
        let session: Value = browser.send("GET", "/staff/session", None).await.json().await.unwrap();
        Agent { browser, id: session["staff"]["id"].as_str().unwrap().to_owned() }
    }

    /// A submission: its ticket and its conversation.
    pub async fn submit(&self, text: &str) -> (String, String) {
        let form = json!({
            "name": "Ann Example",
            "email": format!("customer-{}@example.com", clock::new_v4()),
            "subject": "I forgot my password",
            "category": "technical",
            "message": text,
        });
        let http = fte::http_client::builder().no_proxy().build().unwrap();
        let url = format!("{}/support/submit", self.served.base);
        let receipt: Value = http.post(url).json(&form).send().await.unwrap().json().await.unwrap();
        let ticket = receipt["ticket_id"].as_str().unwrap().to_owned();
        let conversation = self.conversation_of(&ticket).await;
        (ticket, conversation)
    }

    /// A submission that the bot could not process: its parked message and its conversation.
    pub async fn parked(&self) -> (String, String) {
        let (_, conversation) = self.submit(FORGOTTEN).await;
        let letter = clock::new_v4();
        let park = format!(
            "insert into turns (id, conversation_id, epoch, covers, owner, outcome, ended_at, state)
             values ('{letter}', '{conversation}', 1, 1, gen_random_uuid(), 'escalate', now(), 'committed');
             insert into dead_letters (id, conversation_id, turn_id, reason)
             values ('{letter}', '{conversation}', '{letter}', 'failure');
             update messages set answered_by = '{letter}' where conversation_id = '{conversation}';
             update conversations set status = 'escalated', answered_through = 1, faults = 3 where id = '{conversation}';
             update tickets set status = 'escalated' where conversation_id = '{conversation}'"
        );
        self.database.batch_execute(&park).await.unwrap();
        (letter.to_string(), conversation)
    }

    pub async fn conversation_of(&self, ticket: &str) -> String {
        let find = "select conversation_id::text from tickets where id::text = $1";
        self.database.query_one(find, &[&ticket]).await.unwrap().get(0)
    }

    /// The newest public message of a conversation.
    pub async fn newest(&self, conversation: &str) -> String {
        let find = "select id::text from messages where conversation_id::text = $1 and kind <> 'note'
                    order by seq desc limit 1";
        self.database.query_one(find, &[&conversation]).await.unwrap().get(0)
    }
}

impl Agent {
    /// The address of the program.
    pub fn base(&self) -> String {
        self.browser.base().to_owned()
    }

    pub async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        self.ask("POST", path, Some(body)).await
    }

    pub async fn get(&self, path: &str) -> Value {
        let (status, body) = self.ask("GET", path, None).await;
        assert_eq!(status, 200, "{path}: {body}");
        body
    }

    pub async fn ask(&self, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
        let response = self.browser.send(method, path, body).await;
        let status = response.status().as_u16();
        (status, response.json().await.unwrap_or_default())
    }

    /// An action in a conversation.
    pub async fn act(&self, conversation: &str, action: &str, body: Value) -> (u16, Value) {
        self.post(&format!("/staff/conversations/{conversation}/{action}"), body).await
    }

    pub async fn reply(&self, team: &Team, conversation: &str, text: &str) -> (u16, Value) {
        let seen = team.newest(conversation).await;
        self.act(conversation, "reply", json!({"text": text, "seen_through": seen})).await
    }
}
